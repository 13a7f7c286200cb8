"""Calendar feeds: the address from chat, what a calendar reads there, UTC instants, stable UIDs, and closing it."""

import re
from datetime import UTC, date, datetime

import aiohttp
import pytest
from icalendar import Calendar
from sqlalchemy import select

from directory import feeds, shifts
from directory.duty_models import Feed
from notifications.models import OutgoingMessage

pytestmark = pytest.mark.usefixtures("groups")


@pytest.fixture
async def planned(database, clock, liaoning):
    """李敏 stands at A from Friday to Monday, 王建国 at B on Monday."""
    async with database.transaction() as session:
        for officer, post, first in ((liaoning.b, "A", 23), (liaoning.a, "B", 26)):
            await shifts.assign(
                session, "辽72", post, officer.id, date(2019, 8, first), date(2019, 8, 26),
                source="plan", by="x", now=clock.now(),
            )  # fmt: skip


@pytest.fixture
def read(app):
    """`await read(path)`: the status and the events of a feed."""

    async def get(path):
        async with (
            aiohttp.ClientSession() as client,
            client.get(f"{app.http_address}{path}") as answer,
        ):
            body = await answer.read()
            events = Calendar.from_ical(body).walk("VEVENT") if answer.status == 200 else []
            return answer, body.decode(), events

    return get


async def address(phone, button):
    """Ask for an address and tap; the path of what was sent."""
    await phone.says("/feed")
    await phone.presses(button)
    return re.search(r"/ics/\S+\.ics", phone.expects("值班日历地址").text)[0]


async def test_an_officers_calendar_holds_their_duty_in_utc(database, phones, planned, read):
    path = await address(phones["B岗"], "本人值班日历")
    answer, text, events = await read(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    days = {str(e["UID"]): e for e in events}
    assert len(days) == 4
    friday = days["2019-08-23.A.%E8%BE%BD72@liaison"]
    assert friday["DTSTART"].dt == datetime(2019, 8, 23, 0, 30, tzinfo=UTC)
    assert friday["DTEND"].dt == datetime(2019, 8, 23, 9, 0, tzinfo=UTC)
    assert friday["SUMMARY"] == "A岗值班　李敏"
    # A dated shift on a day without work lasts the whole day.
    assert days["2019-08-24.A.%E8%BE%BD72@liaison"]["DTSTART"].dt == date(2019, 8, 24)
    assert "王建国" not in text
    async with database.reading() as session:
        hashes = (await session.scalars(select(Feed.secret_hash))).all()
        sent = [str(p) for p in await session.scalars(select(OutgoingMessage.payload))]
    secret = path.removeprefix("/ics/").removesuffix(".ics")
    assert len(hashes[0]) == 64
    assert not any(secret in payload for payload in sent)


async def test_uids_stay_when_the_roster_changes(database, clock, phones, liaoning, planned, read):
    path = await address(phones["带班领导"], "本院值班日历")
    _answer, _text, before = await read(path)
    async with database.transaction() as session:
        await shifts.assign(
            session, "辽72", "A", liaoning.leader.id, date(2019, 8, 26), date(2019, 8, 26),
            source="swap", by="x", now=clock.now(),
        )  # fmt: skip
    _answer, _text, after = await read(path)
    assert {str(e["UID"]) for e in before} == {str(e["UID"]) for e in after}
    monday = {str(e["UID"]): e for e in after}["2019-08-26.A.%E8%BE%BD72@liaison"]
    assert monday["SUMMARY"] == "A岗值班　赵强"


async def test_a_new_address_makes_the_old_one_void_and_it_can_be_closed(phones, planned, read):
    phone = phones["B岗"]
    first = await address(phone, "本人值班日历")
    second = await address(phone, "本人值班日历")
    assert first != second
    assert (await read(first))[0].status == 404
    assert (await read(second))[0].status == 200
    await phone.presses("停用本人日历")
    assert (await read(second))[0].status == 404
    assert (await read("/ics/x.ics"))[0].status == 404


async def test_only_a_leader_has_the_courts_calendar(phones, app):
    shown = await phones["A岗"].says("/feed")
    assert not any("本院" in label for label in shown.labels)


async def test_a_court_of_another_zone_opens_in_its_own_time(database, clock, builders, read):
    await builders.court("新01", timezone="Asia/Urumqi", hours="10:00-14:00 15:30-19:30")
    officer = await builders.officer("新01", "阿依古丽", "A", 140)
    async with database.transaction() as session:
        await shifts.rotate(
            session, "新01", "A", [officer.id], date(2019, 8, 19), by="x", now=clock.now()
        )
        secret = await feeds.make(session, court_code="新01", by="x", now=clock.now())
    _answer, text, events = await read(f"/ics/{secret}.ics")
    monday = {str(e["UID"]): e for e in events}["2019-08-26.A.%E6%96%B001@liaison"]
    # 10:00 in Urumqi is noon in Beijing.
    assert monday["DTSTART"].dt == datetime(2019, 8, 26, 4, 0, tzinfo=UTC)
    assert monday["DTEND"].dt == datetime(2019, 8, 26, 13, 30, tzinfo=UTC)
    # A rotation says nothing of a Saturday without work.
    assert "2019-08-24.A" not in text
