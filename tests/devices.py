"""What a story's people hold in their hands: phones by the holder's post, groups by the court's code.

Thin over the local Telegram's phones: looking is immediate, because moving the clock or acting has let
the product come to rest; acting lets it come to rest again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.sandbox import Group, InlineResult, LocalTelegram, Phone, ShownMessage
from directory.models import Court, Officer
from tests.builders import Liaoning
from tests.clock import FrozenClock

POSTS = {
    "A岗": "a",
    "B岗": "b",
    "带班领导": "leader",
    "省级协调员": "coordinator",
    "协作法院A岗": "filing_officer",
}


@dataclass(frozen=True, slots=True)
class Device:
    """One person's phone in a story. `chat=None` is the private chat with the bot."""

    phone: Phone
    clock: FrozenClock

    @property
    def id(self) -> int:
        """The person's Telegram number."""
        return self.phone.id

    def expects(self, words: str, chat: Group | None = None) -> ShownMessage:
        """The newest message with all these words, as it is shown now; fails with what is there."""
        found = self.phone.finds(words, chat)
        shown = [m.text for m in self.phone.messages(chat) if not m.deleted]
        assert found is not None, f"{self.phone.name} sees no {words!r}, but: {shown}"
        return found

    def expects_nothing(self, words: str = "", chat: Group | None = None) -> None:
        """Fails when a message with all these words is there."""
        found = self.phone.finds(words, chat)
        assert found is None, f"{self.phone.name} sees {found.text if found else ''!r}"

    def count(self, words: str, chat: Group | None = None) -> int:
        """How many messages with all these words are there."""
        return sum(m.contains(words) and not m.deleted for m in self.phone.messages(chat))

    async def presses(
        self, label: str, on: ShownMessage | None = None, chat: Group | None = None
    ) -> str:
        """Press a button and let the product answer; the words shown for a moment, "" when none."""
        press = self.phone.presses(label, on, chat)
        await self.clock.settle()
        return press.answered.text if press.answered else ""

    async def says(
        self, text: str, chat: Group | None = None, reply_to: ShownMessage | None = None
    ) -> ShownMessage | None:
        """Write a text and let the product answer; its newest message in that chat afterwards."""
        self.phone.says(text, chat, reply_to)
        await self.clock.settle()
        return self.phone.last(chat)

    async def sends_document(self, name: str, content: bytes, chat: Group | None = None) -> None:
        """Send a file and let the product take it; what it does with it afterwards takes real time."""
        self.phone.sends_document(name, content, chat)
        await self.clock.settle()

    async def asks_inline(self, words: str) -> list[InlineResult]:
        """Type `@bot words`; the list that comes."""
        search = self.phone.inline(words)
        await self.clock.settle()
        return search.listed or []


class Phones(Mapping[str, Device]):
    """Phones by the words of a story: `phones["A岗"]`."""

    def __init__(self, telegram: LocalTelegram, clock: FrozenClock) -> None:
        self._telegram = telegram
        self._clock = clock
        self._devices: dict[str, Device] = {}

    def __getitem__(self, name: str) -> Device:
        return self._devices[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._devices)

    def __len__(self) -> int:
        return len(self._devices)

    def give(
        self, name: str, person: str, telegram_id: int | None = None, *, started: bool = True
    ) -> Device:
        """Give `person` a phone known as `name` in the story; a bot may write only after Start."""
        phone = self._telegram.add_phone(person, telegram_id)
        if started:
            self._telegram.world.private_chat(phone.user)
        self._devices[name] = Device(phone, self._clock)
        return self._devices[name]

    def give_officer(self, name: str, officer: Officer) -> Device:
        """Give a linked officer the phone of the linked account."""
        return self.give(name, officer.name, officer.telegram_id)


def hand_out(phones: Phones, people: Liaoning) -> None:
    """A phone for everybody of the first filing, by post."""
    for name, field in POSTS.items():
        phones.give_officer(name, getattr(people, field))


def open_groups(telegram: LocalTelegram, phones: Phones, people: Liaoning) -> dict[str, Group]:
    """The groups of both courts, by court code, with their officers and the bot in them."""
    members = {
        people.jurisdiction.code: ("A岗", "B岗", "带班领导", "省级协调员"),
        people.collaborating.code: ("协作法院A岗",),
    }
    return {
        court.code: _open_group(
            telegram, court, [phones[name].phone for name in members[court.code]]
        )
        for court in (people.jurisdiction, people.collaborating)
    }


def _open_group(telegram: LocalTelegram, court: Court, members: list[Phone]) -> Group:
    return telegram.add_group(
        f"{court.name}跨域立案群",
        members,
        supergroup=True,
        announced=False,
        group_id=court.group_chat_id,
    )


def settle_with(clock: FrozenClock, telegram: LocalTelegram) -> None:
    """Let the clock wait for updates nobody confirmed and for calls nobody answered."""

    def answered() -> bool:
        recent = telegram.calls[-200:]
        return not any(c.outcome == "pending" and c.method != "getUpdates" for c in recent)

    clock.settled_when("an update is unconfirmed", lambda: not len(telegram.world.updates))
    clock.settled_when("a call to Telegram is unanswered", answered)
