"""What an import adds and changes of courts, and every fault it names of headings, cells and courts."""

import pytest

from directory import import_faults as why
from directory.import_courts import CourtAdded, CourtChanged
from directory.import_officers import OfficerAdded
from directory.import_plan import Refusal, plan
from directory.import_tables import COURT_COLUMNS, OFFICER_COLUMNS
from directory.models import Court, Officer, OfficerPost
from tests.unit.import_words import (
    COURTS,
    PEOPLE,
    TODAY,
    court,
    existing,
    faults,
    officer,
    planned,
    table,
)

# Headings


def test_courts_and_officers_come_in_one_call_in_any_order():
    people = table(PEOPLE, "浙72,陈洁,A")
    courts = table(COURTS, "浙72,宁波海事法院,intermediate,浙江省")
    found = planned(existing(courts=[]), people, courts)
    assert [type(change) for change in found.added] == [CourtAdded, OfficerAdded]


@pytest.mark.parametrize(
    "header",
    [
        "法院代字,姓名,岗位,手机",
        "court_code,姓名,post,手机",
        " Court_Code ,NAME,岗位,ｍｏｂｉｌｅ",
        "\ufeff法院代字,姓名,岗位,手机",
    ],
)
def test_headings_are_english_or_chinese_or_mixed(header):
    (added,) = planned(existing(), table(header, "辽72,陈洁,B岗,13800000001")).added
    assert (added.values["mobile"], list(added.posts)) == ("13800000001", ["B"])


def test_an_unknown_column_is_named_and_stops_no_other_check():
    found = faults(existing(), table(PEOPLE + ",微信", "辽72,陈洁,Z,x"))
    assert found == [(1, "微信", None, why.UNKNOWN_COLUMN), (2, "post", "Z", why.BAD_POST)]


def test_a_column_that_comes_twice_is_named_also_in_the_other_language():
    assert faults(existing(), table(PEOPLE + ",姓名", "辽72,陈洁,A,陈洁")) == [
        (1, "姓名", None, why.DUPLICATE_COLUMN)
    ]


def test_missing_needed_columns_are_named_together():
    result = plan(existing(), [table("court_code,手机", "辽72,")], today=TODAY)
    assert isinstance(result, Refusal)
    assert [(f.reason, f.data) for f in result.faults] == [
        (why.MISSING_COLUMN, {"columns": "姓名（name）、岗位（post）"})
    ]


def test_a_table_of_nothing_we_know_is_refused():
    assert faults(existing(), table("甲,乙", "1,2")) == [(1, None, None, why.NO_KIND)]


def test_a_lost_or_surplus_comma_is_a_fault():
    header = PEOPLE + ",mobile"
    found = faults(existing(), table(header, "辽72,陈洁,A", "辽72,李敏,B,,13800000001"))
    assert [reason for *_, reason in found] == [why.TOO_FEW_CELLS, why.TOO_MANY_CELLS]


def test_columns_without_heading_may_be_there_as_long_as_they_are_empty():
    assert planned(existing(), table(PEOPLE + ",,", "辽72,陈洁,A,,")).added
    found = faults(existing(), table(PEOPLE + ",", "辽72,陈洁,A,甲"))
    assert [reason for *_, reason in found] == [why.UNNAMED_COLUMN]


# Cells


@pytest.mark.parametrize(
    ("word", "post"),
    [("A", "A"), ("ａ岗", "A"), ("专职责任人", "A"), ("Ｂ岗", "B"), ("带班领导", "leader"),
     ("技术人员", "technician"), ("Leader", "leader")],
)  # fmt: skip
def test_posts_are_read_in_both_languages_and_full_width(word, post):
    (added,) = planned(existing(), table(PEOPLE, f"辽72,陈洁,{word}")).added
    assert list(added.posts) == [post]


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("hours", "8点到5点", why.BAD_HOURS),
        ("timezone", "北京", why.BAD_TIMEZONE),
        ("timezone", "../../etc/passwd", why.BAD_TIMEZONE),
        ("group_chat_id", "群", why.BAD_INTEGER),
        ("group_chat_id", "5", why.OUT_OF_RANGE),
        ("answer_target_min", "0", why.OUT_OF_RANGE),
        ("answer_target_min", "1.5", why.BAD_INTEGER),
        ("result_target_min", "-3", why.OUT_OF_RANGE),
        ("city", "城" * 65, why.TOO_LONG),
        ("parent_code", "辽宁", why.BAD_CODE),
    ],
)
def test_a_wrong_cell_of_a_court_is_named_with_its_value(column, cell, reason):
    row = ["辽73", "某法院", "中级", "辽宁省", cell]
    ((line, heading, value, found),) = faults(existing(), table(f"{COURTS},{column}", row))
    assert (line, heading, found) == (2, column, reason)
    assert value == (cell if len(cell) < 60 else cell[:60] + "…")


def test_every_fault_comes_at_once_in_the_order_of_the_lines():
    rows = ("辽9999,陈洁,A", "辽72,,A", "辽72,李敏,甲岗", "大连,王五,B")
    assert faults(existing(), table(PEOPLE, *rows)) == [
        (2, "court_code", "辽9999", why.COURT_NOWHERE),
        (3, "name", "", why.NEEDED),
        (4, "post", "甲岗", why.BAD_POST),
        (5, "court_code", "大连", why.BAD_CODE),
    ]


def test_cells_are_no_longer_than_the_tables_columns():
    models = {"courts": (COURT_COLUMNS, Court), "officers": (OFFICER_COLUMNS, Officer)}
    for columns, model in models.values():
        for column in columns:
            stored = {"court_code": Court.code, "post": OfficerPost.post}.get(
                column.field, getattr(model, column.field, None)
            )
            length = getattr(getattr(stored, "type", None), "length", None)
            if length is not None and column.field not in {"level", "mobile"}:
                assert 0 < column.limit <= length, column.field


# Courts


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("辽74,某法院,中级,辽宁省,辽99", why.PARENT_NOWHERE),
        ("辽74,某法院,中级,辽宁省,辽74", why.PARENT_IS_ITSELF),
        ("辽74,某法院,高级,辽宁省,辽", why.LEVEL_AGAINST_CODE),
    ],
)
def test_a_court_out_of_place_is_refused(row, reason):
    found = faults(existing(), table(COURTS + ",parent_code", row))
    assert [reason for *_, reason in found] == [reason]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("吉,吉林高院,高级,吉林省,最高法", why.PARENT_NOWHERE),
        ("辽7405,油田法庭,tribunal,辽宁省,辽", why.LEVEL_AGAINST_CODE),
        ("辽74,某法院,中级,吉林省,辽", why.PROVINCE_AGAINST_CODE),
    ],
)
def test_a_doubt_about_a_court_is_a_warning(row, reason):
    found = planned(existing(), table(COURTS + ",parent_code", row))
    assert [w.reason for w in found.warnings] == [reason]
    assert len(found.added) == 1


def test_parents_that_lead_back_are_refused():
    rows = ("辽74,甲,中级,辽宁省,辽75", "辽75,乙,中级,辽宁省,辽74")
    found = faults(existing(), table(COURTS + ",parent_code", *rows))
    assert {reason for *_, reason in found} == {why.PARENT_IS_ITSELF}


def test_a_court_twice_is_refused_also_across_files():
    row = "辽73,某法院,中级,辽宁省"
    result = plan(existing(), [table(COURTS, row), table(COURTS, row, file="二.csv")], today=TODAY)
    assert isinstance(result, Refusal)
    (fault,) = result.faults
    assert (fault.place.file, fault.reason, fault.data["other"]) == (
        "二.csv",
        why.DUPLICATE_COURT,
        "人员.csv:2",
    )


def test_an_empty_cell_clears_and_a_missing_column_leaves():
    before = existing(courts=[court("辽72", phone="0411-1", city="大连市", kind="maritime")])
    rows = table(COURTS + ",phone,kind", "辽72,辽72法院,中级,辽宁,,")
    (changed,) = planned(before, rows).changed
    assert isinstance(changed, CourtChanged)
    assert {c.field: (c.before, c.after) for c in changed.changes} == {
        "phone": ("0411-1", None),
        "kind": ("maritime", "general"),
    }


def test_a_kind_in_another_language_is_no_change():
    before = existing(courts=[court("辽72", kind="maritime")])
    assert planned(before, table(COURTS + ",类型", "辽72,辽72法院,中级,辽宁省,海事法院")).is_empty


def test_a_group_that_would_be_cleared_is_warned_of():
    before = existing(courts=[court("辽72", group_chat_id=-1001)])
    found = planned(before, table(COURTS + ",group_chat_id", "辽72,辽72法院,中级,辽宁省,"))
    assert [w.reason for w in found.warnings] == [why.GROUP_CLEARED]


def test_the_same_rows_again_are_no_change():
    before = existing(officer(1, title="庭长", mobile="13800000001", telegram_id=7))
    found = planned(
        before,
        table(COURTS + ",aliases", "辽72,辽72法院,intermediate,辽宁省,"),
        table(PEOPLE + ",title,手机,电报号", "辽72,王建国,A岗,庭长,138****0001,"),
    )
    assert found.is_empty
    assert found.warnings == ()
