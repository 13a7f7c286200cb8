"""The courts' part of the search index: courts put in and dropped, with every phrase, code and pair of characters.

It is asked in `directory.search_asking`; how names are written is in `directory.search_names`.
"""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from directory.aliases import Alias
from directory.court_codes import looks_like_code, normalise
from directory.readings import fold
from directory.search_names import Named, named
from directory.search_phrases import Keys, Phrases
from directory.search_query import readings_of
from directory.search_scores import OWNER_BITS


@dataclass(frozen=True, slots=True)
class CourtFacts:
    """A court as the index knows it."""

    code: str
    name: str
    level: str
    province: str
    city: str | None
    county: str | None
    kind: str = "general"
    aliases: tuple[Alias, ...] = ()


@dataclass(slots=True)
class Entry:
    """What the index holds of one court."""

    facts: CourtFacts
    #: The kind that its name's ending says.
    kind: str
    #: Folded.
    province: str
    #: Everything that is written about the court's name and place.
    written: str
    #: Texts of its phrases with the number they were added under.
    phrases: tuple[tuple[str, int], ...]


class CourtIndex:
    """Courts by number. Numbers of courts that have gone are not used again."""

    def __init__(self) -> None:
        self.entries: list[Entry | None] = []
        self._numbers: dict[str, int] = {}
        self.by_code: dict[str, int] = {}
        self.former_codes: dict[str, tuple[int, ...]] = {}
        self.by_digits: dict[str, tuple[str, ...]] = {}
        self.codes, self.digits = Keys(exact=True), Keys(exact=True)
        self.phrases = Phrases()
        self.pairs: dict[str, array[int]] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def facts(self, number: int) -> CourtFacts:
        """The court with this number."""
        return self.entry(number).facts

    def number(self, code: str) -> int | None:
        """The number of the court with this code."""
        return self._numbers.get(code)

    # Keeping it

    def put(self, facts: CourtFacts) -> None:
        """Add a court, or renew what is known of it."""
        known = self._numbers.get(facts.code)
        if known is not None:
            if self.facts(known) == facts:
                return
            self.drop(facts.code)
        number = len(self.entries)
        places = fold(facts.province), fold(facts.city or ""), fold(facts.county or "")
        name = fold(facts.name)
        known_as = named(name, *places, facts.kind, facts.aliases)
        former = [fold(alias.text) for alias in facts.aliases]
        entry = Entry(facts, known_as.kind, places[0], "|".join([*places, name, *former]), ())
        entry.phrases = self._add_phrases(known_as, number)
        self.entries.append(entry)
        self._numbers[facts.code] = number
        self._add_codes(facts, number)
        for pair in pairs_of(entry.written):
            self.pairs.setdefault(pair, array("I")).append(number)

    def _add_phrases(self, known_as: Named, number: int) -> tuple[tuple[str, int], ...]:
        added = []
        for phrase in known_as.phrases:
            owner = number << OWNER_BITS | phrase.grade << 1 | phrase.whole
            self.phrases.add(phrase.text, phrase.sounds, owner)
            added.append((phrase.text, owner))
        return tuple(added)

    def _add_codes(self, facts: CourtFacts, number: int) -> None:
        code = normalise(facts.code)
        self.by_code[code] = number
        self.codes.add(code)
        digits = code[1:]
        if digits.isdecimal():
            if digits not in self.by_digits:
                self.digits.add(digits)
            self.by_digits[digits] = (*self.by_digits.get(digits, ()), code)
        for former in _former_codes(facts):
            self.former_codes[former] = (*self.former_codes.get(former, ()), number)

    def drop(self, code: str) -> None:
        """Forget a court; one that is not known is no matter."""
        number = self._numbers.pop(code, None)
        if number is None:
            return
        entry = self.entry(number)
        for text, owner in entry.phrases:
            self.phrases.remove(text, owner)
        for pair in pairs_of(entry.written):
            self.pairs[pair].remove(number)
        plain = normalise(code)
        del self.by_code[plain]
        self.codes.remove(plain)
        digits = plain[1:]
        if digits in self.by_digits:
            left = tuple(other for other in self.by_digits[digits] if other != plain)
            self.by_digits[digits] = left
            if not left:
                del self.by_digits[digits]
                self.digits.remove(digits)
        for former in _former_codes(entry.facts):
            numbers = self.former_codes[former]
            self.former_codes[former] = tuple(other for other in numbers if other != number)
        self.entries[number] = None

    def settling(self) -> Iterator[None]:
        """Make the index ready after courts were added, in steps."""
        self.codes.settle()
        self.digits.settle()
        yield from self.phrases.settling()

    def entry(self, number: int) -> Entry:
        """What is held of the court with this number."""
        entry = self.entries[number]
        if entry is None:
            message = f"court {number} has gone from the index"
            raise LookupError(message)
        return entry


def pairs_of(text: str) -> set[str]:
    """Every two neighbouring characters; what `|` parts are no neighbours."""
    return {one + other for one, other in pairwise(text) if "|" not in {one, other}}


def _former_codes(facts: CourtFacts) -> list[str]:
    return [normalise(alias.text) for alias in facts.aliases if looks_like_code(alias.text)]


def former_name(facts: CourtFacts, asked: str) -> Alias | None:
    """The former name or code that the words agree with best; None when the court has none."""
    former = [alias for alias in facts.aliases if alias.former or looks_like_code(alias.text)]
    core: Mapping[Alias, str] = {alias: readings_of(fold(alias.text))[-1].core for alias in former}
    agreeing = [alias for alias in former if core[alias] in asked or asked in fold(alias.text)]
    return next(iter([*agreeing, *former]), None)
