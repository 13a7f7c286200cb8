"""Chance that falls alike on every Python: only `random.random()` is promised to, so all is made from it."""

import random
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A seeded stream of choices."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1."""
        return int(self._random() * limit)

    def hits(self, share: float) -> bool:
        """Whether something that happens in `share` (0 to 1) of all cases happens now."""
        return self._random() < share

    def one_of(self, choices: Sequence[T]) -> T:
        """One of them, each as likely as the others."""
        return choices[int(self._random() * len(choices))]

    def weighted(self, choices: "Weighted[T]") -> T:
        """One of them, each as likely as its weight says."""
        return choices.at(self._random())

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """The same things in another order."""
        keyed = [(self._random(), number) for number in range(len(things))]
        return [things[number] for _, number in sorted(keyed)]


class Weighted(Sequence[T]):
    """Choices with weights, ready to be drawn from quickly."""

    def __init__(self, choices: Sequence[tuple[T, int]]) -> None:
        """Each choice with its weight; only the weights' proportions matter."""
        self._choices = [choice for choice, _ in choices]
        self._sums = list(accumulate(weight for _, weight in choices))

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self._choices[index]

    def __len__(self) -> int:
        return len(self._choices)

    def at(self, share: float) -> T:
        """The choice that stands at `share` (0 to below 1) of all weights."""
        return self._choices[bisect_right(self._sums, share * self._sums[-1])]
