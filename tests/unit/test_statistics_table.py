"""Statistics as a table: rates, ranks, order, the times of answers in bands, steps of time, files without formulas."""

import io
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from notifications.bulletin_figures import Period, States
from notifications.performance import Figures, Tally
from notifications.statistics_table import (
    Band,
    bands,
    ordered,
    periods,
    rows,
    steps,
    sums,
    within_indicator,
)
from notifications.statistics_workbook import Table, csv_text, workbook


@dataclass
class Group:
    key: str
    name: str
    figures: Figures


def figures(in_time=0, late=0, overdue=0, pending=0, outage=0, median=None):
    return replace(
        Tally().figures(), filings=in_time + late + overdue + pending, answered_in_time=in_time,
        answered_late=late, waiting_overdue=overdue, waiting_in_time=pending, outage_late=outage,
        median_answer_working_seconds=median,
    )  # fmt: skip


GROUPS = [
    Group("辽01", "沈阳", figures(9, 1, median=600)),
    Group("辽02", "大连", figures(9, 1, outage=1, median=300)),
    Group("辽03", "鞍山", figures(2, median=60)),
    Group("辽04", "抚顺", figures(pending=3)),
    Group("辽05", "本溪", figures(3, 1, 1, median=900)),
]


def keys(found):
    return [row.key[-1] for row in found]


def test_what_the_desk_itself_made_late_counts_against_nobody_and_few_filings_are_not_ranked():
    found = rows(GROUPS, 5, ranks=True)
    assert [(row.rank, row.few, row.states.rate) for row in found] == [
        (2, False, Fraction(9, 10)), (1, False, Fraction(1)), (None, True, Fraction(1)),
        (None, False, None), (3, False, Fraction(3, 5)),
    ]  # fmt: skip
    assert {row.rank for row in rows(GROUPS, 5, ranks=False)} == {None}


@pytest.mark.parametrize(
    ("column", "falling", "order"),
    [("rate", True, "21534"), ("rate", False, "51234"), ("median", False, "21534"),
     ("median", True, "51234"), ("filings", True, "12543"), ("filings", False, "34512"),
     ("late", True, "12534"), ("overdue", True, "51234"), ("name", True, "54321")],
)  # fmt: skip
def test_whoever_has_too_few_or_nothing_comes_last_where_it_would_judge(column, falling, order):
    assert "".join(keys(ordered(rows(GROUPS, 5, ranks=True), column, "working", falling=falling))) == order  # fmt: skip


def test_the_times_of_answers_fall_into_bands_and_the_overdue_count_against_the_indicator():
    up_to = (4, 7, 10, 13, 15)
    assert bands(up_to) == [
        Band(0, 5, 4), Band(5, 15, 3), Band(15, 30, 3), Band(30, 60, 3), Band(60, None, 2),
    ]  # fmt: skip
    assert within_indicator(up_to, figures(10, 5, overdue=2, pending=4)) == (10, 17)


@pytest.mark.parametrize(
    ("count", "parts", "label"), [(1, 1, "09-02"), (35, 35, "09-02"), (36, 6, "09-02"), (150, 5, "2019-09")]
)  # fmt: skip
def test_time_is_shown_by_days_then_weeks_then_months(count, parts, label):
    first = date(2019, 9, 2)
    period = Period(first, first + timedelta(days=count - 1))
    day = Group("2019-09-02", "", figures(4, 1, 2, 3))
    found = sums(periods(period), [day])
    assert (len(found), found[0][1]) == (parts, States(4, 1, 2, 3))
    assert sum((states for _, states in found), States()).total == 10
    step = steps(found)[0]
    assert (step.label, step.counts, step.rate) == (label, (4, 3, 3), Fraction(4, 7))


def test_years_before_the_first_filing_are_not_drawn():
    years = Period(date(2000, 1, 1), date(2019, 10, 31))
    found = sums(periods(years), [Group("2019-09-02", "", figures(4)), Group("2019-10-02", "", figures(1))])  # fmt: skip
    assert [(part.first, states.total) for part, states in found] == [
        (date(2019, 9, 1), 4), (date(2019, 10, 1), 1),
    ]  # fmt: skip
    assert len(sums(periods(years), [])) == 238


def test_no_name_is_ever_a_formula_in_a_file():
    table = Table(
        ("", "法院", "收到", "按期率"),
        (("", "=1+1", 3, Fraction(2, 3)), ("", "@合计", 3, None)),
        "统计",
    )
    text = csv_text(table).decode("utf-8-sig").splitlines()
    assert text == ["法院,收到,按期率", "'=1+1,3,0.666", "'@合计,3,"]
    file = io.BytesIO(workbook(table, ("标题", "=日期")))
    with ZipFile(io.BytesIO(file.getvalue())) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    lines = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    assert [line[:3] for line in lines[:2]] == [["标题", "", ""], ["=日期", "", ""]]
    assert lines[3:] == [["法院", "收到", "按期率"], ["=1+1", 3, 0.666], ["@合计", 3, ""]]  # fmt: skip
