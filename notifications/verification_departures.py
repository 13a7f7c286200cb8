"""已调离, answered to 这些还对吗?: the departure, who is told of it, and the way back. How one departs is `directory.edits`' business."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from directory import access, duty, edits
from directory.change_models import DirectoryChange, Verification
from directory.edits import Editor, Refused
from directory.models import Officer
from directory.roster import Duty
from notifications import outbox, told, verification_words, verifications
from notifications.question_readers import of_the_nation
from notifications.told import Reader, Voice, html
from notifications.verification_lists import subject_of, views
from notifications.verification_words import AskedView


async def leave(
    session: AsyncSession, row: Verification, *, by: Editor, voice: Voice, now: datetime
) -> str:
    """已调离, said and said again: the departure is carried out at once, so that nobody who left is paged.

    Whoever says it of themselves does not go unnoticed: the court's leader is told, else the province's
    coordinator, who is told as well where nobody is left at A and B; they can bring the person back with
    a tap. Where neither is reached (a sole coordinator leaves), the nation's coordinator is told, who can
    only see to a successor. Where nobody can be told, nothing happens.

    Returns:
        `left`, `already`, `refused`, or `nobody`, where nobody could be told.
    """
    if row.ended_at is not None:
        return "already"
    officer = await _officer(session, row)
    court = officer.court
    today = duty.local_day(court, now, voice.desk.timezone)
    own = by.viewer.officer_id == officer.id
    view = (await views(session, [row.id], voice, now=now))[row.id]
    found = await duty.on_duty(session, [court], now=now, default_timezone=voice.desk.timezone)
    desk = _without(found[court.code], officer.id)
    readers = _to_be_told(found[court.code], desk, officer.id, voice) if own else []
    if own and not readers:
        readers = await _of_the_nation(session, officer.id, voice, now)
    if own and not readers:
        return "nobody"
    outcome = await edits.depart(session, officer, by=by, now=now, today=today)
    if isinstance(outcome, Refused):
        return "refused"
    await session.refresh(row)
    row.state = "left"
    await session.flush()
    await verifications.renew(session, [row], voice, now=now)
    if own:
        await _tell(session, view, desk, readers, voice, now)
    return "left"


def _without(found: Duty, officer_id: int) -> dict[str, list[str]]:
    """The names at each post of the desk, one person and those who left apart."""
    return {
        post: [o.name for o in found.of(post) if o.officer_id != officer_id and o.unreachable != "left"]
        for post in ("A", "B", "leader")
    }  # fmt: skip


def _to_be_told(
    found: Duty, desk: Mapping[str, Sequence[str]], officer_id: int, voice: Voice
) -> list[Reader]:
    def at(post: str) -> list[Reader]:
        people = [one for one in found.of(post) if one.officer_id != officer_id]
        return [reader for one in people for reader in told.person("leader", one, voice.desk)]

    leaders, coordinators = at("leader"), at("coordinator")
    if leaders and (desk["A"] or desk["B"]):
        return leaders
    known = {reader.officer_id for reader in leaders}
    return [*leaders, *(one for one in coordinators if one.officer_id not in known)]


async def _of_the_nation(
    session: AsyncSession, leaving: int, voice: Voice, now: datetime
) -> list[Reader]:
    people = await of_the_nation(session, voice.desk.timezone, now=now)
    others = [one for officer_id, one in people.items() if officer_id != leaving]
    return [reader for one in others for reader in told.person("nation", one, voice.desk)]


async def _tell(
    session: AsyncSession,
    view: AskedView,
    desk: Mapping[str, Sequence[str]],
    readers: Sequence[Reader],
    voice: Voice,
    now: datetime,
) -> None:
    kept = await told.tell(
        session,
        readers,
        lambda role, _: verification_words.departure(
            view, tuple(desk.items()), _, decides=role != "nation"
        ),
        voice,
        now=now,
    )
    await outbox.remember(session, kept[0]["row"], _gone(view.number), {"messages": kept})


def _gone(number: int) -> str:
    return f"verify:left:{number}"


async def close(
    session: AsyncSession,
    row: Verification,
    how: Literal["seen", "back"],
    *,
    by: Editor,
    voice: Voice,
    now: datetime,
) -> bool:
    """Close what was told of a departure with a line in each reader's language; False when it was closed before."""
    message = await outbox.asked_once(session, _gone(row.id))
    kept: list[dict[str, Any]] = message.payload.get("messages", []) if message is not None else []
    if not kept or message is None:
        return False
    message.payload = {key: v for key, v in message.payload.items() if key != "messages"}
    said = {
        one["row"]: verification_words.closed(how, by.who, html(voice.texts, one["locale"]))
        for one in kept
    }
    await outbox.add_line(session, said, now=now)
    return True


async def bring_back(
    session: AsyncSession, row: Verification, *, by: Editor, voice: Voice, now: datetime
) -> edits.Outcome | None:
    """仍在岗: the person is of the court again with the posts of before; None when there is nobody to bring back."""
    officer = await _officer(session, row)
    change: DirectoryChange | None = await session.scalar(
        select(DirectoryChange)
        .where(DirectoryChange.officer_id == officer.id, DirectoryChange.kind == "departed")
        .order_by(DirectoryChange.id.desc())
        .limit(1)
    )
    if officer.left_at is None or change is None:
        return None
    held = change.before.get("posts") or {}
    mine = {p: term for p, term in held.items() if access.gives(by.viewer, p, subject_of(officer))}
    today = duty.local_day(officer.court, now, voice.desk.timezone)
    return await edits.bring_back(session, officer, mine, by=by, now=now, today=today)


async def _officer(session: AsyncSession, row: Verification) -> Officer:
    return await session.get_one(
        Officer,
        row.officer_id,
        options=[joinedload(Officer.court), selectinload(Officer.posts)],
        populate_existing=True,
    )
