"""The story beside the made-up season: what is told, taught, asked and published, and who does what upon it."""

from collections import Counter
from datetime import timedelta

import pytest

from bot import season_history, season_stage, season_story
from directory import worktime
from notifications import notice_check, season_script
from notifications.season import SEED
from notifications.season_story import NEW_PHONES, Story

#: What the seed gives, here and on every other machine.
DIGEST = "31fea161e78820f46ca8cc7147d25d990c25578d9cfb7183f36c3c9abe3b25a5"


@pytest.fixture(scope="module")
def story() -> Story:
    return season_story.shipped_story()


def test_one_seed_gives_one_story_and_another_another(story):
    assert story.digest == DIGEST
    assert season_story.shipped_story(SEED + 1).digest != DIGEST


def test_it_happens_in_order_between_the_first_filing_and_the_opening_of_the_demo(story):
    instants = [act.at for act in story.acts]
    assert instants == sorted(instants)
    assert season_stage.shipped_season().filings[0].at < instants[0]
    assert instants[-1] < season_history.OPENS_AT


def test_a_dozen_notices_of_the_launch_one_edited_one_recalled(story):
    launch = [told for told in season_script.NOTICES if told.at.month == 8]
    assert len(launch) + len([x for x in season_script.LESSONS if x.announced.month == 8]) >= 12
    deeds = Counter(act.deed for act in story.acts)
    assert (deeds["notice"], deeds["edit"], deeds["recall"]) == (len(season_script.NOTICES), 1, 1)


def test_nobody_reads_what_does_not_reach_them_and_nobody_twice(story):
    readers = [(act.item, act.seat) for act in story.acts if act.deed == "confirm"]
    signed = [(act.item, act.value) for act in story.acts if act.deed == "sign_for"]
    assert max(Counter([*readers, *signed]).values()) == 1
    unreached = story.unlinked | story.blocked
    assert [seat for _, seat in readers if seat in unreached] == []
    changed = next(act.at for act in story.acts if act.deed == "unlink")
    assert {act.seat for act in story.acts if act.at > changed} & set(NEW_PHONES) == set()


def test_most_confirm_in_time_some_after_the_reminder_and_some_never(story):
    plan = season_script.NOTICES[0]
    told = 3 * 128
    by = plan.at + plan.confirm_after
    confirmed = [act.at for act in story.acts if act.item == "plan" and act.deed == "confirm"]
    assert 0.85 * told < sum(at <= by for at in confirmed) < len(confirmed) < told


def test_who_came_to_no_session_is_asked_to_the_repeated_one(story):
    came = {key: _seats(story, key, "attend") for key in ("first", "second", "repeat")}
    signed_up = _seats(story, "repeat", "sign_up")
    assert signed_up
    assert signed_up & (came["first"] | came["second"]) == set()
    assert {seat.post for seat in signed_up | came["repeat"]} == {"A", "B"}


def _seats(story, key, deed):
    return {act.seat for act in story.acts if act.item == key and act.deed == deed}


def test_a_quiz_is_passed_by_most_and_taken_again_by_some(story):
    right = [one[2] for one in season_script.QUIZ]
    tries = [act for act in story.acts if act.deed == "try"]
    passed = [
        sum(said == one for said, one in zip(act.value, right, strict=True)) >= 5 for act in tries
    ]
    assert 0.8 < sum(passed) / len(passed) < 1
    assert max(Counter((act.item, act.seat) for act in tries).values()) == 2


def test_one_question_is_open_when_the_demo_begins_and_climbs_soon_after(story):
    *answered, last = season_script.QUESTIONS
    assert [one.key for one in answered if one.answer is None] == []
    assert last.answer is None
    climbs = worktime.add_working(season_stage.calendar(), last.at, 2 * 3600)
    assert timedelta(0) < climbs - season_history.OPENS_AT <= timedelta(minutes=5)


def test_there_is_a_bulletin_for_each_week_and_month_and_for_both_meetings(story):
    issues = season_script.ISSUES
    weeks = [one for one in issues if (one.last - one.first).days == 6]
    assert len(weeks) == 17
    assert sum(one.meeting for one in issues) == 2
    assert all(one.last < one.at.date() for one in issues)
    closed = [one.key for one in issues if not worktime.is_open(season_stage.calendar(), one.at)]
    assert closed == []


def test_nobodys_number_stands_in_anything_that_is_said():
    said = [told.text for told in season_script.NOTICES]
    said += [told.edited[1] for told in season_script.NOTICES if told.edited]
    said += [f"{one.text}\n{one.answer}" for one in season_script.QUESTIONS]
    said += [f"{one.reason}\n{one.decision}" for one in season_script.CONTESTS]
    assert [text for text in said if notice_check.findings(text)] == []
