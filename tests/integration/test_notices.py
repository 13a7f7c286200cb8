"""A notice to many, on both databases: each person once, corrected and recalled everywhere, crashes and pages between."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from notifications import notice_facts, notice_late, notice_receipts, notice_sheet, notices, outbox
from notifications.notice_audience import Audience
from notifications.notice_facts import Scope
from notifications.notice_models import NoticeCopy, NoticeRecipient
from notifications.notice_sheet import by_court, reason, state
from notifications.outbox_rules import Rates
from tests.notice_desk import ACCOUNTS, PROVINCE, RULES, NoticeDesk
from tests.outbox_desk import until

BLOCKED = range(7, 414, 45)  # ten of them, the last of whom has no account either
UNLINKED = (100, 412)


@pytest.fixture
def desk(database, clock):
    return NoticeDesk(database, clock)


async def receipts(desk, notice):
    async with desk.database.reading() as session:
        return await notice_facts.receipts(session, notice.id, Scope())


async def change(desk, notice, act, *words):
    async with desk.database.transaction() as session:
        held = await notices.hold(session, notice.id)
        await act(session, held, *words, now=desk.clock.now())
    await desk.clock.settle()


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_notice_to_414_people_reaches_each_once_and_follows(desk, clock):
    await desk.people(414, 128, unlinked=UNLINKED)
    desk.block(BLOCKED[:9])
    limit = clock.now() + timedelta(hours=1)
    async with desk.at_work():
        notice = await desk.send("今日 15:00 系统维护", confirm_by=limit)
        await until(lambda: len(desk.channel.calls) >= 412)
        await clock.settle()
        first = desk.shown()
        assert len(first) == 403
        assert {len(texts) for texts in first.values()} == {1}

        async with desk.database.transaction() as session:
            await notice_receipts.confirm(session, notice.id, 1, "张1（A岗）", now=clock.now())
            most = update(NoticeRecipient).where(
                NoticeRecipient.officer_id.between(20, 400),
                NoticeRecipient.officer_id.not_in([*BLOCKED, *UNLINKED]),
            )
            await session.execute(most.values(confirmed_at=clock.now(), confirmed_by="张（A岗）"))
        await clock.settle()
        await change(desk, notice, notices.edit, "改为 16:00")
        assert all("改为 16:00" in texts[0] for texts in desk.shown().values())
        assert "✓ 09:30 已阅" in desk.shown()[1][0]

        await clock.to(limit)
        await clock.settle()
        reminded = {n for n, texts in desk.shown().items() if len(texts) == 2}
        assert reminded == {*range(2, 20), *range(401, 415)} - {*BLOCKED, *UNLINKED}
        await change(desk, notice, notices.recall, "周琳（省级协调员）")
        assert all("已撤回" in text for texts in desk.shown().values() for text in texts)
        assert not any(s.message.buttons for some in desk.channel.chats.values() for s in some)

    every = await receipts(desk, notice)
    why = [reason(one) for one in every if state(one) == "unreached"]
    assert sorted(why) == ["blocked"] * 9 + ["unlinked"] * 2
    assert sum(line.sums.people for line in by_court(every)) == 414
    async with desk.database.reading() as session:
        counted = (await notice_facts.sums(session, [notice.id], Scope()))[notice.id]
    assert counted == notice_sheet.sums(every)
    assert (counted.people, counted.delivered) == (414, 403)


async def test_a_crash_in_the_middle_of_the_writing_loses_nobody_and_repeats_nobody(
    desk, clock, monkeypatch
):
    monkeypatch.setattr(notices, "BATCH", 20)
    await desk.people(70, 3)
    stored, batches = notices.store_copies, []

    async def crashing(*arguments):
        await stored(*arguments)
        batches.append(len(arguments[2]))
        if len(batches) == 2:
            raise RuntimeError

    monkeypatch.setattr(notices, "store_copies", crashing)
    async with desk.at_work() as keeper:
        notice = await desk.send("通知")
        await until(lambda: keeper.failures)
        await clock.settle()
        assert len(desk.shown()) == 20
        await clock.advance(seconds=61)
        await until(lambda: len(desk.shown()) == 70)
        await clock.settle()
    assert {len(texts) for texts in desk.shown().values()} == {1}
    assert len(await receipts(desk, notice)) == 70


async def test_an_edit_between_two_batches_reaches_those_written_and_those_not_yet(
    desk, clock, monkeypatch
):
    monkeypatch.setattr(notices, "BATCH", 5)
    await desk.people(12, 2)
    notice = await desk.send("旧")
    async with desk.database.transaction() as session:
        await notices.write_due(session, clock.now(), RULES)
    await change(desk, notice, notices.edit, "新")
    async with desk.at_work():
        await until(lambda: len(desk.shown()) == 12)
        await clock.settle()
    assert all("新" in texts[0] for texts in desk.shown().values())
    assert {call.method for call in desk.channel.calls} == {"send"}


async def test_a_page_overtakes_a_notice_that_is_being_sent_and_its_recall(desk, clock):
    await desk.people(120, 20)
    async with desk.at_work(Rates(29, 20, 1)):
        notice = await desk.send("通知")
        await clock.advance(seconds=1)
        before = len(desk.channel.calls)
        assert await paged(desk, 9) <= timedelta(seconds=0.5)
        left = await behind(desk, outbox.OutgoingMessage.shown.is_(None))
        await change(desk, notice, notices.recall, "周琳（省级协调员）")
        assert await behind(desk, outbox.OutgoingMessage.shown < 2) > 30
        assert await paged(desk, 10) <= timedelta(seconds=0.5)
    assert 15 < before < 45
    assert left > 50


async def paged(desk, chat):
    """How long a page to this chat takes until it has been sent; a second passes."""
    await desk.say(chat, "呼叫", priority=outbox.PAGE)
    asked = desk.clock.now()
    await desk.clock.advance(seconds=1)
    row = outbox.OutgoingMessage
    async with desk.database.reading() as session:
        sent = await session.scalar(select(row.sent_at).where(row.chat_id == chat))
    return sent - asked


async def behind(desk, which):
    """How many copies of notices have yet to be sent or changed."""
    row = outbox.OutgoingMessage
    asked = select(func.count()).select_from(NoticeCopy).join(row, row.id == NoticeCopy.row_id)
    async with desk.database.reading() as session:
        return await session.scalar(asked.where(which))


async def test_whoever_can_be_reached_again_gets_what_was_missed_once(desk, clock):
    await desk.people(3, 1, unlinked=[2])
    desk.block([3, 3])
    async with desk.at_work():
        limit = clock.now() + timedelta(hours=1)
        notice = await desk.send("补看", attachments=[ATTACHED], confirm_by=limit)
        await clock.settle()
        assert set(desk.shown()) == {1}
        assert "请于 10:30 前点“已阅”确认。" in desk.shown()[1][1]
        await clock.to(limit)
        await clock.settle()
        for number in (2, 3, 2):
            async with desk.database.transaction() as session:
                officer = await session.get_one(notice_late.Officer, number)
                officer.telegram_id, officer.blocked_at = ACCOUNTS + number, None
                await session.flush()
                await notice_late.write_late(session, officer, now=clock.now())
            await clock.settle()
        assert {number: len(texts) for number, texts in desk.shown().items()} == {1: 3, 2: 2, 3: 2}
        assert "确认期限 10:30 已过，仍请点“已阅”确认。" in desk.shown()[2][1]
    assert {state(one) for one in await receipts(desk, notice)} == {"unconfirmed"}


ATTACHED = {"kind": "photo", "file_id": "AgAC1", "name": "图片"}


async def test_attachments_come_before_the_text_in_silence_and_go_with_it(desk, clock):
    await desk.people(2, 1)
    async with desk.at_work():
        notice = await desk.send("附图", attachments=[ATTACHED])
        await clock.settle()
        [picture, text] = desk.channel.chats[ACCOUNTS + 1]
        assert (picture.silent, text.silent) == (True, False)
        assert picture.message.attachment == notices.notice_text.Attachment("photo", "AgAC1")
        await change(desk, notice, notices.recall, "周琳（省级协调员）")
        assert [len(texts) for texts in desk.shown().values()] == [1, 1]


async def test_what_had_not_left_at_the_recall_never_leaves(desk, clock):
    await desk.people(3, 1)
    now = clock.now()
    async with desk.at_work():
        notice = await desk.send("作废")
        planned = await desk.send("明天", audience=PROVINCE)
        assert planned.write_at == now
    async with desk.database.transaction() as session:
        later = notices.Wish("后天", PROVINCE, now + timedelta(days=2), "周琳（省级协调员）")
        third = await notices.send(session, later, RULES, now=now)
    async with desk.at_work():
        await change(desk, third, notices.recall, "周琳（省级协调员）")
        before = len(desk.channel.calls)
        await clock.advance(days=3)
        assert len(desk.channel.calls) == before
    assert notice.id < third.id


async def test_a_second_confirmation_changes_nothing_and_nobody_signs_beyond_their_reach(
    desk, clock, database
):
    await desk.people(4, 2)
    async with desk.at_work():
        notice = await desk.send("通知")
        await clock.settle()
    leader = notices_signer(court="辽0001", posts={"leader"})
    elsewhere = notices_signer(court="辽0009", posts={"leader"})
    async with database.transaction() as session:
        asked = [
            await notice_receipts.confirm(session, notice.id, 1, "张1（A岗）", now=clock.now()),
            await notice_receipts.confirm(session, notice.id, 1, "张1（A岗）", now=clock.now()),
            await notice_receipts.sign_for(session, notice.id, 2, "赵", leader, now=clock.now()),
            await notice_receipts.sign_for(session, notice.id, 4, "赵", elsewhere, now=clock.now()),
            await notice_receipts.confirm(session, notice.id, 99, "外人", now=clock.now()),
        ]
    assert asked == ["confirmed", "already", "confirmed", "refused", "missing"]
    signed = next(one for one in await receipts(desk, notice) if one.officer_id == 2)
    assert (state(signed), signed.confirmed_by) == ("signed", "赵")


def notices_signer(court, posts):
    return notice_receipts.Signer(3, court, "浙江省", frozenset(posts), None)


@pytest.mark.parametrize(
    ("audience", "people"),
    [
        (PROVINCE, {1, 2, 3, 4}),
        (Audience("nation"), {1, 2, 3, 4, 50}),
        (Audience("city", "辽宁省", ("沈阳市",), ("沈阳市",)), {1, 2, 3, 4}),
        (Audience("court", None, ("辽0001", "浙72"), ("一", "二")), {2, 4, 50}),
        (Audience("province", "浙江省", posts=("B",)), {50}),
        (Audience("province", "浙江省", posts=("A",)), set()),
        (Audience("province", "辽宁省", narrowing=("unconfirmed", "1")), {2, 3, 4}),
    ],
)
async def test_an_audience_holds_whom_it_says(desk, clock, builders, audience, people):
    await desk.people(4, 2)
    court = await builders.court("浙72")
    await builders.officer(court, "陈静", "B", 950, id=50)
    await builders.officer(court, "离任", "B", 951, id=51, left_at=clock.now())
    await builders.officer(court, "无岗", None, 952, id=52)
    async with desk.database.transaction() as session:
        await notices.send(
            session, notices.Wish("旧", PROVINCE, clock.now(), "周"), RULES, now=clock.now()
        )
        await notices.write_due(session, clock.now(), RULES)
        await notice_receipts.confirm(session, 1, 1, "张", now=clock.now())
        found = await notices.notice_people.batch(
            session, audience, after=0, most=99, now=clock.now(), default_timezone="Asia/Shanghai"
        )
        counted = await notices.notice_people.count(
            session, audience, now=clock.now(), default_timezone="Asia/Shanghai"
        )
    assert {one.officer_id for one in found} == people
    assert counted.people == len(people)


async def test_a_province_looks_after_its_own_and_sees_the_nations_that_reached_it(
    desk, clock, builders
):
    await desk.people(2, 1)
    court = await builders.court("浙72")
    await builders.officer(court, "陈静", "B", 950, id=50)
    everywhere = Audience("nation")
    elsewhere = Audience("court", None, ("浙72",), ("宁波海事法院",))
    zhejiang = Audience("province", "浙江省")
    async with desk.at_work():
        for audience in (PROVINCE, everywhere, elsewhere, zhejiang):
            await desk.send("通知", audience)
        await clock.settle()
    async with desk.database.reading() as session:
        seen = {
            province: [
                notice.id
                for notice in await notice_facts.looked_after(session, "province", province, most=9)
            ]
            for province in ("辽宁省", "浙江省", "北京市")
        }
        whole = await notice_facts.looked_after(session, "nation", None, most=2)
        older = await notice_facts.looked_after(session, "nation", None, most=9, after=whole[-1].id)
        missing = await notice_facts.with_missing(session, "浙72", most=9)
        provinces = await notice_facts.by_province(session, 2)
    assert {name: sums.people for name, sums in provinces.items()} == {"辽宁省": 2, "浙江省": 1}
    assert seen == {"辽宁省": [2, 1], "浙江省": [4, 3, 2], "北京市": []}
    assert [notice.id for notice in [*whole, *older]] == [4, 3, 2, 1]
    assert [notice.id for notice in missing] == [4, 3, 2]


async def test_no_more_is_written_while_enough_waits_and_the_rest_follows(desk, clock, monkeypatch):
    monkeypatch.setattr(notices, "BATCH", 10)
    monkeypatch.setattr(notices, "MOST_WAITING", 15)
    await desk.people(50, 4)
    await desk.send("通知")
    for _ in range(4):
        async with desk.database.transaction() as session:
            await notices.write_due(session, clock.now(), RULES)
    assert len(await desk.rows()) == 20
    async with desk.at_work():
        await clock.settle()
        assert len(desk.shown()) == 20
        for _ in range(3):
            await clock.advance(seconds=6)
    assert len(desk.shown()) == 50
    assert {len(texts) for texts in desk.shown().values()} == {1}
