"""Presses on cards: what each answers, notes to results, the second tap of 撤回, cards asked for again."""

import pytest
from sqlalchemy import select

from directory.models import Officer
from notifications.models import Filing, FilingEvent


@pytest.fixture
def stored(database):
    async def read(filing):
        async with database.reading() as session:
            return await session.get_one(Filing, filing.id)

    return read


@pytest.fixture
def events(database):
    async def read():
        async with database.reading() as session:
            found = await session.scalars(select(FilingEvent).order_by(FilingEvent.id))
            return [(event.kind, event.who) for event in found]

    return read


async def test_the_second_presser_sees_who_was_first(file_a_filing, phones, groups):
    await file_a_filing()
    before = phones["A岗"].expects("待签收")
    assert "已签收" in await phones["B岗"].presses("签收", chat=groups["辽72"])
    late = phones["A岗"].phone.presses_data(before.buttons[0][0].data, before)
    await phones["A岗"].clock.settle()
    assert late.answered.text == "已由李敏（B岗）于 09:30 签收"
    assert late.answered.show_alert


async def test_answers_come_in_the_presser_s_language(file_a_filing, phones, database, liaoning):
    async with database.transaction() as session:
        (await session.get_one(Officer, liaoning.a.id)).language = "en"
    await file_a_filing()
    assert (await phones["A岗"].presses("Acknowledge")).startswith("Acknowledged; the answer clock")


async def test_a_result_invites_a_note_and_a_reply_becomes_it(
    file_a_filing, phones, groups, stored, events
):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收")
    await phones["A岗"].presses("一次性补正")
    prompt = phones["A岗"].expects("回复本消息")
    assert prompt.keyboard == {
        "force_reply": True,
        "selective": False,
        "input_field_placeholder": "写明需要补正的全部内容",
    }
    await phones["A岗"].says("缺少身份证复印件\n和委托书", reply_to=prompt)
    phones["A岗"].expects("说明已记录")
    assert (await stored(filing)).result_note == "缺少身份证复印件 和委托书"
    phones["协作法院A岗"].expects("补正内容 缺少身份证复印件 已补正", groups["浙72"])
    phones["A岗"].expects("补正内容 缺少身份证复印件", groups["辽72"])
    assert ("noted", "王建国（A岗）") in await events()


@pytest.mark.parametrize(
    "note", ["电话 13800138000", "证件 1101051949 12310021", "证件 11010519491231002X"]
)
async def test_a_note_with_a_personal_number_is_refused(file_a_filing, phones, stored, note):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收")
    await phones["A岗"].presses("不予受理")
    await phones["A岗"].says(note, reply_to=phones["A岗"].expects("回复本消息"))
    phones["A岗"].expects("未记录")
    assert (await stored(filing)).result_note is None


async def test_a_note_comes_within_ten_minutes_and_from_its_author_alone(
    file_a_filing, clock, phones, groups, stored
):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收", chat=groups["辽72"])
    await phones["A岗"].presses("不予受理", chat=groups["辽72"])
    prompt = phones["A岗"].expects("回复本消息", groups["辽72"])
    await phones["B岗"].says("别人的话", groups["辽72"], reply_to=prompt)
    await clock.advance(minutes=10)
    await phones["A岗"].says("太晚了", groups["辽72"], reply_to=prompt)
    phones["A岗"].expects("已过 10 分钟", groups["辽72"])
    assert (await stored(filing)).result_note is None


async def test_a_registration_asks_for_no_note(file_a_filing, phones):
    await file_a_filing()
    await phones["A岗"].presses("签收")
    await phones["A岗"].presses("登记立案")
    phones["A岗"].expects_nothing("回复本消息")


async def test_withdrawing_needs_a_second_tap_of_the_same_person(
    file_a_filing, phones, groups, stored
):
    filing = await file_a_filing()
    home = groups["浙72"]
    clerk = phones["协作法院A岗"]
    assert "再点一次" in await clerk.presses("撤回", chat=home)
    question = clerk.expects("确认撤回", home)
    assert (await stored(filing)).state == "waiting"
    await clerk.presses("不撤回", question, home)
    assert (await stored(filing)).state == "waiting"
    await clerk.presses("撤回", clerk.expects("催办", home), home)
    await clerk.presses("确认撤回", chat=home)
    assert (await stored(filing)).state == "withdrawn"
    phones["A岗"].expects(f"已撤回 {filing.reference}")


async def test_nudging_twice_says_when_again(file_a_filing, phones, groups):
    await file_a_filing()
    assert "已催办" in await phones["协作法院A岗"].presses("催办", chat=groups["浙72"])
    again = await phones["协作法院A岗"].presses("催办", chat=groups["浙72"])
    assert again == "10 分钟内只能催办一次，请于 09:40 后再试。"


async def test_looking_answers_in_the_group_in_short_and_in_private_at_length(
    file_a_filing, phones, groups
):
    filing = await file_a_filing()
    assert filing.reference in await phones["A岗"].presses("查看", chat=groups["辽72"])
    assert await phones["A岗"].presses("查看") == ""
    phones["A岗"].expects(f"{filing.reference} 收到立案 已送达")


async def test_commands_do_what_buttons_do(file_a_filing, phones, stored):
    filing = await file_a_filing()
    await phones["协作法院A岗"].says(f"/ack {filing.reference}")
    phones["协作法院A岗"].expects("只有管辖法院的人员")
    await phones["A岗"].says(f"/ack {filing.reference}")
    phones["A岗"].expects(f"{filing.reference} 已签收，应答计时停止")
    assert (await stored(filing)).state == "acknowledged"
    await phones["协作法院A岗"].says(f"/nudge {filing.reference}")
    phones["协作法院A岗"].expects("已催办")
    await phones["A岗"].says("/ack KY-none")
    phones["A岗"].expects("没有编号为 KY-none 的立案")


async def test_pending_lists_with_used_minutes_and_sends_a_live_card_again(
    file_a_filing, clock, phones
):
    filing = await file_a_filing()
    await clock.advance(minutes=12)
    await phones["B岗"].says("/pending")
    listed = phones["B岗"].expects(f"未办结 1 件 待签收 {filing.reference} 12/30 分钟")
    await phones["B岗"].presses("查看 1", listed)
    card = phones["B岗"].phone.last()
    assert "待签收" in card.text
    assert "签收" in card.labels
    await phones["A岗"].presses("签收")
    assert "已签收" in phones["B岗"].phone.last().text


async def test_a_coordinator_s_pending_is_the_province_s_overdue_first(
    file_a_filing, clock, phones
):
    await file_a_filing("KY-old")
    await clock.advance(minutes=40)
    await file_a_filing("KY-new")
    await phones["省级协调员"].says("/pending")
    text = phones["省级协调员"].expects("未办结 2 件").text
    assert text.index("KY-old") < text.index("KY-new")
    assert "40/30 分钟，超时" in text


async def test_pending_shows_no_other_court_s_filings(file_a_filing, builders, phones):
    await file_a_filing()
    await builders.court("辽0211")
    phones.give_officer("外院", await builders.officer("辽0211", "孙七", "A", telegram_id=201))
    await phones["外院"].says("/pending")
    phones["外院"].expects("没有未办结的立案")
    await phones["外院"].says("/pending 辽72")
    phones["外院"].expects("只能查看本院的未办结立案")
