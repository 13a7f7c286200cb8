"""Filings as they come in and are looked up. What happens to them afterwards lives beside: paging, answers, results."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import Table, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.database import wake
from directory.models import Court
from notifications import answer_clock, outbox, paging
from notifications.desk import DeskRules
from notifications.events import Happened, event
from notifications.events import write as write_events
from notifications.models import Filing, FilingEvent
from notifications.outbox import Row

#: Case types accepted for cross-region filing since 2021-02-01, and as they are shown.
CASE_TYPES: dict[str, str] = {
    "civil_first_instance": "民事一审",
    "administrative_first_instance": "行政一审",
    "enforcement": "执行",
    "private_prosecution": "刑事自诉",
    "state_compensation": "国家赔偿",
    "civil_retrial_application": "民事申请再审",
}

History = tuple[FilingEvent | Happened, ...]

_OTHER_SIGNS = frozenset("-_./()（）〔〕")
_REFERENCE = re.compile(r"\S{1,64}")
#: The width (characters) of `Filing.reference_key`.
_LONGEST_KEY = 128


@dataclass(frozen=True, slots=True)
class Submission:
    """A filing as handed in. `filed_at` is None when the counter gave no time."""

    reference: str
    collaborating_court: str
    jurisdiction_court: str
    case_type: str
    filed_at: datetime | None
    drill: bool
    filed_by: str
    filed_by_officer_id: int | None = None
    #: For a drill that is one newcomer's practice: who alone is paged.
    trainee_id: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a submission.

    `new` and `same` carry the stored filing (with its events and both courts), `conflict` the one
    that has the reference already; `unknown_court` and `same_court` name the field at fault.
    """

    outcome: Literal["new", "same", "conflict", "unknown_court", "same_court"]
    filing: Filing | None = None
    field: str | None = None
    events: History = ()
    courts: Mapping[str, Court] | None = None


def reference_key(reference: str) -> str:
    """The form in which references are compared: NFKC, so that full-width digits and brackets agree."""
    return unicodedata.normalize("NFKC", reference)


def is_reference(text: str) -> bool:
    """Whether a reference keeps the rule: 1–64 characters, letters of any script, digits, `-_./()（）〔〕号`.

    Ligatures that NFKC draws out beyond what the key's column holds are refused as well.
    """
    return (
        bool(_REFERENCE.fullmatch(text))
        and all(sign in _OTHER_SIGNS or unicodedata.category(sign)[0] in "LMN" for sign in text)
        and len(reference_key(text)) <= _LONGEST_KEY
    )


async def receive(
    session: AsyncSession, submissions: Sequence[Submission], desk: DeskRules, *, now: datetime
) -> list[Receipt]:
    """Store new filings with their first pages, in one go; a repeated one is answered with what is stored.

    Args:
        session: a writing transaction; nothing is durable before it commits.
        submissions: any number; a reference may come twice among them.
        desk: the rules of this desk.
        now: becomes `received_at`; a whole second counts.

    Returns:
        A receipt for each submission, in order.
    """
    ground = await paging.load_ground(
        session,
        {item.jurisdiction_court for item in submissions},
        {item.collaborating_court for item in submissions},
        desk,
        now=now,
        people={
            officer_id
            for item in submissions
            for officer_id in (item.filed_by_officer_id, item.trainee_id)
            if officer_id
        },
    )
    receipts: dict[int, Receipt] = {}
    first: dict[str, int] = {}
    for index, item in enumerate(submissions):
        if fault := _fault(item, ground.courts):
            receipts[index] = fault
        else:
            first.setdefault(reference_key(item.reference), index)
    fresh = {key: submissions[index] for key, index in first.items()}
    stored = await _store(session, fresh, ground, desk, now)
    known = await _known(session, set(first) - set(stored))
    for index, item in enumerate(submissions):
        if index in receipts:
            continue
        key = reference_key(item.reference)
        filing, events = stored[key] if key in stored else known[key]
        if key in stored and first[key] == index:
            outcome: Literal["new", "same", "conflict"] = "new"
        else:
            outcome = "same" if _agrees(item, filing) else "conflict"
        receipts[index] = Receipt(outcome, filing, None, events, ground.courts)
    return [receipts[index] for index in range(len(submissions))]


def _fault(item: Submission, courts: Mapping[str, Court]) -> Receipt | None:
    for field in ("collaborating_court", "jurisdiction_court"):
        if getattr(item, field) not in courts:
            return Receipt("unknown_court", field=field)
    if item.collaborating_court == item.jurisdiction_court:
        return Receipt("same_court", field="jurisdiction_court")
    return None


def _agrees(item: Submission, filing: Filing) -> bool:
    """Whether the same reference came with the same content; an omitted `filed_at` agrees with any."""
    same_time = (
        item.filed_at is None or not filing.filed_at_given or item.filed_at == filing.filed_at
    )
    return same_time and (
        item.collaborating_court,
        item.jurisdiction_court,
        item.case_type,
        item.drill,
    ) == (filing.collaborating_court, filing.jurisdiction_court, filing.case_type, filing.drill)


async def _store(
    session: AsyncSession,
    submissions: Mapping[str, Submission],
    ground: paging.Ground,
    desk: DeskRules,
    now: datetime,
) -> dict[str, tuple[Filing, History]]:
    """Insert those whose reference is free, with their events and pages; return them by key."""
    if not submissions:
        return {}
    steps = {
        key: paging.take_step(
            _draft(key, item, ground, desk, now), ground, desk, now=now, first=True
        )
        for key, item in submissions.items()
    }
    connection = await session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    table = cast("Table", Filing.__table__)
    found = await connection.execute(
        dialect.insert(table)
        .on_conflict_do_nothing(index_elements=["reference_key"])
        .returning(table.c.id, table.c.reference_key),
        [_values(step.filing) for step in steps.values()],
    )
    stored: dict[str, tuple[Filing, History]] = {}
    pages: list[outbox.Row] = []
    happened: list[Row] = []
    for filing_id, key in found:
        step = steps[key]
        step.filing.id = filing_id
        received = event(step.filing, "received", step.filing.filed_by, now=now)
        events = [received, *({**item, "filing_id": filing_id} for item in step.events)]
        pages += [{**page, "filing_id": filing_id} for page in step.pages]
        happened += events
        stored[key] = (step.filing, tuple(map(_happened, events)))
    if stored:
        await write_events(session, happened)
        await outbox.write(session, pages)
        for key in stored:
            await paging.report_gaps(session, steps[key], ground, now=now)
        wake(session, "steps")
    return stored


def _happened(item: Row) -> Happened:
    return Happened(item["at"], item["kind"], item["who"], item["detail"])


_COLUMNS = tuple(name for name in Filing.__table__.columns.keys() if name != "id")  # noqa: SIM118


_NULLS: Row = dict.fromkeys(_COLUMNS)


def _values(filing: Filing) -> Row:
    """A filing that no session knows, as the row to insert."""
    given = vars(filing)
    return {name: given[name] for name in _COLUMNS}


def _draft(
    key: str, item: Submission, ground: paging.Ground, desk: DeskRules, now: datetime
) -> Filing:
    """The filing as it will be stored: both clocks set, every column given a value."""
    ladder = paging.ladder_for(
        ground.courts[item.collaborating_court], ground.courts[item.jurisdiction_court], desk
    )
    calendar = courts.calendar_of(ground.courts[item.jurisdiction_court], desk.timezone)
    filing = Filing()
    # Past SQLAlchemy's watch over changes, which costs as much as all else here: no session knows this filing.
    vars(filing).update(
        _NULLS,
        reference=item.reference,
        reference_key=key,
        state="waiting",
        collaborating_court=item.collaborating_court,
        jurisdiction_court=item.jurisdiction_court,
        case_type=item.case_type,
        drill=item.drill,
        filed_at_given=item.filed_at is not None,
        filed_at=item.filed_at or now,
        received_at=now,
        filed_by=item.filed_by,
        filed_by_officer_id=item.filed_by_officer_id,
        trainee_id=item.trainee_id,
        clock=ladder.clock,
        answer_target_seconds=ladder.answer_target,
        result_target_seconds=ladder.result_target,
        answer_due_at=answer_clock.due_at(calendar, ladder.clock, now, ladder.answer_target),
        steps_taken=[],
        snoozes=[],
        supplements=0,
        version=1,
        uncounted=True,
    )
    return filing


async def _known(session: AsyncSession, keys: Collection[str]) -> dict[str, tuple[Filing, History]]:
    """The filings stored earlier, touched by an update that changes nothing.

    A repeated request must wait for the same durability as the first: after a commit that was
    cancelled while a synchronous standby lagged, the row is visible here but not yet safe.
    """
    if not keys:
        return {}
    await session.execute(
        update(Filing)
        .where(Filing.reference_key.in_(keys))
        .values(version=Filing.version)
        .execution_options(synchronize_session=False)
    )
    found = (await session.scalars(select(Filing).where(Filing.reference_key.in_(keys)))).all()
    history = await events_of(session, [filing.id for filing in found])
    return {filing.reference_key: (filing, tuple(history[filing.id])) for filing in found}


async def find(session: AsyncSession, reference: str, *, lock: bool = False) -> Filing | None:
    """The filing with this reference, compared after NFKC; `lock` keeps others from changing it."""
    statement = select(Filing).where(Filing.reference_key == reference_key(reference))
    filing: Filing | None = await session.scalar(statement.with_for_update() if lock else statement)
    return filing


async def linked_references(session: AsyncSession, filing: Filing) -> tuple[str | None, str | None]:
    """The references of the filing this one was sent on from, and of the one it was sent on as."""
    ids = {key for key in (filing.previous_id, filing.next_id) if key is not None}
    if not ids:
        return None, None
    rows = await session.execute(select(Filing.id, Filing.reference).where(Filing.id.in_(ids)))
    names: dict[int | None, str] = {key: reference for key, reference in rows}  # noqa: C416 -- rows are no pairs to mypy
    return names.get(filing.previous_id), names.get(filing.next_id)


async def events_of(
    session: AsyncSession, filing_ids: Collection[int]
) -> dict[int, list[FilingEvent]]:
    """The history of each filing, oldest first."""
    history: dict[int, list[FilingEvent]] = {filing_id: [] for filing_id in filing_ids}
    found = await session.scalars(
        select(FilingEvent)
        .where(FilingEvent.filing_id.in_(filing_ids))
        .order_by(FilingEvent.at, FilingEvent.id)
    )
    for item in found:
        history[item.filing_id].append(item)
    return history
