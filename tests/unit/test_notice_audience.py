"""Who may write to whom, sign for whom, and what an audience may be."""

import pytest

from notifications import notice_people
from notifications.notice_audience import (
    NARROWINGS,
    Audience,
    Signer,
    may_look_after,
    may_sign_for,
    may_write,
    ordered,
    sending_seconds,
)

LIAONING = Audience("province", "辽宁省")
CITY = Audience("city", "辽宁省", ("沈阳市",), ("沈阳市",))
COURTS = Audience("court", None, ("辽72", "浙72"), ("大连海事法院", "宁波海事法院"))
NATION = Audience("nation")


@pytest.mark.parametrize(
    ("audience", "reach", "province", "may"),
    [
        (LIAONING, "province", "辽宁省", True),
        (LIAONING, "province", "浙江省", False),
        (CITY, "province", "辽宁省", True),
        (COURTS, "province", "辽宁省", False),
        (NATION, "province", "辽宁省", False),
        (NATION, "province", None, False),
        (LIAONING, "nation", None, True),
        (COURTS, "nation", None, True),
        (LIAONING, None, "辽宁省", False),
    ],
)
def test_who_may_write_to_whom(audience, reach, province, may):
    assert may_write(audience, reach, province) is may
    assert may_look_after(audience.province, reach, province) is may


@pytest.mark.parametrize(
    ("court", "province", "posts", "reach", "may"),
    [
        ("辽72", "辽宁省", {"leader"}, None, True),
        ("辽72", "辽宁省", {"A"}, None, False),
        ("辽0211", "辽宁省", {"leader"}, None, False),
        ("辽", "辽宁省", {"coordinator"}, "province", True),
        ("浙", "浙江省", {"coordinator"}, "province", False),
        ("最高法", "北京市", {"coordinator"}, "nation", True),
    ],
)
def test_who_may_sign_for_somebody_of_the_maritime_court(court, province, posts, reach, may):
    signer = Signer(1, court, province, frozenset(posts), reach)
    assert may_sign_for(signer, "辽72", "辽宁省") is may


@pytest.mark.parametrize(
    "wrong",
    [
        {"where": "city", "province": "辽宁省"},
        {"where": "province"},
        {"where": "nation", "province": "辽宁省"},
        {"where": "province", "province": "辽宁省", "values": ("辽72",), "names": ("x",)},
        {"where": "court", "values": ("辽72",)},
        {"where": "planet"},
        {"where": "nation", "posts": ("C",)},
        {"where": "nation", "narrowing": ("left-handed", "1")},
    ],
)
def test_an_audience_that_would_reach_others_than_it_says_cannot_be(wrong):
    with pytest.raises(ValueError, match=str(wrong["where"])):
        Audience(**wrong)


@pytest.mark.parametrize("audience", [LIAONING, CITY, COURTS, NATION])
def test_an_audience_is_kept_and_read_back(audience):
    narrowed = Audience.from_json(
        audience.toggled("B").as_json() | {"narrowing": ["unconfirmed", "3"]}
    )
    assert narrowed.narrowing == ("unconfirmed", "3")
    assert narrowed.posts == ("B",)
    assert Audience.from_json(audience.as_json()) == audience


def test_posts_are_turned_on_and_off_and_all_of_them_are_everybody():
    audience = LIAONING
    for post in ("leader", "A", "technician", "B"):
        audience = audience.toggled(post)
    assert audience.posts == ("A", "B", "leader", "technician")
    assert audience.toggled("coordinator").posts == ()
    assert audience.toggled("A").posts == ("B", "leader", "technician")


def test_every_narrowing_has_its_condition():
    assert set(NARROWINGS) == set(notice_people.NARROWED)


@pytest.mark.parametrize(
    ("messages", "rate", "seconds"),
    [(0, 29, 0), (1, 29, 1), (29, 29, 1), (30, 29, 2), (12000, 29, 414), (5, 0, 0), (3, 0.5, 6)],
)
def test_how_long_it_takes_at_the_permitted_rate(messages, rate, seconds):
    assert sending_seconds(messages, rate) == seconds


def test_what_is_named_twice_counts_once():
    assert ordered(["辽72", "浙72", "辽72"]) == ("辽72", "浙72")
