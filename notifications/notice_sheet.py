"""What came of a notice, person by person and court by court: delivered, 已阅, 代签, unconfirmed, not reached. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

#: `confirmed` by the person, `signed` by somebody for them, delivered and `unconfirmed`, still `waiting` to
#: be delivered, or `unreached`.
State = Literal["confirmed", "signed", "unconfirmed", "waiting", "unreached"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One person's copy and confirmation, as the tables have them.

    `outcome` and `detail` are the outgoing message's; `unreachable` is why none was written.
    """

    court_code: str
    court: str
    province: str
    city: str | None
    officer_id: int
    name: str
    posts: str
    unreachable: str | None
    shown: bool
    outcome: str | None
    detail: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    signed_by_other: bool
    reminded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """People: all, to whom it was delivered, who confirmed (`signed` of them by somebody else), and the rest."""

    people: int = 0
    delivered: int = 0
    confirmed: int = 0
    signed: int = 0
    unconfirmed: int = 0
    waiting: int = 0
    unreached: int = 0

    @property
    def missing(self) -> int:
        """Who has not confirmed, reached or not."""
        return self.people - self.confirmed

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.people + other.people,
            self.delivered + other.delivered,
            self.confirmed + other.confirmed,
            self.signed + other.signed,
            self.unconfirmed + other.unconfirmed,
            self.waiting + other.waiting,
            self.unreached + other.unreached,
        )


@dataclass(frozen=True, slots=True)
class CourtLine:
    """One court of the sheet with those of its people who have not confirmed."""

    code: str
    name: str
    province: str
    city: str | None
    sums: Sums
    missing: tuple[Receipt, ...]


def state(receipt: Receipt) -> State:
    """Where one person stands. A confirmation counts however it came about."""
    if receipt.confirmed_at is not None:
        return "signed" if receipt.signed_by_other else "confirmed"
    if receipt.shown:
        return "unconfirmed"
    if receipt.unreachable is not None or receipt.outcome in ("failed", "dropped", "gone"):
        return "unreached"
    return "waiting"


def reason(receipt: Receipt) -> str:
    """Why somebody was not reached, in a word of `channels.port.Never`; empty for all others."""
    if state(receipt) != "unreached":
        return ""
    if receipt.unreachable is not None:
        return receipt.unreachable
    # A copy that no longer had its reader was not sent.
    return "unlinked" if receipt.outcome == "dropped" else (receipt.detail or "").partition(":")[0]


def sums(receipts: Iterable[Receipt]) -> Sums:
    """Add up people."""
    total = Sums()
    for receipt in receipts:
        at = state(receipt)
        total += Sums(
            people=1,
            delivered=int(receipt.shown),
            confirmed=int(at in ("confirmed", "signed")),
            signed=int(at == "signed"),
            unconfirmed=int(at == "unconfirmed"),
            waiting=int(at == "waiting"),
            unreached=int(at == "unreached"),
        )
    return total


def by_court(receipts: Sequence[Receipt]) -> list[CourtLine]:
    """The sheet: a line a court, in the order of their codes."""
    courts: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        courts.setdefault(receipt.court_code, []).append(receipt)
    return [_line(courts[code]) for code in sorted(courts)]


def chase(lines: Iterable[CourtLine]) -> list[CourtLine]:
    """The courts in which somebody is missing: first those with the most people who have it and do not confirm."""
    late = [line for line in lines if line.missing]
    return sorted(late, key=lambda line: (-line.sums.unconfirmed, -len(line.missing), line.code))


def _line(receipts: Sequence[Receipt]) -> CourtLine:
    first = receipts[0]
    missing = tuple(one for one in receipts if one.confirmed_at is None)
    return CourtLine(
        first.court_code, first.court, first.province, first.city, sums(receipts), missing
    )
