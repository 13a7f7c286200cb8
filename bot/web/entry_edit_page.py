"""Forms that change an entry: a court, a person; joining, departing, moving. What a form shows and what of it changed says `entry_forms`.

Whatever is written goes through `directory.edits`, never over what somebody else has changed meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from yarl import URL

from bot.chat.edit_words import refusal
from bot.web import entry_forms
from bot.web.court_page import named_person
from bot.web.directory_sight import court_named, editor_of, sight_of, subject_of, voice_of
from bot.web.entry_forms import Asked
from bot.web.field_words import (
    court_of_who,
    field_name,
    kind_words,
    level_words,
    status_words,
    value_said,
    who_said,
)
from bot.web.page_frame import HEADERS, plain_words, render, translate_page
from bot.web.parts import parts_of
from bot.web.problems import Problem
from bot.web.sign_in import viewer_of
from bot.web_sessions import Viewer
from directory import access, change_values, changes, courts, duty, edits, officers
from directory.access import Subject
from directory.change_models import DirectoryChange
from directory.change_values import POSTS
from directory.edit_values import TOP
from directory.edits import Conflict, Edited, Outcome, Refused
from directory.errors import CourtNotFound
from directory.models import Court, Officer
from notifications import corrections, verifications
from notifications.messages import local_time
from notifications.wording import Wording

Entry = Court | Officer


@dataclass(frozen=True, slots=True)
class Met:
    """A field that somebody else changed after the form was shown."""

    field: str
    seen: Any
    now_is: Any
    mine: Any
    by: str
    at: datetime | None


@dataclass(slots=True)
class Form:
    """One form under way: the entry (of a new person only the court), who fills it, what it holds."""

    court: Court
    officer: Officer | None
    viewer: Viewer
    today: date
    #: The number of the last change when its reader saw it.
    version: int
    values: Mapping[str, Any]
    faults: dict[str, str] = field(default_factory=dict)
    met: list[Met] = field(default_factory=list)
    is_new: bool = False
    namesake: bool = False
    #: What was typed and not written yet; a typed number stands whole until it is.
    typed: frozenset[str] = frozenset()

    @property
    def subject(self) -> Subject:
        """What `directory.access` judges."""
        if self.is_new:
            return Subject(self.court.code, self.court.province, 0)
        return subject_of(self.officer or self.court)

    @property
    def is_person(self) -> bool:
        """Whether it is a person's form."""
        return self.is_new or self.officer is not None

    @property
    def own(self) -> bool:
        """Whether somebody fills in the own card: only there the number stands whole."""
        mine = self.viewer.officer
        return self.officer is not None and mine is not None and mine.id == self.officer.id

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that this viewer may change, in the form's order."""
        known = entry_forms.PERSON_FIELDS if self.is_person else entry_forms.COURT_FIELDS
        mine = access.writable(sight_of(self.viewer), self.subject, known)
        return tuple(name for name in known if name in mine)

    @property
    def posts(self) -> tuple[str, ...]:
        """The posts that this viewer may give here."""
        if not self.is_person:
            return ()
        sight = sight_of(self.viewer)
        return tuple(
            post
            for post in officers.POSTS_BY_RANK
            if access.gives(sight, post, self.subject)
            and (post != "coordinator" or self.court.level in TOP)
        )

    @property
    def departs(self) -> bool:
        """Whether the viewer may let the person go; who could only let themselves go asks the leader."""
        sight = sight_of(self.viewer)
        others = access.may(sight, "add", Subject(self.court.code, self.court.province))
        return self.officer is not None and others and access.may(sight, "depart", self.subject)

    @property
    def moves(self) -> bool:
        """Whether the viewer may move the person to another court."""
        return self.departs and access.may(sight_of(self.viewer), "move", self.subject)


async def court(request: web.Request) -> web.StreamResponse:
    """`GET` and `POST /directory/{code}/edit`."""
    viewer = await viewer_of(request)
    async with _session(request) as session:
        await _lock(request, session)
        entry = await court_named(request, session, viewer)
        form = await _form(request, session, viewer, entry)
        if request.method == "GET":
            return await _page(request, form)
        typed = await _typed(request)
        mine = await _changed(session, form, typed)
        done: Outcome = Edited(None)
        if mine.values:
            done = await edits.change_court(
                session, entry, mine.values,
                by=editor_of(viewer), expected=mine.seen, now=_now(request),
            )  # fmt: skip
        return await _ended(request, session, form, mine, done)


async def person(request: web.Request) -> web.StreamResponse:
    """`GET` and `POST /directory/people/{number}/edit`: `do` is empty, `depart` or `move`."""
    viewer = await viewer_of(request)
    async with _session(request) as session:
        await _lock(request, session)
        officer = await named_person(request, session, viewer, request.match_info["number"])
        form = await _form(request, session, viewer, officer)
        if request.method == "GET":
            return await _page(request, form)
        typed = await _typed(request)
        given: dict[str, Any] = {
            "by": editor_of(viewer), "now": _now(request), "today": form.today,
        }  # fmt: skip
        if typed.get("do") in {"depart", "move"}:
            return await _leaves(request, session, form, typed, given)
        mine = await _changed(session, form, typed)
        done: Outcome = Edited(None)
        if mine.values:
            done = await edits.change_officer(
                session, officer, mine.values, expected=mine.seen, **given
            )
        return await _ended(request, session, form, mine, done)


async def new_person(request: web.Request) -> web.StreamResponse:
    """`GET` and `POST /directory/{code}/people/new`; a namesake is asked about once."""
    viewer = await viewer_of(request)
    async with _session(request) as session:
        await _lock(request, session)
        entry = await court_named(request, session, viewer)
        form = await _form(request, session, viewer, entry, is_new=True)
        if request.method == "GET":
            return await _page(request, form)
        typed = await _typed(request)
        mine = entry_forms.asked(typed, {}, form.fields, form.posts, today=form.today)
        form.typed = frozenset(mine.values)
        name = str(mine.values.get("name", ""))
        same = select(Officer.id).where(
            Officer.court_code == entry.code, Officer.name == name, Officer.left_at.is_(None)
        )
        if "again" not in typed and await session.scalar(same.limit(1)) is not None:
            form.namesake, form.values = True, entry_forms.merged({}, mine)
            return await _page(request, form, status=409)
        done = await edits.add_officer(
            session, entry, mine.values,
            by=editor_of(viewer), now=_now(request), today=form.today,
        )  # fmt: skip
        return await _ended(request, session, form, mine, done)


def _session(request: web.Request) -> Any:
    database = parts_of(request).database
    return database.reading() if request.method == "GET" else database.transaction()


async def _lock(request: web.Request, session: AsyncSession) -> None:
    """Before anything is read that an edit depends on."""
    if request.method != "GET":
        await changes.lock(session)


def _now(request: web.Request) -> datetime:
    return parts_of(request).clock.now()


async def _typed(request: web.Request) -> dict[str, str]:
    return {name: str(value) for name, value in (await request.post()).items()}


async def _form(
    request: web.Request,
    session: AsyncSession,
    viewer: Viewer,
    entry: Entry,
    *,
    is_new: bool = False,
) -> Form:
    """The form as it stands now.

    Raises:
        Problem: 403, the entry is not this viewer's to change.
    """
    officer = entry if isinstance(entry, Officer) else None
    court = entry.court if isinstance(entry, Officer) else entry
    if is_new:
        values: Mapping[str, Any] = {}
    elif officer is not None:
        values = change_values.officer_values(officer)
    else:
        values = change_values.court_values(court)
    today = duty.local_day(court, _now(request), parts_of(request).desk.timezone)
    form = Form(court, officer, viewer, today, await changes.newest(session), values, is_new=is_new)
    if not access.may(sight_of(viewer), "add" if is_new else "edit", form.subject):
        _ = translate_page(request, viewer)
        raise Problem(403, _("您不能更改此条目。请由该法院带班领导、A岗或省级协调员更改。"))
    return form


async def _later(session: AsyncSession, form: Form) -> Sequence[DirectoryChange]:
    """What others did to the entry after the form was shown, the latest first."""
    if form.officer is not None:
        return await changes.of_officer(session, form.officer.id, after=form.version, limit=1000)
    return await changes.of_court(
        session, form.court.code, people=False, after=form.version, limit=1000
    )


async def _changed(session: AsyncSession, form: Form, typed: Mapping[str, str]) -> Asked:
    """What the viewer changed; a form without its number is taken as shown before everything."""
    version = typed.get("version", "")
    good = version.isascii() and version.isdecimal() and len(version) <= 18
    form.version = int(version) if good else 0
    seen = entry_forms.as_seen(form.values, await _later(session, form))
    mine = entry_forms.asked(
        typed, seen, form.fields, form.posts, today=form.today, whole_mobile=form.own
    )
    form.typed = frozenset(mine.values)
    return mine


async def _tell(request: web.Request, session: AsyncSession, form: Form, done: Outcome) -> None:
    """Whoever reported the entry, or was asked whether it is right, sees that it was changed."""
    voice, now = voice_of(parts_of(request)), _now(request)
    await corrections.settle(session, voice, now=now)
    if isinstance(done, Edited) and done.change is not None and form.officer is not None:
        await verifications.settle(
            session, form.officer, done.change, by=editor_of(form.viewer), voice=voice, now=now
        )


async def _ended(
    request: web.Request, session: AsyncSession, form: Form, mine: Asked, done: Outcome
) -> web.StreamResponse:
    """Back to the card when it stands; else the form again with what was typed, and why."""
    _ = translate_page(request, form.viewer)
    match done:
        case Edited():
            if done.change is None:
                return _back(form, "same")
            form.officer = done.officer or form.officer
            await _tell(request, session, form, done)
            return _back(form, "saved")
        case Refused():
            for fault in done.faults:
                name = (fault.place.column or "").partition(".")[0]
                form.faults.setdefault(name, refusal(fault, _))
            # Untouched fields stay as their reader saw them: what changed meanwhile is still a conflict.
            later = await _later(session, form)
            form.values = entry_forms.merged(entry_forms.as_seen(form.values, later), mine)
            return await _page(request, form, status=422)
        case Conflict():
            later = await _later(session, form)
            makers = (court_of_who(one.who) for one in later)
            known = await courts.many(session, [code for code in makers if code])
            form.met = _all_met(form, mine, later, known)
            form.version = await changes.newest(session)
            form.values = entry_forms.merged(form.values, mine)
            return await _page(request, form, status=409)


def _all_met(
    form: Form, mine: Asked, later: Sequence[DirectoryChange], known: Mapping[str, Court]
) -> list[Met]:
    """Every field in which two changed the same, with who was first."""
    seen, wanted = (change_values.by_field(values) for values in (mine.seen, mine.values))
    stored = change_values.by_field(dict(form.values))
    found = []
    for name, was in seen.items():
        if stored.get(name) != was:
            by = next((one for one in later if name in changes.fields_of(one)), None)
            found.append(
                Met(name, was, stored.get(name), wanted.get(name),
                    who_said(by.who, known) if by else "—", by.at if by else None)
            )  # fmt: skip
    return found


async def _leaves(
    request: web.Request,
    session: AsyncSession,
    form: Form,
    typed: Mapping[str, str],
    given: Mapping[str, Any],
) -> web.StreamResponse:
    """离任 with its box ticked, or 调动 to a court named by its code."""
    _ = translate_page(request, form.viewer)
    officer, word = form.officer, typed["do"]
    if officer is None or not (form.departs if word == "depart" else form.moves):
        raise Problem(403, _("您不能更改此条目。请由该法院带班领导、A岗或省级协调员更改。"))
    if "sure" not in typed:
        form.faults[word] = _("请先勾选确认。")
        return await _page(request, form, status=422)
    if word == "depart":
        done = await edits.depart(session, officer, **given)
    else:
        try:
            to = await courts.get(session, plain_words(typed.get("to", "")))
        except CourtNotFound:
            form.faults[word] = _("没有这个法院代字。")
            return await _page(request, form, status=422)
        day = duty.local_day(to, given["now"], parts_of(request).desk.timezone)
        posts = {typed.get("post", ""): {"valid_from": day}}
        done = await edits.move(session, officer, to, posts, **{**given, "today": day})
    if isinstance(done, Refused):
        form.faults[word] = refusal(done.faults[0], _)
        return await _page(request, form, status=422)
    await _tell(request, session, form, done)
    form.court = officer.court
    return _back(form, "departed" if word == "depart" else "moved")


def _back(form: Form, word: str) -> web.Response:
    """To the card, so that going back or on repeats nothing."""
    target = URL(f"/directory/{form.court.code}").with_query(done=word)
    if form.officer is not None and form.officer.left_at is None:
        target = target.with_fragment(f"p{form.officer.id}")
    return web.Response(status=303, headers={**HEADERS, "Location": str(target)})


async def _page(request: web.Request, form: Form, *, status: int = 200) -> web.Response:
    _ = translate_page(request, form.viewer)
    parts = parts_of(request)
    zone = courts.zone_of(form.court, parts.desk.timezone)
    now = _now(request)
    return await render(
        request,
        "entry_edit.j2",
        viewer=form.viewer,
        status=status,
        form=form,
        options={
            "level": level_words(_),
            "kind": kind_words(_),
            "code_status": {"": "—", **status_words(_)},
        },
        name_of=lambda name: field_name(name, _, of_court=not form.is_person),
        said=lambda name, value: value_said(name, value, _),
        shown=lambda name: entry_forms.shown(
            name, form.values.get(name), whole_mobile=form.own or name in form.typed
        ),
        terms=form.values.get(POSTS) or {},
        goes_on=lambda term: entry_forms.goes_on(term, form.today),
        when=lambda at: Wording(_).when(local_time(at, zone, now)) if at is not None else "",
    )
