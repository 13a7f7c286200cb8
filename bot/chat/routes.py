"""From an update to the handler that `routing_tables` names. Opens no transaction; it is given one.

One update is one function call, so that whatever a handler did commits, or rolls back, with the
update's own row.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import CallbackQuery, ChatMemberUpdated, InlineQuery, Message, Update
from telegram import Chat as TelegramChat

from bot.chat import (
    attendance_dialogue,
    directory_documents,
    drafts,
    filing_intake,
    form_dialogue,
    inline_answers,
    memberships,
    notes,
    notice_attachments,
    question_presses,
    return_dialogue,
    training_files,
)
from bot.chat.access import speaker_of
from bot.chat.after_commit import Call
from bot.chat.parts import ChatParts
from bot.chat.replies import Talk
from bot.chat.routing_tables import ANSWERS, CHOICES, COMMANDS, FOR_EVERYBODY, PRESSES

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?", re.DOTALL)


class Routes:
    """Hands each update to whoever takes it."""

    def __init__(self, parts: ChatParts) -> None:
        self._parts = parts

    async def handle(
        self, session: AsyncSession, body: Mapping[str, Any], now: datetime
    ) -> Sequence[Call]:
        """Handle one update inside `session`'s transaction; returns the calls to make after its commit."""
        update = Update.de_json(dict(body), None)
        if update.callback_query is not None:
            return await self._press(session, update.callback_query, now)
        if update.message is not None:
            return await self._message(session, update.message, now)
        if update.inline_query is not None:
            return await self._inline(session, update.inline_query, now)
        if update.my_chat_member is not None:
            return await self._membership(session, update.my_chat_member, now)
        return ()

    async def _message(
        self, session: AsyncSession, message: Message, now: datetime
    ) -> Sequence[Call]:
        speaker = await speaker_of(session, message.from_user, message, self._parts.desk, now=now)
        replied = message.reply_to_message
        talk = Talk(
            self._parts,
            session,
            now,
            speaker,
            message.chat.id,
            message.chat.type == TelegramChat.PRIVATE,
            message.message_id,
            replied_to=replied.message_id if replied is not None else None,
            text=message.text or message.caption or "",
            entities=notice_attachments.entities(message),
            replied_text=_said_by_a_person(replied),
        )
        await memberships.heard(talk)
        if message.migrate_to_chat_id is not None:
            await memberships.migrated(talk, message.migrate_to_chat_id)
        elif message.text and message.via_bot is None:
            await self._text(talk, message.text)
        elif message.via_bot is None:
            await self._file(talk, message)
        return talk.after

    async def _text(self, talk: Talk, text: str) -> None:
        match = _COMMAND.fullmatch(text.strip())
        if match is not None:
            name, other = match[1].lower(), match[2]
            mine = self._parts.username
            if other and mine and other.lower() != mine.lower():
                return
            await self._command(talk, name, (match[3] or "").strip())
        elif not (talk.speaker.hidden or await self._conversation(talk, text)) and talk.private:
            await unknown(talk)

    async def _file(self, talk: Talk, message: Message) -> None:
        for received in (form_dialogue.received, training_files.received):
            if await received(talk, message):
                return
        if await notice_attachments.received(talk, message) or message.document is None:
            return
        await directory_documents.received(talk, message.document)

    async def _command(self, talk: Talk, name: str, words: str) -> None:
        command = COMMANDS.get(name)
        if command is not None:
            await command(talk, words)
        elif talk.private:
            await unknown(talk)

    async def _conversation(self, talk: Talk, text: str) -> bool:
        """A text that belongs to something under way, or is itself a table of filings."""
        for replied in (notes.replied, return_dialogue.replied, question_presses.replied):
            if await replied(talk, text):
                return True
        # In a group what is said to a colleague is no answer to us.
        to_us = talk.replied_to is not None and talk.replied_text is None
        if talk.private or to_us:
            me = talk.speaker.telegram_id
            # Whoever asked last is answered first.
            for draft in await drafts.open_ones(
                talk.session, ANSWERS, talk.chat_id, me, now=talk.now
            ):
                if await ANSWERS[draft.kind](talk, draft, text) is not False:
                    return True
        if not talk.private:
            return False
        return await attendance_dialogue.typed(talk, text) or await filing_intake.pasted(talk, text)

    async def _press(
        self, session: AsyncSession, query: CallbackQuery, now: datetime
    ) -> Sequence[Call]:
        speaker = await speaker_of(session, query.from_user, None, self._parts.desk, now=now)
        message = query.message
        chat = message.chat if message is not None else None
        talk = Talk(
            self._parts,
            session,
            now,
            speaker,
            chat.id if chat is not None else 0,
            chat is not None and chat.type == TelegramChat.PRIVATE,
            message.message_id if message is not None else None,
            query.id,
        )
        await memberships.heard(talk)
        data = query.data or ""
        if (choice := drafts.decode(data)) is not None:
            await self._choice(talk, choice)
        else:
            await _act(talk, data)
        return talk.after

    async def _choice(self, talk: Talk, choice: drafts.Choice) -> None:
        _ = talk.plain
        draft = await drafts.pressed(talk.session, choice, talk.chat_id)
        if draft is None:
            _refuse_dead(talk)
        elif draft.kind not in FOR_EVERYBODY and draft.telegram_id != talk.speaker.telegram_id:
            talk.refuse(_("只有发起人可以点此按钮。"))
        elif draft.done_at is not None:
            talk.refuse(_("该操作此前已处理。"))
        elif not drafts.is_open(draft, now=talk.now):
            talk.refuse(_("已过期，请重新发送命令。"))
        elif draft.kind in CHOICES:
            await CHOICES[draft.kind](talk, draft, choice.choice)
        else:
            _refuse_dead(talk)

    async def _inline(
        self, session: AsyncSession, query: InlineQuery, now: datetime
    ) -> Sequence[Call]:
        speaker = await speaker_of(session, query.from_user, None, self._parts.desk, now=now)
        # What is chosen appears in whichever chat was typed in: nothing private belongs there.
        talk = Talk(self._parts, session, now, speaker, query.from_user.id, private=False)
        await inline_answers.inline(talk, query.id, query.query.strip())
        return talk.after

    async def _membership(
        self, session: AsyncSession, change: ChatMemberUpdated, now: datetime
    ) -> Sequence[Call]:
        speaker = await speaker_of(session, change.from_user, None, self._parts.desk, now=now)
        private = change.chat.type == TelegramChat.PRIVATE
        talk = Talk(self._parts, session, now, speaker, change.chat.id, private)
        await memberships.changed(talk, change)
        return talk.after


def _said_by_a_person(message: Message | None) -> str | None:
    """The text of a message; None for one of ours or any other bot's."""
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    return message.text


async def unknown(talk: Talk) -> None:
    """Something nobody understands, in the private chat."""
    _ = talk.html
    if await notes.expected(talk):
        await talk.reply(_("说明未记录：请长按提示消息，选择“回复”后再发送。"))
        return
    await talk.reply(_("未能识别您的消息。请发送 /help 查看使用说明。"))


async def _act(talk: Talk, data: str) -> None:
    """A button that belongs to no conversation."""
    for decode, pressed in PRESSES:
        if (press := decode(data)) is not None:
            await pressed(talk, press)
            return
    _refuse_dead(talk)


def _refuse_dead(talk: Talk) -> None:
    _ = talk.plain
    talk.refuse(_("此按钮已失效，请看最新的消息。"))
