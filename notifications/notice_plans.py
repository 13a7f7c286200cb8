"""A notice that nobody has yet: given another time, held back without one. What was sent is changed by `notices`."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import wake
from notifications.notice_models import Notice
from notifications.timekeeper import TOPIC


def is_planned(notice: Notice, now: datetime) -> bool:
    """Whether nobody has a copy, and nobody gets one before it is due: another time may be set."""
    return (
        notice.recalled_at is None
        and notice.written_up_to == 0
        and (notice.write_at is None or notice.write_at > now)
    )


def is_held(notice: Notice) -> bool:
    """Whether it waits without a time; so does one whose audience had nobody in it when its time came."""
    return notice.recalled_at is None and notice.written_up_to == 0 and notice.write_at is None


async def replan(
    session: AsyncSession,
    notice: Notice,
    send_at: datetime | None,
    confirm_by: datetime | None,
    *,
    now: datetime,
) -> bool:
    """Give a held row (`notices.hold`) of a planned notice another time; without one it waits until it has one.

    False, and nothing changed, once it leaves or was taken back.
    """
    if not is_planned(notice, now):
        return False
    if send_at is not None:
        notice.send_at = max(now, send_at)
    notice.write_at = notice.send_at if send_at is not None else None
    notice.confirm_by = confirm_by
    # Nobody is reminded of what nobody has.
    notice.remind_at = confirm_by if send_at is not None else None
    await session.flush()
    wake(session, TOPIC)
    return True
