"""What a session says to its readers, each in their language: how they stand, or what to press and which reminders come."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.texts import load_texts
from notifications.models import OutgoingMessage
from notifications.told import html
from notifications.training_models import TrainingPlace, TrainingSession
from notifications.training_words import TrainingWords

NOW = datetime(2019, 8, 19, 1, 30, tzinfo=UTC)
TEXTS = load_texts()


def words(ahead, locale="zh-CN", **more):
    held = TrainingSession(
        title="应答规范", starts_at=NOW + ahead, lasts_minutes=60, place="三楼", **more
    )
    return TrainingWords(held, ZoneInfo("Asia/Shanghai"), html(TEXTS, locale), NOW)


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(days=2), ["请点“报名”或“不参加”；报名后会在前一天和开始前 15 分钟提醒您。"]),
        (timedelta(days=1), ["请点“报名”或“不参加”；报名后会在开始前 15 分钟提醒您。"]),
        (timedelta(minutes=15), ["请点“报名”或“不参加”。"]),
        (timedelta(), []),
    ],
)
def test_who_has_not_answered_hears_what_to_press_and_which_reminders_come(ahead, said):
    assert words(ahead).standing(None) == said
    assert words(ahead, cancelled_at=NOW).standing(None) == []
    assert words(ahead).standing(TrainingPlace(answer="coming", attended_at=None)) == [
        "✅ 您已报名"
    ]


def test_who_came_before_it_begins_has_nothing_more_to_answer():
    outgoing = OutgoingMessage(id=7, nonce="n0nce")
    [asked] = words(timedelta(minutes=10)).buttons(outgoing, None)
    assert [one.text for one in asked] == ["报名", "不参加"]
    came = TrainingPlace(answer=None, attended_at=NOW)
    assert words(timedelta(minutes=10)).buttons(outgoing, came) == ()


def test_an_english_reader_hears_it_in_english():
    (said,) = words(timedelta(days=2), "en").standing(None)
    assert said.startswith("Press “Sign up” or “Not coming”; once signed up you are reminded")
