"""Where each person of a notice stands, and how courts add up."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from notifications.notice_sheet import Receipt, Sums, by_court, chase, reason, state, sums

AT = datetime(2019, 8, 19, tzinfo=UTC)
UNDER_WAY = Receipt(
    "辽72", "大连海事法院", "辽宁省", "大连市", 1, "王建国", "A", None, False, None, None, None, None, False
)  # fmt: skip
DELIVERED = replace(UNDER_WAY, shown=True, outcome="sent")
CONFIRMED = replace(DELIVERED, confirmed_at=AT, confirmed_by="王建国（A岗）")
SIGNED = replace(UNDER_WAY, confirmed_at=AT, confirmed_by="赵强（带班领导）", signed_by_other=True)
UNLINKED = replace(UNDER_WAY, unreachable="unlinked")


@pytest.mark.parametrize(
    ("receipt", "where", "why"),
    [
        (UNDER_WAY, "waiting", ""),
        (DELIVERED, "unconfirmed", ""),
        (CONFIRMED, "confirmed", ""),
        (SIGNED, "signed", ""),
        (UNLINKED, "unreached", "unlinked"),
        (replace(UNLINKED, confirmed_at=AT, signed_by_other=True), "signed", ""),
        (replace(UNDER_WAY, outcome="failed", detail="blocked: Forbidden"), "unreached", "blocked"),
        (replace(UNDER_WAY, outcome="dropped"), "unreached", "unlinked"),
        # An edit that failed later says nothing of the delivery.
        (replace(DELIVERED, outcome="failed", detail="blocked: x"), "unconfirmed", ""),
    ],
)
def test_where_a_person_stands_and_why(receipt, where, why):
    assert state(receipt) == where
    assert reason(receipt) == why


def test_sums_add_up_and_the_chase_begins_where_most_have_it_and_do_not_confirm():
    other = replace(DELIVERED, court_code="辽0211", court="甘井子区法院")
    every = [CONFIRMED, SIGNED, DELIVERED, UNLINKED, UNDER_WAY, other, replace(other, officer_id=9)]
    total = sums(every)
    assert total == Sums(7, 4, 2, 1, 3, 1, 1)
    assert total.missing == 5
    assert total.people == total.confirmed + total.unconfirmed + total.waiting + total.unreached
    lines = by_court(every)
    assert [line.code for line in lines] == ["辽0211", "辽72"]
    assert sum((line.sums for line in lines), Sums()) == total
    assert [(line.code, len(line.missing)) for line in chase(lines)] == [("辽0211", 2), ("辽72", 3)]
    assert chase(by_court([CONFIRMED, SIGNED])) == []
