"""Quizzes of sessions: brought in, taken one question after the other, marked. Rules: `training_rules`. Says nothing."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Officer
from notifications import training_rules
from notifications.training_models import Quiz, QuizTry, TrainingSession
from notifications.training_rules import Marks, NoTry, Question, Try


async def questions_of(session: AsyncSession, training_id: int) -> tuple[Question, ...]:
    """The questions of a session; none when it has no quiz."""
    quiz = await session.get(Quiz, training_id)
    if quiz is None:
        return ()
    return tuple(
        Question(one["text"], tuple(one["choices"]), one["right"]) for one in quiz.questions
    )


async def load(
    session: AsyncSession,
    training: TrainingSession,
    questions: Sequence[Question],
    who: str,
    *,
    now: datetime,
) -> bool:
    """Give a held session its questions; False when somebody has begun with those it has."""
    begun = await session.scalar(select(exists().where(QuizTry.session_id == training.id)))
    if begun:
        return False
    quiz = await session.get(Quiz, training.id)
    if quiz is None:
        quiz = Quiz(session_id=training.id)
        session.add(quiz)
    quiz.questions = [
        {"text": one.text, "choices": list(one.choices), "right": one.right} for one in questions
    ]
    quiz.loaded_by = who
    quiz.loaded_at = now
    await session.flush()
    return True


async def tries_of(session: AsyncSession, training_id: int, officer_id: int) -> list[QuizTry]:
    """Somebody's tries at a quiz, the first first."""
    found = await session.scalars(
        select(QuizTry)
        .where(QuizTry.session_id == training_id, QuizTry.officer_id == officer_id)
        .order_by(QuizTry.id)
    )
    return list(found)


def ended(tries: Sequence[QuizTry]) -> list[Try]:
    """Tries as the rules know them."""
    return [Try(bool(one.passed), one.ended_at) for one in tries]


async def begin(
    session: AsyncSession, training: TrainingSession, officer: Officer, *, now: datetime
) -> QuizTry | NoTry:
    """The try that somebody has open, else a new one; or why there is none now."""
    # Of two presses at once the second finds the try of the first.
    await session.execute(select(Officer.id).where(Officer.id == officer.id).with_for_update())
    tries = await tries_of(session, training.id, officer.id)
    still = next((one for one in tries if one.ended_at is None), None)
    if still is not None:
        return still
    refused = training_rules.may_try(ended(tries), now)
    if refused is not None:
        return refused
    fresh = QuizTry(
        session_id=training.id, officer_id=officer.id, court_code=officer.court_code,
        nonce=secrets.token_urlsafe(6), row_id=None, answers=[], started_at=now,
        ended_at=None, right=None, passed=None,
    )  # fmt: skip
    session.add(fresh)
    await session.flush()
    return fresh


async def hold(session: AsyncSession, try_id: int) -> QuizTry | None:
    """A try, locked and as it stands."""
    found: QuizTry | None = await session.scalar(
        select(QuizTry)
        .where(QuizTry.id == try_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


def answer(
    held: QuizTry, questions: Sequence[Question], place: int, choice: int, *, now: datetime
) -> Marks | bool:
    """Take an answer to the question at `place` (from 0) into a held try.

    Returns:
        False for a press that is over (another question is asked by now) or impossible, True when the next
        question follows, the marks after the last one.
    """
    if held.ended_at is not None or place != len(held.answers) or place >= len(questions):
        return False
    if not 0 <= choice < len(questions[place].choices):
        return False
    held.answers = [*held.answers, choice]
    if len(held.answers) < len(questions):
        return True
    came = training_rules.marks(questions, held.answers)
    held.ended_at, held.right, held.passed = now, came.right, came.passed
    return came
