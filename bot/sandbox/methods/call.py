"""One call of the Bot API on its way to a method: its parameters, the world, the rate it is charged to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.chats import Chat
from bot.sandbox.errors import too_many_requests
from bot.sandbox.limits import Meter
from bot.sandbox.world import World


@dataclass(slots=True)
class Call:
    """What a method gets. `args` are checked for name and type; `monotonic` gives seconds for the limits."""

    world: World
    args: dict[str, Any]
    meter: Meter
    monotonic: Callable[[], float]

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat named by a parameter, usable by the bot; raises Telegram's refusal."""
        return self.world.chat_for_bot(self.args[name])

    def charge(self, chat: Chat) -> None:
        """Count a send or an edit; raises 429 when it is one too many. Called last before the effect."""
        if seconds := self.meter.admit(chat.id, self.monotonic()):
            raise too_many_requests(seconds)


Method = Callable[[Call], Any]


@dataclass(slots=True)
class Methods:
    """A table of methods by name, filled by decorator."""

    by_name: dict[str, Method] = field(default_factory=dict)

    def __call__(self, name: str) -> Callable[[Method], Method]:
        """Register the decorated function as the method `name`."""

        def register(method: Method) -> Method:
            self.by_name[name] = method
            return method

        return register


method = Methods()
