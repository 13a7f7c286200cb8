"""Free text that people wrote, made fit to be shown in a chat: masked first, then cut."""

import re
import unicodedata

#: Free text (a note, a reason) is cut to this many characters on a card.
FREE_TEXT = 200

#: Eighteen digits, the last may be X, possibly spaced or joined by hyphens, in any script.
_IDENTITY = re.compile(r"(?<!\d)(?:\d[ \-－　]?){17}[\dXxＸｘ](?!\d)")
_MOBILE = re.compile(
    r"(?<!\d)(?:[+＋]?86[ \-－　]?|[+＋]８６[ \-－　]?)?[1１](?:[ \-－　]?\d){10}(?!\d)"
)

#: GB 11643-1999: the weights of the first 17 digits and the check sign for each remainder by 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def fit_to_show(text: str, limit: int = FREE_TEXT) -> str:
    """Free text as a card may show it: no identity or mobile number, one line, at most `limit` characters.

    Numbers are masked before the text is cut, so that a cut never hides a number from the mask.
    """
    masked = _MOBILE.sub(_mask_mobile, _IDENTITY.sub(_mask_identity, text))
    line = " ".join(masked.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def is_identity(signs: str) -> bool:
    """Whether 17 ASCII digits and a digit or `X` are an identity number by their check sign."""
    total = sum(weight * int(sign) for weight, sign in zip(_WEIGHTS, signs[:-1], strict=True))
    return _CHECKS[total % 11] == signs[-1]


def _mask_identity(match: re.Match[str]) -> str:
    signs = [sign for sign in unicodedata.normalize("NFKC", match[0]).upper() if sign.isalnum()]
    if not is_identity("".join(signs)):
        return match[0]
    return "".join(signs[:3]) + "*" * 13 + "".join(signs[-2:])


def _mask_mobile(match: re.Match[str]) -> str:
    digits = [sign for sign in unicodedata.normalize("NFKC", match[0]) if sign.isdigit()][-11:]
    # No mobile number begins with 10, 11 or 12; those are other numbers of eleven digits.
    if digits[1] in "012":
        return match[0]
    return "".join(digits[:3]) + "****" + "".join(digits[-4:])
