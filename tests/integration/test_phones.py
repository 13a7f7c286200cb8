import aiohttp
import pytest

from tests.clock import StillBusyError


@pytest.fixture
async def bot(telegram):
    """What the product does over HTTP, without the product."""
    async with aiohttp.ClientSession() as client:

        async def call(method, **arguments):
            address = f"{telegram.api_url}/bot123456:TEST/{method}"
            async with client.post(address, json=arguments) as answer:
                return (await answer.json())["result"]

        yield call


async def test_people_see_what_was_sent_to_them_and_to_their_group(liaoning, groups, phones, bot):
    await bot("sendMessage", chat_id=liaoning.a.telegram_id, text="【跨域立案】待签收")
    await bot("sendMessage", chat_id=liaoning.jurisdiction.group_chat_id, text="群里的消息")
    assert phones["A岗"].expects("待签收").text == "【跨域立案】待签收"
    phones["B岗"].expects_nothing()
    assert phones["B岗"].count("群里", groups["辽72"]) == 1
    with pytest.raises(AssertionError, match="sees no '尚未签收'"):
        phones["A岗"].expects("尚未签收")


async def test_the_clock_waits_for_the_update_to_be_confirmed(liaoning, phones, bot, clock):
    phones["A岗"].phone.says("/help")
    with pytest.raises(StillBusyError, match="an update is unconfirmed"):
        await clock.settle(patience=0.02)
    (update,) = await bot("getUpdates")
    await bot("getUpdates", offset=update["update_id"] + 1)
    await clock.settle()


async def test_messages_bear_the_frozen_time(liaoning, phones, bot, clock):
    await bot("sendMessage", chat_id=liaoning.a.telegram_id, text="待签收")
    assert phones["A岗"].expects("待签收").sent_at == clock.now()
