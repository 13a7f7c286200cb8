"""`/a/{token}`: the small page behind a signed link, on which an officer acknowledges without an account.

Opening it, by a person, a link preview or a crawler, changes nothing; only its button does. It names
nobody in full until the button was pressed.
"""

from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web.page_frame import render
from bot.web.parts import parts_of
from notifications import card_facts, signed_links
from notifications.messages import CardView, Signature, card_view
from notifications.models import Filing
from notifications.outcomes import Already, Done, Outcome, Refused
from notifications.signed_links import Dead, Opened

_TEMPLATE = "fallback_page.j2"

#: No such link is not told from one that never was; one that ended says so.
_STATUS: dict[Dead, int] = {"unknown": 404, "expired": 410, "used": 410}


@dataclass(frozen=True, slots=True)
class First:
    """Who was first, and whether that is the reader."""

    by: Signature
    oneself: bool


async def show(request: web.Request) -> web.Response:
    """`GET`: where the filing stands and, while it waits, the button. Stores nothing."""
    parts = parts_of(request)
    now = parts.clock.now()
    async with parts.database.reading() as session:
        opened = await signed_links.open_link(
            session, request.match_info["token"], parts.desk, now=now
        )
        if not isinstance(opened, Opened):
            return await _dead(request, opened)
        card = await _card(request, session, opened.filing)
    return await _page(request, opened, card)


async def press(request: web.Request) -> web.Response:
    """`POST`: 签收 as the link's officer; whoever comes second reads who was first."""
    parts = parts_of(request)
    now = parts.clock.now()
    async with parts.database.transaction() as session:
        pressed = await signed_links.press(
            session, request.match_info["token"], parts.desk, now=now
        )
        if not isinstance(pressed, signed_links.Pressed):
            return await _dead(request, pressed)
        opened, outcome = pressed.opened, pressed.outcome
        card = await _card(request, session, outcome.filing)
    refused = isinstance(outcome, Refused)
    return await _page(
        request, opened, card, first=_first(opened, outcome, card), refused=refused,
        status=403 if refused else 200,
    )  # fmt: skip


async def _card(request: web.Request, session: AsyncSession, filing: Filing) -> CardView:
    parts = parts_of(request)
    now = parts.clock.now()
    scene = await card_facts.load(session, filing, None, parts.desk, now=now)
    return card_view(scene.facts, scene.occasion, (), scene.reading, zone=scene.zone, now=now)


def _first(opened: Opened, outcome: Outcome, card: CardView) -> First | None:
    if not isinstance(outcome, Done | Already) or card.acknowledged is None:
        return None
    by = outcome.filing.acknowledged_by or {}
    return First(card.acknowledged.by, by.get("officer_id") == opened.officer.id)


async def _page(
    request: web.Request,
    opened: Opened,
    card: CardView,
    *,
    first: First | None = None,
    refused: bool = False,
    status: int = 200,
) -> web.Response:
    reader = Signature(_masked(opened.officer.name), opened.actor.post)
    return await render(
        request, _TEMPLATE, status=status, dead=None, card=card, reader=reader, first=first,
        refused=refused,
    )  # fmt: skip


async def _dead(request: web.Request, why: Dead) -> web.Response:
    return await render(request, _TEMPLATE, status=_STATUS[why], dead=why)


def _masked(name: str) -> str:
    """Enough for the reader to see that the link is theirs: 王**."""
    return name[:1] + "*" * (len(name) - 1)
