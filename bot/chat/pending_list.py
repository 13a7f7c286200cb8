"""The list of open filings as it is shown: state, clock, what became of each page, boxes to choose several. Does nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat import drafts
from bot.chat.replies import Talk, bold, fitting, joined
from bot.models import Draft
from directory import courts
from directory.models import Court
from notifications import deliveries
from notifications.answer_clock import Reading, reading
from notifications.changes import clock_of, deciding_side
from notifications.deliveries import Delivery
from notifications.messages import Signature
from notifications.models import Filing
from notifications.permissions import refusal
from notifications.wording import Wording

#: Of so many people and groups the latest page is told.
_MOST_PAGES = 6

Rows = list[list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows: its filings in order, their courts and pages, whose list it is, what is chosen."""

    filings: Sequence[Filing]
    total: int
    between: Mapping[str, Court]
    pages: Mapping[int, Sequence[Delivery]]
    #: The courts asked about; none for a whole province.
    codes: Sequence[str]
    chosen: frozenset[int]
    #: Whether only filings beyond their time were asked for.
    late: bool


async def load(
    talk: Talk,
    found: Sequence[Filing],
    total: int,
    codes: Sequence[str],
    chosen: frozenset[int] = frozenset(),
    *,
    late: bool = False,
) -> Listed:
    """The courts and pages of the filings found."""
    between = {f.jurisdiction_court for f in found} | {f.collaborating_court for f in found}
    return Listed(
        found,
        total,
        await courts.many(talk.session, between),
        await deliveries.of_filings(talk.session, [filing.id for filing in found]),
        codes,
        chosen,
        late,
    )


def text(talk: Talk, listed: Listed) -> str:
    """The list as Telegram HTML."""
    _ = talk.html
    head = _("未办结 {count} 件", count=listed.total)
    if listed.late:
        head = _("全国超时未办结 {count} 件", count=listed.total)
    lines = [bold(head)]
    for number, filing in enumerate(listed.filings, 1):
        lines.append(_line(talk, number, filing, listed))
        if told := _told(talk, filing, listed):
            lines.append(told)
    if listed.total > len(listed.filings):
        lines.append(_("另有 {count} 件未列出", count=listed.total - len(listed.filings)))
    return joined(fitting(lines, _))


def buttons(talk: Talk, listed: Listed, draft: Draft) -> Rows:
    """查看 for each; a box for each that the speaker may answer or order, and one tap for all chosen."""
    _ = talk.parts.texts.for_locale(talk.locale)
    rows: Rows = []
    kept: list[dict[str, str]] = []
    selectable = 0
    for number, filing in enumerate(listed.filings, 1):
        if may_choose(talk, filing, listed.between[filing.jurisdiction_court]):
            box = "☑" if filing.id in listed.chosen else "☐"
            kept.append(_button(draft, f"{box} {number}", f"pick={filing.id}"))
            selectable += 1
        kept.append(_button(draft, f"{_('查看')} {number}", f"show={filing.id}"))
        if len(kept) >= 4:
            rows, kept = [*rows, kept[:4]], kept[4:]
    rows += [kept] if kept else []
    if selectable:
        count = len(listed.chosen)
        last = [_button(draft, _("签收所选（{count}）", count=count), "ack")]
        if talk.private and talk.speaker.is_coordinator:
            last.append(_button(draft, _("督办所选（{count}）", count=count), "sup"))
        rows += [[_button(draft, _("全选"), "all")], last]
    return rows


def may_choose(talk: Talk, filing: Filing, jurisdiction: Court) -> bool:
    """Whether one tap for several makes sense: to acknowledge what waits, or to order what is open."""
    # In a group the list is everybody's: who may is judged at the tap.
    zone = courts.zone_of(jurisdiction, talk.parts.desk.timezone)
    side = deciding_side(filing, jurisdiction, zone, talk.now)
    order = refusal("supervise", talk.speaker.actor, side, side) is None
    if filing.state == "waiting":
        return refusal("acknowledge", talk.speaker.actor, side, side) is None
    return filing.state == "acknowledged" and order and talk.private


def _button(draft: Draft, label: str, choice: str) -> dict[str, str]:
    return {"text": label, "data": drafts.encode(draft, choice)}


def _line(talk: Talk, number: int, filing: Filing, listed: Listed) -> str:
    """State, reference, the two courts and the running clock; 【协作】 when it is the other court's turn."""
    _ = talk.html
    words = Wording(_)
    headline = "correction" if filing.state == "correcting" else filing.state
    jurisdiction = listed.between[filing.jurisdiction_court]
    clock = _clock(talk, filing, jurisdiction)
    sides = [listed.between[filing.collaborating_court].name, jurisdiction.name]
    parts = [f"{number}. {words.headline(headline)}", filing.reference]
    if listed.codes:
        ours = filing.jurisdiction_court in listed.codes
        parts.append(_("管辖") if ours else _("协作"))
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


def _told(talk: Talk, filing: Filing, listed: Listed) -> str:
    """`09:30:02 王建国（A岗）已送达，09:35:00 李敏（B岗）未送达：…`: the latest pages of what still waits."""
    if filing.state not in {"waiting", "acknowledged"}:
        return ""
    _ = talk.html
    jurisdiction = listed.between[filing.jurisdiction_court]
    zone = courts.zone_of(jurisdiction, talk.parts.desk.timezone)
    latest = {page.officer_id or page.court_code: page for page in listed.pages.get(filing.id, ())}
    pages = sorted(latest.values(), key=lambda page: page.at)[-_MOST_PAGES:]
    told = [
        f"{_seconds(page.at, zone, talk.now)} {_whom(page, _)} {deliveries.outcome_words(page, _)}"
        for page in pages
    ]
    return joined([f"　　{_('，').join(told)}"]) if told else ""


def _whom(page: Delivery, translate: object) -> str:
    words = Wording(translate)  # type: ignore[arg-type]
    return words.person(Signature(page.officer or page.court_name, page.post or "group"))


def _seconds(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`09:30:02`, with the date when it is not today."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M:%S}"
    return f"{local:%m-%d %H:%M:%S}"
