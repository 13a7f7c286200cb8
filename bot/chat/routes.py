"""The routing table: which handler takes an update. Opens no transaction; it is given one.

One update is one function call, so that whatever a handler did commits, or rolls back, with the
update's own row.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import CallbackQuery, ChatMemberUpdated, InlineQuery, Message, Update
from telegram import Chat as TelegramChat

from bot.chat import (
    answerers_choice,
    attendance_dialogue,
    card_presses,
    closed_command,
    correction_dialogue,
    desk_buttons,
    directory_commands,
    directory_documents,
    drafts,
    drill_commands,
    duty_commands,
    edit_buttons,
    edit_command,
    export_buttons,
    export_command,
    faq_command,
    feed_command,
    filing_buttons,
    filing_commands,
    filing_dialogue,
    filing_intake,
    freshness_command,
    handover_commands,
    inline_answers,
    leave_command,
    linking,
    memberships,
    mobile_dialogue,
    notes,
    notice_attachments,
    notice_command,
    notice_correction,
    notice_draft,
    notice_list,
    notice_panel,
    notice_presses,
    onboarding_presses,
    pending_commands,
    personal_commands,
    phone_test,
    question_dialogue,
    question_presses,
    question_publishing,
    quiz_loading,
    quiz_presses,
    report_command,
    report_contest,
    report_presses,
    return_dialogue,
    rules_command,
    shift_command,
    swap_commands,
    today_command,
    training_command,
    training_draft,
    training_files,
    training_panel,
    training_presses,
    unreached_report,
    verification_buttons,
    web_command,
)
from bot.chat.access import speaker_of
from bot.chat.after_commit import Call
from bot.chat.parts import ChatParts
from bot.chat.replies import Talk
from bot.models import Draft
from notifications.channels import telegram_buttons

Command = Callable[[Talk, str], Awaitable[None]]

COMMANDS: Mapping[str, Command] = {
    "start": linking.start,
    "link": linking.link,
    "file": filing_intake.command,
    "pending": pending_commands.pending,
    "duty": duty_commands.on_duty,
    "shift": shift_command.command,
    "leave": leave_command.command,
    "feed": feed_command.command,
    "edit": edit_command.command,
    "export": export_command.command,
    "freshness": freshness_command.command,
    "find": directory_commands.find,
    "court": directory_commands.court,
    "ack": filing_commands.acknowledge,
    "nudge": filing_commands.nudge,
    "supervise": filing_commands.supervise,
    "ask": question_dialogue.command,
    "faq": faq_command.command,
    "test": phone_test.command,
    "drill": drill_commands.command,
    "notice": notice_command.command,
    "training": training_command.command,
    "today": today_command.command,
    "report": report_command.command,
    "me": personal_commands.me,
    "web": web_command.web,
    "language": personal_commands.language,
    "closed": closed_command.closed,
    "swap": swap_commands.swap,
    "handover": handover_commands.handover,
    "rules": rules_command.rules,
    "cancel": personal_commands.cancel,
    "help": personal_commands.help_,
}

#: Buttons of conversations, by the conversation's kind. Only the author presses, where not said otherwise.
_Chosen = Callable[[Talk, Draft, str], Awaitable[None]]

_CHOICES: Mapping[str, _Chosen] = {
    filing_intake.KIND: filing_intake.chosen,
    filing_dialogue.KIND: filing_dialogue.chosen,
    filing_buttons.WITHDRAW: filing_buttons.withdrawal_chosen,
    pending_commands.KIND: pending_commands.chosen,
    linking.KIND: linking.chosen,
    shift_command.KIND: shift_command.chosen,
    leave_command.KIND: leave_command.chosen,
    feed_command.KIND: feed_command.chosen,
    closed_command.KIND: closed_command.chosen,
    edit_command.KIND: edit_command.chosen,
    correction_dialogue.KIND: correction_dialogue.chosen,
    directory_documents.KIND: directory_documents.chosen,
    export_command.KIND: export_command.chosen,
    verification_buttons.KIND: verification_buttons.chosen,
    swap_commands.KIND: swap_commands.chosen,
    handover_commands.KIND: handover_commands.chosen,
    rules_command.KIND: rules_command.chosen,
    today_command.KIND: today_command.chosen,
    answerers_choice.KIND: answerers_choice.chosen,
    question_dialogue.KIND: question_dialogue.chosen,
    question_publishing.KIND: question_publishing.chosen,
    faq_command.KIND: faq_command.chosen,
    phone_test.KIND: phone_test.pressed,
    unreached_report.KIND: unreached_report.chosen,
    return_dialogue.REASON: return_dialogue.reason_chosen,
    return_dialogue.PROPOSAL: return_dialogue.court_chosen,
    return_dialogue.SENDING: return_dialogue.court_chosen,
    drill_commands.KIND: drill_commands.chosen,
    drill_commands.STOP: drill_commands.stop_chosen,
    notice_draft.KIND: notice_command.chosen,
    notice_panel.KIND: notice_list.chosen,
    report_command.KIND: report_command.chosen,
    report_contest.KIND: report_contest.chosen,
    training_draft.KIND: training_draft.chosen,
    training_panel.KIND: training_panel.chosen,
    quiz_loading.KIND: quiz_loading.chosen,
}

#: Who takes a typed answer to a question, by the conversation's kind; False: it is none to this one.
_ANSWERS: Mapping[str, Callable[[Talk, Draft, str], Awaitable[bool | None]]] = {
    filing_dialogue.KIND: filing_dialogue.answered,
    drill_commands.KIND: drill_commands.answered,
    notice_draft.KIND: notice_command.answered,
    notice_panel.KIND: notice_correction.answered,
    training_draft.KIND: training_draft.answered,
    training_panel.KIND: training_panel.answered,
    attendance_dialogue.KIND: attendance_dialogue.answered,
    report_command.KIND: report_command.answered,
    report_contest.KIND: report_contest.answered,
    report_contest.DECISION: report_contest.decided,
    closed_command.KIND: closed_command.answered,
    edit_command.KIND: edit_command.answered,
    export_command.KIND: export_command.answered,
    shift_command.KIND: shift_command.answered,
    leave_command.KIND: leave_command.answered,
    answerers_choice.KIND: answerers_choice.answered,
    question_dialogue.KIND: question_dialogue.answered,
    question_publishing.KIND: question_publishing.answered,
    question_presses.ANSWER: question_presses.answered,
    question_presses.MORE: question_presses.answered,
}

#: Kinds whose buttons everybody who may can press.
_FOR_EVERYBODY = frozenset({pending_commands.KIND, linking.KIND})


async def _entry(talk: Talk, press: edit_buttons.EntryPress) -> None:
    """修改 and 号码有误 under a card."""
    wanted = edit_command if press.word == "edit" else correction_dialogue
    await wanted.pressed(talk, press)


#: Buttons that belong to no conversation: how each kind is known, and who takes it.
_PRESSES: Sequence[tuple[Callable[[str], Any], Callable[[Talk, Any], Awaitable[None]]]] = (
    (telegram_buttons.decode, filing_buttons.pressed),
    (desk_buttons.decode, desk_buttons.pressed),
    (edit_buttons.decode, _entry),
    (correction_dialogue.decode, correction_dialogue.right),
    (verification_buttons.decode, verification_buttons.pressed),
    (freshness_command.decode, freshness_command.pressed),
    (export_buttons.decode, export_command.pressed),
    (question_presses.decode, question_presses.pressed),
    (card_presses.decode, card_presses.pressed),
    (notice_presses.decode, notice_presses.pressed),
    (report_presses.decode, report_presses.pressed),
    (report_contest.decode, report_contest.pressed),
    (onboarding_presses.decode, onboarding_presses.pressed),
    (training_presses.decode, training_presses.pressed),
    (quiz_presses.decode, quiz_presses.pressed),
    (mobile_dialogue.decode, mobile_dialogue.pressed),
    (today_command.decode, today_command.pressed),
)

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
        if await training_files.received(talk, message):
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
        if talk.private or talk.replied_to is not None:
            me = talk.speaker.telegram_id
            # Whoever asked last is answered first.
            for draft in await drafts.open_ones(
                talk.session, _ANSWERS, talk.chat_id, me, now=talk.now
            ):
                if await _ANSWERS[draft.kind](talk, draft, text) is not False:
                    return True
        return talk.private and await filing_intake.pasted(talk, text)

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
        elif draft.kind not in _FOR_EVERYBODY and draft.telegram_id != talk.speaker.telegram_id:
            talk.refuse(_("只有发起人可以点此按钮。"))
        elif draft.done_at is not None:
            talk.refuse(_("该操作此前已处理。"))
        elif not drafts.is_open(draft, now=talk.now):
            talk.refuse(_("已过期，请重新发送命令。"))
        elif draft.kind in _CHOICES:
            await _CHOICES[draft.kind](talk, draft, choice.choice)
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
    for decode, pressed in _PRESSES:
        if (press := decode(data)) is not None:
            await pressed(talk, press)
            return
    _refuse_dead(talk)


def _refuse_dead(talk: Talk) -> None:
    _ = talk.plain
    talk.refuse(_("此按钮已失效，请看最新的消息。"))
