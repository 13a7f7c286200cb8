"""Rows copied from a spreadsheet: read line by line, faults named with their remedy, filed with one tap, once."""

import pytest
from sqlalchemy import func, select

from notifications.models import Filing

TYPES = ("民事一审", "行政一审", "执行")


@pytest.fixture
async def more_courts(builders, liaoning):
    """Three courts whose short name is 铁西区人民法院."""
    await builders.court("辽0106", "辽宁省沈阳市铁西区人民法院", city="沈阳市", county="铁西区")
    await builders.court("辽0303", "辽宁省鞍山市铁西区人民法院", city="鞍山市", county="铁西区")
    await builders.court(
        "吉0302", "吉林省四平市铁西区人民法院", province="吉林省", city="四平市", county="铁西区"
    )


@pytest.fixture
def table(more_courts):
    """Thirty rows as they come off a spreadsheet; five have a fault."""
    rows = [f"KY-2019-{n:06d}\t浙72\t辽72\t{TYPES[n % 3]}" for n in range(1, 31)]
    rows[3] = "KY-2019-000004\t浙72\t辽9999\t民事一审"
    rows[8] = "KY-2019-000009\t浙72\t辽72\t刑事一审"
    rows[14] = "KY-2019-000015\t浙72\t铁西区人民法院\t民事一审"
    rows[20] = "KY-2019-000001\t浙72\t辽72\t执行"
    rows[27] = "KY-2019-000028\t浙72\t浙72\t执行"
    rows[5] = "ＫＹ-2019-000006，宁波海事法院，大连海事法院，执行"
    return "\n".join(["编号\t协作法院\t管辖法院\t案件类型", *rows])


async def filed(database):
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(Filing))


async def test_thirty_rows_with_five_faults_are_previewed_line_by_line_and_filed_with_one_tap(
    app, clock, database, phones, groups, table
):
    clerk = phones["协作法院A岗"]
    preview = await clerk.says(table)
    assert "可以立案 25 件，有问题 5 行" in preview.text
    for line, fault in (
        (5, "管辖法院“辽9999”查不到"),
        (10, "案件类型“刑事一审”不在范围内"),
        (16, "“铁西区人民法院”可能是 3 个法院"),
        (22, "编号与第 2 行重复"),
        (29, "不能是同一法院"),
    ):
        [told] = [text for text in preview.text.splitlines() if text.startswith(f"第 {line} 行")]
        assert fault in told
    assert preview.labels == ["立案（25 件）", "取消"]
    assert await filed(database) == 0

    button = preview.buttons[0][0].data
    await clerk.presses("立案（25 件）", preview)
    again = clerk.phone.presses_data(button, preview)
    await clock.settle()
    assert again.answered.text == "该操作此前已处理。"
    assert await filed(database) == 25
    clerk.expects("已立案 25 件，共 25 件")
    assert phones["A岗"].count("待签收") == 25
    assert groups["辽72"].finds("KY-2019-000030") is not None


async def test_the_same_rows_pasted_again_file_nothing(app, database, phones, groups, table):
    clerk = phones["协作法院A岗"]
    preview = await clerk.says(f"/file {table}")
    await clerk.presses("立案（25 件）", preview)
    answer = await clerk.says(table)
    assert "可以立案 0 件，有问题 30 行" in answer.text
    assert "此编号已立案，内容相同" in answer.text
    assert answer.labels == []
    assert await filed(database) == 25


async def test_a_preview_that_is_cancelled_files_nothing(app, database, phones, groups, table):
    clerk = phones["协作法院A岗"]
    preview = await clerk.says(table)
    await clerk.presses("取消", preview)
    clerk.expects("已取消，没有立案。")
    assert await filed(database) == 0


async def test_a_preview_left_lying_for_half_an_hour_is_no_longer_filed(
    app, clock, database, phones, groups, table
):
    clerk = phones["协作法院A岗"]
    preview = await clerk.says(table)
    await clock.advance(minutes=30)
    assert "已过期" in await clerk.presses("立案（25 件）", preview)
    assert await filed(database) == 0


async def test_rows_of_another_court_are_not_filed_in_its_name(
    app, database, phones, groups, table
):
    answer = await phones["A岗"].says(table)
    assert "您不能以宁波海事法院的名义立案" in answer.text
    assert answer.labels == []
    assert await filed(database) == 0


async def test_however_many_lines_are_wrong_the_preview_fits_a_message_and_says_how_many_more(
    app, database, phones, groups, liaoning
):
    clerk = phones["协作法院A岗"]
    wrong = [f"KY-2020-{n:06d}\t浙72\t<b>&某某</b>人民法院\t民事一审" for n in range(40)]
    right = [f"KY-2021-{n:06d}\t浙72\t辽72\t民事一审" for n in range(40)]
    preview = await clerk.says("\n".join([*wrong, *right]))
    assert "可以立案 40 件，有问题 40 行" in preview.text
    assert preview.text.count("未列出") == 2
    assert "“<b>&某某</b>人民法院”查不到" in preview.text
    assert len(preview.text) <= 4096
    await clerk.presses("立案（40 件）", preview)
    clerk.expects("已立案 40 件，共 40 件")
    assert await filed(database) == 40
