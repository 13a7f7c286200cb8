"""The workbook of a bulletin: totals and rates as formulas with their values, every figure a link to its filings."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from directory.later import xlsxwriter
from notifications.bulletin_figures import Line, Period, States, Took
from notifications.bulletin_links import SENT, Links
from notifications.bulletin_words import BulletinWords, cut, minutes, percent

#: In which row (from 0) the headings stand; above them title, period, standing.
HEAD = 4
_FIRST = HEAD + 1

#: Widths (characters) of the columns.
_STATE_WIDTHS = (6, 10, 34, *[11] * 7, 10, 12, *[11] * 12)
_MEASURE_WIDTHS = (6, 10, 34, *[12] * 9, 12)

#: So many characters (one of Chinese counts twice) of a note stand in a line.
_NOTE = 150


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
        plain: dict[str, Any] = {"border": 1}
        share = {**plain, "num_format": "0.0%", "align": "right"}
        self.cell = self.book.add_format(plain)
        self.right = self.book.add_format({**plain, "align": "right"})
        self.share = self.book.add_format(share)
        # A figure that opens its filings looks like any other: a whole sheet in blue is read by nobody.
        self.minutes = self.book.add_format({**plain, "num_format": "0.0", "align": "right"})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})


def workbook(states: BulletinWords, measures: BulletinWords, links: Links | None) -> bytes:
    """The file's content: a page a layout.

    Args:
        states: the sheet in its layout by states.
        measures: the same sheet in its layout by measures.
        links: gives the address of the filings behind a figure; None where there is no page.
    """
    file = BytesIO()
    book = _Book(file)
    _ = states.translate
    _write_states(book, book.book.add_worksheet(_("四种状态")), states, links)
    _write_measures(book, book.book.add_worksheet(_("应答用时")), measures, links)
    book.book.close()
    return file.getvalue()


def _top(book: _Book, page: Any, words: BulletinWords, headings: list[str], widths: Any) -> None:
    page.write_string(0, 0, words.title(), book.title)
    page.write_string(1, 0, words.period(), book.bold)
    page.write_string(2, 0, words.standing())
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        page.write_string(HEAD, column, heading, book.head)
        page.set_column(column, column, width)
    # Characters of Chinese need more height than a usual row has, headings two lines of them.
    page.set_default_row(18)
    page.set_row(HEAD, 36)
    page.freeze_panes(_FIRST, 3)
    page.repeat_rows(HEAD)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)


def _below(book: _Book, page: Any, words: BulletinWords, row: int, columns: int) -> None:
    notes = [*words.corrections(), *words.notes(), *words.editions()]
    for place, note in enumerate(notes, row + 1):
        page.merge_range(place, 0, place, columns - 1, "", book.wrap)
        page.write_string(place, 0, note, book.wrap)
        # A merged row does not grow by itself.
        page.set_row(place, 16 * (1 + _wide(note) // _NOTE))
    page.print_area(0, 0, row + 1 + len(notes), columns - 1)


def _wide(note: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in note)


def _lines(words: BulletinWords) -> list[Line]:
    """Every court, those without a filing too."""
    return words.sheet.ordered(words.layout)


def _name(book: _Book, page: Any, row: int, place: int, line: Line) -> None:
    page.write_number(row, 0, place, book.cell)
    page.write_string(row, 1, "" if line.key == line.name else line.key, book.cell)
    page.write_string(row, 2, line.name, book.cell)


class _Lines:
    """Writes the figures of lines, each a link to its filings where there is a page."""

    def __init__(self, book: _Book, page: Any, links: Links | None, row: int, key: str) -> None:
        self._book, self._page, self._links = book, page, links
        self._row, self._key = row, key
        #: The row as formulas count it.
        self.at = row + 1

    def write(
        self, column: int, value: float | str, opens: str, period: Period, shown: Any = None
    ) -> None:
        """A number, a dash, or a share, opening what is behind it."""
        shown = shown or self._book.cell
        self._link(column, opens, period, shown)
        if isinstance(value, str):
            self._page.write_string(self._row, column, value, shown)
        else:
            self._page.write_number(self._row, column, value, shown)

    def formula(
        self,
        column: int,
        formula: str,
        value: float | str,
        opens: str,
        period: Period,
        shown: Any = None,
    ) -> None:
        """The same, reckoned by the workbook itself."""
        shown = shown or self._book.cell
        self._link(column, opens, period, shown)
        self._page.write_formula(self._row, column, formula, shown, value)

    def rank(self, column: int, rank: str) -> None:
        """A rank, or why there is none."""
        if rank.isdigit():
            self._page.write_number(self._row, column, int(rank), self._book.cell)
        else:
            self._page.write_string(self._row, column, rank, self._book.right)

    def _link(self, column: int, opens: str, period: Period, shown: Any) -> None:
        if self._links is not None:
            # The cell's text is written over; its link stays.
            self._page.write_url(
                self._row, column, self._links(self._key, opens, period), shown, "-"
            )


# By states

#: Columns (from 0) of the four states of the period; of the one before; of what was cumulated.
_NOW, _BEFORE, _CUMULATED = 3, 12, 18
_NAMES = ("in_time", "late", "overdue", "pending")


def _write_states(book: _Book, page: Any, words: BulletinWords, links: Links | None) -> None:
    _ = words.translate
    now = [words.state(name) for name in _NAMES]
    headings = [
        _("序号"), _("代字"), words.headings()[1], *now, _("其中单列"), _("总计"), _("按期率"),
        _("名次"), _("协作提交"),
        *(_("上期{state}", state=state) for state in now), _("上期按期率"), _("上期协作提交"),
        *(_("上期累计{state}", state=state) for state in now),
        _("上期累计按期率"), _("上期累计协作提交"),
    ]  # fmt: skip
    _top(book, page, words, headings, _STATE_WIDTHS)
    lines = _lines(words)
    for place, line in enumerate(lines, 1):
        row = HEAD + place
        _name(book, page, row, place, line)
        _write_line(_Lines(book, page, links, row, line.key), words, line, book.share)
    end = HEAD + len(lines)
    row = end + 1
    page.write_string(row, 2, _("总计"), book.head)
    _write_line(
        _Lines(book, page, links, row, ""),
        words,
        words.sheet.total,
        book.share,
        lambda letter: f"=SUM({letter}{_FIRST + 1}:{letter}{end + 1})",
    )
    page.autofilter(HEAD, 0, max(end, _FIRST), len(headings) - 1)
    target = words.sheet.target_percent / 100
    page.conditional_format(
        _FIRST, 9, row, 9,
        {"type": "cell", "criteria": "<", "value": target, "format": book.book.add_format({"bold": True, "bg_color": "#F2DCDB"})},
    )  # fmt: skip
    # Printed is the period itself; what it is compared with stands beside it on the screen.
    _below(book, page, words, row + 1, _BEFORE)


def _write_line(
    to: _Lines,
    words: BulletinWords,
    line: Line,
    share: Any,
    summed: Callable[[str], str] | None = None,
) -> None:
    """Columns D to X; `summed` gives the formula of a column's sum instead of its number."""
    period = words.sheet.period

    def write(column: int, value: int, opens: str, when: Period) -> None:
        if summed is None:
            to.write(column, value, opens, when)
        else:
            to.formula(column, summed(chr(ord("A") + column)), value, opens, when)

    def four(first: int, states: States, when: Period) -> None:
        for place, name in enumerate(_NAMES, first):
            write(place, getattr(states, name), name, when)

    at = to.at
    four(_NOW, line.states, period)
    write(7, line.states.by_outage, "apart", period)
    to.formula(8, f"=SUM(D{at}:G{at})", line.states.total, "total", period)
    # As `cut`, in whole numbers: a quotient of a spreadsheet's may be a hair too small.
    rate = f'=IF(D{at}+E{at}+F{at}-H{at}>0,INT(D{at}*1000/(D{at}+E{at}+F{at}-H{at}))/1000,"—")'
    to.formula(9, rate, _value(line.states), "decided", period, share)
    to.rank(10, words.rank(line))
    write(11, line.sent, SENT, period)
    for first, states, sent, when in (
        (_BEFORE, line.before, line.sent_before, period.before),
        (_CUMULATED, line.cumulated, line.sent_cumulated, period.cumulated),
    ):
        four(first, states, when)
        to.write(first + 4, _value(states), "decided", when, share)
        write(first + 5, sent, SENT, when)


def _value(states: States) -> float | str:
    return "—" if states.rate is None else float(cut(states.rate))


# By measures


def _write_measures(book: _Book, page: Any, words: BulletinWords, links: Links | None) -> None:
    _ = words.translate
    headings = [_("序号"), _("代字"), *words.headings()[1:]]
    _top(book, page, words, headings, _MEASURE_WIDTHS)
    lines = _lines(words)
    for place, line in enumerate([*lines, words.sheet.total], 1):
        row = HEAD + place
        if line is words.sheet.total:
            page.write_string(row, 2, _("总计"), book.head)
        else:
            _name(book, page, row, place, line)
        to = _Lines(book, page, links, row, line.key)
        period = words.sheet.period
        to.write(3, line.measures.working.settled, "settled_working", period)
        _write_clock(to, book, 4, line.measures.working, "within_working", period)
        _write_clock(to, book, 8, line.measures.wall, "within_wall", period)
        to.rank(12, words.rank(line))
    page.autofilter(HEAD, 0, max(HEAD + len(lines), _FIRST), len(headings) - 1)
    _below(book, page, words, HEAD + len(lines) + 2, len(headings))


def _write_clock(
    to: _Lines, book: _Book, column: int, took: Took, within: str, period: Period
) -> None:
    share = percent(None) if took.share is None else float(cut(took.share))
    to.write(column, share, within, period, book.share)
    for place, seconds in enumerate((took.mean, took.median, took.p90), column + 1):
        said = minutes(None) if seconds is None else seconds / 60
        to.write(place, said, "timed", period, book.minutes)
