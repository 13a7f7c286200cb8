"""Two courts share one group and file to each other: each sees its own card and presses its own buttons."""

import pytest

from directory.models import Court


@pytest.fixture
async def shared(app, phones, groups, database, liaoning):
    """Dalian's group, which now serves Ningbo too."""
    group = groups["辽72"]
    group.joined_by(phones["协作法院A岗"].phone)
    async with database.transaction() as session:
        ningbo = await session.get_one(Court, liaoning.collaborating.code)
        ningbo.group_chat_id = group.id
    return group


async def test_both_courts_act_on_their_own_card_in_the_same_group(
    phones, shared, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    cards = [m for m in shared.messages() if m.contains(f"编号 {filing.reference}")]
    assert [card.labels for card in cards] == [
        ["签收", "转B岗", "查看"],
        ["催办", "撤回", "查看"],
    ]
    theirs, ours = cards
    assert "只有管辖法院" in await phones["协作法院A岗"].presses("签收", theirs, shared)
    assert "只有协作法院" in await phones["B岗"].presses("催办", ours, shared)
    assert "已催办" in await phones["协作法院A岗"].presses("催办", ours, shared)
    await phones["B岗"].presses("签收", theirs, shared)
    both = [m for m in shared.messages() if m.contains(f"编号 {filing.reference}")]
    assert all("已签收　李敏（B岗）" in card.text for card in both)
    assert [card.labels[0] for card in both] == ["登记立案", "催办"]
    kinds = [event["kind"] for event in (await seen_by_api(filing.reference))["events"]]
    assert kinds.count("refused") == 2


async def test_each_court_lists_its_own_in_the_group_they_share(
    phones, builders, groups, database, app, file_a_filing
):
    """The group serves another court besides, which has nothing to do with who asks."""
    await builders.court("辽0211")
    await builders.court("沪72")
    async with database.transaction() as session:
        (await session.get_one(Court, "辽0211")).group_chat_id = groups["辽72"].id
    mine = await file_a_filing()
    theirs = await file_a_filing(to="辽0211", by="沪72")
    listed = await phones["A岗"].says("/pending", groups["辽72"])
    assert mine.reference in listed.text
    assert theirs.reference not in listed.text
