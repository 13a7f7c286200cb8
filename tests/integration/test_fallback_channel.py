"""Letters reach the robots in their own words, and what a robot answers is told apart, yes from no."""

import json
from email import message_from_string
from email.policy import default

import pytest

from notifications.channels.addresses import is_outside
from notifications.channels.apprise import (
    AppriseChannel,
    FallbackRefused,
    Heard,
    Letter,
    outcome_of,
)
from notifications.channels.port import Later, Never, Sent
from notifications.messages import Message
from tests.fallback_receiver import Receiver, Serving

ROBOTS = {
    "wecombot://key-1234": ("qyapi.weixin.qq.com", "/cgi-bin/webhook/send?key=key-1234"),
    "dingtalk://token1234": ("oapi.dingtalk.com", "/robot/send?access_token=token1234"),
    "feishu://token-1234": ("open.feishu.cn", "/open-apis/bot/v2/hook/token-1234/"),
}

LETTER = Letter("【跨域立案】尚未签收\n编号：KY-1", subject="尚未签收")


@pytest.fixture
def receiver(clock):
    with Serving(Receiver(clock.now)) as serving:
        yield serving


async def sent(channel, letter=LETTER):
    return await channel.send(channel.ways[0].number, letter, silent=False, reply_to=None)


@pytest.mark.parametrize("url", ROBOTS)
async def test_a_robot_is_told_the_whole_text_at_its_own_address(receiver, url):
    channel = AppriseChannel([url], client=receiver.client)
    assert await sent(channel) == Sent(0)
    (taken,) = receiver.taken
    assert (taken.host, taken.path) == ROBOTS[url]
    assert taken.text == LETTER.text
    assert "【跨域立案】" in json.dumps(taken.json, ensure_ascii=False)


async def test_wecom_gets_its_real_body(receiver):
    await sent(AppriseChannel(["wecombot://key-1234"], client=receiver.client))
    assert receiver.taken[0].json == {"msgtype": "text", "text": {"content": LETTER.text}}


async def test_a_refusal_that_comes_with_200_is_no_success(receiver):
    channel = AppriseChannel(["wecombot://key-1234"], client=receiver.client)
    for _ in range(20):
        assert await sent(channel) == Sent(0)
    assert await sent(channel) == Later("rate_limited", retry_after=60.0)
    assert receiver.refused == 1


OK = {"errcode": 0, "errmsg": "ok"}


@pytest.mark.parametrize(
    ("scheme", "heard", "outcome"),
    [
        ("wecombot", Heard(200, json.dumps(OK).encode()), Sent(0)),
        ("wecombot", Heard(200, b'{"errcode":45009}'), Later("rate_limited", 60.0)),
        ("wecombot", Heard(200, b'{"errcode":-1}'), Later("wecombot:-1")),
        ("wecombot", Heard(200, b'{"errcode":93000}'), Never("refused", "wecombot: code 93000")),
        ("wecombot", Heard(200, b"<html>"), Later("wecombot:junk", ambiguous=True)),
        ("wecombot", Heard(200, b"[]"), Later("wecombot:junk", ambiguous=True)),
        ("dingtalk", Heard(200, b'{"errcode":0}'), Sent(0)),
        ("dingtalk", Heard(200, b'{"errcode":130101}'), Later("rate_limited", 60.0)),
        ("dingtalk", Heard(200, b'{"errcode":310000}'), Never("refused", "dingtalk: code 310000")),
        ("feishu", Heard(200, b'{"code":0}'), Sent(0)),
        ("feishu", Heard(200, b'{"StatusCode":0}'), Sent(0)),
        ("feishu", Heard(200, b'{"code":11232}'), Later("rate_limited", 60.0)),
        ("lark", Heard(200, b'{"code":19001}'), Never("refused", "lark: code 19001")),
        ("ntfys", Heard(200, b'{"id":"x"}'), Sent(0)),
        ("ntfys", Heard(429, b"", "7"), Later("rate_limited", 7.0)),
        ("ntfys", Heard(429, b"", "soon"), Later("rate_limited", 60.0)),
        ("ntfys", Heard(503), Later("ntfys:http_503")),
        ("ntfys", Heard(403), Never("refused", "ntfys: http 403")),
        ("wecombot", Heard(302), Never("refused", "wecombot: http 302")),
        (
            "feishu",
            Heard(error="ReadTimeout", ambiguous=True),
            Later("feishu:ReadTimeout", None, True),
        ),
    ],
)
def test_what_an_answer_means(scheme, heard, outcome):
    assert outcome_of(scheme, heard) == outcome


async def test_a_robot_that_cannot_be_reached_certainly_got_nothing(receiver):
    channel = AppriseChannel(["wecombot://key-1234"], client=receiver.client)
    receiver.port = 1
    outcome = await sent(channel)
    assert outcome == Later("wecombot:ConnectionError", ambiguous=False)


async def test_an_address_that_was_taken_out_of_the_settings_gets_nothing(receiver):
    channel = AppriseChannel(["wecombot://key-1234"], client=receiver.client)
    outcome = await channel.send(-(1 << 61), Message("x"), silent=False, reply_to=None)
    assert outcome == Never("refused", "the address is no longer configured")


async def test_a_personal_address_without_a_number_is_never_written_to(receiver):
    url = "mailtos://desk:word@mail.example?to={mobile}@139.example"
    channel = AppriseChannel([url], client=receiver.client)
    assert channel.ways[0].personal
    assert await sent(channel) == Never("refused", "no address of the officer's own")


@pytest.mark.parametrize(
    "url",
    [
        "wecombot://隐",
        "dingtalk://!",
        "mailtos://desk:word{mobile}@mail.example?to=a@b.example",
        "mailtos://desk:word@mail.example?to={mobile}@b.example,all@b.example",
        "mailtos://desk:word@mail.example?to={mobile}@b.example&bcc=all@b.example",
    ],
)
def test_an_address_that_apprise_cannot_use_stops_the_start_without_telling_it(url):
    with pytest.raises(FallbackRefused) as refused:
        AppriseChannel(["wecombot://key-1234", url])
    assert "2" in str(refused.value)
    assert url.partition("://")[2] not in str(refused.value)


def test_the_number_of_an_address_is_stable_and_none_of_telegrams():
    one = AppriseChannel(["wecombot://key-1234", "mailtos://a:b@mail.example?to=c@d.example"])
    again = AppriseChannel(["wecombot://key-1234"])
    robot, mailbox = one.ways
    assert again.ways == (robot,)
    assert robot.number < 0 < mailbox.number
    assert is_outside(robot.number)
    assert is_outside(mailbox.number)
    assert not is_outside(-1002147483648)


class Post:
    """Stands in for the mail server's side of a connection."""

    letters: list = []  # noqa: RUF012

    def __init__(self, **_options):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_fault):
        return None

    def sendmail(self, _sender, recipients, text):
        self.letters.append((recipients, message_from_string(text, policy=default)))
        return True


async def test_a_mail_goes_to_the_officers_own_address_with_a_subject(monkeypatch):
    monkeypatch.setattr("apprise.plugins.email.base.AppriseSMTPController", Post)
    monkeypatch.setattr(Post, "letters", [])
    url = "mailtos://desk:word@mail.example?to={mobile}@139.example"
    letter = Letter("第一行\n<b>第二行</b>", subject="尚未签收 KY-1", mobile="13900000000")
    assert await sent(AppriseChannel([url]), letter) == Sent(0)
    ((recipients, mail),) = Post.letters
    assert "13900000000@139.example" in str(recipients)
    assert mail["Subject"] == "尚未签收 KY-1"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().split() == ["第一行", "<b>第二行</b>"]
