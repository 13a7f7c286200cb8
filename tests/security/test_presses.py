"""Who may press what: everybody against every button, genuine, forged, forwarded and out of date."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from directory import officers
from directory.models import Officer, OfficerPost
from notifications.channels.telegram_buttons import LABELS, encode
from notifications.models import Filing, FilingEvent, OutgoingMessage

DECIDING = frozenset({"ack", "b", "snooze", "reg", "corr", "deny", "ret", "med", "undo"})
FILING = frozenset({"nudge", "supp", "wd", "send", "sendto"})
ORDERING = frozenset({"sup"})
LOOKING = frozenset({"look"})

#: What each may press, written down here once more and not taken from the product.
MAY = {
    "A岗": DECIDING | LOOKING,
    "B岗": DECIDING | LOOKING,
    "带班领导": DECIDING | LOOKING,
    "省级协调员": DECIDING | LOOKING | ORDERING,
    "协作法院A岗": FILING | LOOKING,
    "协作省协调员": FILING | LOOKING,
    "技术人员": LOOKING,
    "协作法院技术人员": LOOKING,
    "他院A岗": LOOKING,
    "离任人员": frozenset(),
    "岗位到期人员": frozenset(),
    "解除关联人员": frozenset(),
    "陌生人": frozenset(),
}

#: What an honest refusal says to each who may not.
NOBODY = "您的聊天账号未关联任何人员"


@pytest.fixture
async def cast(builders, database, clock, phones, groups, liaoning):
    """Everybody has a phone and sits in the jurisdiction court's group, whoever they are."""
    now, today = clock.now(), clock.now().date()
    yesterday = today - timedelta(days=1)
    dalian, ningbo = liaoning.jurisdiction, liaoning.collaborating
    await builders.court("辽02")
    ganjingzi = await builders.court("辽0211")
    people = {
        "协作省协调员": await builders.officer("浙", "沈涛", "coordinator", 201),
        "技术人员": await builders.officer(dalian, "何工", "technician", 202),
        "协作法院技术人员": await builders.officer(ningbo, "林工", "technician", 203),
        "他院A岗": await builders.officer(ganjingzi, "张伟", "A", 204),
        "离任人员": await builders.officer(dalian, "吴刚", "A", 205, left_at=now),
        "岗位到期人员": await builders.officer(dalian, "郑爽", None, 206),
        "解除关联人员": await builders.officer(dalian, "冯军", "B", 207),
    }
    for name, officer in people.items():
        phones.give(name, officer.name, officer.telegram_id)
    phones.give("陌生人", "路人", 208)
    async with database.transaction() as session:
        expired = people["岗位到期人员"].id
        session.add(OfficerPost(officer_id=expired, post="B", valid_to=yesterday))
        unlinked = await session.get_one(Officer, people["解除关联人员"].id)
        await officers.unlink(session, unlinked, who="管理员", now=now)
    for name in MAY:
        groups["辽72"].joined_by(phones[name].phone)
    return phones


async def snapshot(database, filing_id) -> dict[str, Any]:
    """Everything of a filing that a press could change, and how many messages there are."""
    async with database.reading() as session:
        filing = await session.get_one(Filing, filing_id)
        columns = {c.name: getattr(filing, c.name) for c in Filing.__table__.columns}
        messages = await session.scalar(select(func.count()).select_from(OutgoingMessage))
        return {**columns, "messages": messages}


async def refusals(database, filing_id) -> list[tuple[str, str]]:
    """Who was refused what, as the filing's history tells."""
    async with database.reading() as session:
        found = await session.scalars(
            select(FilingEvent)
            .where(FilingEvent.filing_id == filing_id, FilingEvent.kind == "refused")
            .order_by(FilingEvent.id)
        )
        return [(event.who, event.detail) for event in found]


async def group_row(database, filing_id) -> OutgoingMessage:
    """The outgoing message behind the jurisdiction group's card."""
    async with database.reading() as session:
        found = await session.scalars(
            select(OutgoingMessage).where(
                OutgoingMessage.filing_id == filing_id, OutgoingMessage.chat_id == -1001
            )
        )
        return found.first()


async def test_who_may_not_is_refused_in_private_and_the_history_keeps_it(
    cast, clock, database, groups, file_a_filing
):
    for name, actions in MAY.items():
        filing = await file_a_filing()
        row = await group_row(database, filing.id)
        card = cast[name].expects(filing.reference, groups["辽72"])
        before = await snapshot(database, filing.id)
        forbidden = sorted(LABELS.keys() - actions)
        presses = {
            action: cast[name].phone.presses_data(encode(action, row.id, row.nonce), card)
            for action in forbidden
        }
        await clock.settle()
        for action, press in presses.items():
            assert press.answered is not None, (name, action)
            assert press.answered.show_alert, (name, action)
            assert press.answered.text, (name, action)
            if not actions and name != "岗位到期人员":
                assert press.answered.text.startswith(NOBODY), (name, action)
        assert await snapshot(database, filing.id) == before, name
        kept = await refusals(database, filing.id)
        assert len(kept) == len(forbidden), name
        # Somebody without a post today is known all the same, and named.
        known = actions or name == "岗位到期人员"
        who = cast[name].phone.name if known else "未关联的聊天账号"
        assert all(said.startswith(who) for said, _detail in kept), name


async def test_nothing_that_is_over_can_be_changed_by_anybody(
    cast, clock, database, groups, file_a_filing
):
    for name in (name for name, actions in MAY.items() if actions):
        filing = await file_a_filing()
        for label in ("签收", "登记立案"):
            await cast["A岗"].presses(label, cast["A岗"].expects(filing.reference))
        await clock.advance(minutes=2)
        row = await group_row(database, filing.id)
        card = cast[name].expects(f"编号 {filing.reference}", groups["辽72"])
        before = await snapshot(database, filing.id)
        presses = {
            action: cast[name].phone.presses_data(encode(action, row.id, row.nonce), card)
            for action in sorted(LABELS)
        }
        await clock.settle()
        assert before["state"] == "completed"
        assert all(press.answered and press.answered.text for press in presses.values()), name
        assert await snapshot(database, filing.id) == before, name
        refused = await refusals(database, filing.id)
        assert len(refused) == len(LABELS.keys() - MAY[name]), name


async def test_a_button_taken_to_another_chat_is_worth_nothing_there(
    cast, clock, database, file_a_filing, groups
):
    for name in ("A岗", "协作法院A岗", "他院A岗", "陌生人"):
        filing = await file_a_filing()
        row = await group_row(database, filing.id)
        await cast[name].says("/help")
        private = cast[name].phone.last()
        before = await snapshot(database, filing.id)
        press = cast[name].phone.presses_data(encode("ack", row.id, row.nonce), private)
        await clock.settle()
        assert press.answered.show_alert, name
        assert "按钮无效" in press.answered.text, name
        assert await snapshot(database, filing.id) == before, name
        [(_who, detail)] = await refusals(database, filing.id)
        assert detail == "button: forged", name


async def test_a_forwarded_card_carries_no_rights_with_it(
    cast, telegram, clock, database, file_a_filing, groups
):
    filing = await file_a_filing()
    row = await group_row(database, filing.id)
    elsewhere = telegram.add_group("别的群", [cast["A岗"].phone], announced=False)
    card = cast["A岗"].expects(filing.reference, groups["辽72"])
    copy = cast["A岗"].phone.forwards(card, elsewhere)
    assert copy.labels == []
    press = cast["A岗"].phone.presses_data(encode("ack", row.id, row.nonce), copy)
    await clock.settle()
    assert "按钮无效" in press.answered.text
    assert (await snapshot(database, filing.id))["state"] == "waiting"
    assert len(await refusals(database, filing.id)) == 1


async def test_a_guessed_button_does_nothing(cast, clock, database, file_a_filing, groups):
    mine, other = await file_a_filing(), await file_a_filing()
    row, foreign = await group_row(database, mine.id), await group_row(database, other.id)
    card = cast["A岗"].expects(mine.reference, groups["辽72"])
    before = await snapshot(database, mine.id), await snapshot(database, other.id)
    guesses = [
        encode("ack", row.id, "AAAAAAAA"),
        encode("ack", row.id, row.nonce[:-1]),
        encode("ack", foreign.id, row.nonce),
        encode("ack", 999_999_999, row.nonce),
        encode("ack", 9_223_372_036_854_775_807, row.nonce),
        encode("ack", 9_999_999_999_999_999_999, row.nonce),
        f"own:{row.id}:{row.nonce}",
        f"ack:{row.id}:{row.nonce}:{row.nonce}",
        f"ack:0:{row.nonce}",
        f"ACK:{row.id}:{row.nonce}",
        "draft:1:AAAAAAAA:yes",
        "draft:9999999999999999999:AAAAAAAA:yes",
        "签收",
        "'; DROP TABLE filings; --",
        "x" * 64,
    ]
    presses = [cast["A岗"].phone.presses_data(guess, card) for guess in guesses]
    await clock.settle()
    for guess, press in zip(guesses, presses, strict=True):
        assert press.answered is not None, guess
        assert press.answered.show_alert, guess
        assert "按钮" in press.answered.text, guess
    assert (await snapshot(database, mine.id), await snapshot(database, other.id)) == before


async def test_somebody_elses_confirmation_is_not_ones_own(
    cast, clock, database, file_a_filing, groups
):
    filing = await file_a_filing()
    groups["浙72"].joined_by(cast["协作法院技术人员"].phone)
    groups["浙72"].joined_by(cast["协作省协调员"].phone)
    await cast["协作法院A岗"].presses("撤回", chat=groups["浙72"])
    for name in ("协作法院技术人员", "协作省协调员"):
        said = await cast[name].presses("确认撤回", chat=groups["浙72"])
        assert said == "只有发起人可以点此按钮。"
    assert (await snapshot(database, filing.id))["state"] == "waiting"


async def test_who_lost_the_post_between_two_taps_withdraws_nothing(
    cast, clock, database, file_a_filing, groups, liaoning
):
    filing = await file_a_filing()
    await cast["协作法院A岗"].presses("撤回", chat=groups["浙72"])
    async with database.transaction() as session:
        officer = await session.get_one(Officer, liaoning.filing_officer.id)
        officer.left_at = clock.now()
    said = await cast["协作法院A岗"].presses("确认撤回", chat=groups["浙72"])
    assert said.startswith(NOBODY)
    assert (await snapshot(database, filing.id))["state"] == "waiting"
    assert len(await refusals(database, filing.id)) == 1


async def test_a_refusal_is_seen_by_nobody_else(cast, clock, file_a_filing, groups):
    await file_a_filing()
    before = len(groups["辽72"].messages())
    said = await cast["陌生人"].presses("签收", chat=groups["辽72"])
    assert said.startswith(NOBODY)
    assert len(groups["辽72"].messages()) == before
    cast["陌生人"].expects_nothing()
