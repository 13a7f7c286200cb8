"""What each token may read and do over HTTP, and that a revoked one may do nothing from then on."""

import json
import logging

import pytest
import structlog
from sqlalchemy import select

from directory import tokens
from directory.change_models import Disclosure
from directory.models import Officer
from tests.web_desk import served

FILINGS = "/api/v1/filings"
ONE = f"{FILINGS}/KY-2019-000123"
READS = (
    FILINGS,
    ONE,
    "/api/v1/courts",
    "/api/v1/courts/%E8%BE%BD72",
    "/api/v1/courts/%E8%BE%BD72/on-duty",
)
ACTIONS = {
    "acknowledge": {"officer": "辽72:王建国"},
    "result": {"officer": "辽72:王建国", "result": "registered"},
    "supplement": {},
    "nudge": {},
    "withdraw": {"reason": "误报"},
    "send-on": {"jurisdiction_court": "沪02"},
    "supervise": {},
}
COLLABORATING = {"supplement", "nudge", "withdraw", "send-on"}
DECIDING = {"acknowledge", "result", "supervise"}


@pytest.fixture
async def desk(database, clock, builders):
    """The first filing, 浙72 → 辽72, and one between two courts of Shanghai."""
    people = await builders.liaoning()
    await builders.court("沪72")
    await builders.court("沪02")
    async with database.transaction() as session:
        (await session.merge(people.a)).mobile = "13812341234"
    async with served(database, clock) as web_desk:
        await web_desk.file()
        await web_desk.file(reference="SH-1", collaborating_court="沪72", jurisdiction_court="沪02")
        yield web_desk


async def references(desk, token, query=""):
    response = await desk.get(FILINGS + query, token=token)
    assert response.status == 200
    return {item["reference"] for item in (await response.json())["items"]}


# Without a valid token


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic YWRtaW46YWRtaW4=", "Bearer 令牌",
     "Bearer " + "x" * 5000],
)  # fmt: skip
async def test_without_a_valid_token_everything_is_401(desk, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    for path in READS:
        response = await desk.get(path, token="", headers=headers)
        assert response.status == 401, path
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert response.content_type == "application/problem+json"
    for action, body in ACTIONS.items():
        response = await desk.post(f"{ONE}/{action}", body, token="", headers=headers)
        assert response.status == 401, action
    assert (await desk.file(token="")).status == 401


async def test_a_revoked_token_is_worthless_from_the_next_request_on(desk, database, clock):
    token = await desk.token("admin", "短命")
    assert (await desk.get(ONE, token=token)).status == 200
    async with database.transaction() as session:
        await tokens.revoke(session, "短命", now=clock.now())
    assert (await desk.get(ONE, token=token)).status == 401


# Filing


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        ("intake", {}, 201),
        ("intake", {"court": "浙72"}, 201),
        ("intake", {"court": "辽72"}, 403),
        ("intake", {"province": "浙江省"}, 201),
        ("intake", {"province": "辽宁省"}, 403),
        ("coordinator", {"province": "浙江省"}, 201),
        ("coordinator", {"province": "辽宁省"}, 403),
        ("admin", {}, 201),
        ("reader", {}, 403),
        ("board", {}, 403),
    ],
)
async def test_a_token_files_only_as_its_own_courts(desk, role, scope, status):
    token = await desk.token(role, **scope)
    assert (await desk.file(token=token, reference="NEW-1")).status == status


async def test_a_court_nobody_knows_is_422_also_with_a_token_of_a_province(desk):
    token = await desk.token("intake", province="浙江省")
    response = await desk.file(token=token, reference="NEW-1", collaborating_court="浙99")
    assert response.status == 422


# Reading filings


@pytest.mark.parametrize(
    ("role", "scope", "seen"),
    [
        ("reader", {}, {"KY-2019-000123", "SH-1"}),
        ("intake", {}, {"KY-2019-000123", "SH-1"}),
        ("admin", {}, {"KY-2019-000123", "SH-1"}),
        ("coordinator", {}, {"KY-2019-000123", "SH-1"}),
        ("reader", {"court": "辽72"}, {"KY-2019-000123"}),
        ("reader", {"court": "浙72"}, {"KY-2019-000123"}),
        ("reader", {"court": "辽"}, set()),
        ("reader", {"province": "上海市"}, {"SH-1"}),
        ("intake", {"court": "沪72"}, {"SH-1"}),
        ("intake", {"province": "浙江省"}, {"KY-2019-000123"}),
        ("coordinator", {"province": "辽宁省"}, {"KY-2019-000123"}),
        ("admin", {"province": "上海市"}, {"SH-1"}),
    ],
)
async def test_a_token_reads_the_filings_of_its_scope_and_no_others(desk, role, scope, seen):
    token = await desk.token(role, **scope)
    assert await references(desk, token) == seen
    for reference in ("KY-2019-000123", "SH-1"):
        response = await desk.get(f"{FILINGS}/{reference}", token=token)
        assert response.status == (200 if reference in seen else 403), reference


async def test_a_filter_never_widens_the_scope(desk):
    token = await desk.token("reader", court="辽72")
    assert await references(desk, token, "?court=%E6%B2%AA72") == set()
    assert await references(desk, token, "?court=%E6%B5%9972") == {"KY-2019-000123"}
    assert await references(desk, token, "?role=collaborating") == set()
    assert await references(desk, token, "?role=jurisdiction") == {"KY-2019-000123"}


async def test_the_board_reads_only_the_board(desk):
    token = await desk.token("board")
    for path in READS:
        assert (await desk.get(path, token=token)).status == 403, path


# Acting


@pytest.mark.parametrize(
    ("role", "scope", "allowed"),
    [
        ("reader", {}, set()),
        ("board", {}, set()),
        ("intake", {"court": "浙72"}, COLLABORATING),
        ("intake", {"province": "浙江省"}, COLLABORATING),
        ("intake", {}, COLLABORATING),
        ("intake", {"court": "辽72"}, set()),
        ("intake", {"court": "沪72"}, set()),
        ("coordinator", {"province": "辽宁省"}, DECIDING),
        ("coordinator", {"province": "浙江省"}, COLLABORATING),
        ("coordinator", {"province": "上海市"}, set()),
        ("coordinator", {"court": "辽72"}, DECIDING),
        ("coordinator", {}, set(ACTIONS)),
        ("admin", {}, set(ACTIONS)),
        ("admin", {"court": "沪72"}, set()),
    ],
)
async def test_a_token_acts_only_in_its_role_for_its_courts(desk, role, scope, allowed):
    token = await desk.token(role, **scope)
    for number, (action, body) in enumerate(ACTIONS.items()):
        reference = f"ACT-{number}"
        assert (await desk.file(reference=reference)).status == 201
        if action == "supplement":
            correction = {**ACTIONS["result"], "result": "correction"}
            await desk.post(f"{FILINGS}/{reference}/result", correction)
        if action == "send-on":
            returned = {**ACTIONS["result"], "result": "returned"}
            await desk.post(f"{FILINGS}/{reference}/result", returned)
        done = 201 if action == "send-on" else 200
        response = await desk.post(f"{FILINGS}/{reference}/{action}", body, token=token)
        assert response.status == (done if action in allowed else 403), action


# Mobile numbers


@pytest.mark.parametrize(
    ("role", "scope", "mobile"),
    [
        ("reader", {}, "138****1234"),
        ("reader", {"court": "辽72"}, "138****1234"),
        ("intake", {"court": "辽72"}, "138****1234"),
        ("coordinator", {}, "138****1234"),
        ("coordinator", {"province": "浙江省"}, "138****1234"),
        ("coordinator", {"province": "辽宁省"}, "13812341234"),
        ("admin", {}, "13812341234"),
        ("admin", {"province": "浙江省"}, "138****1234"),
    ],
)
async def test_mobiles_come_in_full_only_to_their_coordinator_and_administrators(
    desk, database, role, scope, mobile
):
    token = await desk.token(role, "问号码的", **scope)
    for path in READS[3:]:
        body = await (await desk.get(path, token=token)).json()
        shown = {officer["name"]: officer["mobile"] for officer in body["officers"]}
        assert shown["王建国"] == mobile, path
        assert shown["李敏"] is None
    async with database.reading() as session:
        found = list(await session.scalars(select(Disclosure).order_by(Disclosure.id)))
        names = [(await session.get_one(Officer, row.officer_id)).name for row in found]
    recorded = [(row.viewer, row.viewer_id, row.reason, row.channel) for row in found]
    whole = "*" not in mobile
    assert recorded == ([("问号码的", None, "接口读取", "http")] * 2 if whole else [])
    assert names == (["王建国"] * 2 if whole else [])


# Logs and figures


async def test_logs_and_figures_hold_no_reference_token_or_name(desk, caplog):
    token = await desk.token("admin", "机密令牌名")
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "liaison.http")
    caplog.set_level(logging.DEBUG, "aiohttp")
    with structlog.testing.capture_logs() as lines:
        await desk.get(f"{ONE}?secret=%E7%A7%98%E5%AF%86", token=token)
        unreadable = await desk.get(f"{ONE}?secret=秘密", token=token)
        assert unreadable.status == 400
        await desk.post(f"{ONE}/acknowledge", ACTIONS["acknowledge"], token=token)
        await desk.get("/no/such/KY-2019-000123", token=token)
        metrics = await (await desk.get("/metrics", token="")).text()
    text = json.dumps(lines, ensure_ascii=False, default=str) + caplog.text + metrics
    assert "/api/v1/filings/{reference}/acknowledge" in text
    assert "http_fault" in text
    for secret in ("KY-2019", token, "秘密", "%E7", "王建国", "机密令牌名", "浙72", "辽72"):
        assert secret not in text, secret
