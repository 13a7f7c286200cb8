"""The shipped holidays against known dates, and the calendar of a court."""

import json
import re
from datetime import UTC, date, datetime
from importlib import resources

import pytest

from directory import calendars, worktime
from directory.calendars import SettledDay, UnknownTimezone
from directory.holiday_years import BadHolidayYear, changes, parse_year, verdict


@pytest.fixture(autouse=True)
def _only_shipped_years():
    calendars.announce(())
    yield
    calendars.announce(())


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2019-02-02", True),  # Saturday before Spring Festival
        ("2019-04-28", True),  # the changed May of 2019
        ("2019-05-02", False),
        ("2019-05-05", True),
        ("2019-10-12", True),
        ("2019-10-13", False),
        ("2020-01-31", False),  # the prolonged Spring Festival
        ("2020-02-01", False),  # first announced as a working day, then not
        ("2020-02-03", True),
        ("2022-12-31", False),
        ("2023-01-02", False),
        ("2024-02-09", True),  # the eve was no holiday in 2024
        ("2024-02-18", True),
        ("2025-01-26", True),
        ("2025-01-28", False),
        ("2025-10-08", False),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-02-28", True),
        ("2026-11-24", True),
    ],
)
def test_known_days(day, working):
    assert calendars.day_table().is_working_day(date.fromisoformat(day)) is working


@pytest.mark.parametrize(
    ("year", "working_days"),
    # As counted for each year in the press after its notice.
    [
        (2019, 250),
        (2020, 249),
        (2021, 250),
        (2022, 249),
        (2023, 249),
        (2024, 251),
        (2025, 248),
        (2026, 248),
    ],
)
def test_every_shipped_year_has_its_number_of_working_days(year, working_days):
    table = calendars.day_table()
    first = date(year, 1, 1).toordinal()
    days = (date.fromordinal(n) for n in range(first, date(year + 1, 1, 1).toordinal()))
    assert sum(table.is_working_day(day) for day in days) == working_days


def test_every_shipped_year_names_its_notice():
    years = calendars.shipped_years()
    assert list(years) == list(range(2019, 2027))
    for year in years.values():
        assert str(year.year) in year.notices[0].title
        assert all(notice.number.startswith("国办发明电〔") for notice in year.notices)


def test_a_year_without_a_file_is_estimated_and_has_weekends_alone():
    table = calendars.day_table()
    assert table.is_estimated(2027)
    assert not table.is_estimated(2026)
    assert table.is_working_day(date(2027, 10, 1))
    assert not table.is_working_day(date(2027, 10, 2))


def test_an_announced_year_counts_from_then_on():
    before = calendars.calendar_for(None, None, "Asia/Shanghai")
    calendars.announce([parse_year(year_2027())])
    after = calendars.calendar_for(None, None, "Asia/Shanghai")
    assert before.days.is_working_day(date(2027, 10, 1))
    assert not after.days.is_working_day(date(2027, 10, 1))
    assert not after.days.is_estimated(2027)
    assert not after.days.is_estimated(2019)


def test_an_announced_year_replaces_the_shipped_one_whole():
    calendars.announce([parse_year(year_2027() | {"year": 2026, "off": {}, "work": {}})])
    court = calendars.calendar_for(None, None, "Asia/Shanghai")
    assert court.days.is_working_day(date(2026, 10, 1))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"year": None}, "year"),
        ({"notices": []}, "notices"),
        ({"notices": [{"number": "x"}]}, "title"),
        ({"off": None}, "off"),
        ({"off": {"2027-02-30": "春节"}}, "2027-02-30"),
        ({"off": {"2026-10-01": "国庆节"}}, "不在 2027 年内"),
        ({"work": {"2027-10-08": "国庆节"}}, "本来就是工作日"),
        ({"work": {"2027-10-02": "国庆节"}}, "既放假又上班"),
    ],
)
def test_a_wrong_year_is_refused_with_what_is_wrong(change, fault):
    with pytest.raises(BadHolidayYear, match=r"2027\.json") as refusal:
        parse_year(year_2027() | change, "2027.json")
    assert fault in str(refusal.value.fault)


def test_a_list_is_no_year():
    with pytest.raises(BadHolidayYear):
        parse_year([], "x.json")


def test_the_files_are_written_as_they_are_read():
    for file in resources.files("directory.holidays").iterdir():
        if file.name.endswith(".json"):
            document = json.loads(file.read_text(encoding="utf-8"))
            assert file.name == f"{document['year']}.json"
            assert list(document["off"]) == sorted(document["off"])


@pytest.mark.parametrize(
    ("province", "hours", "timezone", "opens_utc"),
    [
        ("辽宁省", None, None, "2026-11-24T00:30"),
        ("新疆维吾尔自治区", None, None, "2026-11-24T02:00"),
        ("新疆生产建设兵团", None, None, "2026-11-24T02:00"),
        ("新疆维吾尔自治区", "09:30-13:30", None, "2026-11-24T01:30"),
        ("新疆维吾尔自治区", "08:30-11:30", "Asia/Urumqi", "2026-11-24T02:30"),
        (None, "", "", "2026-11-24T00:30"),
    ],
)
def test_a_court_opens_by_its_own_hours_or_its_provinces(province, hours, timezone, opens_utc):
    court = calendars.calendar_for(
        hours or calendars.default_hours(province), timezone, "Asia/Shanghai"
    )
    midnight = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    opening = worktime.next_opening(court, midnight)
    assert opening == datetime.fromisoformat(opens_utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("name", ["Asia/Dalian", "../../etc/passwd", "Asia", "北京"])
def test_an_unknown_time_zone_is_named(name):
    with pytest.raises(UnknownTimezone, match="Asia/Shanghai") as refusal:
        calendars.calendar_for(None, name, "Asia/Shanghai")
    assert refusal.value.name == name


def test_the_same_court_gets_the_same_calendar():
    first = calendars.calendar_for("08:30-11:30", None, "Asia/Shanghai")
    assert calendars.calendar_for("08:30-11:30", None, "Asia/Shanghai") is first


def year_2027():
    return {
        "year": 2027,
        "notices": [{"title": "国务院办公厅关于2027年部分节假日安排的通知", "number": ""}],
        "off": {"2027-10-01": "国庆节", "2027-10-02": "国庆节"},
        "work": {"2027-10-09": "国庆节"},
    }


def settled(day, kind, scope="辽72", number=1, **more):
    return SettledDay(number, scope, date.fromisoformat(day), kind, **more)


def hours_on(day, *said, court="辽72", province="辽宁省", hours=None):
    """The opening minutes of a local day, as the directory's text writes them."""
    calendars.announce((), said)
    found = calendars.calendar_for(
        hours, None, "Asia/Shanghai", calendars.settled_for(province, court)
    )
    zone = found.timezone
    return " ".join(
        f"{span.start.astimezone(zone):%H:%M}-{span.end.astimezone(zone):%H:%M}"
        for span in worktime.spans(found, date.fromisoformat(day))
    )


USUAL = "08:30-11:30 13:30-17:00"
MONDAY, SATURDAY, HOLIDAY, MADE_UP = "2019-08-19", "2019-08-24", "2019-10-02", "2019-10-12"


@pytest.mark.parametrize(
    ("day", "said", "expected"),
    [
        (MONDAY, (), USUAL),
        (MADE_UP, (), USUAL),
        (MONDAY, (settled(MONDAY, "off"),), ""),
        (MADE_UP, (settled(MADE_UP, "off"),), ""),
        (SATURDAY, (settled(SATURDAY, "work"),), USUAL),
        (HOLIDAY, (settled(HOLIDAY, "work"),), USUAL),
        (MONDAY, (settled(MONDAY, "hours", hours="9:00-12:00"),), "09:00-12:00"),
        (HOLIDAY, (settled(HOLIDAY, "hours", hours="9:00-12:00"),), "09:00-12:00"),
        # Another day, another court, another province.
        ("2019-08-20", (settled(MONDAY, "off"),), USUAL),
        (MONDAY, (settled(MONDAY, "off", "辽0211"),), USUAL),
        (MONDAY, (settled(MONDAY, "off", "浙江省"),), USUAL),
        # The whole province; the court's own word is narrower, whichever was said first.
        (MONDAY, (settled(MONDAY, "off", "辽宁省"),), ""),
        (MONDAY, (settled(MONDAY, "off", "辽宁省", 2), settled(MONDAY, "work", number=1)), USUAL),
        (MONDAY, (settled(MONDAY, "off", number=1), settled(MONDAY, "work", number=2)), USUAL),
        # Somebody else answers: the clocks run as on any other day.
        (MONDAY, (settled(MONDAY, "off", substitute_court="辽02"),), USUAL),
        (SATURDAY, (settled(SATURDAY, "off", substitute_officer_id=7),), ""),
        (
            MONDAY,
            (settled(MONDAY, "off", "辽宁省"), settled(MONDAY, "off", substitute_court="浙72")),
            USUAL,
        ),
    ],
)
def test_what_province_or_court_settle_for_a_day_holds(day, said, expected):
    assert hours_on(day, *said) == expected


def test_a_day_settled_open_keeps_the_hours_of_its_season():
    seasons = "05-01/09-30: 08:30-11:30 14:00-17:30; 10-01/04-30: 08:30-11:30 13:30-17:00"
    summer = hours_on("2019-08-24", settled("2019-08-24", "work"), hours=seasons)
    winter = hours_on("2019-12-07", settled("2019-12-07", "work"), hours=seasons)
    assert (summer, winter) == ("08:30-11:30 14:00-17:30", "08:30-11:30 13:30-17:00")


def test_courts_with_nothing_settled_share_one_calendar():
    calendars.announce((), [settled(MONDAY, "off")])
    others = [
        calendars.calendar_for(None, None, "Asia/Shanghai", calendars.settled_for("辽宁省", code))
        for code in ("辽02", "辽0211")
    ]
    assert others[0] is others[1]
    own = calendars.settled_for("辽宁省", "辽72")
    mine = calendars.calendar_for(None, None, "Asia/Shanghai", own)
    assert mine is not others[0]
    assert mine is calendars.calendar_for(None, None, "Asia/Shanghai", own)


@pytest.mark.parametrize(
    ("said", "closed"),
    [
        ((), None),
        ((settled(MONDAY, "work"),), None),
        ((settled(MONDAY, "off", name="停电"),), "停电"),
        ((settled(MONDAY, "off", "辽宁省", name="台风"),), "台风"),
        ((settled(MONDAY, "off", "辽宁省", 2, name="台风"), settled(MONDAY, "work")), None),
        ((settled("2019-08-20", "off"),), None),
    ],
)
def test_a_closure_is_found_for_its_day(said, closed):
    calendars.announce((), said)
    found = calendars.closure_on("辽宁省", "辽72", date.fromisoformat(MONDAY))
    assert (found and found.name) == closed


def edition(*said, start="2019-12-30T09:00", end="2019-12-30T10:00", hours=None, years=()):
    calendars.announce(years, said)
    found = calendars.calendar_for(
        hours, None, "Asia/Shanghai", calendars.settled_for("辽宁省", "辽72")
    )
    first, last = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end))
    return worktime.edition(found, first, last)


def test_an_edition_names_each_year_and_whatever_changes_the_hours():
    usual = edition()
    assert re.fullmatch(r"2019:[0-9a-f]{8}@[0-9a-f]{8}", usual)
    assert edition(settled("2019-12-31", "off", "浙江省")) == usual
    assert re.fullmatch(re.escape(usual) + r"\+[0-9a-f]{8}", edition(settled("2019-12-31", "off")))
    assert edition(hours="09:00-12:00") != usual
    assert re.fullmatch(
        r"2019:[0-9a-f]{8},2020:[0-9a-f]{8}@[0-9a-f]{8}", edition(end="2020-01-02T09:00")
    )
    assert edition(start="2027-03-01T09:00", end="2027-03-01T10:00").startswith("2027:?@")
    assert re.fullmatch(r"2019-2026:[0-9a-f]{8}@[0-9a-f]{8}", edition(end="2026-01-02T09:00"))
    announced = [parse_year(year_2027())]
    later = edition(start="2027-03-01T09:00", end="2027-03-01T10:00", years=announced)
    assert re.match(r"2027:[0-9a-f]{8}@", later)


def test_announcing_says_whether_anything_is_different():
    assert not calendars.announce(())
    assert calendars.announce((), [settled(MONDAY, "off")])
    assert not calendars.announce((), [settled(MONDAY, "off")])
    assert calendars.announce([parse_year(year_2027())])
    assert calendars.announce(())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "same"),
        ({"notices": [{"title": "另一份通知", "number": "国办发明电〔2027〕1号"}]}, "same"),
        ({"work": {}}, "no_other_source"),
        ({"work": {}, "notices": [{"title": "调整通知", "number": "国办发明电〔2027〕1号"}]}, "replaces"),
    ],
)  # fmt: skip
def test_other_days_need_another_source(change, expected):
    before, after = parse_year(year_2027()), parse_year(year_2027() | change)
    assert verdict(before, after) == expected
    assert verdict(None, after) == "new"


def test_what_differs_between_two_editions_is_said_day_by_day():
    after = parse_year(
        year_2027() | {"off": {"2027-01-01": "元旦", "2027-01-02": "元旦"}, "work": {}}
    )
    assert [(str(c.day), c.before, c.after, c.name) for c in changes(None, after)] == [
        ("2027-01-01", None, "off", "元旦"),
        ("2027-01-02", None, "off", "元旦"),
    ]
    assert all(c.after is None or c.before is None for c in changes(parse_year(year_2027()), after))
