"""What people write for an instant."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.chat.typed_times import understood

NOW = datetime(2019, 8, 19, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("15:00", "2019-08-19 15:00"),
        ("今天 15:00", "2019-08-19 15:00"),
        ("明天 9:30", "2019-08-20 09:30"),
        ("明天9点", "2019-08-20 09:00"),
        ("明天 9点30分", "2019-08-20 09:30"),
        ("明天　９：３０", "2019-08-20 09:30"),
        ("后天 8:05", "2019-08-21 08:05"),
        ("tomorrow 9:30", "2019-08-20 09:30"),
        ("Today 23:59", "2019-08-19 23:59"),
        ("11-11 9:30", "2019-11-11 09:30"),
        ("11月11日 9:30", "2019-11-11 09:30"),
        ("2019年11月11日9点30", "2019-11-11 09:30"),
        ("2020/1/6 10:00", "2020-01-06 10:00"),
        ("1-6 10:00", "2020-01-06 10:00"),
        ("下周一 17:00", "2019-08-26 17:00"),
        ("周三14:30", "2019-08-21 14:30"),
        ("12月23日下午5点", "2019-12-23 17:00"),
        ("今晚8点", "2019-08-19 20:00"),
        ("明天晚上7点半", "2019-08-20 19:30"),
        ("明天上午9点半", "2019-08-20 09:30"),
        ("11-1 19:30", "2019-11-01 19:30"),
        ("昨天 9:30", "2019-08-18 09:30"),
        ("8:00", "2019-08-19 08:00"),
    ],
)
def test_a_day_and_a_time_are_understood(text, meant):
    at = understood(text, NOW)
    assert at is not None
    assert f"{at:%Y-%m-%d %H:%M}" == meant
    assert at.tzinfo is NOW.tzinfo


@pytest.mark.parametrize(
    "text",
    ["", "明天", "9", "25:00", "9:60", "2-30 9:30", "13-1 9:30", "马上", "0:00:00",
     "本周 9:30"],
)  # fmt: skip
def test_what_is_no_time_is_not(text):
    assert understood(text, NOW) is None
