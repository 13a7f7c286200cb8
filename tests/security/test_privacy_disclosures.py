"""Showing a number is a disclosure with a reason, told to whose it is; looking people up is counted."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from directory import disclosures
from directory.change_models import Disclosure
from directory.disclosures import Allowed, TooMany
from directory.models import DirectoryRecord
from notifications.models import OutgoingMessage

MOBILE = "13800138000"


async def asked(session, officer, people, clock, **more):
    return await disclosures.count_look_up(session, officer.id, people, now=clock.now(), **more)


async def test_people_found_are_counted_by_the_hour_until_the_limit(database, builders, clock):
    people = await builders.liaoning()
    async with database.transaction() as session:
        for found, said in (
            (0, Allowed(0)),  # Courts alone are not counted.
            (3, Allowed(3)),
            (6, Allowed(9)),
            (4, Allowed(13)),  # The one that reaches the limit is still answered.
            (1, TooMany(clock.now() + timedelta(minutes=30), first=True)),
            (1, TooMany(clock.now() + timedelta(minutes=30), first=False)),
            (0, Allowed(0)),
        ):
            assert await asked(session, people.a, found, clock, per_hour=10) == said
        assert await asked(session, people.b, 4, clock, per_hour=10) == Allowed(4)
        assert await asked(session, people.a, 500, clock, per_hour=0) == Allowed(0)
    await clock.advance(minutes=30)
    async with database.transaction() as session:
        assert await asked(session, people.a, 2, clock, per_hour=10) == Allowed(2)
        limited = select(DirectoryRecord.who).where(DirectoryRecord.kind == disclosures.LIMITED)
        assert (await session.scalars(limited)).all() == ["辽72:王建国"]


async def test_what_is_shown_is_written_down_once_each_and_gathered_by_reader(
    database, builders, clock
):
    people = await builders.liaoning()
    reading = {"reason": disclosures.BY_SYSTEM, "channel": disclosures.HTTP}
    async with database.transaction() as session:
        person = await builders.officer("辽72", "钱八一", "B", session=session, mobile=MOBILE)
        nobody = await builders.officer("辽72", "孙九", "B", session=session)
        show = disclosures.show_mobile
        assert await show(session, "令牌", None, nobody, now=clock.now(), **reading) is None
        for _reading in range(12):
            ids = [person.id, nobody.id, person.id]
            await disclosures.show_mobiles(session, "令牌", None, ids, now=clock.now(), **reading)
        at = clock.now() - timedelta(days=1)
        seen = await show(
            session, "周琳", people.coordinator.id, person, reason=" 值班联络 ", channel="chat", now=at
        )  # fmt: skip
        assert seen == MOBILE
        # One's own number.
        await show(session, "钱八一", person.id, person, now=clock.now(), **reading)
        with pytest.raises(ValueError, match="reason"):
            await show(session, "令牌", None, person, reason=" ", channel="http", now=at)
        latest = await disclosures.of(session, person.id, 10)
        assert {row.viewer for row in latest} == {"令牌"}
        assert len(await disclosures.of(session, person.id, 100)) == 13
        assert await disclosures.readers(session, person.id, 10) == [
            disclosures.Reader("令牌", "接口读取", "http", 12, clock.now()),
            disclosures.Reader("周琳", "值班联络", "chat", 1, at),
        ]


class TestInChat:
    @pytest.fixture
    def engine_name(self):
        return "sqlite"

    @pytest.fixture
    def settings(self, settings):
        return settings.model_copy(update={"chat_phones": "role", "lookups_per_hour": 3})

    async def test_a_number_is_shown_for_a_reason_and_its_owner_reads_who_saw_it(
        self, app, phones, groups, builders, database
    ):
        owner = await builders.officer("辽72", "钱八一", "B", 301, mobile=MOBILE)
        phones.give_officer("本人", owner)
        await phones["省级协调员"].says("/find 钱八一")
        card = phones["省级协调员"].expects("钱八一 138****8000")
        assert card.labels == ["名片", "显示手机号", "修改", "所在法院"]
        await phones["省级协调员"].presses("显示手机号", card)
        reasons = phones["省级协调员"].expects("请选择理由")
        assert reasons.labels == ["联系立案", "核对号码", "值班联络", "其他"]
        assert await phones["省级协调员"].presses("核对号码", reasons) == "已记录。"
        shown = phones["省级协调员"].expects(f"钱八一 {MOBILE} 核对号码")
        assert shown.protected

        await phones["本人"].says("/me")
        phones["本人"].expects(
            "谁看过我的手机号 辽宁省高级人民法院 周琳（省级协调员） 核对号码（聊天，共 1 次）"
        )
        await phones["本人"].presses("显示手机号")
        assert phones["本人"].expects(f"本人手机 {MOBILE}").protected
        async with database.reading() as session:
            texts = (await session.scalars(select(OutgoingMessage.payload))).all()
            assert MOBILE not in str(texts)
            assert await session.scalar(select(func.count(Disclosure.id))) == 1

        # Nobody else has the button, and whoever makes one up is refused; so is everybody in a group.
        await phones["协作法院A岗"].says("/find 钱八一")
        other = phones["协作法院A岗"].expects("钱八一 138****8000")
        assert "显示手机号" not in other.labels
        for phone, chat in (("协作法院A岗", None), ("B岗", None), ("省级协调员", groups["辽72"])):
            await phones[phone].says("/find 大连海事", chat)
            message = phones[phone].phone.last(chat)
            for data in (f"mobile:{owner.id}", f"mobile:{owner.id}:check"):
                press = phones[phone].phone.presses_data(data, message)
                await phones[phone].clock.settle()
                assert press.answered.text == "您不能在此查看此人的手机号。", (phone, data)
        async with database.reading() as session:
            assert await session.scalar(select(func.count(Disclosure.id))) == 1

    async def test_who_looks_up_too_many_is_told_until_when_and_the_coordinator_once(
        self, app, clock, phones, groups, builders
    ):
        for number in range(4):
            await builders.officer("浙72", f"钱八{'一二三四'[number]}", "B")
        await phones["A岗"].says("/find 钱八")
        phones["A岗"].expects("钱八一 钱八四")
        for _again in range(2):
            said = await phones["A岗"].says("/find 钱八")
            assert said.text.startswith("本小时查询人员已达上限（3 人），10:00 后可继续")
        lines = await phones["A岗"].asks_inline("钱八")
        assert [line.title for line in lines] == ["暂不显示人员"]
        await phones["A岗"].says("/find 大连海事法院")
        phones["A岗"].expects("大连海事法院（辽72） 今日办公")
        assert phones["省级协调员"].count("查询人员次数过多 王建国（A岗） 3 名") == 1
        await clock.advance(minutes=31)
        said = await phones["A岗"].says("/find 钱八一")
        assert "宁波海事法院" in said.text

    async def test_made_up_buttons_name_nobody_beyond_the_limit(
        self, app, clock, phones, liaoning, builders, database
    ):
        people = [
            await builders.officer("辽72", f"钱八{sign}", "B", mobile=f"1380013800{number}")
            for number, sign in enumerate("一二三四")
        ]
        boss, clerk = phones["省级协调员"], phones["协作法院A岗"]
        card = await boss.says("/find 大连海事法院")
        other = await clerk.says("/find 大连海事法院")
        answers = {}
        for person in people:
            for phone, message, data in (
                (boss, card, f"mobile:{person.id}:check"),
                (clerk, other, f"wrong:o{person.id}"),
            ):
                press = phone.phone.presses_data(data, message)
                await clock.settle()
                answers.setdefault(data[:5], []).append(press.answered.text)
        assert answers["mobil"][:3] == ["已记录。"] * 3
        for said in answers.values():
            assert said[3].startswith("本小时查询人员已达上限（3 人）")
        assert "钱八四" not in boss.phone.last().text + clerk.phone.last().text
        async with database.reading() as session:
            assert await session.scalar(select(func.count(Disclosure.id))) == 3
