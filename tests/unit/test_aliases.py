"""Other names of courts with the days of their use."""

from datetime import date

import pytest

from directory.aliases import Alias, read


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("甘井子法院", Alias("甘井子法院")),
        (
            "辽中县人民法院（1998-01-01/2016-06-30）",
            Alias("辽中县人民法院", date(1998, 1, 1), date(2016, 6, 30)),
        ),
        (
            "辽中县人民法院 (1998/2016-02)",
            Alias("辽中县人民法院", date(1998, 1, 1), date(2016, 2, 29)),
        ),
        ("旧名（/2016）", Alias("旧名", None, date(2016, 12, 31))),
        ("新名（2016-07-01／）", Alias("新名", date(2016, 7, 1))),
        ("苏0584（2000/2012-08-17）", Alias("苏0584", date(2000, 1, 1), date(2012, 8, 17))),
        # What is no range of days belongs to the name.
        ("开发区法院（大连）", Alias("开发区法院（大连）")),
        ("旧名（/）", Alias("旧名（/）")),
        ("旧名（2016-13-01/2017）", Alias("旧名（2016-13-01/2017）")),
        ("旧名（2016-02-30/2017）", Alias("旧名（2016-02-30/2017）")),
        ("旧名（2017/2016）", Alias("旧名（2017/2016）")),
        ("旧名（0000/2016）", Alias("旧名（0000/2016）")),
        ("（1998/2016）", Alias("（1998/2016）")),
    ],
)
def test_days_of_use_stand_in_brackets(text, alias):
    assert read(text) == alias


def test_what_is_written_is_read_again():
    for alias in (
        Alias("甘"),
        Alias("甘", date(1998, 1, 1)),
        Alias("甘", None, date(2016, 6, 30)),
        Alias("甘", date(1998, 1, 1), date(2016, 6, 30)),
    ):
        assert read(str(alias)) == alias
        assert alias.former == (alias.until is not None)
