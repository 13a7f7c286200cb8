"""The path of one filing as people walk it: filed, paged, nudged, reminded, acknowledged, registered.

A story is told to a product that may die at any line; told again, it goes on where it stood.
"""

import http.client

from bot.sandbox import Group
from tests.faults import invariants
from tests.faults.ledger import Ledger
from tests.faults.processes import Child
from tests.faults.world import Promise, World

#: What a client sees of a product that dies under a request.
REQUEST_LOST = (OSError, http.client.HTTPException)


#: The stages of a filing's path; at `restart` the product is down, and a press waits for its return.
PATH = ("file", "nudge", "remind", "acknowledge", "register")
PATH_WITH_RESTART = ("file", "restart", "register")


class Story:
    """One filing, stage by stage. Each stage ends when everything has come to rest."""

    def __init__(self, world: World, ledger: Ledger, *, in_group: bool) -> None:
        self._world = world
        self._ledger = ledger
        self._in_group = in_group
        self.promise: Promise | None = None

    def tell(self, child: Child, stage: str) -> None:
        """Go through a stage; raises `Died` when the product does. To be told again then."""
        getattr(self, f"_{stage}")(child)
        rest(child, self._world, self._ledger)

    def press_while_down(self) -> None:
        """签收, with nobody there to hear it."""
        assert self.promise is not None
        pressed = self._world.press(self.promise, "ack", "A", "签收", self._place)
        assert pressed, "no card offers 签收"

    def _file(self, child: Child) -> None:
        if self.promise is None:
            self.promise = self._world.promise()
        if self.promise.status is None:
            try:
                self._world.file(child.address, self.promise)
            except REQUEST_LOST:
                child.until(lambda: None)  # It must be dead: a living product answers.
        child.until(lambda: self._shows("A", "签收") and self._shows("A", "签收", self._group))

    def _nudge(self, child: Child) -> None:
        collaborating = self._world.groups[self._world.people.collaborating.code]
        self._press(child, "nudge", "filer", "催办", collaborating)

    def _remind(self, child: Child) -> None:
        if not self._shows("A", "尚未签收"):
            self._world.clock.advance(minutes=5)
        child.until(lambda: self._shows("A", "尚未签收"))

    def _acknowledge(self, child: Child) -> None:
        self._press(child, "ack", "A", "签收", self._place)

    def _restart(self, child: Child) -> None:
        assert self.promise is not None
        assert "ack" in self.promise.presses

    def _register(self, child: Child) -> None:
        self._press(child, "result", "A", "登记立案", self._place)

    @property
    def _place(self) -> Group | None:
        return self._group if self._in_group else None

    @property
    def _group(self) -> Group:
        return self._world.groups[self._world.people.jurisdiction.code]

    def _shows(self, who: str, words: str, chat: Group | None = None) -> bool:
        assert self.promise is not None
        return self._world.shows(self.promise, who, words, chat)

    def _press(self, child: Child, action: str, who: str, label: str, chat: Group | None) -> None:
        """Press once, in a whole life of the filing; a death may leave the press without an answer."""
        promise = self.promise
        assert promise is not None
        if action in promise.presses:
            return
        child.until(lambda: self._world.press(promise, action, who, label, chat))
        _, press = promise.presses[action]
        child.until(lambda: press.answered)


def rest(child: Child, world: World, ledger: Ledger) -> None:
    """Wait until nothing is under way.

    Raises:
        Died: the product died first.
        AssertionError: it does not come to rest; says what is under way.
    """
    try:
        child.until(lambda: not invariants.unrest(world, ledger))
    except AssertionError as error:
        raise AssertionError(f"{invariants.unrest(world, ledger)}: {error}") from error
