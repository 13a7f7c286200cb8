"""`/duty` asked about now, another day, a time: who, until when, how to reach, and plainly when nobody is."""

from datetime import date

import pytest

from directory import shifts

pytestmark = pytest.mark.usefixtures("app", "groups")

#: The clock of the stories stands on Monday 19 August 2019, 09:30 in Beijing.
MONDAY, FRIDAY = date(2019, 8, 19), date(2019, 8, 23)


@pytest.fixture
async def stand_in(builders, liaoning):
    return await builders.officer("辽72", "孙丽", None, 109, desk_phone="0411-8000109")


@pytest.fixture
async def this_week(database, clock, stand_in):
    """孙丽 stands at A from Monday to Friday."""
    async with database.transaction() as session:
        await shifts.assign(
            session, "辽72", "A", stand_in.id, MONDAY, FRIDAY,
            source="plan", by="赵强", now=clock.now(),
        )  # fmt: skip


async def test_who_is_on_duty_now_and_until_when(phones, this_week):
    answer = await phones["协作法院A岗"].says("/duty 辽72")
    assert "A岗　孙丽　☎ 0411-8000109　至 8月23日（周五）" in answer.text
    assert "B岗　李敏" in answer.text
    assert "王建国" not in answer.text
    assert "现为办公时间，至 11:30" in answer.text


async def test_another_day_and_a_time_of_it(phones, this_week):
    saturday = await phones["A岗"].says("/duty 周六")
    assert "8月24日（周六）" in saturday.text
    assert "A岗　王建国　☎ 0411-8000101" in saturday.text
    assert "当日不办公" in saturday.text
    friday = await phones["A岗"].says("/duty 辽72 8-23 12:00")
    assert "8月23日（周五） 12:00" in friday.text
    assert "A岗　孙丽" in friday.text
    assert "届时为非办公时间，13:30 开始办公" in friday.text


async def test_leave_is_said_and_who_is_left(database, clock, phones, liaoning):
    async with database.transaction() as session:
        await shifts.leave(
            session, liaoning.a.id, date(2019, 8, 20), date(2019, 8, 20), by="x", now=clock.now()
        )
    today = await phones["A岗"].says("/duty")
    assert "A岗　王建国　☎ 0411-8000101　至 8月19日（周一）" in today.text
    tomorrow = await phones["A岗"].says("/duty 明天")
    assert "A岗　王建国　☎ 0411-8000101　至 8月20日（周二）　休假" in tomorrow.text


async def test_where_nobody_is_on_duty_it_is_said_plainly(phones, builders, liaoning):
    await builders.court("辽0211", phone="0411-8660000")
    answer = await phones["A岗"].says("/duty 辽0211 明天")
    assert "届时无人值班。" in answer.text
    assert "省级协调员　周琳" in answer.text
    assert "法院电话 ☎ 0411-8660000" in answer.text
    await builders.officer("辽0211", "代班", "B", 120)
    half = await phones["A岗"].says("/duty 辽0211")
    assert "A岗无人。" in half.text
    assert "B岗　代班" in half.text


async def test_an_english_reader_is_told_in_english(phones, this_week):
    await phones["A岗"].says("/language en")
    answer = await phones["A岗"].says("/duty sat")
    assert "Sat 24 Aug" in answer.text
    assert "Closed that day" in answer.text
    now = await phones["A岗"].says("/duty")
    assert "until Fri 23 Aug" in now.text


async def test_the_api_answers_for_any_instant_and_says_until_when(api, this_week):
    client = await api("reader")
    at = {"at": "2019-08-21T02:00:00+00:00"}
    async with client.get("/api/v1/courts/辽72/on-duty", params=at) as answer:
        seen = await answer.json()
    assert [o["name"] for o in seen["officers"] if o["post"] == "A"] == ["孙丽"]
    assert seen["until"] == "2019-08-23T16:00:00Z"
    at = {"at": "2019-08-24T02:00:00+00:00"}
    async with client.get("/api/v1/courts/辽72/on-duty", params=at) as answer:
        seen = await answer.json()
    assert [o["name"] for o in seen["officers"] if o["post"] == "A"] == ["王建国"]
    assert seen["until"] is None
