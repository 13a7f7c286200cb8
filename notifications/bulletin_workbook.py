"""The workbook of a bulletin: totals and rates as formulas with their values, every figure a link to its filings."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import xlsxwriter

from notifications.bulletin_figures import Line, Sheet, States, Took
from notifications.bulletin_words import BulletinWords, minutes, percent

#: In which row (from 0) the headings stand; above them title, period, standing.
HEAD = 4
_FIRST = HEAD + 1

#: Widths (characters) of the columns.
_STATE_WIDTHS = (6, 10, 34, *[11] * 7, 10, 12, *[11] * 6)
_MEASURE_WIDTHS = (6, 10, 34, *[12] * 9, 12)

Filings = Callable[[str], str | None]


class _Book:
    """A workbook under way and its few formats."""

    def __init__(self, file: BytesIO) -> None:
        # Text is text: no name of a court is ever a formula or an address.
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(file, options)
        self.bold = self.book.add_format({"bold": True})
        self.title = self.book.add_format({"bold": True, "font_size": 16})
        self.head = self.book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E6ECF2"}
        )
        self.cell = self.book.add_format({"border": 1})
        self.link = self.book.add_format({"border": 1, "font_color": "#1F4E79", "underline": 1})
        self.share = self.book.add_format({"border": 1, "num_format": "0.00%", "align": "right"})
        self.minutes = self.book.add_format({"border": 1, "num_format": "0.0"})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})


def workbook(states: BulletinWords, measures: BulletinWords, filings: Filings) -> bytes:
    """The file's content: a page a layout.

    Args:
        states: the sheet in its layout by states.
        measures: the same sheet in its layout by measures.
        filings: gives the address of a court's filings of the period; None where there is no page.
    """
    file = BytesIO()
    book = _Book(file)
    _ = states.translate
    _write_states(book, book.book.add_worksheet(_("四种状态")), states, filings)
    _write_measures(book, book.book.add_worksheet(_("应答用时")), measures, filings)
    book.book.close()
    return file.getvalue()


def filings_address(public_url: str | None, sheet: Sheet) -> Filings:
    """Where the filings behind a line are listed; a province's or the nation's line has no such list."""

    def address(key: str) -> str | None:
        if public_url is None or sheet.province is None or not key:
            return None
        asked = {
            "court": key,
            "role": "jurisdiction",
            "since": sheet.period.first.isoformat(),
            "until": sheet.period.last.isoformat(),
            "drill": "exclude",
        }
        return f"{public_url.rstrip('/')}/filings?{urlencode(asked)}"

    return address


def _top(book: _Book, page: Any, words: BulletinWords, headings: list[str], widths: Any) -> None:
    page.write_string(0, 0, words.title(), book.title)
    page.write_string(1, 0, words.period(), book.bold)
    page.write_string(2, 0, words.standing())
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        page.write_string(HEAD, column, heading, book.head)
        page.set_column(column, column, width)
    # Characters of Chinese need more height than a usual row has, headings two lines of them.
    page.set_default_row(18)
    page.set_row(HEAD, 48)
    page.freeze_panes(_FIRST, 3)
    page.repeat_rows(HEAD)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)


def _below(book: _Book, page: Any, words: BulletinWords, row: int, columns: int) -> None:
    for place, note in enumerate([*words.corrections(), *words.notes()], row + 1):
        page.merge_range(place, 0, place, columns - 1, "", book.wrap)
        page.write_string(place, 0, note, book.wrap)
        # A merged row does not grow by itself.
        page.set_row(place, 15 * (1 + len(note) // 110))


def _lines(words: BulletinWords) -> list[Line]:
    """Every court, those without a filing too."""
    return words.sheet.ordered(words.layout)


def _name(book: _Book, page: Any, row: int, place: int, line: Line, filings: Filings) -> None:
    page.write_number(row, 0, place, book.cell)
    page.write_string(row, 1, "" if line.key == line.name else line.key, book.cell)
    if (address := filings(line.key)) is not None:
        page.write_url(row, 2, address, book.link, line.name)
    else:
        page.write_string(row, 2, line.name, book.cell)


# By states


def _write_states(book: _Book, page: Any, words: BulletinWords, filings: Filings) -> None:
    _ = words.translate
    now = [words.state(name) for name in ("in_time", "late", "overdue", "pending")]
    headings = [
        _("序号"), _("代字"), words.headings()[1], *now, _("其中系统故障"), _("总计"), _("按期率"),
        _("名次"), _("协作提交"), *(_("上期{state}", state=state) for state in now),
        _("上期按期率"), _("上期协作提交"),
    ]  # fmt: skip
    _top(book, page, words, headings, _STATE_WIDTHS)
    lines = _lines(words)
    for place, line in enumerate(lines, 1):
        row = HEAD + place
        _name(book, page, row, place, line, filings)
        _write_line(book, page, row, line, words.rank(line))
    end = HEAD + len(lines)
    row = end + 1
    page.write_string(row, 2, _("总计"), book.head)
    total = words.sheet.total
    _write_line(
        book, page, row, total, "", lambda letter: f"=SUM({letter}{_FIRST + 1}:{letter}{end + 1})"
    )
    page.autofilter(HEAD, 0, max(end, _FIRST), len(headings) - 1)
    target = words.sheet.target_percent / 100
    page.conditional_format(
        _FIRST, 9, row, 9,
        {"type": "cell", "criteria": "<", "value": target, "format": book.book.add_format({"bold": True, "bg_color": "#F2DCDB"})},
    )  # fmt: skip
    _below(book, page, words, row + 1, len(headings))


def _counts(states: States) -> tuple[int, int, int, int]:
    return states.in_time, states.late, states.overdue, states.pending


def _write_line(
    book: _Book,
    page: Any,
    row: int,
    line: Line,
    rank: str,
    summed: Callable[[str], str] | None = None,
) -> None:
    """Columns D to R; `summed` gives the formula of a column's sum instead of its number."""

    def write(letter: str, value: int) -> None:
        where = f"{letter}{row + 1}"
        if summed is None:
            page.write_number(where, value, book.cell)
        else:
            page.write_formula(where, summed(letter), book.cell, value)

    at = row + 1
    for letter, value in zip("DEFG", _counts(line.states), strict=True):
        write(letter, value)
    write("H", line.states.by_outage)
    page.write_formula(f"I{at}", f"=SUM(D{at}:G{at})", book.cell, line.states.total)
    page.write_formula(
        f"J{at}",
        f'=IF(D{at}+E{at}+F{at}-H{at}>0,D{at}/(D{at}+E{at}+F{at}-H{at}),"—")',
        book.share,
        _value(line.states),
    )
    if rank.isdigit():
        page.write_number(f"K{at}", int(rank), book.cell)
    else:
        page.write_string(f"K{at}", rank, book.cell)
    write("L", line.sent)
    for letter, value in zip("MNOP", _counts(line.before), strict=True):
        write(letter, value)
    page.write(f"Q{at}", _value(line.before), book.share)
    write("R", line.sent_before)


def _value(states: States) -> float | str:
    return "—" if states.rate is None else float(states.rate)


# By measures


def _write_measures(book: _Book, page: Any, words: BulletinWords, filings: Filings) -> None:
    _ = words.translate
    headings = [_("序号"), _("代字"), *words.headings()[1:]]
    _top(book, page, words, headings, _MEASURE_WIDTHS)
    lines = _lines(words)
    for place, line in enumerate([*lines, words.sheet.total], 1):
        row = HEAD + place
        if line is words.sheet.total:
            page.write_string(row, 2, _("总计"), book.head)
        else:
            _name(book, page, row, place, line, filings)
        page.write_number(row, 3, line.measures.working.settled, book.cell)
        _write_clock(book, page, row, 4, line.measures.working)
        _write_clock(book, page, row, 8, line.measures.wall)
        rank = words.rank(line)
        if rank.isdigit():
            page.write_number(row, 12, int(rank), book.cell)
        else:
            page.write_string(row, 12, rank, book.cell)
    page.autofilter(HEAD, 0, max(HEAD + len(lines), _FIRST), len(headings) - 1)
    _below(book, page, words, HEAD + len(lines) + 2, len(headings))


def _write_clock(book: _Book, page: Any, row: int, column: int, took: Took) -> None:
    share = percent(None) if took.share is None else float(took.share)
    page.write(row, column, share, book.share)
    for place, seconds in enumerate((took.mean, took.median, took.p90), column + 1):
        if seconds is None:
            page.write_string(row, place, minutes(None), book.cell)
        else:
            page.write_number(row, place, seconds / 60, book.minutes)
