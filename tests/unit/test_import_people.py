"""What an import adds, changes and departs of people, their posts and their accounts."""

from datetime import date

from directory import import_faults as why
from directory.import_officers import Departed, OfficerAdded, OfficerChanged, PostChange
from directory.import_people import Term
from tests.unit.import_words import (
    COURTS,
    PEOPLE,
    TODAY,
    YESTERDAY,
    existing,
    faults,
    officer,
    planned,
    table,
)


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


def test_a_telephone_number_in_the_column_of_ids_makes_no_number_of_anybody():
    rows = table("id," + PEOPLE, "13800000001,辽72,李敏,B", f"{2**63 - 1},辽72,孙洋,B")
    found = faults(existing(), rows)
    assert [(line, reason) for line, *_, reason in found] == [
        (2, why.ID_NOT_OURS),
        (3, why.ID_NOT_OURS),
    ]


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
