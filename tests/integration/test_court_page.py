"""A court's card over real HTTP: who sees what of whom, a mobile for a reason, the brake, 号码有误, vCards."""

import re

import pytest
from sqlalchemy import select

from bot.settings import Settings
from directory import disclosures
from directory.change_models import Correction
from directory.models import Court, Officer
from tests import pages_desk
from tests.web_desk import served

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

MOBILE, MASK = "13812341234", "138****1234"
CARD = "/directory/辽72"


@pytest.fixture
async def people(builders, database, clock):
    made = await builders.liaoning()
    await builders.court(
        "辽7201", "大连海事法院长兴岛人民法庭", level="tribunal", parent_code="辽72"
    )
    async with database.transaction() as session:
        court = await session.get_one(Court, "辽72")
        court.aliases = ["大连海事", "旅大海事法院（1984-06-01/1990-12-31）"]
        court.address, court.phone, court.city = "大连市中山区", "0411-1/0411-2", "大连市"
        court.verified_at, court.verified_by = clock.now(), "辽72:赵强"
        (await session.get_one(Officer, made.a.id)).mobile = MOBILE
    return made


@pytest.fixture
def per_hour():
    return 120


@pytest.fixture
async def desk(database, clock, people, per_hour):
    async with served(database, clock, settings=Settings(lookups_per_hour=per_hour)) as running:
        yield running


@pytest.fixture
async def reader(desk, database, clock):
    """`await reader(officer)`: a browser signed in as this officer."""
    async with pages_desk.browsers(desk.address, database, clock) as sign:
        yield sign


@pytest.fixture
async def shown(database):
    """`await shown(officer)`: who saw the number, why and on which way, the latest first."""

    async def read(officer):
        async with database.reading() as session:
            found = await disclosures.of(session, officer.id, 10)
        return [(one.viewer, one.reason, one.channel) for one in found]

    return read


def asking(officer, reason="filing"):
    return {"do": "mobile", "person": str(officer.id), "reason": reason}


async def test_the_card_tells_what_a_caller_needs(reader, people):
    page = await (await reader(people.filing_officer)).text(CARD)
    for words in (
        "大连海事法院",
        "辽72",
        "大连市中山区",
        'href="tel:0411-1">0411-1</a>、<a class="phone" href="tel:0411-2">',
        "现为办公时间，至 11:30",
        "今日办公：08:30–11:30、13:30–17:00",
        "大连海事、旅大海事法院",
        "1984-06-01至1990-12-31",
        "大连海事法院长兴岛人民法庭",
        "辽宁省高级人民法院",
        "2019-08-19 核实：大连海事法院 赵强",
        "0411-8000101",
        "号码有误",
        MASK,
    ):
        assert words in page, words
    assert MOBILE not in page
    duty = page[page.index("当前值班") : page.index("法院地址")]
    assert re.findall("王建国|李敏|赵强", duty) == ["王建国", "李敏", "赵强"]
    english = await (await reader(people.a)).text(f"{CARD}?language=en")
    assert "On duty now" in english
    assert "Open now, until 11:30" in english
    assert "现" not in english


async def test_closed_courts_say_when_they_open(reader, people, clock):
    await clock.advance(hours=3)
    assert "现为非办公时间，13:30 开始办公" in await (await reader(people.a)).text(CARD)


# What stands where, cell by cell: edit court, edit 王建国, show 王建国's number, report, add.
RIGHTS = {
    "coordinator": "edit-court edit-person mobile add history",
    "leader": "edit-court edit-person add history",
    "a": "edit-court edit-person mobile add history",
    "b": "report-court report-person",
    "filing_officer": "report-court report-person",
    "nation": "mobile history report-court report-person",
    "token reader": "history",
    "token coordinator": "edit-court edit-person mobile add history",
}


@pytest.mark.parametrize("who", RIGHTS)
async def test_every_button_stands_where_the_table_says(who, reader, desk, people, builders):
    signs = getattr(people, who, None)
    if who == "nation":
        top = await builders.court("最高法", "最高人民法院", level="supreme", province="北京市")
        signs = await builders.officer(top, "高远", "coordinator", 900)
    elif who.startswith("token "):
        role = who.partition(" ")[2]
        scope = {"province": "辽宁省"} if role == "coordinator" else {}
        signs = await desk.token(role, **scope)
    page = await (await reader(signs)).text(CARD)
    person = page[page.index(f'id="p{people.a.id}"') :]
    person = person[: person.index("</li>")]
    court = page[: page.index("当前值班")]
    found = {
        "edit-court": "/%E8%BE%BD72/edit" in court,
        "edit-person": f"/people/{people.a.id}/edit" in person,
        "mobile": "显示手机号" in person,
        "report-court": "号码有误" in court,
        "report-person": "号码有误" in person,
        "add": "/people/new" in page,
        "history": "/directory/changes?court=" in court,
    }
    assert " ".join(name for name, there in found.items() if there) == " ".join(
        name for name in found if name in RIGHTS[who].split()
    )
    assert MASK in person
    assert MOBILE not in page


async def test_a_number_is_shown_once_for_a_reason_and_written_down(reader, people, shown):
    browser = await reader(people.coordinator)
    for reason in ("", "curiosity"):
        answer = await browser.post(CARD, asking(people.a, reason))
        assert answer.status == 422
        assert MOBILE not in await answer.text()
    assert await shown(people.a) == []
    answer = await browser.post(CARD, asking(people.a))
    assert answer.headers["Cache-Control"] == "no-store"
    assert MOBILE in await answer.text()
    assert await shown(people.a) == [("辽宁省高级人民法院 周琳（省级协调员）", "联系立案", "page")]
    assert MOBILE not in await browser.text(CARD)


async def test_ones_own_number_needs_no_reason(reader, people, shown):
    browser = await reader(people.a)
    assert MOBILE in await (await browser.post(CARD, asking(people.a, ""))).text()
    assert await shown(people.a) == []


async def test_whoever_may_not_see_a_number_is_refused_in_their_language(
    reader, people, shown, database
):
    async with database.transaction() as session:
        (await session.get_one(Officer, people.leader.id)).language = "en"
    for officer in (people.leader, people.b, people.filing_officer):
        answer = await (await reader(officer)).post(CARD, asking(people.a))
        assert answer.status == 403
        assert MOBILE not in await answer.text()
        if officer is people.leader:
            assert "You may not see this person" in await answer.text()
    assert await shown(people.a) == []


async def test_a_token_of_the_province_is_named_to_whom_it_looked_at(reader, desk, people, shown):
    browser = await reader(await desk.token("coordinator", "辽宁协调系统", province="辽宁省"))
    assert MOBILE in await (await browser.post(CARD, asking(people.a, "check"))).text()
    assert await shown(people.a) == [("辽宁协调系统", "核对号码", "page")]


@pytest.mark.parametrize("per_hour", [4])
async def test_a_copier_meets_the_brake_and_still_sees_who_is_on_duty(
    reader, people, builders, shown, database
):
    for number in range(4):
        await builders.officer("浙72", f"欧阳{'一二三四'[number]}", None)
    browser = await reader(people.b)
    card = "/directory/浙72"
    assert "欧阳一" in await browser.text(card)
    assert "欧阳一" in await browser.text(card), "opened again, it counts nobody twice"
    refused = await browser.text("/directory/辽")
    assert "本小时查询人员已达上限（4 人）" in refused
    assert "周琳" not in refused
    assert "王建国" in await browser.text(CARD), "colleagues are nothing that is looked up"
    vcard = await browser.get(f"/directory/people/{people.coordinator.id}/card.vcf")
    assert vcard.status == 429
    coordinator = await reader(people.coordinator)
    for _number in range(4):
        assert (await coordinator.post(CARD, asking(people.a))).status == 200
    answer = await coordinator.post(CARD, asking(people.a))
    assert answer.status == 429
    assert "本小时查询人员已达上限" in await answer.text()
    assert MOBILE not in await answer.text()
    english = await (await coordinator.post(f"{CARD}?language=en", asking(people.a))).text()
    assert "Courts can still be found" in english
    assert len(await shown(people.a)) == 4


async def test_a_wrong_number_is_reported_once_and_by_officers_alone(reader, people, database):
    browser = await reader(people.filing_officer)
    told = {"do": "report", "person": str(people.a.id), "reason": "phone"}
    assert "已请大连海事法院核对“王建国”" in await (await browser.post(CARD, told)).text()
    assert "此前已有人反映" in await (await browser.post(CARD, told)).text()
    court = {"do": "report", "reason": "other"}
    assert "核对“大连海事法院”" in await (await browser.post(CARD, court)).text()
    assert (await browser.post(CARD, {"do": "report", "reason": "taste"})).status == 422
    async with database.reading() as session:
        found = (await session.scalars(select(Correction).order_by(Correction.id))).all()
    assert [(one.officer_id, one.note, one.reported_by) for one in found] == [
        (people.a.id, "phone", "浙72:陈洁"),
        (None, "other", "浙72:陈洁"),
    ]


async def test_vcards_hold_no_mobile(reader, people):
    browser = await reader(people.coordinator)
    court = await browser.get(f"{CARD}/card.vcf")
    assert court.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert "FN:大连海事法院" in await court.text()
    person = await (await browser.get(f"/directory/people/{people.a.id}/card.vcf")).text()
    assert "FN:王建国" in person
    assert "0411-8000101" in person
    assert MOBILE[3:] not in person


async def test_what_is_not_there_is_said_on_a_page(reader, people, clock, database):
    browser = await reader(people.coordinator)
    for path in ("/directory/辽9999", "/directory/%00", "/directory/people/99/edit",
                 "/directory/people/x/card.vcf"):  # fmt: skip
        answer = await browser.get(path)
        assert answer.status == 404, path
        assert "<h1>" in await answer.text()
    assert (await browser.post(CARD, {"do": "nonsense"})).status == 422
    assert (await browser.post(CARD, {"do": "mobile", "person": "9" * 30})).status == 404
    async with database.transaction() as session:
        (await session.get_one(Officer, people.a.id)).left_at = clock.now()
    assert (await browser.post(CARD, asking(people.a))).status == 404
    assert "王建国" not in await browser.text(CARD)
