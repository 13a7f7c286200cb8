"""The published questions in memory: what a new question resembles, what words are about. Asks no database.

Texts are taken apart into pairs of characters and Latin words; a pool of phrases (`directory.search_phrases`)
says which of those a typed piece means, by its characters, its sound or with one typing error. What is rare
among the entries counts more.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from heapq import nlargest

from directory import characters, readings
from directory.search_phrases import Phrases

#: A question that an entry resembles so much is offered the entry; so much, and it asks the same.
SIMILAR, SAME = 0.25, 0.72

#: So much of a typed text is looked at (characters).
_LONGEST = 300
#: So many entries that share the most are looked at closely.
_CLOSELY = 60
#: From so many entries on, pieces that more than one in `_COMMON` has are looked at last.
_MANY, _COMMON = 500, 12

#: What a piece counts that was found by its sound or with a typing error, or stands in the answer alone.
_SOUNDS, _NEARLY, _IN_ANSWER = 0.75, 0.7, 0.4
#: What a piece counts that no entry has: many are but the seam between two words.
_UNKNOWN = 0.4
#: How much less what is asked counts when the entry says it in more words.
_LOOSE = 0.15

#: Words that questions are made with, whatever they are about; the longer before what they begin with.
_EMPTY = re.compile(
    "需不需要|可不可以|怎么办|怎么样|为什么|是不是|能不能|有没有|请问|想问|请教|怎么|怎样|如何|什么|为何|是否|能否|可以|需要"
    "|应该|应当|我们|你们|他们|咱们|这个|那个|哪个|哪些|哪里|一下|问题|时候|之后|以后|没有|的话|各位|老师|大家"
    "|[我你您吗呢吧啊的了着在是有和与及要会能把被用]"
)
_ENGLISH_EMPTY = re.compile(
    "a|an|and|are|as|at|be|by|can|could|do|does|for|from|get|have|how|i|if|in|is|it|its|me|my|no|not|of|on|or|our"
    "|please|should|so|that|the|their|there|they|this|to|was|we|what|when|where|which|who|whom|why|will|with|would"
    "|you|your"
)
_BREAKS = re.compile(r"[\W_]+")
_RUNS = re.compile(r"[a-z0-9]+|[^a-z0-9]+")

#: The shortest Latin word in which a typing error is looked for.
_SHORTEST_NEAR = 5


@dataclass(frozen=True, slots=True)
class FaqFacts:
    """What is known of one entry: all the ways in which it is asked, and all in which it is answered."""

    id: int
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    province: str | None = None
    helpful: int = 0


@dataclass(frozen=True, slots=True)
class FaqHit:
    """An entry that may be meant. `score` says how much of what was typed it holds, `alike` how far both are the same."""

    id: int
    score: float
    alike: float


def pieces(text: str) -> list[str]:
    """What a text is about: pairs of neighbouring characters, Latin words and numbers, each once, in order."""
    found: dict[str, None] = {}
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    for word in _BREAKS.split(plain):
        for part in _EMPTY.split(readings.fold(word)):
            for run in _RUNS.findall(part):
                for piece in _of_run(run):
                    found[piece] = None
    return list(found)


def _of_run(run: str) -> Iterator[str]:
    if run.isascii():
        if len(run) > 1 and not _ENGLISH_EMPTY.fullmatch(run):
            # One form for one and for several: filings, filing.
            yield run[:-1] if len(run) > 3 and run.endswith("s") and not run.endswith("ss") else run
    elif len(run) == 1:
        yield run
    else:
        yield from (run[place : place + 2] for place in range(len(run) - 1))


@dataclass(frozen=True, slots=True)
class _Known:
    facts: FaqFacts
    #: The numbers of its pieces, by each way in which it is asked.
    asked: tuple[frozenset[int], ...]
    answered: frozenset[int]


class FaqIndex:
    """Every published entry. `put` and `drop` change it, `find` asks it."""

    def __init__(self) -> None:
        self._phrases = Phrases()
        self._numbers: dict[str, int] = {}
        self._asked: list[set[int]] = []
        self._answered: list[set[int]] = []
        self._entries: dict[int, _Known] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[int]:
        return iter(self._entries)

    def put(self, facts: FaqFacts) -> None:
        """Take an entry in, or what became of it."""
        self.drop(facts.id)
        asked = tuple(
            frozenset(self._number(piece) for piece in pieces(text)) for text in facts.questions
        )
        answered = frozenset(
            self._number(piece) for text in facts.answers for piece in pieces(text)
        )
        self._entries[facts.id] = _Known(facts, asked, answered)
        for number in frozenset().union(*asked):
            self._asked[number].add(facts.id)
        for number in answered:
            self._answered[number].add(facts.id)

    def drop(self, entry_id: int) -> None:
        """Let an entry go; nothing when there is none."""
        known = self._entries.pop(entry_id, None)
        if known is None:
            return
        for number in frozenset().union(*known.asked):
            self._asked[number].discard(entry_id)
        for number in known.answered:
            self._answered[number].discard(entry_id)

    def settle(self) -> None:
        """Make the index ready after entries were put in."""
        for _step in self._phrases.settling():
            pass

    def _number(self, piece: str) -> int:
        number = self._numbers.get(piece)
        if number is None:
            number = self._numbers[piece] = len(self._asked)
            sounds = () if piece.isascii() else readings.sounds_of_place(piece)
            self._phrases.add(piece, sounds, number)
            self._asked.append(set())
            self._answered.append(set())
        return number

    def find(
        self, words: str, *, province: str | None = None, limit: int = 3, at_least: float = SIMILAR
    ) -> list[FaqHit]:
        """The entries that `words` may be about, best first; among equals the asker's province, then what helped most.

        Args:
            words: a question as somebody typed it, or a few words.
            province: the asker's.
            limit: how many.
            at_least: the lowest score.
        """
        typed = [(piece, self._meant(piece)) for piece in pieces(words)]
        weights = [self._weight(meant) for _piece, meant in typed]
        whole = sum(weights)
        if not whole:
            return []
        hits = [
            self._hit(entry_id, typed, weights, whole) for entry_id in self._sharing(typed, weights)
        ]

        def rank(hit: FaqHit) -> tuple[float, bool, int, int]:
            facts = self._entries[hit.id].facts
            return (round(hit.score, 2), facts.province == province, facts.helpful, -hit.id)

        return nlargest(limit, (hit for hit in hits if hit.score >= at_least), key=rank)

    def _meant(self, piece: str) -> dict[int, float]:
        """The known pieces that a typed one may be, by number, and how surely."""
        found = {self._phrases.owners[n][0]: 1.0 for n in self._phrases.spelled(piece)}
        if found and any(self._asked[number] or self._answered[number] for number in found):
            return found
        near: Iterable[int]
        if not piece.isascii():
            near, sure = self._phrases.sounding(readings.sound_as_typed(piece)), _SOUNDS
        elif pairs := _as_pinyin(piece):
            near, sure = (n for pair in pairs for n in self._phrases.sounding(pair)), _SOUNDS
        elif len(piece) >= _SHORTEST_NEAR:
            near, sure = self._phrases.spelled_nearly(piece), _NEARLY
        else:
            return {}
        return {self._phrases.owners[n][0]: sure for n in near}

    def _weight(self, meant: Iterable[int]) -> float:
        """How much a typed piece counts: the more, the fewer entries have it."""
        having = sum(len(self._asked[n]) or len(self._answered[n]) for n in meant)
        weight = math.log(1 + (len(self._entries) + 1) / (having + 1))
        return weight if having else weight * _UNKNOWN

    def _sharing(
        self, typed: list[tuple[str, dict[int, float]]], weights: list[float]
    ) -> list[int]:
        """Those entries that share most with what was typed, roughly; the rarest pieces first."""
        shares: dict[int, float] = {}
        rare = len(self._entries) // _COMMON if len(self._entries) > _MANY else len(self._entries)
        by_weight = sorted(zip(typed, weights, strict=True), key=lambda pair: -pair[1])
        for (_piece, meant), weight in by_weight:
            for number, sure in meant.items():
                # What a twelfth of all entries has tells them apart only where nothing else does.
                if len(self._asked[number]) > rare and len(shares) >= _CLOSELY:
                    continue
                for entry_id in self._asked[number]:
                    shares[entry_id] = shares.get(entry_id, 0.0) + weight * sure
                if len(self._answered[number]) <= rare:
                    for entry_id in self._answered[number]:
                        shares[entry_id] = shares.get(entry_id, 0.0) + weight * sure * _IN_ANSWER
        return nlargest(_CLOSELY, shares, key=shares.__getitem__)

    def _hit(
        self,
        entry_id: int,
        typed: list[tuple[str, dict[int, float]]],
        weights: list[float],
        whole: float,
    ) -> FaqHit:
        """The best of the ways in which the entry is asked."""
        known = self._entries[entry_id]
        best = alike = 0.0
        for asked in known.asked or (frozenset(),):
            shared = same = 0.0
            for (_piece, meant), weight in zip(typed, weights, strict=True):
                sure = max((meant[n] for n in meant if n in asked), default=0.0)
                same += weight * sure
                if not sure:
                    sure = max((meant[n] for n in meant if n in known.answered), default=0.0)
                    sure *= _IN_ANSWER
                shared += weight * sure
            its_own = sum(self._weight((n,)) for n in asked)
            score = shared / (whole + _LOOSE * max(its_own - shared, 0.0)) if shared else 0.0
            best = max(best, score)
            alike = max(alike, same / max(whole, its_own, 1e-9))
        return FaqHit(entry_id, best, alike)


@cache
def _syllables() -> frozenset[str]:
    return frozenset(characters.syllables())


def _as_pinyin(letters: str) -> list[str]:
    """Neighbouring syllables in pairs where letters are pinyin throughout: zenmeqianshou; else nothing."""
    if len(letters) < 4:
        return []
    for cut in readings.segments(letters, 3):
        if len(cut) > 1 and all(said in _syllables() for said in cut):
            return ["".join(cut[place : place + 2]) for place in range(len(cut) - 1)]
    return []
