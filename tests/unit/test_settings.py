"""A wrong setting stops the start with a sentence that names it, and never shows its value."""

import pytest

from bot.settings import SettingsRefused, load

WEBHOOK = {
    "LIAISON_TELEGRAM_MODE": "webhook",
    "LIAISON_TELEGRAM_WEBHOOK_URL": "https://liaison.example/hook",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIAISON_TELEGRAM_PROXY", "proxy.example"),
        ("LIAISON_TELEGRAM_PROXY", "ftp://proxy.example"),
        ("LIAISON_TELEGRAM_WEBHOOK_SECRET", "with a blank"),
        ("LIAISON_TELEGRAM_WEBHOOK_SECRET", "口令"),
        ("LIAISON_TELEGRAM_WEBHOOK_SECRET", "a" * 257),
    ],
)
def test_a_value_that_telegram_could_not_be_reached_with_is_named_at_the_start(name, value):
    with pytest.raises(SettingsRefused) as refused:
        load(WEBHOOK | {"LIAISON_TELEGRAM_WEBHOOK_SECRET": "fine"} | {name: value})
    assert name in str(refused.value)
    assert value not in str(refused.value)


def test_a_proxy_and_a_secret_that_telegram_takes_are_taken():
    settings = load(
        WEBHOOK
        | {
            "LIAISON_TELEGRAM_PROXY": "http://user:word@10.0.0.1:3128",
            "LIAISON_TELEGRAM_WEBHOOK_SECRET": "aZ09_-",
        }
    )
    assert settings.telegram_proxy == "http://user:word@10.0.0.1:3128"
    assert settings.telegram_webhook_secret.get_secret_value() == "aZ09_-"


def test_a_value_from_a_file_ends_where_its_text_ends(tmp_path):
    file = tmp_path / "secret"
    file.write_text("aZ09_-\n", encoding="utf-8")
    settings = load(WEBHOOK | {"LIAISON_TELEGRAM_WEBHOOK_SECRET_FILE": str(file)})
    assert settings.telegram_webhook_secret.get_secret_value() == "aZ09_-"


def test_fallback_addresses_are_separated_by_blanks_commas_and_lines():
    text = (
        "wecombot://key-1, dingtalk://token\nmailtos://desk:word@mail.example?to=a@b.cn,c@d.cn "
        "ntfys://push.example/topic,feishu://token"
    )
    urls = [url.get_secret_value() for url in load({"LIAISON_FALLBACK_URLS": text}).fallback_urls]
    assert urls == [
        "wecombot://key-1",
        "dingtalk://token",
        "mailtos://desk:word@mail.example?to=a@b.cn,c@d.cn",
        "ntfys://push.example/topic",
        "feishu://token",
    ]
    assert "key-1" not in repr(load({"LIAISON_FALLBACK_URLS": text}))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("json://169.254.169.254/hidden", "json://"),
        ("wecombot://fine dbus://hidden", "dbus://"),
        ("wecombot://fine,syslog://hidden", "syslog://"),
        ("wecombot://fine,mailto://desk:hidden@mail.example", "mailto://"),
        ("ntfy://hidden/topic", "ntfy://"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hidden", "https://"),
        ("hidden-key", "没有写明协议"),
        ("wecombot://", "没有写明协议"),
        ("dingtalk://hidden/{mobile}", "{mobile}"),
    ],
)
def test_another_way_out_than_the_listed_ones_stops_the_start_without_telling_the_address(
    text, named
):
    with pytest.raises(SettingsRefused) as refused:
        load({"LIAISON_FALLBACK_URLS": text})
    assert "LIAISON_FALLBACK_URLS" in str(refused.value)
    assert named in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_reports_need_a_secret_to_be_signed_with():
    with pytest.raises(SettingsRefused, match="LIAISON_RESULT_WEBHOOK_SECRET"):
        load({"LIAISON_RESULT_WEBHOOK_URL": "https://platform.example/hook"})


@pytest.mark.parametrize("secret", ["whsec_short", "不是", "whsec_" + "A" * 16, "=" * 32])
def test_a_secret_that_signs_nothing_is_named_and_not_shown(secret):
    with pytest.raises(SettingsRefused, match="LIAISON_RESULT_WEBHOOK_SECRET") as refused:
        load({"LIAISON_RESULT_WEBHOOK_SECRET": secret})
    assert secret not in str(refused.value)


@pytest.mark.parametrize("prefix", ["whsec_", ""])
def test_a_secret_of_standard_webhooks_is_taken_with_and_without_its_prefix(prefix):
    settings = load(
        {
            "LIAISON_RESULT_WEBHOOK_URL": "https://platform.example/hook",
            "LIAISON_RESULT_WEBHOOK_SECRET": prefix + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        }
    )
    assert settings.result_webhook_url == "https://platform.example/hook"
