"""The made-up season: the measures of Liaoning's four months, and the same season from the same seed."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from bot import season_stage
from directory import worktime
from notifications.season import SEED, Season
from notifications.season_figures import plain_working_seconds

#: What the seed gives, here and on every other machine.
DIGEST = "8c94231f9d5cae8674cb59d3dd2e8202af4cc4a8acbc91b083bc4ce7eac55ad4"


@pytest.fixture(scope="module")
def season() -> Season:
    return season_stage.shipped_season()


@pytest.fixture(scope="module")
def provinces() -> dict[str, str]:
    return {court.code: court.province for court in season_stage.court_rows()}


def test_one_seed_gives_one_season(season):
    assert season.digest == season_stage.shipped_season(SEED).digest == DIGEST


def test_another_seed_gives_another(season):
    assert season_stage.shipped_season(SEED + 1).digest != season.digest


def test_the_first_filing_goes_from_ningbo_to_dalian_on_the_eighteenth(season):
    first = season.filings[0]
    assert (first.collaborating, first.jurisdiction) == ("浙72", "辽72")
    assert first.at == datetime(2019, 8, 18, 1, 30, tzinfo=UTC)


def test_there_are_2266_filings_and_165_of_them_are_with_nine_other_provinces(season, provinces):
    pairs = [(provinces[f.collaborating], provinces[f.jurisdiction]) for f in season.filings]
    across = [pair for pair in pairs if pair[0] != pair[1]]
    assert (len(pairs), len(across)) == (2266, 165)
    assert all("辽宁省" in pair for pair in pairs)
    assert len({name for pair in across for name in pair} - {"辽宁省"}) == 9


def test_all_128_courts_are_on_line_by_the_twenty_fifth(season, provinces):
    home = [day for code, day in season.joins.items() if provinces[code] == "辽宁省"]
    assert len(home) == 128
    assert min(home) == date(2019, 8, 18)
    assert max(home) <= date(2019, 8, 25)


def test_no_court_files_before_it_is_on_line(season):
    zone = season_stage.calendar().timezone
    early = [
        filing.reference
        for filing in season.filings
        for code in (filing.collaborating, filing.jurisdiction)
        if filing.at.astimezone(zone).date() < season.joins[code]
    ]
    assert early == []


def test_most_arrive_in_office_hours_and_some_do_not(season):
    calendar = season_stage.calendar()
    closed = sum(not worktime.is_open(calendar, filing.at) for filing in season.filings)
    assert 0.04 < closed / len(season.filings) < 0.2


def test_people_answer_slip_correct_and_fall_silent(season):
    posts = Counter(filing.course.answer.by for filing in season.filings)
    assert posts["A"] > 1900
    assert min(posts["B"], posts["leader"], posts["coordinator"]) > 3
    later = Counter(deed.kind for filing in season.filings for deed in filing.course.later)
    assert all(later[kind] for kind in ("correction", "supplement", "returned", "undo", "withdraw"))
    early = Counter(deed.kind for filing in season.filings for deed in filing.course.early)
    assert all(early[kind] for kind in ("hand_over", "snooze", "nudge", "withdraw"))


def test_its_beginning_is_that_of_the_whole(season):
    fortnight = season.until(date(2019, 9, 1))
    assert fortnight.filings == season.filings[: len(fortnight.filings)]
    assert 100 < len(fortnight.filings) < 300


def test_its_parts_are_the_whole_and_share_no_court_that_decides(season):
    parts = [season.part(number, 3) for number in range(3)]
    together = sorted((f for part in parts for f in part.filings), key=lambda f: f.reference)
    assert together == list(season.filings)
    courts = [{filing.jurisdiction for filing in part.filings} for part in parts]
    assert sum(len(some) for some in courts) == len(set().union(*courts))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((2019, 8, 18, 9, 30), (2019, 8, 19, 8, 45)),
        ((2019, 8, 19, 11, 20), (2019, 8, 19, 13, 40)),
        ((2019, 9, 28, 10, 0), (2019, 9, 29, 10, 0)),
        ((2019, 9, 30, 16, 59), (2019, 10, 8, 8, 31)),
        ((2019, 10, 11, 16, 0), (2019, 10, 14, 9, 0)),
        ((2019, 8, 19, 9, 30), (2019, 8, 19, 9, 30)),
    ],
)
def test_the_recount_on_paper_agrees_with_the_arithmetic_of_hours(start, end):
    calendar = season_stage.calendar()
    first, last = (datetime(*at, tzinfo=calendar.timezone) for at in (start, end))
    assert plain_working_seconds(first, last) == worktime.working_seconds(calendar, first, last)
