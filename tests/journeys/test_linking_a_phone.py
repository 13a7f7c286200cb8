"""An officer links a phone by an invitation: once, within a day, and nobody guesses another's."""

import pytest

from directory import officers


@pytest.fixture
async def invitation(app, database, clock, builders, phones, liaoning):
    """A new officer of Dalian without an account, the code, and the phone it was meant for."""
    async with database.transaction() as session:
        officer = await builders.officer(liaoning.jurisdiction, "孙丽", "B", session=session)
        code = await officers.invite(session, officer, now=clock.now())
    phones.give("新B岗", "孙丽", started=False)
    phones.give("别人", "路人", started=False)
    return code


async def test_a_code_links_the_account_and_says_who_one_is_and_what_comes_next(
    phones, invitation, groups, file_a_filing, clock
):
    answer = await phones["新B岗"].says(f"/start {invitation}")
    lines = answer.text.splitlines()
    assert lines[0] == "✅ 已关联：孙丽"
    assert lines[1] == "大连海事法院　B岗"
    assert "签收" in lines[2]
    assert lines[3].startswith("用三分钟熟悉一下")
    assert len(lines) == 4
    filing = await file_a_filing()
    await clock.advance(minutes=10)
    phones["新B岗"].expects(f"尚未签收 {filing.reference}")
    assert "已签收" in await phones["新B岗"].presses("签收")


async def test_a_code_is_worth_nothing_the_second_time(phones, invitation):
    await phones["新B岗"].says(f"/start {invitation}")
    answer = await phones["别人"].says(f"/start {invitation}")
    assert "已用过" in answer.text
    assert "未关联" in (await phones["别人"].says("/me")).text


async def test_a_code_is_worth_nothing_after_a_day(clock, phones, invitation):
    await clock.advance(hours=24)
    answer = await phones["新B岗"].says(f"/start {invitation}")
    assert "已过期" in answer.text
    assert "未关联" in (await phones["新B岗"].says("/me")).text


async def test_an_account_that_is_linked_already_keeps_its_person(phones, invitation):
    answer = await phones["A岗"].says(f"/start {invitation}")
    assert "此聊天账号已关联 王建国（大连海事法院）" in answer.text
    assert "✅ 已关联：孙丽" in (await phones["新B岗"].says(f"/start {invitation}")).text


async def test_guessing_is_slowed_down_and_the_right_code_waits_too(clock, phones, invitation):
    for number in range(5):
        answer = await phones["新B岗"].says(f"/start guess{number}")
        assert "邀请码无效" in answer.text
    answer = await phones["新B岗"].says(f"/start {invitation}")
    assert "错误次数过多，请于 09:45 后再试" in answer.text
    await clock.advance(minutes=15)
    answer = await phones["新B岗"].says(f"/start {invitation}")
    assert "✅ 已关联：孙丽" in answer.text


async def test_a_code_sent_into_a_group_is_not_taken(phones, invitation, groups):
    groups["辽72"].joined_by(phones["新B岗"].phone)
    answer = await phones["新B岗"].says(f"/start {invitation}", groups["辽72"])
    assert "请私聊机器人" in answer.text
    assert "✅ 已关联：孙丽" in (await phones["新B岗"].says(f"/start {invitation}")).text


async def test_without_a_code_the_bot_says_how_to_get_one(app, phones):
    phones.give("路人", "路人", started=False)
    answer = await phones["路人"].says("/start")
    assert "邀请链接" in answer.text
