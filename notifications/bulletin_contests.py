"""Figures of a published bulletin contested by a court and decided by the coordinator. The frozen figures never change.

A contest is about one filing that was counted late or overdue; accepted, the filing is corrected
(`answer_corrections`), every bulletin that counted it says so, and later figures count it as decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty
from directory.database import wake
from directory.errors import LiaisonError
from directory.models import Court
from notifications import (
    answer_corrections,
    bulletin_facts,
    bulletins,
    figure_filings,
    notice_check,
    notices,
    outbox,
)
from notifications.answer_corrections import CountsAs
from notifications.bulletin_models import Bulletin, BulletinContest
from notifications.desk import DeskRules
from notifications.figure_filings import Figure
from notifications.free_text import fit_to_show
from notifications.models import Filing, OutgoingMessage

#: Kinds of outgoing messages: the coordinator's, with its buttons; the court's; the group's.
ASKED, DECIDED, CORRECTED = "bulletin_contest", "bulletin_decided", "bulletin_corrected"
KINDS = frozenset({ASKED, DECIDED, CORRECTED})


#: The figures that are counted against a court.
AGAINST: tuple[Figure, ...] = ("late", "overdue")


class ContestTooLate(LiaisonError):
    """异议期已过，该通报的数字不能再提出异议。"""


class ContestedBefore(LiaisonError):
    """该件此前已提出异议。"""


class NotCountedLate(LiaisonError):
    """该件在通报中没有按超期计。"""


class ReasonMissing(LiaisonError):
    """请写明理由。"""


class ReasonPersonal(LiaisonError):
    """理由会公布，不能含身份证号、银行卡号或手机号，请删去后重发。"""


class DecidedBefore(LiaisonError):
    """该异议此前已处理：{by}。"""


@dataclass(frozen=True, slots=True)
class Contestable:
    """A filing of the court that was counted against it, and how (`late`, `overdue`)."""

    filing_id: int
    reference: str
    counted_as: str


async def contestable(
    session: AsyncSession, bulletin: Bulletin, court: str, desk: DeskRules
) -> list[Contestable]:
    """The filings of a court that the bulletin counts late or overdue and nobody contested, oldest first."""
    sheet = bulletins.sheet_of(bulletin)
    since, until = bulletin_facts.bounds(sheet.period, desk.timezone)
    contested = select(BulletinContest.filing_id).where(BulletinContest.bulletin_id == bulletin.id)
    within = [
        Filing.jurisdiction_court == court,
        Filing.received_at >= since,
        Filing.received_at < until,
        Filing.drill.is_(False),
        Filing.answer_counts_as.is_(None),
        Filing.id.not_in(contested),
    ]
    found: list[tuple[datetime, int, str, str]] = []
    for figure in AGAINST:
        counted = await figure_filings.conditions(session, figure, sheet.as_of, within, desk)
        filings = await session.scalars(select(Filing).where(*within, *counted))
        found += [(one.received_at, one.id, one.reference, figure) for one in filings]
    return [Contestable(number, reference, how) for _at, number, reference, how in sorted(found)]


async def contest(
    session: AsyncSession,
    bulletin: Bulletin,
    court: str,
    filing_id: int,
    reason: str,
    who: str,
    officer_id: int,
    desk: DeskRules,
    *,
    now: datetime,
) -> BulletinContest:
    """Store a court's contest and ask the coordinators.

    Raises:
        ContestTooLate: its time is over.
        ReasonMissing, ReasonPersonal: no word of why, or one with a number of a person.
        NotCountedLate, ContestedBefore: the filing is none to contest.
    """
    if now >= bulletin.contest_until:
        raise ContestTooLate
    said = await _said(session, reason)
    earlier = await session.scalar(
        select(BulletinContest.id).where(
            BulletinContest.bulletin_id == bulletin.id, BulletinContest.filing_id == filing_id
        )
    )
    if earlier is not None:
        raise ContestedBefore
    found = await contestable(session, bulletin, court, desk)
    one = next((one for one in found if one.filing_id == filing_id), None)
    if one is None:
        raise NotCountedLate
    made = BulletinContest(
        bulletin_id=bulletin.id,
        court_code=court,
        filing_id=filing_id,
        reason=said,
        raised_at=now,
        raised_by=who,
        raised_by_officer_id=officer_id,
        counted_as=one.counted_as,
    )
    session.add(made)
    await session.flush()
    await _ask(session, made, bulletin, desk, now)
    return made


async def _said(session: AsyncSession, reason: str) -> str:
    """A reason as it is kept and published.

    Raises:
        ReasonMissing, ReasonPersonal: see `contest`.
    """
    found = notice_check.findings(reason)
    if found and notice_check.refused(found, await notices.desk_phones(session)):
        raise ReasonPersonal
    said = fit_to_show(reason)
    if not said:
        raise ReasonMissing
    return said


async def decide(
    session: AsyncSession,
    contest_id: int,
    decision: str,
    who: str,
    *,
    counts_as: CountsAs | None,
    now: datetime,
) -> BulletinContest:
    """Have the filing count as something else, or refuse (None), with the reason, once; told to the court.

    What was corrected is told to the province's group as well.

    Raises:
        ReasonMissing, ReasonPersonal: no word of why, or one that names a person's number.
        DecidedBefore: somebody was first.
    """
    said = await _said(session, decision)
    done = await session.execute(
        update(BulletinContest)
        .where(BulletinContest.id == contest_id, BulletinContest.decided_at.is_(None))
        .values(
            decided_at=now,
            decided_by=who,
            accepted=counts_as is not None,
            counts_as=counts_as,
            decision=said,
        )
        .execution_options(synchronize_session=False)
    )
    found = await session.get_one(BulletinContest, contest_id, populate_existing=True)
    if not isinstance(done, CursorResult) or done.rowcount == 0:
        raise DecidedBefore(by=found.decided_by or "")
    if counts_as is not None:
        await answer_corrections.correct(session, found.filing_id, counts_as, who, now=now)
    await _told(session, found, now)
    return found


async def _ask(
    session: AsyncSession,
    made: BulletinContest,
    bulletin: Bulletin,
    desk: DeskRules,
    now: datetime,
) -> None:
    """Each coordinator of the province, and whoever published it while they are one."""
    high = list(
        await session.scalars(
            select(Court).where(Court.level == "high", Court.province == bulletin.province)
        )
    )
    duties = await duty.on_duty(session, high, now=now, default_timezone=desk.timezone)
    people = {
        person.officer_id: person
        for court in high
        for person in duties[court.code].to_tell("coordinator")
    }
    await outbox.write(
        session,
        [
            outbox.row(
                ASKED,
                person.telegram_id,
                {"contest": made.id},
                priority=outbox.NEWS,
                now=now,
                officer_id=person.officer_id,
                dedupe_key=f"{ASKED}:{made.id}:{person.officer_id}",
            )
            for person in people.values()
            if person.telegram_id is not None and person.reads_chat
        ],
    )


async def _told(session: AsyncSession, made: BulletinContest, now: datetime) -> None:
    """The coordinators' messages follow; the court hears, and the group when something was corrected."""
    await session.execute(
        update(OutgoingMessage)
        .where(
            OutgoingMessage.kind == ASKED,
            OutgoingMessage.dedupe_key.like(f"{ASKED}:{made.id}:%"),
        )
        .values(wanted=OutgoingMessage.wanted + 1, not_before=now, attempts=0)
        .execution_options(synchronize_session=False)
    )
    wake(session, "outbox")
    payload: dict[str, Any] = {"contest": made.id}
    court = await courts.get(session, made.court_code)
    rows = await _to_raiser(session, made, payload, now)
    if court.group_chat_id is not None and court.group_unreachable_at is None:
        rows.append(
            outbox.row(DECIDED, court.group_chat_id, payload, priority=outbox.NEWS, now=now,
                       court_code=court.code)
        )  # fmt: skip
    if made.accepted:
        rows += await _to_groups(session, court.province, payload, now)
    await outbox.write(session, rows)


async def _to_raiser(
    session: AsyncSession, made: BulletinContest, payload: dict[str, Any], now: datetime
) -> list[outbox.Row]:
    if made.raised_by_officer_id is None:
        return []
    person = (await duty.people(session, [made.raised_by_officer_id], now=now)).get(
        made.raised_by_officer_id
    )
    if person is None or person.telegram_id is None or not person.reads_chat:
        return []
    row = outbox.row(
        DECIDED, person.telegram_id, payload, priority=outbox.NEWS, now=now,
        officer_id=person.officer_id,
    )  # fmt: skip
    return [row]


async def _to_groups(
    session: AsyncSession, province: str, payload: dict[str, Any], now: datetime
) -> list[outbox.Row]:
    groups: Sequence[Court] = (
        await session.scalars(
            select(Court).where(
                Court.level == "high",
                Court.province == province,
                Court.group_chat_id.is_not(None),
                Court.group_unreachable_at.is_(None),
            )
        )
    ).all()
    return [
        outbox.row(CORRECTED, court.group_chat_id, payload, priority=outbox.LATER, now=now,
                   court_code=court.code)
        for court in groups
        if court.group_chat_id is not None
    ]  # fmt: skip
