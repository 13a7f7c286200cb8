"""Courts, their people and who is on duty, over HTTP."""

from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest

from directory import calendars, worktime
from directory.calendars import SettledDay
from directory.models import Officer, OfficerPost
from tests.web_desk import served

DALIAN = "/api/v1/courts/%E8%BE%BD72"


@pytest.fixture
async def desk(database, clock, builders):
    await builders.liaoning()
    await builders.court("辽0106", "沈阳市铁西区人民法院", city="沈阳市", aliases=["铁西法院"])
    await builders.court("辽0303", "鞍山市铁西区人民法院", city="鞍山市")
    async with served(database, clock) as web_desk:
        yield web_desk


async def test_a_court_comes_with_its_people(desk):
    response = await desk.get(DALIAN)
    assert response.status == 200
    body = await response.json()
    assert body["code"] == "辽72"
    assert body["name"] == "大连海事法院"
    assert body["province"] == "辽宁省"
    assert body["group_linked"] is True
    assert [officer["name"] for officer in body["officers"]] == ["王建国", "李敏", "赵强"]
    assert body["officers"][0]["posts"] == [{"post": "A", "valid_from": None, "valid_to": None}]
    assert body["officers"][0]["desk_phone"] == "0411-8000101"
    assert body["officers"][0]["linked"] is True


async def test_people_who_left_are_not_shown(desk, builders, clock):
    await builders.officer("辽72", "已调离", "A", left_at=clock.now())
    for path in (DALIAN, f"{DALIAN}/on-duty"):
        body = await (await desk.get(path)).json()
        assert "已调离" not in [officer["name"] for officer in body["officers"]]


async def test_a_code_may_be_written_full_width(desk):
    assert (await desk.get("/api/v1/courts/%E8%BE%BD%EF%BC%97%EF%BC%92")).status == 200


@pytest.mark.parametrize("code", ["nowhere", "%00", "%FF", "%E8%BE%BD99"])
async def test_an_unknown_court_is_404(desk, code):
    for path in (f"/api/v1/courts/{code}", f"/api/v1/courts/{code}/on-duty"):
        response = await desk.get(path)
        assert response.status == 404
        assert response.content_type == "application/problem+json"


async def test_the_etag_stays_until_something_shown_changes(desk, builders):
    first = await desk.get(DALIAN)
    tag = first.headers["ETag"]
    again = await desk.get(DALIAN, headers={"If-None-Match": tag})
    assert (again.status, again.headers["ETag"]) == (304, tag)
    assert await again.read() == b""
    await builders.officer("辽72", "新来", "B")
    changed = await desk.get(DALIAN, headers={"If-None-Match": tag})
    assert changed.status == 200
    assert changed.headers["ETag"] != tag


# Looking for courts


async def found(desk, query):
    response = await desk.get(f"/api/v1/courts?{quote(query, safe='=&')}")
    assert response.status == 200
    body = await response.json()
    return [court["code"] for court in body["items"]], body["ambiguous"]


async def test_one_court_is_found_by_code_name_or_alias(desk):
    for words in ("辽72", "大连海事法院", "大连海事"):
        assert await found(desk, f"q={words}") == (["辽72"], False)
    assert await found(desk, "q=沈阳铁西") == (["辽0106"], False)


async def test_what_could_be_several_courts_is_ambiguous(desk):
    assert await found(desk, "q=铁西区") == (["辽0106", "辽0303"], True)
    # Only one of them has this as an alias; it is the other's name all the same.
    assert await found(desk, "q=铁西法院") == (["辽0106", "辽0303"], True)
    assert await found(desk, "q=铁西区&limit=1") == (["辽0106"], True)
    assert await found(desk, "q=无此法院") == ([], False)


async def test_courts_are_listed_by_province_and_level(desk):
    assert await found(desk, "province=浙江省") == (["浙", "浙72"], False)
    assert await found(desk, "province=辽宁省&level=high") == (["辽"], False)
    assert await found(desk, "q=铁西区&province=浙江省") == ([], False)
    assert await found(desk, "q=海事&level=intermediate&province=浙江省") == (["浙72"], False)
    assert len((await found(desk, ""))[0]) == 6


async def test_no_cursor_is_promised(desk):
    body = await (await desk.get("/api/v1/courts?limit=1")).json()
    assert list(body) == ["items", "ambiguous", "next_cursor"]
    assert body["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=x", "limit"), ("q=%00", "q"), ("name=x", "name"), ("q=" + "x" * 65, "q")],
)
async def test_what_is_wrong_in_a_query_is_422_and_named(desk, query, field):
    response = await desk.get(f"/api/v1/courts?{query}")
    assert response.status == 422
    assert (await response.json())["errors"][0]["field"] == field


# On duty


async def on_duty(desk, query=""):
    response = await desk.get(f"{DALIAN}/on-duty{query}")
    assert response.status == 200
    return await response.json()


async def test_who_is_on_duty_is_told_with_whether_the_court_is_open(desk):
    body = await on_duty(desk)
    assert list(body) == [
        "court", "at", "open", "opens_at", "closes_at", "officers", "stand_in", "estimated", "until",
    ]  # fmt: skip
    assert (body["stand_in"], body["estimated"]) == (None, False)
    assert body["court"] == {"code": "辽72", "name": "大连海事法院"}
    assert body["at"] == "2019-08-19T01:30:00Z"
    assert (body["open"], body["opens_at"]) == (True, None)
    assert body["closes_at"] == "2019-08-19T03:30:00Z"
    assert [(person["name"], person["post"]) for person in body["officers"]] == [
        ("王建国", "A"), ("李敏", "B"), ("赵强", "leader"), ("周琳", "coordinator"),
    ]  # fmt: skip
    assert list(body["officers"][0]) == ["name", "post", "desk_phone", "mobile", "linked"]
    assert body["until"] is None


async def test_a_closed_court_says_when_it_opens(desk):
    body = await on_duty(desk, "?at=2019-08-24T12:00:00%2B08:00")
    assert body["open"] is False
    assert body["opens_at"] == "2019-08-26T00:30:00Z"
    assert body["closes_at"] == "2019-08-26T03:30:00Z"


async def test_the_end_of_a_term_is_told_and_kept(desk, builders, database):
    deputy = await builders.officer("辽72", "代班", None, 109)
    async with database.transaction() as session:
        officer = await session.get(Officer, deputy.id)
        await session.refresh(officer, ["posts"])
        officer.posts.append(
            OfficerPost(post="B", valid_from=date(2019, 8, 20), valid_to=date(2019, 8, 22))
        )
    assert (await on_duty(desk))["until"] == "2019-08-19T16:00:00Z"
    body = await on_duty(desk, "?at=2019-08-22T15:59:59Z")
    assert "代班" in [person["name"] for person in body["officers"]]
    assert body["until"] == "2019-08-22T16:00:00Z"
    body = await on_duty(desk, "?at=2019-08-22T16:00:00Z")
    assert "代班" not in [person["name"] for person in body["officers"]]


async def test_a_court_that_never_opens_is_simply_closed(desk, monkeypatch):
    monkeypatch.setattr(worktime, "spans", lambda _calendar, _day: ())
    body = await on_duty(desk)
    assert (body["open"], body["opens_at"], body["closes_at"]) == (False, None, None)


@pytest.mark.parametrize(
    "at", ["", "now", "2019-08-19", "2019-08-19T09:30:00", "1999-01-01T00:00:00Z",
           "2101-01-01T00:00:00Z", "9999-12-31T23:59:59-08:00"],
)  # fmt: skip
async def test_a_bad_instant_is_422(desk, at):
    response = await desk.get(f"{DALIAN}/on-duty?at={at}")
    assert response.status == 422
    assert (await response.json())["errors"][0]["field"] == "at"


async def test_an_instant_far_off_can_be_asked_about(desk):
    for at in (datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)):
        assert (await on_duty(desk, f"?at={at:%Y-%m-%dT%H:%M:%S}Z"))["officers"]


async def test_a_closed_court_and_a_year_not_announced_say_so_on_duty(desk):
    closed = SettledDay(1, "辽72", date(2019, 8, 19), "off", name="停电", substitute_court="浙72")
    calendars.announce((), [closed])
    try:
        body = await on_duty(desk)
        assert body["stand_in"] == {"name": "宁波海事法院", "court": "浙72", "reason": "停电"}
        assert body["open"] is True
        assert body["officers"][0]["name"] == "陈洁"
        assert body["until"] == "2019-08-19T16:00:00Z"
        before = await on_duty(desk, "?at=2019-08-16T12:00:00%2B08:00")
        assert (before["stand_in"], before["until"]) == (None, "2019-08-18T16:00:00Z")
    finally:
        calendars.announce(())
    assert (await on_duty(desk, "?at=2090-01-04T12:00:00%2B08:00"))["estimated"] is True
