"""Nobody acts in the chat but the linked officer of today: strangers, the hidden, the departed and forgers do not."""

import pytest
from sqlalchemy import select

from bot.chat.access import HIDDEN, STRANGER
from directory.models import Officer, OfficerPost
from notifications.models import Filing, FilingEvent, OutgoingMessage


@pytest.fixture
def refusals(database):
    async def read():
        async with database.reading() as session:
            found = await session.scalars(
                select(FilingEvent).where(FilingEvent.kind == "refused").order_by(FilingEvent.id)
            )
            return [(event.who, event.detail) for event in found]

    return read


@pytest.fixture
def state(database):
    async def read(filing):
        async with database.reading() as session:
            return (await session.get_one(Filing, filing.id)).state

    return read


async def test_a_stranger_in_the_group_changes_nothing_and_is_written_down(
    file_a_filing, phones, groups, refusals, state
):
    filing = await file_a_filing()
    stranger = phones.give("路人", "王建国")
    groups["辽72"].joined_by(stranger.phone)
    for label in ("签收", "转B岗", "查看"):
        assert "未关联任何人员" in await stranger.presses(label, chat=groups["辽72"])
    assert await state(filing) == "waiting"
    assert [who for who, _ in await refusals()] == [STRANGER] * 3


async def test_the_collaborating_court_cannot_answer_its_own_filing(
    file_a_filing, phones, groups, refusals, state
):
    filing = await file_a_filing()
    groups["辽72"].joined_by(phones["协作法院A岗"].phone)
    said = await phones["协作法院A岗"].presses("签收", chat=groups["辽72"])
    assert said == "只有管辖法院的人员或其省级协调员可以进行此操作。"
    assert await refusals() == [("陈洁（A岗）", "acknowledge: not_jurisdiction")]
    assert await state(filing) == "waiting"


@pytest.mark.parametrize("how", ["left", "unlinked", "no post"])
async def test_who_is_no_officer_today_is_nobody(
    file_a_filing, database, clock, phones, liaoning, groups, state, how
):
    filing = await file_a_filing()
    async with database.transaction() as session:
        officer = await session.get_one(Officer, liaoning.a.id)
        if how == "left":
            officer.left_at = clock.now()
        elif how == "unlinked":
            officer.telegram_id = None
        else:
            post = await session.scalar(
                select(OfficerPost).where(OfficerPost.officer_id == officer.id)
            )
            await session.delete(post)
    said = await phones["A岗"].presses("签收", chat=groups["辽72"])
    assert ("今日没有可办理立案的岗位" if how == "no post" else "未关联任何人员") in said
    assert await state(filing) == "waiting"


async def test_forged_and_borrowed_buttons_do_nothing_and_are_written_down(
    file_a_filing, database, phones, groups, refusals, state
):
    filing = await file_a_filing()
    private = phones["A岗"].expects("待签收")
    shared = phones["A岗"].expects("待签收", groups["辽72"])
    genuine = private.buttons[0][0].data
    forged = genuine.rsplit(":", 1)[0] + ":AAAAAAAA"
    async with database.reading() as session:
        last = max((await session.scalars(select(OutgoingMessage.id))).all())
    # In another chat, with a guessed nonce, of no row, of no known form.
    attempts = [
        (genuine, shared), (forged, private), (f"ack:{last + 99}:AAAAAAAA", private),
        ("ack:1", private), ("draft:1:AAAAAAAA:file", private), ("x" * 60, private),
    ]  # fmt: skip
    for data, message in attempts:
        press = phones["A岗"].phone.presses_data(data, message)
        await phones["A岗"].clock.settle()
        assert press.answered.show_alert, data
    assert await state(filing) == "waiting"
    assert await refusals() == [("王建国（A岗）", "button: forged")] * 2


async def test_the_hidden_give_no_command(file_a_filing, clock, phones, groups, refusals, state):
    filing = await file_a_filing()
    groups["辽72"].says_anonymously(f"/ack {filing.reference}")
    groups["辽72"].says_as_channel(f"/ack {filing.reference}")
    groups["辽72"].says_anonymously("/link 辽72")
    await clock.settle()
    assert await state(filing) == "waiting"
    assert [who for who, _ in await refusals()] == [HIDDEN, HIDDEN]
    phones["A岗"].expects("匿名管理员和频道身份不被接受", groups["辽72"])


async def test_another_person_s_conversation_is_not_answered_for_them(
    file_a_filing, phones, groups, builders, state
):
    filing = await file_a_filing()
    other = await builders.officer("浙72", "林同", "B", telegram_id=301)
    phones.give_officer("协作B岗", other)
    groups["浙72"].joined_by(phones["协作B岗"].phone)
    home = groups["浙72"]
    await phones["协作法院A岗"].presses("撤回", chat=home)
    assert "只有发起人" in await phones["协作B岗"].presses("确认撤回", chat=home)
    assert await state(filing) == "waiting"


async def test_strangers_learn_no_names_and_no_references(app, file_a_filing, phones, liaoning):
    filing = await file_a_filing()
    stranger = phones.give("路人", "路人")
    for text in ("/find 王建国", "/court 辽72", "/duty 辽72", "/pending", f"/nudge {filing.reference}",
                 "/ack KY-none", "/me", "/language en"):  # fmt: skip
        await stranger.says(text)
    said = "\n".join(m.text for m in stranger.phone.messages() if m.from_bot)
    assert "0411-8000101" not in said
    assert not any(
        person.name in said.replace("“王建国”", "") for person in (liaoning.a, liaoning.b)
    )
    assert filing.reference not in said
    known, unknown = "未关联任何人员", "没有编号"
    assert known in said
    assert unknown not in said


async def test_what_people_write_is_escaped(app, groups, phones):
    await phones["A岗"].says("/find <a href='tg://x'>点</a>&amp;")
    phones["A岗"].expects("没有找到“<a href='tg://x'>点</a>&amp;”")


async def test_no_update_s_text_and_no_token_reaches_the_log(app, telegram, phones, groups, capsys):
    await phones["A岗"].says("/find 绝密词语 13800138000")
    await phones["A岗"].says("随便写的绝密词语")
    written = capsys.readouterr()
    assert "绝密词语" not in written.out + written.err
    assert telegram.api.token not in written.out + written.err
