"""Who may do what to a filing: one pure rule for chat and HTTP. Does not find out who somebody is."""

from dataclasses import dataclass
from typing import Literal

Action = Literal[
    "file",
    "acknowledge",
    "result",
    "undo",
    "hand_over",
    "snooze",
    "nudge",
    "supplement",
    "withdraw",
    "send_on",
    "supervise",
]

#: Actions of the court that decides; the others belong to the court that filed.
JURISDICTION_ACTIONS = frozenset({"acknowledge", "result", "undo", "hand_over", "snooze"})

#: What the jurisdiction court's coordinator orders from above; no officer of a court does.
ORDERS = frozenset({"supervise"})

_COLLABORATING_ACTIONS = frozenset({"file", "nudge", "supplement", "withdraw", "send_on"})

#: Which token roles may do what on their own (an officer named by the token is judged as that officer).
TOKEN_ACTIONS: dict[str, frozenset[str]] = {
    "intake": _COLLABORATING_ACTIONS,
    "coordinator": JURISDICTION_ACTIONS | ORDERS | _COLLABORATING_ACTIONS,
    "admin": JURISDICTION_ACTIONS | ORDERS | _COLLABORATING_ACTIONS,
}

#: Posts that answer filings. A technician looks after the machines and answers none.
ANSWERING_POSTS = frozenset({"A", "B", "leader", "coordinator"})


@dataclass(frozen=True, slots=True)
class Side:
    """One of a filing's two courts, as far as permissions go."""

    code: str
    province: str
    #: While the court is closed: the court that answers in its place.
    substitute_court: str | None = None
    #: Officers who may answer in its place: its substitute of today, or who took this filing as one.
    substitutes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an officer linked today, a token, or both (a token acting for an officer)."""

    #: As it stands in events: 张伟（A岗）, a token's name, or both.
    who: str
    name: str
    role: str
    officer_id: int | None = None
    court: str | None = None
    province: str | None = None
    #: The post shown with the name.
    post: str | None = None
    #: All posts held today.
    posts: frozenset[str] = frozenset()
    token: str | None = None

    def signature(self) -> dict[str, str | int | None]:
        """What a filing keeps of who answered it."""
        return {
            "name": self.name,
            "court": self.court,
            "post": self.post,
            "officer_id": self.officer_id,
        }


def refusal(action: Action, actor: Actor, collaborating: Side, jurisdiction: Side) -> str | None:
    """Why `actor` may not do `action` to a filing between these courts; None when allowed.

    Reasons: `stranger` (nobody linked), `role` (this token's role may not), `not_jurisdiction`,
    `not_collaborating`, `technician`, `not_coordinator`. A newcomer's practice adds `practice`: see `changes.refuse`.
    """
    side = jurisdiction if action in JURISDICTION_ACTIONS | ORDERS else collaborating
    outside = "not_jurisdiction" if side is jurisdiction else "not_collaborating"
    if actor.officer_id is not None:
        return _officer_refusal(action, actor, side, outside)
    if actor.token is None:
        return "stranger"
    if action not in TOKEN_ACTIONS.get(actor.role, frozenset()):
        return "role"
    if actor.court is not None and actor.court != side.code:
        return outside
    if actor.province is not None and actor.province != side.province:
        return outside
    return None


def _officer_refusal(action: Action, actor: Actor, side: Side, outside: str) -> str | None:
    coordinates = "coordinator" in actor.posts and actor.province == side.province
    if action in ORDERS:
        return None if coordinates else "not_coordinator"
    own = actor.court is not None and actor.court in {side.code, side.substitute_court}
    if own or actor.officer_id in side.substitutes:
        return None if actor.posts & ANSWERING_POSTS else "technician"
    return None if coordinates else outside
