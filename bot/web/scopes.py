"""What a token may read, and as whom it acts. Pure rules over a `Caller`; who may act is in `permissions`.

What a token sees and changes of the directory says `directory.access`.
"""

from bot.web.authentication import Caller
from directory import access
from directory.access import Subject, Viewer
from notifications.permissions import Actor, Side

#: Roles of the HTTP API; `board` is for the wall screen alone.
READING_ROLES = frozenset({"intake", "reader", "coordinator", "admin"})


def reads_filing(caller: Caller, *sides: Side) -> bool:
    """Whether the token's scope includes a filing between these courts: one of them is enough."""
    return caller.role in READING_ROLES and any(covers(caller, side) for side in sides)


def covers(caller: Caller, side: Side) -> bool:
    """Whether a court lies within what narrows the token."""
    if caller.court is not None and caller.court != side.code:
        return False
    return caller.province is None or caller.province == side.province


def sees_mobiles(caller: Caller, court: Side) -> bool:
    """Whether mobile numbers of the court's officers come in full."""
    return (
        access.sees(viewer_of(caller), "mobile", Subject(court.code, court.province, 0)) == "full"
    )


def viewer_of(caller: Caller) -> Viewer:
    """The token as `directory.access` judges it."""
    return Viewer("token", court=caller.court, province=caller.province, role=caller.role)


def actor_of(caller: Caller) -> Actor:
    """The token itself as the one who acts."""
    return Actor(
        who=caller.name,
        name=caller.name,
        role=caller.role,
        court=caller.court,
        province=caller.province,
        token=caller.name,
    )
