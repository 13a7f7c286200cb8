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
