"""The Telegram channel: messages to Bot API calls, their answers to outcomes. Neither paces nor retries.

The bot's token is part of every address: nothing here logs an address or the text of `InvalidToken`.
"""

import logging
import os
from datetime import timedelta
from typing import Any

import structlog
from telegram import (
    Bot,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram import Message as SentMessage
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from notifications.channels.port import Later, Moved, Never, NeverReason, Outcome, Sent
from notifications.messages import Button, Document, Message
from notifications.notice_text import Attachment

log: structlog.stdlib.BoundLogger = structlog.get_logger()

# python-telegram-bot's only switch for its coming type of `retry_after`; without it every 429 warns,
# and where warnings are errors the time to wait would be lost.
os.environ["PTB_TIMEDELTA"] = "true"

#: Seconds to connect, to read, to write, and to wait for a free connection.
CONNECT, READ, WRITE, POOL = 5.0, 10.0, 5.0, 5.0

#: How many requests may be under way.
CONNECTIONS = 48

#: Failures of the HTTP client in which nothing can have reached the server, by class name.
_NOT_SENT = frozenset(["ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"])

#: What a refusal says (lower case, in part) → what it means. Telegram's wording, seen and documented.
_REFUSALS: tuple[tuple[str, NeverReason], ...] = (
    ("message to edit not found", "gone"),
    ("message can't be edited", "gone"),
    ("message can't be deleted", "gone"),
    ("message_id_invalid", "gone"),
    ("chat not found", "unknown_chat"),
    ("user not found", "unknown_chat"),
    ("peer_id_invalid", "unknown_chat"),
    ("chat_id is empty", "unknown_chat"),
    ("not enough rights to send", "kicked"),
    ("no rights to send", "kicked"),
    ("need administrator rights", "kicked"),
    ("chat_write_forbidden", "kicked"),
    ("chat_restricted", "kicked"),
    ("group chat was deactivated", "kicked"),
    ("topic_closed", "kicked"),
    ("user is deactivated", "blocked"),
)

_NOT_MODIFIED = "message is not modified"
_NOT_FOUND = "message to delete not found"

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def make_bot(
    token: str, api_url: str, proxy: str | None = None, *, poll_seconds: float = 30.0
) -> Bot:
    """A bot at `api_url` (without a slash at the end) whose timeouts fit the dispatcher's lease.

    `poll_seconds` is the longest time a `getUpdates` call may stay open. The environment's proxy
    variables are not obeyed; `proxy` is. Call `initialize` before and `shutdown` after use.
    """
    # httpx tells each address, token and all, on INFO.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # An answer that was cut is logged whole: one of getUpdates holds what people wrote.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
    return Bot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=_request(CONNECTIONS, READ, proxy),
        get_updates_request=_request(2, poll_seconds + READ, proxy),
    )


async def hang_up(bot: Bot) -> None:
    """Close the connections of a bot from `make_bot`, initialised or not.

    `Bot.shutdown` closes nothing unless `initialize` reached Telegram, which a desk must not wait for.
    """
    for request in bot._request:  # noqa: SLF001 -- the library gives no other way to both
        await request.shutdown()


class TelegramChannel:
    """Implements `Channel` with a `telegram.Bot`, which the caller opens and closes."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(
        self, chat_id: int, message: Message, *, silent: bool, reply_to: int | None
    ) -> Outcome:
        """Send a new message; it arrives although the message answered was deleted."""
        answered = (
            ReplyParameters(reply_to, allow_sending_without_reply=True)
            if reply_to is not None
            else None
        )
        try:
            if message.document is not None:
                sent = await self._send_document(
                    chat_id, message, message.document, silent, answered
                )
            elif message.attachment is not None:
                sent = await self._send_on(chat_id, message, message.attachment, silent, answered)
            else:
                sent = await self._bot.send_message(
                    chat_id,
                    message.text,
                    parse_mode="HTML",
                    reply_markup=keyboard(message) or _question(message, chat_id),
                    link_preview_options=_NO_PREVIEW,
                    disable_notification=silent,
                    reply_parameters=answered,
                )
        except Exception as error:  # noqa: BLE001 - whatever it is, the message must not be lost
            return outcome_of(error, chat_id)
        return Sent(sent.message_id)

    async def _send_document(
        self,
        chat_id: int,
        message: Message,
        document: Document,
        silent: bool,
        answered: ReplyParameters | None,
    ) -> SentMessage:
        return await self._bot.send_document(
            chat_id,
            InputFile(document.content, filename=document.name),
            caption=message.text,
            parse_mode="HTML",
            reply_markup=keyboard(message),
            disable_notification=silent,
            reply_parameters=answered,
        )

    async def _send_on(
        self,
        chat_id: int,
        message: Message,
        attachment: Attachment,
        silent: bool,
        answered: ReplyParameters | None,
    ) -> SentMessage:
        """Send a file that Telegram has."""
        send: Any = {
            "document": self._bot.send_document,
            "photo": self._bot.send_photo,
            "video": self._bot.send_video,
        }[attachment.kind]
        sent: SentMessage = await send(
            chat_id,
            attachment.file_id,
            caption=message.text or None,
            parse_mode="HTML",
            reply_markup=keyboard(message),
            disable_notification=silent,
            reply_parameters=answered,
        )
        return sent

    async def edit(self, chat_id: int, message_id: int, message: Message) -> Outcome:
        """Replace what message `message_id` says, buttons included; take it away where that is asked for."""
        if message.taken_away:
            return await self._take_away(chat_id, message_id)
        try:
            await self._bot.edit_message_text(
                message.text,
                chat_id=chat_id,
                message_id=message_id,
                parse_mode="HTML",
                reply_markup=keyboard(message),
                link_preview_options=_NO_PREVIEW,
            )
        except BadRequest as error:
            if _NOT_MODIFIED in error.message.lower():
                return Sent(message_id)
            return outcome_of(error, chat_id)
        except Exception as error:  # noqa: BLE001 - as in `send`
            return outcome_of(error, chat_id)
        return Sent(message_id)

    async def _take_away(self, chat_id: int, message_id: int) -> Outcome:
        """Delete a message; `Never("gone")` after two days, when Telegram lets no bot delete it."""
        try:
            await self._bot.delete_message(chat_id, message_id)
        except BadRequest as error:
            if _NOT_FOUND in error.message.lower():
                return Sent(message_id)
            return outcome_of(error, chat_id)
        except Exception as error:  # noqa: BLE001 - as in `send`
            return outcome_of(error, chat_id)
        return Sent(message_id)


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons as Telegram wants them; None for none, which also takes old ones away."""
    if not message.buttons:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in message.buttons])


def _question(message: Message, chat_id: int) -> ForceReply | None:
    """The open reply field; in a group it opens for those alone whom the text mentions."""
    if message.asks is None:
        return None
    return ForceReply(selective=chat_id < 0, input_field_placeholder=message.asks)


def outcome_of(error: Exception, chat_id: int) -> Outcome:
    """What an exception of a call means for the message."""
    if isinstance(error, RetryAfter):
        waiting = error.retry_after
        seconds = waiting.total_seconds() if isinstance(waiting, timedelta) else float(waiting)
        return Later("rate_limited", retry_after=seconds)
    if isinstance(error, ChatMigrated):
        return Moved(error.new_chat_id)
    if isinstance(error, Forbidden):
        return Never("kicked" if chat_id < 0 else "blocked", error.message[:200])
    if isinstance(error, BadRequest):
        return Never(_refusal(error.message), error.message[:200])
    if isinstance(error, InvalidToken):
        log.error("telegram refuses the bot's token, or another server answers in its place")
        return Later("token")
    return _for_now(error)


def _for_now(error: Exception) -> Later:
    not_sent = type(error.__cause__).__name__ in _NOT_SENT
    if isinstance(error, TimedOut):
        return Later("timeout", ambiguous=not not_sent)
    if isinstance(error, NetworkError):
        if error.message.lower().startswith("too many requests"):
            return Later("rate_limited", retry_after=1.0)
        return Later("network", ambiguous=not not_sent)
    if isinstance(error, TelegramError):
        return Later(f"telegram:{type(error).__name__}", ambiguous=True)
    return Later(f"junk:{type(error).__name__}", ambiguous=True)


def _refusal(description: str) -> NeverReason:
    words = description.lower()
    return next((reason for part, reason in _REFUSALS if part in words), "refused")


def _button(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        button.text,
        url=button.url,
        callback_data=button.data,
        copy_text=CopyTextButton(button.copy) if button.copy is not None else None,
        switch_inline_query=button.inline,
        style=button.style,
    )


def _request(connections: int, read_timeout: float, proxy: str | None) -> HTTPXRequest:
    only_ours: dict[str, Any] = {"trust_env": False}
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=CONNECT,
        read_timeout=read_timeout,
        write_timeout=WRITE,
        pool_timeout=POOL,
        proxy=proxy,
        httpx_kwargs=only_ours,
    )
