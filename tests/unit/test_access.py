"""The access table of the directory, cell by cell, and who is what to whom."""

import pytest

from directory import access
from directory.access import OPERATOR, ROLES, STRANGER, TABLE, Subject, Viewer
from directory.change_values import COURT_FIELDS, OFFICER_FIELDS

COURT = Subject("辽0211", "辽宁省")
PERSON = Subject("辽0211", "辽宁省", 7)


def officer(court: str, province: str, *posts: str, number: int = 1) -> Viewer:
    return Viewer("officer", number, court, province, frozenset(posts))


def token(role: str, *, court: str | None = None, province: str | None = None) -> Viewer:
    return Viewer("token", court=court, province=province, role=role)


#: One who is nothing but this, as far as that can be.
WHO: dict[str, Viewer] = {
    "stranger": STRANGER,
    "officer": officer("浙72", "浙江省", "A"),
    "self": officer("辽0211", "辽宁省", number=7),
    "colleague": officer("辽0211", "辽宁省", "B"),
    "lead": officer("辽0211", "辽宁省", "leader"),
    "province": officer("辽", "辽宁省", "coordinator"),
    "nation": officer("最高法", "全国", "coordinator"),
    "reader": token("reader"),
    "regional": token("coordinator", province="辽宁省"),
    "admin": token("admin"),
    "operator": OPERATOR,
}


#: The same table once more, by who may be surprised by it: what each may read in full, read masked,
#: write and do. Written by hand, so that a cell changed by a slip is found.
OWN = {"name", "title", "department", "desk_phone", "mobile"}
OPEN = set(COURT_FIELDS) - {"group_chat_id"}
AT_THE_DOOR = {"hours", "phone", "address"}
ENTRY = OPEN - {"code", "province"}
NAMED = {"id", "court_code", "name", "title", "department", "desk_phone", "posts", "coordinator"}
EXPECTED: dict[str, tuple[set[str], set[str], set[str], set[str], set[str], set[str]]] = {
    # who: court read, court written, person read, masked, written, done
    "stranger": (OPEN, set(), set(), set(), set(), set()),
    "officer": (OPEN, set(), NAMED, {"mobile"}, set(), {"report"}),
    "self": (OPEN, set(), NAMED | {"mobile"}, set(), OWN,
             {"edit", "depart", "verify", "report", "history", "show_mobile"}),
    "colleague": (OPEN, set(), NAMED, {"mobile"}, set(), {"report", "link_group"}),
    "lead": (OPEN, AT_THE_DOOR, NAMED, {"mobile"}, OWN | {"posts"},
             {"edit", "add", "depart", "return", "verify", "report", "history", "link_group"}),
    "province": (OPEN | {"group_chat_id"}, ENTRY | {"group_chat_id"}, NAMED | {"mobile"}, set(),
                 OWN | {"posts", "coordinator", "court_code"},
                 {"edit", "add", "depart", "return", "move", "verify", "report", "history",
                  "show_mobile", "link_group", "import", "export", "export_full"}),
    "nation": (OPEN | {"group_chat_id"}, set(), NAMED | {"mobile"}, set(), set(),
               {"report", "history", "show_mobile", "export"}),
    "reader": (OPEN, set(), NAMED, {"mobile"}, set(), {"history"}),
    "regional": (OPEN, ENTRY, NAMED | {"mobile"}, set(), OWN | {"posts", "coordinator"},
                 {"edit", "add", "depart", "return", "history", "show_mobile"}),
    "admin": (OPEN, ENTRY | {"province"}, NAMED | {"mobile"}, set(), OWN | {"posts", "coordinator"},
              {"edit", "add", "depart", "return", "history", "show_mobile"}),
    "operator": (OPEN | {"code", "group_chat_id"}, ENTRY | {"province", "group_chat_id"},
                 NAMED | {"mobile", "telegram_id"}, set(),
                 OWN | {"posts", "coordinator", "court_code", "telegram_id"},
                 {"edit", "add", "depart", "return", "move", "verify", "report", "history",
                  "show_mobile", "link_group", "import", "export", "export_full", "undo", "erase"}),
}  # fmt: skip


def _wrong(role: str, row: str) -> bool:
    viewer = WHO[role]
    court_read, court_written, read, masked, written, done = EXPECTED[role]
    kind, _, field = row.partition(".")
    if not field:
        on_person = access.may(viewer, row, PERSON)  # type: ignore[arg-type]
        on_court = access.may(viewer, row, COURT)  # type: ignore[arg-type]
        # To the court's own entry, one who is only the person in question is anybody.
        return (on_person, on_court) != (row in done, row in done and role != "self")
    subject = COURT if kind == "court" else PERSON
    seen = court_read if kind == "court" else read
    is_masked = kind == "officer" and field in masked
    expected = "full" if field in seen else "masked" if is_masked else "no"
    may_write = field in (court_written if kind == "court" else written)
    return (access.sees(viewer, field, subject), access.writes(viewer, field, subject)) != (
        expected,
        may_write,
    )


@pytest.mark.parametrize("role", ROLES)
def test_each_cell_of_the_table_is_as_it_was_agreed(role: str) -> None:
    assert [row for row in TABLE if _wrong(role, row)] == []


def test_the_table_is_whole_and_speaks_of_every_field_of_the_files() -> None:
    assert all(len(cells) == len(ROLES) for cells in TABLE.values())
    assert set(access.COURT_FIELDS) == set(COURT_FIELDS)
    assert set(access.OFFICER_FIELDS) == {*OFFICER_FIELDS, "id", "posts", "coordinator"}
    assert {cell for row in TABLE.values() for cell in row} <= {"-", "r", "m", "rw", "mw", "x"}
    assert set(EXPECTED) == set(WHO) == set(ROLES)


#: Who is what to the person 辽0211:7, beyond the plain cases above.
RELATIONS = [
    ("a leader looking at their own card", officer("辽0211", "辽宁省", "leader", number=7),
     {"stranger", "self", "officer", "colleague", "lead"}),
    ("a post A of the court", officer("辽0211", "辽宁省", "A"), {"stranger", "officer", "colleague", "lead"}),
    ("its technician", officer("辽0211", "辽宁省", "technician"),
     {"stranger", "officer", "colleague", "lead"}),
    ("its coordinator without a post today", officer("辽", "辽宁省"), {"stranger"}),
    ("the next province's coordinator", officer("吉", "吉林省", "coordinator"), {"stranger", "officer"}),
    ("the coordinator's deputy", officer("辽", "辽宁省", "A"), {"stranger", "officer"}),
    ("an account without a number", Viewer("officer", None, "辽0211", "辽宁省"), {"stranger"}),
    ("a wall", token("board"), {"stranger"}),
    ("a counter", token("intake", court="浙72"), {"stranger", "reader"}),
    ("a coordinator's token of no province", token("coordinator"), {"stranger", "reader"}),
    ("a coordinator's token of another", token("coordinator", province="吉林省"), {"stranger", "reader"}),
    ("one narrowed to another court", token("coordinator", court="辽02", province="辽宁省"),
     {"stranger", "reader"}),
    ("an administrator narrowed to another province", token("admin", province="吉林省"),
     {"stranger", "reader"}),
    ("an administrator narrowed to this one", token("admin", province="辽宁省"),
     {"stranger", "reader", "admin"}),
]  # fmt: skip


@pytest.mark.parametrize(("who", "viewer", "expected"), RELATIONS, ids=[r[0] for r in RELATIONS])
def test_everybody_is_what_they_are_to_an_entry(
    who: str, viewer: Viewer, expected: set[str]
) -> None:
    assert access.roles(viewer, PERSON) == expected


def test_the_supreme_court_is_kept_by_its_own_coordinator_alone() -> None:
    """Wherever it may be written down, no province keeps it, and it keeps no province."""
    highest = Subject("最高法", "北京市", 9)
    of_beijing = officer("京", "北京市", "coordinator")
    of_the_nation = officer("最高法", "北京市", "coordinator")
    assert not access.may(of_beijing, "edit", highest)
    assert access.may(of_the_nation, "edit", highest)
    in_beijing = Subject("京0101", "北京市", 8)
    assert access.may(of_beijing, "edit", in_beijing)
    assert not access.may(of_the_nation, "edit", in_beijing)
    assert access.sees(of_the_nation, "mobile", in_beijing) == "full"


def test_nobody_below_the_province_gives_the_coordinators_post() -> None:
    high = Subject("辽", "辽宁省", 7)
    assert access.gives(officer("辽", "辽宁省", "leader"), "A", high)
    assert not access.gives(officer("辽", "辽宁省", "leader"), "coordinator", high)
    assert access.gives(officer("辽", "辽宁省", "coordinator"), "coordinator", high)


def test_no_mobile_is_written_into_a_group_or_where_only_desk_phones_are_allowed() -> None:
    me, peer = WHO["self"], WHO["officer"]
    cases = [
        (me, "role", True, "full"),
        (peer, "role", True, "masked"),
        (STRANGER, "role", True, "no"),
        (me, "role", False, "no"),
        (me, "desk", True, "no"),
        (WHO["province"], "desk", True, "no"),
    ]
    for viewer, phones, private, expected in cases:
        seen = access.sees_in_chat(viewer, "mobile", PERSON, phones=phones, private=private)
        assert seen == expected
    assert access.sees_in_chat(peer, "desk_phone", PERSON, phones="desk", private=False) == "full"


def test_what_one_may_change_is_offered_in_the_order_of_the_files() -> None:
    assert access.writable(WHO["self"], PERSON) == (
        "name",
        "title",
        "department",
        "desk_phone",
        "mobile",
    )
    assert access.writable(WHO["lead"], COURT) == ("hours", "phone", "address")
    assert access.writable(WHO["self"], PERSON, ("mobile", "posts")) == ("mobile",)
