"""Who may do what: the whole table of roles × actions × own and other courts."""

from dataclasses import replace

import pytest

from notifications.permissions import Action, Actor, Side, refusal

NINGBO, DALIAN = Side("浙72", "浙江省"), Side("辽72", "辽宁省")


def officer(court: str, province: str, *posts: str) -> Actor:
    return Actor(
        "某人", "某人", "officer", 7, court, province, posts[0] if posts else None, frozenset(posts)
    )


def token(role: str, *, court: str | None = None, province: str | None = None) -> Actor:
    return Actor("柜台", "柜台", role, court=court, province=province, token="柜台")


STRANGER = Actor("?", "?", "officer")
HERE = ("acknowledge", "result", "undo", "hand_over", "snooze")
THERE = ("file", "nudge", "supplement", "withdraw", "send_on")

CASES: list[tuple[str, Actor, str | None, str | None]] = [
    # who, actor, refusal of the jurisdiction court's actions, of the collaborating court's
    ("post A here", officer("辽72", "辽宁省", "A"), None, "not_collaborating"),
    ("post B here", officer("辽72", "辽宁省", "B"), None, "not_collaborating"),
    ("leader here", officer("辽72", "辽宁省", "leader"), None, "not_collaborating"),
    ("technician here", officer("辽72", "辽宁省", "technician"), "technician", "not_collaborating"),
    ("no post today", officer("辽72", "辽宁省"), "technician", "not_collaborating"),
    ("post A there", officer("浙72", "浙江省", "A"), "not_jurisdiction", None),
    ("coordinator of here", officer("辽", "辽宁省", "coordinator"), None, "not_collaborating"),
    ("coordinator of there", officer("浙", "浙江省", "coordinator"), "not_jurisdiction", None),
    ("post A elsewhere", officer("辽0211", "辽宁省", "A"), "not_jurisdiction", "not_collaborating"),
    ("stranger", STRANGER, "stranger", "stranger"),
    ("intake token of there", token("intake", court="浙72"), "role", None),
    ("intake token of here", token("intake", court="辽72"), "role", "not_collaborating"),
    ("intake token of a province", token("intake", province="浙江省"), "role", None),
    ("intake token for all", token("intake"), "role", None),
    ("reader token", token("reader"), "role", "role"),
    ("board token", token("board"), "role", "role"),
    ("coordinator token of here", token("coordinator", province="辽宁省"), None, "not_collaborating"),
    ("coordinator token of there", token("coordinator", province="浙江省"), "not_jurisdiction", None),
    ("admin token", token("admin"), None, None),
]  # fmt: skip


@pytest.mark.parametrize(("who", "actor", "here", "there"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.parametrize("action", [*HERE, *THERE])
def test_each_actor_may_do_what_the_table_says(
    who: str, actor: Actor, here: str | None, there: str | None, action: Action
) -> None:
    assert refusal(action, actor, NINGBO, DALIAN) == (here if action in HERE else there)


#: Who may order an answer (督办): the jurisdiction court's coordinator, and tokens that speak for one.
ORDERS = {
    "coordinator of here": None,
    "coordinator token of here": None,
    "coordinator token of there": "not_jurisdiction",
    "admin token": None,
    "stranger": "stranger",
    **dict.fromkeys(
        (case[0] for case in CASES if case[0].startswith(("intake", "reader", "board"))), "role"
    ),
}


@pytest.mark.parametrize(("who", "actor"), [case[:2] for case in CASES])
def test_only_the_coordinator_of_the_deciding_province_orders_an_answer(
    who: str, actor: Actor
) -> None:
    expected = ORDERS.get(who, "not_coordinator")
    assert refusal("supervise", actor, NINGBO, DALIAN) == expected


CLOSED = Side("辽72", "辽宁省", "辽02", frozenset({42}))

STANDING_IN: list[tuple[str, Actor, str | None]] = [
    ("post A of the substitute court", officer("辽02", "辽宁省", "A"), None),
    ("technician of the substitute court", officer("辽02", "辽宁省", "technician"), "technician"),
    ("post A of another court", officer("辽0211", "辽宁省", "A"), "not_jurisdiction"),
    ("the closed court itself", officer("辽72", "辽宁省", "A"), None),
    ("the officer named", replace(officer("沪01", "上海市", "A"), officer_id=42), None),
    (
        "that officer without a post",
        replace(officer("沪01", "上海市"), officer_id=42),
        "technician",
    ),
    ("a token of the substitute court", token("coordinator", court="辽02"), "not_jurisdiction"),
]


@pytest.mark.parametrize(("who", "actor", "expected"), STANDING_IN, ids=[c[0] for c in STANDING_IN])
@pytest.mark.parametrize("action", HERE)
def test_who_stands_in_for_a_closed_court_decides_like_it(
    who: str, actor: Actor, expected: str | None, action: Action
) -> None:
    assert refusal(action, actor, NINGBO, CLOSED) == expected
    assert refusal("withdraw", actor, NINGBO, CLOSED) == "not_collaborating"
