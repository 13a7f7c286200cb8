"""When a digest comes is settled by whom it is sent to, a court's by its leader; everybody else changes nothing."""

import pytest
from sqlalchemy import select

from directory import officers
from directory.models import Officer
from notifications.digest_models import Digest

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


async def settled(database):
    async with database.reading() as session:
        found = await session.scalars(select(Digest).where(Digest.changed_at.is_not(None)))
        return [(row.kind, row.time, row.off) for row in found]


async def test_presses_of_others_forged_ones_and_those_after_the_post_ended_settle_nothing(
    liaoning, phones, groups, clock, database, app
):
    a, b, group = phones["A岗"], phones["B岗"], groups["辽72"]
    await a.says("/today")
    mine = a.expects("【今日情况】")
    [[button]] = mine.buttons
    await a.presses("⏰ 早间提醒")
    panel = a.expects("早间提醒设置")
    earlier = next(key for row in panel.buttons for key in row if key.text == "07:30")
    await a.says("/today", group)
    shared = a.expects("【每日小结】", group)
    [[of_court]] = shared.buttons
    stranger = phones.give("路人", "路人", 999)
    dead = "此按钮已失效，请看最新的消息。"
    for phone, data, on, said in (
        (b, button.data, shared, "只有本人可以更改。"),
        (b, earlier.data, shared, dead),
        (a, earlier.data.replace("07:30", "03:00"), panel, dead),
        (a, "digest:999999999999999999", mine, dead),
        (a, of_court.data, shared, "只有本院带班领导和省级协调员可以更改。"),
        (stranger, of_court.data, await stranger.says("/today"), "未关联"),
    ):
        heard = phone.phone.presses_data(data, on)
        await clock.settle()
        assert said in heard.answered.text, (data, heard.answered.text)
    async with database.transaction() as session:
        held = await session.get_one(Officer, liaoning.a.id)
        await officers.unlink(session, held, who="管理员", now=clock.now())
    heard = a.phone.presses_data(earlier.data, panel)
    await clock.settle()
    assert "已更新" not in heard.answered.text
    assert await settled(database) == []
    # It was the presser, not the button.
    leader = phones["带班领导"]
    await leader.presses("⏰ 本院每日小结", chat=group)
    await leader.presses("停发", chat=group)
    assert await settled(database) == [("court", None, True)]
