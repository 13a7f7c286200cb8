"""What a 法院代字 looks like and says of itself."""

import csv

import pytest

from directory import demo_data
from directory.court_codes import (
    PROVINCES,
    full_province,
    level_of,
    looks_like_code,
    normalise,
    province_of,
)

CODES = [
    ("最高法", "supreme", None),
    ("辽", "high", "辽宁省"),
    ("内", "high", "内蒙古自治区"),
    ("军", "high", "解放军"),
    ("黔0102", "basic", "贵州省"),
    ("兵", "high", "新疆生产建设兵团"),
    ("辽02", "intermediate", "辽宁省"),
    ("辽72", "intermediate", "辽宁省"),
    ("浙73", "intermediate", "浙江省"),
    ("辽0211", "basic", "辽宁省"),
    ("兵0101", "basic", "新疆生产建设兵团"),
    ("辽021103", "tribunal", "辽宁省"),
    ("辽０２１１", "basic", "辽宁省"),
    (" 辽 0211 ", "basic", "辽宁省"),
]


@pytest.mark.parametrize(("code", "level", "province"), CODES)
def test_a_code_says_its_level_and_province(code, level, province):
    assert looks_like_code(code)
    assert (level_of(code), province_of(code)) == (level, province)


@pytest.mark.parametrize(
    "text",
    ["", "辽宁", "大连海事法院", "0211", "辽2", "辽021", "辽02111", "辽02110301", "台01", "最高",
     "最高法01", "辽O2", "A0211", "辽-02", "贵01", "(2019)辽0211民初1号", "辽x"],
)  # fmt: skip
def test_what_is_no_code(text):
    assert not looks_like_code(text)
    assert level_of(text) is None
    assert province_of(text) is None


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("辽宁", "辽宁省"),
        ("辽宁省", "辽宁省"),
        ("北京", "北京市"),
        ("内蒙古", "内蒙古自治区"),
        ("广西", "广西壮族自治区"),
        ("新疆", "新疆维吾尔自治区"),
        ("新疆生产建设兵团", "新疆生产建设兵团"),
        ("全国", "全国"),
    ],
)
def test_a_province_is_known_by_its_short_name(text, full):
    assert full_province(text) == full


def test_normalising_twice_changes_nothing():
    for text in ("辽 ０２１１", "ＡＢ c", "\u3000辽\t72", *PROVINCES):
        assert normalise(normalise(text)) == normalise(text)


def test_the_shipped_courts_fit_their_codes():
    for path in demo_data.paths()[:2]:
        with path.open(encoding="utf-8", newline="") as file:
            for court in csv.DictReader(file):
                assert level_of(court["code"]) == court["level"], court
                assert province_of(court["code"]) in {court["province"], None}, court
