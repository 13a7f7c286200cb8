"""Freshness and changes of the directory as pages: who reads which part, the worst first, before → after in words."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from directory import changes, edits
from directory.access import OPERATOR
from directory.edits import Editor
from directory.models import Court, Officer
from tests import pages_desk
from tests.web_desk import served

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

MOBILE = "13812341234"
CHANGES = "/directory/changes"


@pytest.fixture
async def people(builders):
    return await builders.liaoning()


@pytest.fixture
async def desk(database, clock, people):
    async with served(database, clock) as running:
        yield running


@pytest.fixture
async def reader(desk, database, clock):
    """`await reader(officer)`: a browser signed in as this officer."""
    async with pages_desk.browsers(desk.address, database, clock) as sign:
        yield sign


@pytest.fixture
def change(database, clock):
    """`await change(officer, name=…)`: an edit, as the administrator makes it."""

    async def make(officer, by="辽72:赵强", **values):
        async with database.transaction() as session:
            row = await session.get_one(Officer, officer.id)
            await edits.change_officer(
                session, row, values, by=Editor(by, OPERATOR), now=clock.now(),
                today=clock.now().date(),
            )  # fmt: skip

    return make


def rows(page):
    """The text of each change, the way it stands on the page."""
    found = re.findall(r"<li><time.*?</small></div></li>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


async def test_changes_are_told_before_and_after_newest_first_and_masked(reader, people, change):
    await change(people.a, desk_phone="0411-2", mobile=MOBILE)
    await change(people.a, title="庭长", posts={"B": {"valid_from": "2019-09-01"}})
    browser = await reader(people.coordinator)
    page = await browser.text(CHANGES)
    newest, oldest = rows(page)
    assert "更改 王建国 大连海事法院 辽72" in newest
    assert "职务：— → 庭长" in newest
    assert "B岗：不担任 → 自 9月1日" in newest
    assert "操作人 大连海事法院 赵强" in newest
    assert "办公电话：0411-8000101 → 0411-2" in oldest
    assert "手机号：— → 138****1234" in oldest
    assert MOBILE not in page
    english = await browser.text(f"{CHANGES}?language=en")
    assert "Desk phone: 0411-8000101 → 0411-2" in english
    assert "操作" not in english


# Whose changes each reads: of 辽72's A and B, of 浙72's officer, of 辽72 itself.
READ = {
    "coordinator": "a b court",
    "leader": "a b court",
    "b": "b",
    "filing_officer": "zhe",
    "token reader": "a b zhe court",
    "token coordinator": "a b court",
}


@pytest.mark.parametrize("who", READ)
async def test_everybody_reads_the_changes_that_are_theirs(
    who, reader, desk, people, change, database, clock
):
    await change(people.a, title="甲级")
    await change(people.b, title="乙级")
    await change(people.filing_officer, title="丙级")
    async with database.transaction() as session:
        court = await session.get_one(Court, "辽72")
        await edits.change_court(
            session, court, {"phone": "0411-丁", "group_chat_id": -100777},
            by=Editor("平台", OPERATOR), now=clock.now(),
        )  # fmt: skip
    browser = await reader(await opener(who, desk, people))
    page = await browser.text(f"{CHANGES}?court=")
    marks = {"a": "甲级", "b": "乙级", "zhe": "丙级", "court": "0411-丁"}
    assert " ".join(name for name, mark in marks.items() if mark in page) == READ[who]
    assert "100777" not in page
    narrowed = await browser.text(f"{CHANGES}?court=浙72&province=浙江省")
    assert ("丙级" in narrowed) == ("zhe" in READ[who])
    assert "甲级" not in narrowed


async def opener(who, desk, people):
    """An officer by their place in the story, or a fresh token's secret."""
    if not who.startswith("token "):
        return getattr(people, who)
    role = who.partition(" ")[2]
    scope = {"province": "辽宁省"} if role == "coordinator" else {}
    return await desk.token(role, **scope)


async def test_a_long_record_is_read_page_by_page_without_missing_one(
    reader, people, change, monkeypatch
):
    monkeypatch.setattr("bot.web.directory_changes_page.ON_A_PAGE", 3)
    for number in range(8):
        await change(people.a, title=f"第{number}")
    browser = await reader(people.coordinator)
    path, read = f"{CHANGES}?court=大连海事", []
    while path:
        page = await browser.text(path)
        read += [int(number) for number in re.findall(r"→ 第(\d)", page)]
        _before, marker, after = page.partition('rel="next" href="')
        path = after.partition('"')[0].replace("&amp;", "&") if marker else None
    assert read == [7, 6, 5, 4, 3, 2, 1, 0]


async def test_courts_that_are_nowhere_or_several_are_said(reader, people, change, database):
    browser = await reader(people.coordinator)
    assert "没有找到法院“不存在”" in await browser.text(f"{CHANGES}?court=不存在")
    assert "可能是以下法院" in await browser.text(f"{CHANGES}?court=海事法院")
    assert "没有更改记录" in await browser.text(CHANGES)
    async with database.reading() as session:
        assert await changes.backwards(session, before=None, limit=5) == []


async def test_a_move_is_read_at_both_courts(reader, people, builders, database, clock):
    await builders.court("辽02")
    leader = await builders.officer("辽02", "丁一", "leader", 701)
    async with database.transaction() as session:
        mover = await session.get_one(Officer, people.b.id)
        await edits.move(
            session, mover, await session.get_one(Court, "辽02"), {"B": {}},
            by=Editor("平台", OPERATOR), now=clock.now(), today=clock.now().date(),
        )  # fmt: skip
    for officer in (leader, people.leader):
        (row,) = rows(await (await reader(officer)).text(CHANGES))
        assert "调动 李敏" in row
        assert "法院：辽72 → 辽02" in row


async def test_freshness_puts_the_worst_first_and_goes_from_the_nation_to_the_court(
    reader, people, database, clock
):
    async with database.transaction() as session:
        for officer in (people.a, people.b, people.leader):
            row = await session.get_one(Officer, officer.id)
            row.verified_at = clock.now()
    browser = await reader(people.a)
    page = await browser.text("/directory/freshness")
    assert page.index("辽宁省高级人民法院") < page.index(">大连海事法院<")
    assert "宁波海事法院" not in page
    assert 'value="100" aria-label="大连海事法院得分"' in page
    assert "期内已核对 50" in page
    nation = await browser.text("/directory/freshness?province=all")
    assert "浙江省</a>" in nation
    assert "大连海事法院" not in nation
    assert "宁波海事法院" in await browser.text("/directory/freshness?province=浙江")
    assert (await browser.get("/directory/freshness?province=没有省")).status == 404
    book = await browser.get("/directory/freshness.xlsx?province=all")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(await book.read())).get_sheet_by_index(0)
    assert {"辽宁省", "浙江省"} <= {row[1] for row in sheet.to_python()}
    english = await browser.text("/directory/freshness?language=en")
    assert "Out of 100" in english


async def test_a_narrowed_token_sees_the_freshness_of_its_province_alone(reader, desk):
    browser = await reader(await desk.token("reader", province="辽宁省"))
    page = await browser.text("/directory/freshness")
    assert ">大连海事法院<" in page
    assert "浙江省" not in page
    for asked in ("all", "浙江省"):
        answer = await browser.get(f"/directory/freshness?province={asked}")
        assert answer.status == 403
        assert "只能查看辽宁省的准确度" in await answer.text()
