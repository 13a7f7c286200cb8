"""已阅 is pressed by whom the copy was sent to, on that very copy; everybody else changes nothing."""

import pytest
from sqlalchemy import select

from directory import officers
from directory.models import Officer
from notifications.notice_models import NoticeRecipient

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


async def confirmed(database):
    async with database.reading() as session:
        found = await session.scalars(
            select(NoticeRecipient.officer_id).where(NoticeRecipient.confirmed_at.is_not(None))
        )
        return list(found)


async def test_forged_forwarded_and_unlinked_presses_confirm_nothing(
    app, phones, groups, liaoning, clock, database
):
    coordinator = phones["省级协调员"]
    await coordinator.says("/notice 通知")
    await coordinator.presses("全省")
    await clock.advance(seconds=3)
    await coordinator.presses("发送")
    await clock.advance(seconds=10)
    mine = phones["A岗"].expects("【通知】")
    [[button]] = mine.buttons
    theirs = phones["B岗"].expects("【通知】")
    stranger = phones.give("路人", "路人", 999)
    forwarded = phones["A岗"].phone.forwards(mine, groups["辽72"])
    for phone, data, on in (
        (phones["B岗"], button.data, theirs),
        (phones["B岗"], button.data, forwarded),
        (phones["A岗"], button.data[:-1] + ("a" if button.data[-1] != "a" else "b"), mine),
        (phones["A岗"], "notice:999999999999999999:abc", mine),
        (stranger, button.data, await stranger.says("/start")),
    ):
        heard = phone.phone.presses_data(data, on)
        await clock.settle()
        assert heard.answered is not None
        assert heard.answered.text == "此按钮已失效，请看最新的消息。"
    async with database.transaction() as session:
        held = await session.get_one(Officer, liaoning.a.id)
        await officers.unlink(session, held, who="管理员", now=clock.now())
    heard = phones["A岗"].phone.presses_data(button.data, mine)
    await clock.settle()
    assert "已确认" not in heard.answered.text
    assert await confirmed(database) == []
