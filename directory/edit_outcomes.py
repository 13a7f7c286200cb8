"""How an edit ends: it was made, it met with somebody else's, or it was refused. Makes none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from directory.access import Viewer
from directory.change_models import DirectoryChange
from directory.import_faults import Fault
from directory.models import Officer


@dataclass(frozen=True, slots=True)
class Editor:
    """Who edits: `who` is how records name them, `viewer` what `directory.access` judges."""

    who: str
    viewer: Viewer


@dataclass(frozen=True, slots=True)
class Edited:
    """It stands. `change` is None where all was so already."""

    change: DirectoryChange | None
    officer: Officer | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody changed a field after the editor had looked at it: nothing was written.

    `seen` is what the editor had seen, `now_is` what it is now; a post's term is a mapping, None where
    it is not held. `by` and `at` are None where no record says who did it.
    """

    field: str
    seen: Any
    now_is: Any
    by: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was written, for these reasons; a fault's `place.column` is the field."""

    faults: tuple[Fault, ...]


Outcome = Edited | Conflict | Refused

#: The values an editor saw, by field; posts as `{"posts": {"A": {"valid_from", "valid_to"} | None}}`.
Expected = Mapping[str, Any]
