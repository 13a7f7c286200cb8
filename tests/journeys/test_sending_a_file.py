"""A coordinator sends the directory's spreadsheet to the bot: plan, buttons, import; only their own province's rows."""

import pytest
from sqlalchemy import select

from directory import changes, exports, officers
from directory.change_models import DirectoryImport
from directory.models import Officer

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


async def sees(device, clock, words):
    """Reading a file takes real time, in a process of its own."""
    found = await device.phone.expects(words, timeout=15)
    await clock.settle()
    return found


async def _names(database, court):
    async with database.reading() as session:
        return [one.name for one in await officers.of_court(session, court)]


async def test_a_file_is_shown_as_a_plan_and_brought_in_by_a_button(
    liaoning, phones, app, database, clock, tmp_path
):
    boss = phones["省级协调员"]
    rows = [
        "法院代字,姓名,岗位,办公电话,手机",
        "辽72,王建国,A,0411-12345,13900001111",
        "辽72,孙洋,B,,",
        "浙72,陈洁,A,0574-1,",
    ]
    text = "\r\n".join(rows).encode("gb18030")
    await boss.sends_document("大连.csv", text)
    shown = await sees(boss, clock, "导入预览 新增 1 · 更改 1 · 离任 0")
    assert "＋ 辽72 孙洋　B岗" in shown.text
    assert (
        "～ 辽72 王建国　办公电话：0411-8000101 → 0411-12345；手机号：— → 139****1111" in shown.text
    )
    assert "有 1 行不属您管理，不会导入：第 4 行（浙72）" in shown.text
    assert "文件没有列全以下法院的现有人员：辽72" in shown.text
    # The file as everybody of the court: two would depart. Looked at, and taken back again.
    await boss.presses("文件即全部人员")
    shown = await sees(boss, clock, "新增 1 · 更改 1 · 离任 2")
    assert "－ 辽72 赵强　离任" in shown.text
    assert "⚠️ 辽72：3 人中有 2 人将离任" in shown.text
    await boss.presses("只更新文件所列人员")
    await sees(boss, clock, "新增 1 · 更改 1 · 离任 0")
    assert await _names(database, "辽72") == ["王建国", "李敏", "赵强"]
    # Somebody changes the same card meanwhile: what would be written is shown anew.
    async with database.transaction() as session:
        held = await session.get_one(Officer, liaoning.a.id)
        held.desk_phone = "0411-777"
    await boss.presses("导入")
    await sees(boss, clock, "请再看一次 办公电话：0411-777 → 0411-12345")
    await boss.presses("导入")
    await sees(boss, clock, "✅ 已导入 大连.csv 导入编号")
    assert await _names(database, "辽72") == ["王建国", "李敏", "赵强", "孙洋"]
    assert await _names(database, "浙72") == ["陈洁"]
    async with database.reading() as session:
        assert (await session.scalars(select(DirectoryImport))).one().who == "辽:周琳"
        assert {row.who for row in await changes.page(session, after=0, limit=9)} == {"辽:周琳"}
        assert (await session.get_one(Officer, liaoning.filing_officer.id)).desk_phone is None
        content = await exports.sheets(session, full=False)

    # The workbook that was exported comes back as it is: nothing to do, and other provinces' rows said.
    book = tmp_path / "通讯录.xlsx"
    exports.write(book, content)
    await boss.sends_document("通讯录.xlsx", book.read_bytes())
    shown = await sees(boss, clock, "没有变化，无需导入")
    assert "有 3 行不属您管理" in shown.text

    # What is wrong is named by line; a bomb, a stranger's file and another kind are refused.
    await boss.sends_document("错.csv", "法院代字,姓名,岗位,手机\n辽72,孙洋,B,138\n".encode())
    await sees(boss, clock, "有 1 处错误，没有导入 第 2 行 “手机”列 “138”：不是手机号")
    await boss.sends_document("坏.xlsx", b"PK\x03\x04 not a workbook")
    await sees(boss, clock, "坏.xlsx：不是可以读取的 XLSX 文件")
    await boss.sends_document("大.csv", b"x" * (5 * 2**20 + 1))
    boss.expects("文件超过 5 MB")
    await boss.sends_document("说明.pdf", b"%PDF")
    boss.expects("请发送 .xlsx 或 .csv 文件")
    await phones["带班领导"].sends_document("大连.csv", text)
    phones["带班领导"].expects("只有省级协调员可以把通讯录文件发给我导入")
