"""How names are compared and how they sound: folding of writing, pinyin of places and people, pinyin as it is typed.

Sounds are syllables with a space between them, without tones, ü as v: `gan jing zi`. The characters' own
tables are in `directory.characters`; no court and no person is known here.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from directory import characters

#: Between words that are typed together.
_BREAKS = re.compile(r"[\s,，、。;；:：/|\\]+")
#: Latin letters with marks on them.
_MARKED = re.compile("[\u00c0-\u024f]")
#: n or ng after a vowel that both follow, before no vowel of the same syllable.
_NASALS = re.compile(r"(?<=[aei])ng?(?![aeiouv])")
#: So many ways to read one name are kept.
_MOST_SOUNDS = 6


def fold(text: str) -> str:
    """The text as names are compared: one width, one case, simplified, letters and digits alone.

    Each character that is kept stays one character.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    if _MARKED.search(plain):
        # lǚ → lv, gān → gan: the two dots make another vowel, the tone says nothing.
        marked = unicodedata.normalize("NFD", plain).replace("u\u0308", "v")
        plain = "".join(sign for sign in marked if not unicodedata.combining(sign))
    if "ve" in plain:
        plain = plain.replace("lve", "lue").replace("nve", "nue")
    return "".join(filter(str.isalnum, plain.translate(characters.simplified())))


def words_of(text: str) -> tuple[str, ...]:
    """The text's words, each folded; what holds nothing to compare is no word."""
    folded = (fold(word) for word in _BREAKS.split(text))
    return tuple(word for word in folded if word)


def is_latin(text: str) -> bool:
    """Whether a folded text is made of Latin letters alone."""
    return text.isascii() and text.isalpha()


def is_han(text: str) -> bool:
    """Whether a folded text has no Latin letter."""
    return not any("a" <= letter <= "z" for letter in text)


@lru_cache(maxsize=4096)
def sounds_of_place(name: str) -> tuple[str, ...]:
    """How a folded name of a place sounds, the right way first, then as its characters usually are read."""
    usual = _usual(name)
    right = list(usual)
    for place in _places().finditer(name):
        right[place.start() : place.end()] = characters.places()[place[0]].split()
    if right == usual:
        return (" ".join(usual),)
    return (" ".join(right), " ".join(usual))


def sounds_of_person(name: str) -> tuple[str, ...]:
    """How a folded name sounds: the surname as a surname first, then the other readings people type."""
    usual = _usual(name)
    length = _length_of_surname(name)
    found = [usual]
    surname = characters.surnames().get(name[:length])
    if surname is not None:
        found = [[*surname.split(), *usual[length:]], usual]
    others = characters.given_names()
    for place in range(length, len(name)):
        other = others.get(name[place])
        if other is not None:
            found += [[*said[:place], other, *said[place + 1 :]] for said in found[:2]]
    if len(found) == 1:
        return (" ".join(usual),)
    return tuple(dict.fromkeys(" ".join(said) for said in found[:_MOST_SOUNDS]))


def _usual(name: str) -> list[str]:
    """A syllable for each character; what has none stands for itself."""
    table = characters.readings()
    said = name.translate(table).split()
    if len(said) != len(name):
        said = [table.get(ord(character), character).rstrip() for character in name]
    return said


@cache
def _places() -> re.Pattern[str]:
    names = sorted(characters.places(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)))


def _length_of_surname(name: str) -> int:
    return 2 if len(name) > 2 and name[:2] in characters.surnames() else 1


def sound_as_typed(text: str) -> str:
    """The joined pinyin of a folded text, Latin letters as they are: what homophones have in common."""
    return "".join(sounds_of_place(text)[0].split())


def other_nasals(letters: str) -> Iterator[str]:
    """The letters with one n in place of ng, or one ng in place of n, at the end of a syllable."""
    for nasal in _NASALS.finditer(letters):
        instead = "n" if nasal[0] == "ng" else "ng"
        yield letters[: nasal.start()] + instead + letters[nasal.end() :]


@cache
def _beginnings() -> frozenset[str]:
    """All that a syllable can be cut to: g, ga, gan."""
    return frozenset(
        said[:length] for said in characters.syllables() for length in range(1, len(said) + 1)
    )


def segments(letters: str, most: int) -> list[tuple[str, ...]]:
    """Ways to read letters as syllables, some cut to their initial: ganjz → gan j z.

    Those with the fewest pieces first, at most `most`; only the last piece may be cut elsewhere.
    """
    found: list[tuple[str, ...]] = []
    for pieces in _cuts(letters, ()):
        found.append(pieces)
        if len(found) == 4 * most:
            break
    return sorted(found, key=len)[:most]


def _cuts(letters: str, before: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not letters:
        yield before
        return
    whole, begun = characters.syllables(), _beginnings()
    for length in range(min(6, len(letters)), 0, -1):
        piece = letters[:length]
        ends = length == len(letters)
        cut = length == 1 or (length == 2 and piece[1] == "h")
        if piece in whole or ((cut or ends) and piece in begun):
            yield from _cuts(letters[length:], (*before, piece))
