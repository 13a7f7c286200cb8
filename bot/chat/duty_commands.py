"""`/duty` and `/pending`: who answers now, and what still waits. Cards asked for again are new outbox rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, or_, select

from bot.chat import drafts
from bot.chat.filing_rows import named
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, fitting, joined
from bot.models import Draft
from directory import courts, day_words, duty
from directory.errors import CourtNotFound
from directory.models import Court
from directory.roster import Duty, OnDutyOfficer
from directory.worktime import NoWorkingDay, closes_at, is_open, next_opening, spans
from notifications import outbox
from notifications.answer_clock import Reading, reading
from notifications.changes import clock_of
from notifications.day_texts import day_said
from notifications.messages import local_time
from notifications.models import Filing
from notifications.wording import Wording

#: So many filings are listed.
MOST_FILINGS = 20

#: How long the buttons of a list work.
LIFETIME = timedelta(days=1)

KIND = "pending"

_OPEN = ("waiting", "acknowledged", "correcting")


async def on_duty(talk: Talk, words: str) -> None:
    """`/duty [CODE] [DAY] [TIME]`: who is on duty then, until when, how to reach them; for linked officers."""
    _ = talk.html
    if talk.speaker.officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    here = talk.now.astimezone(ZoneInfo(talk.parts.desk.timezone))
    asked = day_words.asked(words, here.date())
    wanted = await _courts_meant(talk, asked.words)
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


async def _courts_meant(talk: Talk, words: str) -> Sequence[Court] | None:
    """The courts asked about; None after saying why there are none."""
    _ = talk.html
    if words:
        found = await courts.resolve(talk.session, words, province=talk.speaker.province)
        if found.court is not None:
            return [found.court]
        if found.choices:
            head = _("“{words}”可能是以下法院，请改写代字：", words=words)
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
    for post in ("A", "B", "leader"):
        change = roster.change_after(day, last, (post,))
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
        lines.append(str(error))
    return lines


async def pending(talk: Talk, words: str) -> None:
    """`/pending`: open filings of the speaker's court (in a group: of its courts), or of a coordinator's province."""
    _ = talk.html
    speaker = talk.speaker
    if speaker.officer is None:
        await talk.reply(refusal("hidden" if speaker.hidden else "stranger", _))
        return
    if words or not (speaker.is_coordinator and talk.private):
        wanted = await _courts_meant(talk, words)
        if wanted is None:
            return
        if any(not _may_see(talk, court) for court in wanted):
            await talk.reply(_("只能查看本院的未办结立案（省级协调员：本省）。"))
            return
        codes = [court.code for court in wanted]
        condition = or_(Filing.jurisdiction_court.in_(codes), Filing.collaborating_court.in_(codes))
    else:
        mine = select(Court.code).where(Court.province == speaker.province)
        condition = or_(Filing.jurisdiction_court.in_(mine), Filing.collaborating_court.in_(mine))
        codes = []
    total, found = await _open_filings(talk, condition)
    if not found:
        await talk.reply(_("没有未办结的立案。"))
        return
    await _list(talk, found, total, codes)


def _may_see(talk: Talk, court: Court) -> bool:
    speaker = talk.speaker
    return speaker.linked is not None and (
        court.code == speaker.linked.court_code
        or (speaker.is_coordinator and court.province == speaker.province)
    )


async def _open_filings(talk: Talk, condition: object) -> tuple[int, list[Filing]]:
    """How many are open, and the most pressing: overdue first, then by when they are due."""
    mine = (Filing.state.in_(_OPEN), condition)
    total = await talk.session.scalar(select(func.count()).select_from(Filing).where(*mine))  # type: ignore[arg-type]
    due = case(
        (Filing.state == "waiting", Filing.answer_due_at),
        else_=Filing.result_due_at,
    )
    found = await talk.session.scalars(
        select(Filing)
        .where(*mine)  # type: ignore[arg-type]
        .order_by(due.is_(None), due, Filing.id)
        .limit(MOST_FILINGS)
    )
    return total or 0, list(found)


async def _list(talk: Talk, found: Sequence[Filing], total: int, codes: Sequence[str]) -> None:
    _ = talk.html
    between = await courts.many(
        talk.session, {f.jurisdiction_court for f in found} | {f.collaborating_court for f in found}
    )
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"filings": [filing.id for filing in found]},
        lifetime=LIFETIME,
        now=talk.now,
    )
    lines = [bold(_("未办结 {count} 件", count=total))]
    buttons: list[list[dict[str, str]]] = []
    for number, filing in enumerate(found, 1):
        lines.append(_line(talk, number, filing, between, codes))
        button = {
            "text": f"{_('查看')} {number}",
            "data": drafts.encode(draft, f"show={filing.id}"),
        }
        if number % 4 == 1:
            buttons.append([])
        buttons[-1].append(button)
    if total > len(found):
        lines.append(_("另有 {count} 件未列出", count=total - len(found)))
    await talk.reply(joined(lines), buttons)


def _line(
    talk: Talk,
    number: int,
    filing: Filing,
    between: dict[str, Court],
    codes: Sequence[str],
) -> str:
    """State, reference, the two courts and the running clock; 【协作】 when it is the other court's turn."""
    _ = talk.html
    words = Wording(_)
    headline = "correction" if filing.state == "correcting" else filing.state
    jurisdiction = between[filing.jurisdiction_court]
    clock = _clock(talk, filing, jurisdiction)
    sides = [between[filing.collaborating_court].name, jurisdiction.name]
    mark = _("协作") if codes and filing.jurisdiction_court not in codes else _("管辖")
    parts = [f"{number}. {words.headline(headline)}", filing.reference]
    if codes:
        parts.append(mark)
    parts.append(" → ".join(sides))
    if clock is not None:
        used = _("{used}/{target} 分钟", used=clock.used_minutes, target=clock.target_minutes)
        parts.append(_("{used}，超时", used=used) if clock.overdue else used)
    return joined(["　".join(parts)])


def _clock(talk: Talk, filing: Filing, jurisdiction: Court) -> Reading | None:
    calendar = courts.calendar_of(jurisdiction, talk.parts.desk.timezone)
    if filing.state == "waiting":
        start, target = filing.received_at, filing.answer_target_seconds
    elif filing.state == "acknowledged" and filing.result_clock_from is not None:
        start, target = filing.result_clock_from, filing.result_target_seconds
    else:
        return None
    return reading(calendar, clock_of(filing), start, target, talk.now)


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """查看 under a list: the filing's card anew, live like the others, in this chat."""
    _ = talk.plain
    word, _equals, number = choice.partition("=")
    if talk.speaker.officer is None:
        talk.refuse(refusal("stranger", _))
        return
    if word != "show" or not number.isdecimal() or int(number) not in draft.data["filings"]:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    filing = await talk.session.get_one(Filing, int(number))
    between = await courts.many(
        talk.session, {filing.jurisdiction_court, filing.collaborating_court}
    )
    if not any(_may_see(talk, court) for court in between.values()):
        talk.refuse(_("只能查看本院的未办结立案（省级协调员：本省）。"))
        return
    if filing.state not in _OPEN:
        text = await talk.parts.renderer.path_text(
            talk.session, filing, now=talk.now, locale=talk.speaker.locale, short=True
        )
        talk.answer(text, alert=True)
        return
    talk.answer()
    await _show(talk, filing, between[filing.jurisdiction_court])


async def _show(talk: Talk, filing: Filing, jurisdiction: Court) -> None:
    decides = _may_see(talk, jurisdiction)
    view = ("officer" if talk.private else "group") if decides else "collaborating"
    officer = talk.speaker.linked if talk.private else None
    row = outbox.card(
        filing,
        talk.chat_id,
        view,
        "filed",
        now=talk.now,
        # Nobody is called by it: neither the path nor the reproach of silence counts it.
        facts={"asked_for": True},
        officer_id=officer.id if officer is not None else None,
        court_code=None if officer is not None else jurisdiction.code,
        priority=outbox.REPLY,
    )
    await outbox.write(talk.session, [row])
