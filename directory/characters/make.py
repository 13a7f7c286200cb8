"""Makes the tables of this folder from pypinyin (MIT) and OpenCC (Apache-2.0): `python -m directory.characters.make`.

Both come with the tools for tests; a test compares the files with what they say today.
"""

import importlib
from collections import defaultdict

from directory.characters import READINGS_FILE, SIMPLIFIED_FILE


def readings_text() -> str:
    """A line for each syllable: the syllable, a space, every character that usually sounds so."""
    pypinyin = importlib.import_module("pypinyin")
    numbers = importlib.import_module("pypinyin.pinyin_dict").pinyin_dict
    said: defaultdict[str, list[str]] = defaultdict(list)
    for number in sorted(numbers):
        character = chr(number)
        (syllable,) = pypinyin.lazy_pinyin(character, errors="ignore") or ("",)
        # 略 is lüe: typed lue, or lve where ü is v.
        syllable = {"lve": "lue", "nve": "nue"}.get(syllable, syllable)
        if syllable.isascii() and syllable.isalpha():
            said[syllable].append(character)
    return "".join(f"{syllable} {''.join(said[syllable])}\n" for syllable in sorted(said))


def simplified_text() -> str:
    """Two lines of equal length: traditional characters, and the simplified one of each."""
    convert = importlib.import_module("opencc").OpenCC("t2s").convert
    numbers = importlib.import_module("pypinyin.pinyin_dict").pinyin_dict
    pairs = [(chr(number), convert(chr(number))) for number in sorted(numbers)]
    changed = [(one, other) for one, other in pairs if one != other and len(other) == 1]
    return "\n".join("".join(side) for side in zip(*changed, strict=True)) + "\n"


if __name__ == "__main__":
    READINGS_FILE.write_text(readings_text(), encoding="utf-8")
    SIMPLIFIED_FILE.write_text(simplified_text(), encoding="utf-8")
