"""The officers' part of the search index: whose name a question may mean, alone or together with a court.

Officers are numbers here, their ids; who has left is not in it. What a court is called the court's part knows.
"""

import re
from array import array
from collections.abc import Callable, Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from directory.readings import fold, is_han, is_latin, sound_as_typed, sounds_of_person
from directory.search_phrases import Phrases
from directory.search_query import Query
from directory.search_scores import (
    BEGUN,
    EXACT,
    INITIALS,
    INITIALS_BEGUN,
    MIXED_FIT,
    NEAR,
    NEAR_SOUND,
    PART,
    SAME_SOUND,
    SHORTEST,
    SOUND,
    SOUND_BEGUN,
    Match,
    Matches,
)

#: People's names, written together with a court's, are so long.
_LENGTHS_OF_NAMES = (4, 3, 2)
#: What people put after a name.
_TITLES = re.compile(r"(?:法官助理|书记员|审判员|副?庭长|副?院长|法官|主任|同志|老师)$")
#: A replaced character in a shorter name leaves too little of it.
_SHORTEST_MISSPELT = 3

#: Which courts (their codes) a part of a question names.
CourtsNamed = Callable[[str], Collection[str]]


class PersonFacts(NamedTuple):
    """An officer as the index knows them. A plain tuple: there are very many, and no collector need look at them."""

    officer_id: int
    name: str
    court_code: str


class PeopleIndex:
    """Officers by their names."""

    def __init__(self) -> None:
        self._people: dict[int, PersonFacts] = {}
        self._phrases = Phrases()
        #: Two neighbouring characters → the names that have them; gone names are passed over.
        self._pairs: dict[str, array[int]] = {}

    def __len__(self) -> int:
        return len(self._people)

    def facts(self, officer_id: int) -> PersonFacts:
        """The officer with this id."""
        return self._people[officer_id]

    def put(self, facts: PersonFacts) -> None:
        """Add an officer, or renew what is known of them."""
        known = self._people.get(facts.officer_id)
        if known is not None and known.name == facts.name:
            self._people[facts.officer_id] = facts
            return
        self.drop(facts.officer_id)
        name = fold(facts.name)
        self._people[facts.officer_id] = facts
        if self._phrases.spelled(name):
            self._phrases.add(name, (), facts.officer_id)
            return
        number = len(self._phrases.texts)
        self._phrases.add(name, sounds_of_person(name), facts.officer_id)
        for pair in {one + other for one, other in pairwise(name)}:
            self._pairs.setdefault(pair, array("I")).append(number)

    def drop(self, officer_id: int) -> None:
        """Forget an officer; one who is not known is no matter."""
        facts = self._people.pop(officer_id, None)
        if facts is not None:
            self._phrases.remove(fold(facts.name), officer_id)

    def settling(self) -> Iterator[None]:
        """Make the index ready after people were added, in steps."""
        yield from self._phrases.settling()

    def search(self, query: Query, courts_named: CourtsNamed) -> Matches:
        """Everybody who may be meant, by id; the surest ways decide how far it looks."""
        found: Matches = {}
        if len(query.text) < SHORTEST or query.code == query.text:
            return found
        self._named(query.text, found)
        if not found:
            self._named(_TITLES.sub("", query.text), found)
        if not found:
            self._together(query, courts_named, found)
        if not found:
            self._nearly(query, found)
        return found

    def _named(self, text: str, found: Matches) -> None:
        """People whose name, or a part of it, is this."""
        self._exactly(text, found)
        phrases = self._phrases
        if is_han(text):
            self._add(phrases.spelled_from(text), BEGUN, "name", found)
            if not found:
                self._add(self._holding(text), PART, "part", found)
        elif is_latin(text):
            self._add(phrases.sounding_from(text), SOUND_BEGUN, "pinyin", found)
            self._add(phrases.abbreviated_from(text), INITIALS_BEGUN, "initials", found)
        if not is_han(text) and not (is_latin(text) and found):
            for number, fit in phrases.mixed(text).items():
                self._add((number,), MIXED_FIT[fit], "mixed", found)

    def _exactly(self, text: str, found: Matches) -> None:
        phrases = self._phrases
        if is_han(text):
            self._add(phrases.spelled(text), EXACT, "name", found)
        elif is_latin(text):
            self._add(phrases.sounding(text), SOUND, "pinyin", found)
            self._add(phrases.abbreviated(text), INITIALS, "initials", found)

    def _holding(self, text: str) -> Iterator[int]:
        pairs = [one + other for one, other in pairwise(text)]
        rarest = min((self._pairs.get(pair, ()) for pair in pairs), key=len, default=())
        return (number for number in rarest if text in self._phrases.texts[number])

    def _together(self, query: Query, courts_named: CourtsNamed, found: Matches) -> None:
        """A name and a court, in either order: 甘井子 张伟, 张伟 大连, 甘井子张伟."""
        for name, court in _splits(query):
            meant: Matches = {}
            self._named(name, meant)
            if not meant:
                continue
            codes = courts_named(court)
            for officer_id, match in meant.items():
                known = found.get(officer_id)
                if self._people[officer_id].court_code in codes and (
                    known is None or known.score < match.score
                ):
                    found[officer_id] = match

    def _nearly(self, query: Query, found: Matches) -> None:
        """Who sounds the same, then whose name is one typing error away."""
        phrases, text = self._phrases, query.text
        sound = sound_as_typed(text)
        if query.han:
            for said in dict.fromkeys((sound, *map(_joined, sounds_of_person(text)))):
                self._add(phrases.sounding(said), SAME_SOUND, "similar", found)
            if len(text) >= _SHORTEST_MISSPELT and not found:
                self._add(phrases.spelled_nearly(text), NEAR, "similar", found)
        elif is_latin(text) and len(text) > SHORTEST + 1:
            self._add(phrases.sounding_nearly(text), NEAR_SOUND, "similar", found)

    def _add(self, numbers: Collection[int] | Iterator[int], score: int, why: str,
             found: Matches) -> None:  # fmt: skip
        for number in numbers:
            for officer_id in self._phrases.owners[number]:
                known = found.get(officer_id)
                if known is None or known.score < score:
                    found[officer_id] = Match(score, why)


def _joined(sound: str) -> str:
    return sound.replace(" ", "")


def _splits(query: Query) -> Iterator[tuple[str, str]]:
    """(name, court) as the words may be taken apart."""
    words = query.words
    if len(words) > 1:
        for place, word in enumerate(words):
            if len(word) >= SHORTEST:
                yield word, "".join([*words[:place], *words[place + 1 :]])
        if len(words) > 2:
            # ouyang xiu dalian
            yield "".join(words[:-1]), words[-1]
            yield "".join(words[1:]), words[0]
        return
    if query.han:
        for length in _LENGTHS_OF_NAMES:
            if len(query.text) >= length + SHORTEST:
                yield query.text[-length:], query.text[:-length]
                yield query.text[:length], query.text[length:]
