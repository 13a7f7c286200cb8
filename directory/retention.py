"""What is kept how long, for every table of the product, in one table; and the taking away of what is over.

The tables of the upper layers are named, not imported: whoever purges has loaded every model.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, cast, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import changes
from directory.change_models import DirectoryChange
from directory.database import Base
from directory.models import Officer

#: Whether a row is over, as a condition on its table; given the instant before which it is.
Over = Callable[[Table, datetime], ColumnElement[bool]]

DAY = timedelta(days=1)
MONTH = timedelta(days=30)
#: Two years: as long as somebody may ask who saw a number and what was said of a person.
TWO_YEARS = timedelta(days=730)
HALF_A_YEAR = timedelta(days=183)

#: What stays of a message whose text was taken away.
_NO_TEXT: Mapping[str, Any] = {"text": "", "buttons": []}

#: Who purges, in the record of changes.
WHO = "system"


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of `table` are over once `over` holds for the instant `kept` ago; then they go, or `emptied` of them."""

    key: str
    table: str
    kept: timedelta
    over: Over
    #: Why so long and no longer.
    why: str
    #: Columns that are emptied where the row itself stays; None: the row goes.
    emptied: Mapping[str, Any] | None = None
    #: Fields that are struck out of the values before and after a change, where the rest of it stays.
    struck: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows one rule took, or would take."""

    rule: Rule
    count: int


def _older(column: str, *more: Callable[[Table], ColumnElement[bool]]) -> Over:
    """Rows whose `column` lies before the instant, and for which the rest holds too."""

    def over(table: Table, before: datetime) -> ColumnElement[bool]:
        return and_(table.c[column] < before, *(condition(table) for condition in more))

    return over


def _not_yet(**emptied: object) -> Callable[[Table], ColumnElement[bool]]:
    """Rows in which one of these columns still holds something else."""

    def condition(table: Table) -> ColumnElement[bool]:
        return or_(*(_differs(table, name, value) for name, value in emptied.items()))

    return condition


def _differs(table: Table, name: str, value: object) -> ColumnElement[bool]:
    column = table.c[name]
    if value is None:
        return column.is_not(None)
    # JSON is stored as the text that was written, which nothing compares: whatever is longer differs.
    return func.length(cast(column, Text)) > len(json.dumps(value))


def _is(column: str, *values: object) -> Callable[[Table], ColumnElement[bool]]:
    return lambda table: table.c[column].in_(values)


def _null(column: str) -> Callable[[Table], ColumnElement[bool]]:
    return lambda table: table.c[column].is_(None)


def _given(column: str) -> Callable[[Table], ColumnElement[bool]]:
    return lambda table: table.c[column].is_not(None)


#: By which a person is reached.
NUMBERS = frozenset({"mobile", "telegram_id"})


def _of_departed(table: Table, before: datetime) -> ColumnElement[bool]:
    """Rows of people who left before the instant."""
    return table.c.officer_id.in_(select(Officer.id).where(Officer.left_at < before))


def _says(table: Table, fields: frozenset[str]) -> ColumnElement[bool]:
    """Changes whose values before or after hold one of these fields."""
    sides = table.c.before, table.c.after
    return or_(*(side[name].as_string().is_not(None) for side in sides for name in sorted(fields)))


RULES: Sequence[Rule] = (
    Rule("link_attempts", "link_attempts", DAY, _older("at"),
         "the brake on guessing looks back a quarter of an hour"),
    Rule("invitations", "invitations", MONTH, _older("expires_at"),
         "used or not, a month to look into who linked which account"),
    Rule("look_ups", "look_ups", MONTH, _older("hour"),
         "the limit is an hour's; a month to look into a copying"),
    Rule("disclosures", "disclosures", TWO_YEARS, _older("at"),
         "as long as an officer may ask who saw the number"),
    Rule("directory_changes", "directory_changes", TWO_YEARS,
         _older("at", _given("officer_id"), _not_yet(before={}, after={})),
         "that a card was changed, and by whom, stays; what it said does not",
         emptied={"before": {}, "after": {}}),
    Rule("departed_numbers", "officers", HALF_A_YEAR,
         _older("left_at", _not_yet(mobile=None, telegram_id=None, language=None)),
         "so long a colleague may have to be asked about a filing; who returns brings the number again",
         emptied={"mobile": None, "telegram_id": None, "linked_at": None, "blocked_at": None,
                  "language": None}),
    Rule("departed_history", "directory_changes", HALF_A_YEAR, lambda table, before: and_(
             _of_departed(table, before), _says(table, NUMBERS)),
         "the record must not keep what the card has lost", struck=NUMBERS),
    Rule("verifications", "verifications", TWO_YEARS, _older("asked_at"),
         "freshness looks back a few quarters"),
    Rule("corrections", "directory_corrections", TWO_YEARS, _older("ended_at"),
         "a note may name a person"),
    Rule("questions", "questions", HALF_A_YEAR, _older("last_at"),
         "what is worth keeping is on the published list, without anybody's name"),
    Rule("withdrawn_answers", "faq_entries", MONTH, _older("withdrawn_at"),
         "a month to see that one was taken off by mistake"),
    Rule("notices", "notices", TWO_YEARS, _older("created_at"),
         "as long as somebody may ask whether they were told"),
    Rule("contest_reasons", "bulletin_contests", TWO_YEARS,
         _older("raised_at", lambda table: or_(table.c.reason != "", table.c.decision != "")),
         "that a figure was contested, and how it was decided, stays; words may name a person",
         emptied={"reason": "", "decision": ""}),
    Rule("training", "training_sessions", TWO_YEARS, _older("starts_at"),
         "training counts for a year; a year more to look into it"),
    Rule("code_tries", "training_code_tries", DAY, _older("at"),
         "the brake on guessing looks back a quarter of an hour"),
    Rule("calendar_feeds", "feeds", MONTH, _older("revoked_at"),
         "an address that was closed leads nowhere"),
    Rule("web_logins", "web_logins", MONTH, _older("expires_at"),
         "used or not, a month to look into who signed in"),
    Rule("web_sessions", "web_sessions", timedelta(), _older("expires_at"),
         "a session that ended is worth nothing"),
    Rule("signed_links", "signed_links", MONTH, _older("expires_at"),
         "the history keeps what was done with them"),
    Rule("drafts", "drafts", DAY, _older("expires_at"),
         "a conversation that nobody went on with"),
    Rule("updates", "received_updates", 3 * DAY, _older("at", _is("state", "done")),
         "Telegram repeats an update for a day at most"),
    Rule("failed_updates", "received_updates", MONTH, _older("at"),
         "what failed is looked at within a month; only these rows hold what was written"),
    Rule("message_texts", "outbox", MONTH,
         _older("created_at", _null("filing_id"), _null("not_before"), _not_yet(payload=dict(_NO_TEXT))),
         "answers and reports name people; that one was sent, and when, stays",
         emptied={"payload": dict(_NO_TEXT)}),
    Rule("event_reports", "outbox", 7 * DAY,
         _older("sent_at", _is("channel", "webhook"), _is("outcome", "sent")),
         "the other system has them; the events themselves stay with the filing"),
    Rule("rate_budgets", "rate_budgets", DAY,
         _older("free_at", lambda table: table.c.chat_id != 0),
         "a chat that was written to a day ago waits for nothing"),
    Rule("firings", "firings", timedelta(days=40), _older("scheduled_at"),
         "longer than the rarest recurrence"),
)  # fmt: skip


async def purge(session: AsyncSession, *, now: datetime, dry_run: bool = False) -> list[Purged]:
    """Take away everything that is over, in one transaction; with `dry_run` only count it.

    Args:
        session: a writing transaction (a reading one will do for `dry_run`); every model is loaded.
        now: the present.
        dry_run: change nothing.

    Returns:
        For each rule, in the order of `RULES`, how many rows it concerns.
    """
    return [Purged(rule, await _apply(session, rule, now, dry_run=dry_run)) for rule in RULES]


async def _apply(session: AsyncSession, rule: Rule, now: datetime, *, dry_run: bool) -> int:
    table = Base.metadata.tables[rule.table]
    over = rule.over(table, now - rule.kept)
    count = await session.scalar(select(func.count()).select_from(table).where(over)) or 0
    if dry_run or count == 0:
        return count
    if rule.struck:
        await _strike(session, over, rule.struck)
        return count
    if rule.table == Officer.__tablename__:
        await _tell_followers(session, over, now)
    if rule.emptied is None:
        await session.execute(delete(table).where(over))
    else:
        await session.execute(update(table).where(over).values(dict(rule.emptied)))
    return count


async def _strike(session: AsyncSession, over: ColumnElement[bool], fields: frozenset[str]) -> None:
    """Empty these fields in the values of changes, and leave the rest as it is."""
    for change in await session.scalars(select(DirectoryChange).where(over)):
        change.before = {name: None if name in fields else v for name, v in change.before.items()}
        change.after = {name: None if name in fields else v for name, v in change.after.items()}
    await session.flush()


async def _tell_followers(session: AsyncSession, over: ColumnElement[bool], now: datetime) -> None:
    """Before departed people's numbers go: a change of each, so that other systems lose them as well."""
    await changes.lock(session)
    leaving = await session.execute(
        select(Officer.id, Officer.court_code, Officer.mobile, Officer.telegram_id).where(over)
    )
    for officer_id, court_code, mobile, telegram_id in leaving.all():
        held = {"mobile": mobile, "telegram_id": telegram_id}
        gone = {name: None for name, value in held.items() if value is not None}
        # What it was is not said again: the record must not keep what the card has lost.
        changes.record(
            session, who=WHO, court_code=court_code, officer_id=officer_id, kind="changed",
            before={}, after=gone, now=now,
        )  # fmt: skip
    await session.flush()
