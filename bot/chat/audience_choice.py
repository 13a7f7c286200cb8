"""To whom something goes, said by a tap or in words: what notices and trainings take alike. How each asks stays with it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.chat import notice_rights
from bot.chat.notice_draft import keep
from bot.chat.replies import Talk
from bot.models import Draft
from directory.errors import CourtNotFound
from directory.texts import Translate
from notifications.notice_audience import Audience


class Ask(Protocol):
    """Asks for the audience, what was wrong before it; `instead` of the usual choices, these."""

    def __call__(
        self, talk: Talk, draft: Draft, fault: str = "", instead: tuple[Audience, ...] = ()
    ) -> Awaitable[None]:
        """Ask."""
        ...


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    """One conversation's way: how it asks, what it says of people beyond one's reach, how it goes on."""

    ask: Ask
    beyond: Callable[[Translate], str]
    go_on: Callable[[Talk, Draft], Awaitable[None]]

    async def tapped(self, talk: Talk, draft: Draft, value: str) -> None:
        """A button under the question, by its number."""
        choices = draft.data["choices"]
        if not value.isdecimal() or int(value) >= len(choices):
            talk.refuse(talk.plain("此按钮已失效，请看最新的消息。"))
            return
        talk.answer()
        await self._take(talk, draft, Audience.from_json(choices[int(value)]))

    async def typed(self, talk: Talk, draft: Draft, text: str) -> None:
        """Cities and courts in words; several that the words could mean are asked about."""
        _ = talk.html
        found = await notice_rights.meant(talk, text)
        if found.unknown:
            await self.ask(talk, draft, talk.fault(CourtNotFound, words=found.unknown))
        elif len(found.audiences) > 1:
            head = _("“{words}”可能是以下法院，请选择：", words=text[:80])
            await self.ask(talk, draft, head, tuple(found.audiences))
        else:
            await self._take(talk, draft, found.audiences[0])

    async def _take(self, talk: Talk, draft: Draft, audience: Audience) -> None:
        if not notice_rights.may_send(talk.speaker, audience):
            await self.ask(talk, draft, self.beyond(talk.html))
            return
        keep(talk, draft, audience=audience.as_json(), untrained=None)
        await self.go_on(talk, draft)
