"""What an officer looks up in a day: who is on duty, what is open, which court it is; and what strangers learn."""

import pytest


@pytest.fixture
def stranger(app, phones, liaoning):
    return phones.give("路人", "路人")


async def test_duty_says_who_answers_now_with_desk_phones_and_until_when(phones, file_a_filing):
    answer = await phones["协作法院A岗"].says("/duty 辽72")
    for fact in ("大连海事法院（辽72）", "A岗　王建国　☎ 0411-8000101", "B岗　李敏"):
        assert fact in answer.text
    assert "现为办公时间，至 11:30" in answer.text


async def test_pending_lists_what_is_open_and_shows_a_live_card(
    clock, phones, groups, file_a_filing
):
    first = await file_a_filing()
    await clock.advance(minutes=31)
    second = await file_a_filing()
    answer = await phones["B岗"].says("/pending")
    lines = answer.text.splitlines()
    assert lines[0] == "未办结 2 件"
    assert first.reference in lines[1]
    assert "31/30 分钟，超时" in lines[1]
    assert "王建国（A岗） 已送达" in lines[2]
    assert second.reference in lines[3]
    assert "0/30 分钟" in lines[3]
    await phones["B岗"].presses("查看 2", answer)
    card = phones["B岗"].expects(f"编号 {second.reference}")
    await phones["B岗"].presses("签收", card)
    phones["B岗"].expects(f"编号 已签收 李敏 {second.reference}")
    phones["A岗"].expects(f"已签收 李敏 {second.reference}", groups["辽72"])


async def test_a_reference_is_acknowledged_and_nudged_by_command(phones, groups, file_a_filing):
    filing = await file_a_filing()
    said = await phones["协作法院A岗"].says(f"/nudge {filing.reference}")
    assert "已催办" in said.text
    said = await phones["协作法院A岗"].says(f"/ack {filing.reference}")
    assert "只有管辖法院" in said.text
    said = await phones["B岗"].says(f"/ack {filing.reference}")
    assert "已签收" in said.text
    phones["A岗"].expects(f"编号 {filing.reference} 已签收 李敏", groups["辽72"])


async def test_officers_are_named_to_linked_officers_alone(phones, stranger, groups):
    found = await phones["协作法院A岗"].says("/find 王建国")
    assert "王建国\n大连海事法院（辽72）\n岗位：A岗\n办公电话：0411-8000101" in found.text
    assert (await stranger.says("/find 王建国")).text.startswith("没有找到")
    assert "王建国" not in (await stranger.says("/court 辽72")).text
    assert "未关联" in (await stranger.says("/duty 辽72")).text
    assert "未关联" in (await stranger.says("/pending")).text


async def test_inline_answers_come_to_linked_officers_alone_and_are_kept_by_nobody(
    telegram, phones, stranger
):
    found = await phones["B岗"].asks_inline("大连海事")
    assert [line.title for line in found] == ["大连海事法院（辽72）"]
    assert await stranger.asks_inline("大连海事") == []
    for call in telegram.calls_of("answerInlineQuery"):
        assert str(call.params["is_personal"]).lower() == "true"
        assert int(call.params["cache_time"]) == 0


async def test_what_nobody_understands_is_answered_with_where_help_is(phones, app, liaoning):
    answer = await phones["A岗"].says("你好")
    assert "/help" in answer.text
    assert "/pending" in (await phones["A岗"].says("/help")).text
