"""The chase list as a message and the sheet as a workbook: short enough, and nothing in them a formula."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from bot.texts import load_texts
from notifications.messages import LONGEST
from notifications.notice_models import Notice
from notifications.notice_report import Sheet
from notifications.notice_sheet import Receipt
from notifications.notice_workbook import HEAD, workbook

AT = datetime(2019, 8, 24, 2, tzinfo=UTC)
NOTICE = Notice(id=12, text="<b>=自查</b>\n请完成", send_at=AT, written_by="周琳（省级协调员）")


def receipt(number, court, name="张伟", **more):
    values = dict.fromkeys(
        ("unreachable", "outcome", "detail", "confirmed_at", "confirmed_by"), None
    )
    values |= {"shown": True, "signed_by_other": False, "posts": "A,technician", "name": name}
    return Receipt(
        f"辽{court:04}", f"辽宁省第{court}人民法院", "辽宁省", None,
        officer_id=number, **(values | more),
    )  # fmt: skip


def sheet(receipts, locale="zh-CN"):
    translate = load_texts().for_locale(locale)
    return Sheet(NOTICE, receipts, translate, ZoneInfo("Asia/Shanghai"), AT)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_chase_list_of_a_whole_province_fits_one_message(locale):
    everybody = [
        receipt(court * 10 + n, court, unreachable="unlinked" if n > 3 else None, shown=n <= 3)
        for court in range(128)
        for n in range(8)
    ]
    text = sheet(everybody, locale).text()
    assert len(text) <= LONGEST
    assert "0/1024" in text or "0 of 1024" in text


def test_a_court_names_who_has_it_first_and_the_others_by_why():
    [line] = sheet(
        [
            receipt(1, 7, "李敏", shown=False, unreachable="unlinked"),
            receipt(2, 7, "王芳"),
            receipt(3, 7, "赵强", shown=False, unreachable="unlinked"),
            receipt(4, 7, "孙悦", confirmed_at=AT, confirmed_by="孙悦（A岗）"),
        ]
    ).lines
    said = sheet([]).court(line)
    assert said == "辽宁省第7人民法院：王芳（A岗）；李敏（A岗）、赵强（A岗）未关联聊天账号"


def test_the_workbook_has_a_page_by_court_and_one_by_person_and_no_formula():
    receipts = [
        receipt(1, 7, "=1+1", confirmed_at=AT, confirmed_by="=1+1（A岗）"),
        receipt(2, 7, "@SUM(A1)", shown=False, outcome="failed", detail="blocked: x"),
        receipt(
            3, 9, "张伟", confirmed_at=AT, confirmed_by="赵强（带班领导）", signed_by_other=True
        ),
    ]
    content = workbook(sheet(receipts))
    with ZipFile(BytesIO(content)) as book:
        pages = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert len(pages) == 2
    assert all("<f>" not in page and 'state="frozen"' in page for page in pages)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    courts = book.get_sheet_by_index(0).to_python()[HEAD:]
    assert courts[1][5:12] == [2, 1, 1, 0, 0, 0, 1]
    assert courts[-1][2:12] == ["合计", "", "", 3, 2, 2, 1, 0, 0, 1]
    people = book.get_sheet_by_index(1).to_python()[HEAD + 1 :]
    assert [row[5] for row in people] == ["=1+1", "@SUM(A1)", "张伟"]
    assert people[1][7::4] == ["未送达", "聊天账号无法送达"]
    assert people[2][7:10] == ["代签", "2019-08-24 10:00", "赵强（带班领导）"]
