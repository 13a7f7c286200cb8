"""Filings coming in: stored once with their first pages, whoever repeats them, however many at a time."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import event, func, select

from directory.database import Database
from notifications import filings
from notifications.desk import DeskRules
from notifications.filings import Receipt, Submission
from notifications.intake import IntakeQueue
from notifications.ladder import LadderBook
from notifications.models import Filing, FilingEvent, OutgoingMessage
from tests.builders import Builders
from tests.clock import FrozenClock

DESK = DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN")
FIRST = Submission(
    "KY-2019-000123", "浙72", "辽72", "civil_first_instance", None, drill=False, filed_by="柜台"
)


async def receive(database: Database, *items: Submission, now: datetime) -> list[Receipt]:
    async with database.transaction() as session:
        return await filings.receive(session, items, DESK, now=now)


async def outbox(database: Database) -> list[OutgoingMessage]:
    async with database.reading() as session:
        return list(await session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id)))


async def test_a_filing_is_stored_with_its_event_and_its_pages(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    people = await builders.liaoning()
    [receipt] = await receive(database, FIRST, now=clock.now())
    assert receipt.outcome == "new"
    assert receipt.filing is not None
    assert receipt.filing.answer_due_at == clock.now() + timedelta(minutes=30)
    assert receipt.filing.next_step_at == clock.now() + timedelta(minutes=5)
    pages = [(row.chat_id, row.payload["view"], row.priority) for row in await outbox(database)]
    assert pages == [
        (-1001, "group", 0),
        (people.a.telegram_id, "officer", 0),
        (-1002, "collaborating", 2),
    ]
    async with database.reading() as session:
        history = await filings.events_of(session, [receipt.filing.id])
    assert [item.kind for item in history[receipt.filing.id]] == ["received", "paged", "paged"]
    assert [item.kind for item in receipt.events] == ["received", "paged", "paged"]


async def test_the_filing_officer_gets_a_live_card_too(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    people = await builders.liaoning()
    mine = replace(FIRST, filed_by_officer_id=people.filing_officer.id)
    await receive(database, mine, now=clock.now())
    told = [row.chat_id for row in await outbox(database) if row.payload["view"] == "collaborating"]
    assert told == [-1002, people.filing_officer.telegram_id]


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, "same"),
        ({"reference": "ＫＹ－２０１９－０００１２３"}, "same"),
        ({"filed_at": "given"}, "same"),
        ({"case_type": "enforcement"}, "conflict"),
        ({"drill": True}, "conflict"),
        ({"collaborating_court": "浙"}, "conflict"),
    ],
)
async def test_a_repeated_reference_is_answered_from_what_is_stored(
    database: Database, builders: Builders, clock: FrozenClock, change: dict, outcome: str
) -> None:
    await builders.liaoning()
    await receive(database, FIRST, now=clock.now())
    before = len(await outbox(database))
    if change.get("filed_at"):
        change = {"filed_at": clock.now() - timedelta(hours=1)}
    [receipt] = await receive(database, replace(FIRST, **change), now=clock.now())
    assert receipt.outcome == outcome
    assert receipt.filing is not None
    assert receipt.filing.reference == FIRST.reference
    assert [item.kind for item in receipt.events] == ["received", "paged", "paged"]
    assert len(await outbox(database)) == before


async def test_two_different_counter_times_are_different_content(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.liaoning()
    at = clock.now() - timedelta(hours=1)
    await receive(database, replace(FIRST, filed_at=at), now=clock.now())
    elsewhere = at.astimezone(timezone(timedelta(hours=-5)))
    [same] = await receive(database, replace(FIRST, filed_at=elsewhere), now=clock.now())
    [other] = await receive(
        database, replace(FIRST, filed_at=at + timedelta(seconds=1)), now=clock.now()
    )
    assert (same.outcome, other.outcome) == ("same", "conflict")


async def test_a_replay_writes_so_that_it_waits_for_the_same_durability(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.liaoning()
    await receive(database, FIRST, now=clock.now())
    statements: list[str] = []
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: statements.append(statement),
    )
    await receive(database, FIRST, now=clock.now())
    assert any(statement.startswith("UPDATE filings") for statement in statements)


async def test_a_batch_keeps_each_submissions_own_answer(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.liaoning()
    answers = await receive(
        database,
        FIRST,
        replace(FIRST, jurisdiction_court="辽99"),
        replace(FIRST, reference="二", collaborating_court="辽72"),
        FIRST,
        replace(FIRST, drill=True),
        replace(FIRST, reference="KY-2019-000124"),
        now=clock.now(),
    )
    assert [answer.outcome for answer in answers] == [
        "new", "unknown_court", "same_court", "same", "conflict", "new",
    ]  # fmt: skip
    assert answers[1].field == "jurisdiction_court"


async def test_requests_that_wait_together_share_a_commit_and_lose_nothing(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.liaoning()
    queue = IntakeQueue(database, DESK, clock)
    await queue.start()
    commits = 0

    def count(_connection: object) -> None:
        nonlocal commits
        commits += 1

    event.listen(database.engine.sync_engine, "commit", count)
    answers = await asyncio.gather(
        *(queue.submit(replace(FIRST, reference=f"KY-{number}")) for number in range(40))
    )
    await queue.stop()
    assert {answer.outcome for answer in answers} == {"new"}
    assert commits < 10
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Filing)) == 40
        received = select(func.count()).where(FilingEvent.kind == "received")
        assert await session.scalar(received) == 40


async def test_one_faulty_submission_does_not_take_the_others_with_it(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.liaoning()
    queue = IntakeQueue(database, DESK, clock)
    faulty = replace(FIRST, reference="坏", filed_at=datetime(2019, 8, 19))  # noqa: DTZ001 -- the fault
    await queue.start()
    answers = await asyncio.gather(
        queue.submit(FIRST), queue.submit(faulty), return_exceptions=True
    )
    await queue.stop()
    assert isinstance(answers[0], Receipt)
    assert answers[0].outcome == "new"
    assert isinstance(answers[1], Exception)


async def test_the_intake_goes_on_after_an_error_nobody_thought_of(
    database: Database,
    builders: Builders,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await builders.liaoning()
    queue = IntakeQueue(database, DESK, clock)
    await queue.start()

    async def broken(_batch: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(queue, "_store", broken)
        with pytest.raises(ZeroDivisionError):
            await queue.submit(FIRST)
    assert (await queue.submit(FIRST)).outcome == "new"
    assert queue._task is not None
    queue._task.cancel()
    await asyncio.sleep(0)
    assert (await queue.submit(FIRST)).outcome == "same"
    await queue.stop()


async def test_who_was_answered_a_moment_ago_shares_the_next_commit(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.liaoning()
    queue = IntakeQueue(database, DESK, clock)
    await queue.start()
    commits = 0

    def count(_connection: object) -> None:
        nonlocal commits
        commits += 1

    async def counter(name: str) -> None:
        for number in range(5):
            await queue.submit(replace(FIRST, reference=f"{name}-{number}"))

    event.listen(database.engine.sync_engine, "commit", count)
    first = asyncio.gather(*(counter(f"A{number}") for number in range(8)))
    await asyncio.sleep(0.001)  # The second half comes while the first is being stored.
    await asyncio.gather(first, *(counter(f"B{number}") for number in range(8)))
    await queue.stop()
    assert commits <= 7
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Filing)) == 80


@pytest.mark.parametrize(
    ("reference", "good"),
    [
        ("KY-2019-000123", True),
        ("（2019）辽0211民初1234号", True),
        ("〔2019〕跨域_1/2.3", True),
        ("", False),
        ("a b", False),
        ("a" * 64, True),
        ("a" * 65, False),
        ("a:b", False),
        ("a\u200bb", False),
        ("a\nb", False),
    ],
)
def test_a_reference_is_letters_digits_and_a_few_signs(reference: str, good: bool) -> None:
    assert filings.is_reference(reference) is good
