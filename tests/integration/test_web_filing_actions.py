"""What is done to a filing over HTTP, and what everybody hears who may not, or not now."""

import pytest
from sqlalchemy import select

from directory.models import Officer
from notifications.models import FilingEvent
from tests.web_desk import served

ONE = "/api/v1/filings/KY-2019-000123"
A = {"officer": "辽72:王建国"}


@pytest.fixture
async def desk(database, clock, builders):
    await builders.liaoning()
    async with served(database, clock) as web_desk:
        await web_desk.file()
        yield web_desk


async def events(database):
    async with database.reading() as session:
        found = await session.scalars(select(FilingEvent).order_by(FilingEvent.id))
        return [(event.kind, event.who, event.detail) for event in found]


async def test_an_acknowledgment_names_the_officer_and_the_token(desk, clock):
    await clock.advance(minutes=9, seconds=5)
    response = await desk.post(f"{ONE}/acknowledge", A)
    assert response.status == 200
    body = await response.json()
    assert body["state"] == "acknowledged"
    assert body["acknowledged_by"] == {"name": "王建国", "court": "辽72", "post": "A"}
    assert body["acknowledged_at"] == "2019-08-19T01:39:05Z"
    assert body["answer_wall_seconds"] == body["answer_working_seconds"] == 545
    assert body["answered_in_time"] is True
    assert body["result_due_at"] == "2019-08-19T02:39:05Z"
    assert body["events"][-1]["kind"] == "acknowledged"
    assert body["events"][-1]["who"] == "王建国（A岗） · admin-0"
    assert body == await (await desk.get(ONE)).json()


async def test_who_is_second_hears_who_was_first(desk):
    await desk.post(f"{ONE}/acknowledge", A)
    response = await desk.post(f"{ONE}/acknowledge", {"officer": "辽72:李敏"})
    assert response.status == 409
    body = await response.json()
    assert "王建国" in body["detail"]
    assert body["acknowledged_by"] == {"name": "王建国", "court": "辽72", "post": "A"}
    assert body["acknowledged_at"] == "2019-08-19T01:30:00Z"


async def test_the_coordinator_of_the_province_may_acknowledge(desk):
    response = await desk.post(f"{ONE}/acknowledge", {"officer": "辽:周琳"})
    assert response.status == 200
    assert (await response.json())["acknowledged_by"]["post"] == "coordinator"


async def test_an_officer_is_named_by_id_as_well(desk, database):
    async with database.reading() as session:
        officer_id = await session.scalar(select(Officer.id).where(Officer.name == "李敏"))
    response = await desk.post(f"{ONE}/acknowledge", {"officer": str(officer_id)})
    assert (await response.json())["acknowledged_by"]["name"] == "李敏"


async def test_an_officer_of_the_other_court_is_refused_and_the_filing_knows(desk, database):
    response = await desk.post(f"{ONE}/acknowledge", {"officer": "浙72:陈洁"})
    assert response.status == 403
    assert (await events(database))[-1] == (
        "refused", "陈洁（A岗） · admin-0", "acknowledge: not_jurisdiction",
    )  # fmt: skip
    assert (await (await desk.get(ONE)).json())["state"] == "waiting"


@pytest.mark.parametrize("words", ["辽72:无此人", "999999", "王建国"])
async def test_an_officer_nobody_knows_is_422(desk, words):
    response = await desk.post(f"{ONE}/acknowledge", {"officer": words})
    assert response.status == 422
    assert (await response.json())["errors"][0]["field"] == "officer"


async def test_a_token_of_no_court_must_name_the_officer(desk):
    for action, body in (("acknowledge", {}), ("result", {"result": "registered"})):
        response = await desk.post(f"{ONE}/{action}", body)
        assert response.status == 422
        assert (await response.json())["errors"][0]["field"] == "officer"


async def test_a_token_of_the_court_may_leave_the_officer_out(desk):
    token = await desk.token("coordinator", "辽72系统", court="辽72")
    body = await (await desk.post(f"{ONE}/acknowledge", token=token)).json()
    assert body["acknowledged_by"] == {"name": "辽72系统", "court": "辽72", "post": None}
    assert body["events"][-1]["who"] == "辽72系统"


async def test_a_token_of_the_collaborating_court_may_not_answer_for_an_officer(desk, database):
    token = await desk.token("coordinator", "浙72系统", court="浙72")
    response = await desk.post(f"{ONE}/acknowledge", A, token=token)
    assert response.status == 403
    assert (await events(database))[-1] == (
        "refused", "浙72系统", "acknowledge: not_jurisdiction",
    )  # fmt: skip


async def test_a_result_acknowledges_first(desk, clock):
    await clock.advance(minutes=31)
    body = {**A, "result": "registered", "note": "（2019）辽72民初1号"}
    answer = await (await desk.post(f"{ONE}/result", body)).json()
    assert answer["state"] == "completed"
    assert answer["result"] == "registered"
    assert answer["result_note"] == "（2019）辽72民初1号"
    assert answer["result_by"] == {"name": "王建国", "court": "辽72", "post": "A"}
    assert answer["answered_in_time"] is False
    assert answer["result_wall_seconds"] == 0
    assert [event["kind"] for event in answer["events"]][-2:] == ["acknowledged", "result"]


@pytest.mark.parametrize("result", ["not_accepted", "returned", "mediation"])
async def test_every_other_result_completes_a_filing(desk, result):
    answer = await (await desk.post(f"{ONE}/result", {**A, "result": result})).json()
    assert (answer["state"], answer["result"]) == ("completed", result)
    again = await desk.post(f"{ONE}/result", {**A, "result": "registered"})
    assert again.status == 409
    assert (await again.json())["state"] == "completed"


async def test_a_correction_waits_for_the_supplement_which_restarts_the_clock(desk, clock):
    body = {**A, "result": "correction", "note": "缺身份证明"}
    answer = await (await desk.post(f"{ONE}/result", body)).json()
    assert (answer["state"], answer["result_due_at"]) == ("correcting", None)
    await clock.advance(minutes=20)
    response = await desk.post(f"{ONE}/supplement")
    assert response.status == 200
    answer = await response.json()
    assert answer["state"] == "acknowledged"
    assert answer["result"] is answer["result_note"] is answer["result_by"] is None
    assert answer["result_due_at"] == "2019-08-19T02:50:00Z"
    assert (await desk.post(f"{ONE}/supplement")).status == 409


async def test_a_second_nudge_within_ten_minutes_is_429(desk, clock):
    assert (await desk.post(f"{ONE}/nudge")).status == 200
    await clock.advance(minutes=4)
    response = await desk.post(f"{ONE}/nudge")
    assert response.status == 429
    assert response.headers["Retry-After"] == "360"
    await clock.advance(minutes=6)
    assert (await desk.post(f"{ONE}/nudge")).status == 200


async def test_a_filing_is_withdrawn_with_a_reason(desk):
    response = await desk.post(f"{ONE}/withdraw", {"reason": "当事人撤回"})
    answer = await response.json()
    assert answer["state"] == "withdrawn"
    assert answer["events"][-1]["detail"] == "当事人撤回"
    for action, body in (
        ("withdraw", {"reason": "再次"}),
        ("nudge", {}),
        ("supplement", {}),
        ("acknowledge", A),
        ("result", {**A, "result": "registered"}),
    ):
        assert (await desk.post(f"{ONE}/{action}", body)).status == 409, action


async def test_a_completed_filing_cannot_be_withdrawn(desk):
    await desk.post(f"{ONE}/result", {**A, "result": "registered"})
    assert (await desk.post(f"{ONE}/withdraw", {"reason": "误报"})).status == 409


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("acknowledge", {"officer": ""}, "officer"),
        ("acknowledge", {"officer": 7}, "officer"),
        ("acknowledge", {"person": "辽72:王建国"}, "person"),
        ("result", {**A}, "result"),
        ("result", {**A, "result": "lost"}, "result"),
        ("result", {**A, "result": "registered", "note": "x" * 1001}, "note"),
        ("result", {**A, "result": "registered", "note": "\0"}, "note"),
        ("supplement", {"note": "x"}, "note"),
        ("nudge", {"officer": "辽72:王建国"}, "officer"),
        ("withdraw", {}, "reason"),
        ("withdraw", {"reason": "  "}, "reason"),
        ("withdraw", {"reason": None}, "reason"),
    ],
)
async def test_what_is_wrong_in_a_body_is_422_and_named(desk, action, body, field):
    response = await desk.post(f"{ONE}/{action}", body)
    assert response.status == 422
    assert [fault["field"] for fault in (await response.json())["errors"]] == [field]


@pytest.mark.parametrize("action", ["acknowledge", "result", "supplement", "nudge", "withdraw"])
async def test_an_unknown_reference_is_404(desk, action):
    body = {"result": {**A, "result": "registered"}, "withdraw": {"reason": "误报"}}.get(action)
    response = await desk.post(f"/api/v1/filings/KY-nowhere/{action}", body)
    assert response.status == 404
