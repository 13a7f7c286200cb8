"""Sessions as events of a calendar: one as a file, those that somebody signed up for in their feed."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.feed_calendar import Meeting
from directory.feeds import BEHIND
from notifications.training_models import TrainingPlace, TrainingSession


def meeting(training: TrainingSession) -> Meeting:
    """The session as an event. It keeps its UID when it is moved."""
    ends_at = training.starts_at + timedelta(minutes=training.lasts_minutes)
    uid = f"training-{training.id}@liaison"
    return Meeting(uid, training.title, training.place, training.starts_at, ends_at)


async def meetings(session: AsyncSession, officer_id: int, *, now: datetime) -> list[Meeting]:
    """What somebody is coming to, or came to not long ago, the first first; not what was called off."""
    found = await session.scalars(
        select(TrainingSession)
        .join(TrainingPlace, TrainingPlace.session_id == TrainingSession.id)
        .where(
            TrainingPlace.officer_id == officer_id,
            TrainingPlace.answer == "coming",
            TrainingSession.cancelled_at.is_(None),
            TrainingSession.starts_at > now - BEHIND,
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    )
    return [meeting(training) for training in found]
