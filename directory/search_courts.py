"""The courts' part of the search index: which courts a question may mean, and how surely.

What a way of finding is worth is in `directory.search_scores`, how names are written in `directory.search_names`.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise, permutations

from directory.aliases import Alias
from directory.court_codes import looks_like_code, normalise
from directory.readings import fold, is_han, is_latin, sound_as_typed
from directory.search_names import FORMER, Named, named
from directory.search_phrases import Keys, Phrases
from directory.search_query import Query, Reading, begun_readings, misspelt_readings, readings_of
from directory.search_scores import (
    ANY,
    BEGUN,
    CODE,
    CODE_BEGUN,
    EXACT,
    INITIALS,
    INITIALS_BEGUN,
    MIXED,
    MIXED_BEGUN,
    NEAR,
    NEAR_SOUND,
    OF_GRADE,
    OF_LAX,
    OF_TRIBUNAL,
    OTHER_KIND,
    OWNER_BITS,
    PART,
    SAME_SOUND,
    SHORTEST,
    SOUND,
    SOUND_BEGUN,
    Match,
    Matches,
    Tally,
)  # fmt: skip

#: Words in another order than names have them are tried while they are so few.
_MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class CourtFacts:
    """A court as the index knows it."""

    code: str
    name: str
    level: str
    province: str
    city: str | None
    county: str | None
    aliases: tuple[Alias, ...] = ()


@dataclass(slots=True)
class _Entry:
    facts: CourtFacts
    kind: str
    province: str
    #: Everything that is written about the court's name and place.
    written: str
    #: Texts of its phrases with the number they were added under.
    phrases: tuple[tuple[str, int], ...]


class CourtIndex:
    """Courts by number. Numbers of courts that have gone are not used again."""

    def __init__(self) -> None:
        self._entries: list[_Entry | None] = []
        self._numbers: dict[str, int] = {}
        self._by_code: dict[str, int] = {}
        self._former_codes: dict[str, tuple[int, ...]] = {}
        self._by_digits: dict[str, tuple[str, ...]] = {}
        self._codes, self._digits = Keys(), Keys()
        self._phrases = Phrases()
        self._pairs: dict[str, array[int]] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def facts(self, number: int) -> CourtFacts:
        """The court with this number."""
        return self._entry(number).facts

    def number(self, code: str) -> int | None:
        """The number of the court with this code."""
        return self._numbers.get(code)

    def of_code(self, typed: str) -> CourtFacts | None:
        """The court whose code was typed, in any width."""
        number = self._by_code.get(normalise(typed))
        return None if number is None else self.facts(number)

    # Keeping it

    def put(self, facts: CourtFacts) -> None:
        """Add a court, or renew what is known of it."""
        known = self._numbers.get(facts.code)
        if known is not None:
            if self.facts(known) == facts:
                return
            self.drop(facts.code)
        number = len(self._entries)
        places = [fold(place or "") for place in (facts.province, facts.city, facts.county)]
        name = fold(facts.name)
        known_as = named(name, places[0], places[1], places[2], facts.aliases)
        former = [fold(alias.text) for alias in facts.aliases]
        entry = _Entry(facts, known_as.kind, places[0], "|".join([*places, name, *former]), ())
        entry.phrases = self._add_phrases(known_as, number)
        self._entries.append(entry)
        self._numbers[facts.code] = number
        self._add_codes(facts, number)
        for pair in _pairs_of(entry.written):
            self._pairs.setdefault(pair, array("I")).append(number)

    def _add_phrases(self, known_as: Named, number: int) -> tuple[tuple[str, int], ...]:
        added = []
        for phrase in known_as.phrases:
            owner = number << OWNER_BITS | phrase.grade << 1 | phrase.whole
            self._phrases.add(phrase.text, phrase.sounds, owner)
            added.append((phrase.text, owner))
        return tuple(added)

    def _add_codes(self, facts: CourtFacts, number: int) -> None:
        code = normalise(facts.code)
        self._by_code[code] = number
        self._codes.add(code)
        digits = code[1:]
        if digits.isdecimal():
            if digits not in self._by_digits:
                self._digits.add(digits)
            self._by_digits[digits] = (*self._by_digits.get(digits, ()), code)
        for former in _former_codes(facts):
            self._former_codes[former] = (*self._former_codes.get(former, ()), number)

    def drop(self, code: str) -> None:
        """Forget a court; one that is not known is no matter."""
        number = self._numbers.pop(code, None)
        if number is None:
            return
        entry = self._entry(number)
        for text, owner in entry.phrases:
            self._phrases.remove(text, owner)
        for pair in _pairs_of(entry.written):
            self._pairs[pair].remove(number)
        plain = normalise(code)
        del self._by_code[plain]
        self._codes.remove(plain)
        digits = plain[1:]
        if digits in self._by_digits:
            left = tuple(other for other in self._by_digits[digits] if other != plain)
            self._by_digits[digits] = left
            if not left:
                del self._by_digits[digits]
                self._digits.remove(digits)
        for former in _former_codes(entry.facts):
            numbers = self._former_codes[former]
            self._former_codes[former] = tuple(other for other in numbers if other != number)
        self._entries[number] = None

    def settling(self) -> Iterator[None]:
        """Make the index ready after courts were added, in steps."""
        self._codes.settle()
        self._digits.settle()
        yield from self._phrases.settling()

    def _entry(self, number: int) -> _Entry:
        entry = self._entries[number]
        if entry is None:
            message = f"court {number} has gone from the index"
            raise LookupError(message)
        return entry

    # Asking it

    def search(self, query: Query) -> Matches:
        """Every court that the question may mean, by number; the surest ways decide how far it looks."""
        found = Tally(self._value)
        if query.case_code is not None and self._by_full_code(query.case_code, found, "case"):
            return found.matches
        if query.code is not None and self._by_full_code(query.code, found, "code"):
            if query.besides:
                self._weigh_besides(query, found)
            else:
                self._by_begun_code(query, found)
            return found.matches
        self._by_full_code(query.text, found, "code")
        self._by_begun_code(query, found)
        if len(query.text) >= SHORTEST:
            self._by_name(query.text, found)
            if not found.matches:
                self._by_words(query, found)
            if not found.matches:
                self._nearly(query, found)
        return found.matches

    def near_enough(self, text: str) -> Matches:
        """The courts that a part of a question names, misspelt ones not among them."""
        found = Tally(self._value)
        number = self._by_code.get(text)
        if number is not None:
            found.add(number, CODE, "code")
        elif len(text) >= SHORTEST:
            self._by_name(text, found)
            if not found.matches:
                self._by_parts((text,), ANY, found)
        return found.matches

    def _by_full_code(self, code: str, found: Tally, why: str) -> bool:
        number = self._by_code.get(code)
        if number is not None:
            found.add(number, CODE, why)
        for former in self._former_codes.get(code, ()) if number is None else ():
            found.add(former, CODE - OF_GRADE[FORMER], "former_code", former=True)
        return bool(found.matches)

    def _by_begun_code(self, query: Query, found: Tally) -> None:
        starts = list(query.code_starts)
        if query.digits is not None:
            for digits in self._digits.beginning(query.digits):
                whole = digits == query.digits
                for code in self._by_digits[digits]:
                    found.add(self._by_code[code], CODE_BEGUN + whole, "code")
        for start in starts:
            if start != query.text and start in self._by_code:
                found.add(self._by_code[start], CODE - 1, "code")
            for code in self._codes.beginning(start) if len(start) >= SHORTEST else ():
                found.add(self._by_code[code], CODE_BEGUN, "code")

    def _weigh_besides(self, query: Query, found: Tally) -> None:
        """A code with a name: the name agrees, or both are possible and the asker must choose."""
        (number, match), *_others = found.matches.items()
        said = self.near_enough(query.besides)
        if not said or number in said or query.besides in self._entry(number).written:
            return
        best = max(other.score for other in said.values())
        if best >= BEGUN:
            found.matches[number] = Match(EXACT, match.why, match.former)
            for other, meant in said.items():
                if meant.score == best:
                    found.add(other, EXACT, meant.why)

    def _by_name(self, text: str, found: Tally) -> None:
        readings = readings_of(text)
        for reading in readings:
            self._exactly(reading, found)
        if not is_han(text):
            self._by_mixture(readings, found)
        for reading in begun_readings(text):
            self._exactly(reading, found.lowered(EXACT - BEGUN))
        for reading in readings:
            if not reading.core:
                self._everything(reading, found)
            elif len(reading.core) >= SHORTEST or reading.province:
                self._begun(reading, found)

    def _exactly(self, reading: Reading, found: Tally) -> None:
        core, phrases = reading.core, self._phrases
        if is_han(core):
            found.add_all(phrases, phrases.spelled(core), EXACT, "name", reading)
            if reading.kind is not None and core in self._by_code:
                # 辽高院
                found.add(self._by_code[core], EXACT, "name", reading)
        elif is_latin(core):
            found.add_all(phrases, phrases.sounding(core), SOUND, "pinyin", reading)
            if len(core) >= SHORTEST and not reading.begun:
                found.add_all(phrases, phrases.abbreviated(core), INITIALS, "initials", reading)

    def _by_mixture(self, readings: Iterable[Reading], found: Tally) -> None:
        """Characters and letters in turn; letters alone only when nothing else fits them."""
        for reading in readings:
            core = reading.core
            if len(core) < SHORTEST or is_han(core) or (is_latin(core) and found.matches):
                continue
            for number, whole in self._phrases.mixed(core).items():
                score = MIXED if whole else MIXED_BEGUN
                found.add_all(self._phrases, (number,), score, "mixed", reading)

    def _everything(self, reading: Reading, found: Tally) -> None:
        """All courts of a kind, of a province, or both: 中院, 辽宁, 辽宁中院."""
        score = BEGUN if reading.province else PART
        for number, entry in enumerate(self._entries):
            if entry is not None and reading.kind in {None, entry.kind}:
                found.add(number, score, "place" if reading.province else "kind", reading)

    def _begun(self, reading: Reading, found: Tally) -> None:
        core, phrases = reading.core, self._phrases
        if is_han(core):
            found.add_all(phrases, phrases.spelled_from(core), BEGUN, "name", reading)
        elif is_latin(core):
            found.add_all(phrases, phrases.sounding_from(core), SOUND_BEGUN, "pinyin", reading)
            initials = phrases.abbreviated_from(core)
            found.add_all(phrases, initials, INITIALS_BEGUN, "initials", reading)

    def _by_words(self, query: Query, found: Tally) -> None:
        """Words in another order, then words or parts of words anywhere, then a kind that does not fit."""
        readings = readings_of(query.text)
        if 1 < len(query.words) <= _MOST_WORDS:
            for order in permutations(query.words):
                for reading in readings_of("".join(order)):
                    self._exactly(reading, found)
        for reading in readings:
            if not found.matches and reading.core and is_han(reading.core):
                words = (reading.core,) if reading.kind or reading.province else query.words
                self._by_parts(words, reading, found)
        for reading in readings:
            if not found.matches and reading.kind:
                self._exactly(replace(reading, kind=None), found.lowered(EXACT - OTHER_KIND))

    def _by_parts(self, words: tuple[str, ...], reading: Reading, found: Tally) -> None:
        pairs = [pair for word in words for pair in _pairs_of(word)]
        if not pairs or not all(len(word) >= SHORTEST for word in words):
            return
        rarest = min((self._pairs.get(pair, ()) for pair in pairs), key=len)
        for number in rarest:
            if all(word in self._entry(number).written for word in words):
                found.add(number, PART, "part", reading)

    def _nearly(self, query: Query, found: Tally) -> None:
        """What sounds the same, then what is one typing error away."""
        phrases = self._phrases
        sound = sound_as_typed(query.text)
        if query.han and is_latin(sound):
            for reading in readings_of(sound):
                numbers = phrases.sounding(reading.core)
                found.add_all(phrases, numbers, SAME_SOUND, "similar", reading)
        if found.matches:
            return
        for reading in readings_of(query.text):
            if len(reading.core) < SHORTEST:
                continue
            if query.han:
                spelled = phrases.spelled_nearly(reading.core)
                found.add_all(phrases, spelled, NEAR, "similar", reading)
            elif is_latin(reading.core) and len(reading.core) > SHORTEST + 1:
                nearly = phrases.sounding_nearly(reading.core)
                found.add_all(phrases, nearly, NEAR_SOUND, "similar", reading)
        for reading in misspelt_readings(query.text):
            found.add_all(phrases, phrases.spelled(reading.core), NEAR, "similar", reading)

    def _value(self, number: int, reading: Reading) -> int | None:
        """What is taken off when the words say this besides; None when the court cannot be meant."""
        entry, kind = self._entry(number), reading.kind
        if reading.province is not None and entry.province != reading.province:
            return None
        if kind is None or kind == entry.kind:
            return OF_TRIBUNAL if entry.kind == "tribunal" and kind is None else 0
        if kind == "court" and entry.kind != "tribunal":
            return OF_LAX
        if kind == entry.facts.level or (kind == "intermediate" and entry.kind == "branch"):
            return OF_LAX
        return None


def _pairs_of(text: str) -> set[str]:
    return {one + other for one, other in pairwise(text) if "|" not in {one, other}}


def _former_codes(facts: CourtFacts) -> list[str]:
    return [normalise(alias.text) for alias in facts.aliases if looks_like_code(alias.text)]


def former_name(facts: CourtFacts, asked: str) -> Alias | None:
    """The former name or code that the words agree with best; None when the court has none."""
    former = [alias for alias in facts.aliases if alias.former or looks_like_code(alias.text)]
    core: Mapping[Alias, str] = {alias: readings_of(fold(alias.text))[-1].core for alias in former}
    agreeing = [alias for alias in former if core[alias] in asked or asked in fold(alias.text)]
    return next(iter([*agreeing, *former]), None)
