"""What somebody wants a card or a court to say: read like a file's cells, refused with field and reason."""

from datetime import date
from typing import Any

import pytest

from directory import edit_values
from directory import import_faults as why
from directory.change_values import COURT_FIELDS
from directory.import_officers import PostChange
from directory.import_people import Term

TODAY = date(2026, 11, 24)
STORED = {"name": "张伟", "mobile": "13812341234", "title": "法官", "desk_phone": "13712345678"}

READ = [
    ("a name loses its spacing", {"name": "王 伟"}, {"name": "王伟"}),
    ("a number with a country code", {"mobile": "+86 139 0000 1111"}, {"mobile": "13900001111"}),
    ("an empty text clears", {"title": " ", "desk_phone": None}, {"title": None, "desk_phone": None}),
    ("an office number", {"desk_phone": "0411-1转2"}, {"desk_phone": "0411-1转2"}),
    ("what stands already may stay", {"desk_phone": "13712345678"}, {"desk_phone": "13712345678"}),
    ("a mask says nothing", {"mobile": "138****1234"}, {}),
    ("a mask of stars says nothing", {"mobile": "****"}, {}),
]  # fmt: skip

REFUSED = [
    ("no name", {"name": " "}, "name", why.NEEDED),
    ("a short number", {"mobile": "1381234"}, "mobile", why.BAD_MOBILE),
    ("the mask of another number", {"mobile": "139****1234"}, "mobile", edit_values.MASK_UNKNOWN),
    ("a hidden digit guessed", {"mobile": "1381***1234"}, "mobile", edit_values.MASK_UNKNOWN),
    ("too long", {"department": "庭" * 65}, "department", why.TOO_LONG),
    ("what no card has", {"salary": "1"}, "salary", edit_values.NO_FIELD),
    ("words for a number", {"desk_phone": "打听一下"}, "desk_phone", edit_values.NO_NUMBER),
    (
        "a mobile where all see it",
        {"desk_phone": "138-0000-1111"},
        "desk_phone",
        edit_values.A_MOBILE,
    ),
    ("the court is no field of a card", {"court_code": "辽02"}, "court_code", edit_values.NO_FIELD),
]


@pytest.mark.parametrize(("what", "given", "expected"), READ, ids=[case[0] for case in READ])
def test_a_cards_values_are_read_as_the_files_are(
    what: str, given: dict[str, object], expected: dict[str, object]
) -> None:
    wanted = edit_values.read_person(given, STORED)
    assert (wanted.values, wanted.faults) == (expected, [])


@pytest.mark.parametrize(("what", "given", "name", "reason"), REFUSED, ids=[c[0] for c in REFUSED])
def test_what_a_card_cannot_say_is_refused_with_its_field(
    what: str, given: dict[str, object], name: str, reason: why.Reason
) -> None:
    (fault,) = edit_values.read_person(given, STORED).faults
    assert (fault.place.column, fault.reason) == (name, reason)


def test_a_mask_without_a_number_behind_it_is_refused() -> None:
    (fault,) = edit_values.read_person({"mobile": "138****1234"}, {}).faults
    assert fault.reason == edit_values.MASK_UNKNOWN


def day(text: str) -> date:
    return date.fromisoformat(text)


HELD = Term(day("2026-01-01"), None)
FUTURE = Term(day("2026-12-01"), None)
POSTS = [
    ("a new one", {"B": {}}, [PostChange("B", None, Term())]),
    ("given up: the last day is yesterday", {"A": None},
     [PostChange("A", HELD, Term(day("2026-01-01"), day("2026-11-23")))]),
    ("given up before it began", {"leader": None}, [PostChange("leader", FUTURE, None)]),
    ("given up long ago", {"technician": None}, []),
    ("not held at all", {"B": None}, []),
    ("the same again", {"A": {"valid_from": "2026/1/1", "valid_to": ""}}, []),
    ("another end", {"A": {"valid_from": "2026-01-01", "valid_to": day("2026-12-31")}},
     [PostChange("A", HELD, Term(day("2026-01-01"), day("2026-12-31")))]),
]  # fmt: skip
STORED_POSTS = {"A": HELD, "leader": FUTURE, "technician": Term(None, day("2026-01-31"))}


@pytest.mark.parametrize(("what", "given", "expected"), POSTS, ids=[case[0] for case in POSTS])
def test_posts_are_given_taken_and_changed_by_the_day(
    what: str, given: dict[str, Any], expected: list[PostChange]
) -> None:
    wanted = edit_values.read_posts(given, STORED_POSTS, level="basic", code="辽0211", today=TODAY)
    assert (list(wanted.posts), wanted.faults) == (expected, [])


BAD_POSTS = [
    ("no such post", {"chief": {}}, "posts.chief", why.BAD_POST),
    ("reversed", {"B": {"valid_from": "2026-12-02", "valid_to": "2026-12-01"}},
     "posts.B.valid_to", why.DATES_REVERSED),
    ("no day", {"B": {"valid_from": "soon"}}, "posts.B.valid_from", why.BAD_DATE),
    ("a coordinator below", {"coordinator": {}}, "posts.coordinator", why.COORDINATOR_BELOW),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "given", "name", "reason"), BAD_POSTS, ids=[c[0] for c in BAD_POSTS]
)
def test_posts_that_cannot_be_are_refused(
    what: str, given: dict[str, Any], name: str, reason: why.Reason
) -> None:
    found = edit_values.read_posts(given, {}, level="basic", code="辽0211", today=TODAY)
    assert (found.faults[0].place.column, found.faults[0].reason) == (name, reason)


COURT = dict.fromkeys(COURT_FIELDS) | {
    "code": "辽0211", "name": "甘井子区人民法院", "level": "basic", "kind": "general",
    "parent_code": "辽02", "province": "辽宁省", "aliases": ["甘井子法院"],
}  # fmt: skip
OTHERS = {"辽": {"parent_code": None}, "辽02": {"parent_code": "辽"}}

COURTS = [
    ("hours", {"hours": "9:00-17:00"}, None, None),
    ("hours that are none", {"hours": "always"}, "hours", why.BAD_HOURS),
    ("no name", {"name": ""}, "name", why.NEEDED),
    ("a parent that is nowhere", {"parent_code": "辽09"}, "parent_code", why.PARENT_NOWHERE),
    ("its own parent", {"parent_code": "辽0211"}, "parent_code", why.PARENT_IS_ITSELF),
    ("a level against the code", {"level": "high"}, "level", why.LEVEL_AGAINST_CODE),
    ("a target of no minutes", {"answer_target_min": 0}, "answer_target_min", why.OUT_OF_RANGE),
]


@pytest.mark.parametrize(("what", "given", "name", "reason"), COURTS, ids=[c[0] for c in COURTS])
def test_a_courts_values_are_checked_as_an_imports_row_is(
    what: str, given: dict[str, object], name: str | None, reason: why.Reason | None
) -> None:
    faults = edit_values.read_court(given, COURT, OTHERS).faults
    assert [(f.place.column, f.reason) for f in faults] == ([(name, reason)] if name else [])


def test_a_courts_empty_kind_and_names_become_what_the_files_mean_by_that() -> None:
    wanted = edit_values.read_court({"kind": "", "aliases": ["甘区", "甘区"]}, COURT, OTHERS)
    assert wanted.values == {"kind": "general", "aliases": ("甘区",)}
