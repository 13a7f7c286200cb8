"""Filings over HTTP, as another system sees them: handing in, looking up, listing."""

import asyncio
from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from notifications.filings import CASE_TYPES
from notifications.models import Filing, OutgoingMessage
from tests.web_desk import FIRST_FILING, served

FILINGS = "/api/v1/filings"

ORDER = [
    "reference", "state", "collaborating_court", "jurisdiction_court", "case_type", "drill",
    "filed_at", "received_at", "clock", "answer_due_at", "result_due_at", "acknowledged_at",
    "acknowledged_by", "answer_wall_seconds", "answer_working_seconds", "answered_in_time",
    "result", "result_at", "result_by", "result_note", "result_wall_seconds",
    "result_working_seconds", "calendar_version", "due_estimated", "return_reason", "proposed_court",
    "previous", "next", "events",
]  # fmt: skip


@pytest.fixture
async def desk(database, clock, builders):
    await builders.liaoning()
    async with served(database, clock) as web_desk:
        yield web_desk


async def count(database, model):
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(model))


async def test_a_new_filing_is_answered_with_201_and_where_it_stands(desk):
    response = await desk.file()
    assert response.status == 201
    assert response.headers["Location"] == f"{FILINGS}/KY-2019-000123"
    body = await response.json()
    assert list(body) == ORDER
    assert body["state"] == "waiting"
    assert body["collaborating_court"] == {"code": "浙72", "name": "宁波海事法院"}
    assert body["jurisdiction_court"] == {"code": "辽72", "name": "大连海事法院"}
    assert body["filed_at"] == "2019-08-18T01:30:00Z"
    assert body["received_at"] == "2019-08-19T01:30:00Z"
    assert body["answer_due_at"] == "2019-08-19T02:00:00Z"
    assert body["clock"] == "working"
    assert body["events"][0] == {
        "at": "2019-08-19T01:30:00Z", "kind": "received", "who": "admin-0", "detail": "",
    }  # fmt: skip
    assert body["result"] is body["acknowledged_by"] is body["previous"] is None


async def test_the_answer_comes_after_the_filing_and_its_pages_are_stored(desk, database):
    await desk.file()
    assert await count(database, Filing) == 1
    assert await count(database, OutgoingMessage) > 0


async def test_the_same_again_is_answered_with_200_and_the_same_filing(desk, database):
    first = await (await desk.file()).json()
    again = await desk.file(filed_at="2019-08-18T01:30:00Z")
    assert again.status == 200
    assert await again.json() == first
    assert (await desk.file(filed_at=...)).status == 200
    assert (await desk.file(reference="ＫＹ-２０１９-000123")).status == 200
    assert await count(database, Filing) == 1


async def test_other_content_under_a_reference_that_is_taken_is_409(desk):
    await desk.file()
    response = await desk.file(case_type="enforcement")
    assert response.status == 409
    assert response.content_type == "application/problem+json"
    assert (await response.json())["type"] == "urn:liaison:problem:reference-taken"


async def test_fifty_at_once_with_one_reference_make_one_filing(desk, database):
    await desk.get(FILINGS)
    responses = await asyncio.gather(*(desk.file() for _ in range(50)))
    assert sorted(response.status for response in responses) == [200] * 49 + [201]
    assert await count(database, Filing) == 1


@pytest.mark.parametrize(
    "reference", ["（2019）辽0211民初1234号", "a/b", "ＫＹ〔2019〕1号", "100-A_b.c", "𠮷号"]
)
async def test_a_reference_is_looked_up_percent_encoded_and_after_nfkc(desk, reference):
    assert (await desk.file(reference=reference)).status == 201
    response = await desk.get(f"{FILINGS}/{quote(reference, safe='')}")
    assert response.status == 200
    assert (await response.json())["reference"] == reference


async def test_an_unknown_reference_is_404(desk):
    for path in ("KY-nowhere", "%00", "a%20b", "%FF"):
        response = await desk.get(f"{FILINGS}/{path}")
        assert response.status == 404, path
        assert response.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"reference": "a b"}, "reference"),
        ({"reference": "x" * 65}, "reference"),
        ({"reference": "ﷺ" * 64}, "reference"),
        ({"reference": 12}, "reference"),
        ({"reference": ...}, "reference"),
        ({"collaborating_court": "浙99"}, "collaborating_court"),
        ({"jurisdiction_court": "无0000"}, "jurisdiction_court"),
        ({"jurisdiction_court": "辽\x0072"}, "jurisdiction_court"),
        ({"jurisdiction_court": "浙72"}, "jurisdiction_court"),
        ({"case_type": "divorce"}, "case_type"),
        ({"drill": "false"}, "drill"),
        ({"drill": 0}, "drill"),
        ({"filed_at": "2019-08-18T09:30:00"}, "filed_at"),
        ({"filed_at": "2019-08-18"}, "filed_at"),
        ({"filed_at": "2019-08-18 09:30:00+08:00"}, "filed_at"),
        ({"filed_at": "2019-08-18T09:30:00 08:00"}, "filed_at"),
        ({"filed_at": "2019-02-30T09:30:00+08:00"}, "filed_at"),
        ({"filed_at": "0001-01-01T00:00:00+08:00"}, "filed_at"),
        ({"filed_at": 1566091800}, "filed_at"),
        ({"filed_at": "1566091800"}, "filed_at"),
        ({"filed_at": "2019-08-19T01:35:01Z"}, "filed_at"),
        ({"party": "某人"}, "party"),
    ],
)
async def test_what_is_wrong_in_a_body_is_422_and_named(desk, database, changes, field):
    response = await desk.file(**changes)
    assert response.status == 422
    body = await response.json()
    assert [fault["field"] for fault in body["errors"]] == [field]
    assert body["errors"][0]["message"]
    assert await count(database, Filing) == 0


async def test_a_counter_may_be_five_minutes_ahead(desk):
    assert (await desk.file(filed_at="2019-08-19T01:35:00Z")).status == 201


@pytest.mark.parametrize("filed_at", [None, "2019-08-18T09:30+08:00", "2019-08-18t01:30:00.5z"])
async def test_times_are_taken_as_iso_8601_writes_them(desk, filed_at):
    assert (await desk.file(filed_at=filed_at)).status == 201


async def test_every_case_type_is_taken(desk):
    for number, case_type in enumerate(CASE_TYPES):
        response = await desk.file(reference=f"KY-{number}", case_type=case_type)
        assert response.status == 201, case_type


# The list


@pytest.fixture
async def listed(desk, builders, clock):
    """Five filings, one a minute, newest last; the fourth is a drill, the fifth between other courts."""
    await builders.court("沪72")
    for number in range(1, 5):
        await desk.file(reference=f"KY-{number}", drill=number == 4)
        await clock.advance(minutes=1)
    await desk.file(reference="KY-5", collaborating_court="辽72", jurisdiction_court="沪72")
    return desk


async def references(desk, query="", **options):
    response = await desk.get(f"{FILINGS}?{query}", **options)
    assert response.status == 200, await response.text()
    return [item["reference"][-1] for item in (await response.json())["items"]]


async def test_the_list_is_newest_first_with_whole_filings(listed):
    assert await references(listed) == ["5", "4", "3", "2", "1"]
    body = await (await listed.get(FILINGS)).json()
    assert body["next_cursor"] is None
    assert list(body["items"][0]) == ORDER
    one = await (await listed.get(f"{FILINGS}/KY-5")).json()
    assert body["items"][0] == one


FILTERED = {
    "state=waiting": "54321",
    "state=completed": "",
    "court=%E8%BE%BD72": "54321",
    "court=%E8%BE%BD72&role=jurisdiction": "4321",
    "court=%E8%BE%BD72&role=collaborating": "5",
    "drill=true": "4",
    "drill=false": "5321",
    "since=2019-08-19T01:32:00Z": "543",
    "until=2019-08-19T09:32:00%2B08:00": "21",
    "since=2019-08-19T09:32:00+08:00": "543",
    "since=2019-08-19T01:31:00Z&until=2019-08-19T01:33:00Z&limit=1": "3",
}


async def test_the_list_is_filtered(listed):
    assert {query: "".join(await references(listed, query)) for query in FILTERED} == FILTERED


async def test_a_cursor_goes_on_where_the_page_ended_whatever_comes_meanwhile(listed, clock):
    seen, query = [], "limit=2"
    while True:
        body = await (await listed.get(f"{FILINGS}?{query}")).json()
        seen += [item["reference"][-1] for item in body["items"]]
        if body["next_cursor"] is None:
            break
        await listed.file(reference=f"LATER-{len(seen)}")
        query = f"limit=2&cursor={body['next_cursor']}"
    assert seen == ["5", "4", "3", "2", "1"]


async def test_filings_of_one_instant_are_all_listed_once(desk):
    for number in range(7):
        await desk.file(reference=f"KY-{number}")
    seen, cursor = [], ""
    while cursor is not None:
        body = await (await desk.get(f"{FILINGS}?limit=3{cursor and '&cursor=' + cursor}")).json()
        seen += [item["reference"] for item in body["items"]]
        cursor = body["next_cursor"]
    assert sorted(seen) == [f"KY-{number}" for number in range(7)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
        ("limit=1_0", "limit"),
        ("limit=", "limit"),
        ("state=lost", "state"),
        ("role=both", "role"),
        ("court=nowhere", "court"),
        ("court=%00", "court"),
        ("drill=yes", "drill"),
        ("since=2019-08-19", "since"),
        ("until=2019-08-19T00:00:00", "until"),
        ("cursor=bm9uc2Vuc2U", "cursor"),
        ("cursor=%25", "cursor"),
        ("cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OS4x", "cursor"),
        ("page=2", "page"),
        ("limit=1&limit=2", "limit"),
    ],
)
async def test_what_is_wrong_in_a_query_is_422_and_named(desk, query, field):
    response = await desk.get(f"{FILINGS}?{query}")
    assert response.status == 422
    assert [fault["field"] for fault in (await response.json())["errors"]] == [field]


async def test_a_query_where_none_is_known_is_422(desk):
    await desk.file()
    response = await desk.get(f"{FILINGS}/KY-2019-000123?verbose=1")
    assert response.status == 422
    assert (await response.json())["errors"][0]["field"] == "verbose"
    response = await desk.post(f"{FILINGS}?dry_run=1", FIRST_FILING)
    assert response.status == 422


async def test_a_filing_after_closing_is_due_after_the_next_opening(desk, clock):
    await clock.advance(hours=10)
    body = await (await desk.file()).json()
    assert body["answer_due_at"] == "2019-08-20T01:00:00Z"
