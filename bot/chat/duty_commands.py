"""`/duty`: who answers, now or at another time, and until when. What still waits is in `pending_commands`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.chat.filing_rows import named
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, fitting, joined, quoted
from directory import courts, day_words, duty
from directory.calendars import closure_on
from directory.errors import CourtNotFound
from directory.models import Court
from directory.roster import Duty, OnDutyOfficer
from directory.worktime import NoWorkingDay, closes_at, is_open, next_opening, spans
from notifications.day_texts import day_said
from notifications.messages import local_time
from notifications.wording import Wording


async def on_duty(talk: Talk, words: str) -> None:
    """`/duty [CODE] [DAY] [TIME]`: who is on duty then, until when, how to reach them; for linked officers."""
    _ = talk.html
    if talk.speaker.officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    here = talk.now.astimezone(ZoneInfo(talk.parts.desk.timezone))
    asked = day_words.asked(words, here.date())
    wanted = await courts_meant(talk, asked.words)
    if wanted is None:
        return
    lines: list[str] = []
    for court in wanted:
        moment = _moment(talk, court, asked)
        lines += [
            *([""] if lines else []),
            bold(named(court)),
            *await duty_lines(talk, court, moment),
            *hours_lines(talk, court, moment),
        ]
    await talk.reply(joined(fitting(lines, _)))


@dataclass(frozen=True, slots=True)
class Moment:
    """What was asked about, in the court's own zone: an instant, or a whole day."""

    instant: datetime
    day: date
    whole_day: bool = False
    now: bool = False


def _moment(talk: Talk, court: Court, asked: day_words.Asked) -> Moment:
    zone = courts.zone_of(court, talk.parts.desk.timezone)
    today = talk.now.astimezone(zone).date()
    if asked.at is None and asked.day in (None, today):
        return Moment(talk.now, today, now=True)
    day = asked.day or today
    instant = datetime.combine(day, asked.at or time(12), zone)
    return Moment(instant, day, whole_day=asked.at is None)


async def courts_meant(talk: Talk, words: str) -> Sequence[Court] | None:
    """The courts asked about; None after saying why there are none."""
    _ = talk.html
    if words:
        found = await talk.court_meant(words)
        if found.court is not None:
            return [found.court]
        if found.choices:
            head = _("“{words}”可能是以下法院，请改写代字：", words=quoted(words))
            await talk.reply(joined([head, *(named(court) for court in found.choices[:10])]))
        else:
            await talk.reply(talk.fault(CourtNotFound, words=words))
        return None
    served = [] if talk.private else await courts.of_group(talk.session, talk.chat_id)
    if served:
        return served
    return [talk.speaker.linked.court] if talk.speaker.linked is not None else []


async def duty_lines(talk: Talk, court: Court, moment: Moment | None = None) -> list[str]:
    """Who holds A, B and the leader's post, until when, with desk phones, and who cannot be reached; now unless asked otherwise."""
    _ = talk.html
    moment = moment or _moment(talk, court, day_words.Asked(""))
    day = moment.day
    last = day + duty.FORESEEN
    known = await duty.rosters(talk.session, [court], day, last, now=talk.now)
    roster = known[court.code]
    found = roster.on(day)
    lines: list[str] = [] if moment.now else [_duty_heading(talk, moment)]
    stand_in = await _stand_in(talk, court, moment)
    if stand_in is not None:
        found, line = stand_in
        lines.append(line)
    for post in ("A", "B", "leader"):
        change = found.changes_on if stand_in else roster.change_after(day, last, (post,))
        lines += [_person(talk, person, moment, change) for person in found.of(post)]
        if post == "A" and not found.of(post):
            lines.append(_("A岗无人。"))
    if not _anybody(found):
        lines = [] if moment.now else [_duty_heading(talk, moment)]
        lines.append(_("目前无人值班。") if moment.now else _("届时无人值班。"))
        lines += [_person(talk, person, moment, None) for person in found.of("coordinator")]
    if court.phone and not any(
        person.desk_phone for post in ("A", "B") for person in found.of(post)
    ):
        lines.append(_("法院电话 ☎ {phone}", phone=court.phone))
    return lines


async def _stand_in(talk: Talk, court: Court, moment: Moment) -> tuple[Duty, str] | None:
    """Who answers while the court is closed that day, and the line that says so; None on any other day."""
    _ = talk.html
    closure = closure_on(court.province, court.code, moment.day)
    if closure is None or not closure.served:
        return None
    zone = talk.parts.desk.timezone
    found = await duty.on_duty(talk.session, [court], now=moment.instant, default_timezone=zone)
    said = found[court.code].stand_in
    if said is None:
        return None
    if said.reason:
        line = _("本院不办公（{reason}），由{who}代班", reason=said.reason, who=said.name)
    else:
        line = _("本院不办公，由{who}代班", who=said.name)
    return found[court.code], line


def _duty_heading(talk: Talk, moment: Moment) -> str:
    said = day_said(moment.day, talk.html)
    return said if moment.whole_day else f"{said} {moment.instant:%H:%M}"


def _anybody(today: Duty) -> bool:
    return any(
        person.unreachable != "left" for post in ("A", "B", "leader") for person in today.of(post)
    )


def _person(talk: Talk, person: OnDutyOfficer, moment: Moment, change: date | None) -> str:
    """`A岗　王建国　☎ 0411-8000101　至 8月23日（周五）　未关联聊天账号`."""
    _ = talk.html
    words = Wording(_)
    parts = [f"{words.post(person.post)}　{person.name}"]
    if person.desk_phone:
        parts.append(f"☎ {person.desk_phone}")
    if change is not None:
        parts.append(_("至 {day}", day=day_said(change - timedelta(days=1), _)))
    if person.unreachable == "on_leave" and not moment.now:
        parts.append(_("休假"))
    elif person.unreachable is not None:
        parts.append(words.unreachable(person.unreachable))
    return "　".join(parts)


def hours_lines(talk: Talk, court: Court, moment: Moment | None = None) -> list[str]:
    """The day's hours in the court's own time and, for an instant, whether it is open then and until when."""
    _ = talk.html
    moment = moment or _moment(talk, court, day_words.Asked(""))
    calendar = courts.calendar_of(court, talk.parts.desk.timezone)
    zone = calendar.timezone
    words = Wording(_)
    at = moment.instant
    parts = spans(calendar, moment.day)
    shown = _("、").join(
        words.span(local_time(s.start, zone, at), local_time(s.end, zone, at)) for s in parts
    )
    if moment.now:
        lines = [_("今日办公：{hours}", hours=shown) if parts else _("今日不办公")]
    else:
        lines = [_("当日办公：{hours}", hours=shown) if parts else _("当日不办公")]
    if calendar.days.is_estimated(moment.day.year):
        lines.append(_("预估：当年节假日安排尚未公布，时限可能变动"))
    if moment.whole_day:
        return lines
    try:
        if is_open(calendar, at):
            until = words.when(local_time(closes_at(calendar, at), zone, at))
            text = _("现为办公时间，至 {time}", time=until)
            lines.append(text if moment.now else _("届时为办公时间，至 {time}", time=until))
        else:
            opens = words.when(local_time(next_opening(calendar, at), zone, at))
            text = _("现为非办公时间，{time} 开始办公", time=opens)
            lines.append(text if moment.now else _("届时为非办公时间，{time} 开始办公", time=opens))
    except NoWorkingDay as error:
        lines.append(error.said.said(_))
    return lines
