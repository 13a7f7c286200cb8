"""A coordinator downloads the province's spreadsheet in chat, changes it, sends it back and imports it; whole numbers for a reason."""

import io

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from bot.settings import Settings
from directory import disclosures, exports, own_exports
from directory.models import DirectoryRecord, Officer

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

MOBILE = "13812341234"


@pytest.fixture
def chat_phones() -> str:
    return "role"


@pytest.fixture
def settings(settings: Settings, chat_phones: str) -> Settings:
    return settings.model_copy(update={"chat_phones": chat_phones})


@pytest.fixture
async def boss(liaoning, phones, app):
    async with app.database.transaction() as session:
        (await session.get_one(Officer, liaoning.a.id)).mobile = MOBILE
    return phones["省级协调员"]


@pytest.fixture
def comes(clock):
    """`await comes(device, words)`: the file that comes after a message with these words, by its sheets."""

    async def newest(device, words):
        # Making a file takes real time, on a thread.
        await sees(device, clock, words)
        file = await device.phone.expects(".xlsx", timeout=15)
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.file))
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
        return file.document, file.file, sheets

    return newest


async def sees(device, clock, words):
    found = await device.phone.expects(words, timeout=15)
    await clock.settle()
    return found


def rewritten(sheets):
    """The sheets as a spreadsheet program saves them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return out.getvalue()


async def mobile_of(app, officer):
    async with app.database.reading() as session:
        return (await session.get_one(Officer, officer.id)).mobile


async def test_the_spreadsheet_goes_out_is_changed_and_comes_back(
    liaoning, boss, comes, app, clock, phones
):
    await boss.says("/edit")
    await boss.presses("下载通讯录表格")
    name, content, sheets = await comes(boss, "✅ 通讯录表格 辽宁省 138****1234 发回给我")
    assert name == "通讯录 辽宁省 2019-08-19.xlsx"
    people = sheets["人员"]
    assert people[0][:4] == ["编号", "法院代字", "姓名", "岗位"]
    assert "电报号" not in people[0]
    # Their own province alone, in words of theirs, and no whole number.
    assert {row[1] for row in people[1:]} == {"辽", "辽72"}
    assert {row[3] for row in people[1:]} == {"A岗", "B岗", "带班领导", "省级协调员"}
    assert "138****1234" in str(people)
    assert MOBILE not in str(sheets)

    # As it is, it changes nothing.
    await boss.sends_document(name, content)
    await sees(boss, clock, "没有变化，无需导入")

    # Changed, it is shown as a table first; the masks stay what they stand for.
    phone, of_whom = people[0].index("办公电话"), people[0].index("姓名")
    next(row for row in people if row[of_whom] == "王建国")[phone] = "0411-777"
    await boss.sends_document(name, rewritten(sheets))
    shown = await sees(boss, clock, "导入预览 新增 0 · 更改 1 · 离任 0")
    assert "～ 辽72 王建国　办公电话：0411-8000101 → 0411-777" in shown.text
    assert "没有列全" not in shown.text
    await boss.presses("导入")
    await sees(boss, clock, "✅ 已导入")
    async with app.database.reading() as session:
        held = await session.get_one(Officer, liaoning.a.id)
        assert (held.desk_phone, held.mobile) == ("0411-777", MOBILE)
        assert (await session.scalars(select(disclosures.Disclosure))).all() == []

    # Nobody else has such a file, whatever button they come by.
    leader = phones["带班领导"]
    await leader.says("/export")
    leader.expects("只有省级协调员可以下载通讯录表格")
    await leader.says("/edit")
    assert "下载通讯录表格" not in leader.phone.last().labels
    leader.phone.presses_data("export:full", leader.phone.last())
    await clock.settle()
    leader.expects_nothing("请选择理由")


async def test_a_file_that_cannot_be_made_is_said_and_shows_nobody(boss, app, clock, monkeypatch):
    def broken(_sheets):
        message = "no room"
        raise OSError(message)

    monkeypatch.setattr(exports, "workbook", broken)
    await boss.says("/export")
    await sees(boss, clock, "表格没有生成，请稍后再试")
    boss.expects_nothing(".xlsx")


async def test_whole_numbers_need_a_reason_and_everybody_is_told(
    liaoning, boss, comes, app, clock, phones
):
    await boss.says("/export")
    await comes(boss, "✅ 通讯录表格")
    await boss.presses("含完整手机号", boss.expects("✅ 通讯录表格"))
    await boss.presses("取消")
    boss.expects("已取消，没有下载")
    await boss.presses("含完整手机号", boss.expects("✅ 通讯录表格"))
    await boss.says("年度<核对>")
    boss.expects("下载理由：年度<核对>")
    assert await read(app) == []
    await boss.presses("下载")
    name, _content, sheets = await comes(
        boss, "含 1 人的完整手机号，已逐人记录 下载理由：年度<核对>"
    )
    assert name == "通讯录（含手机号） 辽宁省 2019-08-19.xlsx"
    assert MOBILE in str(sheets["人员"])
    assert await read(app) == [
        (liaoning.a.id, "辽宁省高级人民法院 周琳（省级协调员）", "年度<核对>", "chat")
    ]
    await phones["A岗"].says("/me")
    phones["A岗"].expects("谁看过我的手机号 周琳（省级协调员） 年度<核对>（聊天，共 1 次）")

    # So many an hour, then no more.
    for _ in range(own_exports.PER_HOUR - 2):
        await boss.says("/export")
    await boss.says("/export")
    boss.expects("一小时内最多下载 6 次，10:30 后可再次下载")
    await clock.advance(minutes=61)
    await boss.says("/export")
    boss.expects_nothing("一小时内最多下载 6 次，11:")
    async with app.database.reading() as session:
        kinds = select(DirectoryRecord.detail).where(DirectoryRecord.kind == own_exports.TAKEN)
        assert "province full chat 年度<核对>" in (await session.scalars(kinds)).all()


async def read(app):
    async with app.database.reading() as session:
        rows = (await session.scalars(select(disclosures.Disclosure))).all()
    return [(row.officer_id, row.viewer, row.reason, row.channel) for row in rows]


@pytest.mark.parametrize("chat_phones", ["desk"])
async def test_where_no_mobile_goes_into_a_chat_none_is_in_its_files(
    boss, comes, app, builders, phones, clock
):
    await boss.says("/language en")
    await boss.says("/export")
    _name, _content, sheets = await comes(
        boss, "Spreadsheet of the directory: 辽宁省 hidden (****) on the page only"
    )
    assert sheets["人员"][0][:4] == ["id", "court_code", "name", "post"]
    assert "****" in {cell for row in sheets["人员"] for cell in row}
    assert "1234" not in str(sheets)
    boss.phone.presses_data("export:full", boss.phone.last())
    await clock.settle()
    boss.expects_nothing("Choose the reason")

    # 最高法's coordinator takes the nation along.
    highest = await builders.court("最高法", "最高人民法院", level="supreme", province="北京市")
    top = phones.give_officer(
        "最高法协调员", await builders.officer(highest, "魏国", "coordinator", 900)
    )
    await top.says("/export")
    name, _content, sheets = await comes(top, "✅ 通讯录表格 全国")
    assert name.startswith("通讯录 全国")
    assert {row[0] for row in sheets["法院"][1:]} >= {"最高法", "辽72", "浙72"}
