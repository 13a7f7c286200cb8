"""Who sees and does what on the pages of notices; plans that change, presses that come twice. Without script throughout."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from notifications import forms
from notifications.form_rules import Question
from notifications.forms import Plan
from notifications.notice_audience import Audience
from notifications.notices import Wish
from tests import pages_desk
from tests.notice_desk import RULES, NoticeDesk
from tests.web_desk import served

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
async def people(builders):
    return await builders.liaoning()


@pytest.fixture
async def zhejiang(builders, people):
    """The coordinator of another province."""
    return await builders.officer("浙", "何静", "coordinator", 201)


@pytest.fixture
async def national(builders):
    """The nation's coordinator."""
    court = await builders.court("最高法", level="supreme", province="北京市")
    return await builders.officer(court, "沈明", "coordinator", 202)


@pytest.fixture
async def written(database, clock):
    return NoticeDesk(database, clock)


@pytest.fixture
async def web(database, clock, people):
    async with served(database, clock) as desk:
        yield desk


@pytest.fixture
async def sign(web, database, clock):
    async with pages_desk.browsers(web.address, database, clock) as signed:
        yield signed


async def status(browser, path, **sent):
    answer = await (browser.post(path, sent) if sent else browser.get(path))
    return answer.status, answer.headers.get("Location", "").partition("done=")[2]


async def draft(browser, **fields):
    """Preview a notice; the draft that its button would send."""
    answer = await browser.post("/notices/new", {"do": "preview", **fields})
    found = re.search(r'name="draft" value="([^"]+)"', await answer.text())
    return found and found[1]


async def test_each_sees_what_is_theirs_and_does_no_more(
    sign, web, written, people, zhejiang, national, clock
):
    async with written.at_work():
        await written.send("每月抽查", Audience("court", "辽宁省", ("辽72",), ("大连",), ("A",)))
        async with web.database.transaction() as session:
            wish = Wish("全国填报", Audience("nation"), clock.now(), "沈明（省级协调员）")
            plan = Plan(
                "窗口", [Question("sign", "yes_no", "有标识吗")], clock.now() + timedelta(days=1)
            )
            await forms.create(session, wish, plan, RULES, now=clock.now())
        await clock.settle()
    one, other, everybodys = "/notices/1", "/notices/1/receipts.xlsx", "/notices/2"
    a, b = await sign(people.a), await sign(people.b)
    leader, zhejiang = await sign(people.leader), await sign(zhejiang)
    mine, reader = await sign(people.coordinator), await sign(await web.token("reader"))

    for stranger in (b, zhejiang):
        for path in (one, other, f"{one}/edit", "/notices/x"):
            assert await status(stranger, path) == (404, "")
        for do in ("confirm", "sign", "recall"):
            assert await status(stranger, one, do=do, officer=people.a.id) == (404, "")
        assert "每月抽查" not in await stranger.text("/notices")
    assert await status(reader, "/notices") == (403, "")

    page = await a.text(one)
    assert "每月抽查" in page
    assert "回执" not in page
    assert await status(a, other) == (404, "")
    for path in (f"{one}/edit", "/notices/new"):
        assert await status(a, path) == (403, "")
    assert await status(a, "/notices/try", text="我") == (403, "")
    for do in ("recall", "remind", "plan", "hold"):
        assert await status(a, one, do=do, sure="on") == (403, "")
    assert await status(a, one, do="sign", officer=people.b.id) == (404, "")
    assert await status(a, one, do="nothing") == (422, "")

    assert "王建国" in await leader.text("/notices")
    assert await status(leader, one, do="sign", officer=people.a.id, back="list") == (303, "signed")
    assert await status(a, one, do="confirm") == (303, "already")
    assert "由 赵强（带班领导） 代签" in await a.text(one)
    assert "其中代签 1 人" in await mine.text(one)
    assert (await (await mine.get(other)).read()).startswith(b"PK")

    # The nation's, with a form: each province's coordinator sees their own people's receipts, and changes nothing.
    assert "陈洁" in await zhejiang.text(everybodys)
    assert "王建国" not in await zhejiang.text(everybodys)
    assert await status(zhejiang, everybodys, do="recall", sure="on") == (403, "")
    assert "宁波海事法院 <small" in await zhejiang.text(everybodys)
    assert await status(zhejiang, f"{one}/form.xlsx") == (404, "")
    assert (await (await zhejiang.get(f"{everybodys}/form.xlsx")).read()).startswith(b"PK")
    assert "未填报" in await a.text("/notices")
    assert await status(a, f"{everybodys}/form.xlsx") == (404, "")
    national = await sign(national)
    assert "王建国" not in await national.text(everybodys)
    assert "已填报 0/5 个法院" in await national.text(everybodys)
    assert "填报 0/5" in await national.text("/notices")
    assert await status(zhejiang, everybodys, do="move", due_at="2019-08-22T17:00") == (403, "")
    assert await status(national, everybodys, do="move", due_at="2019-08-19T09:00") == (303, "")
    assert await status(national, everybodys, do="move", due_at="2019-08-22T17:00") == (
        303,
        "moved",
    )
    assert "改过截止时间，原为 8月20日" in await zhejiang.text(everybodys)
    # One that is still planned cannot leave after it is due; moved first it can.
    async with web.database.transaction() as session:
        later = replace(wish, send_at=clock.now() + timedelta(hours=1))
        await forms.create(session, later, plan, RULES, now=clock.now())
    leaves = {"do": "plan", "send_at": "2019-08-21T10:00"}
    refused = await national.post("/notices/3", leaves)
    assert refused.headers["Location"].endswith("refused=due")
    assert await status(national, "/notices/3", do="move", due_at="2019-08-22T10:00") == (
        303,
        "moved",
    )
    assert await status(national, "/notices/3", **leaves) == (303, "planned")
    assert "尚无人收到" in await national.text("/notices/3")
    assert "王建国" in await national.text(f"{everybodys}?province=辽宁省")
    token = await sign(await web.token("coordinator", province="浙江省"))
    assert "陈洁" in await token.text(everybodys)
    assert await status(token, everybodys, do="remind") == (403, "")


async def test_what_is_pressed_twice_happens_once_and_a_plan_can_change(
    sign, written, people, zhejiang, clock
):
    mine, zhejiang = await sign(people.coordinator), await sign(zhejiang)
    assert not await draft(zhejiang, text="到会", where="words", words="辽72")
    assert not await draft(mine, text="到会", send_at="2019-08-19T09:00")
    assert not await draft(mine, text="到会", where="all", words="辽72")
    assert not await draft(
        mine, text="到会", send_at="2019-08-19T11:00", confirm_by="2019-08-19T10:00"
    )
    key = await draft(mine, text="明早<b>到会</b>", where="words", words="大连海事法院", post="B",
                      send_at="2019-08-19T11:00")  # fmt: skip
    assert await status(zhejiang, "/notices/new", do="send", draft=key) == (409, "")
    assert await status(mine, "/notices/new", do="send", draft=key) == (303, "planned")
    assert await status(mine, "/notices/new", do="send", draft=key) == (303, "sent")
    assert "明早到会" in await mine.text("/notices")
    assert await status(mine, "/notices/2") == (404, "")

    async with written.at_work():
        assert await status(mine, "/notices/1", do="hold") == (303, "held")
        await clock.advance(hours=2)
        assert written.channel.texts(102) == []
        fixed = {"do": "fix", "version": "1", "text": "<b>后天</b>到会"}
        assert await status(mine, "/notices/1/edit", **fixed) == (303, "changed")
        assert await status(mine, "/notices/1/edit", **fixed) == (303, "edited")
        late = await mine.post("/notices/1/edit", {**fixed, "text": "大后天到会"})
        assert late.status == 422
        page = await late.text()
        assert page.index("现在的正文") < page.index("<b>后天</b>到会") < page.index("大后天到会")
        assert await status(mine, "/notices/1", do="plan", send_at="2019-08-19T11:00") == (303, "")
        assert await status(mine, "/notices/1", do="plan", send_at="2019-08-19T12:00") == (
            303,
            "planned",
        )
        await clock.advance(hours=1)
        assert "<b>后天</b>到会" in written.channel.texts(102)[0]
        assert "已更正" not in written.channel.texts(102)[0]
    assert await status(mine, "/notices/1", do="plan") == (303, "")
    assert "refused=leaving" in (await mine.post("/notices/1", {"do": "plan"})).headers["Location"]
    assert (await mine.post("/notices/1", {"do": "recall", "sure": "on"}, {})).status == 403
    assert await status(mine, "/notices/1", do="recall") == (303, "")
    assert await status(mine, "/notices/1", do="recall", sure="on") == (303, "recalled")
    assert "后天" not in await (await sign(people.b)).text("/notices/1")
