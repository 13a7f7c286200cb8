"""The OpenAPI description: reachable, whole, one with the routes and the rules, and true under schemathesis."""

import asyncio
import sys
from pathlib import Path
from typing import get_args

import pytest

from bot.web import openapi, schemas
from bot.web.application import build
from bot.web.routes import OPERATIONS
from notifications import results
from notifications.filings import CASE_TYPES
from tests.web_desk import FIRST_FILING, served

#: Left out: no schema can say which courts there are, so what fits the schema may still be refused.
LEFT_OUT = "positive_data_acceptance"
EXAMPLES = 12
SECONDS = 120


@pytest.fixture
async def desk(database, clock, builders):
    await builders.liaoning()
    async with served(database, clock) as web_desk:
        yield web_desk


def references(part):
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


async def test_the_description_needs_no_token(desk):
    response = await desk.get("/api/v1/openapi.json", token="")
    assert response.status == 200
    assert response.content_type == "application/json"
    body = await response.json()
    assert body["openapi"].startswith("3.1")
    assert body == openapi.describe()


def test_every_reference_leads_somewhere():
    described = openapi.describe()
    found = set(references(described))
    assert found
    for reference in found:
        name = reference.removeprefix("#/components/schemas/")
        assert name in described["components"]["schemas"]


async def test_what_is_served_under_the_api_is_described_and_the_other_way_round(desk):
    described = {
        (method.upper(), path)
        for path, methods in openapi.describe()["paths"].items()
        for method in methods
    }
    served_routes = {
        (route.method, route.resource.canonical)
        for route in build(desk.parts).router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/api/")
    }
    assert described == served_routes


def test_operations_have_names_of_their_own():
    names = [operation.name for operation in OPERATIONS]
    assert len(set(names)) == len(names)


def test_the_words_of_the_schema_are_those_of_the_rules():
    assert get_args(schemas.CaseType) == tuple(CASE_TYPES)
    assert get_args(schemas.Result) == results.RESULTS


def test_a_parameter_that_is_given_is_never_null():
    for methods in openapi.describe()["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                assert "anyOf" not in parameter["schema"], parameter["name"]
                assert "type" in parameter["schema"], parameter["name"]


def test_limits_are_described():
    limits = [
        parameter["schema"]
        for methods in openapi.describe()["paths"].values()
        for operation in methods.values()
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "limit"
    ]
    assert limits == [{"type": "integer", "minimum": 1, "maximum": 200, "default": 50}] * 4


async def test_the_example_of_the_description_is_taken(desk):
    example = openapi.describe()["components"]["schemas"]["FilingRequest"]["example"]
    assert example == FIRST_FILING
    assert (await desk.post("/api/v1/filings", example)).status == 201


async def test_the_application_keeps_what_the_description_says(desk, tmp_path):
    await desk.file()
    token = await desk.token("admin", "schemathesis")
    tool = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("schemathesis"), "run",
        f"{desk.address}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {token}",
        "--exclude-checks", LEFT_OUT,
        "--max-examples", str(EXAMPLES),
        "--seed", "20190818",
        "--no-color",
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            said, _ = await tool.communicate()
    finally:
        if tool.returncode is None:
            tool.kill()
            await tool.wait()
    text = said.decode()
    assert tool.returncode == 0, text
    assert f"Tested: {len(OPERATIONS)}" in text, text
