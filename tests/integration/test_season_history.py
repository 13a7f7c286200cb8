"""The season that ships with the demo: in a few seconds it is behind it, and the first filing comes on top."""

import time

from sqlalchemy import func, select

from bot import season_history
from directory import demo_data, imports
from notifications.models import Filing, FilingEvent, OutgoingMessage
from tests import processes


async def test_four_months_are_behind_the_demo_within_seconds(database):
    await imports.import_demo(database, demo_data.paths(), now=season_history.OPENS_AT)
    began = time.monotonic()
    async with database.transaction() as session:
        assert await season_history.load(session, season_history.shipped()) == 2266
    assert time.monotonic() - began < 30
    async with database.reading() as session:
        states = await session.execute(select(Filing.state, func.count()).group_by(Filing.state))
        assert {row.state for row in states} == {"completed", "withdrawn"}
        last = await session.scalar(select(func.max(FilingEvent.at)))
        assert last < season_history.OPENS_AT
        nobody = Filing.acknowledged_at.is_not(None) & Filing.acknowledged_by.is_(None)
        assert await session.scalar(select(func.count()).where(nobody)) == 0
        assert await session.scalar(select(func.max(Filing.next_step_at))) is None
        assert await session.scalar(select(func.max(OutgoingMessage.not_before))) is None


async def test_the_first_filing_comes_on_top_of_the_four_months():
    done = await processes.command("demo", "--check", "--with-history")
    assert done.code == 0, done.out + done.err
    assert "2019-12-20 15:30" in done.out
    assert "2266" in done.out
    # What is beside the filings, as the demo's own tables count it.
    told = [line.partition("s  ")[2] for line in done.out.splitlines()]
    for begins in (
        "通知 17 份",
        "培训 4 场",
        "提问 10 个",
        "“六个统一”填报 128 家法院",
        "通报 23 期",
    ):
        assert [line for line in told if line.startswith(begins)], done.out
