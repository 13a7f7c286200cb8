"""Which days are offered as the end of something."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from bot.chat.day_choice import on_working_days
from directory.models import Court

BEIJING = ZoneInfo("Asia/Shanghai")


def talk(officer):
    desk = SimpleNamespace(timezone="Asia/Shanghai")
    return SimpleNamespace(
        speaker=SimpleNamespace(linked=officer), parts=SimpleNamespace(desk=desk)
    )


def test_what_is_offered_as_an_end_is_a_working_day():
    friday = datetime(2019, 9, 27, 17, tzinfo=BEIJING)
    ends = [friday + timedelta(days=days) for days in (1, 2, 3, 7)]
    officer = SimpleNamespace(court=Court(code="辽72", name="大连海事法院", province="辽宁省"))
    # Sunday 29 September was a working day and is taken once, 1 to 7 October were holidays.
    found = [f"{at:%m-%d %H}" for at in on_working_days(talk(officer), ends)]
    assert found == ["09-29 17", "09-30 17", "10-08 17", "10-09 17"]
    assert on_working_days(talk(None), ends) == ends
