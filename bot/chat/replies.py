"""One update in hand: who spoke, where, in which transaction and language, and how to answer.

Messages go through the outbox; what must be answered at once is collected for after the commit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.access import Speaker
from bot.chat.after_commit import LONGEST_ANSWER, AnswerPress, Call
from bot.chat.parts import ChatParts
from directory import search
from directory.courts import Resolution
from directory.errors import LiaisonError
from directory.texts import Translate
from notifications import outbox
from notifications.messages import LONGEST
from notifications.notice_text import Entity

#: So much (characters) of what somebody wrote is repeated in an answer to it.
_LONGEST_QUOTED = 80

#: A row of buttons: {"text", "data"}.
Buttons = Sequence[Sequence[Mapping[str, str]]]


@dataclass(slots=True)
class Talk:
    """What a handler has in hand; it lives as long as the update's transaction."""

    parts: ChatParts
    session: AsyncSession
    now: datetime
    speaker: Speaker
    #: Where the answer goes; the speaker's own number for what has no chat.
    chat_id: int
    private: bool
    #: The message spoken in or pressed on, which answers in groups refer to.
    message_id: int | None = None
    #: The press to be answered.
    query_id: str | None = None
    #: The message that the speaker replied to.
    replied_to: int | None = None
    #: What was written (or the caption of a file), whole, and its formatting.
    text: str = ""
    entities: tuple[Entity, ...] = ()
    #: What stands in that message, where it is a text.
    replied_text: str | None = None
    after: list[Call] = field(default_factory=list)

    @property
    def locale(self) -> str:
        """A person is spoken to in their language, a group in the installation's."""
        return self.speaker.locale if self.private else self.parts.desk.locale

    @property
    def html(self) -> Translate:
        """Texts for messages, as Telegram HTML: whatever is filled in is escaped."""
        texts, locale = self.parts.texts, self.locale

        def translate(msgid: str, /, **data: object) -> str:
            text = Markup(texts.get(locale, msgid))  # noqa: S704 -- our own text
            return text.format(**data) if data else text

        return translate

    @property
    def plain(self) -> Translate:
        """Texts for the answer to a press, seen by the speaker alone: plain, in their language."""
        return self.parts.texts.for_locale(self.speaker.locale)

    async def court_meant(self, words: str) -> Resolution:
        """The court that the speaker means by `words`, or those that may be meant, their province first."""
        return await search.resolve(
            self.session, words, province=self.speaker.province, searcher=self.parts.searcher
        )

    def fault(self, error: LiaisonError | type[LiaisonError], **data: object) -> str:
        """What an error says, for a message."""
        values = error.data if isinstance(error, LiaisonError) else data
        return self.html(error.template, **{name: quoted(said) for name, said in values.items()})

    async def reply(
        self, text: str, buttons: Buttons = (), *, quote: bool = True, asks: str | None = None
    ) -> int:
        """Answer in the chat; returns the outbox row's id, for `edit`.

        `asks` opens the speaker's reply to it, with these words in the empty field.
        """
        if asks is not None and not self.private:
            text = joined([self._mention(), text])
        officer = self.speaker.linked if self.private else None
        row = await outbox.reply(
            self.session,
            self.chat_id,
            text,
            buttons,
            now=self.now,
            reply_to=self.message_id if quote and not self.private else None,
            # What is meant for a person is not sent once the account was unlinked.
            officer_id=officer.id if officer is not None else None,
            asks=asks,
        )
        if row is None:
            message = "a reply without a key is always written"
            raise AssertionError(message)
        return row

    def _mention(self) -> str:
        """The speaker's name as a link to the account: by it a group's question finds its one reader."""
        name = self.speaker.linked.name if self.speaker.linked is not None else "—"
        link = Markup('<a href="tg://user?id={}">{}</a>')
        return link.format(self.speaker.telegram_id, name)

    async def edit(self, row: int, text: str, buttons: Buttons = ()) -> None:
        """Replace what an earlier reply says."""
        await outbox.edit_reply(self.session, row, text, buttons, now=self.now)

    def answer(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the press, after the commit; only the presser sees it."""
        if self.query_id is not None:
            cut = text if len(text) <= LONGEST_ANSWER else text[: LONGEST_ANSWER - 1] + "…"
            self.after.append(AnswerPress(self.query_id, cut, alert))

    def refuse(self, text: str) -> None:
        """Answer the press with something that must be read."""
        self.answer(text, alert=True)


def quoted(said: Any) -> Any:
    """What somebody wrote, short enough to be repeated: with all of it an answer may be too long to be sent."""
    if isinstance(said, str) and len(said) > _LONGEST_QUOTED:
        return said[:_LONGEST_QUOTED] + "…"
    return said


def bold(text: str) -> str:
    """The text in bold, escaped."""
    return Markup("<b>{}</b>").format(text)


def joined(lines: Iterable[str]) -> str:
    """Lines of a message; those that are not Telegram HTML yet are escaped."""
    return Markup("\n").join(escape(line) for line in lines)


def fitting(lines: Sequence[str], more: Translate, *, room: int = LONGEST) -> list[str]:
    """As many lines as fit `room` characters, with a last one that says how many do not."""
    _ = more
    reserve = 40
    kept: list[str] = []
    used = 0
    for line in lines:
        used += len(line) + 1
        if used > room - reserve:
            return [*kept, _("另有 {count} 行未列出", count=len(lines) - len(kept))]
        kept.append(line)
    return kept
