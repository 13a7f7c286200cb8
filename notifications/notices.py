"""Notices: previewed, sent, edited and recalled; each person's copies written in batches. Says nothing itself.

What 发送 stores is one row; the copies follow batch by batch, each in one transaction with the place that was
reached, so that a crash loses nobody and repeats nobody. What they say is made when they are sent.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import wake
from directory.errors import LiaisonError
from directory.models import Court, Officer
from notifications import form_sheets, notice_check, notice_people, notice_text, outbox
from notifications.desk import DeskRules
from notifications.models import OutgoingMessage
from notifications.notice_audience import Audience, sending_seconds
from notifications.notice_check import Finding
from notifications.notice_models import Notice, NoticeCopy, NoticeRecipient
from notifications.notice_people import Head, Person
from notifications.notice_plans import is_planned
from notifications.timekeeper import TOPIC, Soonest

#: How many people's copies share one transaction: 12,000 at once must hold up no page.
BATCH = 200

#: While so many parts of notices wait to be sent no more are written: what is due stays short, and with it
#: the look for what leaves next, however many are told.
MOST_WAITING = 1000

#: How soon that is looked at again: long before they have all left.
PAUSE = timedelta(seconds=5)

#: The kinds of outgoing messages that are parts of a notice.
TEXT, FILE, REMINDER = "notice", "notice_file", "notice_reminder"
KINDS = frozenset({TEXT, FILE, REMINDER})

#: The parts of `NoticeCopy` that are no attachments.
TEXT_PART, REMINDER_PART = 0, -1


class NobodyToTell(LiaisonError):
    """所选范围内没有可以通知的人员。"""


class TextMissing(LiaisonError):
    """通知没有文字。"""


class TextTooLong(LiaisonError):
    """通知过长：{length} 字，最多 {most} 字。"""


class NumbersInText(LiaisonError):
    """通知中有个人号码，不能发出：{numbers}"""

    def __init__(self, found: Sequence[Finding]) -> None:
        super().__init__(numbers="、".join(one.masked for one in found))
        self.found = tuple(found)


@dataclass(frozen=True, slots=True)
class Wish:
    """A notice as somebody wants it: `text` is HTML of `notice_text.to_html`, `attachments` as `Notice` keeps them."""

    text: str
    audience: Audience
    send_at: datetime
    written_by: str
    officer_id: int | None = None
    confirm_by: datetime | None = None
    attachments: Sequence[Mapping[str, str]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Preview:
    """What sending would do: to whom, in how many messages, and how long (seconds) it takes at the permitted rate."""

    head: Head
    messages: int
    seconds: int


async def check(session: AsyncSession, text: str, names: Iterable[str] = ()) -> None:
    """Refuse a text (HTML) that may not be sent; `names` are those of its attachments.

    Raises:
        TextMissing: nothing but formatting.
        TextTooLong: see `notice_text.LONGEST`.
        NumbersInText: it holds a person's number; a directory's desk phone is none.
    """
    plain = notice_text.plain(text)
    if not plain.strip():
        raise TextMissing
    length = notice_text.length(plain)
    if length > notice_text.LONGEST:
        raise TextTooLong(length=length, most=notice_text.LONGEST)
    everything = "\n".join([plain, *notice_text.addresses(text), *names])
    found = await persons_numbers(session, everything)
    if found:
        raise NumbersInText(found)


async def persons_numbers(session: AsyncSession, text: str) -> list[Finding]:
    """The numbers in a text that may not be sent; the desk phones of the directory may."""
    found = notice_check.findings(text)
    if any(one.kind == "mobile" for one in found):
        return notice_check.refused(found, await desk_phones(session))
    return found


async def desk_phones(session: AsyncSession) -> frozenset[str]:
    """Every desk phone of the directory, as it is dialled."""
    courts = await session.scalars(select(Court.phone).where(Court.phone.is_not(None)))
    people = await session.scalars(
        select(Officer.desk_phone)
        .where(Officer.desk_phone.is_not(None), Officer.left_at.is_(None))
        .distinct()
    )
    return frozenset(notice_check.dialled(phone) for phone in [*courts, *people] if phone)


async def preview(
    session: AsyncSession,
    audience: Audience,
    attachments: int,
    per_second: float,
    desk: DeskRules,
    *,
    now: datetime,
) -> Preview:
    """Count what a notice with so many attachments would be at `per_second` messages over all chats."""
    head = await notice_people.count(session, audience, now=now, default_timezone=desk.timezone)
    messages = head.reachable * (1 + attachments)
    return Preview(head, messages, sending_seconds(messages, per_second))


async def send(session: AsyncSession, wish: Wish, desk: DeskRules, *, now: datetime) -> Notice:
    """Store a notice; its copies follow when it is time.

    Raises:
        NobodyToTell: the audience has nobody in it.
        TextMissing, TextTooLong, NumbersInText: see `check`.
    """
    await check(session, wish.text, [str(one["name"]) for one in wish.attachments])
    head = await notice_people.count(
        session, wish.audience, now=now, default_timezone=desk.timezone
    )
    if not head.people:
        raise NobodyToTell
    send_at = max(now, wish.send_at)
    notice = Notice(
        text=wish.text,
        attachments=[dict(one) for one in wish.attachments],
        audience=wish.audience.as_json(),
        province=wish.audience.province,
        written_by=wish.written_by,
        written_by_officer_id=wish.officer_id,
        created_at=now,
        send_at=send_at,
        confirm_by=wish.confirm_by,
        edited_at=None,
        recalled_at=None,
        recalled_by=None,
        write_at=send_at,
        written_up_to=0,
        remind_at=wish.confirm_by,
        reminded_at=None,
    )
    session.add(notice)
    await session.flush()
    wake(session, TOPIC)
    return notice


# Writing the copies


#: When the next batch of copies is due.
earliest_writing = Soonest(select(func.min(Notice.write_at)).where(Notice.write_at.is_not(None)))


async def write_due(session: AsyncSession, now: datetime, desk: DeskRules) -> None:
    """Write one batch of copies of each notice that is due; the timekeeper comes back for the rest at once."""
    due = await session.scalars(
        select(Notice)
        .where(Notice.write_at <= now)
        .order_by(Notice.write_at, Notice.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    for notice in due:
        if await crowded(session):
            notice.write_at = now + PAUSE
            continue
        people = await notice_people.batch(
            session, Audience.from_json(notice.audience),
            after=notice.written_up_to, most=BATCH, now=now, default_timezone=desk.timezone,
        )  # fmt: skip
        if people and notice.written_up_to == 0:
            await form_sheets.leave(session, notice, desk, now=now)
        await _write(session, notice, people, now)
        if people:
            notice.written_up_to = people[-1].officer_id
        if len(people) < BATCH:
            notice.write_at = None
        await session.flush()


async def crowded(
    session: AsyncSession, kinds: Collection[str] = KINDS, *, by: datetime | None = None
) -> bool:
    """Whether enough messages of these kinds wait in the outbox already; with `by` only those due until then."""
    row = OutgoingMessage
    due = row.not_before.is_not(None) if by is None else row.not_before <= by
    waiting = await session.scalar(
        select(func.count()).where(due, row.shown.is_(None), row.kind.in_(kinds))
    )
    return (waiting or 0) >= MOST_WAITING


async def _write(
    session: AsyncSession, notice: Notice, people: Sequence[Person], now: datetime
) -> None:
    if not people:
        return
    recipients = [
        {
            "notice_id": notice.id,
            "officer_id": person.officer_id,
            "court_code": person.court_code,
            "posts": person.posts,
            "unreachable": person.unreachable,
        }
        for person in people
    ]
    await session.execute(insert(NoticeRecipient), recipients)
    await write_copies(
        session,
        notice,
        [(p.officer_id, p.chat_id) for p in people if p.chat_id and p.unreachable is None],
        now,
    )


async def write_copies(
    session: AsyncSession, notice: Notice, readers: Sequence[tuple[int, int]], now: datetime
) -> None:
    """Write a notice to these people (number, chat). Attachments first and without sound, then the text: its button is what a phone shows last."""
    rows: list[outbox.Row] = []
    parts: list[tuple[int, int]] = []
    for officer_id, chat_id in readers:
        for part in (*range(1, len(notice.attachments) + 1), TEXT_PART):
            kind = FILE if part else TEXT
            rows.append(
                outbox.row(
                    kind,
                    chat_id,
                    {},
                    priority=outbox.LATER,
                    now=now,
                    officer_id=officer_id,
                    silent=bool(part),
                )
            )
            parts.append((officer_id, part))
    await store_copies(session, notice.id, rows, parts)


async def store_copies(
    session: AsyncSession,
    notice_id: int,
    rows: Sequence[outbox.Row],
    parts: Sequence[tuple[int, int]],
) -> None:
    """Write messages and which part of the notice each of them carries to whom."""
    if not rows:
        return
    numbers = await outbox.write_numbered(session, rows)
    copies = [
        {"row_id": number, "notice_id": notice_id, "officer_id": officer_id, "part": part}
        for number, (officer_id, part) in zip(numbers, parts, strict=True)
    ]
    await session.execute(insert(NoticeCopy), copies)


# Changing what was sent


async def hold(session: AsyncSession, notice_id: int) -> Notice | None:
    """The notice, locked and as it stands; None when there is none of this number."""
    found: Notice | None = await session.scalar(
        select(Notice)
        .where(Notice.id == notice_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def edit(session: AsyncSession, notice: Notice, text: str, *, now: datetime) -> None:
    """Give a held notice another text: copies not yet sent leave with it, those sent are changed.

    Confirmations stand; what nobody has yet is no correction to anybody. Raises as `check`.
    """
    await check(session, text)
    notice.text = text
    notice.edited_at = None if is_planned(notice, now) else now
    notice.version += 1
    await session.flush()
    await follow(session, NoticeCopy.notice_id == notice.id, outbox.LATER, now)


async def recall(session: AsyncSession, notice: Notice, who: str, *, now: datetime) -> None:
    """Take a held notice back: nothing more leaves, what was sent says so and loses its buttons."""
    notice.recalled_at = now
    notice.recalled_by = who
    notice.version += 1
    notice.write_at = notice.remind_at = None
    await session.flush()
    await follow(session, NoticeCopy.notice_id == notice.id, outbox.LATER, now)


async def follow(
    session: AsyncSession, copies: ColumnElement[bool], priority: int, now: datetime
) -> None:
    """Have these copies say how things stand; those not yet sent will anyway."""
    row = OutgoingMessage
    sent = row.shown.is_not(None)
    mine = and_(
        row.id.in_(select(NoticeCopy.row_id).where(copies)),
        or_(and_(sent, row.outcome == "sent"), row.outcome.is_(None)),
    )
    if session.get_bind().dialect.name != "sqlite":
        # In the order in which the dispatcher locks what it records, so that nobody waits in a circle.
        locked = select(row.id).where(mine).order_by(row.id).with_for_update().subquery()
        await session.execute(select(func.count()).select_from(locked))
    await session.execute(
        update(row)
        .where(mine)
        .values(
            # A copy in mid-send must be sent again: it was written before this.
            wanted=row.wanted + 1,
            not_before=case((sent, now), else_=row.not_before),
            priority=case((sent, priority), else_=row.priority),
            attempts=0,
        )
        .execution_options(synchronize_session=False)
    )
    wake(session, "outbox")


def facts(notice: Notice) -> dict[str, Any]:
    """A notice as other systems may be told of it; no attachment's number."""
    return {
        "id": notice.id,
        "title": notice_text.first_line(notice.text),
        "text": notice_text.plain(notice.text),
        "attachments": [one["name"] for one in notice.attachments],
        "audience": notice.audience,
        "written_by": notice.written_by,
        "send_at": notice.send_at,
        "confirm_by": notice.confirm_by,
        "edited_at": notice.edited_at,
        "recalled_at": notice.recalled_at,
    }
