"""`GET /directory/changes`: who sees what of it, and how another system follows it."""

import itertools
import json

import pytest
from sqlalchemy import select

from directory import changes, courts, officers
from directory.change_models import Disclosure
from tests.web_desk import served

PATH = "/api/v1/directory/changes"
NAMES = itertools.count()


@pytest.fixture
async def desk(database, clock, builders):
    await builders.liaoning()
    async with served(database, clock) as web_desk:
        yield web_desk


@pytest.fixture
async def numbers(desk, database, clock):
    """A number, an account, a group; each in a transaction of its own."""
    async with database.transaction() as session:
        king = await officers.find(session, "辽72:王建国")
        changes.record(
            session, who="管理员", court_code="辽72", officer_id=king.id, kind="changed",
            before={"mobile": "13800000001"}, after={"mobile": "13800000002"}, now=clock.now(),
        )  # fmt: skip
    async with database.transaction() as session:
        again = await officers.find(session, str(king.id))
        await officers.unlink(session, again, who="管理员", now=clock.now())
    async with database.transaction() as session:
        ningbo = await courts.get(session, "浙72")
        by = await officers.find(session, "浙72:陈洁")
        await courts.link_group(session, ningbo, -2002, by=by, now=clock.now())
    return king.id


async def read(desk, query="", **scope):
    token = await desk.token(**scope, name=f"其他系统{next(NAMES)}") if scope else None
    response = await desk.get(PATH + query, token=token)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_changes_come_oldest_first_and_name_no_chat(desk, numbers):
    body = await read(desk)
    assert [(c["court"]["code"], c["kind"], c["who"]) for c in body["items"]] == [
        ("辽72", "changed", "管理员"),
        ("辽72", "changed", "管理员"),
        ("浙72", "changed", "浙72:陈洁"),
    ]
    first, unlinked, linked = body["items"]
    assert first["court"]["name"] == "大连海事法院"
    assert first["officer"] == {"id": numbers, "name": "王建国"}
    assert first["at"] == "2019-08-19T01:30:00Z"
    assert (unlinked["before"], unlinked["after"]) == ({"linked": True}, {"linked": False})
    assert (linked["officer"], linked["after"]) == (None, {"group_linked": True})
    assert "2002" not in json.dumps(body)
    assert body["next_cursor"] == str(linked["id"])


async def test_a_follower_keeps_its_place_at_the_end(desk, numbers, database, clock):
    seen, cursor = [], None
    for _ in range(4):
        body = await read(desk, "?limit=1" + (f"&cursor={cursor}" if cursor else ""))
        seen += body["items"]
        cursor = body["next_cursor"] or cursor
    assert [len(seen), body["items"], body["next_cursor"]] == [3, [], None]
    async with database.transaction() as session:
        await courts.move_group(session, -2002, -3003, now=clock.now())
    body = await read(desk, f"?cursor={cursor}")
    assert [change["who"] for change in body["items"]] == ["system"]


async def test_each_token_sees_its_own_part_and_whole_numbers_are_disclosures(
    desk, numbers, database
):
    for scope, mobile, count, told in (
        ({"role": "reader"}, "138****0002", 3, 0),
        ({"role": "reader", "court": "辽72"}, "138****0002", 2, 0),
        ({"role": "intake", "court": "浙72"}, None, 1, 0),
        ({"role": "coordinator", "province": "浙江省"}, None, 1, 0),
        ({"role": "coordinator", "province": "辽宁省"}, "13800000002", 2, 1),
        ({"role": "admin"}, "13800000002", 3, 2),
    ):
        body = await read(desk, **scope)
        assert len(body["items"]) == count, scope
        assert body["items"][0]["after"].get("mobile") == mobile, scope
        async with database.reading() as session:
            seen = list(await session.scalars(select(Disclosure.officer_id)))
        assert seen == [numbers] * told, scope


async def test_who_moves_is_seen_by_both_courts_and_a_removed_court_by_its_province(
    desk, database, clock, builders
):
    moved = await builders.officer("浙72", "马超")
    async with database.transaction() as session:
        await changes.lock(session)
        for kind, court, officer, before, after in (
            ("moved", "浙72", moved.id, {"court_code": "辽72"}, {"court_code": "浙72"}),
            ("changed", "浙72", moved.id, {"title": None}, {"title": "法官"}),
            ("removed", "辽99", None, {"code": "辽99", "province": "辽宁省"}, {}),
        ):
            changes.record(
                session, who="x", court_code=court, officer_id=officer, kind=kind,
                before=before, after=after, now=clock.now(),
            )  # fmt: skip
    for scope, kinds in (
        ({"court": "辽72"}, ["moved"]),
        ({"province": "辽宁省"}, ["moved", "removed"]),
        ({"court": "浙72"}, ["moved", "changed"]),
        ({"province": "浙江省"}, ["moved", "changed"]),
    ):
        body = await read(desk, role="reader", **scope)
        assert [change["kind"] for change in body["items"]] == kinds, scope
    removed = (await read(desk, role="reader", province="辽宁省"))["items"][-1]
    assert removed["court"] == {"code": "辽99", "name": None}
    async with database.reading() as session:
        assert [c.kind for c in await changes.of_court(session, "辽72")] == ["moved"]
        assert [c.kind for c in await changes.of_officer(session, moved.id)] == ["changed", "moved"]


async def test_a_cursor_that_was_not_given_is_refused(desk, numbers):
    for cursor in ("x", "-1", "1e3", "9999", "9" * 19):
        response = await desk.get(f"{PATH}?cursor={cursor}")
        assert response.status == 422, cursor
        assert (await response.json())["errors"][0]["field"] == "cursor"


async def test_the_wall_screen_reads_none_of_it(desk):
    token = await desk.token("board")
    assert (await desk.get(PATH, token=token)).status == 403
