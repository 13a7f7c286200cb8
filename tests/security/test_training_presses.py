"""Buttons of training belong to whom they were sent: others, forgeries and what is over are refused."""

import pytest

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
async def announced(app, phones, groups, liaoning, clock):
    """A session that begins in an hour, announced to the province; A has the notice."""
    coordinator = phones["省级协调员"]
    await coordinator.says("/training 应答规范")
    await coordinator.says("今天 10:30")
    await coordinator.presses("60 分钟", coordinator.expects("多长时间"))
    await coordinator.says("三楼")
    await coordinator.presses("全省", coordinator.expects("请谁参加"))
    await coordinator.presses("发送", coordinator.expects("人数："))
    await clock.advance(seconds=10)
    return phones["A岗"].expects("【通知】 应答规范")


def data_of(message, label):
    return next(b.data for row in message.buttons for b in row if b.text == label)


async def tries(phone, clock, data, on):
    """Send a press that the phone's own screen does not offer; the words of the answer."""
    press = phone.phone.presses_data(data, on)
    await clock.settle()
    return press.answered.text


async def test_a_button_of_somebody_elses_notice_is_worth_nothing(announced, phones, clock):
    mine = data_of(announced, "报名")
    own = phones["B岗"].expects("【通知】 应答规范")
    assert "失效" in await tries(phones["B岗"], clock, mine, own)
    word, row, nonce, _ = mine.split(":")
    for forged in (f"{word}:{row}:AAAAAAAA:join", f"{word}:999999:{nonce}:join"):
        assert "失效" in await tries(phones["A岗"], clock, forged, announced)
    phones["B岗"].expects_nothing("您已报名")
    phones["A岗"].expects_nothing("您已报名")


async def test_nothing_is_said_to_a_session_that_has_begun_and_nobody_takes_anothers_quiz(
    announced, phones, clock
):
    await clock.advance(hours=1)
    assert "培训已开始" in await phones["A岗"].presses("报名", announced)
    for forged in ("quiz:1:go", "quiz:1:AAAAAAAA:0:0", "quiz:7:go"):
        assert "失效" in await tries(phones["A岗"], clock, forged, announced)
    for forged in ("onboard:1:AAAAAAAA:next", "onboard:999:AAAAAAAA:skip"):
        assert "失效" in await tries(phones["A岗"], clock, forged, announced)


async def test_only_a_coordinator_plans_and_sees_the_code(announced, phones):
    for name in ("A岗", "带班领导"):
        assert "只有省级协调员" in (await phones[name].says("/training 我的培训")).text
        await phones[name].says("/training")
        await phones[name].presses("1")
        shown = phones[name].expects("培训 1 应答规范")
        assert not {"签到码", "培训表", "取消培训"} & {*shown.labels}
