"""Who holds a post on a day and whether the chat reaches them: a table of terms, then the rest."""

from datetime import date, timedelta

import pytest

from directory.roster import PostHolder, duty_of

DAY = date(2019, 8, 19)
BEFORE = DAY - timedelta(days=1)
AFTER = DAY + timedelta(days=1)


def holder(
    officer_id: int = 1, post: str = "A", court: str = "辽72", **facts: object
) -> PostHolder:
    values: dict[str, object] = {"name": f"人{officer_id}", "telegram_id": 100 + officer_id}
    return PostHolder(officer_id=officer_id, post=post, court_code=court, **(values | facts))


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "on_duty"),
    [
        (None, None, True),
        (DAY, None, True),
        (None, DAY, True),
        (DAY, DAY, True),
        (BEFORE, AFTER, True),
        (AFTER, None, False),
        (None, BEFORE, False),
        (AFTER, BEFORE, False),
        (date.min, date.max, True),
    ],
)
def test_both_ends_of_a_term_belong_to_it(
    valid_from: date | None, valid_to: date | None, on_duty: bool
) -> None:
    duty = duty_of("辽72", [holder(valid_from=valid_from, valid_to=valid_to)], DAY)
    assert bool(duty.of("A")) is on_duty


@pytest.mark.parametrize(
    ("facts", "unreachable"),
    [
        ({}, None),
        ({"telegram_id": None}, "unlinked"),
        ({"blocked": True}, "blocked"),
        ({"left": True}, "left"),
        ({"left": True, "telegram_id": None, "blocked": True}, "left"),
        ({"telegram_id": None, "blocked": True}, "unlinked"),
    ],
)
def test_whom_the_chat_cannot_reach_is_there_with_the_reason(
    facts: dict[str, object], unreachable: str | None
) -> None:
    duty = duty_of("辽72", [holder(**facts)], DAY)
    (officer,) = duty.of("A")
    assert officer.unreachable == unreachable
    assert duty.reachable("A") == ((officer,) if unreachable is None else ())


def test_who_left_is_history_once_somebody_else_holds_the_post() -> None:
    left, stays = holder(1, left=True), holder(2, telegram_id=None)
    duty = duty_of("辽72", [left, stays], DAY)
    assert [officer.officer_id for officer in duty.of("A")] == [2]


def test_every_post_has_an_entry_and_an_unknown_one_is_empty() -> None:
    duty = duty_of("辽72", [], DAY)
    assert {post: duty.of(post) for post in duty.posts} == dict.fromkeys(
        ("A", "B", "leader", "technician", "coordinator"), ()
    )
    assert duty.of("fallback") == ()


def test_holders_come_in_the_same_order_however_they_are_stored() -> None:
    people = [holder(3), holder(1), holder(2)]
    for order in (people, people[::-1]):
        assert [o.officer_id for o in duty_of("辽72", order, DAY).of("A")] == [1, 2, 3]


def test_one_person_may_hold_two_posts() -> None:
    duty = duty_of("辽72", [holder(1, "A"), holder(1, "leader")], DAY)
    assert duty.of("A")[0].officer_id == duty.of("leader")[0].officer_id == 1


def test_people_of_another_court_do_not_answer_but_its_coordinator_does() -> None:
    duty = duty_of("辽72", [holder(1, court="辽0211"), holder(2, "coordinator", court="辽")], DAY)
    assert duty.of("A") == ()
    assert [officer.officer_id for officer in duty.of("coordinator")] == [2]


def test_where_two_high_courts_share_a_province_the_codes_own_one_coordinates() -> None:
    coordinators = [holder(1, "coordinator", court="新"), holder(2, "coordinator", court="兵")]
    assert [o.officer_id for o in duty_of("兵01", coordinators, DAY).of("coordinator")] == [2]
    assert [o.officer_id for o in duty_of("新01", coordinators, DAY).of("coordinator")] == [1]


@pytest.mark.parametrize(
    ("terms", "changes_on"),
    [
        ([(None, None)], None),
        ([(None, DAY)], AFTER),
        ([(AFTER, None)], AFTER),
        ([(BEFORE, date.max)], None),
        ([(None, date(2019, 12, 31)), (date(2019, 9, 2), None)], date(2019, 9, 2)),
        ([(BEFORE, BEFORE)], None),
    ],
)
def test_the_next_change_of_duty_is_known(
    terms: list[tuple[date | None, date | None]], changes_on: date | None
) -> None:
    holders = [
        holder(number, valid_from=first, valid_to=last)
        for number, (first, last) in enumerate(terms)
    ]
    assert duty_of("辽72", holders, DAY).changes_on == changes_on


def test_a_mobile_number_does_not_show_in_a_repr() -> None:
    officer = holder(mobile="13812341234")
    assert "13812341234" not in repr(officer)
    assert "13812341234" not in repr(duty_of("辽72", [officer], DAY))
