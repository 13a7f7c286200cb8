"""The local Telegram in trouble: limits, planned faults, outages; and its token is in no log."""

import logging

import aiohttp
import pytest

from bot.sandbox import Fault, FaultPlan, Limits


async def test_limits_answer_429_with_the_seconds_to_wait(server, call, person, group):
    server.limits = Limits.real()
    sent = await call.ok("sendMessage", chat_id=group.id, text="好")
    edit = {"chat_id": group.id, "message_id": sent["message_id"], "text": "很好"}
    status, body = await call("editMessageText", **edit)
    assert status == 429
    assert body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    assert [c.outcome for c in server.calls] == ["ok", "limited"]
    await call.ok("sendMessage", chat_id=person.id, text="another chat is free")


async def send_under(server, call, person, fault, hold=0.05):
    server.faults = FaultPlan.always(fault, hold=hold).only("sendMessage")
    url = f"{server.api_url}/bot123456:TEST/sendMessage"
    async with call.session.post(url, json={"chat_id": person.id, "text": "好"}) as answer:
        return answer.status, await answer.read()


@pytest.mark.parametrize(
    ("fault", "status", "body", "arrived"),
    [
        (Fault.INTERNAL_ERROR, 500, b"Internal Server Error", False),
        (Fault.BAD_GATEWAY, 502, b"Bad Gateway", False),
        (Fault.JUNK, 200, b"<html>", True),
        (Fault.JUNK_JSON, 200, b"[]", True),
    ],
)
async def test_a_fault_is_answered_as_planned(server, call, person, fault, status, body, arrived):
    answer = await send_under(server, call, person, fault)
    assert answer[0] == status
    assert body in answer[1]
    assert (person.last() is not None) is arrived
    assert server.calls[-1].outcome == f"fault:{fault}"
    assert server.calls[-1].done is arrived


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [(Fault.TIMEOUT_BEFORE, False), (Fault.TIMEOUT_AFTER, True), (Fault.CUT, True)],
)
async def test_a_dropped_connection_leaves_the_caller_in_doubt(
    server, call, person, fault, arrived
):
    with pytest.raises(aiohttp.ClientError):
        await send_under(server, call, person, fault)
    assert (person.last() is not None) is arrived


async def test_a_slow_answer_comes_late_but_whole(server, call, person):
    server.faults = FaultPlan(calls={Fault.SLOW: 1.0}, delay=0.05)
    assert (await call.ok("sendMessage", chat_id=person.id, text="好"))["text"] == "好"


async def test_an_outage_keeps_the_world_and_the_address(server, call, person):
    address = server.api_url
    await server.stop()
    with pytest.raises(aiohttp.ClientError):
        await call("getMe")
    await server.start()
    assert server.api_url == address
    await call.ok("sendMessage", chat_id=person.id, text="again")


async def test_the_token_is_in_no_log_line(call, person, caplog):
    caplog.set_level(logging.DEBUG)
    await call.ok("sendMessage", chat_id=person.id, text="好")
    await call("sendMoney")
    assert "123456:TEST" not in caplog.text
    assert "TEST" not in repr(call.telegram.api)
    assert all("123456:TEST" not in repr(c) for c in call.telegram.calls)
