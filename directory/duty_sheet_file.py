"""The duty sheet as a workbook that prints on A4: one page of desks, one of who rings whom. Texts are never formulas."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from directory.duty_sheet import DutySheet, SheetCourt, SheetPerson
from directory.exports import write_text
from directory.later import xlsxwriter
from directory.texts import Translate

_A4 = 9
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(sheet: DutySheet, translate: Translate) -> bytes:
    """The content of an .xlsx file."""
    _ = translate
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        forms = {
            "title": book.add_format({"bold": True, "font_size": 16}),
            "head": book.add_format({"bold": True, "border": 1, "bg_color": "#EEEEEE"}),
            "cell": book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
            "note": book.add_format({"text_wrap": False}),
        }
        _desks(book, forms, sheet, _)
        _tree(book, forms, sheet, _)
    return out.getvalue()


def _desks(book: Any, forms: dict[str, Any], sheet: DutySheet, _: Translate) -> None:
    page = _page(book, _("值班表"), [12, 30, 24, 24, 24, 18, 14])
    title = _("{province}跨域立案值班表　{day}", province=sheet.province, day=sheet.day)
    page.write_string(0, 0, title, forms["title"])
    coordinators = said(sheet.coordinators, _) or _("无人")
    page.write_string(1, 0, _("省级协调员：{people}", people=coordinators), forms["note"])
    head = (_("代字"), _("法院"), _("A岗"), _("B岗"), _("带班领导"), _("法院电话"), _("A岗值至"))
    _rows(page, forms, 3, head, (_desk(court, _) for court in sheet.courts))


def _desk(court: SheetCourt, _: Translate) -> tuple[str, ...]:
    return (
        court.code,
        court.name,
        said(court.a, _) or _("无人"),
        said(court.b, _),
        said(court.leader, _),
        court.phone or "",
        court.until.isoformat() if court.until is not None else "",
    )


def _tree(book: Any, forms: dict[str, Any], sheet: DutySheet, _: Translate) -> None:
    page = _page(book, _("电话联络表"), [30, 20, 30, 24, 24, 24])
    page.write_string(0, 0, _("机器人停用时的电话联络表"), forms["title"])
    for number, line in enumerate(instructions(_), 1):
        page.write_string(number, 0, line, forms["note"])
    head = (_("由谁拨打"), _("其电话"), _("拨给"), _("先拨A岗"), _("再拨B岗"), _("再拨带班领导"))
    coordinator = next((p for p in sheet.coordinators if not p.away), None)
    rows = []
    for call in sheet.tree:
        if call.caller is not None:
            caller, phone = call.caller.name, call.caller.ringing
        else:
            caller = _("省级协调员 {name}", name=coordinator.name if coordinator else "—")
            phone = coordinator.phone if coordinator else None
        people = (said(some, _) for some in (call.court.a, call.court.b, call.court.leader))
        rows.append((caller, phone or "", call.court.name, *people))
    _rows(page, forms, 6, head, rows)


def instructions(translate: Translate) -> tuple[str, ...]:
    """What to do while the bot is dead, in four sentences."""
    _ = translate
    return (
        _("1. 协作法院立案后，直接拨打管辖法院A岗的办公电话，报编号和两院名称，记下签收人和时间。"),
        _("2. 5 分钟无人接听，改拨B岗；再 5 分钟，拨带班领导；30 分钟未签收，拨省级协调员。"),
        _("3. 停用和恢复由省级协调员按联络表逐级电话通知：每人拨给自己名下的法院，拨完报上一级。"),
        _("4. 恢复后把停用期间的立案用 /file 补录。"),
    )


def said(people: Iterable[SheetPerson], translate: Translate) -> str:
    """Names with desk phones: `王建国 0411-8000101、李敏（休假）`."""
    _ = translate
    parts: list[str] = []
    for person in people:
        text = f"{person.name} {person.phone}" if person.phone else person.name
        parts.append(_("{person}（休假）", person=text) if person.away else text)
    return _("、").join(parts)


def _page(book: Any, name: str, widths: Sequence[int]) -> Any:
    page = book.add_worksheet(name)
    page.set_paper(_A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_footer("&C&P / &N")
    for index, width in enumerate(widths):
        page.set_column(index, index, width)
    return page


def _rows(
    page: Any, forms: dict[str, Any], start: int, head: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    for index, heading in enumerate(head):
        page.write_string(start, index, heading, forms["head"])
    page.repeat_rows(start)
    for number, row in enumerate(rows, start + 1):
        for index, cell in enumerate(row):
            write_text(page, number, index, cell, forms["cell"])
