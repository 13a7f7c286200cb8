"""Who is told when a filing moves: the other court's group and people. The words are in the templates."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty
from directory.models import Court
from directory.roster import OnDutyOfficer
from notifications import outbox
from notifications.desk import DeskRules
from notifications.models import Filing
from notifications.outbox import Row


async def to_collaborating(
    session: AsyncSession,
    filing: Filing,
    kind: str,
    desk: DeskRules,
    *,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Tell the court that filed: its group and the officer who filed; if neither can be told, its post A.

    Of a newcomer's practice nobody is told.
    """
    if filing.trainee_id is not None:
        return
    court = await courts.get(session, filing.collaborating_court)
    people: list[OnDutyOfficer] = []
    if filing.filed_by_officer_id is not None:
        people += (await duty.people(session, [filing.filed_by_officer_id], now=now)).values()
    if not has_group(court) and not any(person.unreachable is None for person in people):
        people += await _post_a(session, court, desk, now)
    payload = {"view": "collaborating", **(facts or {})}
    rows = _rows(filing, kind, court, people, payload, priority=outbox.NEWS, now=now)
    await outbox.write(session, rows)


async def to_jurisdiction(
    session: AsyncSession,
    filing: Filing,
    kind: str,
    desk: DeskRules,
    *,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Tell the court that decides: its group, and who acknowledged or, before that, post A.

    Of a newcomer's practice nobody is told.
    """
    if filing.trainee_id is not None:
        return
    court = await courts.get(session, filing.jurisdiction_court)
    officer_id = (filing.acknowledged_by or {}).get("officer_id")
    people: list[OnDutyOfficer] = []
    if officer_id:
        known = await duty.people(session, [officer_id], now=now, default_timezone=desk.timezone)
        people += known.values()
    if not any(person.unreachable is None for person in people):
        people = await _post_a(session, court, desk, now)
    payload = {"view": "officer", **(facts or {})}
    rows = _rows(filing, kind, court, people, payload, priority=outbox.PAGE, now=now)
    await outbox.write(session, rows)


async def to_people(
    session: AsyncSession,
    filing: Filing,
    kind: str,
    court: Court,
    people: Iterable[OnDutyOfficer],
    facts: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    """Tell the jurisdiction court's group and just these of its people, before everything else."""
    payload = {"view": "officer", **facts}
    rows = _rows(filing, kind, court, people, payload, priority=outbox.PAGE, now=now)
    await outbox.write(session, rows)


def has_group(court: Court) -> bool:
    """Whether the court's group can be written to."""
    return court.group_chat_id is not None and court.group_unreachable_at is None


async def _post_a(
    session: AsyncSession, court: Court, desk: DeskRules, now: datetime
) -> list[OnDutyOfficer]:
    found = await duty.on_duty(session, [court], now=now, default_timezone=desk.timezone)
    return [*found[court.code].of("A")]


def _rows(
    filing: Filing,
    kind: str,
    court: Court,
    people: Iterable[OnDutyOfficer],
    payload: Mapping[str, Any],
    *,
    priority: int,
    now: datetime,
) -> list[Row]:
    """One message to the court's group and one to each of these people, as far as they can be reached."""
    more: dict[str, Any] = {
        "filing_id": filing.id,
        "wanted": filing.version,
        "priority": priority,
        "now": now,
    }
    rows = [
        outbox.row(
            kind, person.telegram_id, {**payload, "post": person.post},
            officer_id=person.officer_id, **more,
        )
        for person in people
        if person.telegram_id is not None and person.unreachable is None
    ]  # fmt: skip
    if court.group_chat_id is not None and has_group(court):
        view = "group" if payload["view"] == "officer" else payload["view"]
        rows.insert(
            0,
            outbox.row(
                kind, court.group_chat_id, {**payload, "view": view}, court_code=court.code, **more
            ),
        )
    return rows
