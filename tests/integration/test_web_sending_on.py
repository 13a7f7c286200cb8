"""Returning with a reason, sending on and supervised orders over HTTP: what is answered, and to whom not."""

import pytest

from notifications import sending_on
from tests.web_desk import served

ONE = "/api/v1/filings/KY-2019-000123"
A = {"officer": "辽72:王建国"}
RETURNED = {"result": "returned", **A}


@pytest.fixture
async def desk(database, clock, builders):
    await builders.liaoning()
    await builders.court("辽02")
    await builders.court("辽0211")
    async with served(database, clock) as web_desk:
        await web_desk.file()
        yield web_desk


async def test_a_return_says_why_and_who_decides_instead(desk):
    response = await desk.post(f"{ONE}/result", {**RETURNED, "proposed_court": "辽0211"})
    body = await response.json()
    assert response.status == 200, body
    assert body["return_reason"] == "not_ours"
    assert body["proposed_court"] == {"code": "辽0211", "name": "辽宁省大连市甘井子区人民法院"}
    assert (body["previous"], body["next"]) == (None, None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**RETURNED, "return_reason": "wrong"}, "return_reason"),
        ({**RETURNED, "proposed_court": "辽9999"}, "proposed_court"),
        ({**RETURNED, "proposed_court": "辽72"}, "proposed_court"),
        ({**RETURNED, "proposed_court": "浙72"}, "proposed_court"),
        ({**RETURNED, "return_reason": "other", "proposed_court": "辽02"}, "proposed_court"),
        ({"result": "registered", **A, "return_reason": "other"}, "return_reason"),
        ({"result": "correction", **A, "proposed_court": "辽02"}, "proposed_court"),
    ],
)
async def test_a_reason_that_makes_no_sense_is_refused_by_its_field(desk, body, field):
    response = await desk.post(f"{ONE}/result", body)
    assert response.status == 422
    assert (await response.json())["errors"][0]["field"] == field
    assert (await (await desk.get(ONE)).json())["state"] == "waiting"


async def test_sending_on_makes_a_new_filing_once(desk, clock):
    await desk.post(f"{ONE}/result", RETURNED)
    await clock.advance(minutes=4)
    response = await desk.post(f"{ONE}/send-on", {"jurisdiction_court": "辽0211"})
    body = await response.json()
    assert response.status == 201, body
    assert response.headers["Location"] == f"{ONE}-2"
    assert (body["reference"], body["previous"]) == ("KY-2019-000123-2", "KY-2019-000123")
    assert (body["state"], body["received_at"]) == ("waiting", "2019-08-19T01:34:00Z")
    assert body["jurisdiction_court"]["code"] == "辽0211"
    first = await (await desk.get(ONE)).json()
    assert first["next"] == "KY-2019-000123-2"
    assert first["events"][-1]["kind"] == "sent_on"
    again = await desk.post(f"{ONE}/send-on", {"jurisdiction_court": "辽02"})
    assert again.status == 409
    assert "已转送" in (await again.json())["detail"]


async def test_only_what_was_returned_goes_on(desk):
    response = await desk.post(f"{ONE}/send-on", {"jurisdiction_court": "辽0211"})
    assert response.status == 409
    await desk.post(f"{ONE}/result", {"result": "registered", **A})
    response = await desk.post(f"{ONE}/send-on", {"jurisdiction_court": "辽0211"})
    assert response.status == 409


@pytest.mark.parametrize("code", ["辽9999", "辽72", "浙72"])
async def test_a_court_it_cannot_go_to_is_refused_by_its_field(desk, code):
    await desk.post(f"{ONE}/result", RETURNED)
    response = await desk.post(f"{ONE}/send-on", {"jurisdiction_court": code})
    assert response.status == 422
    assert (await response.json())["errors"][0]["field"] == "jurisdiction_court"


async def test_a_reference_in_use_is_passed_over(desk):
    await desk.file(reference="KY-2019-000123-2")
    await desk.post(f"{ONE}/result", RETURNED)
    response = await desk.post(f"{ONE}/send-on", {"jurisdiction_court": "辽0211"})
    assert (await response.json())["reference"] == "KY-2019-000123-3"


@pytest.mark.parametrize(
    ("reference", "number", "numbered"),
    [
        ("KY-1", 2, "KY-1-2"),
        ("K" * 64, 2, "K" * 62 + "-2"),
        ("K" * 63, 10, "K" * 61 + "-10"),
        ("（2019）辽0211民初1号", 3, "（2019）辽0211民初1号-3"),
    ],
)
def test_a_numbered_reference_keeps_within_64_characters(reference, number, numbered):
    assert sending_on.numbered(reference, number) == numbered
    assert len(numbered) <= 64


async def test_an_order_is_given_once_in_ten_minutes(desk, clock):
    response = await desk.post(f"{ONE}/supervise", {})
    assert response.status == 200
    assert (await response.json())["events"][-1]["kind"] == "supervised"
    await clock.advance(minutes=4)
    again = await desk.post(f"{ONE}/supervise", {})
    assert (again.status, again.headers["Retry-After"]) == (429, "360")
    await clock.advance(minutes=6)
    assert (await desk.post(f"{ONE}/supervise", {})).status == 200
    await desk.post(f"{ONE}/result", {"result": "registered", **A})
    await clock.advance(minutes=10)
    assert (await desk.post(f"{ONE}/supervise", {})).status == 409
