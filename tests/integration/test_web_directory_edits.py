"""`PUT /directory/courts/{code}`: the body of GET, changed, over the edition that was read; and who may."""

from typing import Any

import pytest

from bot.web.directory_edit_api import CourtEntry, OfficerEntry, PostEntry
from bot.web.schemas import CourtWithOfficersAnswer, OfficerAnswer, PostAnswer
from directory import changes
from tests.web_desk import WebDesk, served

GET = "/api/v1/courts/%E8%BE%BD72"
PUT = "/api/v1/directory/courts/%E8%BE%BD72"

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
async def desk(database, clock, builders):
    people = await builders.liaoning()
    async with database.transaction() as session:
        session.add(people.a)
        people.a.mobile = "13812341234"
    async with served(database, clock) as web_desk:
        yield web_desk


async def read(desk: WebDesk, token: str | None = None) -> tuple[dict[str, Any], str]:
    answer = await desk.get(GET, token=token)
    assert answer.status == 200
    return await answer.json(), answer.headers["ETag"]


async def write(
    desk: WebDesk, body: Any, tag: str | None, token: str | None = None
) -> tuple[int, dict[str, Any], str | None]:
    headers = {} if tag is None else {"If-Match": tag}
    answer = await desk.ask("PUT", PUT, json=body, headers=headers, token=token)
    return answer.status, await answer.json(), answer.headers.get("ETag")


async def test_a_court_is_read_changed_and_written_and_a_stale_edition_is_refused(desk, database):
    token = await desk.token("coordinator", "辽宁协调系统", province="辽宁省")
    body, tag = await read(desk, token)
    assert body["officers"][0]["mobile"] == "13812341234"
    first, second, leader = body["officers"]
    body["phone"] = "0411-12345"
    first |= {"desk_phone": "0411-1", "mobile": "138****1234"}
    second["posts"] = [{"post": "A", "valid_from": "2019-09-01", "valid_to": None}]
    body["officers"] = [first, second, {
        "name": "孙洋", "posts": [{"post": "B", "valid_from": None, "valid_to": None}],
        "title": None, "department": "立案庭", "desk_phone": None, "mobile": "+86 13900001111",
    }]  # fmt: skip
    status, written, new_tag = await write(desk, body, tag, token)
    assert status == 200, written
    assert new_tag not in {tag, None}
    assert [one["name"] for one in written["officers"]] == ["王建国", "李敏", "孙洋"]
    assert written["officers"][0]["mobile"] == "13812341234"
    assert written["officers"][2]["mobile"] == "13900001111"
    assert [p["post"] for p in written["officers"][1]["posts"]] == ["B", "A"]
    assert written["officers"][1]["posts"][0]["valid_to"] == "2019-08-18"
    again, same_tag = await read(desk, token)
    assert (again, same_tag) == (written, new_tag)
    # Whoever read before that is told so, and nothing of theirs is written.
    status, problem, _ = await write(desk, body, tag, token)
    assert (status, problem["title"]) == (412, "已被更改")
    assert (await write(desk, body, None, token))[0] == 428
    assert (await write(desk, written, "nothing", token))[0] == 412
    # The body as it was read writes nothing.
    status, _, last_tag = await write(desk, written, new_tag, token)
    assert (status, last_tag) == (200, new_tag)
    async with database.reading() as session:
        rows = await changes.page(session, after=0, limit=50)
    assert [(row.kind, row.officer_id) for row in rows] == [
        ("changed", None),
        ("changed", first["id"]),
        ("changed", second["id"]),
        ("added", written["officers"][2]["id"]),
        ("departed", leader["id"]),
    ]
    assert {row.who for row in rows} == {"辽宁协调系统"}


async def test_what_is_wrong_is_named_by_its_place_and_nothing_is_written(desk):
    body, tag = await read(desk)
    first, second, leader = body["officers"]
    body |= {"hours": "all day", "phone": "0411-9"}
    first["mobile"] = "139****1234"
    second |= {"name": "", "id": 999_999}
    leader["posts"] = [
        {"post": "leader", "valid_from": None, "valid_to": None},
        {"post": "B", "valid_from": "2019-09-02", "valid_to": "2019-09-01"},
        {"post": "king"},
    ]
    body["officers"].append({**leader, "posts": [{"post": "A"}, {"post": "A"}]})
    status, problem, _ = await write(desk, body, tag)
    assert status == 422
    assert [fault["field"] for fault in problem["errors"]] == [
        "hours",
        "officers.0.mobile",
        "officers.1.id",
        "officers.2.posts.1.valid_to",
        "officers.2.posts.2",
        "officers.3.id",
    ]
    assert all(len(fault["message"]) > 8 for fault in problem["errors"])
    assert (await read(desk))[1] == tag


WHO = [
    # token, scope, mobiles come in full, may write, may write the province
    ("intake", {}, False, 403, False),
    ("reader", {}, False, 403, False),
    ("coordinator", {}, False, 403, False),
    ("coordinator", {"province": "浙江省"}, False, 403, False),
    ("coordinator", {"province": "辽宁省"}, True, 200, False),
    ("admin", {}, True, 200, True),
    ("admin", {"province": "浙江省"}, False, 403, False),
]


async def test_each_token_reads_and_writes_as_the_access_table_says(desk):
    for role, scope, in_full, allowed, everything in WHO:
        token = await desk.token(role, f"{role} {scope}", **scope)
        body, tag = await read(desk, token)
        case = (role, scope)
        assert (body["officers"][0]["mobile"] == "13812341234") == in_full, case
        status, _, _ = await write(desk, {**body, "address": f"{role} 路"}, tag, token)
        assert status == allowed, case
        if allowed == 200:
            body, tag = await read(desk, token)
            status, problem, _ = await write(desk, {**body, "province": "吉林省"}, tag, token)
            assert status == (200 if everything else 422), case
            if everything:
                body, tag = await read(desk, token)
                back = await write(desk, {**body, "province": "辽宁省"}, tag, token)
                assert back[0] == 200
            else:
                assert [fault["field"] for fault in problem["errors"]] == ["province"]


def test_every_field_of_the_answer_may_come_back_in_the_body(engine_name):
    for answered, taken in (
        (CourtWithOfficersAnswer, CourtEntry),
        (OfficerAnswer, OfficerEntry),
        (PostAnswer, PostEntry),
    ):
        assert set(answered.model_fields) == set(taken.model_fields)
