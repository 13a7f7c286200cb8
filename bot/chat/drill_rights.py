"""Who may order a drill, for which courts, and where; who may cancel one. Orders and says nothing."""

from typing import Literal

from sqlalchemy import ColumnElement, func, or_, select, true

from bot.chat.access import Speaker
from bot.chat.replies import Talk
from directory import courts
from directory.models import Court
from notifications import drills
from notifications.drill_plan import NATION, Audience
from notifications.models import Drill

#: `nation`: a coordinator of the Supreme People's Court; `province`: of a province; `court`: a leader.
Reach = Literal["nation", "province", "court"]


def reach(speaker: Speaker) -> Reach | None:
    """How far the speaker's drills may go today; None for who may order none."""
    if speaker.officer is None:
        return None
    if speaker.is_coordinator:
        return "nation" if speaker.officer.court.level == "supreme" else "province"
    return "court" if "leader" in speaker.posts else None


async def in_place(talk: Talk) -> bool:
    """Whether this is a private chat or a group of the speaker's own court: for a coordinator, the province's."""
    if talk.private:
        return True
    own = talk.speaker.linked
    served = await courts.of_group(talk.session, talk.chat_id)
    return own is not None and any(court.code == own.court_code for court in served)


def may_order(speaker: Speaker, audience: Audience) -> bool:
    """Whether the audience is within the speaker's reach."""
    match reach(speaker):
        case "nation":
            return True
        case "province":
            return audience.province == speaker.province
        case "court":
            own = speaker.linked
            return own is not None and (audience.kind, audience.value) == ("court", own.court_code)
    return False


async def offered(talk: Talk) -> list[Audience]:
    """What the speaker may choose by a button, the widest first."""
    speaker = talk.speaker
    if speaker.linked is None:
        return []
    match reach(speaker):
        case "nation":
            names = select(Court.province).distinct().order_by(Court.province)
            provinces = await talk.session.scalars(names.where(Court.level != "supreme"))
            return [
                Audience("all", "", NATION),
                *(Audience("province", name, name, name) for name in provinces),
            ]
        case "province":
            province = speaker.linked.court.province
            cities = await talk.session.scalars(
                select(Court.city)
                .where(Court.province == province, Court.city.is_not(None))
                .group_by(Court.city)
                .order_by(func.min(Court.code))
            )
            whole = Audience("province", province, province, province)
            return [whole, *(Audience("city", c, c, province) for c in cities if c)]
        case "court":
            return [of_court(speaker.linked.court)]
    return []


async def cities(talk: Talk, words: str) -> list[Audience]:
    """The cities of this name, with or without 市, that the speaker may call: the nation's have no button."""
    name = words.strip()
    found = await talk.session.execute(
        select(Court.province, Court.city)
        .where(Court.city.in_([name, f"{name}市"]))
        .distinct()
        .order_by(Court.province, Court.city)
    )
    every = [Audience("city", city, city, province) for province, city in found if city]
    return [one for one in every if may_order(talk.speaker, one)]


def of_court(court: Court) -> Audience:
    """One court as an audience."""
    return Audience("court", court.code, court.name, court.province)


def may_cancel(speaker: Speaker, drill: Drill) -> bool:
    """Whoever ordered it, while holding such a post; a province's coordinator; the nation's."""
    match reach(speaker):
        case "nation":
            return True
        case "province":
            return drill.province == speaker.province
        case "court":
            own = speaker.linked
            return own is not None and drill.ordered_by_officer_id == own.id
    return False


async def under_way(talk: Talk) -> list[Drill]:
    """The drills going on or to come that the speaker may cancel."""
    found = await drills.under_way(talk.session, _mine(talk.speaker))
    return [drill for drill in found if may_cancel(talk.speaker, drill)]


def _mine(speaker: Speaker) -> ColumnElement[bool]:
    if reach(speaker) == "nation":
        return true()
    own = speaker.linked.id if speaker.linked is not None else None
    return or_(Drill.province == speaker.province, Drill.ordered_by_officer_id == own)
