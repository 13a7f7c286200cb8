"""The kinds of values that bodies and parameters carry: one type each for checking and for OpenAPI.

A value that is not of its kind raises `PydanticCustomError` with a type of `bot.web.validation.MESSAGES`
or one of pydantic's own.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from directory.court_codes import normalise
from notifications.filings import is_reference

#: RFC 3339, seconds optional as in ISO 8601; the offset is not.
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)

#: 2000 to 2099 in every time zone.
_EARLIEST = datetime(1999, 12, 31, tzinfo=UTC)
_LATEST = datetime(2100, 1, 2, tzinfo=UTC)

#: The most items on one page of a list.
MOST_LISTED = 200

#: So many characters of free text (a note, a reason) are kept.
LONGEST_TEXT = 1000


def parse_instant(value: Any) -> datetime:
    """The UTC instant that a text with an offset names."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "a string")
    if not _INSTANT.fullmatch(value):
        raise PydanticCustomError("instant", "ISO 8601 with an offset")
    try:
        # More than six decimals are cut: nobody's watch is better than a microsecond.
        plain = re.sub(r"(\.\d{6})\d+", r"\1", value.upper())
        return datetime.fromisoformat(plain).astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("instant", "ISO 8601 with an offset") from None


def _plus(value: Any) -> Any:
    """Mend an offset whose plus sign was left unencoded in an address and so became a blank."""
    if isinstance(value, str) and value[-6:-5] == " ":
        return f"{value[:-6]}+{value[-5:]}"
    return value


def _of_this_century(value: datetime) -> datetime:
    if not _EARLIEST <= value < _LATEST:
        raise PydanticCustomError("century", "2000 to 2099")
    return value


def _reference(value: str) -> str:
    if not is_reference(value):
        raise PydanticCustomError("reference", "a reference")
    return value


def is_text(value: str) -> bool:
    """Whether a text holds no C0 control besides line breaks and tabs; databases refuse some of them."""
    return all(
        sign in "\n\r\t" or not ("\0" <= sign < " " or "\ud800" <= sign < "\ue000")
        for sign in value
    )


def _text(value: str) -> str:
    if not is_text(value):
        raise PydanticCustomError("control_characters", "control characters")
    return value.strip()


def _said(value: str) -> str:
    if not value:
        raise PydanticCustomError("missing", "nothing but blanks")
    return value


def _integer(value: Any) -> Any:
    """A parameter's text as a number: plain digits only."""
    if isinstance(value, str):
        if not _INTEGER.fullmatch(value):
            raise PydanticCustomError("int_type", "an integer")
        return int(value)
    return value


def _flag(value: Any) -> Any:
    """A parameter's text as true or false."""
    if isinstance(value, str):
        if value not in {"true", "false"}:
            raise PydanticCustomError("bool_type", "true or false")
        return value == "true"
    return value


#: Patterns of the description that say what `is_text` and `_said` check.
_TEXT_PATTERN = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F]*$"
_SAID_PATTERN = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F]*[^\x00-\x1F\s][^\x00-\x08\x0B\x0C\x0E-\x1F]*$"


def _described(least: int, most: int, pattern: str = _TEXT_PATTERN) -> WithJsonSchema:
    schema: dict[str, Any] = {"type": "string", "maxLength": most, "pattern": pattern}
    return WithJsonSchema({**schema, "minLength": least} if least else schema)


Instant = Annotated[
    datetime,
    BeforeValidator(parse_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]

#: An instant given as a parameter.
AskedInstant = Annotated[Instant, BeforeValidator(_plus)]

#: One of this century, for questions about calendars and terms of office.
InstantOfThisCentury = Annotated[
    datetime,
    BeforeValidator(parse_instant),
    BeforeValidator(_plus),
    AfterValidator(_of_this_century),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": "^20[0-9]{2}-"}),
]

Reference = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=64, pattern=r"^[\p{L}\p{M}\p{N}\-_./()（）〔〕]{1,64}$"
    ),
    AfterValidator(_reference),
]

#: A 法院代字 as written; full-width digits and blanks are tolerated.
CourtCode = Annotated[
    str,
    StringConstraints(min_length=1, max_length=16),
    AfterValidator(_text),
    AfterValidator(normalise),
    _described(1, 16),
]

OfficerWords = Annotated[
    str,
    StringConstraints(min_length=1, max_length=128),
    AfterValidator(_text),
    _described(1, 128),
]

FreeText = Annotated[
    str,
    StringConstraints(max_length=LONGEST_TEXT),
    AfterValidator(_text),
    _described(0, LONGEST_TEXT),
]

#: Free text that may not be blank.
Said = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_TEXT),
    AfterValidator(_text),
    AfterValidator(_said),
    _described(1, LONGEST_TEXT, _SAID_PATTERN),
]

Words = Annotated[str, StringConstraints(max_length=64), AfterValidator(_text), _described(0, 64)]

Cursor = Annotated[
    str, StringConstraints(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")
]

Limit = Annotated[int, Field(ge=1, le=MOST_LISTED), BeforeValidator(_integer)]

Flag = Annotated[bool, BeforeValidator(_flag)]
