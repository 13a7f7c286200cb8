"""Who sees and does what in the directory: the one table role × field × action. Does not find out who somebody is.

What a filing allows is `notifications.permissions`' business. Chat has a rule of its own about mobiles
besides (`sees_in_chat`), because what is written there stays in somebody else's hands.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from directory.court_codes import SUPREME

Kind = Literal["stranger", "officer", "token", "operator"]
Sight = Literal["no", "masked", "full"]
Action = Literal[
    "edit",
    "add",
    "depart",
    "return",
    "move",
    "verify",
    "report",
    "history",
    "show_mobile",
    "link_group",
    "import",
    "export",
    "export_full",
    "undo",
    "erase",
]

#: What somebody is to the entry in question; one may be several (a leader is a colleague as well), and
#: then has the best of each.
Role = Literal[
    "stranger",  # nobody known, or an officer without a post today
    "officer",  # any linked officer who holds a post today
    "self",  # the very person
    "colleague",  # an officer of the court
    "lead",  # its leader, post A or technician
    "province",  # the coordinator of its province
    "nation",  # the coordinator of 最高法
    "reader",  # a token of a reading role
    "regional",  # a coordinator's token of its province
    "admin",  # an administrator's token whose scope holds the court
    "operator",  # whoever holds the database: the command line
]
ROLES: tuple[Role, ...] = (
    "stranger",
    "officer",
    "self",
    "colleague",
    "lead",
    "province",
    "nation",
    "reader",
    "regional",
    "admin",
    "operator",
)

#: Posts that keep their court's part of the directory.
LEADING = frozenset({"leader", "A", "technician"})
_COORDINATOR = "coordinator"
#: Tokens that read the directory; `board` is for the wall alone.
_READING = frozenset({"intake", "reader", "coordinator", "admin"})

#: Cells: `r` read, `m` read masked, `w` write, `x` do, `-` nothing. The coordinator's post is a row of
#: its own: whoever could give it to themselves would keep a whole province.
TABLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        #                          stranger officer self  colleague lead  province nation reader regional admin operator
        "court.code":              ("r",    "r",    "-",   "-",     "-",   "-",    "r",   "r",   "r",    "r",   "r"),
        "court.name":              ("r",    "r",    "-",   "-",     "-",   "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.level":             ("r",    "r",    "-",   "-",     "-",   "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.kind":              ("r",    "r",    "-",   "-",     "-",   "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.parent_code":       ("r",    "r",    "-",   "-",     "-",   "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.province":          ("r",    "r",    "-",   "-",     "-",   "-",    "r",   "r",   "r",    "rw",  "rw"),
        "court.city":              ("r",    "r",    "-",   "-",     "-",   "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.county":            ("r",    "r",    "-",   "-",     "-",   "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.division_code":     ("r",    "r",    "-",   "-",     "-",   "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.aliases":           ("r",    "r",    "-",   "-",     "-",   "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.code_status":       ("r",    "r",    "-",   "-",     "-",   "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.hours":             ("r",    "r",    "-",   "-",     "rw",  "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.timezone":          ("r",    "r",    "-",   "-",     "-",   "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.phone":             ("r",    "r",    "-",   "-",     "rw",  "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.address":           ("r",    "r",    "-",   "-",     "rw",  "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.group_chat_id":     ("-",    "-",    "-",   "-",     "-",   "rw",   "r",   "-",   "-",    "-",   "rw"),
        "court.answer_target_min": ("r",    "r",    "-",   "-",     "-",   "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "court.result_target_min": ("r",    "r",    "-",   "-",     "-",   "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "officer.id":              ("-",    "r",    "r",   "-",     "-",   "r",    "r",   "r",   "r",    "r",   "r"),
        "officer.court_code":      ("-",    "r",    "r",   "-",     "-",   "rw",   "r",   "r",   "r",    "r",   "rw"),
        "officer.name":            ("-",    "r",    "rw",  "-",     "rw",  "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "officer.title":           ("-",    "r",    "rw",  "-",     "rw",  "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "officer.department":      ("-",    "r",    "rw",  "-",     "rw",  "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "officer.desk_phone":      ("-",    "r",    "rw",  "-",     "rw",  "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "officer.mobile":          ("-",    "m",    "rw",  "-",     "mw",  "rw",   "r",   "m",   "rw",   "rw",  "rw"),
        "officer.telegram_id":     ("-",    "-",    "-",   "-",     "-",   "-",    "-",   "-",   "-",    "-",   "rw"),
        "officer.posts":           ("-",    "r",    "r",   "-",     "rw",  "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "officer.coordinator":     ("-",    "r",    "r",   "-",     "-",   "rw",   "r",   "r",   "rw",   "rw",  "rw"),
        "edit":                    ("-",    "-",    "x",   "-",     "x",   "x",    "-",   "-",   "x",    "x",   "x"),
        "add":                     ("-",    "-",    "-",   "-",     "x",   "x",    "-",   "-",   "x",    "x",   "x"),
        "depart":                  ("-",    "-",    "x",   "-",     "x",   "x",    "-",   "-",   "x",    "x",   "x"),
        "return":                  ("-",    "-",    "-",   "-",     "x",   "x",    "-",   "-",   "x",    "x",   "x"),
        "move":                    ("-",    "-",    "-",   "-",     "-",   "x",    "-",   "-",   "-",    "-",   "x"),
        "verify":                  ("-",    "-",    "x",   "-",     "x",   "x",    "-",   "-",   "-",    "-",   "x"),
        "report":                  ("-",    "x",    "x",   "x",     "x",   "x",    "x",   "-",   "-",    "-",   "x"),
        "history":                 ("-",    "-",    "x",   "-",     "x",   "x",    "x",   "x",   "x",    "x",   "x"),
        "show_mobile":             ("-",    "-",    "x",   "-",     "-",   "x",    "x",   "-",   "x",    "x",   "x"),
        "link_group":              ("-",    "-",    "-",   "x",     "x",   "x",    "-",   "-",   "-",    "-",   "x"),
        "import":                  ("-",    "-",    "-",   "-",     "-",   "x",    "-",   "-",   "-",    "-",   "x"),
        "export":                  ("-",    "-",    "-",   "-",     "-",   "x",    "x",   "-",   "-",    "-",   "x"),
        "export_full":             ("-",    "-",    "-",   "-",     "-",   "x",    "-",   "-",   "-",    "-",   "x"),
        "undo":                    ("-",    "-",    "-",   "-",     "-",   "-",    "-",   "-",   "-",    "-",   "x"),
        "erase":                   ("-",    "-",    "-",   "-",     "-",   "-",    "-",   "-",   "-",    "-",   "x"),
    }
)  # fmt: skip

_COLUMN: Mapping[str, int] = {role: index for index, role in enumerate(ROLES)}
_FULL, _MASKED, _WRITES, _DOES = "r", "m", "w", "x"

#: The fields of a court and of a person, by their names in the files.
COURT_FIELDS = tuple(row.partition(".")[2] for row in TABLE if row.startswith("court."))
OFFICER_FIELDS = tuple(row.partition(".")[2] for row in TABLE if row.startswith("officer."))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever looks or acts: `role` is a token's; `posts` are those held today."""

    kind: Kind = "stranger"
    officer_id: int | None = None
    court: str | None = None
    province: str | None = None
    posts: frozenset[str] = frozenset()
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """The entry looked at: one person (`officer_id`, 0 for one who is not stored yet), or the court itself."""

    court: str
    province: str
    officer_id: int | None = None

    @property
    def is_person(self) -> bool:
        """Whether it is a person's card, not the court's own entry."""
        return self.officer_id is not None


STRANGER = Viewer()
OPERATOR = Viewer("operator")


def roles(viewer: Viewer, subject: Subject) -> frozenset[Role]:
    """What the viewer is to the subject; never nothing."""
    if viewer.kind == "operator":
        return frozenset({"operator"})
    if viewer.kind == "token":
        return _roles_of_token(viewer, subject)
    if viewer.kind == "officer":
        return _roles_of_officer(viewer, subject)
    return frozenset({"stranger"})


def _roles_of_officer(viewer: Viewer, subject: Subject) -> frozenset[Role]:
    found: set[Role] = {"stranger"}
    if viewer.officer_id is not None and viewer.officer_id == subject.officer_id:
        found.add("self")
    if not viewer.posts:
        return frozenset(found)
    found.add("officer")
    if viewer.court == subject.court:
        found |= {"colleague", "lead"} if viewer.posts & LEADING else {"colleague"}
    if _COORDINATOR in viewer.posts:
        if viewer.court == SUPREME:
            found.add("nation")
        # 最高法 is under no province, in whichever one it may be written down.
        if viewer.province == subject.province and _at_the_top(viewer) == _at_the_top(subject):
            found.add("province")
    return frozenset(found)


def _at_the_top(one: Viewer | Subject) -> bool:
    return one.court == SUPREME


def _roles_of_token(viewer: Viewer, subject: Subject) -> frozenset[Role]:
    found: set[Role] = {"stranger"}
    if viewer.role not in _READING:
        return frozenset(found)
    found.add("reader")
    covers = viewer.court in {None, subject.court} and viewer.province in {None, subject.province}
    if viewer.role == "admin" and covers:
        found.add("admin")
    # A coordinator's token that names no province is of none.
    if viewer.role == _COORDINATOR and covers and viewer.province is not None:
        found.add("regional")
    return frozenset(found)


def sees(viewer: Viewer, field: str, subject: Subject) -> Sight:
    """How much of a field (by its name in the files) the viewer may read."""
    cells = _cells(viewer, _row(field, subject), subject)
    if any(_FULL in cell for cell in cells):
        return "full"
    return "masked" if any(_MASKED in cell for cell in cells) else "no"


def sees_in_chat(
    viewer: Viewer, field: str, subject: Subject, *, phones: str, private: bool
) -> Sight:
    """The same for what is written into a chat.

    `phones` is LIAISON_CHAT_PHONES: with `desk` no mobile is written into any chat; with `role` as the
    table says, in a private chat alone.
    """
    if field == "mobile" and (phones != "role" or not private):
        return "no"
    return sees(viewer, field, subject)


def writes(viewer: Viewer, field: str, subject: Subject) -> bool:
    """Whether the viewer may change a field; for posts ask `gives`."""
    return any(_WRITES in cell for cell in _cells(viewer, _row(field, subject), subject))


def gives(viewer: Viewer, post: str, subject: Subject) -> bool:
    """Whether the viewer may give a person this post, take it away or change its days."""
    return writes(viewer, _COORDINATOR if post == _COORDINATOR else "posts", subject)


def writable(viewer: Viewer, subject: Subject, fields: Collection[str] = ()) -> tuple[str, ...]:
    """The fields that the viewer may change, in the order of the files; of `fields`, if any are named."""
    known = OFFICER_FIELDS if subject.is_person else COURT_FIELDS
    return tuple(f for f in known if (not fields or f in fields) and writes(viewer, f, subject))


def may(viewer: Viewer, action: Action, subject: Subject) -> bool:
    """Whether the viewer may do something to the entry as a whole.

    `edit` of a court that is only its own keepers' and the province's: what of it, says `writes`.
    `move` is asked of both courts.
    """
    return _DOES in _cells(viewer, action, subject)


def _row(field: str, subject: Subject) -> str:
    return f"officer.{field}" if subject.is_person else f"court.{field}"


def _cells(viewer: Viewer, row: str, subject: Subject) -> list[str]:
    """The cells of one row that count for this viewer; none for a row that does not exist."""
    cells = TABLE.get(row)
    if cells is None:
        return []
    return [cells[_COLUMN[role]] for role in roles(viewer, subject)]
