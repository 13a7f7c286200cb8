"""The workbook of freshness: the worst first, all of it last, headings that stay, texts that never count."""

import zipfile
from datetime import date
from io import BytesIO

from python_calamine import CalamineWorkbook

from bot.texts import load_texts
from directory.freshness import FreshnessRow, total
from directory.freshness_file import write

DAY = date(2019, 8, 19)

_BLANK = {
    "name": "", "officers": 4, "verified": 1, "share": 0.25, "bounced": 0, "without_b": 0,
    "unlinked_courts": 1, "open_corrections": 0, "score": 42,
}  # fmt: skip


def row(**but):
    return FreshnessRow(**_BLANK | but)


def written(rows, locale, province):
    return write(rows, load_texts().for_locale(locale), province=province, day=DAY)


def cells(content):
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_courts_stand_with_code_and_share_and_their_sum():
    rows = [row(key="辽72", name="=1+1"), row(key="辽02", name="<r>大连</r>", verified=3)]
    content = written(rows, "zh-CN", "辽宁省")
    found = cells(content)
    assert found[0][0] == "辽宁省通讯录准确度　2019-08-19"
    first, second, last = found[3:]
    assert (first[:3], second[1], first[6]) == (["辽72", "=1+1", 42.0], "<r>大连</r>", 0.25)
    assert (last[1], last[2], last[5]) == ("合计", total("", "", rows).score, 4.0)
    with zipfile.ZipFile(BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert 'ySplit="3"' in sheet
    assert "<f>" not in sheet


def test_provinces_stand_by_name_alone_in_english_too():
    found = cells(written([row(key="辽宁省", name="辽宁省", courts=9)], "en", None))
    assert found[0][0] == "Directory freshness: nation, 2019-08-19"
    assert found[2][1:3] == ["Court or province", "Score"]
    assert found[3][:4] == ["", "辽宁省", 42.0, 9.0]
    assert len(found) == 4
