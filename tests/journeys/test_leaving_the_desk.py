"""Whoever leaves, or moves to another court, is paged no more and answers nothing that waits at the old desk."""

from datetime import date

import pytest

from directory import edits, officers
from directory.access import OPERATOR
from directory.edits import Edited, Editor
from directory.models import Court

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

CLI = Editor("cli", OPERATOR)
TODAY = date(2019, 8, 19)


async def test_a_page_under_way_goes_on_without_them(
    liaoning, phones, groups, app, clock, database, builders, file_a_filing
):
    await builders.court("辽02")
    waiting = await file_a_filing()
    a, b = phones["A岗"], phones["B岗"]
    card = a.expects(waiting.reference)
    async with database.transaction() as session:
        officer = await officers.find(session, str(liaoning.a.id))
        court = await session.get_one(Court, "辽02")
        post = {"A": {"valid_from": TODAY}}
        moved = await edits.move(
            session, officer, court, post, by=CLI, now=clock.now(), today=TODAY
        )
        assert isinstance(moved, Edited)
    # Moved: the account stays, the old desk's buttons are not theirs, and the next page is not either.
    assert "只有管辖法院的人员" in await a.presses("签收", card)
    again = await file_a_filing()
    a.expects_nothing(again.reference)
    b.expects(again.reference)
    to_the_new_court = await file_a_filing(to="辽02")
    a.expects(to_the_new_court.reference)
    # Left: neither the button of what came before, nor anything new.
    card = b.expects(again.reference)
    async with database.transaction() as session:
        officer = await officers.find(session, str(liaoning.b.id))
        await edits.depart(session, officer, by=CLI, now=clock.now(), today=TODAY)
    assert "未关联任何人员" in await b.presses("签收", card)
    third = await file_a_filing()
    b.expects_nothing(third.reference)
    phones["带班领导"].expects(third.reference)
    await clock.advance(minutes=31)
    for filing in (waiting, again, third):
        assert a.count(filing.reference) == (filing is waiting)
    b.expects_nothing(third.reference)
