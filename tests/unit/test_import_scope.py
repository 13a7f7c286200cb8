"""Which rows of a file its sender may import, and which courts it names only in part."""

from datetime import UTC, datetime

import pytest

from directory.access import Subject
from directory.import_people import ExistingOfficer, Term
from directory.import_scope import within
from directory.import_tables import Row, Table

COURTS = {
    "辽": {"province": "辽宁省"},
    "辽02": {"province": "辽宁省"},
    "吉": {"province": "吉林省"},
    "最高法": {"province": "全国"},
}
LEFT = datetime(2026, 1, 1, tzinfo=UTC)


def person(number: int, court: str, name: str, *, left: bool = False) -> ExistingOfficer:
    posts = {} if name == "郑闲" else {"A": Term()}
    return ExistingOfficer(number, court, {"name": name}, left, posts, LEFT if left else None)


PEOPLE = {
    1: person(1, "辽02", "王建国"),
    2: person(2, "辽02", "李敏"),
    3: person(3, "辽02", "赵强", left=True),
    4: person(4, "吉", "钱程"),
    # Without a post: no export has a row for this one.
    5: person(5, "辽02", "郑闲"),
}


def table(*lines: str) -> Table:
    rows = [Row(n, n, tuple(line.split(","))) for n, line in enumerate(lines, 1)]
    return Table("a.csv", None, rows[0], tuple(rows[1:]))


def keeps_liaoning(subject: Subject) -> bool:
    return subject.province == "辽宁省"


CASES = [
    # rows of courts, lines left out
    ("one's own", ["辽02,大连中院,中级,辽宁省"], []),
    ("another province's", ["辽02,大连中院,中级,辽宁省", "吉,吉林高院,高级,吉林省"], [3]),
    ("another province's, claimed", ["吉,吉林高院,高级,辽宁省"], [2]),
    ("one's own given away", ["辽02,大连中院,中级,吉林省"], [2]),
    ("a new one", ["辽0299,新法院,基层,辽宁省"], []),
    ("a new one with another province's code", ["吉0101,新法院,基层,辽宁省"], [2]),
    ("a new one of a province nobody has yet", ["黑01,新法院,中级,黑龙江省"], [2]),
    ("the supreme court", ["最高法,最高人民法院,最高,全国"], [2]),
    ("a row that cannot be read stays for the plan", ["wrong,大连中院,中级,辽宁省"], []),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rows", "left_out"), CASES, ids=[case[0] for case in CASES])
def test_rows_of_courts_that_are_not_the_senders_are_left_out_by_their_line(
    what: str, rows: list[str], left_out: list[int]
) -> None:
    given = table("法院代字,法院名称,层级,省份", *rows)
    scoped = within([given], COURTS, PEOPLE, keeps_liaoning)
    assert [fault.place.line for fault in scoped.left_out] == left_out
    assert [row.line for row in scoped.tables[0].rows] == [
        line for line in range(2, len(rows) + 2) if line not in left_out
    ]


def test_people_go_with_their_courts_and_accounts_are_passed_over() -> None:
    given = table(
        "法院代字,姓名,岗位,电报号",
        "辽02,王建国,A,77",
        "吉,钱程,A,",
        "辽02,孙洋,B,",
        "辽0299,新人,A,",
    )
    scoped = within([given], COURTS, PEOPLE, keeps_liaoning)
    assert [fault.place.line for fault in scoped.left_out] == [3]
    (kept,) = scoped.tables
    assert kept.header.cells == ("法院代字", "姓名", "岗位")
    assert kept.rows[0].cells == ("辽02", "王建国", "A")
    assert scoped.without_accounts
    # Two people are of the court, two are named; but one of them is another's successor.
    assert scoped.fewer == ("辽02",)


def test_a_court_of_which_only_some_are_named_is_said() -> None:
    given = table("编号,法院代字,姓名,岗位", "1,辽02,王建国,A", "1,辽02,王建国,B")
    assert within([given], COURTS, PEOPLE, keeps_liaoning).fewer == ("辽02",)


def test_who_is_named_by_number_or_by_name_is_not_missing() -> None:
    given = table("编号,法院代字,姓名,岗位", "1,辽02,王建邦,A", ",辽02,李 敏,B", ",辽02,孙洋,B")
    assert within([given], COURTS, PEOPLE, keeps_liaoning).fewer == ()
