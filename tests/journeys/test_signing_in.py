"""`/web` in the chat leads to the board in a browser: by a link for one person, one use and five minutes."""

import re

import pytest
from aiohttp import ClientSession, CookieJar
from sqlalchemy import select

from notifications.models import OutgoingMessage


@pytest.fixture
async def browser():
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
        yield client


def link_in(message):
    return re.search(r"http://\S+", message.text)[0]


async def press(browser, link):
    origin = "/".join(link.split("/")[:3])
    return await browser.post(link, headers={"Origin": origin}, allow_redirects=False)


async def test_the_link_leads_to_the_pages_once(app, phones, groups, browser, clock):
    message = await phones["A岗"].says("/web")
    link = link_in(message)
    assert link.startswith(app.http_address + "/sign-in/")
    assert "5 分钟内有效" in message.text
    async with browser.get(link) as page:
        assert page.status == 200
    answer = await press(browser, link)
    assert (answer.status, answer.headers["Location"]) == (303, "/board")
    assert (await press(browser, link)).status == 410


async def test_the_link_is_kept_nowhere_in_clear(app, phones, groups, database):
    link = link_in(await phones["A岗"].says("/web"))
    code = link.rpartition("/")[2]
    async with database.reading() as session:
        rows = await session.scalars(select(OutgoingMessage))
        assert [row for row in rows if code in str(row.payload)] == []


async def test_the_link_dies_after_five_minutes_and_with_the_account(
    app, phones, groups, browser, clock, liaoning, cut_off
):
    link = link_in(await phones["A岗"].says("/web"))
    await clock.advance(minutes=5)
    assert (await press(browser, link)).status == 410
    link = link_in(await phones["A岗"].says("/web"))
    await cut_off(liaoning.a)
    assert (await press(browser, link)).status == 410


async def test_in_a_group_and_to_strangers_there_is_no_link(app, phones, groups):
    answer = await phones["A岗"].says("/web", groups["辽72"])
    assert "请私聊机器人" in answer.text
    assert "http" not in answer.text
    phones.give("路人", "路人", started=True)
    answer = await phones["路人"].says("/web")
    assert "http" not in answer.text
