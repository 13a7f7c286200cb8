"""Digests on their way: who has one, what is due now, written once in batches, and what people settled about theirs.

When is `digest_plan`'s, what they are made of `digest_facts`', what they say `digest_words`' business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Select, exists, func, literal, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, joinedload, selectinload

from directory import courts, duty, officers
from directory.court_codes import SUPREME
from directory.database import UtcDateTime, wake
from directory.models import Court, Officer, OfficerPost
from directory.outages import is_outage
from notifications import digest_facts, digest_group_words, digest_plan, digest_words, outbox, told
from notifications.desk import DeskRules
from notifications.digest_models import Digest
from notifications.digest_plan import FURTHEST, POSTS, Days, Kind
from notifications.digest_settings import kind_of
from notifications.digest_words import CourtFacts, Facts
from notifications.models import OutgoingMessage
from notifications.timekeeper import FAULT_PAUSE, TOPIC
from notifications.told import Reader, Voice, html

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: So many digests are looked at in one transaction, and so many of whole provinces, which take as long
#: as dozens of others: no page waits long for it.
BATCH, PROVINCES = 25, 2

#: The word with which callback data of the buttons begins.
WORD = "digest"


@dataclass(frozen=True, slots=True)
class _Due:
    """A digest to be sent: for which day, of whom."""

    row: Digest
    day: date
    court: Court
    officer: Officer | None


async def enlist(session: AsyncSession, now: datetime) -> None:
    """Give a row to everybody who came to have a digest: linked people by their posts, courts by group or people.

    Three statements a day; what the rows are for is planned from their first due instant on.
    """
    reached = (Officer.telegram_id.is_not(None), Officer.left_at.is_(None))
    for kind, posts in POSTS.items():
        holders = select(literal(kind), Officer.id, null(), *_blank(now)).where(
            *reached,
            exists().where(OfficerPost.officer_id == Officer.id, OfficerPost.post.in_(posts)),
            ~exists().where(Digest.officer_id == Officer.id, Digest.kind == kind),
        )
        await _insert(session, holders)
    people = exists().where(Officer.court_code == Court.code, *reached)
    served = select(literal("court"), null(), Court.code, *_blank(now)).where(
        or_(Court.group_chat_id.is_not(None), people),
        ~exists().where(Digest.court_code == Court.code, Digest.kind == "court"),
    )
    await _insert(session, served)
    wake(session, TOPIC)


_FIELDS = ("kind", "officer_id", "court_code", "off", "when_empty", "changed_by", "digest_at")


def _blank(now: datetime) -> tuple[ColumnElement[object], ...]:
    """The other fields of a row that is due at once to be planned."""
    return literal(value=False), literal(value=False), literal(""), literal(now, UtcDateTime())


async def _insert(session: AsyncSession, rows: Select[*tuple[object, ...]]) -> None:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Digest).from_select(list(_FIELDS), rows)
    await session.execute(statement.on_conflict_do_nothing())


def _due(now: datetime, row: type[Digest] = Digest) -> ColumnElement[bool]:
    """Due, or planned by a clock that was ahead."""
    return or_(row.digest_at <= now, row.digest_at > now + FURTHEST)


def _follows(now: datetime) -> ColumnElement[bool]:
    """Whether another court's that is due in the same group comes first: whoever holds that one takes this as well."""
    first, mine, other = aliased(Digest), aliased(Court), aliased(Court)
    return exists().where(
        mine.code == Digest.court_code,
        other.group_chat_id == mine.group_chat_id,
        first.court_code == other.code,
        first.kind == "court",
        first.id < Digest.id,
        _due(now, first),
    )


async def earliest(session: AsyncSession, now: datetime) -> datetime | None:
    """When the next digest must be looked at."""
    # Each end of the index by itself: asked for together, SQLite reads all of it.
    lowest = select(func.min(Digest.digest_at)).scalar_subquery()
    highest = select(func.max(Digest.digest_at)).scalar_subquery()
    first, last = (await session.execute(select(lowest, highest))).one()
    return now if last is not None and last > now + FURTHEST else first


async def write_due(session: AsyncSession, now: datetime, voice: Voice) -> None:
    """Write the digests of one batch that is due and plan their next; the timekeeper comes back for the rest."""
    found = await session.scalars(
        select(Digest)
        .where(_due(now), ~_follows(now))
        .order_by(Digest.digest_at, Digest.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    rows = _not_too_heavy(found.all())
    rows += await _of_their_groups(session, rows, now)
    people = await _people(session, [row.officer_id for row in rows if row.officer_id])
    codes = {row.court_code for row in rows if row.court_code}
    places = await courts.many(session, codes | {one.court_code for one in people.values()})
    due: list[_Due] = []
    for row in rows:
        officer = people.get(row.officer_id) if row.officer_id else None
        if row.officer_id and (officer is None or officer.left_at is not None):
            await session.delete(row)
            continue
        court = places[row.court_code or (officer.court_code if officer else "")]
        days = digest_facts.days_of(court, voice.desk.timezone)
        day = _plan(row, days, now)
        if day is not None and _may_read(row, officer, days.today(now)):
            due.append(_Due(row, day, court, officer))
    await session.flush()
    for kind in digest_plan.KINDS:
        await _make(session, kind, [one for one in due if one.row.kind == kind], voice, now)
    await session.flush()


def _not_too_heavy(rows: Sequence[Digest]) -> list[Digest]:
    """Those of a batch that are done now; what is left is still due."""
    provinces = [row.id for row in rows if row.kind == "province"]
    later = frozenset(provinces[PROVINCES:])
    return [row for row in rows if row.id not in later]


async def _of_their_groups(
    session: AsyncSession, rows: Sequence[Digest], now: datetime
) -> list[Digest]:
    """What else is due in the groups of these courts: a group gets one message, however many courts it serves."""
    codes = [row.court_code for row in rows if row.court_code]
    if not codes:
        return []
    groups = select(Court.group_chat_id).where(
        Court.code.in_(codes), Court.group_chat_id.is_not(None)
    )
    # Not skipping what is held: nobody else writes it, and who settles it is done at once.
    found = await session.scalars(
        select(Digest)
        .join(Court, Court.code == Digest.court_code)
        .where(
            Digest.kind == "court",
            Court.group_chat_id.in_(groups),
            Digest.id.not_in([row.id for row in rows]),
            _due(now),
        )
        .order_by(Digest.id)
        .with_for_update(of=Digest)
        .execution_options(populate_existing=True)
    )
    return list(found)


async def _people(session: AsyncSession, ids: Sequence[int]) -> dict[int, Officer]:
    found = await session.scalars(
        select(Officer)
        .options(joinedload(Officer.court), selectinload(Officer.posts))
        .where(Officer.id.in_(ids))
    )
    return {one.id: one for one in found}


def _plan(row: Digest, days: Days, now: datetime) -> date | None:
    """Count what is due as done and plan the next; returns the day whose digest is due, if any."""
    kind, day = kind_of(row), None
    if row.done_on is None:
        row.done_on = digest_plan.done_by_now(kind, row.time, days, now)
    else:
        # A day to come was counted as done by a clock that was ahead.
        row.done_on = min(row.done_on, days.today(now))
        day = digest_plan.due_day(kind, row.time, days, row.done_on, now)
        row.done_on = day or row.done_on
    row.digest_at = digest_plan.next_look(kind, row.time, days, row.done_on, now)
    return day


def _may_read(row: Digest, officer: Officer | None, today: date) -> bool:
    """Whether the person still holds a post with this digest, and the chat reaches them."""
    if officer is None:
        return True
    posts = officers.posts_on(officer, today)
    reached = officer.telegram_id is not None and officer.blocked_at is None
    return reached and row.kind in digest_plan.kinds_of(posts)


async def _make(
    session: AsyncSession, kind: Kind, some: Sequence[_Due], voice: Voice, now: datetime
) -> None:
    """Write digests of one kind; if that fails, in halves down to the one at fault, which keeps no other back."""
    if not some:
        return
    try:
        async with session.begin_nested():
            await _write(session, kind, some, voice, now)
    except Exception as error:
        if is_outage(error):
            raise
        if len(some) > 1:
            half = len(some) // 2
            await _make(session, kind, some[:half], voice, now)
            await _make(session, kind, some[half:], voice, now)
            return
        await _put_off(session, some[0], error, now)


async def _put_off(session: AsyncSession, one: _Due, error: Exception, now: datetime) -> None:
    """Try it again later: nothing of its day is done yet."""
    await session.refresh(one.row)
    one.row.done_on, one.row.digest_at = one.day - timedelta(days=1), now + FAULT_PAUSE
    log.error("digest_failed", kind=one.row.kind, digest=one.row.id, error=type(error).__name__)


async def _write(
    session: AsyncSession, kind: Kind, some: Sequence[_Due], voice: Voice, now: datetime
) -> None:
    facts = await facts_of(session, kind, [(o.officer, o.court, o.day) for o in some], voice, now)
    worth = [
        (one, said)
        for one, said in zip(some, facts, strict=True)
        if said is not None and (said.matters or one.row.when_empty)
    ]
    readers = await _readers(session, [one for one, _ in worth], voice.desk, now)
    together: dict[tuple[Reader, date | int], list[tuple[Digest, Facts]]] = {}
    for one, said in worth:
        for reader in readers[one.row.id]:
            what = one.day if reader.role == "group" else one.row.id
            together.setdefault((reader, what), []).append((one.row, said))
    unsent = await _unsent(session, [one.row.message for one in some if one.row.message])
    rows: list[outbox.Row] = []
    told_of: list[list[Digest]] = []
    for (reader, _), bundle in together.items():
        digests = [row for row, _ in bundle]
        messages = _shown(digests[0], [said for _, said in bundle], reader.locale, voice)
        for number, (text, buttons) in enumerate(messages):
            # Where many courts take several messages, each stays some court's last one.
            if waiting := unsent.get(reader.chat_id):
                earlier = waiting.pop(0)
                await outbox.edit_reply(session, earlier, text, buttons, now=now)
                await _take_over(session, reader, earlier)
                _remember(digests[number:], earlier)
                continue
            payload = {"text": text, "buttons": buttons, "reply_to": None}
            rows.append(
                outbox.row(
                    "reply", reader.chat_id, payload, priority=outbox.LATER, now=now,
                    officer_id=reader.officer_id,
                )
            )  # fmt: skip
            told_of.append(digests[number:])
    for digests, message in zip(told_of, await outbox.write_numbered(session, rows), strict=True):
        _remember(digests, message)


async def _take_over(session: AsyncSession, reader: Reader, message: int) -> None:
    """Have the group's other courts forget a message that says something else from now on."""
    if reader.role == "group":
        served = select(Court.code).where(Court.group_chat_id == reader.chat_id)
        await session.execute(
            update(Digest)
            .where(Digest.court_code.in_(served), Digest.message == message)
            .values(message=None)
        )


def _remember(digests: Sequence[Digest], message: int) -> None:
    for digest in digests:
        digest.message = message


async def _unsent(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[int]]:
    """Those of these messages that never left, by chat: while it is out of reach, one digest waits, not one a day."""
    found = await session.scalars(
        select(OutgoingMessage)
        .where(
            OutgoingMessage.id.in_(ids),
            OutgoingMessage.shown.is_(None),
            OutgoingMessage.outcome.is_(None),
        )
        .order_by(OutgoingMessage.id)
    )
    waiting: dict[int, list[int]] = {}
    for row in found:
        waiting.setdefault(row.chat_id, []).append(row.id)
    return waiting


async def _readers(
    session: AsyncSession, some: Sequence[_Due], desk: DeskRules, now: datetime
) -> Mapping[int, Sequence[Reader]]:
    """Who reads each: the person, or the court's readers."""
    served = [one.court for one in some if one.officer is None]
    of_courts = await readers_of(session, served, desk, now=now)
    readers: dict[int, Sequence[Reader]] = {}
    for one in some:
        if one.officer is None:
            readers[one.row.id] = of_courts[one.court.code]
        elif one.officer.telegram_id is not None:
            locale = one.officer.language or desk.locale
            reader = Reader(one.row.kind, one.officer.telegram_id, locale, one.officer.id)
            readers[one.row.id] = [reader]
    return readers


async def readers_of(
    session: AsyncSession, some: Sequence[Court], desk: DeskRules, *, now: datetime
) -> dict[str, Sequence[Reader]]:
    """Who reads the daily digest of each court, by its code: its group; without one, the first post that anybody reads at."""
    readers: dict[str, Sequence[Reader]] = {one.code: told.group(one, desk) for one in some}
    alone = [one for one in some if not readers[one.code]]
    if not alone:
        return readers
    found = await duty.on_duty(session, alone, now=now, default_timezone=desk.timezone)
    for one in alone:
        posts = (found[one.code].to_tell(post) for post in digest_plan.COURT_READERS)
        people = next(filter(None, posts), ())
        readers[one.code] = [r for who in people for r in told.person("court", who, desk)]
    return readers


async def facts_of(
    session: AsyncSession,
    kind: Kind,
    wanted: Sequence[tuple[Officer | None, Court, date]],
    voice: Voice,
    now: datetime,
) -> list[Facts | None]:
    """The facts of one kind of digest, in the order of `wanted`; None for somebody who has none today."""
    desk = voice.desk
    if kind == "officer":
        people = [(one, day) for one, _, day in wanted if one is not None]
        mornings = await digest_facts.mornings(session, people, desk, now=now)
        return [mornings.get(one.id) if one is not None else None for one, _, _ in wanted]
    some = [(court, day) for _, court, day in wanted]
    if kind == "court":
        court_days = await digest_facts.court_days(session, some, desk, now=now)
        return [court_days[court.code] for court, _ in some]
    if kind == "leader":
        weeks = await digest_facts.weeks(session, some, desk, now=now)
        return [weeks[court.code] for court, _ in some]
    known: dict[tuple[str | None, date], Facts] = {}
    places = [(None if court.code == SUPREME else court.province, day) for court, day in some]
    for province, day in dict.fromkeys(places):
        found = await digest_facts.province_day(session, province, day, desk, now=now)
        known[province, day] = found
    return [known[place] for place in places]


def _shown(
    row: Digest, facts: Sequence[Facts], locale: str, voice: Voice
) -> list[tuple[str, list[list[dict[str, str]]]]]:
    """The messages of a digest, or of a group's courts together, and the button under the last."""
    translate = html(voice.texts, locale)
    days = [one for one in facts if isinstance(one, CourtFacts)]
    texts = (
        digest_group_words.said(days, translate)
        if days
        else [digest_words.said(one, translate) for one in facts]
    )
    _ = voice.texts.for_locale(locale)
    settings = [[button(row, _("⏰ 设置"))]]
    return [(text, settings if text is texts[-1] else []) for text in texts]


def button(row: Digest, label: str) -> dict[str, str]:
    """The button that opens the settings of a digest."""
    return {"text": label, "data": f"{WORD}:{row.id}"}
