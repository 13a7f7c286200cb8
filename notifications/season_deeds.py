"""Each deed of a made-up season's story as one call of the use case that the chat would call. Decides nothing."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from directory import officers
from directory.models import Court, Officer
from notifications import (
    attendance,
    bulletin_contests,
    bulletins,
    faq,
    notice_receipts,
    notices,
    question_readers,
    questions,
    quizzes,
    season_script,
    training,
)
from notifications.bulletin_figures import Period, Sheet
from notifications.bulletin_models import Bulletin
from notifications.notice_audience import Audience, Signer
from notifications.question_models import Question
from notifications.questions import Place
from notifications.season import HOME
from notifications.season_script import Lesson, Told
from notifications.season_story import HIGH, Act, Seat
from notifications.told import Voice
from notifications.training_models import QuizTry
from notifications.training_rules import Question as QuizQuestion

#: So many courts present themselves at a meeting, and so many make a statement.
_ENDS = 3


class DeedFailed(RuntimeError):
    """Something of the story could not be done as it was drawn."""

    def __init__(self, act: Act, outcome: object) -> None:
        super().__init__(f"{act.at} {act.deed} {act.item} {act.seat}: {outcome}")


@dataclass(slots=True)
class StoryDeeds:
    """What people of the story do; remembers under which number each item is stored."""

    voice: Voice
    #: The officer of each seat.
    people: Mapping[Seat, int]
    numbers: dict[str, int] = field(default_factory=dict)
    #: Who contested a bulletin: the contest's number by the bulletin's item.
    contests: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    async def do(self, session: AsyncSession, act: Act) -> None:
        """Do it now.

        Raises:
            DeedFailed: the product refused it.
        """
        deed = _DEEDS[act.deed]
        officer = await self._officer(session, act.seat)
        outcome = await deed(self, session, act, officer)
        if outcome is not None:
            raise DeedFailed(act, outcome)

    async def _officer(self, session: AsyncSession, seat: Seat) -> Officer:
        number = self.people[seat]
        return (await officers.these(session, [number]))[number]

    # Notices

    async def notice(self, session: AsyncSession, act: Act, officer: Officer) -> None:
        """Send a notice; one that reports a meeting quotes its bulletin."""
        told: Told = act.value
        audience = Audience("province", HOME, posts=told.posts)
        if told.cities:
            audience = Audience("city", HOME, told.cities, told.cities, told.posts)
        at = act.at
        sent = await notices.send(
            session,
            notices.Wish(
                text=(await self._filled(session, told)),
                audience=audience,
                send_at=at,
                written_by=_who(officer, act),
                officer_id=officer.id,
                confirm_by=at + told.confirm_after,
                attachments=[
                    {"kind": _kind(name), "file_id": f"{told.key}-{number}", "name": name}
                    for number, name in enumerate(told.attachments)
                ],
            ),
            self.voice.desk,
            now=at,
        )
        self.numbers[act.item] = sent.id

    async def _filled(self, session: AsyncSession, told: Told) -> str:
        figures: dict[str, Any] = {"courts": await _courts(session)}
        if told.key in season_script.REPORTS:
            bulletin = await session.get_one(
                Bulletin, self.numbers[season_script.REPORTS[told.key]]
            )
            figures |= quoted(bulletins.sheet_of(bulletin))
        return told.text.format(**figures)

    async def edit(self, session: AsyncSession, act: Act, _officer: Officer) -> str | None:
        """Give a notice another text."""
        held = await notices.hold(session, self.numbers[act.item])
        if held is None:
            return "missing"
        await notices.edit(session, held, act.value, now=act.at)
        return None

    async def recall(self, session: AsyncSession, act: Act, officer: Officer) -> str | None:
        """Take a notice back."""
        held = await notices.hold(session, self.numbers[act.item])
        if held is None:
            return "missing"
        await notices.recall(session, held, _who(officer, act), now=act.at)
        return None

    async def confirm(self, session: AsyncSession, act: Act, officer: Officer) -> str | None:
        """已阅."""
        number, who = self.numbers[act.item], _who(officer, act)
        outcome = await notice_receipts.confirm(session, number, officer.id, who, now=act.at)
        return None if outcome == "confirmed" else outcome

    async def sign_for(self, session: AsyncSession, act: Act, officer: Officer) -> str | None:
        """代签, by the leader of the court."""
        signer = Signer(
            officer.id, officer.court_code, officer.court.province,
            frozenset({act.seat.post}), None,
        )  # fmt: skip
        outcome = await notice_receipts.sign_for(
            session, self.numbers[act.item], self.people[act.value], _who(officer, act), signer,
            now=act.at,
        )  # fmt: skip
        return None if outcome == "confirmed" else outcome

    # Trainings

    async def announce(self, session: AsyncSession, act: Act, officer: Officer) -> None:
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
            made_by=_who(officer, act),
            officer_id=officer.id,
        )
        text = lesson.text.format(title=lesson.title)
        made = await training.announce(session, plan, text, self.voice.desk, now=act.at)
        self.numbers[act.item] = made.id

    async def sign_up(self, session: AsyncSession, act: Act, officer: Officer) -> str | None:
        """报名, or not."""
        held = await training.hold(session, self.numbers[act.item])
        if held is None:
            return "missing"
        who = _who(officer, act)
        outcome = await training.answer(session, held, officer, who, act.value, now=act.at)
        return None if outcome == act.value else outcome

    async def code(self, session: AsyncSession, act: Act, _officer: Officer) -> str | None:
        """Ask for the attendance code, to be said in the session."""
        held = await training.hold(session, self.numbers[act.item])
        if held is None:
            return "missing"
        self.codes[act.item] = await attendance.code_of(session, held, now=act.at)
        return None

    async def attend(self, session: AsyncSession, act: Act, officer: Officer) -> object | None:
        """Type the code."""
        came = await attendance.check_in(session, officer, self.codes[act.item], now=act.at)
        return (
            None if isinstance(came, attendance.CheckedIn) and not came.again else came or "wrong"
        )

    async def wrong_code(self, session: AsyncSession, act: Act, officer: Officer) -> object | None:
        """Type one that is none."""
        wrong = self.codes[act.item][::-1]
        if wrong == self.codes[act.item]:
            wrong = f"{(int(wrong) + 1) % 10**6:06}"
        return await attendance.check_in(session, officer, wrong, now=act.at)

    async def quiz(self, session: AsyncSession, act: Act, officer: Officer) -> str | None:
        """Bring in the questions."""
        held = await training.hold(session, self.numbers[act.item])
        asked = [QuizQuestion(*one) for one in season_script.QUIZ]
        who = _who(officer, act)
        if held is None or not await quizzes.load(session, held, asked, who, now=act.at):
            return "not loaded"
        return None

    async def a_try(self, session: AsyncSession, act: Act, officer: Officer) -> object | None:
        """Take the quiz from its first question to its last."""
        held = await training.hold(session, self.numbers[act.item])
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

    async def appoint(self, session: AsyncSession, act: Act, officer: Officer) -> str | None:
        """Appoint whoever answers the province's questions first."""
        chosen = await self._officer(session, act.value)
        by = _who(officer, act)
        done = await question_readers.appoint(session, chosen, by=by, now=act.at)
        return None if done else "appointed before"

    async def ask(self, session: AsyncSession, act: Act, officer: Officer) -> object | None:
        """Ask in the private chat."""
        place = Place(officer.telegram_id or 0, None)
        asked = await questions.ask(
            session, officer, act.seat.post, act.value, place, self.voice, now=act.at
        )
        if not isinstance(asked, Question):
            return asked
        self.numbers[act.item] = asked.id
        return None

    async def answer(self, session: AsyncSession, act: Act, officer: Officer) -> str | None:
        """Answer it."""
        held = await questions.locked(session, self.numbers[act.item])
        if held is None or await questions.unfit(session, act.value) is not None:
            return "no answer"
        await questions.answer(
            session, held, officer, act.seat.post, act.value, self.voice, now=act.at
        )
        return None

    async def solve(self, session: AsyncSession, act: Act, _officer: Officer) -> str | None:
        """已解决."""
        held = await questions.locked(session, self.numbers[act.item])
        if held is None:
            return "missing"
        await questions.solve(session, held, self.voice, now=act.at)
        return None

    async def publish(self, session: AsyncSession, act: Act, officer: Officer) -> str | None:
        """Put question and answer on the published list, as they were said."""
        held = await questions.locked(session, self.numbers[act.item])
        if held is None:
            return "missing"
        asked, answered = (
            next(turn["text"] for turn in held.turns if turn["kind"] == kind)
            for kind in ("asked", "answered")
        )
        entry = await faq.publish(
            session, asked, answered, province=HOME, by=_who(officer, act), now=act.at
        )
        await questions.decide(
            session, held, "published", self.voice, now=act.at, entry_id=entry.id
        )
        return None

    # Bulletins

    async def bulletin(self, session: AsyncSession, act: Act, officer: Officer) -> None:
        """Publish one."""
        made = await bulletins.publish(
            session, HOME, Period(act.value.first, act.value.last), act.value.layout,
            _who(officer, act), officer.id, self.voice.desk, now=act.at,
        )  # fmt: skip
        self.numbers[act.item] = made.id

    async def contest(self, session: AsyncSession, act: Act, _lead: Officer) -> str | None:
        """The leader of the first court with a filing counted late contests the first of them."""
        bulletin = await session.get_one(Bulletin, self.numbers[act.item])
        for line in bulletins.sheet_of(bulletin).lines:
            found = await bulletin_contests.contestable(
                session, bulletin, line.key, self.voice.desk
            )
            leader = Seat(line.key, "leader")
            if found and line.key != HIGH:
                officer = await self._officer(session, leader)
                made = await bulletin_contests.contest(
                    session, bulletin, line.key, found[0].filing_id, act.value,
                    officers.display(officer, "leader"), officer.id, self.voice.desk, now=act.at,
                )  # fmt: skip
                self.contests[act.item] = made.id
                return None
        return "nothing was counted late"

    async def decide(self, session: AsyncSession, act: Act, officer: Officer) -> None:
        """The coordinator decides about it."""
        await bulletin_contests.decide(
            session, self.contests[act.item], act.value.decision, _who(officer, act),
            accepted=act.value.accepted, now=act.at,
        )  # fmt: skip

    # Phones

    async def unlink(self, session: AsyncSession, act: Act, officer: Officer) -> str | None:
        """A phone is gone: its account is taken away at once."""
        who = _who(officer, act)
        done = await officers.unlink(session, officer, who=who, now=act.at)
        return None if done else "not linked"


_Deed = Callable[[StoryDeeds, AsyncSession, Act, Officer], Awaitable[object | None]]

_DEEDS: Mapping[str, _Deed] = {
    "notice": StoryDeeds.notice,
    "edit": StoryDeeds.edit,
    "recall": StoryDeeds.recall,
    "confirm": StoryDeeds.confirm,
    "sign_for": StoryDeeds.sign_for,
    "announce": StoryDeeds.announce,
    "sign_up": StoryDeeds.sign_up,
    "code": StoryDeeds.code,
    "attend": StoryDeeds.attend,
    "wrong_code": StoryDeeds.wrong_code,
    "quiz": StoryDeeds.quiz,
    "try": StoryDeeds.a_try,
    "appoint": StoryDeeds.appoint,
    "ask": StoryDeeds.ask,
    "answer": StoryDeeds.answer,
    "solve": StoryDeeds.solve,
    "publish": StoryDeeds.publish,
    "bulletin": StoryDeeds.bulletin,
    "contest": StoryDeeds.contest,
    "decide": StoryDeeds.decide,
    "unlink": StoryDeeds.unlink,
}


async def seats(session: AsyncSession) -> dict[Seat, int]:
    """Who holds each post; of several the one with the lowest number."""
    people = select(Officer).options(selectinload(Officer.posts)).order_by(Officer.id)
    held: dict[Seat, int] = {}
    for officer in await session.scalars(people):
        for one in officer.posts:
            held.setdefault(Seat(officer.court_code, one.post), officer.id)
    return held


def quoted(sheet: Sheet) -> dict[str, str]:
    """What a notice about a dispatch meeting says of its bulletin."""
    best, last = sheet.ends("states", _ENDS)
    rate, mean = sheet.total.states.rate, sheet.total.measures.working.mean
    return {
        "total": str(sheet.total.states.total),
        "rate": f"{float(rate or 0):.1%}",
        "mean": f"{(mean or 0) / 60:.1f}",
        "best": "、".join(line.name for line in best),
        "last": "、".join(line.name for line in last),
    }


async def _courts(session: AsyncSession) -> int:
    """How many courts the home province has."""
    count = await session.scalar(
        select(func.count()).select_from(Court).where(Court.province == HOME)
    )
    return count or 0


def _who(officer: Officer, act: Act) -> str:
    return officers.display(officer, act.seat.post)


def _kind(name: str) -> str:
    return "photo" if name.endswith(".jpg") else "document"
