"""Messages made from what the tables say at the moment of sending. Nothing is sent or stored here.

A text made at sending time is never stale: edits that queued up become one, and a page that no
longer makes sense is not sent at all. The facts are worked out in `messages`, the words are in
`wording` and `templates/<kind>/telegram.j2`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Officer
from directory.texts import CHINESE, LOCALES, Texts
from notifications import (
    bulletin_contests,
    bulletin_messages,
    bulletins,
    card_facts,
    contest_messages,
    drill_report,
    filing_path,
    form_messages,
    form_reminders,
    form_report,
    notice_messages,
    notice_report,
    notices,
    training_messages,
)
from notifications.channels.port import Never
from notifications.channels.telegram_buttons import (
    CardButton,
    card_buttons,
    encode,
    news_buttons,
)
from notifications.desk import DeskRules
from notifications.messages import Button, CardView, Message, Signature, card_view
from notifications.models import Filing, OutgoingMessage
from notifications.outbox_rules import is_page
from notifications.told import html
from notifications.wording import Wording

#: In which states a piece of news still stands, and when what it tells of happened.
_NEWS_STANDS: Mapping[str, tuple[frozenset[str], str | None]] = {
    "acknowledged": (frozenset({"acknowledged", "correcting", "completed"}), "acknowledged_at"),
    "result": (frozenset({"completed"}), "result_at"),
    "corrected": (frozenset({"correcting"}), "result_at"),
    "returned": (frozenset({"completed"}), "result_at"),
    "supplemented": (frozenset({"acknowledged"}), "result_clock_from"),
    "withdrawn": (frozenset({"withdrawn"}), None),
    "nudged": (frozenset({"waiting", "acknowledged"}), None),
    "supervised": (frozenset({"waiting", "acknowledged"}), None),
}

#: News of a filing: what it tells of must still be so, and not be told by a later piece of news.
NEWS = frozenset({*_NEWS_STANDS, "undone"})

#: Kinds whose writer takes texts as HTML.
_IN_HTML = (
    (notices.KINDS, notice_messages.message),
    (training_messages.KINDS, training_messages.message),
    (form_messages.KINDS, form_messages.message),
    (form_reminders.KINDS, form_reminders.message),
    (form_report.KINDS, form_report.message),
    (notice_report.KINDS, notice_report.message),
)

#: Kinds that have a writer of their own.
_REPORTED = frozenset().union(
    drill_report.KINDS,
    bulletins.KINDS,
    bulletin_contests.KINDS,
    *(kinds for kinds, _write in _IN_HTML),
)

#: The sign before a result.
_MARKS = {
    "registered": "✅",
    "correction": "✏️",
    "not_accepted": "⛔",
    "returned": "↩️",
    "mediation": "🤝",
}

_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")

Payload = Mapping[str, Any]

# Made once: asked for every message.
_READER = select(Officer.telegram_id, Officer.language).where(Officer.id == bindparam("officer"))


@cache
def _templates() -> Environment:
    """The templates of all messages, compiled once in a process."""
    return Environment(
        loader=PackageLoader("notifications"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        auto_reload=False,  # they change with the program: no look at the disk a message
    )


class Renderer:
    """Writes every outgoing message, in the language of whoever it is for."""

    def __init__(self, texts: Texts, desk: DeskRules) -> None:
        self._texts = texts
        self._desk = desk

    async def render(
        self, session: AsyncSession, outgoing: OutgoingMessage, *, now: datetime
    ) -> Message | Never | None:
        """The message as it must read at `now`; None when it no longer makes sense to send it.

        `Never` for a page whose account was unlinked while it waited: somebody else must be paged.

        Raises:
            jinja2.TemplateNotFound: nobody ever wrote a message of this kind.
        """
        locale = self._desk.locale
        if outgoing.officer_id is not None:
            reader = await session.execute(_READER, {"officer": outgoing.officer_id})
            account, language = reader.one()
            # A lost phone was unlinked, or the person took another: what was meant for them stays here.
            if account != outgoing.chat_id:
                return await _stranded(session, outgoing)
            locale = _known(language or locale)
        if outgoing.kind in _REPORTED:
            return await self._reported(session, outgoing, locale, now)
        if "text" in outgoing.payload:
            return _ready(outgoing.payload)
        if outgoing.filing_id is None:
            return Message(self._alert(outgoing, locale))
        # Read anew: the session may have seen this filing for another message, before a press.
        filing = await session.get_one(Filing, outgoing.filing_id, populate_existing=True)
        if no_longer_makes_sense(filing, outgoing):
            return None
        scene = await card_facts.load(session, filing, outgoing, self._desk, now=now)
        card = card_view(
            scene.facts, scene.occasion, scene.on_duty, scene.reading, zone=scene.zone, now=now
        )
        text = self._write(outgoing.kind, locale, card=card, payload=outgoing.payload)
        return Message(text, self._buttons(filing, outgoing, card, scene, locale, now))

    async def _reported(
        self, session: AsyncSession, outgoing: OutgoingMessage, locale: str, now: datetime
    ) -> Message | None:
        """The result of a drill, a part of a notice or what is told of its receipts, training, forms, bulletins."""
        plain = self._texts.for_locale(locale)
        if outgoing.kind in bulletins.KINDS:
            return await bulletin_messages.message(session, outgoing, plain, self._desk, now=now)
        if outgoing.kind in bulletin_contests.KINDS:
            return await contest_messages.message(session, outgoing, plain, self._desk, now=now)
        if outgoing.kind in drill_report.KINDS:
            return await drill_report.message(session, outgoing, plain, self._desk, now=now)
        translate = html(self._texts, locale)
        written = next(write for kinds, write in _IN_HTML if outgoing.kind in kinds)
        return await written(session, outgoing, translate, self._desk, now=now)

    async def path_text(
        self,
        session: AsyncSession,
        filing: Filing,
        *,
        now: datetime,
        locale: str,
        short: bool = False,
    ) -> str:
        """查看: who was paged when and whether it arrived, and why this court and these people.

        Returns:
            Telegram HTML for a message; with `short`, plain text of at most 200 characters for a
            callback answer.
        """
        language = _known(locale)
        translate = self._texts.for_locale(language)
        path = await filing_path.load(session, filing, self._desk, translate, now=now)
        if short:
            return filing_path.in_short(path, translate)
        return self._write("path", language, card=path.card, steps=path.lines, why=path.why)

    def _write(self, kind: str, locale: str, **values: object) -> str:
        """Fill the template of `kind`; at most one empty line in a row, none at the ends."""
        translate = self._texts.for_locale(locale)
        template = _templates().get_template(f"{kind}/telegram.j2")
        text = template.render(_=translate, words=Wording(translate), marks=_MARKS, **values)
        return _EMPTY_LINES.sub("\n\n", text).strip()

    def _alert(self, outgoing: OutgoingMessage, locale: str) -> str:
        # What an alert does not know is left out rather than an error: somebody must be told.
        facts = dict.fromkeys(("court", "code", "reference", "officer", "post", "reason", "group"))
        payload = {**facts, **outgoing.payload}
        person = Signature(str(payload["officer"] or ""), payload["post"])
        return self._write(outgoing.kind, locale, payload=payload, person=person)

    def _buttons(
        self,
        filing: Filing,
        outgoing: OutgoingMessage,
        card: CardView,
        scene: card_facts.Scene,
        locale: str,
        now: datetime,
    ) -> tuple[tuple[Button, ...], ...]:
        if outgoing.kind == "card":
            rows = card_buttons(
                card.view,
                filing.state,
                undo_open=card_facts.undo_open(filing, now),
                hand_over=scene.hand_over,
                snooze=scene.snooze,
                supervise=scene.supervise,
                sending=scene.sending,
            )
        else:
            rows = news_buttons(outgoing.kind, card.view, filing.state, sending=scene.sending)
        court = card.marks.proposed_court or ""
        return tuple(tuple(self._button(b, outgoing, locale, court) for b in row) for row in rows)

    def _button(
        self, button: CardButton, outgoing: OutgoingMessage, locale: str, court: str
    ) -> Button:
        return Button(
            text=self._texts.get(locale, button.label, court=court),
            data=encode(button.action, outgoing.id, outgoing.nonce),
            style=button.style,
        )


async def _stranded(session: AsyncSession, outgoing: OutgoingMessage) -> Never | None:
    """What becomes of a message whose account is no longer its reader's: only a page still calls for somebody."""
    page = is_page(outgoing.kind, outgoing.step, outgoing.payload.get("view"))
    if not page or outgoing.shown is not None:
        return None
    filing = await session.get_one(Filing, outgoing.filing_id, populate_existing=True)
    return None if no_longer_makes_sense(filing, outgoing) else Never("unlinked")


def no_longer_makes_sense(filing: Filing, outgoing: OutgoingMessage) -> bool:
    """Whether a message still unsent would tell of, or ask for, what is over.

    A page is over when the filing is completed or withdrawn, a reminder or an escalation as soon as
    its silence is broken. News is over when what it tells of was undone or happened again later.
    """
    if outgoing.shown is not None:
        return False
    if outgoing.kind in NEWS:
        return not _still_news(filing, outgoing)
    if outgoing.kind != "card" or outgoing.payload["view"] == "collaborating":
        return False
    if outgoing.payload["heading"] in ("reminder", "escalation"):
        phase = card_facts.phase_of(outgoing)
        return filing.state != ("waiting" if phase == "answer" else "acknowledged")
    return filing.state in ("completed", "withdrawn")


def _still_news(filing: Filing, outgoing: OutgoingMessage) -> bool:
    if outgoing.kind == "undone":
        again = "acknowledged_at" if outgoing.payload["undone"] == "acknowledged" else "result_at"
        return getattr(filing, again) is None and filing.state != "withdrawn"
    states, since = _NEWS_STANDS[outgoing.kind]
    return filing.state in states and (
        since is None or _latest(getattr(filing, since), outgoing.created_at)
    )


def _latest(happened_at: datetime | None, told_at: datetime) -> bool:
    """Whether what was told stands, and did not happen once more later."""
    return happened_at is not None and happened_at <= told_at


def _known(locale: str) -> str:
    """A locale there are texts for: `zh_CN` and `zh` mean Chinese, as does what is not known."""
    plain = locale.replace("_", "-")
    return plain if plain in LOCALES else CHINESE


def _ready(payload: Payload) -> Message:
    """A text that was written when it was asked for: a reply, a report."""
    rows = cast("list[list[dict[str, str]]]", payload.get("buttons", []))
    buttons = tuple(tuple(Button(**b) for b in row) for row in rows)
    return Message(payload["text"], buttons, payload.get("asks"))
