"""Days and times as people write them: a table of words, seen from a Monday in August."""

from datetime import date, time

import pytest

from directory.day_words import Asked, asked, day_of, days_of, time_of

MONDAY = date(2019, 8, 19)


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("今天", date(2019, 8, 19)),
        ("明天", date(2019, 8, 20)),
        ("大后天", date(2019, 8, 22)),
        ("昨天", date(2019, 8, 18)),
        ("Tomorrow", date(2019, 8, 20)),
        ("周一", date(2019, 8, 19)),
        ("周六", date(2019, 8, 24)),
        ("星期日", date(2019, 8, 25)),
        ("礼拜天", date(2019, 8, 25)),
        ("下周一", date(2019, 8, 26)),
        ("下下周五", date(2019, 9, 6)),
        ("本周六", date(2019, 8, 24)),
        ("sat", date(2019, 8, 24)),
        ("8-24", date(2019, 8, 24)),
        ("8/24", date(2019, 8, 24)),
        ("8月24日", date(2019, 8, 24)),
        ("8月24号", date(2019, 8, 24)),
        ("24日", date(2019, 8, 24)),
        ("3日", date(2019, 9, 3)),
        ("2019-12-31", date(2019, 12, 31)),
        ("2019年12月31日", date(2019, 12, 31)),
        ("2020/1/2", date(2020, 1, 2)),
        # Half a year ago is hardly meant; last month may be.
        ("1-2", date(2020, 1, 2)),
        ("7-30", date(2019, 7, 30)),
        ("2-29", date(2020, 2, 29)),
        ("13-1", None),
        ("8-32", None),
        ("辽0211", None),
        ("大连", None),
        ("一", None),
        ("", None),
    ],
)
def test_a_day_as_it_is_written(word: str, day: date | None) -> None:
    assert day_of(word, MONDAY) == day


@pytest.mark.parametrize(
    ("word", "at"),
    [
        ("14:30", time(14, 30)),
        ("９：０５", time(9, 5)),
        ("9点", time(9)),
        ("9点半", time(9, 30)),
        ("下午3点", time(15)),
        ("上午10点15分", time(10, 15)),
        ("中午12点", time(12)),
        ("24:00", None),
        ("9:60", None),
        ("9", None),
        ("辽72", None),
    ],
)
def test_a_time_as_it_is_written(word: str, at: time | None) -> None:
    assert time_of(word) == at


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("8-24", ((8, 24), (8, 24))),
        ("明天", ((8, 20), (8, 20))),
        ("8-24..8-28", ((8, 24), (8, 28))),
        ("8-24 .. 8-28", ((8, 24), (8, 28))),
        ("8/24~8/28", ((8, 24), (8, 28))),
        ("8月24日至28日", ((8, 24), (8, 28))),
        ("24日到28日", ((8, 24), (8, 28))),
        ("周一至周五", ((8, 19), (8, 23))),
        ("周五至周一", ((8, 23), (8, 26))),
        ("2019-08-24..2019-08-28", ((8, 24), (8, 28))),
        ("2019-08-24—2019-09-02", ((8, 24), (9, 2))),
        ("8-30至9-2", ((8, 30), (9, 2))),
        ("8-28..8-24", None),
        ("8-24..8-25..8-26", None),
        ("8-24..下午", None),
        ("..", None),
        ("hello", None),
    ],
)
def test_several_days_as_they_are_written(
    text: str, days: tuple[tuple[int, int], tuple[int, int]] | None
) -> None:
    expected = None if days is None else tuple(date(2019, *day) for day in days)
    assert days_of(text, MONDAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Asked("")),
        ("辽0211", Asked("辽0211")),
        ("辽0211 明天", Asked("辽0211", date(2019, 8, 20))),
        ("明天 大连 海事", Asked("大连 海事", date(2019, 8, 20))),
        ("辽72 周六 10:00", Asked("辽72", date(2019, 8, 24), time(10))),
        ("辽72 今晚8点", Asked("辽72", date(2019, 8, 19), time(20))),
        ("明晚 ７：３０", Asked("", date(2019, 8, 20), time(19, 30))),
        ("14:30", Asked("", None, time(14, 30))),
    ],
)
def test_a_day_and_a_time_are_taken_out_of_a_question(text: str, expected: Asked) -> None:
    assert asked(text, MONDAY) == expected
