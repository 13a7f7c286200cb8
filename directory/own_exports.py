"""The directory as one officer may take it along in a file: which courts, how numbers stand in it, a brake, what is written down.

Who may is the one table's business (`directory.access`), how a file looks `directory.exports`'.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import access, disclosures, exports
from directory.access import Action, Subject, Viewer
from directory.court_codes import SUPREME
from directory.exports import Form, Numbers, Sheet
from directory.invitations import subject
from directory.models import Court, DirectoryRecord, Officer
from directory.texts import Translate

#: The kind of the record that somebody took a file along.
TAKEN = "exported_own"

#: So many files somebody may take along in any hour: enough to correct and look again, too few for a program.
PER_HOUR = 6
_HOUR = timedelta(hours=1)

#: Whose courts are in a file: everybody's, those of the viewer's province, the viewer's own alone.
Reach = Literal["nation", "province", "court"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that `officer` (court loaded) asks for."""

    officer: Officer
    viewer: Viewer
    #: How whoever looked is named to those who were looked at: court, name and post.
    label: str
    numbers: Numbers
    #: Why, with whole numbers: as it will be told to everybody whose number is in it.
    reason: str
    #: The way on which it goes, as `disclosures` has them.
    channel: str
    chinese: bool

    @property
    def action(self) -> Action:
        """What `directory.access` is asked about every court of the file."""
        return _action(self.numbers)

    @property
    def reach(self) -> Reach | None:
        """Whose courts are in it; None where nothing may be taken along."""
        return reach(self.viewer, self.numbers)


@dataclass(frozen=True, slots=True)
class Made:
    """What the file holds; `shown` people have their whole number in it."""

    sheets: tuple[Sheet, Sheet]
    courts: int
    people: int
    shown: int


def _action(numbers: Numbers) -> Action:
    return "export_full" if numbers == "full" else "export"


def reach(viewer: Viewer, numbers: Numbers) -> Reach | None:
    """Whose courts an officer may take along with numbers like these; None for nobody's.

    What is whole for others than people is nothing that a token takes along: it reads over HTTP.
    """
    if viewer.kind != "officer" or viewer.court is None or viewer.province is None:
        return None
    action = _action(numbers)
    if access.may(viewer, action, Subject("", "")):
        return "nation"
    if not access.may(viewer, action, Subject(viewer.court, viewer.province)):
        return None
    # 最高法 is under no province: whoever keeps it keeps no other court.
    beside = Subject("", viewer.province)
    alone = viewer.court == SUPREME or not access.may(viewer, action, beside)
    return "court" if alone else "province"


def returns(viewer: Viewer, numbers: Numbers) -> bool:
    """Whether such a file may be sent back as a whole: the nation is read, not kept, by its coordinator."""
    own = Subject(viewer.court or "", viewer.province or "")
    return reach(viewer, numbers) in {"province", "court"} and access.may(viewer, "import", own)


def place(viewer: Viewer, court: Court | None, numbers: Numbers) -> str | None:
    """The province, or the viewer's own `court`, that such a file is named by; None for the nation."""
    match reach(viewer, numbers):
        case "province":
            return viewer.province
        case "court" if court is not None:
            return court.name
        case _:
            return None


def file_name(numbers: Numbers, where: str, day: date, translate: Translate) -> str:
    """What the file is called: of where, of which day, and whether whole numbers are in it."""
    _ = translate
    title = _("通讯录（含手机号）") if numbers == "full" else _("通讯录")
    return f"{title} {where} {day.isoformat()}.xlsx"


async def begin(session: AsyncSession, wanted: Wanted, *, now: datetime) -> datetime | None:
    """Count and record that the file is taken along, before it is made.

    Args:
        session: a writing transaction.
        wanted: the file; the asker was judged already.
        now: the present.

    Returns:
        None; or, after `PER_HOUR` files within an hour, when (UTC) the next may be had. Nothing is
        recorded then.
    """
    who = subject(wanted.officer)
    # The row is the lock: of two at once the second sees the first one's record.
    await session.execute(
        select(Officer.id).where(Officer.id == wanted.officer.id).with_for_update()
    )
    before = (
        await session.scalars(
            select(DirectoryRecord.at)
            .where(
                DirectoryRecord.subject == who,
                DirectoryRecord.kind == TAKEN,
                DirectoryRecord.at > now - _HOUR,
            )
            .order_by(DirectoryRecord.at)
        )
    ).all()
    if len(before) >= PER_HOUR:
        return before[-PER_HOUR] + _HOUR
    detail = f"{wanted.reach} {wanted.numbers} {wanted.channel} {wanted.reason}".strip()
    session.add(DirectoryRecord(at=now, who=who, kind=TAKEN, subject=who, detail=detail))
    await session.flush()
    return None


async def made(session: AsyncSession, wanted: Wanted, *, now: datetime) -> Made:
    """What the file holds, by what the asker may at this moment.

    With whole numbers each of them is a disclosure, written down in the same transaction: let the file
    leave after its commit only.

    Args:
        session: a transaction, a writing one where the numbers are whole.
        wanted: the file; the asker was judged already.
        now: when the numbers were shown.
    """
    form = Form(wanted.numbers, accounts=False, chinese=wanted.chinese)
    sheets = await exports.sheets_of(session, form, await _codes(session, wanted))
    courts, people = sheets
    number, mobile = people.fields.index("id"), people.fields.index("mobile")
    everybody = {row[number] for row in people.rows}
    whole = [
        int(str(row[number])) for row in people.rows if wanted.numbers == "full" and row[mobile]
    ]
    if whole:
        await disclosures.show_mobiles(
            session, wanted.label, wanted.officer.id, whole,
            reason=wanted.reason, channel=wanted.channel, now=now,
        )  # fmt: skip
    return Made(sheets, len(courts.rows), len(everybody), len(set(whole)))


async def _codes(session: AsyncSession, wanted: Wanted) -> Collection[str] | None:
    """The courts of the file, each by the one table; None for all."""
    if wanted.reach == "nation":
        return None
    found = await session.execute(select(Court.code, Court.province))
    return [
        code
        for code, province in found
        if access.may(wanted.viewer, wanted.action, Subject(code, province))
    ]
