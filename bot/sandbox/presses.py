"""What a person waits for: the answer to a pressed button, the list under an inline query."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import PhoneError
from bot.sandbox.screen import Button
from bot.sandbox.world import Callback, InlineAsk, World

ANSWER_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What the phone shows for a moment (or as an alert) to the one who pressed."""

    text: str
    show_alert: bool
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button. A link or a copy button has no callback: nothing reaches the bot."""

    world: World
    button: Button
    callback: Callback | None

    @property
    def id(self) -> str:
        """The number of the callback query; empty for a link."""
        return self.callback.id if self.callback else ""

    @property
    def answered(self) -> CallbackAnswer | None:
        """The answer, if it has come."""
        given = self.callback.answer if self.callback else None
        return CallbackAnswer(**given) if given else None

    async def answer(self, timeout: float = ANSWER_WITHIN) -> CallbackAnswer:
        """The bot's answer; raises `TimeoutError` when none comes within `timeout` seconds."""
        if self.callback is None:
            raise PhoneError(f"the button {self.button.text!r} asks the bot nothing")
        answer = await self.world.changes.until(lambda: self.answered, timeout)
        if not isinstance(answer, CallbackAnswer):
            raise TimeoutError(f"no answer to {self.button.text!r} within {timeout} s")
        return answer


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One line of the list under an inline query; `text` is what choosing it would send."""

    id: str
    title: str
    description: str
    text: str
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class InlineSearch:
    """An inline query on its way."""

    world: World
    ask: InlineAsk

    @property
    def id(self) -> str:
        """The number of the inline query."""
        return self.ask.id

    @property
    def answer(self) -> dict[str, Any] | None:
        """Everything the bot answered: results, is_personal, cache_time, next_offset, button."""
        return self.ask.answer

    @property
    def listed(self) -> list[InlineResult] | None:
        """The results, if they have come."""
        if self.ask.answer is None:
            return None
        return [_result(raw) for raw in self.ask.answer["results"]]

    async def results(self, timeout: float = ANSWER_WITHIN) -> list[InlineResult]:
        """The list; raises `TimeoutError` when none comes within `timeout` seconds."""
        await self.world.changes.until(lambda: self.ask.answer, timeout)
        if (listed := self.listed) is None:
            raise TimeoutError(f"no answer to the inline query {self.ask.query!r}")
        return listed


def _result(raw: dict[str, Any]) -> InlineResult:
    content = raw.get("input_message_content", {})
    text = content.get("message_text") or raw.get("phone_number") or ""
    title = raw.get("title") or raw.get("first_name") or ""
    return InlineResult(raw["id"], title, raw.get("description", ""), text, raw)
