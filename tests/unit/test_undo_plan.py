"""How an import is turned round, and what stands in its way."""

from datetime import UTC, datetime

import pytest

from directory.undo_plan import (
    Done,
    Standing,
    Touched,
    UndoConflict,
    children,
    conflicts,
    taken_accounts,
    turned,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TERM = {"valid_from": None, "valid_to": None}
ENDED = {"valid_from": None, "valid_to": "2026-11-20"}


def person(**values):
    return Standing("王建国", {"court_code": "辽72", "name": "王建国", "left": None, **values})


@pytest.mark.parametrize(
    ("done", "standing", "fields"),
    [
        (Done("辽72", 1, "changed", {"title": "a"}, {"title": "b"}), person(title="b"), []),
        (Done("辽72", 1, "changed", {"title": "a"}, {"title": "b"}), person(title="c"), ["title"]),
        # What somebody else filled in stays somebody else's.
        (Done("辽72", 1, "changed", {"title": "a"}, {"title": "b"}), person(title="b", mobile="1"), []),
        (Done("辽72", 1, "added", {}, {"name": "王建国", "court_code": "辽72"}), person(), []),
        (Done("辽72", 1, "added", {}, {"name": "王建国", "court_code": "辽72"}), person(mobile="1"), ["mobile"]),
        (Done("辽72", 1, "changed", {"posts": {"A": None}}, {"posts": {"A": TERM}}),
         person(**{"posts.A": TERM, "posts.B": TERM}), []),
        (Done("辽72", 1, "changed", {"posts": {"A": None}}, {"posts": {"A": TERM}}),
         person(**{"posts.A": ENDED}), ["posts.A"]),
        (Done("辽72", 1, "departed", {"left": None}, {"left": "x"}), person(), ["left"]),
        (Done("辽", None, "changed", {"aliases": ["a"]}, {"aliases": []}), Standing("x", {"aliases": None}), []),
        (Done("辽72", 1, "changed", {"title": "a"}, {"title": "b"}), None, ["gone"]),
        (Done("辽72", 1, "changed", {"title": "a"}, {"title": "b"}), Standing("x", {"title": "b"}, True), ["erased"]),
    ],
)  # fmt: skip
def test_a_field_goes_back_while_it_is_as_the_import_left_it(done, standing, fields):
    known = {} if standing is None else {done.key: standing}
    assert [found.field for found in conflicts([done], known, {})] == fields


def test_a_conflict_says_who_and_when():
    done = Done("辽72", 1, "changed", {"title": "a"}, {"title": "b"})
    by = Touched("别人", NOW)
    (found,) = conflicts([done], {1: person(title="c")}, {(1, "title"): by})
    assert found == UndoConflict("辽72", 1, "王建国", "title", "c", by)


def test_every_kind_has_its_other_way_round():
    standing = {
        1: person(), 2: person(**{"posts.A": TERM}, telegram_id=7),
        "辽": Standing("辽高院", {"name": "辽高院", "city": None}), 3: Standing("李敏", {"name": "李敏", "posts.A": TERM}),
    }  # fmt: skip
    found = turned(
        [
            Done("辽72", 1, "departed", {"left": None, "posts": {"A": TERM}}, {"left": "x", "posts": {"A": ENDED}}),
            Done("辽72", 1, "returned", {"left": "x"}, {"left": None}),
            Done("辽72", 2, "added", {}, {"name": "王建国", "posts": {"A": TERM}, "telegram_id": 7}),
            Done("辽", None, "added", {}, {"name": "辽高院"}),
            Done("辽", 3, "added", {}, {"name": "李敏"}),
        ],
        standing,
        NOW,
    )  # fmt: skip
    assert [(e.kind, e.after) for e in found] == [
        ("returned", {"left": None, "posts": {"A": TERM}}),
        ("departed", {"left": "x"}),
        ("departed", {"left": NOW.isoformat(), "posts": {"A": None}, "telegram_id": None}),
        ("removed", {}),
        ("removed", {}),
    ]
    assert found[3].before == {"name": "辽高院"}
    assert found[4].before == {"name": "李敏", "posts": {"A": TERM}}


def test_an_account_goes_back_unless_somebody_outside_holds_it():
    swap = [
        Done("辽72", 1, "changed", {"telegram_id": 101}, {"telegram_id": 102}),
        Done("辽72", 2, "changed", {"telegram_id": 102}, {"telegram_id": 101}),
    ]
    standing = {1: person(telegram_id=102), 2: person(telegram_id=101)}
    assert list(taken_accounts(turned(swap, standing, NOW), standing)) == []
    outside = {1: person(telegram_id=102), 3: Standing("赵强", {"telegram_id": 101})}
    (found,) = taken_accounts(turned(swap[:1], outside, NOW), outside)
    assert (found.officer_id, found.field, found.now) == (1, "telegram_id", "赵强")


def test_a_court_stays_while_others_are_under_it():
    added = [Done("辽", None, "added", {}, {}), Done("辽", 1, "added", {}, {})]
    moved = Done("辽72", None, "changed", {"parent_code": None}, {"parent_code": "辽"})
    standing = {
        "辽": Standing("辽高院", {}), 1: Standing("王建国", {"court_code": "辽"}),
        "辽72": Standing("大连海事", {"parent_code": "辽"}),
    }  # fmt: skip
    found = list(children(turned(added, standing, NOW), standing))
    assert [(c.court_code, c.field, c.now) for c in found] == [("辽", "in_use", "大连海事")]
    # What the same import put under it goes back first.
    assert list(children(turned([*added, moved], standing, NOW), standing)) == []
