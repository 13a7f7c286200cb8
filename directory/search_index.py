"""The search index as a whole: courts and officers in memory, one question in, ranked hits out.

Exact before begun before similar; among equals the asker's own province first. Holds copies of rows, asks no
database and no clock; `directory.search` fills it and keeps it fresh.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import combinations

from rapidfuzz.distance import OSA

from directory.aliases import Alias
from directory.court_codes import LEVELS, normalise
from directory.readings import fold
from directory.search_asking import CourtSearch
from directory.search_courts import CourtFacts, CourtIndex, former_name
from directory.search_people import PeopleIndex
from directory.search_query import Query, read
from directory.search_scores import PART, Match, Matches

#: What was found by less than this resembles the words only: nobody acts on it unasked.
SURE = PART
#: Hits that are no further apart were found in the same way.
_SAME_WAY = 10


@dataclass(frozen=True, slots=True)
class CourtHit:
    """One court that may be meant."""

    code: str
    name: str
    province: str
    city: str | None
    level: str
    score: int
    #: code, case, former_code, name, former, pinyin, initials, mixed, kind, part or similar.
    why: str
    #: Whether another hit looks so much like it that the code should be shown.
    show_code: bool = False
    #: The former name or code that was asked for, with its dates.
    former: Alias | None = None


@dataclass(frozen=True, slots=True)
class PersonHit:
    """One officer who may be meant."""

    officer_id: int
    name: str
    court_code: str
    court_name: str
    province: str
    city: str | None
    score: int
    #: name, pinyin, initials, mixed, part or similar.
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found, best first."""

    courts: tuple[CourtHit, ...] = ()
    people: tuple[PersonHit, ...] = ()
    #: Whether the first place is shared.
    ambiguous: bool = False
    #: How many there are of each; more than are listed.
    courts_in_all: int = 0
    people_in_all: int = 0

    @property
    def certain(self) -> CourtHit | None:
        """The one court that is meant; None when it must be chosen, or merely resembles the words."""
        if self.ambiguous or not self.courts:
            return None
        first = self.courts[0]
        doubtful = first.score < SURE or first.why in {"initials", "mixed", "similar", "kind"}
        return None if doubtful else first

    @property
    def best(self) -> tuple[CourtHit, ...]:
        """The courts found in as sure a way as the first, those included that fit a little less."""
        first = self.courts[0].score if self.courts else 0
        return tuple(hit for hit in self.courts if hit.score > first - _SAME_WAY)


class DirectoryIndex:
    """Everything that can be found. `courts` and `people` are put in and dropped; `settle` ends filling it in bulk."""

    def __init__(self) -> None:
        self.courts = CourtIndex()
        self.people = PeopleIndex()
        self._asking = CourtSearch(self.courts)

    def settle(self) -> None:
        """Make the index ready after courts and people were added."""
        for _step in self.settling():
            pass

    def settling(self) -> Iterator[None]:
        """The same in steps of a few hundredths of a second."""
        yield from self.courts.settling()
        yield from self.people.settling()

    def find(
        self,
        words: str,
        *,
        province: str | None = None,
        courts: bool = True,
        people: bool = False,
        limit: int = 20,
        of_province: str | None = None,
        of_level: str | None = None,
    ) -> Found:
        """What `words` may mean, best first, at most `limit` of each.

        Args:
            words: as somebody typed them.
            province: the asker's; it comes first among equals.
            courts: whether courts are wanted.
            people: whether officers are.
            limit: how many of each.
            of_province: only courts and officers of this province.
            of_level: only courts of this level.
        """
        query = read(words)
        found_courts = self._asking.search(query, province) if courts else {}
        found_people = self.people.search(query, self._codes_named) if people else {}
        found_courts, found_people = _without_noise(found_courts, found_people)
        wanted = fold(of_province or "")
        numbers = [
            number for number in found_courts if _fits(self.courts.facts(number), wanted, of_level)
        ]
        ids = [
            officer_id
            for officer_id in found_people
            if not wanted or fold(self._court_of(officer_id).province) == wanted
        ]
        court_hits = self._ranked_courts(numbers, found_courts, query, province, limit)
        person_hits = self._ranked_people(ids, found_people, province, limit)
        return Found(
            courts=court_hits,
            people=person_hits,
            ambiguous=_shared(
                [found_courts[number].score for number in numbers]
                + [found_people[officer_id].score for officer_id in ids]
            ),
            courts_in_all=len(numbers),
            people_in_all=len(ids),
        )

    def _codes_named(self, text: str) -> Collection[str]:
        return {self.courts.facts(number).code for number in self._asking.near_enough(text)}

    def _court_of(self, officer_id: int) -> CourtFacts:
        code = self.people.facts(officer_id).court_code
        number = self.courts.number(code)
        return (
            CourtFacts(code, code, "", "", None, None)
            if number is None
            else self.courts.facts(number)
        )

    def _ranked_courts(
        self,
        numbers: Iterable[int],
        matches: Matches,
        query: Query,
        province: str | None,
        limit: int,
    ) -> tuple[CourtHit, ...]:
        def rank(number: int) -> tuple[int, bool, int, bool, int, str]:
            facts = self.courts.facts(number)
            level = LEVELS.index(facts.level) if facts.level in LEVELS else len(LEVELS)
            away = province is not None and facts.province != province
            # Towns are asked for more often than the counties around them.
            rural = facts.name.endswith(("县人民法院", "旗人民法院"))
            return -matches[number].score, away, level, rural, len(facts.name), facts.code

        best = nsmallest(limit, numbers, key=rank)
        hits = [self._court_hit(number, matches[number], query) for number in best]
        return tuple(_with_codes(hits))

    def _court_hit(self, number: int, match: Match, query: Query) -> CourtHit:
        facts = self.courts.facts(number)
        asked = query.case_code or query.code or query.text
        return CourtHit(
            code=facts.code,
            name=facts.name,
            province=facts.province,
            city=facts.city,
            level=facts.level,
            score=match.score,
            why=match.why,
            former=former_name(facts, asked) if match.former else None,
        )

    def _ranked_people(
        self, ids: Iterable[int], matches: Matches, province: str | None, limit: int
    ) -> tuple[PersonHit, ...]:
        def rank(officer_id: int) -> tuple[int, bool, int, str, int]:
            facts = self.people.facts(officer_id)
            away = province is not None and self._court_of(officer_id).province != province
            return (-matches[officer_id].score, away, len(facts.name), facts.court_code, officer_id)

        return tuple(
            self._person_hit(officer_id, matches[officer_id])
            for officer_id in nsmallest(limit, ids, key=rank)
        )

    def _person_hit(self, officer_id: int, match: Match) -> PersonHit:
        facts, court = self.people.facts(officer_id), self._court_of(officer_id)
        return PersonHit(
            officer_id=officer_id,
            name=facts.name,
            court_code=facts.court_code,
            court_name=court.name,
            province=court.province,
            city=court.city,
            score=match.score,
            why=match.why,
        )


def _without_noise(courts: Matches, people: Matches) -> tuple[Matches, Matches]:
    """What merely resembles the words is no answer beside what they name."""
    best_court = max((match.score for match in courts.values()), default=0)
    best_person = max((match.score for match in people.values()), default=0)
    if best_court < SURE and best_person >= SURE:
        return {}, people
    if best_person < SURE and best_court >= SURE:
        return courts, {}
    return courts, people


def _fits(facts: CourtFacts, province: str, level: str | None) -> bool:
    return (not province or fold(facts.province) == province) and (
        not level or facts.level == level
    )


def _shared(scores: Sequence[int]) -> bool:
    return bool(scores) and scores.count(max(scores)) > 1


def _with_codes(hits: list[CourtHit]) -> list[CourtHit]:
    """The hits; those whose names are the same or differ in one character show their codes."""
    names = [normalise(hit.name) for hit in hits]
    alike: set[int] = set()
    for one, other in combinations(range(len(hits)), 2):
        if OSA.distance(names[one], names[other], score_cutoff=1) <= 1:
            alike |= {one, other}
    return [
        replace(hit, show_code=True) if place in alike else hit for place, hit in enumerate(hits)
    ]
