"""What each way of finding something is worth, and what was found so far. Looks nothing up.

Scores say in which way a court or person was found, the surest highest; a little is taken off for names no longer
in use, looser short forms and other kinds of courts, so that what is equal really is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from directory.search_names import FORMER, LOOSE, NAME
from directory.search_phrases import BEGINNING, CUT_SHORT, WHOLE, Phrases
from directory.search_query import Reading

#: How a hit came about, and what it is worth.
CODE, EXACT, SOUND, INITIALS, MIXED = 200, 190, 180, 170, 165
CODE_BEGUN, BEGUN, SOUND_BEGUN, INITIALS_BEGUN, MIXED_BEGUN = 160, 150, 145, 140, 135
PART, OTHER_KIND, SHORTENED, SAME_SOUND, NEAR_SOUND, NEAR = 130, 120, 115, 110, 105, 100
#: Surer than any mixture, for it is a whole name.
OTHER_NASAL = MIXED + 1
MIXED_FIT = {WHOLE: MIXED, CUT_SHORT: MIXED - 1, BEGINNING: MIXED_BEGUN}

#: What is taken off.
OF_GRADE = {NAME: 0, LOOSE: 1, FORMER: 2}
OF_LAX, OF_TRIBUNAL = 6, 3

#: Fewer characters or letters would name half the country.
SHORTEST = 2

#: Owners are numbers of courts with two bits more for the grade, and one for whole spellings.
OWNER_BITS = 3


@dataclass(frozen=True, slots=True)
class Match:
    """How well a court fits, and by what."""

    score: int
    why: str
    former: bool = False


Matches = dict[int, Match]


#: Nothing is said of kind and province.
ANY = Reading("")


class Tally:
    """What was found so far; of each court the best."""

    def __init__(
        self,
        value: Callable[[int, Reading], int | None],
        matches: Matches | None = None,
        lower: int = 0,
    ) -> None:
        self.matches: Matches = {} if matches is None else matches
        self._value = value
        self._lower = lower

    @property
    def best(self) -> int:
        """The highest score so far."""
        return max((match.score for match in self.matches.values()), default=0)

    def raised(self, by: int) -> "Tally":
        """The same, for hits that count more."""
        return self.lowered(-by)

    def lowered(self, by: int) -> "Tally":
        """The same, for hits that count less."""
        return Tally(self._value, self.matches, by)

    def add(
        self, number: int, score: int, why: str, reading: Reading = ANY, *, former: bool = False
    ) -> None:
        """Note a court, unless kind or province rule it out or it was found by something surer."""
        score -= self._lower
        known = self.matches.get(number)
        if known is not None and known.score >= score:
            return
        off = self._value(number, reading)
        if off is not None and (known is None or known.score < score - off):
            self.matches[number] = Match(score - off, why, former)

    def add_all(
        self, phrases: Phrases, numbers: Iterable[int], score: int, why: str, reading: Reading
    ) -> None:
        """The owners of phrases; with a kind named, only of those that have no ending of their own."""
        for phrase in numbers:
            for owner in phrases.owners[phrase]:
                if owner & 1 and reading.kind is not None:
                    continue
                grade = owner >> 1 & 3
                former = grade == FORMER
                reason = "former" if former and why != "similar" else why
                number = owner >> OWNER_BITS
                self.add(number, score - OF_GRADE[grade], reason, reading, former=former)

    def add_all_of(self, numbers: Iterable[int], score: int, why: str) -> None:
        """Courts by number, whatever their phrases."""
        for number in numbers:
            self.add(number, score, why)
