"""Messages about the desk itself (swaps, handovers, check-ins): one for each reader in their language, kept in step.

What they say is in `swap_words` and `handover_words`; filings have live cards instead.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy.ext.asyncio import AsyncSession

from directory.courts import zone_of
from directory.models import Court
from directory.roster import OnDutyOfficer
from directory.texts import Texts, Translate
from notifications import outbox
from notifications.desk import DeskRules
from notifications.messages import local_time
from notifications.news import has_group
from notifications.wording import Wording

#: A button: {"text", "data"}.
Buttons = Sequence[Sequence[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Voice:
    """In which words and by which rules the desk speaks."""

    texts: Texts
    desk: DeskRules


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a message, and as what: the asker of a swap, a leader, the court's `group`."""

    role: str
    chat_id: int
    locale: str
    officer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A text as Telegram HTML with its buttons."""

    text: str
    buttons: Buttons = ()


#: Says the same to each reader: their role, and texts in their language that come out as HTML.
Say = Callable[[str, Translate], Said]


def html(texts: Texts, locale: str) -> Translate:
    """Texts as Telegram HTML: whatever is filled in is escaped."""

    def translate(msgid: str, /, **data: object) -> str:
        text = Markup(texts.get(locale, msgid))  # noqa: S704 -- our own text
        return text.format(**data) if data else text

    return translate


def unescaped(translate: Translate) -> Translate:
    """The same texts for a file, in which `&` is `&`."""

    def plain(msgid: str, /, **data: object) -> str:
        return Markup(translate(msgid, **data)).unescape()  # noqa: S704 -- no longer HTML

    return plain


def joined(lines: Iterable[str]) -> str:
    """Lines of a message; those that are not HTML yet are escaped."""
    return Markup("\n").join(escape(line) for line in lines)


def courts_fitting(lines: Sequence[str], room: int, translate: Translate) -> list[str]:
    """As many courts, a line each, as fit `room` characters; a last one counts those that only the sheet has."""
    _ = translate
    used = 0
    for number, line in enumerate(lines):
        used += len(line) + 1
        if used > room:
            more = _("另有 {count} 个法院，见附表。", count=len(lines) - number)
            return [*lines[:number], more]
    return list(lines)


def bold(text: str) -> str:
    """The text in bold, escaped."""
    return Markup("<b>{}</b>").format(text)


def person(role: str, officer: OnDutyOfficer, desk: DeskRules) -> list[Reader]:
    """The officer as a reader; nobody when the chat cannot reach the account."""
    chat_id = officer.telegram_id
    if chat_id is None or not officer.reads_chat:
        return []
    return [Reader(role, chat_id, officer.language or desk.locale, officer.officer_id)]


def group(court: Court, desk: DeskRules) -> list[Reader]:
    """The court's group as a reader; nobody when it has none that can be written to."""
    if court.group_chat_id is None or not has_group(court):
        return []
    return [Reader("group", court.group_chat_id, desk.locale)]


async def tell(
    session: AsyncSession,
    readers: Iterable[Reader],
    say: Say,
    voice: Voice,
    *,
    now: datetime,
    priority: int = outbox.LIVE,
) -> list[dict[str, Any]]:
    """Write one message to each reader; returns what `follow` needs to change them later."""
    kept: list[dict[str, Any]] = []
    for reader in readers:
        said = say(reader.role, html(voice.texts, reader.locale))
        row = await outbox.reply(
            session, reader.chat_id, said.text, said.buttons,
            now=now, officer_id=reader.officer_id, priority=priority,
        )  # fmt: skip
        kept.append(
            {
                "role": reader.role,
                "row": row,
                "locale": reader.locale,
                "officer": reader.officer_id,
            }
        )
    return kept


async def follow(
    session: AsyncSession,
    messages: Iterable[dict[str, Any]],
    say: Say,
    voice: Voice,
    *,
    now: datetime,
) -> None:
    """Have every message that `tell` wrote say how things stand now."""
    for message in messages:
        said = say(message["role"], html(voice.texts, message["locale"]))
        await outbox.edit_reply(session, message["row"], said.text, said.buttons, now=now)


def moment(translate: Translate, at: datetime, court: Court, voice: Voice, now: datetime) -> str:
    """An instant on the court's wall clock, with the date when it is not today."""
    zone = zone_of(court, voice.desk.timezone)
    return Wording(translate).when(local_time(at, zone, now))
