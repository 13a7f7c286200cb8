"""How a bulletin reads and what its workbook holds: never rounded up, brackets, notes, corrections, formulas."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import docx
import pytest

from bot.texts import load_texts
from notifications import bulletin_picture, bulletin_trends, drawing, sheet_drawing
from notifications.bulletin_document import document
from notifications.bulletin_figures import Line, Period, Sheet, States, ranked
from notifications.bulletin_links import page_links
from notifications.bulletin_words import (
    BulletinWords,
    Correction,
    file_name,
    minutes,
    page_name,
    percent,
)
from notifications.bulletin_workbook import workbook
from tests.bulletin_plainly import Answer, measured

NOW = datetime(2019, 9, 2, 1, tzinfo=UTC)


def made(layout="states", locale="zh-CN", number=None, corrections=()):
    quick = measured([Answer(600, 540, True)] * 10)
    lines = [
        Line("辽72", "大连海事法院", States(8, 1, 1, 2), States(3), quick,
             cumulated=States(5, 5), corrected=1, sent=17, sent_before=2, sent_cumulated=6),
        Line("辽0211", "甘井子区人民法院", States(5, by_outage=0), measures=quick),
        Line("辽0102", "和平区人民法院", States(1, 1, by_outage=1)),
        Line("辽0103", "沈河区人民法院"),
    ]  # fmt: skip
    total = Line("", "辽宁省", States(14, 2, 1, 2, 1), States(3), quick, withdrawn=3,
                 cumulated=States(5, 5), corrected=1)  # fmt: skip
    period = Period(date(2019, 8, 26), date(2019, 9, 1))
    sheet = Sheet(
        "辽宁省", period, ranked(lines, 5), total, NOW, calendars=("2019:1a2b3c4d@5e6f7a8b",)
    )
    texts = load_texts().for_locale(locale)
    return BulletinWords(sheet, layout, texts, ZoneInfo("Asia/Shanghai"), number, corrections)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (None, "—"),
        (Fraction(1), "100%"),
        (Fraction(0), "0%"),
        (Fraction(9, 10), "90%"),
        (Fraction(8999, 10000), "89.9%"),
        (Fraction(9999, 10000), "99.9%"),
        (Fraction(2, 3), "66.6%"),
        (Fraction(1197, 1227), "97.5%"),
    ],
)
def test_a_share_is_never_rounded_up(share, said):
    assert percent(share) == said


def test_rows_come_by_rank_with_what_was_cumulated_before_in_brackets():
    words = made()
    rows = [[(cell.text, cell.before) for cell in row.cells] for row in words.rows()]
    assert [[text for text, _before in row] for row in rows] == [
        ["1", "甘井子区人民法院", "5", "0", "0", "0", "5", "100%", "1", "0"],
        ["2", "大连海事法院", "8", "1", "1", "2", "12", "80%", "2", "17"],
        # Late by an outage: no settled sample, and the one answered in time is too few.
        ["3", "和平区人民法院", "1", "1", "0", "0", "2", "100%", "样本不足", "0"],
    ]
    assert [before for _text, before in rows[1]] == [
        "", "", "5", "5", "0", "0", "10", "50%＊", "", "6",
    ]  # fmt: skip
    assert [row.reached for row in words.rows()] == [True, False, True]
    assert [cell.text for cell in words.total().cells][1:8] == [
        "总计",
        "14",
        "2",
        "1",
        "2",
        "19",
        "87.5%",
    ]
    assert [line.key for line in words.silent()] == ["辽0103"]


def test_the_notes_say_what_is_left_out():
    notes = "\n".join(made().notes())
    for said in ("上期累计（2019-01-01—2019-08-25）", "撤回（3 件）", "非法院原因的超期 1 件", "不足 5 件",
                 "带＊的为更正后",
                 "和平区人民法院 1", "另有 1 个"):  # fmt: skip
        assert said in notes
    # With which calendars it was counted asks only who reckons it over again.
    assert "2019:1a2b3c4d" not in notes


def test_the_layout_by_measures_has_both_clocks():
    row = next(row for row in made("measures").rows() if row.line.key == "辽72")
    assert [cell.text for cell in row.cells][2:] == [
        "10", "100%", "9.0", "9.0", "9.0", "100%", "10.0", "10.0", "10.0", "1",
    ]  # fmt: skip
    assert len(made("measures").headings()) == len(row.cells)
    assert minutes(None) == "—"


def test_corrections_stand_beside_the_frozen_figures():
    one = Correction(
        "辽72", "KY-1", "late", "in_time", "已电话签收", "属实", "赵主任（省级协调员）", NOW
    )
    two = replace(one, reference="KY-2", counted_as="overdue")
    three = replace(one, key="辽0102", reference="KY-3", counts_as="apart", reason="")
    words = made(number="辽跨域通报〔2019〕第3期", corrections=(one, two, three))
    said = words.corrections()
    assert said[0].startswith(
        "更正　大连海事法院：超期审核 1 → 0，期内审核 8 → 9，按期率 80% → 90%。编号 KY-1：已电话签收；属实（赵主任"
    )
    assert "超期待审核 1 → 0，期内审核 9 → 10，按期率 90% → 100%" in said[1]
    row = next(row for row in words.rows() if row.line.key == "辽72")
    assert row.corrected
    # What was published, and what it is since.
    assert [(cell.text, cell.now) for cell in row.cells[2:8]] == [
        ("8", "10"), ("1", "0"), ("1", "0"), ("2", ""), ("12", ""), ("80%", "100%"),
    ]  # fmt: skip
    assert "超期审核 1 件改为单列" in said[2]
    assert "（理由已过保存期限）" in said[2]


def test_what_it_is_called():
    words = made(number="辽跨域通报〔2019〕第3期")
    assert words.title() == "辽宁省跨域立案通报"
    assert words.period() == "周报　2019-08-26—2019-09-01"
    assert words.standing() == "辽跨域通报〔2019〕第3期　数据截至 2019-09-02 09:00"
    assert "尚未发布" in made().standing()
    assert file_name(words.sheet, None, "xlsx") == "TB-20190826-20190901.xlsx"
    assert file_name(words.sheet, "辽跨域通报〔2019〕第3期", "png") == "辽跨域通报〔2019〕第3期.png"


def test_the_workbook_counts_by_formulas_and_leads_to_the_filings():
    words = made()
    links = page_links("https://desk.example/", words.sheet)
    content = workbook(words, made("measures"), links)
    with ZipFile(BytesIO(content)) as file:
        page = file.read("xl/worksheets/sheet1.xml").decode()
        leads = file.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
        assert "2019:1a2b3c4d@5e6f7a8b" in file.read("xl/sharedStrings.xml").decode()
    assert "<f>SUM(D7:G7)</f><v>12</v>" in page
    assert "<v>0.8</v>" in page
    # A rate is cut there as in every text: 14 of 16 are 87.5 %, and 0.97555 would be no 97.6 %.
    assert "INT(D10*1000/(D10+E10+F10-H10))/1000" in page
    assert "<f>SUM(E6:E9)</f><v>2</v>" in page
    asked = "figure=late&amp;role=jurisdiction&amp;since=2019-08-26&amp;until=2019-09-01&amp;as_of=2019-09-02T01%3A00%3A00Z"
    place = "&amp;province=%E8%BE%BD%E5%AE%81%E7%9C%81"
    assert f"https://desk.example/filings?{asked}{place}&amp;court=%E8%BE%BD72" in leads
    # The total opens all of it; what was cumulated its own days.
    assert f'"https://desk.example/filings?{asked}{place}"' in leads
    assert "since=2019-01-01&amp;until=2019-08-25" in leads
    assert workbook(words, made("measures"), None).startswith(b"PK")


def test_the_picture_shows_names_figures_and_what_falls_short_without_colour():
    one = Correction(
        "辽72", "KY-1", "late", "in_time", "已电话签收", "属实", "赵主任（省级协调员）", NOW
    )
    drawn = bulletin_picture.svg(made(number="辽跨域通报〔2019〕第3期", corrections=(one,)))
    assert "大连海事法院＊" in drawn
    for said in ("▼80%", "→90% (50%＊)", "▼87.5%", "12", "(10)"):
        assert f">{said}<" in drawn
    assert drawn.count("url(#short)") == 2  # the court and the whole, 87.5 %
    assert "更正" in drawn
    # Nothing late now and before: the cell stays empty.
    assert ">0<" not in drawn


def test_the_picture_is_a_png_as_wide_as_a_phone_needs():
    [content] = bulletin_picture.pngs(made("measures", "en"))
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(content[16:20], "big") == bulletin_picture.WIDTH >= 1080


def test_without_a_chinese_font_there_is_a_sentence_and_no_picture(monkeypatch):
    monkeypatch.setattr(drawing, "_FOLDERS", ())
    drawing.chinese_font.cache_clear()
    sheet_drawing._font.cache_clear()
    sheet_drawing._png.cache_clear()
    try:
        with pytest.raises(drawing.NoChineseFont, match="fonts-noto-cjk"):
            bulletin_picture.pngs(made())
    finally:
        drawing.chinese_font.cache_clear()


def test_a_long_bulletin_is_several_pictures_and_every_line_is_on_one(monkeypatch):
    sheet = made().sheet
    lines = tuple(Line(f"辽{n:04}", f"第{n}人民法院", States(n)) for n in range(1, 70))
    texts = load_texts().for_locale("zh-CN")
    words = BulletinWords(
        replace(sheet, lines=lines), "states", texts, ZoneInfo("Asia/Shanghai"), "辽跨域通报〔2019〕第3期"
    )  # fmt: skip
    drawn = [bulletin_picture.svg(words, page=page) for page in range(words.sheet.pictures)]
    assert len(drawn) == 3
    assert [page.count("人民法院<") for page in drawn] == [23, 23, 23]
    for said, pages in (
        ("1/3", 0),
        ("3/3", 2),
        ("收到 19 件", 0),
        ("总计<", None),
        ("空白为 0", 2),
    ):
        assert [said in page for page in drawn] == [pages in (place, None) for place in range(3)]
    assert "总计<" in drawn[2]
    assert page_name("a.png", 1, 3) == "a-2.png"
    assert page_name("a.png", 0, 1) == "a.png"


def test_what_cannot_be_drawn_is_a_sentence_too():
    with pytest.raises(drawing.NotDrawn):
        drawing.png(lambda _family: "no svg")


@pytest.mark.parametrize(
    ("said", "room", "lines"),
    [
        ("按期率，目标", 8, ["按期率，", "目标"]),
        ("mean and median", 9, ["mean and", "median"]),
        ("编号 KY-2019-000123 属实", 10, ["编号", "KY-2019-000123", "属实"]),
        ("", 10, []),
    ],
)
def test_lines_are_broken_between_characters_and_words(said, room, lines):
    assert bulletin_picture.wrapped(said, room) == lines


def test_a_long_name_loses_its_middle_and_keeps_its_ends():
    name = "新疆生产建设兵团第十三师中级人民法院某某派出法庭"
    short = bulletin_picture.shortened(name, 32)
    assert short.startswith("新疆生产")
    assert short.endswith("派出法庭")
    assert "…" in short
    assert len(short) <= 16
    assert bulletin_picture.shortened("大连海事法院", 32) == "大连海事法院"


@pytest.mark.parametrize(
    ("layout", "figure"), [("states", "12\u00a0(10)"), ("measures", "10\u00a0(0)")]
)
def test_the_word_document_holds_the_table_with_its_headings_on_every_page(layout, figure):
    words = made(layout, number="辽跨域通报〔2019〕第3期")
    read = docx.Document(BytesIO(document(words)))
    [table] = read.tables
    assert [cell.text for cell in table.rows[0].cells] == list(words.headings())
    assert figure in [cell.text for row in table.rows for cell in row.cells]
    assert table.rows[-1].cells[1].text == "总计"
    assert "tblHeader" in table.rows[0]._tr.xml
    assert read.paragraphs[0].text == "辽宁省跨域立案通报"
    assert read.core_properties.author == "Liaison"


def test_a_trend_shows_rates_and_what_falls_short_without_colour():
    words = made()
    line = words.sheet.lines[0]
    trend = [
        (Period(date(2019, 8, 5), date(2019, 8, 11)), States(1, 1)),
        (Period(date(2019, 8, 12), date(2019, 8, 18)), States()),
        (Period(date(2019, 8, 19), date(2019, 8, 25)), States(3)),
    ]
    drawn = bulletin_trends.svg(words, "后三名趋势", [(line, trend)])
    assert "第 2 名　大连海事法院　按期率 80%" in drawn
    assert "50%" in drawn
    assert drawn.count('r="5" fill="#fff"') == 1
    # A week without a filing has no rate, and the line goes on behind it.
    assert drawn.count("<circle") == 2
    assert "0 件" in drawn
