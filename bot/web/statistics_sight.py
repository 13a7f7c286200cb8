"""Whose statistics a viewer sees: as the API's scopes narrow a token, and of officers the own court and their province's sums.

Which officer or token a viewer is judges `bot.web_sessions`.
"""

from dataclasses import dataclass
from typing import Literal

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web.directory_sight import province_of
from bot.web.page_frame import translate_page
from bot.web.parts import parts_of
from bot.web.problems import Problem
from bot.web.statistics_choice import By, Choice
from bot.web_sessions import Viewer
from directory import courts, search
from directory.court_codes import SUPREME, full_province
from directory.models import Court

#: What the address says for the sums of the nation.
NATION = "all"

_Kind = Literal["court", "sums", "province", "nation"]

#: By whose statistics they are: what may be told apart, the usual first. Sums of other courts have no names.
_GROUPS: dict[_Kind, tuple[By, ...]] = {
    "court": ("case_type", "day"),
    "sums": ("case_type", "day"),
    "province": ("court", "case_type", "day"),
    "nation": ("province", "court", "case_type", "day"),
}


@dataclass(frozen=True, slots=True)
class Whose:
    """The filings whose figures are shown: of a court, of a province, of the nation."""

    kind: _Kind
    province: str | None = None
    court: Court | None = None

    @property
    def groups(self) -> tuple[By, ...]:
        """What the table may be divided by, the usual first."""
        return _GROUPS[self.kind]

    @property
    def opens(self) -> bool:
        """Whether the filings behind the figures are the viewer's to see."""
        return self.kind != "sums"


@dataclass(frozen=True, slots=True)
class Found:
    """Whose statistics are meant; courts to choose from, or a court that is not there, instead."""

    whose: Whose
    choices: tuple[Court, ...] = ()
    unknown: str = ""


async def find(
    request: web.Request, session: AsyncSession, viewer: Viewer, choice: Choice
) -> Found:
    """Whose statistics the address asks for.

    Raises:
        Problem: 403 outside what the viewer sees, 404 for a province without courts.
    """
    if viewer.scope_court is not None:
        return Found(await _of_officer(request, session, viewer, choice))
    province = viewer.scope_province
    asked = full_province(choice.words["province"]) if choice.words["province"] else ""
    if asked and province not in {None, asked}:
        raise _outside(request, viewer)
    if asked and asked != NATION:
        await _check(request, session, viewer, asked)
        province = asked
    whose = Whose("nation") if province is None else Whose("province", province)
    words = choice.words["court"]
    if not words:
        return Found(whose)
    meant = await search.resolve(
        session, words, province=province, searcher=parts_of(request).searcher
    )
    if meant.court is None:
        of_ours = [one for one in meant.choices if province in {None, one.province}]
        return Found(whose, tuple(of_ours), "" if of_ours else words)
    if viewer.scope_province not in {None, meant.court.province}:
        raise _outside(request, viewer)
    if province not in {None, meant.court.province}:
        return Found(whose, (), words)
    return Found(Whose("court", meant.court.province, meant.court))


def sums_of(viewer: Viewer) -> str | None:
    """What the address says for the sums that an officer may compare the own court with; None: there are none."""
    if viewer.scope_court is None or viewer.officer is None:
        return None
    return NATION if viewer.scope_court == SUPREME else province_of(viewer)


async def _of_officer(
    request: web.Request, session: AsyncSession, viewer: Viewer, choice: Choice
) -> Whose:
    court, sums = await courts.get(session, viewer.scope_court or ""), sums_of(viewer)
    asked, words = choice.words["province"], choice.words["court"]
    if asked and not words and sums in {asked, full_province(asked)}:
        return Whose("sums", None if sums == NATION else sums)
    if words not in {"", court.code, court.name} or (asked and asked != court.province):
        raise _outside(request, viewer)
    return Whose("court", court.province, court)


async def _check(
    request: web.Request, session: AsyncSession, viewer: Viewer, province: str
) -> None:
    known = await session.scalar(select(Court.code).where(Court.province == province).limit(1))
    if known is None:
        _ = translate_page(request, viewer)
        raise Problem(404, _("通讯录中没有{province}的法院。", province=province))


def _outside(request: web.Request, viewer: Viewer) -> Problem:
    _ = translate_page(request, viewer)
    return Problem(403, _("这些统计不在您的查看范围内。"))
