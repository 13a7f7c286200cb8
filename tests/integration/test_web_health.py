"""Health, figures, the first page and the headers that come with everything."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from directory.database import Database
from notifications.models import OutgoingMessage
from tests.web_desk import NOWHERE, served


@pytest.fixture
async def desk(database, clock, builders):
    await builders.liaoning()
    async with served(database, clock) as web_desk:
        yield web_desk


async def ready(desk):
    response = await desk.get("/readyz", token="")
    return response.status, await response.json()


async def test_the_process_lives_whoever_asks(desk):
    response = await desk.get("/healthz", token="")
    assert response.status == 200
    assert await response.json() == {"status": "ok"}


async def test_ready_while_database_and_loop_work(desk):
    assert await ready(desk) == (
        200,
        {
            "status": "ready",
            "database": "ok",
            "loop": "ok",
            "loop_idle_seconds": 0.0,
            "loop_lag_seconds": 0.0,
            "chat": "connected",
            "oldest_undelivered_seconds": None,
            "outbox_waiting": 0,
            "outbox_failed": 0,
        },
    )


async def test_a_loop_that_finished_no_cycle_in_15_seconds_is_503(desk, clock):
    await clock.advance(seconds=15)
    assert (await ready(desk))[0] == 200
    await clock.advance(seconds=1)
    status, body = await ready(desk)
    assert (status, body["status"], body["loop"]) == (503, "not_ready", "stalled")
    desk.pulse.last_cycle_at = None
    assert (await ready(desk))[0] == 503


async def test_a_telegram_outage_stops_no_intake(desk, clock):
    desk.pulse.chat = "unreachable"
    await desk.file()
    await clock.advance(seconds=12)
    status, body = await ready(desk)
    assert (status, body["chat"]) == (200, "unreachable")
    assert body["oldest_undelivered_seconds"] == 12.0
    assert body["outbox_waiting"] > 0


async def test_a_message_held_for_later_is_not_late(desk, database, clock):
    async with database.transaction() as session:
        session.add(
            OutgoingMessage(
                kind="card", priority=0, chat_id=1, created_at=clock.now(),
                not_before=clock.now() + timedelta(hours=9),
            )
        )  # fmt: skip
    await clock.advance(seconds=5)
    body = (await ready(desk))[1]
    assert (body["outbox_waiting"], body["oldest_undelivered_seconds"]) == (1, None)


async def test_without_a_database_nothing_is_ready(clock):
    gone = Database.connect(NOWHERE)
    async with served(gone, clock) as desk:
        status, body = await ready(desk)
        assert (status, body["database"]) == (503, "unreachable")
        assert body["oldest_undelivered_seconds"] is None
        page = await (await desk.get("/", token="")).text()
        assert "暂时无法接收" in page
        figures = await (await desk.get("/metrics", token="")).text()
        assert "liaison_database_up 0.0" in figures
        assert "liaison_uncounted_filings NaN" in figures
    await gone.close()


async def test_figures_count_requests_by_route_and_filings(desk, database, clock):
    async with database.transaction() as session:
        session.add(
            OutgoingMessage(
                kind="reply", priority=3, chat_id=1, created_at=clock.now(), outcome="failed"
            )
        )
    await desk.file()
    await desk.file()
    await desk.file(reference="KY-2", drill=True)
    await desk.get("/no/such/page", token="")
    await desk.ask("PROPFIND", "/no/such/page", token="")
    response = await desk.get("/metrics", token="")
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    samples = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(await response.text())
        for sample in family.samples
    }
    filing = (("method", "POST"), ("route", "/api/v1/filings"))
    assert samples["liaison_http_requests_total", (*filing, ("status", "201"))] == 2
    assert samples["liaison_http_requests_total", (*filing, ("status", "200"))] == 1
    assert samples["liaison_http_request_seconds_count", filing] == 3
    lost = (("method", "GET"), ("route", "unmatched"), ("status", "404"))
    assert samples["liaison_http_requests_total", lost] == 1
    assert samples["liaison_http_requests_total", (("method", "OTHER"), *lost[1:])] == 1
    assert samples["liaison_filings_received_total", (("drill", "false"),)] == 1
    assert samples["liaison_filings_received_total", (("drill", "true"),)] == 1
    assert samples["liaison_database_up", ()] == 1
    assert samples["liaison_outbox_failed", ()] == 1
    assert samples["liaison_outbox_waiting", ()] > 0


async def test_two_applications_keep_figures_of_their_own(database, clock, builders):
    await builders.liaoning()
    async with served(database, clock) as one, served(database, clock) as other:
        await one.file()
        assert (
            "liaison_filings_received_total" in await (await one.get("/metrics", token="")).text()
        )
        assert 'drill="false"' not in await (await other.get("/metrics", token="")).text()


# The first page


@pytest.mark.parametrize(
    ("query", "language", "expected"),
    [
        ("", "", 'lang="zh-CN"'),
        ("", "en", "Taking filings"),
        ("?language=en", "zh", "Taking filings"),
        ("?language=zh", "en", "接收立案"),
        ("?language=%3Cscript%3E", "", "接收立案"),
    ],
)
async def test_the_first_page_says_how_it_stands_in_two_languages(desk, query, language, expected):
    response = await desk.get(f"/{query}", token="", headers={"Accept-Language": language})
    assert response.status == 200
    assert response.content_type == "text/html"
    page = await response.text()
    assert expected in page
    assert "<script" not in page
    assert "style=" not in page


async def test_the_first_page_says_when_paging_or_the_chat_stands_still(desk, clock):
    desk.pulse.chat = "unreachable"
    await clock.advance(minutes=1)
    page = await (await desk.get("/", token="")).text()
    assert "已停顿" in page
    assert "暂时不通" in page
    desk.pulse.chat = "off"
    assert "未启用" in await (await desk.get("/", token="")).text()


async def test_the_style_sheet_is_served(desk):
    response = await desk.get("/static/liaison.css", token="")
    assert response.status == 200
    assert response.content_type == "text/css"
    assert (await desk.get("/static/../application.py", token="")).status in {403, 404}
    assert (await desk.get("/static/%2e%2e/application.py", token="")).status in {403, 404}
    assert (await desk.get("/static/", token="")).status in {403, 404}


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/metrics", "/api/v1/filings", "/nowhere", "/static/liaison.css"]
)
async def test_every_answer_carries_the_security_headers(desk, path):
    headers = (await desk.get(path, token="")).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "Server" not in headers
