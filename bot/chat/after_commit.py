"""Calls to Telegram that follow a handled update: answers to presses and inline queries, leaving a group, secrets.

They are collected inside the transaction and made right after its commit, beside the polling. Messages
do not go this way: they are promises and live in the outbox; what is here is worth nothing a minute later.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

import structlog
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputFile,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from directory.clock import Clock
from notifications.channels.port import Later
from notifications.channels.telegram import outcome_of

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: The longest text (characters) that Telegram shows as the answer to a press.
LONGEST_ANSWER = 200

#: So many calls may be under way at once.
TOGETHER = 16

#: How often a call is tried, and the pause (seconds) before the next try.
TRIES = 3
PAUSE = 0.5

#: How often a secret that Telegram asks to send later is put off.
MOST_DELAYS = 60


@dataclass(frozen=True, slots=True)
class AnswerPress:
    """Plain words that only the presser sees; an alert stays until it is closed."""

    query_id: str
    text: str
    alert: bool = False


@dataclass(frozen=True, slots=True)
class InlineLine:
    """One line of an inline answer; `text` (Telegram HTML) is what choosing it would write."""

    id: str
    title: str
    description: str
    text: str
    #: The words on a button under the message, and what it puts into the reader's clipboard.
    copy: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class AnswerInline:
    """The list under an inline query, for this person alone and kept by nobody."""

    query_id: str
    lines: tuple[InlineLine, ...]
    #: The button above the list, and the word with which it starts the private chat.
    button: str | None = None
    start: str | None = None


@dataclass(frozen=True, slots=True)
class LeaveChat:
    """Say one sentence (plain text), if there is one, and leave."""

    chat_id: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class SendSecret:
    """Plain words with a secret of a few minutes, which the outbox would keep in clear; not to be forwarded."""

    chat_id: int
    text: str = field(repr=False)
    #: It is meant to be passed on: an invitation for somebody else.
    forward: bool = False


@dataclass(frozen=True, slots=True)
class SendContact:
    """A person's number with the vCard, not to be forwarded: the outbox would keep it in clear."""

    chat_id: int
    phone: str = field(repr=False)
    name: str = field(repr=False)
    vcard: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendFile:
    """A small file for whoever asked just now."""

    chat_id: int
    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Afterwards:
    """Work of some seconds that answers by itself, in a task of its own: no press waits for it."""

    name: str
    #: Says in the chat whatever goes wrong; it raises nothing. The calls it gives are made next.
    work: Callable[[], Coroutine[Any, Any, "Iterable[Call] | None"]] = field(repr=False)


Call = AnswerPress | AnswerInline | LeaveChat | SendSecret | SendContact | SendFile | Afterwards

#: What was promised and must arrive, however late.
_PROMISED = (SendSecret, SendContact, SendFile)


class AfterCommit:
    """Makes the calls in a task of its own, a few at once."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._waiting: list[Call] = []
        self._wake = asyncio.Event()
        self._later: set[asyncio.Task[None]] = set()

    def put(self, calls: Iterable[Call]) -> None:
        """Have these calls made soon, in no promised order."""
        self._waiting.extend(calls)
        if self._waiting:
            self._wake.set()

    async def run(self) -> None:
        """Make calls until cancelled."""
        try:
            while True:
                await self.drain()
                await self._clock.wait(None, self._wake)
        finally:
            for task in self._later:
                task.cancel()

    async def drain(self) -> None:
        """Make the calls that wait now."""
        while self._waiting:
            now, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
            for call in now:
                if isinstance(call, Afterwards):
                    self._keep(asyncio.create_task(self._work(call), name=call.name))
            await asyncio.gather(
                *(self._make(call) for call in now if not isinstance(call, Afterwards))
            )

    async def _work(self, call: Afterwards) -> None:
        self.put(await call.work() or ())

    async def _make(self, call: Call, delays: int = MOST_DELAYS) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                await _perform(self._bot, call)
            except RetryAfter as error:
                # The answer to a press is worth nothing by then; a link that was promised must arrive.
                log.info("call_put_off", call=type(call).__name__)
                if isinstance(call, _PROMISED) and delays > 0:
                    self._put_off(call, _seconds(error), delays - 1)
            except (BadRequest, Forbidden) as error:
                # Too old a press, a group that is gone: there is nobody left to tell.
                log.info("call_came_too_late", call=type(call).__name__, error=type(error).__name__)
            except (NetworkError, OSError) as error:
                log.warning("call_failed", call=type(call).__name__, error=type(error).__name__)
                if attempt < TRIES:
                    await asyncio.sleep(PAUSE)
                    continue
            except (TelegramError, TypeError, ValueError) as error:
                # A bare TypeError comes from a junk answer. Texts of errors may hold the token.
                log.warning("call_refused", call=type(call).__name__, error=type(error).__name__)
            return

    def _put_off(self, call: Call, seconds: float, delays: int) -> None:
        """Make a call later, in a task of its own: no press waits for it."""

        async def again() -> None:
            await asyncio.sleep(seconds)
            await self._make(call, delays)

        self._keep(asyncio.create_task(again(), name="secret put off"))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._later.add(task)
        task.add_done_callback(self._later.discard)


def _seconds(error: RetryAfter) -> float:
    outcome = outcome_of(error, 0)
    return (isinstance(outcome, Later) and outcome.retry_after) or PAUSE


async def _perform(bot: Bot, call: Call) -> None:
    match call:
        case AnswerPress():
            await bot.answer_callback_query(
                call.query_id, text=call.text[:LONGEST_ANSWER] or None, show_alert=call.alert
            )
        case AnswerInline():
            # Telegram keeps an answer for everybody unless told not to.
            await bot.answer_inline_query(
                call.query_id,
                [_article(line) for line in call.lines],
                cache_time=0,
                is_personal=True,
                button=InlineQueryResultsButton(call.button, start_parameter=call.start)
                if call.button is not None
                else None,
            )
        case SendSecret():
            await bot.send_message(
                call.chat_id,
                call.text,
                protect_content=not call.forward,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        case SendContact():
            await bot.send_contact(
                call.chat_id,
                phone_number=call.phone,
                first_name=call.name,
                vcard=call.vcard,
                protect_content=True,
            )
        case SendFile():
            await bot.send_document(call.chat_id, InputFile(call.content, filename=call.name))
        case LeaveChat():
            if call.text:
                try:
                    await bot.send_message(call.chat_id, call.text)
                except TelegramError as error:
                    log.info("farewell_not_said", error=type(error).__name__)
            await bot.leave_chat(call.chat_id)


def _article(line: InlineLine) -> InlineQueryResultArticle:
    keyboard = None
    if line.copy is not None:
        label, code = line.copy
        button = InlineKeyboardButton(label, copy_text=CopyTextButton(code))
        keyboard = InlineKeyboardMarkup([[button]])
    return InlineQueryResultArticle(
        line.id,
        line.title,
        InputTextMessageContent(line.text, parse_mode="HTML"),
        description=line.description,
        reply_markup=keyboard,
    )
