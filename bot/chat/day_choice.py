"""Choosing days with one tap, or by typing them: the buttons of `/shift` and `/leave`, what they mean, and which days are at work."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bot.chat import drafts
from bot.chat.replies import Talk
from bot.models import Draft
from directory import courts
from directory.models import Court
from directory.texts import Translate

#: More than this many days in one entry is a slip of the finger.
LONGEST = 366

_DAY = timedelta(days=1)

Row = list[dict[str, str]]


def today_at(talk: Talk, court: Court) -> date:
    """The court's local day."""
    return talk.now.astimezone(courts.zone_of(court, talk.parts.desk.timezone)).date()


def day_buttons(draft: Draft, today: date, translate: Translate) -> list[Row]:
    """今天, 明天, the rest of this week, the next two weeks, and 取消."""
    _ = translate
    sunday = today + _DAY * (6 - today.weekday())
    offered = [
        (_("今天"), today, today),
        (_("明天"), today + _DAY, today + _DAY),
        (_("本周"), today, sunday),
        (_("下周"), sunday + _DAY, sunday + _DAY * 7),
        (_("下下周"), sunday + _DAY * 8, sunday + _DAY * 14),
    ]
    rows: list[Row] = [[], []]
    for number, (label, first, last) in enumerate(offered):
        data = drafts.encode(draft, f"d={first}:{last}")
        rows[number // 3].append({"text": label, "data": data})
    return [*rows, cancel_row(draft, _)]


def cancel_row(draft: Draft, translate: Translate) -> Row:
    """取消, in a row of its own."""
    _ = translate
    return [{"text": _("取消"), "data": drafts.encode(draft, "no")}]


def days_chosen(choice: str) -> tuple[date, date] | None:
    """The days behind a button of `day_buttons`; None for any other choice."""
    word, _equals, span = choice.partition("=")
    first, _colon, last = span.partition(":")
    if word != "d":
        return None
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None


def sensible(first: date, last: date, today: date) -> bool:
    """Whether somebody can mean these days: not over yet, not too many."""
    return first <= last and last >= today and (last - first).days < LONGEST


def on_working_days(talk: Talk, times: Iterable[datetime]) -> list[datetime]:
    """Each on its own day or, when the speaker's court rests, on the next that works; none twice."""
    linked = talk.speaker.linked
    if linked is None:
        return list(times)
    days = courts.calendar_of(linked.court, talk.parts.desk.timezone).days
    found: list[datetime] = []
    for time in times:
        at = time
        while not days.is_working_day(at.date()) or at in found:
            at += _DAY
        found.append(at)
    return sorted(found)
