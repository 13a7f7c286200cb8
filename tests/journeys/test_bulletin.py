"""The province's bulletin: made in a few taps, published to the group and the leaders, contested, corrected beside what was frozen."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from bot.chat import report_command
from directory.models import Court
from notifications import bulletin_drafts
from notifications.bulletin_models import Bulletin
from notifications.desk import DeskRules
from notifications.ladder import LadderBook
from notifications.models import Filing, FilingEvent


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
    assert (await coordinator.says("/cancel")).text == "已取消，没有发布通报。"
    await coordinator.says("/report")
    assert "1 至 100 之间" in (await coordinator.says("目标 0")).text
    assert "不足 2 件不排名" in (await coordinator.says("下限 2")).text
    preview = await coordinator.says("8月16日")
    assert "预览，尚未发布" in preview.text
    assert "收到 2 件（上期 0），按期率 50%（上期 —），目标 90%" in preview.text
    assert "1. 大连海事法院　▼50%" in preview.text
    await coordinator.presses("改按用时", preview)
    await clock.advance(seconds=2)
    shown = coordinator.expects("应计案件不足 2 件的不排名")
    assert "单位：分钟" in shown.text
    await coordinator.presses("改按四种状态", shown)
    await clock.advance(seconds=2)
    await coordinator.presses("表格")
    # Made on a thread, beside the dispatcher: that takes real time.
    sent = await coordinator.phone.expects("TB-20190816.xlsx", timeout=15)
    book = CalamineWorkbook.from_filelike(BytesIO(sent.file)).get_sheet_by_index(0)
    row = next(row for row in book.to_python() if row[1] == "辽72")
    assert row[3:12] == [1, 1, 0, 0, 0, 2, 0.5, 1, 0]

    assert (
        await coordinator.presses("发布", coordinator.expects("应计案件不足 2 件的不排名"))
        == "已发布。"
    )
    await clock.advance(seconds=10)
    done = coordinator.expects("已发布：辽跨域通报").text
    assert "有数字的法院 1 家，其中可收到本院数字的带班领导 1 人" in done
    assert "图片发到高级法院的群（1 个）" in done
    picture = coordinator.expects("辽跨域通报〔2019〕第1期", group)
    assert picture.file[:8] == b"\x89PNG\r\n\x1a\n"
    told = leader.expects("【通报】辽跨域通报〔2019〕第1期")
    assert "大连海事法院：期内审核 1，超期审核 1，超期待审核 0" in told.text
    assert "在 2019-08-22 24:00 前" in told.text
    phones["协作法院A岗"].expects_nothing("【通报】")
    # Once only, and only what is over.
    await coordinator.says("/report 2019-08-19")
    assert "尚未结束" in await coordinator.presses("发布")
    again = await coordinator.says("/report 2019-08-16")
    assert "预览；该期已发布：辽跨域通报〔2019〕第1期" in again.text
    assert "📄 辽跨域通报〔2019〕第1期" in again.labels
    assert "发布" not in again.labels
    async with database.reading() as session:
        [stored] = await session.scalars(select(Bulletin))
    assert stored.figures["calendars"] != []
    assert stored.figures["total"]["states"]["late"] == 1


async def test_officers_read_what_was_published_and_make_nothing(
    app, group, two_filings, phones, clock, monkeypatch
):
    coordinator, officer = phones["省级协调员"], phones["A岗"]
    assert "本省尚未发布通报" in (await officer.says("/report")).text
    await coordinator.says("/report 2019-08-16")
    await coordinator.presses("发布")
    listed = await officer.says("/report")
    await officer.presses("📄 辽跨域通报〔2019〕第1期", listed)
    opened = officer.expects("辽宁省跨域立案通报 数据截至")
    await officer.presses("表格", opened)
    await officer.phone.expects("辽跨域通报〔2019〕第1期.xlsx", timeout=15)
    assert "调度会材料（ZIP）" not in str(opened.labels)
    await coordinator.presses("📄 辽跨域通报〔2019〕第1期", await coordinator.says("/report"))
    await coordinator.presses("调度会材料（ZIP）")
    sent = await coordinator.phone.expects("辽跨域通报〔2019〕第1期.zip", timeout=15)
    with ZipFile(BytesIO(sent.file)) as packed:
        kinds = Counter(name.rpartition(".")[2] for name in packed.namelist())
    # Nobody has enough filings to be best or last.
    assert kinds == {"xlsx": 1, "docx": 2, "png": 2}
    # Older ones are behind a button.
    monkeypatch.setattr(report_command, "MOST_LISTED", 1)
    preview = await coordinator.says("/report 2019-08-15 至 2019-08-16")
    assert await coordinator.presses("发布", preview) == "已发布。"
    listed = await officer.says("/report")
    assert listed.labels == ["📄 辽跨域通报〔2019〕第2期", "更早 ›"]
    await officer.presses("更早 ›", listed)
    await clock.advance(seconds=2)
    assert officer.expects("已发布的通报：").labels == ["📄 辽跨域通报〔2019〕第1期"]
    # Another province's.
    stranger = await phones["协作法院A岗"].says("/report")
    assert "尚未发布" in stranger.text


@pytest.mark.parametrize("engine_name", ["sqlite"])  # the figures are on both
async def test_a_contested_figure_is_decided_and_annotated_beside_what_was_published(
    app, group, two_filings, groups, phones, clock, database
):
    coordinator, leader = phones["省级协调员"], phones["带班领导"]
    await coordinator.says("/report 2019-08-16")
    await coordinator.presses("发布")
    await clock.advance(seconds=10)
    told = leader.expects("【通报】")
    await leader.presses("提出异议", told)
    await leader.presses("KY-40", leader.expects("对哪一件"))
    # Reasons are published: a person's number is refused as in a notice.
    assert "不能含身份证号" in (await leader.says("当时已电话答复，手机 13800138000")).text
    await leader.says("当时已电话答复")
    leader.expects("异议已提交")
    await clock.advance(seconds=5)
    asked = coordinator.expects("【通报异议】 KY-40（计为超期审核）")
    assert "理由：当时已电话答复" in asked.text
    # Once is enough, and nothing else was late.
    assert "贵院没有按超期计" in await leader.presses("提出异议", told)

    await coordinator.presses("采纳，计为期内", asked)
    await coordinator.says("通话记录属实")
    coordinator.expects("已处理")
    await clock.advance(seconds=10)
    line = "更正　大连海事法院：超期审核 1 → 0，期内审核 1 → 2，按期率 50% → 100%。"
    for who, chat in ((leader, None), (coordinator, group), (leader, groups["辽72"])):
        assert line in who.expects("采纳：通话记录属实", chat).text
    assert "【通报更正】" in coordinator.expects("采纳：通话记录属实", group).text
    assert coordinator.expects("【通报异议】 采纳").labels == []
    async with database.reading() as session:
        [stored] = await session.scalars(select(Bulletin))
    assert stored.figures["total"]["states"]["late"] == 1

    listed = await leader.says("/report")
    await leader.presses("📄 辽跨域通报〔2019〕第1期", listed)
    opened = leader.expects("辽宁省跨域立案通报 数据截至")
    assert "按期率 50%" in opened.text
    assert line in opened.text
    # Every later figure counts it as decided, and says that what was published before was corrected.
    later = await coordinator.says("/report 2019-08-12至2019-08-18")
    assert "收到 2 件（上期 0），按期率 100%" in later.text
    brackets = await coordinator.says("/report 2019-08-17")
    assert "括号内带＊的为更正后的数字" in brackets.text
    events = await events_of(database, "KY-40")
    assert ("figure_corrected", "周琳（省级协调员）", "in_time") in events


async def events_of(database, reference):
    async with database.reading() as session:
        rows = await session.execute(
            select(FilingEvent.kind, FilingEvent.who, FilingEvent.detail)
            .join(Filing, Filing.id == FilingEvent.filing_id)
            .where(Filing.reference == reference)
        )
        return [tuple(row) for row in rows]


async def test_when_the_time_is_over_nothing_is_contested(
    app, group, two_filings, phones, clock, database
):
    coordinator, leader = phones["省级协调员"], phones["带班领导"]
    await coordinator.says("/report 2019-08-16")
    await coordinator.presses("发布")
    await clock.advance(seconds=10)
    told = leader.expects("【通报】")
    async with database.transaction() as session:
        await session.execute(update(Bulletin).values(contest_until=clock.now()))
    assert "异议期已过" in await leader.presses("提出异议", told)


@pytest.mark.parametrize("engine_name", ["sqlite"])  # the figures are on both
async def test_a_court_with_nothing_late_is_offered_no_contest(app, group, phones, clock, database):
    async with database.transaction() as session:
        session.add(answered("KY-2", 2))
    await phones["省级协调员"].says("/report 2019-08-16")
    await phones["省级协调员"].presses("发布")
    await clock.advance(seconds=10)
    told = phones["带班领导"].expects("【通报】")
    assert "超期审核 0，超期待审核 0" in told.text
    assert "提出异议" not in told.text + str(told.labels)


async def test_last_week_is_offered_on_monday_and_published_by_a_tap(
    app, group, two_filings, phones, clock, database, builders
):
    coordinator = phones["省级协调员"]
    other = await builders.officer("浙", "钱进", "coordinator", 106)
    phones.give_officer("浙江协调员", other)
    await _offered(app.database, clock)
    draft = coordinator.expects("【通报草稿】辽宁省跨域立案通报 周报　2019-08-12—2019-08-18")
    assert "收到 2 件" in draft.text
    await coordinator.presses("看预览", draft)
    assert "预览，尚未发布" in coordinator.expects("改时间").text
    assert await coordinator.presses("发布", draft) == "已发布。"
    coordinator.expects("已发布：辽跨域通报〔2019〕第1期")
    assert "该期通报已发布" in await coordinator.presses("发布", draft)
    # 宁波 filed for 大连: its province has something to say of it, and it is another bulletin.
    await phones["浙江协调员"].presses("发布", phones["浙江协调员"].expects("【通报草稿】"))
    phones["浙江协调员"].expects("已发布：浙跨域通报〔2019〕第1期")
    # What is published or was offered is not offered again.
    await _offered(app.database, clock)
    assert coordinator.count("【通报草稿】") == 1


async def _offered(database, clock):
    """What the schedule does on Monday morning."""
    desk = DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN")
    async with database.transaction() as session:
        await bulletin_drafts.weekly(session, clock.now(), desk)
    await clock.advance(seconds=10)


async def test_other_systems_read_what_was_published(app, group, two_filings, phones, clock, api):
    await phones["省级协调员"].says("/report 2019-08-16")
    await phones["省级协调员"].presses("发布")
    path = f"/api/v1/bulletins/{quote('辽跨域通报〔2019〕第1期')}"
    reader = await api("reader")
    async with reader.get(path) as answer:
        assert answer.status == 200, await answer.text()
        seen = await answer.json()
    assert (seen["number"], seen["province"]) == ("辽跨域通报〔2019〕第1期", "辽宁省")
    assert (seen["first_day"], seen["last_day"]) == ("2019-08-16", "2019-08-16")
    line = next(one for one in seen["lines"] if one["key"] == "辽72")
    assert line["states"] == {
        "in_time": 1, "late": 1, "overdue": 0, "pending": 0, "by_outage": 0, "total": 2, "rate": 0.5,
    }  # fmt: skip
    assert line["measures"]["working"]["within_30_minutes"] == 1
    assert line["rank"] is None
    assert seen["corrections"] == []
    # The figure's own address lists what it counted.
    async with reader.get(f"{seen['filings']['period']['late']}&court=辽72") as answer:
        assert [one["reference"] for one in (await answer.json())["items"]] == ["KY-40"]
    async with reader.get("/api/v1/bulletins/nowhere") as answer:
        assert answer.status == 404
    for scope, status in ((("浙江省"), 403), (("辽宁省"), 200)):
        narrowed = await api("reader", province=scope)
        async with narrowed.get(path) as answer:
            assert answer.status == status


async def test_the_nations_coordinator_publishes_by_province(
    app, group, two_filings, phones, clock, builders
):
    supreme = await builders.court("最高法", "最高人民法院", level="supreme", province="北京市")
    boss = phones.give_officer(
        "全国协调员", await builders.officer(supreme, "郑和", "coordinator", 107)
    )
    asked = await boss.says("/report")
    assert "编制通报：全国" in asked.text
    assert {"全国", "辽宁省", "浙江省"} <= set(asked.labels)
    preview = await boss.says("2019-08-16")
    assert "全国跨域立案通报" in preview.text
    await boss.presses("发布", preview)
    await clock.advance(seconds=10)
    assert "最高法跨域通报〔2019〕第1期" in boss.expects("已发布").text
    told = phones["省级协调员"].expects("【通报】最高法跨域通报〔2019〕第1期")
    assert "辽宁省：期内审核 1，超期审核 1" in told.text
    assert "提出异议" not in told.labels
    phones["带班领导"].expects_nothing("【通报】")
    phones["省级协调员"].expects("最高法跨域通报〔2019〕第1期 数据截至", group)
    # A province of theirs, by a button.
    asked = await boss.says("/report")
    await boss.presses("辽宁省", asked)
    await clock.advance(seconds=3)
    assert "编制通报：辽宁省" in boss.expects("编制通报").text
