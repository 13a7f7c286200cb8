"""`/directory/changes`: what was changed in the directory, by whom, before → after, newest first. Other systems follow `changes_api`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web import field_words
from bot.web.changes_api import names_of
from bot.web.directory_sight import province_of, sight_of
from bot.web.page_frame import render, translate_page, words_asked
from bot.web.parts import parts_of
from bot.web.sign_in import viewer_of
from bot.web_sessions import Viewer
from directory import access, changes, courts, duty_sheet, search
from directory.access import LEADING, Subject
from directory.change_models import DirectoryChange
from directory.court_codes import SUPREME, full_province
from directory.models import Court
from notifications.messages import local_time
from notifications.wording import Wording

#: So many changes stand on one page.
ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One change in words."""

    at: datetime
    who: str
    kind: str
    code: str
    court: str
    #: The person concerned; "" for the court's own fields.
    person: str
    steps: tuple[str, ...]


async def show(request: web.Request) -> web.Response:
    """`GET /directory/changes?court=&province=&before=`: what the viewer may read, as the form narrows it."""
    viewer = await viewer_of(request)
    parts = parts_of(request)
    _ = translate_page(request, viewer)
    words = {name: words_asked(request, name) for name in ("court", "province", "before")}
    async with parts.database.reading() as session:
        scope = scope_of(viewer)
        nowhere, choices = await _narrow(request, session, viewer, words, scope)
        found: list[DirectoryChange] = []
        if not nowhere and not choices:
            found = await changes.backwards(
                session, before=_position(words["before"]), limit=ON_A_PAGE + 1, **scope
            )
        known = await courts.many(session, _named(found))
        names = await names_of(session, found)
        provinces = list(await duty_sheet.provinces(session)) if "province" not in scope else []
    sight, zone, now = sight_of(viewer), ZoneInfo(parts.desk.timezone), parts.clock.now()
    rows = [
        Row(
            at=one.at,
            who=field_words.who_said(one.who, known),
            kind=field_words.kind_said(one, _),
            code=one.court_code,
            court=known[one.court_code].name if one.court_code in known else "",
            person=(names.get(one.officer_id) or "—") if one.officer_id is not None else "",
            steps=tuple(field_words.steps(one, _)),
        )
        for one in found[:ON_A_PAGE]
        if _may_read(sight, one, known)
    ]
    following = None
    if len(found) > ON_A_PAGE:
        following = str(request.rel_url.update_query(before=found[ON_A_PAGE - 1].id))
    return await render(
        request,
        "directory_changes.j2",
        viewer=viewer,
        rows=rows,
        asked=words,
        nowhere=nowhere,
        choices=choices,
        provinces=provinces,
        whole="court" not in scope_of(viewer) and "officer_id" not in scope_of(viewer),
        place=_place(viewer),
        choose=lambda code: str(request.rel_url.update_query(court=code)),
        following=following,
        when=lambda at: Wording(_).when(local_time(at, zone, now)),
    )


def scope_of(viewer: Viewer) -> dict[str, Any]:
    """What narrows the changes that this viewer may read, as `changes.backwards` takes it; `access` judges each again."""
    if viewer.officer is None:
        scope = {"court": viewer.scope_court, "province": viewer.scope_province}
        return {name: value for name, value in scope.items() if value is not None}
    officer = viewer.officer
    if viewer.is_coordinator:
        return {} if officer.court_code == SUPREME else {"province": officer.court.province}
    if viewer.posts & LEADING:
        return {"court": officer.court_code}
    return {"officer_id": officer.id}


def _place(viewer: Viewer) -> str:
    scope = scope_of(viewer)
    if "officer_id" in scope and viewer.officer is not None:
        return viewer.officer.name
    return viewer.place


async def _narrow(
    request: web.Request,
    session: AsyncSession,
    viewer: Viewer,
    words: Mapping[str, str],
    scope: dict[str, Any],
) -> tuple[bool, tuple[Court, ...]]:
    """Put what was asked for into `scope`; whether the court is nowhere in it, and those that the words could mean."""
    if words["province"] and "province" not in scope:
        scope["province"] = full_province(words["province"])
    if not words["court"]:
        return False, ()
    found = await search.resolve(
        session, words["court"], province=province_of(viewer), searcher=parts_of(request).searcher
    )
    if found.court is None:
        return not found.choices, found.choices[:20]
    if scope.get("court", found.court.code) != found.court.code:
        return True, ()
    scope["court"] = found.court.code
    return False, ()


def _position(words: str) -> int | None:
    good = words.isascii() and words.isdecimal() and len(words) <= 18
    return int(words) if good else None


def _codes(change: DirectoryChange) -> set[str]:
    """The courts that a change concerns: both, where somebody moved."""
    before = change.before.get("court_code")
    return {change.court_code, before} if isinstance(before, str) else {change.court_code}


def _named(found: Sequence[DirectoryChange]) -> set[str]:
    """The courts that changes concern, and those of the people who made them."""
    makers = (field_words.court_of_who(one.who) for one in found)
    return {code for one in found for code in _codes(one)} | {code for code in makers if code}


def _may_read(sight: access.Viewer, change: DirectoryChange, known: Mapping[str, Court]) -> bool:
    values = {**change.after, **change.before}
    for code in _codes(change):
        province = known[code].province if code in known else str(values.get("province") or "")
        if access.may(sight, "history", Subject(code, province, change.officer_id)):
            return True
    return False
