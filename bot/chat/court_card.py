"""A court's card in chat: what it says and the buttons under it. What a press does is `card_presses`' business."""

from datetime import datetime, time, timedelta

from bot.chat.card_words import labels, verified_line
from bot.chat.duty_commands import duty_lines, hours_lines
from bot.chat.edit_buttons import edit_buttons, report_button
from bot.chat.filing_rows import named
from bot.chat.replies import Talk, bold, fitting, joined
from directory import courts
from directory.aliases import Alias
from directory.calendars import SettledDay, closure_on
from directory.duty import local_day
from directory.models import Court
from directory.worktime import NoWorkingDay, next_opening
from notifications.messages import local_time
from notifications.wording import Wording

Row = list[dict[str, str]]


async def text(talk: Talk, court: Court, *, former: Alias | None = None) -> str:
    """Name, code, place, address, phone, hours of today, for linked officers who is on duty, when verified.

    `former` is the former name or code by which the court was asked for.
    """
    _ = talk.html
    lines = [bold(named(court))]
    if former is not None:
        lines.append(former_said(talk, former))
    if place := place_of(court):
        lines.append(place)
    if court.address:
        lines.append(_("地址：{address}", address=court.address))
    if court.phone:
        lines.append(_("电话：{phone}", phone=court.phone))
    lines += await _hours(talk, court)
    if talk.speaker.officer is not None:
        lines += ["", *await duty_lines(talk, court), ""]
    lines.append(await verified_line(talk, court))
    return joined(fitting(lines, _))


def buttons(talk: Talk, court: Court, *, back: int | None = None) -> list[Row]:
    """名片 · 复制代字, 提交协作, 号码有误 or 修改; in a group only what concerns everybody there.

    `back` is the place in the list that this card was chosen from.
    """
    _ = labels(talk)
    first: Row = [{"text": _("名片"), "data": f"vcf:c{court.code}"}] if talk.private else []
    first.append({"text": _("复制代字"), "copy": court.code})
    second: Row = []
    if talk.speaker.answers and (own_court(talk) != court.code or talk.speaker.is_coordinator):
        second.append({"text": _("提交协作"), "data": f"coop:c{court.code}"})
    second += report_button(talk, court) + edit_buttons(talk, court)
    rows = [first, second] if second else [first]
    if back is not None:
        rows.append([back_button(talk, back)])
    return rows


def back_button(talk: Talk, start: int) -> dict[str, str]:
    """Back to the list, to the page that begins with number `start`."""
    return {"text": labels(talk)("返回列表"), "data": f"find:{start}"}


def former_said(talk: Talk, former: Alias) -> str:
    """`原称：旅大市中级人民法院（至 1981-03-31）`."""
    _ = talk.html
    if former.until is None:
        return _("原称：{name}", name=former.text)
    return _("原称：{name}（至 {day}）", name=former.text, day=former.until.isoformat())


def place_of(court: Court) -> str:
    """Province and city, each once."""
    return "　".join(dict.fromkeys(part for part in (court.province, court.city) if part))


def own_court(talk: Talk) -> str | None:
    """The code of the speaker's court."""
    return talk.speaker.linked.court_code if talk.speaker.linked is not None else None


async def _hours(talk: Talk, court: Court) -> list[str]:
    """Open or not, until when or from when; on a day with a substitute the court itself is closed."""
    closure = closed_today(talk, court)
    if closure is None:
        return hours_lines(talk, court)
    _ = talk.html
    calendar = courts.calendar_of(court, talk.parts.desk.timezone)
    lines = [_("今日不办公")]
    if talk.speaker.officer is None and (who := await _substitute(talk, closure)):
        lines.append(_("今日由{who}代班", who=who))
    midnight = datetime.combine(closure.day + timedelta(days=1), time(), calendar.timezone)
    try:
        opens = local_time(next_opening(calendar, midnight), calendar.timezone, talk.now)
        lines.append(_("现为非办公时间，{time} 开始办公", time=Wording(_).when(opens)))
    except NoWorkingDay as error:
        lines.append(error.said.said(_))
    return lines


def closed_today(talk: Talk, court: Court) -> SettledDay | None:
    """The closing on this day of the court, if somebody else answers for it: its clocks know nothing of that."""
    day = local_day(court, talk.now, talk.parts.desk.timezone)
    closure = closure_on(court.province, court.code, day)
    return closure if closure is not None and closure.served else None


async def _substitute(talk: Talk, closure: SettledDay) -> str | None:
    """The court that stands in; a person who does is named to officers only, with who is on duty."""
    if closure.substitute_court is None:
        return None
    found = await courts.many(talk.session, [closure.substitute_court])
    return next((court.name for court in found.values()), None)
