"""A person's name, numbers and account struck out of every table, whichever layer it belongs to. Decides nothing.

Rows that only make sense with the person go; records of the service stay and say 已删除人员 instead.
A name is a word that others may bear: `directory.namesakes` says how far it may be replaced.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from json import dumps
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    CursorResult,
    RowMapping,
    String,
    Table,
    Text,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.base import Executable

from directory.database import Base
from directory.namesakes import Person, Words

#: Whole rows that go with the person, by the column that names the officer.
_ROWS: Sequence[tuple[str, str]] = (
    ("officer_posts", "officer_id"),
    ("invitations", "officer_id"),
    ("web_logins", "officer_id"),
    ("web_sessions", "officer_id"),
    ("signed_links", "officer_id"),
    ("digests", "officer_id"),
    ("feeds", "officer_id"),
    ("leaves", "officer_id"),
    ("disclosures", "officer_id"),
    ("look_ups", "officer_id"),
    ("question_answerers", "officer_id"),
    ("faq_votes", "officer_id"),
    ("verifications", "officer_id"),
    ("directory_corrections", "officer_id"),
    ("training_places", "officer_id"),
    ("training_code_tries", "officer_id"),
    ("training_quiz_tries", "officer_id"),
    ("onboardings", "officer_id"),
)

#: Whole rows that go with the chat account.
_ACCOUNT_ROWS: Sequence[tuple[str, str]] = (
    ("link_attempts", "telegram_id"),
    ("drafts", "telegram_id"),
    ("drafts", "chat_id"),
    ("rate_budgets", "chat_id"),
)

#: Tables of which only these columns say who did something; the rest is the directory itself.
_ONLY: Mapping[str, frozenset[str]] = {
    "courts": frozenset({"verified_by"}),
    "officers": frozenset({"verified_by"}),
    "api_tokens": frozenset(),
}

#: Columns that name the court or filing to which a row belongs.
_COURTS = ("court_code", "jurisdiction_court", "collaborating_court", "scope")

_RECORDS = "directory_records"

#: Sent where nobody is: a chat of this number does not exist.
NOWHERE = 0


@dataclass(slots=True)
class Swept:
    """Which tables were touched, and how many rows were changed or went."""

    rows: dict[str, int]

    def add(self, table: str, count: int) -> None:
        """Count rows of a table."""
        if count > 0:
            self.rows[table] = self.rows.get(table, 0) + count


async def sweep(session: AsyncSession, person: Person) -> Swept:
    """Strike `person` out of everything but the card and the record of changes.

    Args:
        session: a writing transaction; every model of the product is loaded.
        person: who, and what they are found by.
    """
    swept = Swept({})
    for name, column in _ROWS:
        await _delete(session, name, column, [person.id], swept)
    for name, column in _ACCOUNT_ROWS:
        await _delete(session, name, column, person.accounts, swept)
    await _silence(session, person, swept)
    await _forget_updates(session, person, swept)
    for table in Base.metadata.sorted_tables:
        await _replace(session, table, person, swept)
    return swept


async def _delete(
    session: AsyncSession, name: str, column: str, values: Iterable[int], swept: Swept
) -> None:
    table = Base.metadata.tables[name]
    condition = table.c[column].in_(tuple(values))
    swept.add(name, await _count(session, delete(table).where(condition)))


async def _count(session: AsyncSession, statement: Executable) -> int:
    done = await session.execute(statement)
    return done.rowcount if isinstance(done, CursorResult) else 0


async def _silence(session: AsyncSession, person: Person, swept: Swept) -> None:
    """Messages to the person: none is sent any more, and none keeps the account's number or its text."""
    table = Base.metadata.tables["outbox"]
    theirs = or_(table.c.officer_id == person.id, table.c.chat_id.in_(person.accounts))
    dropped = {"outcome": "dropped", "not_before": None, "leased_until": None, "lease": None}
    waiting = or_(table.c.outcome.is_(None), table.c.not_before.is_not(None))
    await session.execute(update(table).where(theirs, waiting).values(dropped))
    ready = {"payload": {"text": "", "buttons": []}}
    await session.execute(update(table).where(theirs, table.c.filing_id.is_(None)).values(ready))
    values = {"chat_id": NOWHERE}
    swept.add("outbox", await _count(session, update(table).where(theirs).values(values)))


async def _forget_updates(session: AsyncSession, person: Person, swept: Swept) -> None:
    """Failed updates are kept with all that was written: those by or about the person lose it."""
    table = Base.metadata.tables["received_updates"]
    marks = (*(str(account) for account in person.accounts), *person.names, *person.numbers)
    found = _mentions(session, table.c.body, marks)
    if found is not None:
        swept.add(table.name, await _count(session, update(table).where(found).values(body=None)))


async def _replace(session: AsyncSession, table: Table, person: Person, swept: Swept) -> None:
    """Replace the name and strike the numbers in every text of a table."""
    only = _ONLY.get(table.name)
    columns = [
        column
        for column in table.c
        if isinstance(column.type, String | JSON)
        and not column.primary_key
        and not column.foreign_keys
        and (only is None or column.name in only)
    ]
    marks = (*person.names, *person.numbers, *person.links)
    conditions = [_mentions(session, column, marks) for column in columns]
    wanted = [condition for condition in conditions if condition is not None]
    if not wanted:
        return
    found = (await session.execute(select(table).where(or_(*wanted)))).mappings().all()
    mine = await _attributed(session, table, found, person)
    for row, own in zip(found, mine, strict=True):
        words = person.words(own=own)
        changed = {
            column.name: after
            for column in columns
            if (after := _without(row[column.name], words, column)) != row[column.name]
        }
        if changed:
            key = [column == row[column.name] for column in table.primary_key]
            await session.execute(update(table).where(*key).values(changed))
            swept.add(table.name, 1)


def _without(value: Any, words: Words, column: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, JSON):
        return words.in_json(value)
    after = words.in_text(value)
    return after[: column.type.length] if column.type.length else after


def _mentions(
    session: AsyncSession, column: ColumnElement[Any], marks: Iterable[str]
) -> ColumnElement[bool] | None:
    """Whether the column's text holds one of the marks, also as JSON writes them; None without any."""
    position = func.instr if session.get_bind().dialect.name == "sqlite" else func.strpos
    spelt = {spelling for mark in marks for spelling in (mark, dumps(mark)[1:-1])}
    text = cast(column, Text)
    return or_(*(position(text, literal(mark)) > 0 for mark in sorted(spelt))) if spelt else None


async def _attributed(
    session: AsyncSession, table: Table, rows: Sequence[RowMapping], person: Person
) -> list[bool]:
    """For each row whether a name in it is the person's: it is theirs, or of their courts alone."""
    officers = Base.metadata.tables["officers"]
    to_person = [c.name for c in table.c if any(k.column.table is officers for k in c.foreign_keys)]
    filings = await _own_filings(session, table, rows, person)
    return [
        any(row[name] == person.id for name in to_person)
        or person.is_of(row[name] for name in _COURTS if name in table.c)
        or ("filing_id" in table.c and row["filing_id"] in filings)
        or (table.name == _RECORDS and _recorded(row, person))
        for row in rows
    ]


def _recorded(row: RowMapping, person: Person) -> bool:
    """Whether a record is of the person; it names them by number, or as `辽0211:张伟`."""
    if row["detail"].startswith("officer "):
        return bool(row["detail"] == f"officer {person.id}")
    return person.is_of([str(row["subject"]).partition(":")[0]])


async def _own_filings(
    session: AsyncSession, table: Table, rows: Sequence[RowMapping], person: Person
) -> frozenset[int]:
    """Of the filings that the rows belong to, those of the person's courts alone."""
    if "filing_id" not in table.c or not rows:
        return frozenset()
    filings = Base.metadata.tables["filings"]
    sides = filings.c.jurisdiction_court, filings.c.collaborating_court
    found = await session.execute(
        select(filings.c.id, *sides).where(filings.c.id.in_({row["filing_id"] for row in rows}))
    )
    return frozenset(number for number, *courts in found if person.is_of(courts))
