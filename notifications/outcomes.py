"""What came of a press or a call on a filing: values, because people may well meet each of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notifications.models import Filing


@dataclass(frozen=True, slots=True)
class Done:
    """It was done; `filing` shows the new state."""

    filing: Filing


@dataclass(frozen=True, slots=True)
class Already:
    """Somebody was first: `by` is who ({"name", "court", "post"}) and `at` when."""

    filing: Filing
    by: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """This actor may not. `reason` is one of those of `permissions.refusal`; an event says so."""

    filing: Filing
    reason: str


@dataclass(frozen=True, slots=True)
class NotNow:
    """The filing's state does not allow it.

    `reason`: `state_<state>`, `too_soon` (with `retry_at`), `undo_expired`, `undo_not_author`,
    `nothing_to_undo`, `already_paged`, `already_snoozed`, `nobody_reachable`, `nobody_to_order`,
    `note_not_author`, `not_returned`, `sent_on`, `unknown_court`, `same_court`, `own_court`, `no_proposal`, `no_reference`.
    """

    filing: Filing
    reason: str
    retry_at: datetime | None = None


Outcome = Done | Already | Refused | NotNow
