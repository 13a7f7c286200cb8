"""Other names and former codes of a court, as the directory's files write them: 旧名（1998-01-01/2016-06-30）.

The brackets say from when to when the name was in use; either side may be open, a year or a month will do
for a day. An alias without them is in use today.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

_DAY = r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?"
_DATED = re.compile(rf"(?P<text>.+?)\s*[（(](?P<since>{_DAY})?\s*[/／]\s*(?P<until>{_DAY})?[）)]")
_ONE_DAY = re.compile(_DAY)


@dataclass(frozen=True, slots=True)
class Alias:
    """A name that a court goes or went by."""

    text: str
    since: date | None = None
    #: The last day of use; with it the name is a former one.
    until: date | None = None

    @property
    def former(self) -> bool:
        """Whether the name's use has been given an end."""
        return self.until is not None

    def __str__(self) -> str:
        """As the files write it."""
        if self.since is None and self.until is None:
            return self.text
        days = "/".join(day.isoformat() if day else "" for day in (self.since, self.until))
        return f"{self.text}（{days}）"


def read(text: str) -> Alias:
    """The alias that the text says; brackets that hold no range of days are part of the name."""
    found = _DATED.fullmatch(text.strip())
    if found is None or not (found["since"] or found["until"]):
        return Alias(text.strip())
    try:
        since = _day(found["since"], last=False)
        until = _day(found["until"], last=True)
    except ValueError:
        return Alias(text.strip())
    if since is not None and until is not None and since > until:
        return Alias(text.strip())
    return Alias(found["text"], since, until)


def _day(words: str | None, *, last: bool) -> date | None:
    """The day; of a year or a month the first, or the last.

    Raises:
        ValueError: the calendar has no such day.
    """
    found = _ONE_DAY.fullmatch(words or "")
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None  # noqa: S101 -- the pattern begins with it
    month = month or (12 if last else 1)
    # The year 0 has no calendar; `date` says so.
    return date(year, month, day or (calendar.monthrange(max(year, 1), month)[1] if last else 1))
