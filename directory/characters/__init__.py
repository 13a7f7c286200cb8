"""What Chinese characters sound like, alone and in names, and their simplified forms: tables that ship with the product.

`readings.txt` and `simplified.txt` are made by `directory.characters.make` from pypinyin's and OpenCC's data;
the others are kept by hand, a name and its syllables in each line. `directory.readings` applies them.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FOLDER = Path(__file__).parent

READINGS_FILE, SIMPLIFIED_FILE = _FOLDER / "readings.txt", _FOLDER / "simplified.txt"


@cache
def readings() -> dict[int, str]:
    """Character → its usual syllable and a space, for `str.translate`; without tone, ü written v: 吕 → `lv `."""
    found: dict[int, str] = {}
    for line in READINGS_FILE.read_text(encoding="utf-8").splitlines():
        syllable, _, characters = line.partition(" ")
        found.update(dict.fromkeys(map(ord, characters), f"{syllable} "))
    return found


@cache
def syllables() -> frozenset[str]:
    """Every syllable that some character has."""
    return frozenset(said.rstrip() for said in readings().values())


@cache
def simplified() -> dict[int, int]:
    """Traditional character → its simplified one, for `str.translate`. Read once; not to be changed."""
    traditional, _, plain = SIMPLIFIED_FILE.read_text(encoding="utf-8").strip().partition("\n")
    return str.maketrans(traditional, plain)


@cache
def places() -> Mapping[str, str]:
    """Places and parts of their names that are read otherwise there: 六安 → `lu an`, 长 → `chang`."""
    return _pairs("places.txt")


@cache
def surnames() -> Mapping[str, str]:
    """Surnames that are read otherwise than their characters, and all of two characters: 曾 → `zeng`."""
    return _pairs("surnames.txt")


@cache
def given_names() -> Mapping[str, str]:
    """Characters of given names that people read in a second way: 乐 → `yue`."""
    return _pairs("given_names.txt")


def _pairs(file: str) -> Mapping[str, str]:
    lines = (_FOLDER / file).read_text(encoding="utf-8").splitlines()
    return MappingProxyType(
        {name: said for name, _, said in (line.partition(" ") for line in lines)}
    )
