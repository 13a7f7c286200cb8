"""What somebody typed, taken apart before anything is looked up: codes, case numbers, words, the kind of court meant."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from directory.court_codes import PROVINCES, normalise
from directory.readings import fold, is_han, sound_as_typed, sounds_of_place, words_of
from directory.search_names import ENDINGS, short_province, split_ending

_SIGNS = "".join(PROVINCES)
#: What a case number has after its court: the first characters of the kinds of cases.
_CASE = re.compile(
    rf"(?:19|20)\d\d年?[^0-9a-z\u4e00-\u9fff]*(最高法|[{_SIGNS}]\d{{0,4}})"
    r"(?:民|刑|行|执|赔|法赔|委赔|司|知|破|清|强清|认|商|财|诉|调|协|外|监|减|假|特|督|催|保|申|辖|破申)"
)
_CODE = re.compile(rf"[{_SIGNS}](?:\d{{6}}|\d{{4}}|\d{{2}})(?!\d)")
_BEGUN = re.compile(rf"[{_SIGNS}]\d{{0,5}}")
#: Letters that were meant for digits: 辽O211.
_MISTYPED = re.compile(rf"[{_SIGNS}](?=[oil]*[\do])[\doil]{{2,6}}")
_MISTYPED_DIGITS = str.maketrans("oil", "011")
_OWN_PROVINCE = frozenset({"省", "本省", "我省", "自治区", "本自治区"})
_DIGITS = re.compile(r"\d{2,6}")
_SAID = re.compile(r"([^\d]+?)(\d{1,6})")

#: Longer words are nobody's name; what is typed beyond is not looked at.
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to see a court's name in words: what remains of them, and what they say besides."""

    core: str
    #: The kind of court that they end with; None when they name none.
    kind: str | None = None
    #: The province that they begin with, folded.
    province: str | None = None
    #: Whether the ending is typed only in part.
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """One question. Texts are folded; `words` in the order they were typed."""

    text: str
    words: tuple[str, ...]
    #: The code in a case number.
    case_code: str | None
    #: A whole code among the words, and what else they say.
    code: str | None
    besides: str
    #: Beginnings of codes that the words may be, and of codes' digits alone.
    code_starts: tuple[str, ...]
    digits: str | None
    #: The kind of court when the asker's own province's is meant: 省高院.
    own_province: str | None

    @property
    def han(self) -> bool:
        """Whether no Latin letter was typed."""
        return is_han(self.text)


def read(typed: str) -> Query:
    """Take apart what was typed."""
    typed = typed[:LONGEST]
    plain = normalise(typed)
    case = _CASE.search(plain)
    code = _CODE.search(plain)
    besides = fold(plain[: code.start()] + plain[code.end() :]) if code else ""
    text = fold(typed)
    if _MISTYPED.fullmatch(text):
        text = text[0] + text[1:].translate(_MISTYPED_DIGITS)
    core, kind = split_ending(text)
    return Query(
        text=text,
        words=words_of(typed),
        case_code=case[1] if case else None,
        code=code[0] if code else None,
        besides=besides,
        code_starts=tuple(_code_starts(text)),
        digits=text if _DIGITS.fullmatch(text) else None,
        own_province=kind if core in _OWN_PROVINCE else None,
    )


@lru_cache(maxsize=256)
def readings_of(text: str) -> tuple[Reading, ...]:
    """The folded text as it stands, without an ending that names a kind of court, and without its province."""
    found = [Reading(text)]
    core, kind = split_ending(text)
    if kind is not None:
        found.append(Reading(core, kind))
    elif text.endswith("院") and len(text) > 2:
        found.append(Reading(text[:-1], "court"))
    elif not is_han(text[-1:]):
        found += (
            Reading(text.removesuffix(ending), kind)
            for ending, kind in _latin_endings()
            if text.endswith(ending) and text != ending
        )
    for reading in tuple(found):
        for called, province in _provinces_before():
            if reading.core.startswith(called):
                rest = reading.core.removeprefix(called)
                found.append(Reading(rest, reading.kind, province))
    return tuple(dict.fromkeys(found))


def begun_readings(text: str) -> Iterator[Reading]:
    """The text without an ending that is typed only in part: 大连中, 甘井子区人民, dalianzhongy."""
    for length in range(1, min(_LONGEST_ENDING, len(text) - 1) + 1):
        for kind in _begun_endings().get(text[-length:], ()):
            core = text[:-length]
            yield Reading(core, kind, begun=True)
            for called, province in _provinces_before():
                if core.startswith(called):
                    yield Reading(core.removeprefix(called), kind, province, begun=True)


def misspelt_readings(text: str) -> Iterator[Reading]:
    """The text without an ending that has one typing error: 甘井子法完."""
    for ending, kind in ENDINGS:
        for length in range(len(ending) - 1, len(ending) + 2):
            tail = text[-length:]
            if length > 1 and len(text) > length + 1 and OSA.distance(tail, ending) == 1:
                yield Reading(text[:-length], kind)


_LONGEST_ENDING = len("zhongjirenminfayuan")


@cache
def _latin_endings() -> tuple[tuple[str, str], ...]:
    """The kinds of courts in pinyin and in initials: zhongyuan, zy."""
    found: dict[tuple[str, str], None] = {}
    for ending, kind in ENDINGS:
        syllables = sounds_of_place(ending)[0].split()
        found["".join(syllables), kind] = None
        found["".join(said[0] for said in syllables), kind] = None
    return tuple(found)


@cache
def _begun_endings() -> Mapping[str, tuple[str, ...]]:
    """The beginnings of endings, in characters and in pinyin → the kinds that they may become."""
    found: dict[str, tuple[str, ...]] = {}
    for ending, kind in ENDINGS:
        for whole in (ending, "".join(sounds_of_place(ending)[0].split())):
            for length in range(1, len(whole)):
                known = found.get(whole[:length], ())
                found[whole[:length]] = tuple(dict.fromkeys((*known, kind)))
    return found


@cache
def _provinces_before() -> tuple[tuple[str, str], ...]:
    """(what is written before a name, province): in full, in short, in pinyin, the longest first."""
    found: dict[str, str] = {}
    for province in PROVINCES.values():
        for written in (province, short_province(province)):
            found[written] = found[sound_as_typed(written)] = province
    return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _code_starts(text: str) -> Iterator[str]:
    """辽02, liao02, l02, 辽宁02: beginnings of codes."""
    if _BEGUN.fullmatch(text):
        yield text
    said = _SAID.fullmatch(text)
    if said:
        for sign in _provinces_called().get(said[1], ""):
            if sign + said[2] != text:
                yield sign + said[2]


@cache
def _provinces_called() -> Mapping[str, str]:
    """What is typed for a province's character → the characters that it may be."""
    found: dict[str, str] = {}
    for sign, province in PROVINCES.items():
        short = short_province(province)
        initials = "".join(said[0] for said in sounds_of_place(short)[0].split())
        for called in {
            sign,
            province,
            short,
            sound_as_typed(sign),
            sound_as_typed(sign)[0],
            sound_as_typed(short),
            sound_as_typed(province),
            initials,
        }:
            found[called] = found.get(called, "") + sign
    return found
