"""The launch: forty filings at once for one court, at Telegram's real limits, and still nothing is refused."""

import pytest

from bot.sandbox import Limits
from bot.settings import Settings


@pytest.fixture
def settings(settings: Settings, telegram) -> Settings:
    """The product keeps Telegram's limits, and Telegram insists on them."""
    telegram.limits = Limits.real()
    return settings.model_copy(update={"rate_global": 29.0, "rate_group": 20, "rate_chat": 1.0})


async def test_forty_filings_reach_officer_and_group_without_a_single_refusal(
    telegram, clock, phones, groups, file_a_filing
):
    filings = [await file_a_filing() for _ in range(40)]
    await clock.advance(seconds=50)
    for filing in filings:
        assert phones["A岗"].count(filing.reference) == 1
    await clock.advance(minutes=3)
    for filing in filings:
        assert phones["A岗"].count(f"编号 {filing.reference}", groups["辽72"]) >= 1
    refused = [c for c in telegram.calls_of("sendMessage", "editMessageText") if c.outcome != "ok"]
    assert refused == []
