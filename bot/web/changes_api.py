"""What changed in the directory, over HTTP: a cursor that another system follows. Writes nothing but disclosures."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from aiohttp import web
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web import validation
from bot.web.authentication import Caller
from bot.web.fields import Cursor, Instant, Limit
from bot.web.languages import translate_for
from bot.web.parts import parts_of
from bot.web.problems import Fault
from bot.web.responses import json_response
from bot.web.schemas import Strict
from bot.web.scopes import viewer_of
from directory import changes, courts, disclosures
from directory.access import Subject, Viewer, sees
from directory.change_models import DirectoryChange
from directory.import_cells import mask_mobile
from directory.models import Court, Officer

PATH = "/api/v1/directory/changes"

#: Numbers of chats never leave: instead of the field, whether there is one.
_WHETHER = {"telegram_id": "linked", "group_chat_id": "group_linked"}


class ChangeListQuery(Strict):
    """From where on, and how many."""

    cursor: Cursor | None = Field(
        default=None,
        description=(
            "The next_cursor of the page before. A page without items has none: keep the last one "
            "you were given and ask again with it later."
        ),
    )
    limit: Limit = 50


class ChangedCourt(Strict):
    """The court concerned; `name` is null for one that was removed."""

    code: str
    name: str | None


class ChangedOfficer(Strict):
    """The person concerned; `name` is null for one who was removed."""

    id: int
    name: str | None


class ChangeAnswer(Strict):
    """One change: the fields that differ, by their names in the directory files, before and after."""

    id: int
    at: Instant
    who: str
    court: ChangedCourt
    #: Null for the court's own fields.
    officer: ChangedOfficer | None
    kind: Literal["added", "changed", "departed", "returned", "moved", "erased", "removed"]
    before: dict[str, Any]
    after: dict[str, Any]


class ChangeListAnswer(Strict):
    """Changes within the token's scope, oldest first."""

    items: list[ChangeAnswer]
    #: Null only when there are no items: then the cursor that was asked with stays good.
    next_cursor: str | None


async def index(request: web.Request, caller: Caller) -> web.Response:
    """`GET /directory/changes`: what followed a cursor. Reading whole mobile numbers is a disclosure."""
    asked = validation.read_query(request, ChangeListQuery)
    parts = parts_of(request)
    async with parts.database.reading() as session:
        after = await _position(request, session, asked.cursor)
        found = await changes.page(
            session, after=after, limit=asked.limit, court=caller.court, province=caller.province
        )
        known = await courts.many(session, {change.court_code for change in found})
        names = await names_of(session, found)
    viewer = viewer_of(caller)
    shown = {change.id: _subject(change, known) for change in found}
    items = [_answer(change, known, names, viewer, shown[change.id]) for change in found]
    whole = {
        change.officer_id
        for change in found
        if change.officer_id in names
        and sees(viewer, "mobile", shown[change.id]) == "full"
        and (change.before.get("mobile") or change.after.get("mobile"))
    }
    await _disclose(request, caller, whole)
    return json_response(
        ChangeListAnswer(items=items, next_cursor=str(found[-1].id) if found else None)
    )


async def _position(request: web.Request, session: AsyncSession, cursor: str | None) -> int:
    """The number of the last change that was read.

    Raises:
        Problem: 422 for a cursor that this directory has not given.
    """
    if cursor is None:
        return 0
    _ = translate_for(request)
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= 18):
        raise validation.refused(request, [Fault("cursor", _("请原样使用上一页的 next_cursor"))])
    newest = await changes.newest(session)
    if int(cursor) > newest:
        # After a backup was restored its numbers are given again: going on would pass changes by.
        text = _("此 next_cursor 不是本通讯录给出的（数据库可能已从备份恢复），请从头读起")
        raise validation.refused(request, [Fault("cursor", text)])
    return int(cursor)


async def names_of(
    session: AsyncSession, found: Iterable[DirectoryChange]
) -> dict[int | None, str]:
    """The names of the people whom changes concern, by number; who was removed has none."""
    numbers = {change.officer_id for change in found if change.officer_id is not None}
    people = await session.execute(select(Officer.id, Officer.name).where(Officer.id.in_(numbers)))
    return {person.id: person.name for person in people}


def _subject(change: DirectoryChange, known: Mapping[str, Court]) -> Subject:
    court = known.get(change.court_code)
    values = {**change.after, **change.before}
    province = court.province if court is not None else values.get("province")
    return Subject(change.court_code, str(province or ""), change.officer_id)


def _answer(
    change: DirectoryChange,
    known: Mapping[str, Court],
    names: Mapping[int | None, str],
    viewer: Viewer,
    subject: Subject,
) -> ChangeAnswer:
    court = known.get(change.court_code)
    officer = None
    if change.officer_id is not None:
        officer = ChangedOfficer(id=change.officer_id, name=names.get(change.officer_id))
    return ChangeAnswer(
        id=change.id,
        at=change.at,
        who=change.who,
        court=ChangedCourt(code=change.court_code, name=court.name if court else None),
        officer=officer,
        kind=change.kind,  # type: ignore[arg-type]
        before=_shown(change.before, viewer, subject),
        after=_shown(change.after, viewer, subject),
    )


def _shown(values: Mapping[str, Any], viewer: Viewer, subject: Subject) -> dict[str, Any]:
    """The values as the viewer may read them."""
    shown: dict[str, Any] = {}
    for name, value in values.items():
        if name in _WHETHER:
            shown[_WHETHER[name]] = value is not None
        elif name == "mobile" and sees(viewer, name, subject) != "full":
            shown[name] = mask_mobile(value)
        else:
            shown[name] = value
    return shown


async def _disclose(request: web.Request, caller: Caller, officer_ids: set[int | None]) -> None:
    """Write down whose whole numbers were read."""
    numbers = [number for number in officer_ids if number is not None]
    if not numbers:
        return
    parts = parts_of(request)
    async with parts.database.transaction() as session:
        # Somebody may have been removed since: a disclosure is of people who are there.
        there = list(await session.scalars(select(Officer.id).where(Officer.id.in_(numbers))))
        await disclosures.show_mobiles(
            session, caller.name, None, sorted(there), reason=disclosures.BY_SYSTEM,
            channel=disclosures.HTTP, now=parts.clock.now(),
        )  # fmt: skip
