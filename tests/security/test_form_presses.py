"""A province's form is looked after by its own coordinators: another's, and whoever lost the post, see and change nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from directory.models import OfficerPost
from notifications import forms
from notifications.form_models import Form
from notifications.form_rules import Question
from notifications.forms import Plan
from notifications.notice_audience import Audience
from notifications.notices import Wish

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

ACTS = ("n=1", "c=1.f.-.0", "t=1.f", "sum=1", "cities=1", "file=1", "nudge=1", "off=1", "gone=1")


@pytest.fixture
async def form(app, clock, liaoning):
    now = clock.now()
    async with app.database.transaction() as session:
        wish = Wish("检查", Audience("province", "辽宁省"), now, "周琳（省级协调员）")
        plan = Plan("检查", (Question("q1", "yes_no", "有无窗口？"),), now + timedelta(days=2))
        return await forms.create(session, wish, plan, app.desk, now=now)


async def forge(phone, clock, act):
    """Press a button of one's own list with another choice in it; what is answered."""
    await clock.advance(seconds=2)
    listed = phone.expects("尚未发起填报")
    data = listed.buttons[0][0].data.removesuffix(":new")
    heard = phone.phone.presses_data(f"{data}:{act}", listed)
    await clock.settle()
    return heard.answered.text


async def test_another_provinces_coordinator_reaches_no_form_by_its_number(
    app, phones, groups, builders, clock, form
):
    court = await builders.court("吉", level="high", province="吉林省")
    account = phones.give("吉林", "陈晨", 77)
    other = await builders.officer(court, "陈晨", "coordinator", telegram_id=account.id)
    await account.says("/form")
    for act in ACTS:
        assert await forge(account, clock, act) == "此按钮已失效，请看最新的消息。", act
    async with app.database.transaction() as session:
        await session.execute(delete(OfficerPost).where(OfficerPost.officer_id == other.id))
    for act in (*ACTS, "new", "list"):
        assert "只有省级协调员" in await forge(account, clock, act), act
    account.expects_nothing("检查")
    async with app.database.reading() as session:
        kept = await session.get_one(Form, form.id)
        assert (kept.closed_at, kept.reminder) == (None, "day")
