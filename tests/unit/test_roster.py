"""Who holds a post on a day and whether the chat reaches them: a table of terms, then the rest."""

from datetime import date, timedelta

import pytest

from directory.roster import (
    NO_PLANS,
    Away,
    DatedShift,
    Plans,
    PostHolder,
    Turns,
    duty_of,
    next_change,
)

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
    assert next_change("辽72", holders, NO_PLANS, DAY, until=date(2020, 12, 31)) == changes_on


def test_a_mobile_number_does_not_show_in_a_repr() -> None:
    officer = holder(mobile="13812341234")
    assert "13812341234" not in repr(officer)
    assert "13812341234" not in repr(duty_of("辽72", [officer], DAY))


def test_a_mobile_number_of_a_planned_person_does_not_show_either() -> None:
    plans = Plans(people={7: holder(7, mobile="13812341234")})
    assert "13812341234" not in repr(plans)


#: 1 and 2 hold A and B; 3 and 4 hold no post and are known to the plans.
REGULAR = (holder(1), holder(2, "B"), holder(9, "leader"))
KNOWN = {number: holder(number) for number in (1, 2, 3, 4)}


def shift(row: int, officer: int, first: int, last: int, **facts: object) -> DatedShift:
    values: dict[str, object] = {"post": "A"}
    return DatedShift(
        id=row,
        officer_id=officer,
        first_day=DAY + timedelta(days=first),
        last_day=DAY + timedelta(days=last),
        **(values | facts),
    )


def turns(
    row: int, officers: tuple[int, ...], start: int, end: int | None = None, days: int = 7
) -> Turns:
    ends_on = None if end is None else DAY + timedelta(days=end)
    return Turns(row, "A", DAY + timedelta(days=start), ends_on, days, officers)


@pytest.mark.parametrize(
    ("shifts", "rotations", "at_a", "at_b"),
    [
        # Nothing is said of today: the posts' holders.
        ([], [], [1], [2]),
        ([shift(1, 3, 1, 5)], [], [1], [2]),
        ([shift(1, 3, -5, -1)], [], [1], [2]),
        # Both ends of a shift belong to it.
        ([shift(1, 3, 0, 5)], [], [3], [2]),
        ([shift(1, 3, -5, 0)], [], [3], [2]),
        # Of two plans, the one written later; an assignment or a swap before any plan.
        ([shift(1, 3, 0, 0), shift(2, 4, 0, 0)], [], [4], [2]),
        ([shift(2, 4, 0, 0), shift(1, 3, 0, 0)], [], [4], [2]),
        ([shift(1, 3, 0, 0, source="assigned"), shift(2, 4, 0, 0)], [], [3], [2]),
        ([shift(1, 3, 0, 0, source="swap"), shift(2, 4, 0, 0, source="assigned")], [], [4], [2]),
        # A rotation: the first, the second, the first again; not before it starts or after it ends.
        ([], [turns(1, (3, 4), 0)], [3], [2]),
        ([], [turns(1, (3, 4), -6)], [3], [2]),
        ([], [turns(1, (3, 4), -7)], [4], [2]),
        ([], [turns(1, (3, 4), -14)], [3], [2]),
        ([], [turns(1, (3, 4), -1, days=1)], [4], [2]),
        ([], [turns(1, (3, 4), 1)], [1], [2]),
        ([], [turns(1, (3, 4), -20, -1)], [1], [2]),
        ([], [turns(1, (), -1)], [1], [2]),
        ([], [turns(1, (3,), -20), turns(2, (4,), -1)], [4], [2]),
        # A dated shift before the rotation's turn.
        ([shift(1, 4, 0, 0)], [turns(9, (3,), -7)], [4], [2]),
        # B stands at A: they have changed places.
        ([shift(1, 2, 0, 0, source="swap")], [], [2], [1]),
        # Another post's shift says nothing of A.
        ([shift(1, 3, 0, 0, post="B")], [], [1], [3]),
        ([shift(1, 2, 0, 0), shift(2, 3, 0, 0, post="B")], [], [2], [3]),
        # Whom nobody knows any more stands nowhere.
        ([shift(1, 77, 0, 0)], [], [1], [2]),
    ],
)
def test_who_stands_at_the_desk_by_directory_shifts_and_rotations(
    shifts: list[DatedShift], rotations: list[Turns], at_a: list[int], at_b: list[int]
) -> None:
    plans = Plans(tuple(shifts), tuple(rotations), (), KNOWN)
    duty = duty_of("辽72", REGULAR, DAY, plans)
    assert [o.officer_id for o in duty.of("A")] == at_a
    assert [o.officer_id for o in duty.of("B")] == at_b
    assert {o.post for o in duty.of("A")} == {"A"}
    assert {o.post for o in duty.of("B")} == {"B"}
    assert [o.officer_id for o in duty.of("leader")] == [9]


def test_another_b_stays_b_when_one_of_them_stands_at_a() -> None:
    plans = Plans((shift(1, 2, 0, 0),), (), (), KNOWN)
    duty = duty_of("辽72", (*REGULAR, holder(5, "B")), DAY, plans)
    assert [o.officer_id for o in duty.of("B")] == [5]


@pytest.mark.parametrize(
    ("away", "facts", "unreachable"),
    [
        ([Away(1, DAY, DAY)], {}, "on_leave"),
        ([Away(1, BEFORE, BEFORE)], {}, None),
        ([Away(1, AFTER, AFTER)], {}, None),
        ([Away(2, DAY, DAY)], {}, None),
        ([Away(1, DAY, DAY, "absent")], {}, "absent"),
        ([Away(1, DAY, DAY, "absent"), Away(1, DAY, DAY)], {}, "on_leave"),
        ([Away(1, DAY, DAY), Away(1, DAY, DAY, "absent")], {}, "on_leave"),
        ([Away(1, DAY, DAY)], {"left": True}, "left"),
        ([Away(1, DAY, DAY)], {"telegram_id": None}, "on_leave"),
        ([Away(1, DAY, DAY, "absent")], {"telegram_id": None}, "unlinked"),
        ([Away(1, DAY, DAY, "absent")], {"blocked": True}, "blocked"),
    ],
)
def test_who_is_away_stands_there_with_the_reason(
    away: list[Away], facts: dict[str, object], unreachable: str | None
) -> None:
    duty = duty_of("辽72", [holder(**facts)], DAY, Plans(away=tuple(away)))
    assert [o.unreachable for o in duty.of("A")] == [unreachable]
    assert bool(duty.reachable("A")) is (unreachable is None)


@pytest.mark.parametrize(
    ("plans", "days"),
    [
        (Plans((shift(1, 3, 0, 4),), (), (), KNOWN), 5),
        (Plans((shift(1, 3, 2, 4),), (), (), KNOWN), 2),
        # The next shift is the same person's: nothing changes between the two.
        (Plans((shift(1, 3, 0, 4), shift(2, 3, 5, 6)), (), (), KNOWN), 7),
        (Plans((), (turns(1, (3, 4), -3),), (), KNOWN), 4),
        (Plans((), (turns(1, (3, 3, 4), 0),), (), KNOWN), 14),
        (Plans((), (turns(1, (3,), -3),), (), KNOWN), None),
        (Plans((), (turns(1, (3,), -3, 9),), (), KNOWN), 10),
        (Plans((), (), (Away(1, AFTER, AFTER),), KNOWN), 1),
        (Plans((), (), (Away(1, DAY, AFTER),), KNOWN), 2),
        (Plans((), (), (Away(8, DAY, AFTER),), KNOWN), None),
        (Plans((shift(1, 3, 90, 91),), (), (), KNOWN), None),
    ],
)
def test_the_next_change_is_the_first_day_with_other_people(plans: Plans, days: int | None) -> None:
    until = DAY + timedelta(days=60)
    changes_on = next_change("辽72", REGULAR, plans, DAY, until=until)
    assert changes_on == (None if days is None else DAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("facts", "away", "reads"),
    [
        ({}, [], True),
        ({}, [Away(1, DAY, DAY)], True),
        ({}, [Away(1, DAY, DAY, "absent")], True),
        ({"telegram_id": None}, [], False),
        ({"telegram_id": None}, [Away(1, DAY, DAY, "absent")], False),
        ({"blocked": True}, [], False),
        ({"left": True}, [], False),
    ],
)
def test_who_is_on_leave_is_not_called_but_told_when_nobody_else_is(
    facts: dict[str, object], away: list[Away], reads: bool
) -> None:
    alone = duty_of("辽72", [holder(1, "coordinator", **facts)], DAY, Plans(away=tuple(away)))
    assert bool(alone.to_tell("coordinator")) is reads
    two = [holder(1, "coordinator", **facts), holder(2, "coordinator")]
    told = duty_of("辽72", two, DAY, Plans(away=tuple(away))).to_tell("coordinator")
    assert 2 in [officer.officer_id for officer in told]
    assert len(told) == (1 if away or not reads else 2)


@pytest.mark.parametrize(
    ("posts", "stands"),
    [
        # No post of theirs is known: whoever planned them knew that.
        ([], True),
        ([("B", None, None)], True),
        ([("B", None, BEFORE)], False),
        ([("B", AFTER, None)], False),
        ([("technician", None, None)], False),
        ([("technician", None, None), ("B", None, DAY)], True),
        ([("coordinator", None, None)], True),
    ],
)
def test_somebody_whose_post_is_over_stands_nowhere_whatever_was_planned(
    posts: list[tuple[str, date | None, date | None]], stands: bool
) -> None:
    held = [holder(3, post, valid_from=first, valid_to=last) for post, first, last in posts]
    plans = Plans((shift(1, 3, 0, 0),), (turns(1, (3,), -7),), (), KNOWN)
    at_a = duty_of("辽72", (*REGULAR, *held), DAY, plans).of("A")
    assert [officer.officer_id for officer in at_a] == ([3] if stands else [1])
