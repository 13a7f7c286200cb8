"""What happens to a filing is reported to the filing platform: signed, once an event, for days if need be."""

import asyncio
import json
from collections import deque
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import select
from standardwebhooks import Webhook

from notifications.channels.port import Later, Never, Sent
from notifications.channels.webhook import outcome_of
from notifications.filings import Submission
from notifications.models import FilingEvent, OutgoingMessage

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Platform:
    """The system that is reported to; answers with what is scripted, then with 204."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], str]] = []
        self.script: deque[int] = deque()
        self.tries = 0
        self.always: int | None = None

    async def receive(self, request: web.Request) -> web.Response:
        self.tries += 1
        status = self.always or (self.script.popleft() if self.script else 204)
        if status < 300:
            self.taken.append((dict(request.headers), await request.text()))
        return web.Response(status=status)

    @property
    def bodies(self) -> list[dict]:
        return [json.loads(text) for _headers, text in self.taken]

    @property
    def kinds(self) -> list[str]:
        return [body["type"].removeprefix("filing.") for body in self.bodies]


@pytest.fixture
async def platform():
    platform = Platform()
    app = web.Application()
    app.router.add_post("/hook", platform.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    platform.url = "http://{}:{}/hook".format(*runner.addresses[0][:2])
    yield platform
    await runner.cleanup()


@pytest.fixture
def settings(settings, platform):
    return settings.model_copy(
        update={
            "result_webhook_url": platform.url,
            "result_webhook_secret": SecretStr(SECRET),
        }
    )


async def stored_events(database, filing):
    async with database.reading() as session:
        found = await session.scalars(
            select(FilingEvent).where(FilingEvent.filing_id == filing.id).order_by(FilingEvent.id)
        )
        return [event.kind for event in found]


async def reports(database):
    async with database.reading() as session:
        rows = await session.scalars(
            select(OutgoingMessage).where(OutgoingMessage.channel == "webhook")
        )
        return list(rows)


async def test_every_event_is_reported_once_signed_and_in_order(
    app, clock, phones, platform, database, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=4)
    await phones["A岗"].presses("签收")
    await clock.advance(minutes=10)
    await phones["A岗"].presses("登记立案")
    await clock.advance(seconds=30)
    assert platform.kinds == await stored_events(database, filing)
    assert {"received", "paged", "delivered", "acknowledged", "result"} <= set(platform.kinds)
    assert len({headers["webhook-id"] for headers, _body in platform.taken}) == len(platform.taken)
    for headers, text in platform.taken:
        at = int(headers["webhook-timestamp"])
        assert abs(at - clock.now().timestamp()) < 3600
        signed = Webhook(SECRET).sign(headers["webhook-id"], datetime.fromtimestamp(at, UTC), text)
        assert headers["webhook-signature"] == signed
    body = platform.bodies[platform.kinds.index("result")]
    assert body["data"]["reference"] == filing.reference
    assert body["data"]["state"] == "completed"
    assert body["data"]["result"] == "registered"
    assert body["data"]["result_by"] == {"name": "王建国", "court": "辽72", "post": "A"}
    assert body["data"]["event"]["kind"] == "result"
    assert body["data"]["event"]["at"] == body["timestamp"]
    assert "events" not in body["data"]


async def test_a_platform_that_is_down_is_told_when_it_is_back_in_the_order_of_events(
    app, clock, platform, database, file_a_filing
):
    platform.always = 500
    filing = await file_a_filing()
    await clock.advance(seconds=20)
    platform.always = None
    await clock.advance(minutes=2)
    assert platform.kinds == await stored_events(database, filing)


async def test_the_same_event_keeps_its_number_over_all_tries(app, clock, platform, file_a_filing):
    platform.script.extend([500, 502, 429])
    await file_a_filing()
    await clock.advance(minutes=5)
    ids = [headers["webhook-id"] for headers, _text in platform.taken]
    assert len(ids) == len(set(ids))
    assert platform.tries == len(ids) + 3


@pytest.mark.parametrize("engine_name", ["sqlite"])  # hundreds of attempts; the next one is on both
async def test_a_platform_down_for_three_days_is_given_up_and_it_shows(
    app, clock, phones, platform, database, api, file_a_filing
):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收")
    # A filing that waits would be news for four days, each tried a hundred times.
    platform.always = 500
    await phones["A岗"].presses("登记立案")
    await clock.advance(days=4)
    rows = await reports(database)
    first = [row for row in rows if row.outcome != "sent"]
    assert {row.outcome for row in first} == {"failed"}
    assert all(row.created_at < clock.now() - timedelta(days=3) for row in first)
    assert platform.tries > 80
    # A report that failed is no news of the filing: nothing tells of it in turn.
    assert "delivery_failed" not in await stored_events(database, filing)
    client = await api("reader")
    async with client.get("/metrics") as answer:
        figures = dict(
            line.rsplit(" ", 1)
            for line in (await answer.text()).splitlines()
            if not line.startswith("#")
        )
    assert float(figures["liaison_reports_given_up_total"]) >= len(first) > 0


async def test_what_the_platform_refuses_is_given_up_after_some_tries(
    app, clock, phones, platform, database, file_a_filing
):
    platform.always = 400
    await file_a_filing()
    await phones["A岗"].presses("签收")
    await clock.advance(hours=3)
    rows = await reports(database)
    assert {row.outcome for row in rows} == {"failed"}
    assert platform.tries == 8 * len(rows)


async def test_a_platform_that_never_answers_holds_up_no_page(
    app, clock, phones, platform, database, file_a_filing, monkeypatch
):
    never = asyncio.Event()

    monkeypatch.setattr(
        "notifications.channels.webhook.WebhookChannel.send", lambda *_a, **_k: never.wait()
    )
    clock.forget("a message is under way")
    for number in range(12):
        await app.intake.submit(_submission(number))
    async with asyncio.timeout(20):
        while phones["A岗"].count("待签收") < 12:  # noqa: ASYNC110 -- nothing tells of an arrival
            await asyncio.sleep(0.05)
    never.set()


def _submission(number):
    return Submission(
        reference=f"KY-9-{number}", collaborating_court="浙72", jurisdiction_court="辽72",
        case_type="enforcement", filed_at=None, drill=False, filed_by="立案平台",
        filed_by_officer_id=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "retry_after", "outcome"),
    [
        (200, None, Sent(0)),
        (204, None, Sent(0)),
        (302, None, Later("http_302")),
        (400, None, Later("http_400")),
        (410, None, Never("refused", "http 410")),
        (429, "30", Later("http_429", 30.0)),
        (429, None, Later("http_429", 60.0)),
        (503, "99999", Later("http_503", 1800.0)),
        (503, "Tue, 24 Nov 2026 16:00:00 GMT", Later("http_503", 60.0)),
        (500, None, Later("http_500")),
    ],
)
def test_what_an_answer_of_the_platform_means(status, retry_after, outcome):
    assert outcome_of(status, retry_after) == outcome


async def test_reports_that_arrived_are_swept_after_a_week_and_the_history_stays(
    app, clock, platform, database, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=1)
    arrived = len(platform.taken)
    assert arrived == len(await reports(database))
    before = await stored_events(database, filing)
    await clock.advance(days=8)
    left = [row for row in await reports(database) if row.sent_at < clock.now() - timedelta(days=7)]
    assert left == []
    assert (await stored_events(database, filing))[: len(before)] == before
