"""The first steps of a newly linked officer: offered, three messages, a practice filing of their own, done.

The practice is a real filing marked 演练 with a trainee: `paging` pages nobody else, `news` tells nobody.
What is said is in `onboarding_words`.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.database import wake
from directory.models import Court, Officer
from notifications import drills, filings, outbox, paging, told
from notifications.desk import DeskRules
from notifications.events import SYSTEM
from notifications.filings import Submission
from notifications.models import Filing
from notifications.onboarding_words import LESSONS, OPEN_MINUTES, Lessons, Scene
from notifications.permissions import ANSWERING_POSTS
from notifications.timekeeper import TOPIC
from notifications.told import Said, Voice
from notifications.training_models import Onboarding

_OPEN = timedelta(minutes=OPEN_MINUTES)

#: Stages in which nothing more is offered.
_OVER = ("finished", "skipped")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whose first steps they are, with the court and the posts held today."""

    officer: Officer
    court: Court
    posts: Collection[str]

    @property
    def answers(self) -> bool:
        """Whether this person acknowledges filings, so that there is something to practise."""
        return self.court.level != "supreme" and bool(ANSWERING_POSTS & set(self.posts))


async def offer(session: AsyncSession, newcomer: Newcomer, *, now: datetime) -> Onboarding | None:
    """Offer the first steps to somebody who was linked just now; None for whom they are over."""
    known = await of_officer(session, newcomer.officer.id)
    if known is not None and known.stage in _OVER:
        return None
    return await _begin(session, newcomer, known, now)


async def again(session: AsyncSession, newcomer: Newcomer, *, now: datetime) -> Onboarding:
    """Begin anew for somebody who asks for it; what was finished before stays on record."""
    return await _begin(session, newcomer, await of_officer(session, newcomer.officer.id), now)


async def _begin(
    session: AsyncSession, newcomer: Newcomer, known: Onboarding | None, now: datetime
) -> Onboarding:
    if known is None:
        known = Onboarding(
            officer_id=newcomer.officer.id, offered_at=now, started_at=None, row_id=None,
            filing_id=None, ends_at=None, finished_at=None, skipped_at=None,
        )  # fmt: skip
        session.add(known)
    known.stage = "offered"
    known.nonce = _nonce()
    await session.flush()
    return known


async def of_officer(session: AsyncSession, officer_id: int) -> Onboarding | None:
    """Where somebody's first steps stand, locked; None for whom there never were any."""
    found: Onboarding | None = await session.scalar(
        select(Onboarding)
        .where(Onboarding.officer_id == officer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


def go_on(steps: Onboarding, newcomer: Newcomer, *, now: datetime) -> str:
    """The next stage: a message, `drill` (which `practise` begins), or `finished`. Old buttons are dead."""
    steps.nonce = _nonce()
    if steps.stage == "offered":
        steps.started_at = now
        steps.stage = LESSONS[0]
    elif steps.stage == LESSONS[-1]:
        steps.stage = "drill" if newcomer.answers else "finished"
        if steps.stage == "finished":
            steps.finished_at = now
    else:
        steps.stage = LESSONS[LESSONS.index(steps.stage) + 1]
    return steps.stage


def skip(steps: Onboarding, *, now: datetime) -> None:
    """The officer wants none of it. A practice under way ends by itself."""
    steps.nonce = _nonce()
    steps.stage = "skipped"
    steps.skipped_at = now


async def practise(
    session: AsyncSession, steps: Onboarding, newcomer: Newcomer, desk: DeskRules, *, now: datetime
) -> None:
    """File the practice filing; only the newcomer is paged.

    Raises:
        drills.NobodyToFile: there is no other court in the directory that could file.
    """
    court = newcomer.court
    other = await drills.neighbour(session, court)
    if other is None:
        raise drills.NobodyToFile
    if steps.filing_id is not None and steps.ends_at is not None:
        await _take_back(session, [steps.filing_id], now)
    local = now.astimezone(ZoneInfo(desk.timezone))
    submission = Submission(
        reference=f"YL-{local:%Y%m%d-%H%M%S}-{newcomer.officer.id}",
        collaborating_court=other,
        jurisdiction_court=court.code,
        case_type=drills.CASE_TYPE,
        filed_at=None,
        drill=True,
        filed_by=SYSTEM,
        trainee_id=newcomer.officer.id,
    )
    (receipt,) = await filings.receive(session, [submission], desk, now=now)
    if receipt.filing is None:
        raise drills.NobodyToFile
    steps.filing_id = receipt.filing.id
    steps.ends_at = now + _OPEN
    await session.flush()
    wake(session, TOPIC)


async def lessons(
    session: AsyncSession, steps: Onboarding, newcomer: Newcomer, voice: Voice, locale: str
) -> Lessons:
    """The words for one newcomer in one language."""
    other = await drills.neighbour(session, newcomer.court)
    collaborating = await courts.get(session, other) if other else newcomer.court
    ladder = paging.ladder_for(collaborating, newcomer.court, voice.desk)
    scene = Scene(newcomer.court.name, ladder, newcomer.answers)
    return Lessons(scene, steps.officer_id, steps.nonce, told.html(voice.texts, locale))


# What falls due: the practice was acknowledged, or its time is over


def _acknowledged() -> ColumnElement[bool]:
    return exists().where(Filing.id == Onboarding.filing_id, Filing.acknowledged_at.is_not(None))


async def earliest(session: AsyncSession, now: datetime) -> datetime | None:
    """When the next practice is over: now for one that was acknowledged, else at its end."""
    done = await session.scalar(
        select(Onboarding.officer_id)
        .where(Onboarding.ends_at.is_not(None), Onboarding.stage == "drill", _acknowledged())
        .limit(1)
    )
    if done is not None:
        return now
    at: datetime | None = await session.scalar(
        select(func.min(Onboarding.ends_at)).where(Onboarding.ends_at.is_not(None))
    )
    return at


async def look_after(session: AsyncSession, now: datetime, voice: Voice) -> None:
    """Congratulate who acknowledged; take back what is still open when its time is over."""
    acknowledged = await session.execute(
        select(Onboarding, Filing)
        .join(Filing, Filing.id == Onboarding.filing_id)
        .where(
            Onboarding.ends_at.is_not(None),
            Onboarding.stage == "drill",
            Filing.acknowledged_at.is_not(None),
        )
        .with_for_update(of=Onboarding, skip_locked=True)
    )
    for steps, filing in acknowledged.all():
        steps.stage = "finished"
        steps.finished_at = now
        await session.flush()
        seconds = int(((filing.acknowledged_at or now) - filing.received_at).total_seconds())
        await _say(session, steps, voice, now, seconds=seconds)
    over = await session.scalars(
        select(Onboarding).where(Onboarding.ends_at <= now).with_for_update(skip_locked=True)
    )
    for steps in over.all():
        steps.ends_at = None
        if steps.filing_id is not None:
            await _take_back(session, [steps.filing_id], now)
        if steps.stage == "drill":
            steps.stage = LESSONS[-1]
            steps.nonce = _nonce()
            await session.flush()
            await _say(session, steps, voice, now)


async def _take_back(session: AsyncSession, filing_ids: list[int], now: datetime) -> None:
    still_open = await session.scalars(
        select(Filing.id)
        .where(Filing.id.in_(filing_ids), Filing.state.in_(drills.OPEN))
        .with_for_update()
    )
    await drills.take_back(session, still_open.all(), now)


async def _say(
    session: AsyncSession,
    steps: Onboarding,
    voice: Voice,
    now: datetime,
    *,
    seconds: int | None = None,
) -> None:
    officer = await session.get_one(Officer, steps.officer_id)
    if officer.telegram_id is None:
        return
    court = await courts.get(session, officer.court_code)
    newcomer = Newcomer(officer, court, ANSWERING_POSTS)
    words = await lessons(session, steps, newcomer, voice, officer.language or voice.desk.locale)
    said: Said = words.unanswered() if seconds is None else words.finished(seconds)
    steps.row_id = await outbox.reply(
        session, officer.telegram_id, said.text, said.buttons, now=now, officer_id=officer.id
    )


def _nonce() -> str:
    return secrets.token_urlsafe(6)
