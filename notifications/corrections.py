"""号码有误: the court that answers for an entry is asked to mend it, silence goes to the province, the reporter hears how it ended.

The rows are `directory.corrections`' business, the edits themselves `directory.edits`'.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from directory import corrections, courts, duty, verification
from directory.change_models import Correction
from directory.corrections import MENDED, REFUSED
from directory.models import Court, Officer
from directory.roster import OnDutyOfficer
from directory.texts import Translate
from directory.worktime import spans
from notifications import told
from notifications.told import Reader, Said, Voice, bold, joined

#: The word before a correction's number in callback data: the entry is right.
WORD = "right"

#: After so many working days besides today silence goes to the province.
PATIENCE_DAYS = 2
#: The longest holiday is shorter (days).
_HORIZON = 40

_DAY = timedelta(days=1)


def reasons(translate: Translate) -> Mapping[str, str]:
    """What can be wrong, by the word that is kept."""
    _ = translate
    return {
        "phone": _("电话打不通，或号码不对"),
        "left": _("此人已调离"),
        "other": _("其他内容有误"),
    }


async def report(
    session: AsyncSession,
    court: Court,
    officer: Officer | None,
    *,
    reason: str,
    by: str,
    by_officer_id: int | None,
    voice: Voice,
    now: datetime,
) -> Correction | None:
    """Open a correction and ask the court's leader and A, else its coordinators; None while one is open."""
    correction = await corrections.open_(
        session, court, officer, note=reason, by=by, by_officer_id=by_officer_id,
        next_at=_patience(court, voice, now), now=now,
    )  # fmt: skip
    if correction is None:
        return None
    readers = await _responsible(session, court, voice, now, ("leader", "A"))
    readers = readers or await _responsible(session, court, voice, now, ("coordinator",))
    await _ask(session, correction, readers, voice, now)
    return correction


def _patience(court: Court, voice: Voice, now: datetime) -> datetime:
    """The last closing of the second working day after today, on the court's calendar."""
    calendar = courts.calendar_of(court, voice.desk.timezone)
    today = now.astimezone(calendar.timezone).date()
    left = PATIENCE_DAYS
    for ahead in range(1, _HORIZON):
        opened = spans(calendar, today + ahead * _DAY)
        left -= bool(opened)
        if left == 0:
            return opened[-1].end
    return now + PATIENCE_DAYS * _DAY


async def _responsible(
    session: AsyncSession, court: Court, voice: Voice, now: datetime, posts: Iterable[str]
) -> list[Reader]:
    """The holders of these posts as far as the chat reaches them, each once."""
    found = await duty.on_duty(session, [court], now=now, default_timezone=voice.desk.timezone)
    people: dict[int, OnDutyOfficer] = {}
    for post in posts:
        people |= {one.officer_id: one for one in found[court.code].of(post)}
    return [r for one in people.values() for r in told.person("keeper", one, voice.desk)]


async def _ask(
    session: AsyncSession,
    correction: Correction,
    readers: Iterable[Reader],
    voice: Voice,
    now: datetime,
) -> None:
    """Show it to more readers; the messages are remembered, for they follow how it stands."""
    name, people = await _named(session, correction), await _people(session, correction)
    kept = await told.tell(
        session, readers, lambda _role, _: _said(correction, name, people, _), voice, now=now
    )
    correction.messages = [*correction.messages, *kept]
    await session.flush()


async def _named(session: AsyncSession, correction: Correction) -> str:
    court = await courts.get(session, correction.court_code)
    if correction.officer_id is None:
        return court.name
    officer = await session.get_one(Officer, correction.officer_id)
    return f"{officer.name}　{court.name}"


@dataclass(frozen=True, slots=True)
class _People:
    """Who reported and who ended it, as readers know people: `大连海事法院 李敏`."""

    reported: str
    ended: str


async def _people(session: AsyncSession, correction: Correction) -> _People:
    return _People(
        await _spoken(session, correction.reported_by),
        await _spoken(session, correction.ended_by or "—"),
    )


async def _spoken(session: AsyncSession, who: str) -> str:
    """An officer as records write them (`辽72:李敏`) with the court's name; anybody else as they are."""
    code, colon, name = who.partition(":")
    court = await session.get(Court, code) if colon else None
    return f"{court.name} {name}" if court is not None else who


def _said(correction: Correction, name: str, people: _People, translate: Translate) -> Said:
    _ = translate
    lines = [
        bold(_("【通讯录有误】{name}", name=name)),
        _("反映的问题：{reason}", reason=reasons(_).get(correction.note, correction.note)),
        _("反映人：{who}", who=people.reported),
    ]
    if correction.state != corrections.OPEN:
        return Said(joined([*lines, _ending(correction, people, _)]))
    lines.append(_("👉 请核对：有误请点“修改”，确属无误请点“无误”。"))
    entry = f"o{correction.officer_id}" if correction.officer_id else f"c{correction.court_code}"
    row = [
        {"text": str(_("修改")), "data": f"edit:{entry}"},
        {"text": str(_("无误")), "data": f"{WORD}:{correction.id}"},
    ]
    return Said(joined(lines), [row])


def _ending(correction: Correction, people: _People, translate: Translate) -> str:
    _ = translate
    if correction.state == MENDED:
        return _("✅ 已更正（{who}）", who=people.ended)
    return _("经核对无误（{who}）", who=people.ended)


async def refuse(
    session: AsyncSession, correction: Correction, *, by: str, voice: Voice, now: datetime
) -> bool:
    """The entry is right: everybody asked sees it, the reporter is told. False when it had ended before."""
    if not await corrections.end(session, correction, REFUSED, by=by, now=now):
        return False
    if correction.officer_id is None:
        court = await courts.get(session, correction.court_code)
        verification.confirm_court(court, by=by, now=now)
    await _announce(session, correction, voice, now)
    return True


async def settle(session: AsyncSession, voice: Voice, *, now: datetime) -> int:
    """End every open correction whose entry was changed since, whichever way; how many there were.

    Call it after changes in the same transaction, or a later one.
    """
    found = await corrections.mended(session)
    ended = 0
    for correction, change in found:
        if await corrections.end(session, correction, MENDED, by=change.who, now=now):
            await _announce(session, correction, voice, now)
            ended += 1
    return ended


async def _announce(
    session: AsyncSession, correction: Correction, voice: Voice, now: datetime
) -> None:
    name, people = await _named(session, correction), await _people(session, correction)
    await told.follow(
        session,
        correction.messages,
        lambda _role, _: _said(correction, name, people, _),
        voice,
        now=now,
    )
    if correction.reported_by_officer_id is None:
        return
    found = await duty.people(session, [correction.reported_by_officer_id], now=now)
    readers = [r for one in found.values() for r in told.person("reporter", one, voice.desk)]
    await told.tell(
        session,
        readers,
        lambda _role, _: Said(
            joined(
                [bold(_("您反映的通讯录问题：{name}", name=name)), _ending(correction, people, _)]
            )
        ),
        voice,
        now=now,
    )


async def escalate(session: AsyncSession, now: datetime, voice: Voice) -> None:
    """Bring to the province what its court left unanswered, once somebody is there; what was mended meanwhile ends instead."""
    await settle(session, voice, now=now)
    for correction in await corrections.silent(session, now):
        court = await courts.get(session, correction.court_code)
        asked = {message["officer"] for message in correction.messages}
        readers = await _responsible(session, court, voice, now, ("coordinator",))
        # Where nobody coordinates or is reached today it is tried again.
        correction.next_at = None if readers else _patience(court, voice, now)
        fresh = [reader for reader in readers if reader.officer_id not in asked]
        await _ask(session, correction, fresh, voice, now)
    await session.flush()
