"""督办: the province's coordinator orders an answer. Everybody who could give it hears it at once."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty
from directory.models import Court
from directory.roster import OnDutyOfficer
from notifications import changes, events, news, outbox
from notifications.desk import DeskRules
from notifications.models import Filing
from notifications.outcomes import Done, NotNow, Outcome
from notifications.permissions import Actor

#: How long (seconds) one 督办 bars the next on the same filing.
SUPERVISE_SECONDS = 600

#: Who hears of it, besides the group and whoever acknowledged.
_POSTS = ("A", "B", "leader")


async def supervise(
    session: AsyncSession, filing_id: int, actor: Actor, desk: DeskRules, *, now: datetime
) -> Outcome:
    """Order an answer or a result; at most once in ten minutes for one filing.

    Told at once, whatever the hour: a coordinator who gives the order means now. `nobody_to_order`
    when neither the group nor anybody of the court can be written to.
    """
    subject = await changes.hold(session, filing_id, desk)
    if refused := await changes.refuse(session, subject, "supervise", actor, now=now):
        return refused
    filing = subject.filing
    if filing.state not in {"waiting", "acknowledged"}:
        return NotNow(filing, f"state_{filing.state}")
    if filing.supervised_at is not None:
        retry_at = filing.supervised_at + timedelta(seconds=SUPERVISE_SECONDS)
        if now < retry_at:
            return NotNow(filing, "too_soon", retry_at)
    court = await courts.get(session, filing.jurisdiction_court)
    concerned = await _concerned(session, filing, court, desk, now)
    if not (concerned or news.has_group(court)):
        # Nothing is recorded: an order that nobody hears must not bar the next one.
        return NotNow(filing, "nobody_to_order")
    filing.supervised_at = now
    await events.record(session, filing, "supervised", actor.who, now=now)
    await news.to_people(
        session, filing, "supervised", court, concerned, {"who": actor.who}, now=now
    )
    await outbox.refresh_cards(session, filing, now=now)
    await session.flush()
    return Done(filing)


async def _concerned(
    session: AsyncSession, filing: Filing, court: Court, desk: DeskRules, now: datetime
) -> list[OnDutyOfficer]:
    """Whoever acknowledged and whoever could answer, as far as the chat reaches them."""
    found = await duty.on_duty(session, [court], now=now, default_timezone=desk.timezone)
    concerned: dict[int, OnDutyOfficer] = {
        person.officer_id: person
        for post in reversed(_POSTS)
        for person in found[court.code].reachable(post)
    }
    answerer = (filing.acknowledged_by or {}).get("officer_id")
    if answerer is not None:
        concerned |= await duty.people(session, [answerer], now=now)
    return [person for person in concerned.values() if person.unreachable is None]
