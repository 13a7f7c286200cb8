"""The province's bulletin: made in a few taps, published to the group and the leaders, contested, corrected beside what was frozen."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from directory.models import Court
from notifications.bulletin_models import Bulletin
from notifications.models import Filing


@pytest.fixture
async def group(telegram, phones, liaoning, groups, database):
    """The group of the province's high court."""
    made = telegram.add_group(
        "辽宁高院跨域立案群", [phones["省级协调员"].phone], supergroup=True, announced=False, group_id=-1003
    )  # fmt: skip
    async with database.transaction() as session:
        await session.execute(
            update(Court).where(Court.code == "辽").values(group_chat_id=made.chat.id)
        )
    return made


#: The Friday before every story's Monday.
FRIDAY = datetime(2019, 8, 16, 1, 30, tzinfo=UTC)


def answered(reference: str, minutes: int) -> Filing:
    """A filing of that Friday, answered and done so many minutes after it arrived."""
    at = FRIDAY + timedelta(minutes=minutes)
    seconds = 60 * minutes
    return Filing(
        reference=reference, reference_key=reference, state="completed",
        collaborating_court="浙72", jurisdiction_court="辽72", case_type="enforcement",
        filed_at=FRIDAY, received_at=FRIDAY, filed_by="平台", clock="working",
        answer_target_seconds=1800, result_target_seconds=3600,
        answer_due_at=FRIDAY + timedelta(minutes=30),
        acknowledged_at=at, answer_wall_seconds=seconds, answer_working_seconds=seconds,
        answered_in_time=minutes <= 30, result="registered", result_at=at,
        calendar_version="2019:1a2b3c4d@5e6f7a8b",
    )  # fmt: skip


@pytest.fixture
async def two_filings(liaoning, database):
    """One answered after two minutes, one after forty: late."""
    async with database.transaction() as session:
        session.add_all([answered("KY-2", 2), answered("KY-40", 40)])


async def test_a_bulletin_is_previewed_published_and_frozen(
    app, group, two_filings, phones, clock, database
):
    coordinator, leader = phones["省级协调员"], phones["带班领导"]
    asked = await coordinator.says("/report")
    assert "编制通报：辽宁省" in asked.text
    preview = await coordinator.says("8月16日")
    assert "预览，尚未发布" in preview.text
    assert "收到 2 件（上期 0），按期率 50%（上期 —），目标 90%" in preview.text
    assert "没有达到排名所需件数的法院" in preview.text
    await coordinator.presses("改按用时", preview)
    await clock.advance(seconds=2)
    shown = coordinator.expects("没有达到排名")
    assert "单位：分钟" in shown.text
    await coordinator.presses("改按四种状态", shown)
    await clock.advance(seconds=2)
    await coordinator.presses("表格")
    await clock.advance(seconds=5)
    book = CalamineWorkbook.from_filelike(
        BytesIO(coordinator.expects("TB-20190816.xlsx").file)
    ).get_sheet_by_index(0)
    row = next(row for row in book.to_python() if row[1] == "辽72")
    assert row[3:12] == [1, 1, 0, 0, 0, 2, 0.5, "样本不足", 0]

    assert await coordinator.presses("发布", coordinator.expects("没有达到排名")) == "已发布。"
    await clock.advance(seconds=10)
    picture = coordinator.expects("辽跨域通报〔2019〕第1期", group)
    assert picture.file[:8] == b"\x89PNG\r\n\x1a\n"
    told = leader.expects("【通报】辽跨域通报〔2019〕第1期")
    assert "大连海事法院：期内审核 1，超期审核 1，超期待审核 0" in told.text
    assert "在 2019-08-23 00:00 前" in told.text
    phones["协作法院A岗"].expects_nothing("【通报】")
    # Once only, and only what is over.
    await coordinator.says("/report 2019-08-19")
    assert "尚未结束" in await coordinator.presses("发布")
    await coordinator.says("/report 2019-08-16")
    refused = await coordinator.presses("发布")
    assert "已发布：辽跨域通报〔2019〕第1期" in refused
    async with database.reading() as session:
        [stored] = await session.scalars(select(Bulletin))
    assert stored.figures["calendars"] != []
    assert stored.figures["total"]["states"]["late"] == 1


async def test_officers_read_what_was_published_and_make_nothing(
    app, group, two_filings, phones, clock
):
    coordinator, officer = phones["省级协调员"], phones["A岗"]
    assert "本省尚未发布通报" in (await officer.says("/report")).text
    await coordinator.says("/report 2019-08-16")
    await coordinator.presses("发布")
    listed = await officer.says("/report")
    await officer.presses("📄 辽跨域通报〔2019〕第1期", listed)
    opened = officer.expects("辽宁省跨域立案通报 数据截至")
    await officer.presses("表格", opened)
    await clock.advance(seconds=5)
    officer.expects("辽跨域通报〔2019〕第1期.xlsx")
    # Another province's.
    stranger = await phones["协作法院A岗"].says("/report")
    assert "尚未发布" in stranger.text
