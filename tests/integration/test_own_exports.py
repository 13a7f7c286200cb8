"""The directory as somebody takes it along: what comes back changes nothing, who may have what on the page, what is written down."""

from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from directory import access, disclosures, exports, imports, own_exports
from directory.change_models import Disclosure
from directory.import_cells import CHINESE_WORDS, read_kind, read_level, read_post
from directory.import_files import read_files
from directory.import_plan import Plan
from directory.import_scope import within
from directory.models import Court, DirectoryRecord, Officer
from directory.own_exports import Wanted
from tests import pages_desk
from tests.web_desk import served

MOBILE, MASK = "13812341234", "138****1234"
PATH = "/directory/export"
FULL = {"numbers": "full", "reason": "check"}

sqlite_alone = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
async def people(builders, database, clock):
    made = await builders.liaoning()
    async with database.transaction() as session:
        court = await session.get_one(Court, "辽72")
        court.aliases, court.kind = (
            ["大连海事", "旅大海事法院（1984-06-01/1990-12-31）"],
            "maritime",
        )
        court.hours, court.phone = "08:30-11:30 13:30-17:00", "=1+1"
        (await session.get_one(Officer, made.a.id)).mobile = MOBILE
        # Somebody without a post has no row, and is not missed.
        now = clock.now()
        session.add(Officer(court_code="辽72", name="郑闲", created_at=now, updated_at=now))
    return made


#: Numbers and language of a file; reading one back takes half a second, so each database has two.
FORMS = {
    "sqlite": (("masked", True), ("full", False)),
    "postgresql": (("full", True), ("hidden", False)),
}


async def test_what_is_taken_along_and_sent_back_untouched_changes_nothing(
    people, database, engine_name, clock, tmp_path
):
    for numbers, chinese in FORMS[engine_name]:
        made = await taken(database, people.coordinator, numbers, chinese, clock.now())
        courts, _officers = made.sheets
        assert (made.courts, made.people, made.shown) == (2, 4, int(numbers == "full"))
        assert courts.headings[0] == ("法院代字" if chinese else "code")
        assert ("海事" if chinese else "maritime") in {cell for row in courts.rows for cell in row}
        path = tmp_path / f"{numbers}.xlsx"
        path.write_bytes(exports.workbook(made.sheets))
        tables, faults = read_files([path])
        assert not faults
        scoped, plan = await planned(database, tables)
        assert isinstance(plan, Plan)
        assert plan.is_empty
        assert (scoped.left_out, scoped.fewer, plan.warnings) == ((), (), ())


COORDINATOR = access.Viewer("officer", 4, "辽", "辽宁省", frozenset({"coordinator"}))


async def taken(database, coordinator, numbers, chinese, now):
    async with database.transaction() as session:
        officer = await session.get_one(Officer, coordinator.id)
        wanted = Wanted(officer, COORDINATOR, "辽 周琳", numbers, "核对", "page", chinese)
        return await own_exports.made(session, wanted, now=now)


async def planned(database, tables):
    """What an import of the file would do, of what its sender may."""
    async with database.reading() as session:
        known = await imports.load(session)
        scoped = within(
            tables, known.courts, known.officers, lambda s: access.may(COORDINATOR, "import", s)
        )
        return scoped, await imports.preview(
            session, scoped.tables, replace_courts=(), today=date(2019, 8, 19), who="辽:周琳",
            timezone="Asia/Shanghai",
        )  # fmt: skip


def test_every_chinese_word_of_a_file_is_read_back():
    for field, read in (("post", read_post), ("level", read_level), ("kind", read_kind)):
        words = CHINESE_WORDS[field]
        assert {value: read(word, 64) for value, word in words.items()} == {v: v for v in words}


REACHES = [
    # who, posts, court, province: reach masked, reach full
    (("coordinator",), "辽", "辽宁省", "province", "province"),
    (("coordinator",), "最高法", "北京市", "nation", "court"),
    (("leader", "A"), "辽72", "辽宁省", None, None),
    ((), "辽", "辽宁省", None, None),
]


@pytest.mark.parametrize(("posts", "court", "province", "masked", "full"), REACHES)
def test_whose_courts_somebody_takes_along(posts, court, province, masked, full):
    viewer = access.Viewer("officer", 1, court, province, frozenset(posts))
    assert own_exports.reach(viewer, "masked") == masked
    assert own_exports.reach(viewer, "full") == full
    token = access.Viewer("token", court=None, province=province, role="coordinator")
    assert own_exports.reach(token, "masked") is None


# The page


@pytest.fixture
async def desk(database, clock, people):
    async with served(database, clock) as running:
        yield running


@pytest.fixture
async def reader(desk, database, clock):
    async with pages_desk.browsers(desk.address, database, clock) as sign:
        yield sign


async def book_of(answer):
    assert answer.status == 200, await answer.text()
    assert answer.headers["Cache-Control"] == "no-store"
    name = unquote(answer.headers["Content-Disposition"].rpartition("''")[2])
    book = CalamineWorkbook.from_filelike(BytesIO(await answer.read()))
    return name, {sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names}


@sqlite_alone
async def test_a_coordinator_downloads_the_province_masked_and_whole_for_a_reason(
    reader, people, database, clock
):
    browser = await reader(people.coordinator)
    page = await browser.text("/directory")
    assert "通讯录表格" in page
    assert "私聊发给机器人" in page
    assert "下载含完整手机号的表格：辽宁省" in page
    name, sheets = await book_of(await browser.post(PATH, {"numbers": "masked"}))
    assert name == "通讯录 辽宁省 2019-08-19.xlsx"
    assert {row[1] for row in sheets["人员"][1:]} == {"辽", "辽72"}
    assert sheets["人员"][0][3] == "岗位"
    assert MASK in str(sheets)
    assert MOBILE not in str(sheets)

    # Whole numbers: not without a reason, then one line for each person shown, and one for the file.
    for fields in ({"numbers": "full"}, FULL | {"reason": "typed", "words": "  "}):
        refused = await browser.post(PATH, fields)
        assert refused.status == 422
        assert "请选择或写明理由" in await refused.text()
    typed = FULL | {"reason": "typed", "words": "年度核对"}
    name, sheets = await book_of(await browser.post(f"{PATH}?language=en", typed))
    assert name.startswith("Directory with mobiles 辽宁省")
    assert sheets["人员"][0][3] == "post"
    assert MOBILE in str(sheets)
    async with database.reading() as session:
        rows = (await session.scalars(select(Disclosure))).all()
        taken = select(DirectoryRecord.detail).where(DirectoryRecord.kind == own_exports.TAKEN)
        details = (await session.scalars(taken)).all()
    assert [(row.officer_id, row.viewer, row.reason, row.channel) for row in rows] == [
        (people.a.id, "辽宁省高级人民法院 周琳（省级协调员）", "年度核对", disclosures.PAGE)
    ]
    assert details == ["province masked page", "province full page 年度核对"]

    # So many an hour, refused ones not counted; then it says when again.
    for _ in range(own_exports.PER_HOUR - 2):
        assert (await browser.post(PATH, {})).status == 200
    braked = await browser.post(PATH, FULL)
    assert braked.status == 429
    assert "10:30 后可再次下载" in await braked.text()
    await clock.advance(minutes=61)
    assert (await browser.post(PATH, FULL)).status == 200


@sqlite_alone
@pytest.mark.parametrize("who", ["leader", "a", "token"])
async def test_nobody_else_is_offered_a_file_or_given_one(who, reader, desk, people, database):
    signs = getattr(people, who, None) or await desk.token("coordinator", province="辽宁省")
    browser = await reader(signs)
    assert PATH not in await browser.text("/directory")
    for fields in ({}, FULL):
        refused = await browser.post(PATH, fields)
        assert refused.status == 403
    elsewhere = await browser.post(PATH, FULL, headers={"Origin": "https://example.org"})
    assert elsewhere.status == 403
    async with database.reading() as session:
        assert (await session.scalars(select(Disclosure))).all() == []


@sqlite_alone
async def test_the_nation_is_taken_along_masked_and_the_own_court_whole(
    reader, people, builders, database
):
    top = await builders.court("最高法", "最高人民法院", level="supreme", province="北京市")
    browser = await reader(await builders.officer(top, "魏国", "coordinator", 900))
    page = await browser.text("/directory")
    assert "下载含完整手机号的表格：最高人民法院" in page
    assert "私聊发给机器人" not in page
    name, sheets = await book_of(await browser.post(PATH, {}))
    assert name.startswith("通讯录 全国 ")
    assert {row[0] for row in sheets["法院"][1:]} >= {"最高法", "辽72", "浙72"}
    _name, sheets = await book_of(await browser.post(PATH, FULL))
    assert [row[0] for row in sheets["法院"][1:]] == ["最高法"]
    assert MOBILE not in str(sheets)
