"""A leader says who stands at a post on which days: the roster changes, officers and group see it. Asks nobody."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from directory import duty, shifts
from directory.roster import OnDutyOfficer
from notifications import handovers, swap_words, told
from notifications.permissions import Actor
from notifications.swapping import Wish, ends
from notifications.told import Voice


async def assign(
    session: AsyncSession, wish: Wish, leader: Actor, voice: Voice, *, now: datetime
) -> str | None:
    """A leader simply says who stands there; the officers and the group see it at once.

    Returns:
        Why not (`left`, `shift_over`), or None when it is done. Somebody the chat cannot reach may be
        assigned: the roster's own reports say so in time.
    """
    people = await duty.people(session, [wish.colleague_id], now=now)
    chosen = people.get(wish.colleague_id)
    if chosen is None or chosen.unreachable == "left":
        return "left"
    if ends(wish.court, wish.days.last, voice) <= now:
        return "shift_over"
    before = await _standing(session, wish, now)
    await shifts.assign(
        session, wish.court.code, wish.post, chosen.officer_id, wish.days.first, wish.days.last,
        source="assigned", by=leader.who, now=now,
    )  # fmt: skip
    displaced = [one for one in before if one.officer_id != chosen.officer_id]
    names = chosen.name, [one.name for one in displaced]
    readers = [
        *told.group(wish.court, voice.desk),
        *told.person("news", chosen, voice.desk),
        *(r for one in displaced for r in told.person("news", one, voice.desk)),
    ]
    days = (wish.days.first, wish.days.last)
    await told.tell(
        session,
        readers,
        lambda _role, _: swap_words.assigned(wish.court, wish.post, days, names, leader.who, _),
        voice,
        now=now,
    )
    today = duty.local_day(wish.court, now, voice.desk.timezone)
    if displaced and wish.days.first <= today <= wish.days.last:
        await handovers.hand_over(
            session, wish.court, wish.post, displaced[0].officer_id, chosen.officer_id, voice,
            now=now,
        )  # fmt: skip
    return None


async def _standing(session: AsyncSession, wish: Wish, now: datetime) -> Sequence[OnDutyOfficer]:
    """Who the roster has at the post on the first of the days, before the change."""
    day = wish.days.first
    known = await duty.rosters(session, [wish.court], day, day, now=now)
    return known[wish.court.code].on(day).of(wish.post)
