"""What must not stand in a notice: identity numbers, bank cards, mobile numbers, found and masked. Pure.

A mobile number is let through where the directory has it as a desk phone; who knows that is `notices`.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from notifications.free_text import is_identity

Kind = Literal["identity", "card", "mobile"]

#: A group of digits, the last of which may be the X of an identity number.
_GROUP = re.compile(r"\d+(?:X(?![0-9A-Za-z]))?")

#: What people put between groups of digits, besides signs that nobody sees.
_SEPARATORS = frozenset(" \u00a0\u2002\u2003\u2009\u202f\u3000-－‐‑–—.．·_")

#: So many separators in a row still join two groups.
_MOST_SEPARATORS = 3

_IDENTITY = re.compile(r"\d{17}[\dX]")
_CARD = re.compile(r"\d{16,19}")
_MOBILE = re.compile(r"(?:00)?(?:86)?(1[3-9]\d{9})")

#: The digits of the longest number looked for, a card's or a mobile's with its prefix.
_LONGEST = 19

#: A group of a card that is typed in groups has at most so many digits: phone numbers have more.
_LONGEST_CARD_GROUP = 6


@dataclass(frozen=True, slots=True)
class Finding:
    """A number at `text[start:end]`; `digits` as it would be dialled, `masked` fit to be shown."""

    kind: Kind
    start: int
    end: int
    digits: str = field(repr=False)
    masked: str
    line: int


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    signs: str


def findings(text: str) -> list[Finding]:
    """Every number in `text` that may be a person's, first to last.

    Identity numbers by their check sign (GB 11643-1999), bank cards of 16 to 19 digits by Luhn's
    (ISO/IEC 7812), mobiles by their first digits, with or without +86; digits of any width and
    script, in one piece or in groups.
    """
    plain = "".join(_plain(sign) for sign in text)
    found: list[Finding] = []
    for run in _runs(plain):
        at = 0
        while at < len(run):
            hit = _hit(plain, run, at)
            if hit is None:
                at += 1
                continue
            kind, last, digits = hit
            start, end = run[at].start, run[last].end
            line = text.count("\n", 0, start) + 1
            found.append(Finding(kind, start, end, digits, _masked(kind, digits), line))
            at = last + 1
    return found


def refused(found: Sequence[Finding], desk_phones: Collection[str]) -> list[Finding]:
    """Those that may not be sent: all but mobiles among `desk_phones` (see `dialled`)."""
    return [one for one in found if one.kind != "mobile" or one.digits not in desk_phones]


def dialled(phone: str) -> str:
    """A stored phone number as a mobile would be dialled: its digits, without +86; any other number whole."""
    digits = "".join(sign for sign in map(_plain, phone) if sign.isdigit())
    match = _MOBILE.fullmatch(digits)
    return match[1] if match is not None else digits


def _plain(sign: str) -> str:
    """The sign as ASCII where it is a digit or an X, a blank where nobody sees it."""
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    if sign in "xXｘＸ":
        return "X"
    return " " if unicodedata.category(sign) == "Cf" else sign


def _runs(plain: str) -> Iterator[list[_Group]]:
    """Groups of digits that only separators stand between."""
    run: list[_Group] = []
    for match in _GROUP.finditer(plain):
        if run:
            between = plain[run[-1].end : match.start()]
            if len(between) > _MOST_SEPARATORS or not _SEPARATORS.issuperset(between):
                yield run
                run = []
        run.append(_Group(match.start(), match.end(), match[0]))
    if run:
        yield run


def _hit(plain: str, run: Sequence[_Group], first: int) -> tuple[Kind, int, str] | None:
    """The number that begins with this group: of which kind, its last group, its digits."""
    signs = ""
    windows: list[tuple[int, str]] = []
    for last in range(first, len(run)):
        signs += run[last].signs
        if len(signs) > _LONGEST:
            break
        windows.append((last, signs))
    for last, joined in windows:
        if (
            _IDENTITY.fullmatch(joined)
            and is_identity(joined)
            and _even(plain, run[first : last + 1])
        ):
            return "identity", last, joined
    for last, joined in windows:
        mobile = _MOBILE.fullmatch(joined.removesuffix("X"))
        if mobile is not None:
            return "mobile", last, mobile[1]
    for last, joined in reversed(windows):
        if _is_card(plain, run[first : last + 1], joined):
            return "card", last, joined
    return None


def _is_card(plain: str, groups: Sequence[_Group], joined: str) -> bool:
    if not _CARD.fullmatch(joined) or len(set(joined)) == 1 or not _luhn(joined):
        return False
    short = all(len(group.signs) <= _LONGEST_CARD_GROUP for group in groups)
    return len(groups) == 1 or (short and _even(plain, groups))


def _even(plain: str, groups: Sequence[_Group]) -> bool:
    """Whether the same stands between all groups: dates and times in a row are written otherwise."""
    pairs = pairwise(groups)
    return len({plain[one.end : other.start] for one, other in pairs}) <= 1


def _luhn(digits: str) -> bool:
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _masked(kind: Kind, digits: str) -> str:
    if kind == "mobile":
        return f"{digits[:3]}****{digits[-4:]}"
    return f"{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}"
