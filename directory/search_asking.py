"""Asking the courts' index: which courts a question may mean, and how surely. Keeps nothing.

What a way of finding is worth is in `directory.search_scores`; the index itself in `directory.search_courts`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import permutations

from directory.readings import fold, is_han, is_latin, other_nasals, sound_as_typed
from directory.search_courts import CourtIndex, pairs_of
from directory.search_names import FORMER, split_ending
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
    MIXED_FIT,
    NEAR,
    NEAR_SOUND,
    OF_GRADE,
    OF_LAX,
    OF_TRIBUNAL,
    OTHER_KIND,
    OTHER_NASAL,
    PART,
    SAME_SOUND,
    SHORTENED,
    SHORTEST,
    SOUND,
    SOUND_BEGUN,
    Match,
    Matches,
    Tally,
)

#: Words in another order than names have them are tried while they are so few.
_MOST_WORDS = 3
#: Kinds of which every county has one.
_EVERYWHERE = frozenset({"court", "tribunal"})


class CourtSearch:
    """Questions to one index of courts."""

    def __init__(self, index: CourtIndex) -> None:
        self._index = index

    def search(self, query: Query, province: str | None = None) -> Matches:
        """Every court that the question of somebody from `province` may mean, by number.

        The surest ways decide how far it looks.
        """
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
        if province is not None and query.own_province is not None:
            found.add_all_of(self._of(fold(province), query.own_province), EXACT, "place")
        self._by_begun_code(query, found)
        if len(query.text) >= SHORTEST:
            self._by_name(query.text, found)
            if not found.matches:
                self._by_words(query, found)
            if not found.matches:
                self._shortened(query, found)
            if not found.matches:
                self._nearly(query, found)
            elif is_latin(query.text) and found.best <= MIXED:
                self._misheard(query.text, found)
        return found.matches

    def near_enough(self, text: str) -> Matches:
        """The courts that a part of a question names, misspelt ones not among them."""
        found = Tally(self._value)
        number = self._index.by_code.get(text)
        if number is not None:
            found.add(number, CODE, "code")
        elif len(text) >= SHORTEST:
            self._by_name(text, found)
            if not found.matches:
                self._by_parts((text,), ANY, found)
        return found.matches

    def _by_full_code(self, code: str, found: Tally, why: str) -> bool:
        number = self._index.by_code.get(code)
        if number is not None:
            found.add(number, CODE, why)
        for former in self._index.former_codes.get(code, ()) if number is None else ():
            found.add(former, CODE - OF_GRADE[FORMER], "former_code", former=True)
        return bool(found.matches)

    def _by_begun_code(self, query: Query, found: Tally) -> None:
        starts = list(query.code_starts)
        if query.digits is not None:
            for digits in self._index.digits.beginning(query.digits):
                whole = digits == query.digits
                for code in self._index.by_digits[digits]:
                    found.add(self._index.by_code[code], CODE_BEGUN + whole, "code")
        for start in starts:
            if start != query.text and start in self._index.by_code:
                found.add(self._index.by_code[start], CODE - 1, "code")
            for code in self._index.codes.beginning(start) if len(start) >= SHORTEST else ():
                found.add(self._index.by_code[code], CODE_BEGUN, "code")

    def _weigh_besides(self, query: Query, found: Tally) -> None:
        """A code with a name: the name agrees, or both are possible and the asker must choose."""
        (number, match), *_others = found.matches.items()
        if not split_ending(query.besides)[0]:
            return
        said = self.near_enough(query.besides)
        if not said or number in said or query.besides in self._index.entry(number).written:
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
        core, phrases = reading.core, self._index.phrases
        if is_han(core):
            found.add_all(phrases, phrases.spelled(core), EXACT, "name", reading)
            if reading.kind is not None and core in self._index.by_code:
                # 辽高院
                found.add(self._index.by_code[core], EXACT, "name", reading)
        elif is_latin(core):
            found.add_all(phrases, phrases.sounding(core), SOUND, "pinyin", reading)
            if len(core) >= SHORTEST and not reading.begun:
                found.add_all(phrases, phrases.abbreviated(core), INITIALS, "initials", reading)

    def _by_mixture(self, readings: Iterable[Reading], found: Tally) -> None:
        """Characters and letters in turn; letters alone only when nothing else fits them."""
        surer = bool(found.matches)
        for reading in readings:
            core = reading.core
            if len(core) < SHORTEST or is_han(core) or (is_latin(core) and surer):
                continue
            for number, fit in self._index.phrases.mixed(core).items():
                found.add_all(self._index.phrases, (number,), MIXED_FIT[fit], "mixed", reading)

    def _everything(self, reading: Reading, found: Tally) -> None:
        """All courts of a kind, of a province, or both: 中院, 辽宁, 辽宁中院; 法院 alone says nothing."""
        if reading.province is None and reading.kind in _EVERYWHERE:
            return
        score = BEGUN if reading.province else PART
        why = "place" if reading.province else "kind"
        found.add_all_of(self._of(reading.province, reading.kind), score, why)

    def _of(self, province: str | None, kind: str | None) -> Iterator[int]:
        return (
            number
            for number, entry in enumerate(self._index.entries)
            if entry is not None
            and kind in {None, entry.kind}
            and province in {None, entry.province}
        )

    def _begun(self, reading: Reading, found: Tally) -> None:
        core, phrases = reading.core, self._index.phrases
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
        pairs = [pair for word in words for pair in pairs_of(word)]
        # 法院 is a part of every name.
        short = any(len(word) < SHORTEST or not split_ending(word)[0] for word in words)
        if not pairs or short:
            return
        rarest = min((self._index.pairs.get(pair, ()) for pair in pairs), key=len)
        for number in rarest:
            if all(word in self._index.entry(number).written for word in words):
                found.add(number, PART, "part", reading)

    def _nearly(self, query: Query, found: Tally) -> None:
        """What sounds the same, then what is one typing error away."""
        phrases = self._index.phrases
        sound = sound_as_typed(query.text)
        by_sound = readings_of(sound) if is_latin(sound) else ()
        for reading in by_sound if query.han else ():
            numbers = phrases.sounding(reading.core)
            found.add_all(phrases, numbers, SAME_SOUND, "similar", reading)
        if found.matches:
            return
        if by_sound:
            self._sounding_nearly(sound, found)
        short = len(split_ending(query.text)[0]) <= SHORTEST
        for reading in readings_of(query.text) if query.han else ():
            for number in phrases.spelled_nearly(reading.core):
                text = phrases.texts[number]
                missing = len(text) - len(reading.core)
                # Of two characters one replaced leaves nothing to go by.
                if missing or not short or sorted(text) == sorted(reading.core):
                    score = NEAR + (missing > 0)
                    found.add_all(phrases, (number,), score, "similar", reading)
        for reading in misspelt_readings(query.text):
            found.add_all(phrases, phrases.spelled(reading.core), NEAR, "similar", reading)

    def _sounding_nearly(self, letters: str, found: Tally) -> None:
        for reading in readings_of(letters):
            if len(reading.core) > SHORTEST + 1:
                nearly = self._index.phrases.sounding_nearly(reading.core)
                found.add_all(self._index.phrases, nearly, NEAR_SOUND, "similar", reading)

    def _misheard(self, letters: str, found: Tally) -> None:
        """Letters that are no more than a mixture so far, taken for a whole name with one error.

        haerbing: half the country says n and ng alike, which is likelier than 哈尔滨 and an initial.
        """
        phrases = self._index.phrases
        for reading in readings_of(letters):
            for core in other_nasals(reading.core):
                found.add_all(phrases, phrases.sounding(core), OTHER_NASAL, "similar", reading)
        if found.best <= MIXED_BEGUN:
            self._sounding_nearly(letters, found.raised(MIXED_BEGUN - NEAR_SOUND + 1))

    def _shortened(self, query: Query, found: Tally) -> None:
        """Characters left out of a long name."""
        for reading in readings_of(query.text) if query.han else ():
            if len(reading.core) >= SHORTEST:
                numbers = self._index.phrases.shortened(reading.core)
                found.add_all(self._index.phrases, numbers, SHORTENED, "similar", reading)

    def _value(self, number: int, reading: Reading) -> int | None:
        """What is taken off when the words say this besides; None when the court cannot be meant."""
        entry, kind = self._index.entry(number), reading.kind
        if reading.province is not None and entry.province != reading.province:
            return None
        if kind is None or kind == entry.kind:
            return OF_TRIBUNAL if entry.kind == "tribunal" and kind is None else 0
        if kind == "court" and entry.kind != "tribunal":
            return OF_LAX
        if kind == entry.facts.level or (kind == "intermediate" and entry.kind == "branch"):
            return OF_LAX
        return None
