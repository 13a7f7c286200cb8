"""A court with its people as it is read and written over HTTP: its body, and the tag that says which edition it is."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web import schemas
from bot.web.fields import is_text
from bot.web.languages import translate_for
from bot.web.problems import Problem
from directory import courts, officers
from directory.change_models import DirectoryChange
from directory.errors import CourtNotFound
from directory.models import Court, Officer
from directory.texts import Translate

_COURT_FIELDS = tuple(name for name in schemas.CourtAnswer.model_fields if name != "group_linked")


@dataclass(frozen=True, slots=True)
class Entry:
    """A court, the people who are of it, and the number of the last change that concerned them."""

    court: Court
    people: Sequence[Officer]
    last_change: int

    @property
    def tag(self) -> str:
        """The edition: another one after every change, the same for every reader.

        Made of what everybody sees and the number of the change: a digest of a whole mobile number
        would tell it to whoever tries ten thousand.
        """
        shown = body(self, in_full=False).model_dump_json()
        return hashlib.sha256(f"{self.last_change} {shown}".encode()).hexdigest()[:32]


async def named(
    request: web.Request, session: AsyncSession, translate: Translate | None = None
) -> Court:
    """The court in the address; `translate` gives the refusal's language, by default the request's.

    Raises:
        Problem: 404.
    """
    code = request.match_info["code"]
    _ = translate or translate_for(request)
    unknown = Problem(404, _("没有这个法院代字。"))
    if not is_text(code):
        raise unknown
    try:
        return await courts.get(session, code)
    except CourtNotFound:
        raise unknown from None


async def load(session: AsyncSession, court: Court) -> Entry:
    """The court with its people, as they are."""
    last = await session.scalar(
        select(func.max(DirectoryChange.id)).where(DirectoryChange.court_code == court.code)
    )
    return Entry(court, await officers.of_court(session, court.code), last or 0)


def body(entry: Entry, *, in_full: bool) -> schemas.CourtWithOfficersAnswer:
    """What is answered; mobiles masked unless `in_full`."""
    shown = [_officer(person, in_full=in_full) for person in entry.people]
    return schemas.CourtWithOfficersAnswer.model_validate(
        {**court_values(entry.court), "officers": shown}
    )


def court_values(court: Court) -> dict[str, object]:
    """The fields of a court, as answers have them."""
    shown: dict[str, object] = {name: getattr(court, name) for name in _COURT_FIELDS}
    return {**shown, "group_linked": court.group_chat_id is not None}


def mobile(number: str | None, *, in_full: bool) -> str | None:
    """A mobile number as this reader sees it."""
    return number if in_full else officers.mask_mobile(number)


def _officer(officer: Officer, *, in_full: bool) -> schemas.OfficerAnswer:
    return schemas.OfficerAnswer(
        id=officer.id,
        name=officer.name,
        posts=[
            schemas.PostAnswer(post=held.post, valid_from=held.valid_from, valid_to=held.valid_to)
            for held in sorted(officer.posts, key=lambda held: held.id)
        ],
        title=officer.title,
        department=officer.department,
        desk_phone=officer.desk_phone,
        mobile=mobile(officer.mobile, in_full=in_full),
        linked=officer.telegram_id is not None,
    )
