"""A court is looked up, chosen from a list, its card taken away, a filing begun from it."""

import pytest


@pytest.fixture
async def two_courts(builders, liaoning):
    """Two courts that are called alike."""
    await builders.court("辽0102", "沈阳鼓楼区人民法院", phone="024-12345678")
    await builders.court("京0102", "北京鼓楼区人民法院")


async def test_a_choice_becomes_the_card_in_the_same_message_and_leads_back(
    two_courts, app, phones
):
    clerk = phones["协作法院A岗"]
    listed = await clerk.says("/find 鼓楼区")
    assert len(listed.labels) == 2
    await clerk.presses(next(label for label in listed.labels if "沈阳" in label), listed)
    card = clerk.phone.last()
    assert card.id == listed.id
    assert card.text.startswith("沈阳鼓楼区人民法院（辽0102）")
    assert "信息未经核实" in card.text
    assert card.labels == ["名片", "复制代字", "提交协作", "号码有误", "返回列表"]
    await clerk.presses("返回列表", card)
    assert clerk.phone.last().text == listed.text


async def test_a_courts_card_leaves_as_a_file_that_phones_read(two_courts, app, phones):
    clerk = phones["协作法院A岗"]
    card = await clerk.says("/court 辽0102")
    await clerk.presses("名片", card)
    assert clerk.phone.last().document == "沈阳鼓楼区人民法院.vcf"


async def test_a_filing_begins_from_the_card_of_its_court(two_courts, app, phones):
    clerk = phones["协作法院A岗"]
    card = await clerk.says("/court 辽72")
    await clerk.presses("提交协作", card)
    clerk.expects("请发送编号（1/4）")
    await clerk.says("KY-2019-000001")
    await clerk.presses("宁波海事法院（浙72）")
    types = clerk.expects("案件类型")
    await clerk.presses("执行", types)
    clerk.expects("KY-2019-000001 宁波海事法院 大连海事法院 执行")


async def test_in_a_group_a_card_has_no_personal_buttons(two_courts, app, phones, groups):
    await phones["A岗"].says("/court 辽0102", groups["辽72"])
    card = groups["辽72"].last()
    assert "名片" not in card.labels
    assert "复制代字" in card.labels
