"""What goes wrong over HTTP is said as a problem, with the right status, in the reader's language."""

import io
import json
import sqlite3

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.web.languages import preferred
from directory.database import Database
from directory.outages import is_outage
from tests.web_desk import FIRST_FILING, NOWHERE, served

FILINGS = "/api/v1/filings"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def desk(database, clock, builders):
    await builders.liaoning()
    async with served(database, clock) as web_desk:
        yield web_desk


async def problem(response, status):
    assert response.status == status
    assert response.content_type == "application/problem+json"
    body = await response.json(content_type=None)
    assert {"type", "title", "status", "detail"} <= set(body)
    assert body["status"] == status
    return body


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b'{"reference": ', b"\xff\xfe", b'{"reference": "\\ud800"}', b"[" * 5000, b"nul"],
)
async def test_what_is_no_json_is_400(desk, data):
    await problem(await desk.post(FILINGS, data=data, headers=JSON), 400)


@pytest.mark.parametrize("data", [b"[]", b"null", b"7", b'"x"', b"[{}]"])
async def test_json_that_is_no_object_is_422(desk, data):
    await problem(await desk.post(FILINGS, data=data, headers=JSON), 422)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""]
)
async def test_anything_but_application_json_is_415(desk, kind):
    data = json.dumps(FIRST_FILING).encode()
    await problem(await desk.post(FILINGS, data=data, headers={"Content-Type": kind}), 415)


async def test_json_with_a_charset_is_taken(desk):
    data = json.dumps(FIRST_FILING).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert (await desk.post(FILINGS, data=data, headers=headers)).status == 201


@pytest.mark.parametrize("size", [256 * 1024 + 1, 2 * 1024 * 1024])
async def test_a_body_over_256_kib_is_413_announced_or_not(desk, size):
    data = json.dumps({**FIRST_FILING, "party": "x" * size}).encode()
    await problem(await desk.post(FILINGS, data=io.BytesIO(data), headers=JSON), 413)

    async def chunks():
        for start in range(0, len(data), 65536):
            yield data[start : start + 65536]

    await problem(await desk.post(FILINGS, data=chunks(), headers=JSON), 413)


async def test_a_body_just_within_the_limit_is_read(desk):
    data = json.dumps(FIRST_FILING).encode().ljust(256 * 1024)
    assert (await desk.post(FILINGS, data=data, headers=JSON)).status == 201


async def test_no_such_address_is_404_and_no_such_method_405(desk):
    await problem(await desk.get("/api/v1/nothing"), 404)
    response = await desk.ask("DELETE", FILINGS)
    await problem(response, 405)
    assert response.headers["Allow"] == "GET,POST"
    await problem(await desk.ask("PUT", "/healthz"), 405)


async def test_every_field_at_fault_is_named_at_once(desk):
    body = await problem(await desk.post(FILINGS, {"reference": 7, "who": "x"}), 422)
    assert {fault["field"] for fault in body["errors"]} == {
        "reference", "collaborating_court", "jurisdiction_court", "case_type", "who",
    }  # fmt: skip
    assert "、".join(fault["field"] for fault in body["errors"]) in body["detail"]


async def test_thousands_of_faults_make_no_thousands_of_lines(desk):
    body = await problem(await desk.post(FILINGS, {f"x{n}": n for n in range(9000)}), 422)
    assert len(body["errors"]) == 50


async def test_problems_speak_the_language_asked_for(desk):
    for header, detail, message in (
        ("en-GB,en;q=0.9", "These are wrong: drill.", "This should be true or false"),
        ("zh-CN", "这些内容有误：drill。", "应为 true 或 false"),
        ("fr", "这些内容有误：drill。", "应为 true 或 false"),
    ):
        response = await desk.post(
            FILINGS, {**FIRST_FILING, "drill": "x"}, headers={"Accept-Language": header}
        )
        body = await problem(response, 422)
        assert body["detail"].startswith(detail)
        assert body["errors"][0]["message"] == message
        assert response.headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "zh-CN"),
        ("en", "en"),
        ("EN-us", "en"),
        ("zh-TW, en;q=0.9", "zh-CN"),
        ("en;q=0.2, zh;q=0.8", "zh-CN"),
        ("en;q=0", "zh-CN"),
        ("en;q=high", "zh-CN"),
        ("en;q=nan", "zh-CN"),
        ("fr, de;q=0.9, en;q=0.1", "en"),
        ("*", "zh-CN"),
        (",;q=,=", "zh-CN"),
    ],
)
def test_the_wished_for_language_is_read_from_the_header(header, expected):
    assert preferred(header, "zh-CN") == expected


# The database


class FailingIntake:
    def __init__(self, error):
        self.error = error

    async def submit(self, submission):
        raise self.error


def server_error(state):
    error = asyncpg.PostgresError("no room on this machine")
    error.sqlstate = state
    return DBAPIError("INSERT", {"reference": "KY-2019-000123"}, error)


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full")),
        server_error("53100"),
        server_error("57P03"),
        server_error("25006"),
        server_error("40P01"),
        asyncpg.exceptions.CannotConnectNowError("the database system is starting up"),
        PoolTimeout(),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
)
async def test_an_unreachable_or_full_database_is_503_to_be_tried_again(
    database, clock, builders, error
):
    await builders.liaoning()
    async with served(database, clock, intake=FailingIntake(error)) as desk:
        response = await desk.file()
        await problem(response, 503)
        assert int(response.headers["Retry-After"]) > 0


async def test_a_database_that_is_gone_is_503_everywhere(clock):
    gone = Database.connect(NOWHERE)
    async with served(gone, clock) as desk:
        for path in (FILINGS, f"{FILINGS}/KY-1", "/api/v1/courts"):
            await problem(await desk.get(path, token="liaison_any"), 503)
        await problem(await desk.file(token="liaison_any"), 503)
        assert (await desk.get("/healthz", token="")).status == 200
    await gone.close()


@pytest.mark.parametrize(
    "error", [IntegrityError("INSERT", {}, Exception("unique")), server_error("22001"), KeyError()]
)
def test_a_mistake_of_ours_is_not_taken_for_an_outage(error):
    assert not is_outage(error)


async def test_a_mistake_of_ours_is_500_and_says_nothing_of_its_cause(database, clock, builders):
    await builders.liaoning()
    async with served(database, clock, intake=FailingIntake(KeyError("秘密"))) as desk:
        body = await problem(await desk.file(), 500)
        assert "秘密" not in json.dumps(body, ensure_ascii=False)
