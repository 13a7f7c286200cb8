"""What people of a made-up season do about trainings and questions, each deed one call of its use case. Decides nothing."""

from datetime import datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Officer
from notifications import (
    attendance,
    faq,
    question_readers,
    questions,
    quizzes,
    season_script,
    training,
)
from notifications.notice_audience import Audience
from notifications.question_models import Question
from notifications.questions import Place
from notifications.season import HOME
from notifications.season_memory import Memory, who
from notifications.season_script import Lesson
from notifications.season_story import Act
from notifications.training_models import QuizTry
from notifications.training_rules import Question as QuizQuestion

# Trainings


async def announce(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> None:
    """Announce a session."""
    lesson: Lesson = act.value
    since = lesson.untrained_since
    narrowing = None
    if since is not None:
        narrowing = "untrained", datetime.combine(since, time(), season_script.ZONE).isoformat()
    plan = training.Plan(
        title=lesson.title,
        starts_at=lesson.starts,
        lasts_minutes=lesson.minutes,
        place=lesson.place,
        audience=Audience("province", HOME, posts=lesson.posts, narrowing=narrowing),
        made_by=who(officer, act),
        officer_id=officer.id,
    )
    text = lesson.text.format(title=lesson.title)
    made = await training.announce(session, plan, text, memory.voice.desk, now=act.at)
    memory.numbers[act.item] = made.id


async def sign_up(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> str | None:
    """报名, or not."""
    held = await training.hold(session, memory.numbers[act.item])
    if held is None:
        return "missing"
    outcome = await training.answer(
        session, held, officer, who(officer, act), act.value, now=act.at
    )
    return None if outcome == act.value else outcome


async def code(memory: Memory, session: AsyncSession, act: Act, _officer: Officer) -> str | None:
    """Ask for the attendance code, to be said in the session."""
    held = await training.hold(session, memory.numbers[act.item])
    if held is None:
        return "missing"
    memory.codes[act.item] = await attendance.code_of(session, held, now=act.at)
    return None


async def attend(
    memory: Memory, session: AsyncSession, act: Act, officer: Officer
) -> object | None:
    """Type the code."""
    came = await attendance.check_in(session, officer, memory.codes[act.item], now=act.at)
    return None if isinstance(came, attendance.CheckedIn) and not came.again else came or "wrong"


async def wrong_code(
    memory: Memory, session: AsyncSession, act: Act, officer: Officer
) -> object | None:
    """Type one that is none."""
    wrong = memory.codes[act.item][::-1]
    if wrong == memory.codes[act.item]:
        wrong = f"{(int(wrong) + 1) % 10**6:06}"
    return await attendance.check_in(session, officer, wrong, now=act.at)


async def quiz(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> str | None:
    """Bring in the questions."""
    held = await training.hold(session, memory.numbers[act.item])
    asked = [QuizQuestion(*one) for one in season_script.QUIZ]
    if held is None or not await quizzes.load(session, held, asked, who(officer, act), now=act.at):
        return "not loaded"
    return None


async def a_try(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> object | None:
    """Take the quiz from its first question to its last."""
    held = await training.hold(session, memory.numbers[act.item])
    begun = await quizzes.begin(session, held, officer, now=act.at) if held else None
    if not isinstance(begun, QuizTry):
        return begun or "missing"
    asked = await quizzes.questions_of(session, begun.session_id)
    for place, choice in enumerate(act.value):
        # A question takes about twenty seconds.
        at = act.at + timedelta(seconds=20 * (place + 1))
        if not quizzes.answer(begun, asked, place, choice, now=at):
            return f"question {place}"
    return None


# Questions


async def appoint(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> str | None:
    """Appoint whoever answers the province's questions first."""
    chosen = await memory.officer(session, act.value)
    by = who(officer, act)
    done = await question_readers.appoint(session, chosen, by=by, now=act.at)
    return None if done else "appointed before"


async def ask(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> object | None:
    """Ask in the private chat."""
    place = Place(officer.telegram_id or 0, None)
    asked = await questions.ask(
        session, officer, act.seat.post, act.value, place, memory.voice, now=act.at
    )
    if not isinstance(asked, Question):
        return asked
    memory.numbers[act.item] = asked.id
    return None


async def answer(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> str | None:
    """Answer it."""
    held = await questions.locked(session, memory.numbers[act.item])
    if held is None or await questions.unfit(session, act.value) is not None:
        return "no answer"
    await questions.answer(
        session, held, officer, act.seat.post, act.value, memory.voice, now=act.at
    )
    return None


async def solve(memory: Memory, session: AsyncSession, act: Act, _officer: Officer) -> str | None:
    """已解决."""
    held = await questions.locked(session, memory.numbers[act.item])
    if held is None:
        return "missing"
    await questions.solve(session, held, memory.voice, now=act.at)
    return None


async def publish(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> str | None:
    """Put question and answer on the published list, as they were said."""
    held = await questions.locked(session, memory.numbers[act.item])
    if held is None:
        return "missing"
    asked, answered = (
        next(turn["text"] for turn in held.turns if turn["kind"] == kind)
        for kind in ("asked", "answered")
    )
    entry = await faq.publish(
        session, asked, answered, province=HOME, by=who(officer, act), now=act.at
    )
    await questions.decide(session, held, "published", memory.voice, now=act.at, entry_id=entry.id)
    return None
