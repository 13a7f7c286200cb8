"""Linking an account by a one-time code: once, in time, by one person, and not by guessing."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from directory import invitations, officers
from directory.database import Database
from directory.errors import AccountAlreadyLinked, InvitationRefused, OfficerNotFound
from directory.invitations import Slowed
from directory.models import DirectoryRecord, Invitation, LinkAttempt, Officer
from tests.builders import Builders
from tests.clock import FrozenClock

Outcome = Officer | Slowed | InvitationRefused | AccountAlreadyLinked


@pytest.fixture
async def officer(builders: Builders) -> Officer:
    await builders.court("辽72")
    return await builders.officer("辽72", "王建国", "A")


async def invite(database: Database, clock: FrozenClock, officer: Officer) -> str:
    async with database.transaction() as session:
        found = await officers.find(session, str(officer.id))
        return await officers.invite(session, found, now=clock.now())


async def accept(database: Database, clock: FrozenClock, telegram_id: int, code: str) -> Outcome:
    async with database.transaction() as session:
        return await officers.accept_invitation(session, telegram_id, code, now=clock.now())


async def kinds(database: Database) -> list[str]:
    async with database.reading() as session:
        return list(await session.scalars(select(DirectoryRecord.kind).order_by("id")))


async def test_a_code_links_its_officer_and_both_steps_are_recorded(
    database: Database, clock: FrozenClock, officer: Officer
) -> None:
    code = await invite(database, clock, officer)
    outcome = await accept(database, clock, 101, code)
    assert isinstance(outcome, Officer)
    assert (outcome.name, outcome.court.code) == ("王建国", "辽72")
    assert [post.post for post in outcome.posts] == ["A"]
    async with database.reading() as session:
        linked = await officers.linked(session, 101)
    assert linked is not None
    assert linked.linked_at == clock.now()
    assert await kinds(database) == ["invited", "linked"]


async def test_a_code_is_long_random_fit_for_a_link_and_stored_as_a_hash_only(
    database: Database, clock: FrozenClock, officer: Officer
) -> None:
    code = await invite(database, clock, officer)
    assert re.fullmatch(r"[A-Za-z0-9_-]{22,64}", code)
    assert code != await invite(database, clock, officer)
    async with database.reading() as session:
        hashes = (await session.scalars(select(Invitation.code_hash))).all()
        details = (await session.scalars(select(DirectoryRecord.detail))).all()
    assert len(hashes) == 2
    assert not any(code in text for text in (*hashes, *details))


async def test_a_second_account_cannot_use_a_used_code(
    database: Database, clock: FrozenClock, officer: Officer
) -> None:
    code = await invite(database, clock, officer)
    await accept(database, clock, 101, code)
    assert isinstance(await accept(database, clock, 102, code), InvitationRefused)
    async with database.reading() as session:
        assert await officers.linked(session, 102) is None
        assert await officers.linked(session, 101) is not None


async def test_tapping_the_link_twice_is_no_failure(
    database: Database, clock: FrozenClock, officer: Officer
) -> None:
    code = await invite(database, clock, officer)
    await accept(database, clock, 101, code)
    assert isinstance(await accept(database, clock, 101, code), Officer)
    assert await kinds(database) == ["invited", "linked"]
    async with database.reading() as session:
        assert await session.scalar(select(func.count(LinkAttempt.id))) == 0


async def test_of_many_accounts_at_once_one_gets_the_code(
    database: Database, clock: FrozenClock, officer: Officer
) -> None:
    code = await invite(database, clock, officer)
    outcomes = await asyncio.gather(
        *(accept(database, clock, telegram_id, code) for telegram_id in range(101, 109))
    )
    assert sum(isinstance(outcome, Officer) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, InvitationRefused) for outcome in outcomes) == 7


@pytest.mark.parametrize(("minutes", "good"), [(24 * 60 - 1, True), (24 * 60, False)])
async def test_a_code_lives_a_day(
    database: Database, clock: FrozenClock, officer: Officer, minutes: int, good: bool
) -> None:
    code = await invite(database, clock, officer)
    await clock.advance(minutes=minutes)
    assert isinstance(await accept(database, clock, 101, code), Officer) is good


async def test_a_new_code_makes_the_earlier_one_worthless(
    database: Database, clock: FrozenClock, officer: Officer
) -> None:
    earlier = await invite(database, clock, officer)
    later = await invite(database, clock, officer)
    assert isinstance(await accept(database, clock, 101, earlier), InvitationRefused)
    assert isinstance(await accept(database, clock, 101, later), Officer)


async def test_an_account_of_another_person_is_refused_and_the_code_stays_good(
    database: Database, builders: Builders, clock: FrozenClock, officer: Officer
) -> None:
    await builders.officer("辽72", "李敏", "B", 102)
    code = await invite(database, clock, officer)
    outcome = await accept(database, clock, 102, code)
    assert isinstance(outcome, AccountAlreadyLinked)
    assert outcome.data == {"name": "李敏", "court": "大连海事法院"}
    assert isinstance(await accept(database, clock, 101, code), Officer)


async def test_a_person_moves_to_a_new_account_and_the_old_one_is_nobody(
    database: Database, clock: FrozenClock, officer: Officer
) -> None:
    await accept(database, clock, 101, await invite(database, clock, officer))
    async with database.transaction() as session:
        await officers.mark_blocked(session, 101, blocked=True, now=clock.now())
    await accept(database, clock, 202, await invite(database, clock, officer))
    async with database.reading() as session:
        assert await officers.linked(session, 101) is None
        moved = await officers.linked(session, 202)
    assert moved is not None
    assert moved.blocked_at is None
    assert await kinds(database) == ["invited", "linked", "invited", "relinked"]


async def test_the_account_of_somebody_who_left_is_free(
    database: Database, builders: Builders, clock: FrozenClock, officer: Officer
) -> None:
    await builders.officer("辽72", "旧人", "B", 102, left_at=clock.now())
    code = await invite(database, clock, officer)
    assert isinstance(await accept(database, clock, 102, code), Officer)


async def test_who_left_is_neither_invited_nor_linked(
    database: Database, clock: FrozenClock, officer: Officer
) -> None:
    code = await invite(database, clock, officer)
    async with database.transaction() as session:
        gone = await officers.find(session, str(officer.id))
        gone.left_at = clock.now()
        with pytest.raises(OfficerNotFound):
            await officers.invite(session, gone, now=clock.now())
    assert isinstance(await accept(database, clock, 101, code), InvitationRefused)


async def test_an_account_that_guesses_waits_even_with_the_right_code(
    database: Database, clock: FrozenClock, officer: Officer
) -> None:
    code = await invite(database, clock, officer)
    first = clock.now()
    for number in range(invitations.ACCOUNT_FAILURES):
        assert isinstance(await accept(database, clock, 101, f"no{number}"), InvitationRefused)
        await clock.advance(seconds=10)
    slowed = await accept(database, clock, 101, code)
    assert slowed == Slowed(first + invitations.ACCOUNT_WINDOW)
    # Waiting is not made longer by asking, and nobody else waits.
    assert await accept(database, clock, 101, code) == slowed
    assert isinstance(await accept(database, clock, 102, "no"), InvitationRefused)
    await clock.to(first + invitations.ACCOUNT_WINDOW)
    assert isinstance(await accept(database, clock, 101, code), Officer)


async def test_guessing_at_once_is_counted_one_by_one(
    database: Database, clock: FrozenClock, officer: Officer
) -> None:
    outcomes = await asyncio.gather(
        *(accept(database, clock, 101, f"no{number}") for number in range(8))
    )
    assert sum(isinstance(outcome, InvitationRefused) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, Slowed) for outcome in outcomes) == 3


async def test_many_accounts_that_guess_together_slow_everybody_for_a_minute(
    database: Database, clock: FrozenClock, officer: Officer
) -> None:
    code = await invite(database, clock, officer)
    async with database.transaction() as session:
        session.add_all(
            LinkAttempt(telegram_id=1000 + number, at=clock.now())
            for number in range(invitations.OVERALL_FAILURES)
        )
    slowed = await accept(database, clock, 101, code)
    assert slowed == Slowed(clock.now() + invitations.OVERALL_WINDOW)
    await clock.advance(minutes=1)
    assert isinstance(await accept(database, clock, 101, code), Officer)


async def test_old_failures_are_forgotten_in_time(
    database: Database, clock: FrozenClock, officer: Officer
) -> None:
    await accept(database, clock, 101, "no")
    await clock.advance(seconds=(invitations.KEPT + timedelta(seconds=1)).total_seconds())
    await accept(database, clock, 101, "no")
    async with database.reading() as session:
        assert await session.scalar(select(func.count(LinkAttempt.id))) == 1


@pytest.mark.parametrize("code", ["", " ", "%", "a" * 10_000, "'; DROP TABLE officers; --", "码"])
async def test_junk_is_a_wrong_code(
    database: Database, clock: FrozenClock, officer: Officer, code: str
) -> None:
    assert isinstance(await accept(database, clock, 101, code), InvitationRefused)
