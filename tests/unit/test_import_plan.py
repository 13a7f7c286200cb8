"""What an import adds, changes and departs, and every fault it names."""

from datetime import date

import pytest

from directory import import_faults as why
from directory.import_cells import MASKED, read_date, read_mobile, read_name
from directory.import_courts import CourtAdded, CourtChanged
from directory.import_faults import Unreadable
from directory.import_officers import Departed, OfficerAdded, OfficerChanged, PostChange
from directory.import_people import PERSON_FIELDS, ExistingOfficer, Term
from directory.import_plan import Existing, Plan, Refusal, plan
from directory.import_tables import COURT_COLUMNS, OFFICER_COLUMNS, Row, Table
from directory.models import Court, Officer, OfficerPost

TODAY = date(2026, 11, 24)
YESTERDAY = date(2026, 11, 23)
COURTS = "code,name,level,province"
PEOPLE = "court_code,name,post"


def table(header, *rows, file="人员.csv"):
    def cells(row):
        return tuple(row.split(",")) if isinstance(row, str) else tuple(row)

    lines = [Row(number, number, cells(row)) for number, row in enumerate([header, *rows], 1)]
    return Table(file, None, lines[0], tuple(lines[1:]))


def court(code, level="intermediate", **fields):
    empty = {column.field: None for column in COURT_COLUMNS}
    given = {"name": f"{code}法院", "province": "辽宁省", "kind": "general", "aliases": ()}
    return {**empty, **given, "code": code, "level": level, **fields}


def officer(number, code="辽72", name="王建国", *, left=False, posts=None, **fields):
    values = {**dict.fromkeys(PERSON_FIELDS), "name": name, **fields}
    held = {"A": Term()} if posts is None else posts
    return ExistingOfficer(number, code, values, left, held)


def existing(*officers, courts=None):
    known = [court("辽", "high"), court("辽72"), court("辽0211", "basic")]
    every = known if courts is None else courts
    return Existing({c["code"]: c for c in every}, {o.id: o for o in officers})


def planned(before, *tables, replace=()):
    found = plan(before, tables, replace_courts=replace, today=TODAY)
    assert isinstance(found, Plan), found
    return found


def faults(before, *tables, replace=()):
    found = plan(before, tables, replace_courts=replace, today=TODAY)
    assert isinstance(found, Refusal), found
    return [(f.place.line, f.place.column, f.place.value, f.reason) for f in found.faults]


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
    ("cell", "day"),
    [
        ("2026-11-24", TODAY),
        ("2026/11/24", TODAY),
        ("2026年11月24日", TODAY),
        ("２０２６-１１-２４", TODAY),
        ("20261124", TODAY),
        ("2026-11-24 00:00:00", TODAY),
        ("2026/1/4", date(2026, 1, 4)),
        (TODAY, TODAY),
        (46350, TODAY),
        (46350.0, TODAY),
        ("46350", TODAY),
        ("", None),
        (None, None),
    ],
)
def test_days_are_read_as_spreadsheets_and_people_write_them(cell, day):
    assert read_date(cell, 0) == day


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "24.11.2026", "明天", "11/24", 3, True, "2026-13-1"]
)
def test_what_is_no_day(cell):
    with pytest.raises(Unreadable) as fault:
        read_date(cell, 0)
    assert fault.value.reason is why.BAD_DATE


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("13800001234", "13800001234"),
        ("+86 138 0000 1234", "13800001234"),
        ("86-138-0000-1234", "13800001234"),
        ("008613800001234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        (13800001234, "13800001234"),
        (13800001234.0, "13800001234"),
        ("138****1234", MASKED),
        ("138＊＊＊＊1234", MASKED),
        ("****", MASKED),
        ("", None),
    ],
)
def test_mobiles_are_eleven_digits_however_written(cell, number):
    assert read_mobile(cell, 0) == number


@pytest.mark.parametrize("cell", ["1380000123", "138000012345", "041112345678", "x", "138****12x4"])
def test_what_is_no_mobile(cell):
    with pytest.raises(Unreadable) as fault:
        read_mobile(cell, 0)
    assert fault.value.reason is why.BAD_MOBILE


@pytest.mark.parametrize(
    ("cell", "name"),
    [("王 伟", "王伟"), ("王\u3000伟", "王伟"), ("\u200b王伟\ufeff", "王伟"), ("Li Wei", "Li Wei"),
     ("阿不都·买买提", "阿不都·买买提"), ("𠮷田鿍", "𠮷田鿍")],
)  # fmt: skip
def test_names_are_kept_but_for_their_padding(cell, name):
    assert read_name(cell, 64) == name


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


# People


def test_several_rows_of_one_person_are_one_person_with_several_posts():
    rows = ("辽72,陈洁,A,庭长,", "辽72,陈洁,leader,,13800000001")
    (added,) = planned(existing(), table(PEOPLE + ",title,mobile", *rows)).added
    assert isinstance(added, OfficerAdded)
    assert set(added.posts) == {"A", "leader"}
    assert (added.values["title"], added.values["mobile"]) == ("庭长", "13800000001")


def test_rows_of_one_person_that_contradict_each_other_are_refused():
    rows = ("辽72,陈洁,A,庭长", "辽72,陈洁,leader,院长")
    assert faults(existing(), table(PEOPLE + ",title", *rows)) == [
        (3, "title", "院长", why.CONTRADICTION)
    ]


def test_the_same_post_of_one_person_twice_is_refused():
    assert faults(existing(), table(PEOPLE, "辽72,陈洁,A", "辽72,陈 洁,A岗")) == [
        (3, "post", "A岗", why.DUPLICATE_POST)
    ]


def test_two_people_of_one_name_are_told_apart_by_id_only():
    before = existing(officer(1), officer(2, posts={"B": Term()}))
    header = "id," + PEOPLE + ",title"
    (changed,) = planned(before, table(header, "2,辽72,王建国,B,庭长")).changed
    assert changed.id == 2
    found = faults(before, table(PEOPLE + ",title", "辽72,王建国,B,庭长"))
    assert [reason for *_, reason in found] == [why.NAME_AMBIGUOUS]


def test_an_id_renames_its_person_but_never_moves_them_to_another_court():
    before = existing(officer(1))
    (changed,) = planned(before, table("id," + PEOPLE, "1,辽72,王建中,A")).changed
    assert [(c.field, c.after) for c in changed.changes] == [("name", "王建中")]
    found = faults(before, table("id," + PEOPLE, "1,辽0211,王建国,A"))
    assert [reason for *_, reason in found] == [why.ID_ELSEWHERE]


def test_an_unknown_id_is_taken_by_name_or_kept_for_somebody_new():
    rows = table("id," + PEOPLE, "77,辽72,王建国,A", "78,辽72,李敏,B")
    found = planned(existing(officer(1)), rows)
    assert [w.reason for w in found.warnings] == [why.ID_TAKEN_BY_NAME]
    assert [(a.name, a.new_id) for a in found.added] == [("李敏", 78)]


def test_a_second_person_of_a_name_comes_in_with_an_id_of_their_own():
    rows = table("id," + PEOPLE, "1,辽72,王建国,A", "9,辽72,王建国,B")
    (added,) = planned(existing(officer(1)), rows).added
    assert (added.new_id, list(added.posts)) == (9, ["B"])


def test_a_coordinator_belongs_to_a_high_court():
    assert planned(existing(), table(PEOPLE, "辽,周琳,省级协调员")).added
    assert faults(existing(), table(PEOPLE, "辽72,周琳,省级协调员")) == [
        (2, "post", "省级协调员", why.COORDINATOR_BELOW)
    ]


def test_terms_must_not_be_reversed_also_against_what_is_stored():
    header = PEOPLE + ",valid_from,valid_to"
    found = faults(existing(), table(header, "辽72,陈洁,A,2026-12-01,2026-11-01"))
    assert [reason for *_, reason in found] == [why.DATES_REVERSED]
    before = existing(officer(1, posts={"A": Term(date(2026, 12, 1), None)}))
    found = faults(before, table(PEOPLE + ",valid_to", "辽72,王建国,A,2026-11-01"))
    assert [reason for *_, reason in found] == [why.DATES_REVERSED]


def test_a_masked_mobile_leaves_the_stored_one():
    header = PEOPLE + ",mobile"
    before = existing(officer(1, mobile="13800001234"))
    assert planned(before, table(header, "辽72,王建国,A,138****1234")).is_empty
    other = planned(before, table(header, "辽72,王建国,A,139****1234"))
    assert other.is_empty
    assert [w.reason for w in other.warnings] == [why.MASK_OF_ANOTHER]
    new = planned(existing(), table(header, "辽72,王建国,A,138****1234"))
    assert new.added[0].values["mobile"] is None
    assert [w.reason for w in new.warnings] == [why.MASK_WITHOUT_NUMBER]


# Accounts


def test_an_account_is_linked_by_the_file_and_never_unlinked_by_an_empty_cell():
    header = PEOPLE + ",telegram_id"
    before = existing(officer(1, telegram_id=7))
    assert planned(before, table(header, "辽72,王建国,A,")).is_empty
    (changed,) = planned(before, table(header, "辽72,王建国,A,8")).changed
    assert [(c.field, c.before, c.after) for c in changed.changes] == [("telegram_id", 7, 8)]


def test_one_account_for_two_people_is_refused():
    header = PEOPLE + ",telegram_id"
    assert faults(existing(), table(header, "辽72,陈洁,A,7", "辽72,李敏,B,7")) == [
        (3, "telegram_id", "7", why.ACCOUNT_TWICE)
    ]
    assert faults(existing(officer(1, telegram_id=7)), table(header, "辽72,李敏,B,7")) == [
        (2, "telegram_id", "7", why.ACCOUNT_TAKEN)
    ]


def test_two_people_may_exchange_their_accounts():
    before = existing(officer(1, telegram_id=7), officer(2, name="李敏", telegram_id=8))
    rows = ("辽72,王建国,A,8", "辽72,李敏,A,7")
    found = planned(before, table(PEOPLE + ",telegram_id", *rows))
    assert len(found.changed) == 2


def test_an_account_of_somebody_who_left_goes_to_the_next():
    before = existing(officer(1, telegram_id=7, left=True))
    found = planned(before, table(PEOPLE + ",telegram_id", "辽72,李敏,A,7"))
    assert found.released == (1,)
    assert [w.reason for w in found.warnings] == [why.ACCOUNT_RELEASED]


# Departures


def test_people_missing_from_the_file_stay_unless_their_court_is_replaced():
    before = existing(officer(1), officer(2, name="李敏"), officer(3, "辽0211", "赵强"))
    rows = table(PEOPLE, "辽72,王建国,A")
    assert planned(before, rows).is_empty
    found = planned(before, rows, replace=["辽７２"])
    assert found.departed == (
        Departed(2, "辽72", "李敏", (PostChange("A", Term(), Term(None, TODAY)),)),
    )


def test_a_post_given_up_in_a_replaced_court_ended_yesterday():
    before = existing(officer(1, posts={"A": Term(), "B": Term(), "leader": Term(TODAY, None)}))
    (changed,) = planned(before, table(PEOPLE, "辽72,王建国,A"), replace=["辽72"]).changed
    assert isinstance(changed, OfficerChanged)
    assert changed.posts == (
        PostChange("B", Term(), Term(None, YESTERDAY)),
        PostChange("leader", Term(TODAY, None), None),
    )


def test_replacing_twice_changes_nothing_the_second_time():
    closed = {"A": Term(), "B": Term(None, YESTERDAY)}
    before = existing(officer(1, posts=closed), officer(2, name="李敏", left=True))
    assert planned(before, table(PEOPLE, "辽72,王建国,A"), replace=["辽72"]).is_empty


def test_who_left_and_comes_back_is_the_same_person():
    before = existing(officer(1, left=True, posts={"A": Term(None, YESTERDAY)}))
    (changed,) = planned(before, table(PEOPLE, "辽72,王建国,A")).changed
    assert changed.returned
    assert changed.posts == (PostChange("A", Term(None, YESTERDAY), Term()),)


def test_a_replaced_court_must_exist_and_a_file_of_people_must_be_there():
    rows = table(PEOPLE, "辽72,王建国,A")
    assert [r for *_, r in faults(existing(), rows, replace=["辽99"])] == [
        why.REPLACED_COURT_NOWHERE
    ]
    courts = table(COURTS, "辽72,辽72法院,中级,辽宁省")
    assert [r for *_, r in faults(existing(), courts, replace=["辽72"])] == [
        why.REPLACED_WITHOUT_OFFICERS
    ]
    emptied = planned(existing(officer(3, "辽0211")), rows, replace=["辽0211"])
    assert [w.reason for w in emptied.warnings] == [why.REPLACED_BY_NOBODY]
    assert [d.id for d in emptied.departed] == [3]
