"""What came of a form: courts by state and city, headings met, shares of answers. Only what was handed in counts."""

import pytest

from notifications import form_progress
from notifications.form_progress import Counts, CourtSheet
from notifications.form_rules import Question

WINDOW = Question("window", "yes_no", "有无窗口？", heading="窗口")
SHARED = Question("shared", "yes_no", "是否共用？", heading="窗口")
HOURS = Question("hours", "choice", "何时开放？", ("全天", "半天"), heading="窗口")
SCANNERS = Question("scanners", "number", "几台？", heading="设备")
SIGN = Question("sign", "yes_no", "有无标识？", heading="标识")
FREE = Question("free", "yes_no", "没有分组")
QUESTIONS = (WINDOW, SHARED, HOURS, SCANNERS, SIGN, FREE)


def sheet(state="filled", *, city="大连市", inspected=False, **answers):
    return CourtSheet("辽0211", "某法院", "辽宁省", city, state, answers, None, None, inspected)


SHEETS = [
    sheet(window=True, shared=True, hours="全天", scanners=2, sign=False),
    sheet(window=True, shared=False, hours="全天", scanners=5, sign=True, inspected=True),
    sheet(window=True, hours="半天", scanners=1),
    sheet("partly", window=False, scanners=99, inspected=True),
    sheet("blank", city="沈阳市"),
    sheet("unreached", city=None),
]


def test_courts_are_counted_by_state_and_city():
    assert form_progress.counts(SHEETS) == Counts(6, 3, 1, 1, 1, 1)
    assert [(city, sums.missing) for city, sums in form_progress.by_city(SHEETS)] == [
        ("大连市", 1), ("沈阳市", 1), ("辽宁省", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "met"),
    [
        ({}, 0),
        ({"window": True}, 0),
        ({"window": True, "shared": True}, 1),
        ({"window": True, "shared": False, "sign": True}, 1),
        ({"window": True, "shared": True, "sign": True}, 2),
        ({"free": True}, 0),
    ],
)
def test_a_heading_is_met_when_every_yes_or_no_under_it_is_yes(answers, met):
    assert form_progress.met(QUESTIONS, answers) == met


def test_headings_without_a_yes_or_no_question_are_not_judged():
    results = form_progress.heading_results(QUESTIONS, SHEETS)
    assert [(one.name, one.met, one.courts) for one in results] == [("窗口", 1, 3), ("标识", 1, 3)]


def test_answers_are_summed_of_those_handed_in():
    window, _, hours, scanners, sign, free = form_progress.summaries(QUESTIONS, SHEETS)
    assert (window.answered, window.counts, window.share("yes")) == (3, {"yes": 3, "no": 0}, 1.0)
    assert hours.counts == {"全天": 2, "半天": 1}
    assert (scanners.least, scanners.middle, scanners.most, scanners.total) == (1, 2, 5, 8)
    assert sign.share("yes") == 0.5
    assert (free.answered, free.share("yes")) == (0, None)
