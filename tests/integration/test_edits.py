"""Edits of single entries: what they write, record and refuse, and what a departure or a move ends."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from directory import changes, edits, invitations, officers, shifts
from directory import import_faults as why
from directory.access import OPERATOR, Viewer
from directory.change_models import DirectoryChange
from directory.database import Database
from directory.duty_models import Rotation, Shift
from directory.edit_values import HAS_LEFT, HAS_NOT_LEFT, NOT_YOUR_ENTRY, NOT_YOURS
from directory.edits import Conflict, Edited, Editor, Refused
from directory.invitations import InvitationRefused
from directory.models import Court, Officer, OfficerPost
from tests.builders import Builders
from tests.clock import FrozenClock

TODAY = date(2019, 8, 19)
ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])

LEADER = Editor("辽72:赵强", Viewer("officer", 900, "辽72", "辽宁省", frozenset({"leader"})))
COORDINATOR = Editor("辽:周琳", Viewer("officer", 901, "辽", "辽宁省", frozenset({"coordinator"})))
ABROAD = Editor("浙:钱程", Viewer("officer", 902, "浙", "浙江省", frozenset({"coordinator"})))
OPERATING = Editor("cli", OPERATOR)


async def _changes(database: Database) -> list[DirectoryChange]:
    async with database.reading() as session:
        return await changes.page(session, after=0, limit=100)


def _posts(officer: Officer) -> dict[str, tuple[date | None, date | None]]:
    return {held.post: (held.valid_from, held.valid_to) for held in officer.posts}


async def test_an_edit_is_written_recorded_and_met_by_the_next_one(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    """The second editor saw the old number: told who was there first, nothing of theirs is written."""
    people = await builders.liaoning()
    asked: dict[str, Any] = {"now": clock.now(), "today": TODAY}
    async with database.transaction() as session:
        officer = await officers.find(session, "辽72:王建国")
        done = await edits.change_officer(
            session, officer, {"desk_phone": " 0411-1 ", "title": "法官"}, by=LEADER, **asked
        )
    assert isinstance(done, Edited)
    assert done.change is not None
    assert (done.change.before, done.change.after, done.change.kind) == (
        {"title": None, "desk_phone": "0411-8000101"},
        {"title": "法官", "desk_phone": "0411-1"},
        "changed",
    )
    seen = {"desk_phone": "0411-8000101"}
    async with database.transaction() as session:
        officer = await officers.find(session, str(people.a.id))
        met = await edits.change_officer(
            session, officer, {"desk_phone": "0411-2", "department": "立案庭"},
            by=COORDINATOR, expected=seen, **asked,
        )  # fmt: skip
    assert met == Conflict("desk_phone", "0411-8000101", "0411-1", "辽72:赵强", clock.now())
    async with database.transaction() as session:
        officer = await officers.find(session, str(people.a.id))
        assert (officer.desk_phone, officer.department) == ("0411-1", None)
        same = await edits.change_officer(
            session, officer, {"desk_phone": "0411-1"}, by=COORDINATOR, expected=seen, **asked
        )
    assert same == Edited(None, officer)
    assert len(await _changes(database)) == 1


@ON_SQLITE
async def test_a_courts_own_people_change_what_stands_at_the_door_and_the_province_the_rest(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.liaoning()

    async def change(values: dict[str, object], by: Editor, **more: Any) -> Any:
        async with database.transaction() as session:
            court = await session.get_one(Court, "辽72")
            return await edits.change_court(session, court, values, by=by, now=clock.now(), **more)

    assert isinstance(await change({"hours": "9:00-17:00", "phone": "0411-5"}, LEADER), Edited)
    async with database.reading() as session:
        court = await session.get_one(Court, "辽72")
        assert (court.verified_at, court.verified_by) == (clock.now(), LEADER.who)
    refused = await change({"aliases": ["海事院"], "phone": "0411-6"}, LEADER)
    assert isinstance(refused, Refused)
    assert [(f.place.column, f.reason) for f in refused.faults] == [("aliases", NOT_YOURS)]
    abroad = await change({"phone": "1"}, ABROAD)
    assert isinstance(abroad, Refused)
    assert [f.reason for f in abroad.faults] == [NOT_YOUR_ENTRY]
    met = await change({"hours": "8:00-12:00"}, COORDINATOR, expected={"hours": None})
    assert isinstance(met, Conflict)
    assert (met.now_is, met.by) == ("9:00-17:00", "辽72:赵强")
    assert isinstance(
        await change({"aliases": ["海事院"], "parent_code": "辽"}, COORDINATOR), Edited
    )
    bad = await change({"parent_code": "辽09"}, COORDINATOR)
    assert isinstance(bad, Refused)
    assert [f.reason for f in bad.faults] == [why.PARENT_NOWHERE]
    # Only what differs counts: the whole body of an export may come back from anybody who may edit.
    assert await change({"name": "大连海事法院", "phone": "0411-5"}, LEADER) == Edited(None)
    assert [row.after for row in await _changes(database)] == [
        {"hours": "9:00-17:00", "phone": "0411-5"},
        {"aliases": ["海事院"]},
    ]


@ON_SQLITE
async def test_a_departure_ends_posts_account_invitations_and_turns_and_a_return_begins_anew(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    people = await builders.liaoning()
    now = clock.now()
    week = timedelta(days=7)
    async with database.transaction() as session:
        officer = await officers.find(session, str(people.a.id))
        code = await invitations.invite(session, officer, now=now)
        plan = {"source": shifts.PLAN, "by": "cli", "now": now}
        await shifts.assign(session, "辽72", "A", officer.id, TODAY - week, TODAY + week, **plan)
        await shifts.assign(
            session, "辽72", "A", officer.id, TODAY + 2 * week, TODAY + 3 * week, **plan
        )
        both = [officer.id, people.b.id]
        await shifts.rotate(
            session, "辽72", "B", both, TODAY - timedelta(days=2), by="cli", now=now
        )
    async with database.transaction() as session:
        officer = await officers.find(session, str(people.a.id))
        done = await edits.depart(session, officer, by=LEADER, now=now, today=TODAY)
        assert isinstance(done, Edited)
        again = await edits.depart(session, officer, by=LEADER, now=now, today=TODAY)
        assert isinstance(again, Refused)
        assert again.faults[0].reason == HAS_LEFT
    async with database.transaction() as session:
        officer = await officers.find(session, str(people.a.id), departed=True)
        assert (officer.left_at, officer.telegram_id, officer.mobile) == (now, None, None)
        assert _posts(officer) == {"A": (None, TODAY)}
        assert isinstance(
            await invitations.accept_invitation(session, 555, code, now=now), InvitationRefused
        )
        stand = await session.scalars(
            select(Shift).where(Shift.cancelled_at.is_(None)).order_by(Shift.id)
        )
        # The turn under way was theirs: the colleague has its rest, and the turns after it.
        assert [(s.officer_id, s.first_day, s.last_day) for s in stand] == [
            (officer.id, TODAY - week, TODAY - timedelta(days=1)),
            (people.b.id, TODAY, TODAY + timedelta(days=4)),
        ]
        turns = await session.scalars(select(Rotation).order_by(Rotation.id))
        assert [(r.officer_ids, r.starts_on, r.ends_on) for r in turns] == [
            (both, TODAY - timedelta(days=2), TODAY - timedelta(days=1)),
            ([people.b.id], TODAY + timedelta(days=5), None),
        ]
        back = await edits.bring_back(
            session, officer, {"B": {"valid_from": TODAY}}, by=LEADER, now=now, today=TODAY
        )
        assert isinstance(back, Edited)
        assert _posts(officer) == {"A": (None, TODAY), "B": (TODAY, None)}
        twice = await edits.bring_back(session, officer, {"B": {}}, by=LEADER, now=now, today=TODAY)
        assert isinstance(twice, Refused)
        assert twice.faults[0].reason == HAS_NOT_LEFT
    rows = await _changes(database)
    assert [row.kind for row in rows] == ["departed", "returned"]
    assert rows[0].before["telegram_id"] == 101


@ON_SQLITE
async def test_a_move_keeps_the_person_and_ends_the_posts_at_the_old_court(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    people = await builders.liaoning()
    now = clock.now()
    async with database.transaction() as session:
        officer = await officers.find(session, str(people.a.id))
        officer.mobile = "13900001111"
        session.add(OfficerPost(officer_id=officer.id, post="technician"))
        there = await session.get_one(Court, "辽")
        asked: dict[str, Any] = {"now": now, "today": TODAY}
        post = {"A": {"valid_from": TODAY}}
        refused = await edits.move(session, officer, there, post, by=LEADER, **asked)
        assert isinstance(refused, Refused)
        beyond = await session.get_one(Court, "浙")
        for by in (COORDINATOR, ABROAD):
            refused = await edits.move(session, officer, beyond, post, by=by, **asked)
            assert isinstance(refused, Refused), by
        done = await edits.move(session, officer, there, post, by=COORDINATOR, **asked)
        assert isinstance(done, Edited)
    async with database.reading() as session:
        officer = await officers.find(session, str(people.a.id))
        assert (officer.court_code, officer.telegram_id, officer.mobile) == (
            "辽",
            101,
            "13900001111",
        )
        assert _posts(officer) == {"A": (TODAY, None), "technician": (None, date(2019, 8, 18))}
        assert officers.posts_on(officer, TODAY) == {"A"}
        history = await changes.of_officer(session, officer.id)
        assert [row.kind for row in history] == ["moved"]
        assert (history[0].before["court_code"], history[0].after["court_code"]) == ("辽72", "辽")


@ON_SQLITE
async def test_somebody_new_needs_a_name_and_a_post_that_the_editor_may_give(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.liaoning()

    async def add(values: dict[str, Any], by: Editor, court: str = "辽72") -> Any:
        async with database.transaction() as session:
            there = await session.get_one(Court, court)
            return await edits.add_officer(
                session, there, values, by=by, now=clock.now(), today=TODAY
            )

    done = await add({"name": "孙 洋", "mobile": "139 0000 1111", "posts": {"B": {}}}, LEADER)
    assert isinstance(done, Edited)
    assert done.change is not None
    assert done.change.after == {
        "court_code": "辽72", "name": "孙洋", "mobile": "13900001111",
        "posts": {"B": {"valid_from": None, "valid_to": None}},
    }  # fmt: skip
    nothing = await add({}, LEADER)
    assert [(f.place.column, f.reason) for f in nothing.faults] == [
        ("name", why.NEEDED),
        ("posts", why.NEEDED),
    ]
    crown = {"name": "孙洋", "posts": {"coordinator": {}}}
    of_the_high_court = Editor("x", Viewer("officer", 903, "辽", "辽宁省", frozenset({"leader"})))
    assert [f.reason for f in (await add(crown, of_the_high_court, "辽")).faults] == [NOT_YOURS]
    assert isinstance(await add(crown, OPERATING, "辽"), Edited)
    assert next(f.reason for f in (await add(crown, ABROAD)).faults) == NOT_YOUR_ENTRY
