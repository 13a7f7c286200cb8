"""A pool of phrases that are looked for by their characters, their pinyin or their initials. What they stand for is not known here.

Every phrase has owners, plain numbers. Exact look-ups are one dictionary each; what begins with something is a
range of a sorted list; what differs by one typing error shares its first or its last half.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory import readings

#: So many phrases that begin with something are looked at; more are cut off.
MOST_BEGINNINGS = 800

#: So many phrases that share one half are compared with the other.
_MOST_HALVES = 5000

#: What `str` sorts after everything that begins with a prefix.
_LAST = chr(0x10FFFF)


class Keys:
    """Sorted strings, each once; found by how they begin and, unless `exact`, by how nearly they are the same."""

    def __init__(self, *, exact: bool = False) -> None:
        self._exact = exact
        self._forward: list[str] = []
        self._backward: list[str] = []
        self._sorted = True

    def add(self, key: str) -> None:
        """Add a key that is not in it yet."""
        if self._sorted and self._forward:
            insort(self._forward, key)
            if not self._exact:
                insort(self._backward, key[::-1])
        else:
            self._sorted = False
            self._forward.append(key)

    def remove(self, key: str) -> None:
        """Take out a key that is in it."""
        self.settle()
        del self._forward[bisect_left(self._forward, key)]
        if not self._exact:
            del self._backward[bisect_left(self._backward, key[::-1])]

    def settle(self) -> None:
        """Sort what was added in bulk; cheap when nothing was."""
        if not self._sorted:
            self._forward.sort()
            if not self._exact:
                self._backward = sorted(key[::-1] for key in self._forward)
            self._sorted = True

    def beginning(self, start: str, most: int = MOST_BEGINNINGS) -> list[str]:
        """At most `most` keys that begin with `start`, in order."""
        return _range(self._forward, start, most)

    def near(self, key: str) -> list[str]:
        """The keys one insertion, omission, replacement or exchange of neighbours away; not `key` itself."""
        length = len(key)
        if length < 2:
            return []
        half = (length + 1) // 2
        # One error leaves the first half or the second as it is; only an exchange across the middle
        # does not, and that one is looked up.
        begun = _range(self._forward, key[:half], _MOST_HALVES)
        ended = _range(self._backward, key[half:][::-1], _MOST_HALVES)
        candidates = {other for other in begun if -2 < len(other) - length < 2}
        candidates.update(other[::-1] for other in ended if -2 < len(other) - length < 2)
        exchanged = key[: half - 1] + key[half] + key[half - 1] + key[half + 1 :]
        if _range(self._forward, exchanged, 1) == [exchanged]:
            candidates.add(exchanged)
        candidates.discard(key)
        found = process.extract(
            key, list(candidates), scorer=OSA.distance, score_cutoff=1, limit=None
        )
        return [other for other, _distance, _place in found]


def _range(keys: Sequence[str], start: str, most: int) -> list[str]:
    first = bisect_left(keys, start)
    last = bisect_left(keys, start + _LAST, first)
    return list(keys[first : min(last, first + most)])


class Phrases:
    """Phrases by number, and the ways to them. Numbers of phrases that have gone are not used again."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        #: Of each phrase its sounds, `gan jing zi`, the right one first.
        self.sounds: list[tuple[str, ...]] = []
        self.owners: list[tuple[int, ...]] = []
        self._by_text: dict[str, int] = {}
        self._by_sound: dict[str, tuple[int, ...]] = {}
        self._by_initials: dict[str, tuple[int, ...]] = {}
        self._text_keys, self._sound_keys, self._initial_keys = Keys(), Keys(), Keys(exact=True)

    def __len__(self) -> int:
        return len(self._by_text)

    def add(self, text: str, sounds: tuple[str, ...], owner: int) -> None:
        """Let `owner` be found by the phrase too; what is in it already keeps its sounds."""
        number = self._by_text.get(text)
        if number is not None:
            self.owners[number] = (*self.owners[number], owner)
            return
        number = len(self.texts)
        self._by_text[text] = number
        self.texts.append(text)
        self.sounds.append(sounds)
        self.owners.append((owner,))
        self._text_keys.add(text)
        for sound, initials in _keys(sounds):
            _put(self._by_sound, self._sound_keys, sound, number)
            _put(self._by_initials, self._initial_keys, initials, number)

    def remove(self, text: str, owner: int) -> None:
        """Take `owner` from the phrase; without owners the phrase is gone."""
        number = self._by_text[text]
        left = list(self.owners[number])
        left.remove(owner)
        self.owners[number] = tuple(left)
        if left:
            return
        del self._by_text[text]
        self._text_keys.remove(text)
        for sound, initials in _keys(self.sounds[number]):
            _take(self._by_sound, self._sound_keys, sound, number)
            _take(self._by_initials, self._initial_keys, initials, number)
        self.texts[number], self.sounds[number] = "", ()

    def settling(self) -> Iterator[None]:
        """Make the pool ready after phrases were added in bulk, in steps."""
        for keys in (self._text_keys, self._sound_keys, self._initial_keys):
            keys.settle()
            yield

    def spelled(self, text: str) -> Sequence[int]:
        """The phrase with just these characters."""
        number = self._by_text.get(text)
        return () if number is None else (number,)

    def sounding(self, letters: str) -> Sequence[int]:
        """Phrases with just this pinyin, written together."""
        return self._by_sound.get(letters, ())

    def abbreviated(self, letters: str) -> Sequence[int]:
        """Phrases with just these initials."""
        return self._by_initials.get(letters, ())

    def spelled_from(self, text: str) -> Iterator[int]:
        """Phrases that begin with these characters."""
        return (self._by_text[key] for key in self._text_keys.beginning(text))

    def sounding_from(self, letters: str) -> Iterator[int]:
        """Phrases whose pinyin begins so."""
        return _all(self._by_sound, self._sound_keys.beginning(letters))

    def abbreviated_from(self, letters: str) -> Iterator[int]:
        """Phrases whose initials begin so."""
        return _all(self._by_initials, self._initial_keys.beginning(letters))

    def spelled_nearly(self, text: str) -> Iterator[int]:
        """Phrases one typing error away in characters."""
        return (self._by_text[key] for key in self._text_keys.near(text))

    def sounding_nearly(self, letters: str) -> Iterator[int]:
        """Phrases one typing error away in pinyin."""
        return _all(self._by_sound, self._sound_keys.near(letters))

    def mixed(self, words: str) -> dict[int, int]:
        """Phrases that characters, syllables and initials in turn stand for, and how well (`WHOLE` …).

        甘jing子, dalian中y, ganjz: each character stands for itself, letters for the beginnings of syllables.
        """
        found: dict[int, int] = {}
        begun: dict[str, tuple[int, ...]] = {}
        for pieces in _ways_to_read(words):
            initials = "".join(map(_initial, pieces))
            if initials not in begun:
                begun[initials] = tuple(self.abbreviated_from(initials))
            for number in begun[initials]:
                fit = _stands_for(pieces, self.texts[number], self.sounds[number])
                if fit > found.get(number, 0):
                    found[number] = fit
        return found

    def shortened(self, text: str) -> Iterator[int]:
        """Phrases whose first, last and some other characters these are, in order: 东乌旗 of 东乌珠穆沁旗."""
        for key in self._text_keys.beginning(text[0], _MOST_HALVES):
            if len(key) > len(text) + 1 and key[-1] == text[-1]:
                rest = iter(key)
                if all(character in rest for character in text):
                    yield self._by_text[key]


def _keys(sounds: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(pinyin written together, initials) of each sound, each pair once."""
    return iter(
        dict.fromkeys(
            ("".join(syllables), "".join(said[0] for said in syllables))
            for syllables in (sound.split() for sound in sounds)
        )
    )


def _put(index: dict[str, tuple[int, ...]], keys: Keys, key: str, number: int) -> None:
    known = index.get(key)
    if known is None:
        index[key] = (number,)
        keys.add(key)
    elif number not in known[-1:]:
        index[key] = (*known, number)


def _take(index: dict[str, tuple[int, ...]], keys: Keys, key: str, number: int) -> None:
    left = tuple(other for other in index.get(key, ()) if other != number)
    if left:
        index[key] = left
    elif key in index:
        del index[key]
        keys.remove(key)


def _all(index: dict[str, tuple[int, ...]], keys: Iterable[str]) -> Iterator[int]:
    return (number for key in keys for number in index[key])


#: How well mixed pieces stand for a phrase: for its beginning, for all of it with syllables cut short, for all.
BEGINNING, CUT_SHORT, WHOLE = 1, 2, 3

#: So many ways to cut the letters of one run into syllables are tried.
_MOST_WAYS = 12


def _ways_to_read(words: str) -> list[tuple[str, ...]]:
    """The words as pieces: one character each, or a syllable or its beginning in letters."""
    ways: list[tuple[str, ...]] = [()]
    start = 0
    while start < len(words):
        end = start + 1
        if "a" <= words[start] <= "z":
            while end < len(words) and "a" <= words[end] <= "z":
                end += 1
            cuts = readings.segments(words[start:end], _MOST_WAYS)
        else:
            cuts = [(words[start],)]
        ways = [(*before, *cut) for before in ways for cut in cuts][:_MOST_WAYS]
        start = end
    return ways


def _initial(piece: str) -> str:
    return piece[0] if piece.isascii() else readings.sounds_of_place(piece)[0][0]


def _stands_for(pieces: tuple[str, ...], text: str, sounds: tuple[str, ...]) -> int:
    """How well the pieces stand for the phrase; 0 when they do not."""
    best, first = 0, pieces[0]
    for sound in sounds if len(pieces) <= len(text) else ():
        # Nearly all that are looked at begin otherwise: seen before anything is taken apart.
        if not sound.startswith(first) and text[0] != first:
            continue
        syllables = sound.split()
        if len(syllables) != len(text):
            continue
        together = list(zip(pieces, text, syllables, strict=False))
        if all(
            piece == character or (piece.isascii() and said.startswith(piece))
            for piece, character, said in together
        ):
            cut = any(
                piece not in {character, said, said[0], said[:2] if said[1:2] == "h" else said}
                for piece, character, said in together
            )
            fit = CUT_SHORT if cut else WHOLE
            best = max(best, fit if len(pieces) == len(text) else BEGINNING)
    return best
