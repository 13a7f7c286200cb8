"""A workbook against what changed after it was exported: what would be lost is named, one's own work is not."""

from dataclasses import replace

import pytest

from directory import import_faults as why
from directory.import_officers import HeavyDeparture
from directory.import_people import Term
from directory.import_plan import Plan, plan
from directory.import_staleness import Later
from tests.unit.import_words import PEOPLE, TODAY, court, existing, officer, table

#: 电话 was 1 when it was exported, somebody made it 2.
OTHERS = Later("别人", "2026-11-24 10:00", ("1",))
OWN = replace(OTHERS, own=True)


def judged(before, later, *tables, replace_courts=()):
    known = replace(before, later=later)
    found = plan(known, tables, replace_courts=replace_courts, today=TODAY)
    if isinstance(found, Plan):
        return []
    return [(f.place.column or f.place.file, f.reason, f.data["who"]) for f in found.faults]


@pytest.mark.parametrize(
    ("later", "given", "refused"),
    [
        (OTHERS, "1", True),  # the cell nobody touched
        (OTHERS, "3", True),  # both changed it
        (OTHERS, "2", False),  # both changed it to the same
        (OWN, "3", False),  # the same workbook again, corrected once more
        (OWN, "1", True),  # another old workbook of the same operator
    ],
)
def test_a_court_s_field_is_set_back_by_nobody_unawares(later, given, refused):
    courts = table("code,name,level,province,phone", f"辽72,辽72法院,中级,辽宁省,{given}")
    before = existing(courts=[court("辽", "high"), court("辽72", phone="2")])
    found = judged(before, {"辽72": {"phone": later}}, courts)
    assert found == ([("phone", why.CHANGED_SINCE, "别人")] if refused else [])


def test_fields_that_nobody_else_changed_are_free():
    before = existing(officer(1, mobile="13800000001"))
    people = table(PEOPLE + ",title", "辽72,王建国,A,庭长")
    assert judged(before, {1: {"mobile": OTHERS}, "辽72": {"title": OTHERS}}, people) == []


def test_a_number_is_named_masked():
    before = replace(existing(officer(1, mobile="13800000002")), later={1: {"mobile": OTHERS}})
    people = table(PEOPLE + ",mobile", "辽72,王建国,A,13800000003")
    (fault,) = plan(before, [people], today=TODAY).faults
    assert fault.data["stored"] == "138****0002"


def test_posts_and_departures_that_came_after_the_export_are_not_undone():
    before = existing(
        officer(1, posts={"A": Term(), "B": Term()}), officer(2, name="李敏"), officer(3, name="赵强", left=True)
    )  # fmt: skip
    later = {
        1: {"posts.B": Later("别人", "x", (None,))},
        2: {"left": Later("别人", "x", (None,)), "name": Later("别人", "x", (None,))},
        3: {"left": Later("别人", "x", (None,))},
    }
    people = table(PEOPLE, "辽72,王建国,A", "辽72,赵强,A")
    assert judged(before, later, people, replace_courts=["辽72"]) == [
        ("--replace-courts", why.JOINED_SINCE, "别人"),
        ("post", why.CHANGED_SINCE, "别人"),
        ("name", why.CHANGED_SINCE, "别人"),
    ]


def test_courts_that_lose_many_people_at_once_are_named():
    people = [officer(number, name=f"人{number}号") for number in range(1, 11)]
    for staying, heavy in ((9, ()), (8, ()), (7, (HeavyDeparture("辽72", 3, 10),))):
        rows = [f"辽72,人{number}号,A" for number in range(1, staying + 1)]
        found = plan(
            existing(*people), [table(PEOPLE, *rows)], replace_courts=["辽72"], today=TODAY
        )
        assert isinstance(found, Plan)
        assert found.heavy == heavy
