"""Forms over real HTTP: who may change what, nothing over somebody else's change, no mask written back."""

import re

import pytest
from sqlalchemy import select

from directory import changes
from directory.change_models import Correction, Verification
from directory.models import Court, Officer
from tests import pages_desk
from tests.web_desk import served

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

MOBILE, MASK = "13812341234", "138****1234"
CARD = "/directory/辽72"


@pytest.fixture
async def people(builders, database):
    made = await builders.liaoning()
    await builders.court("辽02")
    async with database.transaction() as session:
        (await session.get_one(Officer, made.a.id)).mobile = MOBILE
    return made


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
def stored(database):
    """`await stored(Officer, number)`: the row as it is now."""

    async def read(kind, key):
        async with database.reading() as session:
            return await session.get_one(kind, key)

    return read


def filled(page):
    """What a browser would send of the page's first form, untouched."""
    form = page[page.index('<form class="entry"') :]
    form = form[: form.index("</form>")]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'\b{word}="([^"]*)"', tag) for word in ("name", "value"))
        if 'type="checkbox"' not in tag or " checked" in tag:
            sent[name[1]] = value[1] if value else "on"
    for name, inside in re.findall(
        r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        sent[name] = re.search(r'value="(\w*)" selected', inside)[1]
    sent |= re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    return sent


def edit(officer):
    return f"/directory/people/{officer.id}/edit"


# The fields and posts of each form, by who opens it; nothing: the form is refused.
FORMS = {
    ("coordinator", "court"): "name phone address aliases hours timezone city county division_code "
    "parent_code level kind code_status answer_target_min result_target_min",
    ("leader", "court"): "phone address hours",
    ("b", "court"): "",
    ("filing_officer", "court"): "",
    ("coordinator", "person"): "name title department desk_phone mobile A B leader technician",
    ("leader", "person"): "name title department desk_phone mobile A B leader technician",
    ("b", "person"): "",
    ("b", "own"): "name title department desk_phone mobile",
    ("filing_officer", "person"): "",
}


@pytest.mark.parametrize(("who", "what"), FORMS)
async def test_a_form_holds_what_its_reader_may_change_and_no_whole_number(
    who, what, reader, people
):
    path = {"court": f"{CARD}/edit", "person": edit(people.a), "own": edit(people.b)}[what]
    browser = await reader(getattr(people, who))
    answer = await browser.get(path)
    page = await answer.text()
    assert answer.status == (200 if FORMS[who, what] else 403)
    found = re.findall(r'name="(?!version)(\w+)"(?=[^>]* (?:id=|value=|rows=)|[^>]*>)', page)
    fields = [name for name in dict.fromkeys(found) if f'id="f-{name}"' in page and name not in ("to", "post")]  # fmt: skip
    posts = re.findall(r'type="checkbox" name="post\.(\w+)"', page)
    assert [*fields, *posts] == FORMS[who, what].split()
    assert MOBILE not in page
    assert "telegram_id" not in page


async def test_an_edit_is_written_recorded_and_ends_what_was_said_to_be_wrong_or_asked(
    reader, people, stored, database, clock
):
    async with database.transaction() as session:
        session.add(Verification(officer_id=people.a.id, asked_at=clock.now(), state="leader"))
    await (await reader(people.filing_officer)).post(
        CARD, {"do": "report", "person": str(people.a.id), "reason": "phone"}
    )
    browser = await reader(people.leader)
    sent = filled(await browser.text(edit(people.a)))
    assert sent["mobile"] == MASK
    answer = await browser.post(edit(people.a), sent | {"desk_phone": "0411-2", "post.B": "on"})
    assert answer.status == 303
    assert answer.headers["Location"] == f"/directory/%E8%BE%BD72?done=saved#p{people.a.id}"
    page = await browser.text(answer.headers["Location"].partition("#")[0])
    assert "✅ 已保存" in page
    after = await stored(Officer, people.a.id)
    assert (after.desk_phone, after.mobile) == ("0411-2", MOBILE)
    async with database.reading() as session:
        (change,) = await changes.of_officer(session, people.a.id)
        (report,) = await session.scalars(select(Correction))
        (asked,) = await session.scalars(select(Verification))
    assert change.who == "辽72:赵强"
    assert change.before == {"desk_phone": "0411-8000101", "posts": {"B": None}}
    assert report.state == "mended"
    assert (asked.state, asked.ended_by, after.verified_by) == ("changed", *["辽72:赵强"] * 2)
    untouched = filled(await browser.text(edit(people.a)))
    answer = await browser.post(edit(people.a), untouched)
    assert answer.headers["Location"].partition("#")[0].endswith("?done=same")


async def test_two_at_once_see_both_values_and_nothing_is_overwritten_in_silence(
    reader, people, stored
):
    leader, coordinator = await reader(people.leader), await reader(people.coordinator)
    sent = filled(await leader.text(edit(people.a)))
    theirs = filled(await coordinator.text(edit(people.a)))
    first = {"desk_phone": "0411-7", "title": "庭长", "mobile": "13900001111"}
    assert (await coordinator.post(edit(people.a), theirs | first)).status == 303
    mine = {"desk_phone": "0411-5", "department": "立案庭", "mobile": "13700002222"}
    answer = await leader.post(edit(people.a), sent | mine)
    page = await answer.text()
    assert answer.status == 409
    conflict = page[page.index('class="conflict"') : page.index('<form class="entry"')]
    for words in ("辽宁省高级人民法院 周琳", "0411-8000101", "0411-7", "0411-5",
                  MASK, "139****1111", "137****2222"):  # fmt: skip
        assert words in conflict, words
    assert "13900001111" not in page
    after = await stored(Officer, people.a.id)
    assert (after.desk_phone, after.department, after.mobile) == ("0411-7", None, "13900001111")
    again = filled(page)
    assert again["title"] == "庭长", "what others changed beside it stays theirs"
    assert (await leader.post(edit(people.a), again)).status == 303
    after = await stored(Officer, people.a.id)
    assert (after.desk_phone, after.title, after.mobile) == ("0411-5", "庭长", "13700002222")


async def test_a_fault_keeps_what_was_typed_and_does_not_hide_a_conflict(reader, people, stored):
    leader, coordinator = await reader(people.leader), await reader(people.coordinator)
    sent = filled(await leader.text(edit(people.a)))
    theirs = filled(await coordinator.text(edit(people.a)))
    await coordinator.post(edit(people.a), theirs | {"desk_phone": "0411-7"})
    answer = await leader.post(edit(people.a), sent | {"desk_phone": "0411-5", "mobile": "12"})
    page = await answer.text()
    assert answer.status == 422
    assert "不是手机号" in page
    assert 'value="0411-5"' in page
    again = filled(page) | {"mobile": MASK}
    assert (await leader.post(edit(people.a), again)).status == 409
    assert (await stored(Officer, people.a.id)).desk_phone == "0411-7"


async def test_another_mask_is_refused_and_the_stored_number_stays(reader, people, stored):
    browser = await reader(people.leader)
    sent = filled(await browser.text(edit(people.a)))
    answer = await browser.post(edit(people.a), sent | {"mobile": "139****9999"})
    assert answer.status == 422
    assert "遮蔽的手机号与通讯录中的号码不符" in await answer.text()
    assert (await stored(Officer, people.a.id)).mobile == MOBILE


async def test_what_is_sent_past_the_form_changes_nothing(reader, people, stored):
    browser = await reader(people.b)
    sent = filled(await browser.text(edit(people.b)))
    forged = {"telegram_id": "666", "post.leader": "on", "court_code": "辽"}
    await browser.post(edit(people.b), sent | forged)
    after = await stored(Officer, people.b.id)
    assert (after.telegram_id, after.court_code) == (102, "辽72")
    answer = await browser.post(edit(people.b), {"do": "depart", "sure": "on"})
    assert answer.status == 403
    assert (await browser.post(edit(people.a), {"desk_phone": "1"})).status == 403
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert (await browser.post(edit(people.b), sent | {"title": "x"}, elsewhere)).status == 403
    assert (await stored(Officer, people.b.id)).title is None


async def test_a_court_is_edited_and_its_former_names_stay_dated(reader, people, stored):
    browser = await reader(people.coordinator)
    sent = filled(await browser.text(f"{CARD}/edit"))
    more = {
        "phone": "0411-3",
        "aliases": "大连海事\r\n旅大海事法院（/1990-12-31）",
        "hours": "09:00-12:00",
    }
    assert (await browser.post(f"{CARD}/edit", sent | more)).status == 303
    after = await stored(Court, "辽72")
    assert (after.phone, after.hours) == ("0411-3", "09:00-12:00")
    assert after.aliases == ["大连海事", "旅大海事法院（/1990-12-31）"]
    assert after.group_chat_id == -1001
    wrong = await browser.post(f"{CARD}/edit", filled(await browser.text(f"{CARD}/edit")) | {"level": "high"})  # fmt: skip
    assert wrong.status == 422
    assert "层级与代字不符" in await wrong.text()


async def test_joining_asks_about_a_namesake_once(reader, people, database):
    browser = await reader(people.leader)
    path = f"{CARD}/people/new"
    sent = filled(await browser.text(path)) | {"name": "王建国", "post.technician": "on"}
    answer = await browser.post(path, sent)
    assert answer.status == 409
    assert (await browser.post(path, filled(await answer.text()))).status == 303
    async with database.reading() as session:
        same = (await session.scalars(select(Officer).where(Officer.name == "王建国"))).all()
    assert len(same) == 2
    nobody = await browser.post(path, {"name": "孙洋"})
    assert nobody.status == 422
    assert (await (await reader(people.b)).get(path)).status == 403


async def test_departing_and_moving_ask_first(reader, people, stored):
    leader = await reader(people.leader)
    assert (await leader.post(edit(people.a), {"do": "depart"})).status == 422
    assert (await stored(Officer, people.a.id)).left_at is None
    assert (
        await leader.post(edit(people.a), {"do": "move", "to": "辽02", "sure": "on"})
    ).status == 403
    answer = await leader.post(edit(people.a), {"do": "depart", "sure": "on"})
    assert answer.headers["Location"].endswith("?done=departed")
    gone = await stored(Officer, people.a.id)
    assert gone.left_at is not None
    assert gone.telegram_id is None
    coordinator = await reader(people.coordinator)
    moved = {"do": "move", "post": "B", "sure": "on"}
    assert (await coordinator.post(edit(people.b), moved | {"to": "辽9"})).status == 422
    assert (await coordinator.post(edit(people.b), moved | {"to": "浙72"})).status == 422
    answer = await coordinator.post(edit(people.b), moved | {"to": "辽02"})
    assert answer.headers["Location"].startswith("/directory/%E8%BE%BD02?done=moved")
    assert (await stored(Officer, people.b.id)).court_code == "辽02"
