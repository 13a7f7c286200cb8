"""What came of a season's story, counted from the tables alone, and every way in which that is not what was planned.

The plan counts deeds; here rows are counted, in questions of its own: nothing is shared but the items' order.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import eq
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from notifications import season_script
from notifications.bulletin_models import Bulletin, BulletinContest
from notifications.form_models import Form, FormAnswer, FormSheet
from notifications.notice_models import Notice, NoticeRecipient
from notifications.question_models import FaqEntry, Question, QuestionAnswerer
from notifications.season_story import COORDINATOR, Act, Story
from notifications.training_models import Quiz, QuizTry, TrainingPlace, TrainingSession

#: Deeds that send or ask something: the items of each table in the order of their numbers.
_MAKES = {
    "notice": Notice,
    "announce": TrainingSession,
    "ask": Question,
    "form": Form,
    "bulletin": Bulletin,
}

#: What leaves no row: a code that was asked for, one that was wrong, an account taken away.
_TRACELESS = frozenset({"code", "wrong_code", "unlink"})


async def found(session: AsyncSession) -> dict[str, Counter[str]]:
    """What the tables hold, each item under its table's name and place (`announce:1`), deeds as the plan names them."""
    counts: dict[str, Counter[str]] = {}
    for make, read in (
        ("notice", _notices), ("announce", _sessions), ("ask", _questions), ("form", _forms),
        ("bulletin", _bulletins),
    ):  # fmt: skip
        for place, row in enumerate((await session.execute(read())).mappings()):
            some = {deed: int(count) for deed, count in row.items() if deed != "id" and count}
            counts[f"{make}:{place}"] = Counter({make: 1, **some})
    appointed = await session.scalar(select(func.count()).select_from(QuestionAnswerer))
    counts["answerers"] = Counter(appoint=appointed or 0)
    return counts


def planned(story: Story) -> dict[str, Counter[str]]:
    """The same of the plan."""
    names: dict[str, str] = {}
    made: Counter[str] = Counter()
    for act in story.acts:
        if act.deed in _MAKES:
            names[act.item] = f"{act.deed}:{made[act.deed]}"
            made[act.deed] += 1
    wanted: dict[str, Counter[str]] = {}
    for item, deeds in story.counted().items():
        if seen := Counter({deed: n for deed, n in deeds.items() if deed not in _TRACELESS}):
            mine = [act for act in story.acts if act.item == item]
            seen.update(people=story.people.get(item, 0), **_further(mine))
            wanted[names.get(item, item)] = +seen
    return wanted


def _further(acts: Sequence[Act]) -> dict[str, int]:
    """Figures that are no deed: who passed; which sheets the inspectors filled, and which came late."""
    rights = [right for _text, _choices, right in season_script.QUIZ]
    passed = {
        act.seat
        for act in acts
        if act.deed == "try"
        and 5 * sum(map(eq, act.value, rights)) >= 4 * len(rights)  # 80 of a hundred
    }
    fills = [act for act in acts if act.deed == "fill"]
    return {
        "passed": len(passed),
        "inspected": sum(act.seat.post == COORDINATOR for act in fills),
        "late": sum(act.at > season_script.INSPECTION.due for act in fills),
    }


async def disagreements(session: AsyncSession, story: Story) -> list[str]:
    """Every figure of the tables that is not the plan's, in words; empty when there is none."""
    wanted, there = planned(story), await found(session)
    return [
        f"{item}: {deed} {there.get(item, Counter())[deed]}, planned {wanted.get(item, Counter())[deed]}"
        for item in sorted(wanted.keys() | there.keys())
        for deed in sorted(wanted.get(item, Counter()) | there.get(item, Counter()))
        if wanted.get(item, Counter())[deed] != there.get(item, Counter())[deed]
    ]


def together(counts: Mapping[str, Counter[str]]) -> dict[str, Counter[str]]:
    """The figures of all items of a kind, by the deed that makes one."""
    kinds: dict[str, Counter[str]] = {make: Counter() for make in _MAKES}
    for item, deeds in counts.items():
        kinds.setdefault(item.partition(":")[0], Counter()).update(deeds)
    return kinds


def _count(*conditions: Any) -> Any:
    return func.sum(case((and_(*conditions), 1), else_=0))


def _notices() -> Select[Any]:
    """Those of sessions and forms are counted there."""
    person = NoticeRecipient
    confirmed, other = person.confirmed_at.is_not(None), person.confirmed_for_by_id.is_not(None)
    ridden = [
        Notice.id.not_in(select(one.notice_id).where(one.notice_id.is_not(None)))
        for one in (TrainingSession, Form)
    ]
    return (
        select(
            Notice.id,
            func.count().label("people"),
            _count(confirmed, ~other).label("confirm"),
            _count(other).label("sign_for"),
            func.max(case((Notice.edited_at.is_not(None), 1), else_=0)).label("edit"),
            func.max(case((Notice.recalled_at.is_not(None), 1), else_=0)).label("recall"),
        )
        .join(person, person.notice_id == Notice.id)
        .where(*ridden)
        .group_by(Notice.id)
        .order_by(Notice.id)
    )


def _sessions() -> Select[Any]:
    one = TrainingSession
    return select(
        one.id,
        _of(NoticeRecipient, NoticeRecipient.notice_id == one.notice_id).label("people"),
        _of(Quiz, Quiz.session_id == one.id).label("quiz"),
        _of(TrainingPlace, TrainingPlace.session_id == one.id, TrainingPlace.answer.is_not(None)).label("sign_up"),
        _of(TrainingPlace, TrainingPlace.session_id == one.id, TrainingPlace.attended_at.is_not(None)).label("attend"),
        _of(QuizTry, QuizTry.session_id == one.id, QuizTry.ended_at.is_not(None)).label("try"),
        _of(QuizTry, QuizTry.session_id == one.id, QuizTry.passed.is_(True)).label("passed"),
    ).order_by(one.id)  # fmt: skip


def _questions() -> Select[Any]:
    one = Question
    return select(
        one.id,
        _is(one.answered_at.is_not(None)).label("answer"),
        _is(one.state == "solved").label("solve"),
        _of(FaqEntry, FaqEntry.id == one.entry_id, one.decision == "published").label("publish"),
    ).order_by(one.id)


def _forms() -> Select[Any]:
    one, sheet, person = Form, FormSheet, NoticeRecipient
    mine, told = sheet.form_id == one.id, person.notice_id == one.notice_id
    filled = sheet.filled_at.is_not(None)
    fillers = select(sheet.filled_by_officer_id).where(mine, filled).correlate(one)
    again = (
        select(func.count())
        .select_from(FormAnswer)
        .join(sheet, and_(sheet.form_id == FormAnswer.form_id, sheet.court_code == FormAnswer.court_code))
        .where(mine, FormAnswer.at > sheet.filled_at)
        .correlate(one)
        .scalar_subquery()
    )  # fmt: skip
    confirmed = person.confirmed_at.is_not(None), person.officer_id.not_in(fillers)
    return select(
        one.id,
        _of(person, told).label("people"),
        _of(person, told, *confirmed).label("confirm"),
        _of(sheet, mine, filled).label("fill"),
        _of(sheet, mine, filled, sheet.inspected).label("inspected"),
        _of(sheet, mine, sheet.filled_at > one.due_at).label("late"),
        again.label("correct"),
        _is(one.closed_at.is_not(None)).label("close"),
    ).order_by(one.id)


def _bulletins() -> Select[Any]:
    one, contest = Bulletin, BulletinContest
    mine = contest.bulletin_id == one.id
    return select(
        one.id,
        _of(contest, mine).label("contest"),
        _of(contest, mine, contest.decided_at.is_not(None)).label("decide"),
    ).order_by(one.id)


def _is(condition: Any) -> Any:
    return case((condition, 1), else_=0)


def _of(table: Any, *conditions: Any) -> Any:
    return select(func.count()).select_from(table).where(*conditions).scalar_subquery()
