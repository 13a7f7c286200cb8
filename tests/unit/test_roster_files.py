"""Files of shifts, rotations and leave: what a row means, and every fault at once with its place."""

from datetime import date

import pytest

from directory.import_people import Term
from directory.import_tables import Row, Table
from directory.roster_files import Entry, Known, Person, Planned, RosterPlan, plan, read

HEADINGS = ("类别", "法院代字", "岗位", "姓名", "起始日期", "截止日期", "轮班天数")
PEOPLE = {
    "辽72": [
        Person(1, "王建国", {"A": Term()}),
        Person(2, "李敏", {"B": Term(None, date(2019, 12, 31))}),
        Person(3, "孙丽", {"technician": Term()}),
        Person(4, "周洋", {"B": Term()}),
        Person(5, "周洋", {"A": Term()}),
    ]
}
WEEK = (date(2019, 8, 19), date(2019, 8, 23))


def checked(
    *rows: tuple[object, ...],
    headings: tuple[str, ...] = HEADINGS,
    planned: tuple[Planned, ...] = (),
    replace: bool = False,
) -> RosterPlan:
    table = Table(
        "排班.csv",
        None,
        Row(1, 1, headings),
        tuple(Row(line, line, row) for line, row in enumerate(rows, 2)),  # type: ignore[arg-type]
        even=False,
    )
    records, faults = read([table])
    return plan(records, faults, Known(PEOPLE, {"辽72": planned}), replace=replace)


def entry(
    kind: str, post: str, people: dict[int, str], first: date, last: date | None, days: int = 7
) -> Entry:
    return Entry(kind, "辽72", post, tuple(people), tuple(people.values()), first, last, days)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "meant"),
    [
        (("值班", "辽72", "A岗", "王建国", "2019-08-19", "2019-08-23", ""),
         entry("shift", "A", {1: "王建国"}, *WEEK)),
        (("", "辽72", "", "李敏", "2019/8/19"), entry("shift", "A", {2: "李敏"}, WEEK[0], WEEK[0])),
        (("shift", "辽72", "b", "5", "2019-08-19"), entry("shift", "B", {5: "周洋"}, WEEK[0], WEEK[0])),
        (("", "辽72", "", "王建国、李敏", "2019-08-19", "", "7"),
         entry("rotation", "A", {1: "王建国", 2: "李敏"}, WEEK[0], None)),
        (("轮班", "辽72", "带班领导", "王建国|4", "2019-08-19", "2019-12-31", "1"),
         entry("rotation", "leader", {1: "王建国", 4: "周洋"}, WEEK[0], date(2019, 12, 31), 1)),
        (("休假", "辽72", "", "孙丽", "2019-08-19", "2019-08-23"),
         entry("leave", "", {3: "孙丽"}, *WEEK)),
    ],
)  # fmt: skip
def test_a_row_is_a_shift_a_rotation_or_leave(row: tuple[object, ...], meant: Entry) -> None:
    assert checked(row) == RosterPlan((meant,))


def test_english_headings_do_as_well() -> None:
    headings = ("court_code", "name", "first_day")
    found = checked(("辽72", "王建国", date(2019, 8, 19)), headings=headings)
    assert found.entries == (entry("shift", "A", {1: "王建国"}, WEEK[0], WEEK[0]),)


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        (("加班", "辽72", "", "王建国", "2019-08-19"), "类别", "不是排班类别"),
        (("", "辽99", "", "王建国", "2019-08-19"), "法院代字", "没有代字为"),
        (("", "", "", "王建国", "2019-08-19"), "法院代字", "此格不能为空"),
        (("", "辽72", "技术人员", "王建国", "2019-08-19"), "岗位", "不能为此岗位排班"),
        (("", "辽72", "", "某人", "2019-08-19"), "姓名", "没有名为"),
        (("", "辽72", "", "周洋", "2019-08-19"), "姓名", "人名为"),
        (("", "辽72", "", "孙丽", "2019-08-19"), "姓名", "不能签收"),
        (("", "辽72", "", "李敏", "2020-01-01"), "姓名", "不能签收"),
        (("值班", "辽72", "", "王建国、李敏", "2019-08-19"), "姓名", "每行只写一人"),
        (("", "辽72", "", "王建国", "8月"), "起始日期", "不是日期"),
        (("", "辽72", "", "王建国", "2019-08-19", "2019-08-18"), "截止日期", "晚于"),
        (("", "辽72", "", "王建国", "2019-08-19", "2021-08-19"), "截止日期", "超过一年"),
        (("值班", "辽72", "", "王建国", "2019-08-19", "", "7"), "轮班天数", "只有轮班"),
        (("轮班", "辽72", "", "王建国", "2019-08-19", "", "0"), "轮班天数", "超出范围"),
        (("休假", "辽72", "A", "王建国", "2019-08-19"), "岗位", "休假不分岗位"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_nothing_is_written(
    row: tuple[object, ...], column: str, what: str
) -> None:
    sound = ("", "辽72", "", "王建国", "2019-09-01")
    found = checked(sound, row)
    assert found.entries == ()
    (fault,) = found.faults
    assert (fault.place.line, fault.place.column) == (3, column)
    assert what in fault.reason.what
    assert fault.reason.remedy


def test_every_fault_is_named_at_once() -> None:
    found = checked(
        ("加班", "辽72", "", "王建国", "2019-08-19"),
        ("", "辽99", "", "王建国", "2019-08-19"),
        ("", "辽72", "", "某人", "不是日期"),
    )
    assert [fault.place.line for fault in found.faults] == [2, 3, 4]


def test_two_rows_never_fill_one_post_on_one_day() -> None:
    found = checked(
        ("", "辽72", "", "王建国", "2019-08-19", "2019-08-23"),
        ("", "辽72", "B", "李敏", "2019-08-19", "2019-08-23"),
        ("", "辽72", "", "李敏", "2019-08-23"),
        ("休假", "辽72", "", "王建国", "2019-08-23"),
        ("", "辽72", "", "李敏", "2019-08-24"),
    )
    (fault,) = found.faults
    assert fault.place.line == 4
    assert fault.data["other"] == "排班.csv:2"


STORED = Planned(entry("shift", "A", {2: "李敏"}, *WEEK))
ROTATING = Planned(entry("rotation", "A", {2: "李敏"}, date(2019, 8, 5), None))


def test_what_is_planned_already_is_named_and_stays_without_the_option() -> None:
    row = ("", "辽72", "", "王建国", "2019-08-23")
    refused = checked(row, planned=(STORED,))
    assert [fault.data["name"] for fault in refused.faults] == ["李敏"]
    accepted = checked(row, planned=(STORED,), replace=True)
    assert len(accepted.entries) == len(accepted.warnings) == 1
    assert checked(("", "辽72", "", "王建国", "2019-08-24"), planned=(STORED,)).warnings == ()


def test_a_rotation_ends_another_only_with_the_option() -> None:
    row = ("轮班", "辽72", "", "王建国", "2019-08-19")
    assert len(checked(row, planned=(ROTATING,)).faults) == 1
    assert len(checked(row, planned=(ROTATING,), replace=True).warnings) == 1


def test_swaps_and_assignments_hold_over_the_file_and_are_named() -> None:
    swapped = Planned(STORED.entry, "swap")
    found = checked(("", "辽72", "", "王建国", "2019-08-23"), planned=(swapped,))
    assert len(found.entries) == 1
    assert "仍以其为准" in found.warnings[0].reason.what


def test_a_shift_during_leave_is_doubtful_and_the_same_again_changes_nothing() -> None:
    away = Planned(entry("leave", "", {1: "王建国"}, *WEEK))
    found = checked(("", "辽72", "", "王建国", "2019-08-23"), planned=(away,))
    assert "休假" in found.warnings[0].reason.what
    again = checked(("", "辽72", "", "李敏", *WEEK), planned=(STORED,))
    assert (again.entries, again.unchanged) == ((), 1)
