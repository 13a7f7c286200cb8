"""What a form asks for: only what its reader changed, over what they saw, and no mask written back."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from bot.web.entry_forms import COURT_FIELDS, PERSON_FIELDS, as_seen, asked, merged, shown

TODAY = date(2019, 8, 19)
STORED = {
    "name": "王建国",
    "title": None,
    "department": "立案庭",
    "desk_phone": "0411-1",
    "mobile": "13812341234",
    "posts": {"A": {"valid_from": None, "valid_to": None}},
}


@dataclass
class Changed:
    before: dict = field(default_factory=dict)


def form(**changes):
    """The form as it is sent back untouched, with changes; None leaves a field out."""
    held = {f"post.{post}": "on" for post in STORED["posts"]}
    sent = {name: shown(name, STORED[name]) for name in PERSON_FIELDS} | held | changes
    return {name: value for name, value in sent.items() if value is not None}


def changed(sent, seen=STORED, posts=("A", "B"), **options):
    found = asked(sent, seen, PERSON_FIELDS, posts, today=TODAY, **options)
    return found.values, found.seen


def test_a_form_sent_back_untouched_asks_for_nothing():
    assert changed(form()) == ({}, {})


@pytest.mark.parametrize(
    ("name", "typed", "wanted"),
    [
        ("title", " 庭长 ", "庭长"),
        ("desk_phone", "", ""),
        ("mobile", "13900001111", "13900001111"),
        ("mobile", "139****1111", "139****1111"),
        ("mobile", "", ""),
    ],
)
def test_what_was_typed_is_asked_for_over_what_was_seen(name, typed, wanted):
    assert changed(form(**{name: typed})) == ({name: wanted}, {name: STORED[name]})


def test_fields_and_posts_of_others_are_passed_over():
    sent = form(telegram_id="1", id="2", **{"post.leader": "on"})
    assert changed(sent) == ({}, {})
    assert asked(form(name="甲"), STORED, (), (), today=TODAY).values == {}


def test_a_whole_number_stands_on_the_own_form_alone():
    assert shown("mobile", "13812341234") == "138****1234"
    own = form(mobile="13812341234")
    assert changed(own, whole_mobile=True) == ({}, {})


TERM = {"valid_from": "2019-08-19", "valid_to": None}
OVER = {"A": {"valid_from": None, "valid_to": "2019-08-18"}}


@pytest.mark.parametrize(
    ("sent", "held", "wanted"),
    [
        ({"post.A": None}, STORED["posts"], {"A": None}),
        ({"post.B": "on"}, STORED["posts"], {"B": TERM}),
        (
            {"post.A": "on", "post.A.to": "2019-09-30"},
            STORED["posts"],
            {"A": {"valid_from": None, "valid_to": "2019-09-30"}},
        ),
        ({"post.A": None}, OVER, {}),
        ({"post.A": "on"}, OVER, {"A": TERM}),
        ({"post.A": None, "post.A.from": "2019-09-01"}, OVER, {}),
    ],
)
def test_posts_are_given_from_today_and_given_up_by_their_box(sent, held, wanted):
    values, seen = changed(form(**sent), {**STORED, "posts": held})
    assert values.get("posts", {}) == wanted
    assert seen.get("posts", {}) == {post: held.get(post) for post in wanted}


def test_what_a_reader_saw_follows_from_the_changes_since():
    later = [
        Changed({"desk_phone": "0411-9", "posts": {"B": TERM, "A": None}}),
        Changed({"desk_phone": "0411-8"}),
    ]
    seen = as_seen(STORED, later)
    assert seen["desk_phone"] == "0411-8"
    assert seen["posts"] == {"B": TERM}
    assert STORED["posts"] == {"A": {"valid_from": None, "valid_to": None}}


def test_other_names_stand_a_line_each():
    seen = {"aliases": ["甲", "乙（/1990-01-01）"]}
    assert shown("aliases", seen["aliases"]) == "甲\n乙（/1990-01-01）"
    sent = {"aliases": "甲\r\n 丙 \r\n\r\n"}
    assert asked(sent, seen, COURT_FIELDS, (), today=TODAY).values == {"aliases": ["甲", "丙"]}
    untouched = {"aliases": "甲\r\n乙（/1990-01-01）"}
    assert asked(untouched, seen, COURT_FIELDS, (), today=TODAY).values == {}


def test_what_was_typed_comes_back_over_the_rest():
    mine = asked(form(title="庭长", **{"post.A": None}), STORED, PERSON_FIELDS, ("A",), today=TODAY)
    both = merged(STORED, mine)
    assert both["title"] == "庭长"
    assert both["desk_phone"] == "0411-1"
    assert both["posts"] == {}
