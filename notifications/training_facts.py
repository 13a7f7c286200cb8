"""What the tables know of a session: who is coming, declined, came, passed; by person and by court. Changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court, Officer
from notifications.notice_models import NoticeRecipient
from notifications.training_models import QuizTry, TrainingPlace, TrainingSession


@dataclass(frozen=True, slots=True)
class Sums:
    """People: all to whom it was announced or who came, and what they said and did."""

    people: int = 0
    coming: int = 0
    declined: int = 0
    attended: int = 0
    passed: int = 0
    #: Of `people`, who came or took the quiz though it was not announced to them.
    guests: int = 0

    @property
    def invited(self) -> int:
        """To whom it was announced."""
        return self.people - self.guests

    @property
    def silent(self) -> int:
        """Who was asked and has not said anything."""
        return self.invited - self.coming - self.declined


@dataclass(frozen=True, slots=True)
class Attendee:
    """One person of a session. `right` is the best try at its quiz; None for who took none."""

    court_code: str
    court: str
    province: str
    city: str | None
    officer_id: int
    name: str
    posts: str
    answer: str | None
    answered_at: datetime | None
    attended_at: datetime | None
    right: int | None
    passed: bool
    tries: int
    ended_at: datetime | None
    #: It was not announced to them.
    guest: bool


async def counted(session: AsyncSession, training: TrainingSession) -> Sums:
    """Count a session's people in a few questions, however many they are."""
    told = select(NoticeRecipient.officer_id).where(NoticeRecipient.notice_id == training.notice_id)
    unannounced = TrainingPlace.officer_id.not_in(told)
    people = await session.scalar(select(func.count()).select_from(told.subquery())) or 0
    places = await session.execute(
        select(
            func.coalesce(func.sum(_one(TrainingPlace.answer == "coming")), 0),
            func.coalesce(func.sum(_one(TrainingPlace.answer == "declined")), 0),
            func.coalesce(func.sum(_one(TrainingPlace.attended_at.is_not(None))), 0),
            func.coalesce(func.sum(_one(unannounced)), 0),
            func.coalesce(func.sum(_one(and_(unannounced, TrainingPlace.answer.is_(None)))), 0),
        ).where(TrainingPlace.session_id == training.id)
    )
    coming, declined, attended, more, guests = map(int, places.one())
    passed = await session.scalar(
        select(func.count(QuizTry.officer_id.distinct())).where(
            QuizTry.session_id == training.id, QuizTry.passed.is_(True)
        )
    )
    guests = guests if training.notice_id is not None else 0
    return Sums(people + more, coming, declined, attended, passed or 0, guests)


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


async def attendees(session: AsyncSession, training: TrainingSession) -> list[Attendee]:
    """Everybody to whom it was announced, and who came or took the quiz without that, by court."""
    found = await session.execute(_people(training).order_by(Court.code, Officer.id))
    return [_attendee(row) for row in found.all()]


async def by_court(session: AsyncSession, training: TrainingSession) -> list[tuple[str, Sums]]:
    """The sums of each court by its name, the court's code giving the order."""
    people = _people(training).subquery().c
    found = await session.execute(
        select(
            people.court,
            func.count(),
            func.sum(_one(people.answer == "coming")),
            func.sum(_one(people.answer == "declined")),
            func.sum(_one(people.attended_at.is_not(None))),
            func.sum(_one(people.passed)),
            func.sum(_one(people.guest)),
        )
        .group_by(people.code, people.court)
        .order_by(people.code)
    )
    return [(row[0], Sums(*(int(figure) for figure in row[1:]))) for row in found]


def _guest(training: TrainingSession) -> ColumnElement[bool]:
    """Whether somebody neither was told of it nor answered; of nobody where there is no notice any more to ask."""
    return and_(
        literal(training.notice_id is not None),
        NoticeRecipient.officer_id.is_(None),
        TrainingPlace.answer.is_(None),
    )


def _best(training: TrainingSession) -> Subquery:
    """The best of each person's tries at the quiz."""
    return (
        select(
            QuizTry.officer_id,
            func.max(QuizTry.right).label("right"),
            func.max(case((QuizTry.passed.is_(True), 1), else_=0)).label("passed"),
            func.count().label("tries"),
            func.max(QuizTry.ended_at).label("ended_at"),
        )
        .where(QuizTry.session_id == training.id, QuizTry.ended_at.is_not(None))
        .group_by(QuizTry.officer_id)
        .subquery()
    )


def _people(training: TrainingSession) -> Select[*tuple[Any, ...]]:
    """The columns of `Attendee`."""
    best = _best(training)
    told = and_(
        NoticeRecipient.notice_id == training.notice_id, NoticeRecipient.officer_id == Officer.id
    )
    place = and_(TrainingPlace.session_id == training.id, TrainingPlace.officer_id == Officer.id)
    code: ColumnElement[str] = func.coalesce(
        TrainingPlace.court_code, NoticeRecipient.court_code, Officer.court_code
    )
    return (
        select(
            Court.code.label("code"),
            Court.name.label("court"),
            Court.province,
            Court.city,
            Officer.id,
            Officer.name,
            func.coalesce(NoticeRecipient.posts, ""),
            TrainingPlace.answer,
            TrainingPlace.answered_at,
            TrainingPlace.attended_at,
            best.c.right,
            (func.coalesce(best.c.passed, 0) == 1).label("passed"),
            func.coalesce(best.c.tries, 0),
            best.c.ended_at,
            _guest(training).label("guest"),
        )
        .select_from(Officer)
        .outerjoin(NoticeRecipient, told)
        .outerjoin(TrainingPlace, place)
        .outerjoin(best, best.c.officer_id == Officer.id)
        .join(Court, Court.code == code)
        .where(
            or_(
                NoticeRecipient.officer_id.is_not(None),
                TrainingPlace.officer_id.is_not(None),
                best.c.officer_id.is_not(None),
            )
        )
    )


def _attendee(row: Iterable[Any]) -> Attendee:
    return Attendee(*row)


def sums(people: list[Attendee]) -> Sums:
    """Add up people."""
    return Sums(
        people=len(people),
        coming=sum(one.answer == "coming" for one in people),
        declined=sum(one.answer == "declined" for one in people),
        attended=sum(one.attended_at is not None for one in people),
        passed=sum(one.passed for one in people),
        guests=sum(one.guest for one in people),
    )
