"""Each deed of a made-up season's story as one call of the use case that the chat would call. Decides nothing."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import officers
from directory.models import Court, Officer
from notifications import (
    bulletin_contests,
    bulletins,
    form_filling,
    form_rules,
    forms,
    notice_receipts,
    notices,
    season_script,
    shipped_forms,
)
from notifications import season_lesson_deeds as lessons
from notifications.bulletin_figures import Period, Sheet
from notifications.bulletin_models import Bulletin
from notifications.bulletin_words import percent
from notifications.notice_audience import Audience, Reach, Signer
from notifications.season import HOME
from notifications.season_memory import Memory, who
from notifications.season_script import Inspection, Told
from notifications.season_story import COORDINATOR, HIGH, Act, Seat

#: So many courts present themselves at a meeting, and so many make a statement.
_ENDS = 3


class DeedFailed(RuntimeError):
    """Something of the story could not be done as it was drawn."""

    def __init__(self, act: Act, outcome: object) -> None:
        super().__init__(f"{act.at} {act.deed} {act.item} {act.seat}: {outcome}")


async def do(memory: Memory, session: AsyncSession, act: Act) -> None:
    """Do it now.

    Raises:
        DeedFailed: the product refused it.
    """
    officer = await memory.officer(session, act.seat)
    outcome = await _DEEDS[act.deed](memory, session, act, officer)
    if outcome is not None:
        raise DeedFailed(act, outcome)


# Notices


async def notice(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> None:
    """Send a notice; one that reports a meeting quotes its bulletin."""
    told: Told = act.value
    audience = Audience("province", HOME, posts=told.posts)
    if told.cities:
        audience = Audience("city", HOME, told.cities, told.cities, told.posts)
    at = act.at
    sent = await notices.send(
        session,
        notices.Wish(
            text=await _filled(memory, session, told),
            audience=audience,
            send_at=at,
            written_by=who(officer, act),
            officer_id=officer.id,
            confirm_by=at + told.confirm_after,
            attachments=[
                {"kind": _kind(name), "file_id": f"{told.key}-{number}", "name": name}
                for number, name in enumerate(told.attachments)
            ],
        ),
        memory.voice.desk,
        now=at,
    )
    memory.numbers[act.item] = sent.id


async def _filled(memory: Memory, session: AsyncSession, told: Told) -> str:
    figures: dict[str, Any] = {"courts": await _courts(session)}
    if told.key in season_script.REPORTS:
        bulletin = await session.get_one(Bulletin, memory.numbers[season_script.REPORTS[told.key]])
        figures |= quoted(bulletins.sheet_of(bulletin))
    return told.text.format(**figures)


async def edit(memory: Memory, session: AsyncSession, act: Act, _officer: Officer) -> str | None:
    """Give a notice another text."""
    held = await notices.hold(session, memory.numbers[act.item])
    if held is None:
        return "missing"
    await notices.edit(session, held, act.value, now=act.at)
    return None


async def recall(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> str | None:
    """Take a notice back."""
    held = await notices.hold(session, memory.numbers[act.item])
    if held is None:
        return "missing"
    await notices.recall(session, held, who(officer, act), now=act.at)
    return None


async def confirm(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> str | None:
    """已阅."""
    number = memory.numbers[act.item]
    outcome = await notice_receipts.confirm(
        session, number, officer.id, who(officer, act), now=act.at
    )
    return None if outcome == "confirmed" else outcome


async def sign_for(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> str | None:
    """代签, by the leader of the court."""
    signer = Signer(
        officer.id, officer.court_code, officer.court.province,
        frozenset({act.seat.post}), None,
    )  # fmt: skip
    outcome = await notice_receipts.sign_for(
        session, memory.numbers[act.item], memory.people[act.value], who(officer, act), signer,
        now=act.at,
    )  # fmt: skip
    return None if outcome == "confirmed" else outcome


# The form of the inspection


async def form(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> None:
    """Send the shipped form with its notice."""
    sheet: Inspection = act.value
    made = shipped_forms.shipped(shipped_forms.SIX_UNITIES, memory.voice.desk.locale)
    wish = notices.Wish(
        sheet.text, Audience("province", HOME, posts=sheet.posts), act.at, who(officer, act),
        officer.id, confirm_by=act.at + timedelta(days=2),
    )  # fmt: skip
    plan = forms.Plan(made.title, made.questions, sheet.due, made.key)
    form = await forms.create(session, wish, plan, memory.voice.desk, now=act.at)
    memory.forms[act.item] = form.id
    memory.numbers[act.item] = form.notice_id


async def fill(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> object | None:
    """Answer every question of a court, one after the other, and hand its sheet in."""
    court, answers = act.value
    # Half a minute for each.
    begun = act.at - timedelta(seconds=30 * len(answers))
    refused = await _answers(memory, session, act, officer, begun)
    if refused is not None:
        return refused
    held = await form_filling.hold(session, memory.forms[act.item], court)
    writer = _writer(act, officer, court)
    if held is None or writer is None:
        return "nobody to fill it"
    outcome = await form_filling.submit(session, held, writer, now=act.at)
    return None if outcome == "filled" else outcome


async def correct(
    memory: Memory, session: AsyncSession, act: Act, officer: Officer
) -> object | None:
    """Give another answer in a sheet that was handed in."""
    return await _answers(memory, session, act, officer, act.at)


async def _answers(
    memory: Memory, session: AsyncSession, act: Act, officer: Officer, begun: datetime
) -> object | None:
    court, answers = act.value
    held = await form_filling.hold(session, memory.forms[act.item], court)
    writer = _writer(act, officer, court)
    if held is None or writer is None:
        return "nobody to fill it"
    asked = {one.key: one for one in held.questions}
    for place, (key, value) in enumerate(answers.items()):
        at = begun + timedelta(seconds=30 * place)
        shut = await form_filling.answer(session, held, asked[key], value, writer, now=at)
        if shut is not None:
            return shut
    return None


async def close(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> str | None:
    """End the form: no answer is taken any more."""
    held = await forms.hold(session, memory.forms[act.item])
    done = held and await forms.close(session, held, who(officer, act), now=act.at)
    return None if done else "not closed"


# Bulletins


async def bulletin(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> None:
    """Publish one."""
    made, _told = await bulletins.publish(
        session, HOME, Period(act.value.first, act.value.last), act.value.layout,
        who(officer, act), officer.id, memory.voice.desk, now=act.at,
    )  # fmt: skip
    memory.numbers[act.item] = made.id


async def contest(memory: Memory, session: AsyncSession, act: Act, _lead: Officer) -> str | None:
    """The leader of the first court with a filing counted late contests the first of them."""
    bulletin = await session.get_one(Bulletin, memory.numbers[act.item])
    for line in bulletins.sheet_of(bulletin).lines:
        found = await bulletin_contests.contestable(session, bulletin, line.key, memory.voice.desk)
        leader = Seat(line.key, "leader")
        if found and line.key != HIGH:
            officer = await memory.officer(session, leader)
            made = await bulletin_contests.contest(
                session, bulletin, line.key, found[0].filing_id, act.value,
                officers.display(officer, "leader"), officer.id, memory.voice.desk, now=act.at,
            )  # fmt: skip
            memory.contests[act.item] = made.id
            return None
    return "nothing was counted late"


async def decide(memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> None:
    """The coordinator decides about it."""
    await bulletin_contests.decide(
        session, memory.contests[act.item], act.value.decision, who(officer, act),
        counts_as=act.value.counts_as, now=act.at,
    )  # fmt: skip


def quoted(sheet: Sheet) -> dict[str, str]:
    """What a notice about a dispatch meeting says of its bulletin."""
    best, last = sheet.ends("states", _ENDS)
    rate, mean = sheet.total.states.rate, sheet.total.measures.working.mean
    return {
        "total": str(sheet.total.states.total),
        "rate": percent(rate),
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


def _writer(act: Act, officer: Officer, court: str) -> form_filling.Writer | None:
    """As whom somebody fills the sheet of a court, by the rules."""
    reach: Reach | None = "province" if act.seat.post == COORDINATOR else None
    posts = frozenset({act.seat.post})
    signer = Signer(officer.id, officer.court_code, officer.court.province, posts, reach)
    acts = form_rules.filler(signer, court, HOME)
    return form_filling.Writer(who(officer, act), officer.id, acts) if acts else None


def _kind(name: str) -> str:
    return "photo" if name.endswith(".jpg") else "document"


# Phones


async def unlink(_memory: Memory, session: AsyncSession, act: Act, officer: Officer) -> str | None:
    """A phone is gone: its account is taken away at once."""
    done = await officers.unlink(session, officer, who=who(officer, act), now=act.at)
    return None if done else "not linked"


_Deed = Callable[[Memory, AsyncSession, Act, Officer], Awaitable[object | None]]

_DEEDS: Mapping[str, _Deed] = {
    "notice": notice,
    "edit": edit,
    "recall": recall,
    "confirm": confirm,
    "sign_for": sign_for,
    "announce": lessons.announce,
    "sign_up": lessons.sign_up,
    "code": lessons.code,
    "attend": lessons.attend,
    "wrong_code": lessons.wrong_code,
    "quiz": lessons.quiz,
    "try": lessons.a_try,
    "appoint": lessons.appoint,
    "ask": lessons.ask,
    "answer": lessons.answer,
    "solve": lessons.solve,
    "publish": lessons.publish,
    "form": form,
    "fill": fill,
    "correct": correct,
    "close": close,
    "bulletin": bulletin,
    "contest": contest,
    "decide": decide,
    "unlink": unlink,
}
