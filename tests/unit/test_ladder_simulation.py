"""A table of filings of the past, replayed under ladders: who is paged, when they answer, what it comes to."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from directory.calendars import calendar_for
from notifications.escalation import OnDuty, Person
from notifications.ladder import LadderBook
from notifications.ladder_simulation import Figures, PastAnswer, PastFiling, Stretch, simulate

CALENDAR = calendar_for(None, None, "Asia/Shanghai")
PEOPLE = {
    "A": (Person(1, "王建国", "A"),),
    "B": (Person(2, "李敏", "B"),),
    "leader": (Person(3, "赵强", "leader"),),
    "coordinator": (Person(4, "周琳", "coordinator"),),
}
#: Monday 19 August 2019, 09:30 in Beijing, and the Saturday before.
MONDAY = datetime(2019, 8, 19, 1, 30, tzinfo=UTC)
SATURDAY = datetime(2019, 8, 17, 1, 30, tzinfo=UTC)

SOONER = 'answer = [{after = "0s", notify = ["A"]}, {after = "2min", notify = ["B"]}]'
ONLY_A = 'answer = [{after = "0s", notify = ["A"]}]'


def a_filing(post="A", seconds=240, at=MONDAY, **more) -> PastFiling:
    answer = PastAnswer(post, None, seconds, **more)
    return PastFiling("浙72", "辽72", at, answer)


def replayed(*filings: PastFiling, ladder: str = "", duty: OnDuty | None = None) -> Figures:
    book = LadderBook.parse(ladder)
    return simulate(
        filings,
        {("浙72", "辽72"): book.resolve("浙72", "辽72", "辽宁省")},
        {"辽72": CALENDAR},
        {"辽72": duty or OnDuty(True, PEOPLE)},
    )


@pytest.mark.parametrize(
    ("filing", "ladder", "seconds", "pages"),
    [
        # post A is paged at once and answers before the reminder
        (a_filing("A", 240), "", [240], {1: 1}),
        # the reminder at five minutes changes nothing but the number of pages
        (a_filing("A", 420), "", [420], {1: 2}),
        # post B is paged after ten minutes, and a ladder that pages B sooner is answered sooner
        (a_filing("B", 60), "", [660], {1: 2, 2: 1}),
        (a_filing("B", 60), SOONER, [180], {1: 1, 2: 1}),
        # nobody ever pages B: no answer
        (a_filing("B", 60), ONLY_A, [], {1: 1}),
        # a weekend's page reaches A at Monday's opening, and the working clock has used nothing by then
        (a_filing("A", 240, SATURDAY), "", [240], {1: 1}),
        (a_filing("A", 240, SATURDAY), 'clock = "wall"\n' + ONLY_A, [169440], {1: 1}),
        # who answered from home, from the group, does so again
        (a_filing("A", 900, SATURDAY, working=False, after_page=False), "", [0], {}),
        # an answer in the very second of a step comes before it
        (a_filing("A", 300), "", [300], {1: 1}),
    ],
)
def test_an_answer_keeps_its_delay_after_the_page_that_reached_its_author(
    filing, ladder, seconds, pages
):
    figures = replayed(filing, ladder=ladder)
    assert (figures.seconds, dict(figures.pages)) == (seconds, pages)
    assert figures.unanswered == (not seconds)


def test_the_share_counts_half_hours_among_all_that_were_not_withdrawn():
    gone = PastFiling("浙72", "辽72", MONDAY, None, withdrawn_at=MONDAY.replace(minute=33))
    never = PastFiling("浙72", "辽72", MONDAY, None)
    figures = replayed(a_filing("A", 1800), a_filing("A", 1801), gone, never)
    assert (figures.filings, figures.withdrawn, figures.unanswered) == (4, 1, 1)
    assert figures.share == Fraction(1, 3)
    assert figures.mean_seconds == 1800.5


def test_silence_calls_leader_and_coordinator_once_each():
    figures = replayed(PastFiling("浙72", "辽72", MONDAY, None))
    assert (figures.posts["leader"], figures.posts["coordinator"], figures.groups) == (1, 1, 2)
    assert figures.pages_per_officer == 5 / 4


def test_an_empty_post_is_passed_over_as_the_rules_do():
    duty = OnDuty(True, PEOPLE | {"A": ()})
    figures = replayed(a_filing("B", 120), duty=duty)
    assert figures.seconds == [120]


def test_a_slow_result_reminds_who_acknowledged_and_a_correction_climbs_anew():
    filing = a_filing("A", 60)
    slow = PastFiling(
        filing.collaborating, filing.jurisdiction, filing.received_at, filing.answer,
        stretches=(Stretch(0, 50 * 60), Stretch(3600, 61 * 60)),
    )  # fmt: skip
    figures = replayed(slow)
    # The first page, a reminder in each run of the result clock, and at the end of the second both above.
    assert dict(figures.pages) == {1: 3, 3: 1, 4: 1}


def test_nothing_replayed_is_nothing_found():
    figures = replayed()
    assert (figures.share, figures.mean_seconds, figures.pages_per_officer) == (0, 0, 0)
