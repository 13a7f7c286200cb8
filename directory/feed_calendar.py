"""Duty days written as an iCalendar feed (RFC 5545): stable UIDs, UTC instants, nothing personal but names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from directory.feeds import DutyDay
from directory.roster import POSTS
from directory.texts import Translate

if TYPE_CHECKING:
    from icalendar import Event

#: How often calendars ask again.
_REFRESH = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Something else that somebody goes to: `uid` is its own for good, `place` a room or a link."""

    uid: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime


def written(
    name: str,
    days: Iterable[DutyDay],
    translate: Translate,
    *,
    now: datetime,
    meetings: Iterable[Meeting] = (),
) -> bytes:
    """The calendar called `name`. A day of duty lasts from the court's opening to its closing.

    Instants leave as UTC, so every calendar shows them in its own zone. An event keeps its UID as
    long as there is duty at that post on that day, whoever stands there.
    """
    # Imported here: the start of every other command would wait for it.
    from icalendar import Calendar, Event  # noqa: PLC0415

    _ = translate
    calendar = Calendar()
    calendar.add("prodid", "-//Liaison//Duty//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for one in days:
        event = Event()
        event.add("uid", f"{one.day}.{one.post}.{quote(one.court_code)}@liaison")
        event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
        event.add("summary", _("{post}值班　{name}", post=_(POSTS[one.post]), name=one.name))
        event.add("location", one.court_name)
        if one.opens is None or one.closes is None:
            event.add("dtstart", one.day)
            event.add("dtend", one.day + timedelta(days=1))
        else:
            event.add("dtstart", one.opens.astimezone(UTC))
            event.add("dtend", one.closes.astimezone(UTC))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    for meeting in meetings:
        calendar.add_component(_meeting(meeting, now))
    data: bytes = calendar.to_ical()
    return data


def _meeting(meeting: Meeting, now: datetime) -> "Event":
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    event.add("uid", meeting.uid)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("summary", meeting.title)
    event.add("location", meeting.place)
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    return event
