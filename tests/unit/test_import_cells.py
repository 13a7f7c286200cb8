"""One cell of a directory file: what is read from it and what is refused."""

from datetime import date

import pytest

from directory import import_faults as why
from directory.import_cells import KINDS, MASKED, read_date, read_kind, read_mobile, read_name
from directory.import_faults import Unreadable
from tests.unit.import_words import TODAY


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-11-24", TODAY),
        ("2026/11/24", TODAY),
        ("2026年11月24日", TODAY),
        ("２０２６-１１-２４", TODAY),
        ("20261124", TODAY),
        ("2026-11-24 00:00:00", TODAY),
        ("2026/1/4", date(2026, 1, 4)),
        (TODAY, TODAY),
        (46350, TODAY),
        (46350.0, TODAY),
        ("46350", TODAY),
        ("", None),
        (None, None),
    ],
)
def test_days_are_read_as_spreadsheets_and_people_write_them(cell, day):
    assert read_date(cell, 0) == day


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "24.11.2026", "明天", "11/24", 3, True, "2026-13-1"]
)
def test_what_is_no_day(cell):
    with pytest.raises(Unreadable) as fault:
        read_date(cell, 0)
    assert fault.value.reason is why.BAD_DATE


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("13800001234", "13800001234"),
        ("+86 138 0000 1234", "13800001234"),
        ("86-138-0000-1234", "13800001234"),
        ("008613800001234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        (13800001234, "13800001234"),
        (13800001234.0, "13800001234"),
        ("138****1234", MASKED),
        ("138＊＊＊＊1234", MASKED),
        ("****", MASKED),
        ("", None),
    ],
)
def test_mobiles_are_eleven_digits_however_written(cell, number):
    assert read_mobile(cell, 0) == number


@pytest.mark.parametrize("cell", ["1380000123", "138000012345", "041112345678", "x", "138****12x4"])
def test_what_is_no_mobile(cell):
    with pytest.raises(Unreadable) as fault:
        read_mobile(cell, 0)
    assert fault.value.reason is why.BAD_MOBILE


@pytest.mark.parametrize(
    ("cell", "name"),
    [("王 伟", "王伟"), ("王\u3000伟", "王伟"), ("\u200b王伟\ufeff", "王伟"), ("Li Wei", "Li Wei"),
     ("阿不都·买买提", "阿不都·买买提"), ("𠮷田鿍", "𠮷田鿍")],
)  # fmt: skip
def test_names_are_kept_but_for_their_padding(cell, name):
    assert read_name(cell, 64) == name


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("普通", "general"),
        ("普通法院", "general"),
        ("General", "general"),
        (" ｇｅｎｅｒａｌ ", "general"),
        ("海事", "maritime"),
        ("maritime court", "maritime"),
        ("铁路运输法院", "railway"),
        ("油田", "oilfield"),
        ("oil field", "oilfield"),
        ("development-zone", "development_zone"),
        ("开发区法院", "development_zone"),
        ("知识产权法院", "intellectual_property"),
        ("", None),
        (None, None),
    ],
)
def test_kinds_of_courts_are_read_in_both_languages(cell, kind):
    assert read_kind(cell, 32) == kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_read_back_as_it_is_written(kind):
    assert read_kind(kind, 32) == kind


def test_a_kind_that_is_not_known_is_kept_as_it_is_written():
    assert read_kind("少年 法庭", 32) == "少年 法庭"


def test_a_kind_is_no_longer_than_its_column():
    with pytest.raises(Unreadable) as fault:
        read_kind("长" * 33, 32)
    assert fault.value.reason is why.TOO_LONG
