"""`GET /api/v1/statistics`: what the contract says, within the token's scope, and what is refused."""

import pytest

from bot.web.statistics_api import FiguresAnswer
from tests.web_desk import served

PATH = "/api/v1/statistics"

#: As other systems know them.
CONTRACT = {"filings", "within_province", "cross_province", "withdrawn", "acknowledged", "completed",
            "answered_in_time", "answered_late", "waiting_in_time", "waiting_overdue"} | {
    f"{what}_{of}_{clock}_seconds"
    for what in ("mean", "median", "p90") for of in ("answer", "result")
    for clock in ("wall", "working")
}  # fmt: skip


@pytest.fixture
async def desk(database, clock, builders):
    await builders.liaoning()
    await builders.court("辽0211")
    async with served(database, clock) as web_desk:
        yield web_desk


async def asked(desk, query="", **options):
    response = await desk.get(f"{PATH}{query}", **options)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_figures_of_the_last_thirty_days_within_and_outside_a_tokens_scope(desk, clock):
    await desk.file(reference="KY-1")
    await desk.file(reference="KY-2", jurisdiction_court="辽0211", collaborating_court="辽72")
    await desk.file(reference="KY-3", drill=True)
    await desk.file(reference="KY-4")
    await clock.advance(minutes=10)
    given = await desk.post(
        "/api/v1/filings/KY-1/result", {"result": "registered", "officer": "辽72:王建国"}
    )
    assert given.status == 200
    await desk.post("/api/v1/filings/KY-4/withdraw", {"reason": "误报"})
    await clock.advance(minutes=25)

    told = await asked(desk)
    assert told["since"] == "2019-07-20T02:05:01Z"
    (liaoning,) = told["groups"]
    assert set(liaoning) == CONTRACT | {"key", "name", "outage_late", "quantile_error"}
    assert (liaoning["key"], liaoning["name"]) == ("辽宁省", "辽宁省")
    total = told["total"]
    assert total == {name: liaoning[name] for name in FiguresAnswer.model_fields}
    counts = {name: value for name, value in total.items() if not name.endswith("_seconds")}
    assert counts == {
        "filings": 2, "within_province": 1, "cross_province": 1, "withdrawn": 1, "acknowledged": 1,
        "completed": 1, "answered_in_time": 1, "answered_late": 0, "waiting_in_time": 0,
        "waiting_overdue": 1, "outage_late": 0, "quantile_error": 0,
    }  # fmt: skip
    assert total["median_answer_working_seconds"] == 600
    assert total["p90_result_wall_seconds"] == 0

    by_court = await asked(desk, "?by=court&role=collaborating&drills=include")
    assert {g["key"]: (g["name"], g["filings"]) for g in by_court["groups"]} == {
        "浙72": ("宁波海事法院", 2),
        "辽72": ("大连海事法院", 1),
    }
    english = {"headers": {"Accept-Language": "en"}}
    (kind,) = (await asked(desk, "?by=case_type&drills=only", **english))["groups"]
    assert (kind["key"], kind["name"]) == ("civil_first_instance", "First-instance civil")
    (day,) = (await asked(desk, "?by=day&province=%E8%BE%BD%E5%AE%81%E7%9C%81"))["groups"]
    assert (day["key"], day["filings"]) == ("2019-08-19", 2)

    zhejiang = await desk.token("reader", province="浙江省")
    assert (await asked(desk, token=zhejiang))["groups"] == []
    theirs = await asked(desk, "?role=collaborating", token=zhejiang)
    assert theirs["total"]["cross_province"] == 1
    narrow = await desk.token("intake", court="辽72")
    assert (await asked(desk, "?by=court", token=narrow))["total"]["filings"] == 1
    nothing = await asked(desk, "?court=%E8%BE%BD72&province=%E6%B5%99%E6%B1%9F%E7%9C%81")
    assert (nothing["groups"], nothing["total"]["filings"]) == ([], 0)
    for query in ("?court=%E6%B5%9972", "?province=%E6%B5%99%E6%B1%9F%E7%9C%81"):
        assert (await desk.get(PATH + query, token=narrow)).status in (200, 403)
    assert (await desk.get(f"{PATH}?court=%E8%BE%BD72", token=zhejiang)).status == 403
    assert (await desk.get(f"{PATH}?court=%E6%B5%9972", token=narrow)).status == 403
    assert (await desk.get(PATH, token=await desk.token("board"))).status == 403
    assert (await desk.get(PATH, token="")).status == 401


#: Query, the field at fault, and a part of the sentence on it.
WRONG = (
    ("since=yesterday", "since", "its offset"),
    ("until=2019-08-18", "until", "its offset"),
    ("since=2019-08-18T00:00:00Z&until=2019-08-17T00:00:00Z", "until", "earlier than since"),
    ("since=1999-01-01T00:00:00Z", "since", "2000"),
    ("role=both", "role", "'collaborating'"),
    ("by=week", "by", "'case_type'"),
    ("drills=yes", "drills", "'exclude'"),
    ("court=%E8%BE%BD99", "court", "code"),
    ("province=Liaoning", "province", "辽宁省"),
    ("page=2", "page", "no such"),
)


async def test_what_is_wrong_in_a_question_is_422_and_named(desk):
    for query, field, message in WRONG:
        response = await desk.get(f"{PATH}?{query}", headers={"Accept-Language": "en"})
        assert response.status == 422, query
        (error,) = (await response.json())["errors"]
        assert error["field"] == field
        assert message in error["message"], error
