"""Nobody answers in chat: the court hears of it elsewhere, and an officer acknowledges on a phone page."""

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from directory.models import Officer
from notifications import signed_links
from notifications.models import FilingEvent, SignedLink
from tests import fallback_desk
from tests.fallback_desk import OWN, ROBOT

MOBILES = {"王建国": "13900000101", "李敏": "13900000102", "赵强": "13900000103"}


@pytest.fixture
def settings(settings):
    return settings.model_copy(
        update={
            "fallback_urls": (SecretStr(ROBOT), SecretStr(OWN)),
            "public_url": "https://liaison.example",
        }
    )


@pytest.fixture
def outside(monkeypatch, clock):
    with fallback_desk.outside(monkeypatch, clock) as (receiver, tray):
        yield receiver, tray


@pytest.fixture
def robot(outside):
    return outside[0]


@pytest.fixture
def tray(outside):
    return outside[1]


@pytest.fixture
async def app(outside, app):
    return app


@pytest.fixture
async def mobiles(database, liaoning):
    async with database.transaction() as session:
        for officer in await session.scalars(select(Officer)):
            officer.mobile = MOBILES.get(officer.name)
    return MOBILES


async def events_of(database, filing):
    async with database.reading() as session:
        found = await session.scalars(
            select(FilingEvent).where(FilingEvent.filing_id == filing.id).order_by(FilingEvent.id)
        )
        return [(event.kind, event.detail) for event in found]


async def test_a_silent_court_hears_of_it_from_its_robot(
    app, clock, robot, database, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=29)
    assert robot.taken == []
    await clock.advance(minutes=1)
    (taken,) = robot.taken
    assert taken.host == "qyapi.weixin.qq.com"
    text = taken.text
    assert text.startswith(f"【跨域立案】尚未签收　{filing.reference}　大连海事法院")
    for words in ("宁波海事法院", "民事一审", "应于 10:00 前签收", "已用 30/30 工作分钟"):
        assert words in text
    assert f"https://liaison.example/filings/{filing.reference}" in text
    assert "/a/" not in text
    told = await events_of(database, filing)
    assert ("fallback_sent", "wecombot") in told
    assert ("delivered", "apprise 辽72 fallback") in told


async def test_a_robot_is_told_nothing_once_somebody_answered(
    app, clock, phones, robot, file_a_filing
):
    await file_a_filing()
    await phones["A岗"].presses("签收")
    await clock.advance(minutes=31)
    assert robot.taken == []


async def test_each_officer_gets_a_link_of_their_own_and_one_press_ends_it(
    app, clock, tray, robot, mobiles, phones, api, database, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=30)
    links = {name: tray.link(mobile) for name, mobile in mobiles.items()}
    assert len(set(links.values())) == 3
    assert all("/a/" not in taken.text for taken in robot.taken)
    client = await api("reader")
    async with client.post(links["李敏"], headers={"Origin": app.http_address}) as answer:
        page = await answer.text()
        assert answer.status == 200, page
    assert "已由您签收" in page
    await clock.settle()
    phones["A岗"].expects(f"已签收 李敏（B岗） {filing.reference}")
    async with client.post(links["王建国"], headers={"Origin": app.http_address}) as answer:
        page = await answer.text()
        assert answer.status == 200
    assert "李敏（B岗）已先签收" in page
    kinds = [kind for kind, _detail in await events_of(database, filing)]
    assert kinds.count("acknowledged") == 1


async def test_a_previewer_that_opens_the_link_acknowledges_nothing(
    app, clock, tray, mobiles, api, database, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=30)
    link = tray.link(MOBILES["王建国"])
    client = await api("reader")
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        async with client.request(method, link, headers={"User-Agent": "WeCom-Preview"}) as answer:
            page = await answer.text()
        if method == "GET":
            assert answer.headers["X-Robots-Tag"] == "noindex"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "same-origin"
    for name in ("王建国", "李敏", *MOBILES.values()):
        assert name not in page
    assert "王**" in page
    # Another site's form sends no press either.
    async with client.post(link, headers={"Origin": "https://elsewhere.example"}) as answer:
        assert answer.status == 403
    kinds = [kind for kind, _detail in await events_of(database, filing)]
    assert "acknowledged" not in kinds


async def test_a_link_ends_after_twelve_hours_and_says_so(
    app, clock, tray, mobiles, api, database, file_a_filing
):
    await file_a_filing()
    await clock.advance(minutes=30)
    link = tray.link(MOBILES["王建国"])
    await clock.advance(hours=12)
    client = await api("reader")
    for method in ("GET", "POST"):
        async with client.request(method, link, headers={"Origin": app.http_address}) as answer:
            assert answer.status == 410
            assert "现已过期，未能签收" in await answer.text()
    async with client.get("/a/" + "x" * 32) as answer:
        assert answer.status == 404
        assert "链接无效" in await answer.text()


async def test_a_link_says_when_its_filing_was_withdrawn(
    app, clock, tray, mobiles, api, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=30)
    client = await api("admin")
    path = f"/api/v1/filings/{filing.reference}/withdraw"
    async with client.post(path, json={"reason": "重复提交"}) as answer:
        assert answer.status == 200
    link = tray.link(MOBILES["王建国"])
    async with client.post(link, headers={"Origin": app.http_address}) as answer:
        assert "协作法院已撤回，无需处理" in await answer.text()


async def test_who_left_since_the_letter_can_no_longer_press(
    app, clock, tray, mobiles, api, database, liaoning, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=30)
    link = tray.link(MOBILES["王建国"])
    async with database.transaction() as session:
        (await session.get_one(Officer, liaoning.a.id)).left_at = clock.now()
    client = await api("reader")
    async with client.post(link, headers={"Origin": app.http_address}) as answer:
        assert answer.status == 403
        assert "您今日不在该院应答岗位" in await answer.text()
    assert ("refused", "acknowledge: technician") in await events_of(database, filing)


async def test_an_officer_without_a_chat_account_is_written_to_at_once(
    app, clock, tray, robot, mobiles, cut_off, liaoning, database, file_a_filing
):
    await cut_off(liaoning.a)
    filing = await file_a_filing()
    assert len(tray.to(MOBILES["王建国"])) == 1
    assert tray.to(MOBILES["李敏"]) == []
    assert robot.taken == []
    assert ("fallback_sent", "mailtos") in await events_of(database, filing)


async def test_a_page_that_chat_refuses_goes_out_as_a_letter(
    app, telegram, clock, tray, mobiles, phones, file_a_filing
):
    telegram.world.blocked.add(phones["A岗"].id)
    await file_a_filing()
    assert len(tray.to(MOBILES["王建国"])) == 1
    phones["B岗"].expects("待签收")


async def test_with_nobody_left_in_chat_every_other_way_is_used_at_once(
    app, clock, tray, robot, mobiles, cut_off, liaoning, database, file_a_filing
):
    for officer in (liaoning.a, liaoning.b, liaoning.leader, liaoning.coordinator):
        await cut_off(officer)
    filing = await file_a_filing()
    assert len(robot.taken) == 1
    assert [len(tray.to(mobile)) for mobile in MOBILES.values()] == [1, 1, 1]
    await clock.advance(minutes=10)
    assert len(robot.taken) == 1
    await clock.advance(minutes=20)
    assert len(robot.taken) == 2
    async with database.reading() as session:
        links = (await session.scalars(select(SignedLink))).all()
    assert {link.filing_id for link in links} == {filing.id}
    assert all(len(link.token_hash) == 64 for link in links)


async def test_a_drill_is_called_one(app, clock, robot, file_a_filing):
    await file_a_filing(drill=True)
    await clock.advance(minutes=30)
    assert robot.taken[0].text.startswith("【演练】尚未签收")


async def test_a_robot_that_refuses_for_good_is_reported_to_the_coordinator(
    app, clock, robot, phones, database, file_a_filing
):
    robot.script.append((200, {}, b'{"errcode":93000,"errmsg":"invalid webhook url"}'))
    filing = await file_a_filing()
    await clock.advance(minutes=30)
    phones["省级协调员"].expects("备用渠道 企业微信")
    assert ("delivery_failed", "apprise 辽72 fallback: refused") in await events_of(
        database, filing
    )


async def test_a_robot_that_was_down_is_told_when_it_is_back(app, clock, robot, file_a_filing):
    robot.script.extend([(502, {}, b"")] * 3)
    await file_a_filing()
    await clock.advance(minutes=30)
    await clock.advance(seconds=30)
    assert len(robot.taken) == 1


async def test_who_looks_at_the_path_sees_the_letters_and_whether_they_arrived(
    app, clock, phones, robot, mobiles, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=30)
    await phones["省级协调员"].presses("查看")
    path = phones["省级协调员"].expects(f"{filing.reference} 备用渠道")
    assert "备用渠道 企业微信　已送达" in path.text
    assert "备用渠道 邮件 李敏　已送达" in path.text


async def test_the_links_of_a_lost_phone_are_dead(
    app, clock, tray, mobiles, api, database, liaoning, file_a_filing
):
    await file_a_filing()
    await clock.advance(minutes=30)
    links = {name: tray.link(mobile) for name, mobile in mobiles.items()}
    async with database.transaction() as session:
        await signed_links.void(session, liaoning.a.id, now=clock.now())
    client = await api("reader")
    for name, status in (("王建国", 410), ("李敏", 200)):
        async with client.post(links[name], headers={"Origin": app.http_address}) as answer:
            assert answer.status == status
