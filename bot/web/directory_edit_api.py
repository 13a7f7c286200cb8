"""`PUT /directory/courts/{code}`: a court and its people written as a whole, over the edition that was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web import court_entries, schemas, validation
from bot.web.authentication import Caller
from bot.web.court_entries import Entry
from bot.web.languages import translate_for
from bot.web.parts import parts_of
from bot.web.problems import Fault, Problem
from bot.web.responses import json_response
from bot.web.schemas import Strict
from bot.web.scopes import viewer_of
from directory import access, changes, disclosures, duty, edits
from directory.access import Subject
from directory.change_values import COURT_FIELDS, POSTS
from directory.edit_values import NOT_OF_COURT, TWICE, fault
from directory.edits import Editor, Refused
from directory.import_faults import Fault as Finding
from directory.models import Officer
from directory.texts import Translate
from notifications import corrections
from notifications.told import Voice

PATH = "/api/v1/directory/courts/{code}"


class PostEntry(Strict):
    """A post held from the first to the last day named; null is open."""

    post: str
    valid_from: date | None = None
    valid_to: date | None = None


class OfficerEntry(Strict):
    """A person of the court; without `id` somebody new. A masked mobile stays as it is stored."""

    id: int | None = None
    name: str
    posts: list[PostEntry]
    title: str | None
    department: str | None
    desk_phone: str | None
    mobile: str | None
    #: Read only, and passed over here.
    linked: bool | None = None


class CourtEntry(Strict):
    """A court with its people, as GET gives it, changed. Whoever is missing among `officers` departs."""

    code: str
    name: str
    level: str
    kind: str
    parent_code: str | None
    province: str
    city: str | None
    county: str | None
    division_code: str | None
    aliases: list[str]
    code_status: str | None
    hours: str | None
    timezone: str | None
    phone: str | None
    address: str | None
    answer_target_min: int | None
    result_target_min: int | None
    #: Read only, and passed over here.
    group_linked: bool | None = None
    officers: list[OfficerEntry]


@dataclass(frozen=True, slots=True)
class _Edit:
    """One writing under way: by whom, when, and into which transaction."""

    session: AsyncSession
    by: Editor
    now: datetime
    today: date


async def replace(request: web.Request, caller: Caller) -> web.Response:
    """`PUT /directory/courts/{code}`: all of it or nothing, and nothing over an edition that is not the last.

    Mobile numbers in the answer are a disclosure as they are in GET.
    """
    validation.refuse_query(request)
    _ = translate_for(request)
    parts = parts_of(request)
    viewer = viewer_of(caller)
    async with parts.database.reading() as session:
        court = await court_entries.named(request, session)
    if not access.may(viewer, "edit", Subject(court.code, court.province)):
        raise Problem(403, _("此令牌只能更改本省的法院和人员。"))
    if "If-Match" not in request.headers:
        raise Problem(428, _("请先读取该法院，再用 If-Match 带上读到的 ETag 提交。"))
    wanted = await validation.read_body(request, CourtEntry)
    now = parts.clock.now()
    async with parts.database.transaction() as session:
        await changes.lock(session)
        court = await court_entries.named(request, session)
        await session.refresh(court)
        entry = await court_entries.load(session, court)
        if not _matches(request, entry):
            raise Problem(412, _("该法院已被更改。请重新读取后再改。"))
        today = duty.local_day(court, now, parts.desk.timezone)
        edit = _Edit(session, Editor(caller.name, viewer), now, today)
        found = [
            *await _write_court(edit, entry, wanted),
            *await _write_people(edit, entry, wanted),
        ]
        if found:
            # Raising takes back whatever was written before the fault was found.
            raise validation.refused(request, _faults(found, wanted, _))
        await session.flush()
        await corrections.settle(session, Voice(parts.texts, parts.desk), now=now)
        session.expire_all()
        court = await court_entries.named(request, session)
        entry = await court_entries.load(session, court)
        answer = await _shown(edit, caller, entry)
        headers = {"ETag": f'"{entry.tag}"'}
    return json_response(answer, headers=headers)


async def _shown(edit: _Edit, caller: Caller, entry: Entry) -> schemas.CourtWithOfficersAnswer:
    """The court as it is now; whose numbers leave in full is written down in the same transaction."""
    subject = Subject(entry.court.code, entry.court.province, 0)
    in_full = access.sees(edit.by.viewer, "mobile", subject) == "full"
    numbered = [person.id for person in entry.people if person.mobile is not None]
    if in_full and numbered:
        await disclosures.show_mobiles(
            edit.session, caller.name, None, numbered,
            reason=disclosures.BY_SYSTEM, channel=disclosures.HTTP, now=edit.now,
        )  # fmt: skip
    return court_entries.body(entry, in_full=in_full)


def _matches(request: web.Request, entry: Entry) -> bool:
    tags = request.if_match or ()
    return any(tag.value == "*" or (not tag.is_weak and tag.value == entry.tag) for tag in tags)


_WRITTEN = tuple(name for name in CourtEntry.model_fields if name in COURT_FIELDS)


async def _write_court(edit: _Edit, entry: Entry, wanted: CourtEntry) -> Sequence[Finding]:
    values = {name: getattr(wanted, name) for name in _WRITTEN}
    done = await edits.change_court(edit.session, entry.court, values, by=edit.by, now=edit.now)
    return done.faults if isinstance(done, Refused) else ()


async def _write_people(edit: _Edit, entry: Entry, wanted: CourtEntry) -> list[Finding]:
    """Change those who are named by their numbers, add those without, let go those who are missing."""
    people = {person.id: person for person in entry.people}
    found: list[Finding] = []
    seen: set[int] = set()
    given: dict[str, Any] = {"by": edit.by, "now": edit.now, "today": edit.today}
    for index, one in enumerate(wanted.officers):
        at = f"officers.{index}"
        person = people.get(one.id) if one.id is not None else None
        held = [post.post for post in one.posts]
        if one.id is not None and (person is None or one.id in seen):
            found.append(fault(f"{at}.id", TWICE if one.id in seen else NOT_OF_COURT, one.id))
            continue
        if len(set(held)) < len(held):
            found.append(fault(f"{at}.posts", TWICE))
            continue
        values = _values(one, person)
        if person is None:
            done = await edits.add_officer(edit.session, entry.court, values, **given)
        else:
            seen.add(person.id)
            done = await edits.change_officer(edit.session, person, values, **given)
        if isinstance(done, Refused):
            found += [_under(at, finding) for finding in done.faults]
    if not found:
        for number in people.keys() - seen:
            gone = await edits.depart(edit.session, people[number], **given)
            found += gone.faults if isinstance(gone, Refused) else ()
    return found


def _values(one: OfficerEntry, person: Officer | None) -> Mapping[str, Any]:
    """The card as an edit takes it; posts that it names no more are given up."""
    posts: dict[str, Any] = dict.fromkeys(held.post for held in person.posts) if person else {}
    posts |= {p.post: {"valid_from": p.valid_from, "valid_to": p.valid_to} for p in one.posts}
    values = one.model_dump(exclude={"id", "linked", POSTS})
    return {**values, POSTS: posts}


def _under(at: str, finding: Finding) -> Finding:
    return fault(
        f"{at}.{finding.place.column}", finding.reason, finding.place.value, **finding.data
    )


def _faults(found: Sequence[Finding], wanted: CourtEntry, translate: Translate) -> list[Fault]:
    """What was found, each with the place in the body and what to do, in the reader's language."""
    _ = translate
    faults = []
    for finding in found:
        what, remedy = (_(m, **finding.data) for m in (finding.reason.what, finding.reason.remedy))
        said = _("{what}。{remedy}。", what=what, remedy=remedy)
        faults.append(Fault(_path(finding.place.column or "", wanted), said))
    return faults


def _path(name: str, wanted: CourtEntry) -> str:
    """`officers.2.posts.A.valid_to` as the body has it: posts are a list there."""
    words = name.split(".")
    if len(words) > 3 and words[2] == POSTS:
        held = [post.post for post in wanted.officers[int(words[1])].posts]
        if words[3] in held:
            words[3] = str(held.index(words[3]))
        else:
            del words[3:]
    return ".".join(words)
