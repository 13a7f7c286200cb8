"""Who looks at the directory's pages: as `directory.access` judges them, as records name them, whose people they were shown.

No page itself, and no right: the one table is `directory.access`.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web import court_entries
from bot.web.page_frame import translate_page
from bot.web.parts import WebParts, parts_of
from bot.web_sessions import Viewer
from directory import access, courts, officers
from directory.access import Subject
from directory.disclosures import TooMany
from directory.edits import Editor
from directory.models import Court, Officer
from notifications import look_ups
from notifications.messages import local_time
from notifications.told import Voice
from notifications.wording import Wording


def sight_of(viewer: Viewer) -> access.Viewer:
    """The viewer as `directory.access` judges what they see and change of the directory."""
    if viewer.officer is None:
        return access.Viewer(
            "token", court=viewer.scope_court, province=viewer.scope_province, role=viewer.role
        )
    officer = viewer.officer
    return access.Viewer(
        "officer", officer.id, officer.court_code, officer.court.province, viewer.posts
    )


def editor_of(viewer: Viewer) -> Editor:
    """The viewer as the record of changes names them."""
    who = officers.subject(viewer.officer) if viewer.officer is not None else viewer.name
    return Editor(who, sight_of(viewer))


def label_of(viewer: Viewer) -> str:
    """How whoever looked is named to the one who was looked at: court, name and post."""
    if viewer.officer is None:
        return viewer.name
    who = officers.display(viewer.officer, officers.main_post(viewer.posts))
    return f"{viewer.officer.court.name} {who}"


def voice_of(parts: WebParts) -> Voice:
    """The words and rules of this desk."""
    return Voice(parts.texts, parts.desk)


def province_of(viewer: Viewer) -> str | None:
    """The viewer's province, whose entries come first; None for the nation."""
    return viewer.officer.court.province if viewer.officer is not None else viewer.scope_province


def subject_of(entry: Court | Officer) -> Subject:
    """The entry as `directory.access` judges it; an officer's court is loaded."""
    if isinstance(entry, Officer):
        return Subject(entry.court_code, entry.court.province, entry.id)
    return Subject(entry.code, entry.province)


async def court_named(request: web.Request, session: AsyncSession, viewer: Viewer) -> Court:
    """The court in the address.

    Raises:
        Problem: 404.
    """
    return await court_entries.named(request, session, translate_page(request, viewer))


class PeopleShown:
    """Whom each officer was shown in this hour: typing on, or opening a card again, counts nobody twice.

    It lives in this process alone; what is lost with it makes the count stricter, never laxer.
    """

    def __init__(self) -> None:
        self._hour: datetime | None = None
        self._shown: dict[int, set[int]] = {}

    def new(self, viewer_id: int, people: Iterable[int], now: datetime) -> set[int]:
        """Those among `people` whom this officer was not shown yet."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._shown = hour, {}
        return set(people) - self._shown.get(viewer_id, set())

    def remember(self, viewer_id: int, people: Iterable[int]) -> None:
        """These were counted and shown."""
        self._shown.setdefault(viewer_id, set()).update(people)


PEOPLE_SHOWN = web.AppKey("people_shown", PeopleShown)


def looked_up(request: web.Request, viewer: Viewer, people: Iterable[Subject]) -> set[int]:
    """The numbers of those among `people` whom it would count to name: found, and not yet in this hour.

    People of the own court, and those whom the viewer keeps, are nothing that is looked up; tokens are
    counted nowhere.
    """
    officer = viewer.officer
    if officer is None:
        return set()
    sight = sight_of(viewer)
    strangers = {
        person.officer_id
        for person in people
        if person.officer_id is not None
        and person.court != officer.court_code
        and not access.may(sight, "add", person)
    }
    shown = request.app[PEOPLE_SHOWN]
    return shown.new(officer.id, strangers, parts_of(request).clock.now())


async def brake(request: web.Request, viewer: Viewer, people: Collection[int]) -> TooMany | None:
    """Count these people before they are named; None where they may be."""
    officer, parts = viewer.officer, parts_of(request)
    if officer is None or not people:
        return None
    async with parts.database.transaction() as session:
        limit = await look_ups.too_many(
            session, officer, len(people), per_hour=parts.settings.lookups_per_hour,
            timezone=parts.desk.timezone, now=parts.clock.now(),
        )  # fmt: skip
    if limit is None:
        request.app[PEOPLE_SHOWN].remember(officer.id, people)
    return limit


def brake_said(request: web.Request, viewer: Viewer, said: TooMany) -> str:
    """What the viewer reads instead of people, with the hour from which on they are shown again."""
    _ = translate_page(request, viewer)
    parts, until = parts_of(request), ""
    if viewer.officer is not None:
        zone = courts.zone_of(viewer.officer.court, parts.desk.timezone)
        until = Wording(_).when(local_time(said.until, zone, parts.clock.now()))
    return _(
        "本小时查询人员已达上限（{limit} 人），{until} 后可继续；查询法院不受影响。",
        limit=parts.settings.lookups_per_hour,
        until=until,
    )
