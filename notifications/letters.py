"""Writes the letters of the fallback ways: plain text, short enough for any robot. Sends none.

A letter to an officer's own address holds a signed link; a place that several people read gets the address
of the filing's page, which asks to sign in.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.clock import Clock
from directory.database import Database
from directory.models import Officer
from directory.texts import Texts
from notifications import card_facts, signed_links
from notifications.channels.apprise import Letter
from notifications.channels.port import Never
from notifications.desk import DeskRules
from notifications.messages import card_view
from notifications.models import Filing, OutgoingMessage
from notifications.wording import Wording


@cache
def _template() -> Template:
    """The letter, compiled once in a process."""
    return Environment(
        loader=PackageLoader("notifications"),
        autoescape=False,  # noqa: S701 -- plain text: there is nothing that a name could break
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    ).get_template("fallback/apprise.j2")


class Letters:
    """Implements `dispatch.Render` for the channel of letters.

    Args:
        texts: every text; letters are in the language of the desk, for nobody chose one there.
        desk: the rules of this desk.
        database: where a signed link is stored, in a transaction of its own, as its letter leaves.
        clock: the present.
        address: where the pages are, `https://liaison.example.gov.cn`.
    """

    def __init__(
        self,
        texts: Texts,
        desk: DeskRules,
        database: Database,
        clock: Clock,
        address: Callable[[], str],
    ) -> None:
        self._translate = texts.for_locale(desk.locale)
        self._desk = desk
        self._database = database
        self._clock = clock
        self._address = address

    async def write(
        self, session: AsyncSession, outgoing: OutgoingMessage, *, now: datetime
    ) -> Letter | Never | None:
        """The letter as it must read at `now`; None when the silence it is about is over.

        `Never` when it could not be delivered for as long as a link lives.
        """
        filing = await session.get_one(Filing, outgoing.filing_id, populate_existing=True)
        phase = card_facts.phase_of(outgoing)
        if filing.state != ("waiting" if phase == "answer" else "acknowledged"):
            return None
        if now >= outgoing.created_at + signed_links.LIFETIME:
            return Never("refused", "not delivered in time")
        mobile = await _mobile(session, outgoing)
        if outgoing.officer_id is not None and mobile is None:
            return Never("refused", "no address of the officer's own")
        scene = await card_facts.load(session, filing, None, self._desk, now=now)
        card = card_view(scene.facts, scene.occasion, (), scene.reading, zone=scene.zone, now=now)
        own = outgoing.officer_id is not None and phase == "answer"
        link = await self._signed(filing, outgoing) if own else self._page(filing)
        words = Wording(self._translate)
        headline = "not_acknowledged" if phase == "answer" else "no_result"
        subject = words.first(card, words.headline(headline))
        text = _template().render(
            _=self._translate, words=words, card=card, subject=subject, link=link, own=own
        )
        return Letter(text.strip(), subject=subject, mobile=mobile)

    async def _signed(self, filing: Filing, outgoing: OutgoingMessage) -> str:
        async with self._database.transaction() as session:
            token = await signed_links.issue(
                session, filing.id, outgoing.officer_id or 0, now=self._clock.now()
            )
        return f"{self._address()}/a/{token}"

    def _page(self, filing: Filing) -> str:
        return f"{self._address()}/filings/{quote(filing.reference, safe='')}"


async def _mobile(session: AsyncSession, outgoing: OutgoingMessage) -> str | None:
    """The number of the person a letter is for, as of now; None for a place that several people read."""
    if outgoing.officer_id is None:
        return None
    mobile: str | None = await session.scalar(
        select(Officer.mobile).where(Officer.id == outgoing.officer_id, Officer.left_at.is_(None))
    )
    return mobile or None
