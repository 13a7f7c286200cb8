"""The OpenAPI 3.1 description, made from the table of operations and the models that check and write."""

from collections.abc import Iterable, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.web.routes import OPERATIONS, Operation
from bot.web.schemas import ProblemAnswer

PATH = "/api/v1/openapi.json"

Json = dict[str, Any]

_Mode = Literal["validation", "serialization"]
_REF = "#/components/schemas/{model}"

#: Headers that a problem of this status carries.
_PROBLEM_HEADERS = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}


@cache
def describe() -> Json:
    """The whole description, made when first asked for: few processes ever are."""
    schemas, definitions = _schemas(OPERATIONS)
    paths: dict[str, Json] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
            operation, schemas
        )
    paths[PATH] = {"get": _itself()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "跨域立案值班台 Liaison",
            "version": "1",
            "description": (
                "Hand in cross-region filings, follow them, answer them, and read the directory. "
                "Times leave as UTC. Errors are application/problem+json (RFC 9457), in Chinese or "
                "English by Accept-Language."
            ),
        },
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token made by `token create`.",
                }
            },
        },
        "security": [{"token": []}],
    }


async def show(_request: web.Request) -> web.Response:
    """`GET /api/v1/openapi.json`."""
    return web.json_response(describe())


_Model = tuple[type[BaseModel], _Mode]
_Schemas = dict[_Model, Json]


def _schemas(operations: Sequence[Operation]) -> tuple[_Schemas, Json]:
    """A reference for every model of a body or an answer, and what the references mean."""
    models: dict[_Model, None] = {(ProblemAnswer, "serialization"): None}
    for operation in operations:
        if operation.body:
            models[operation.body, "validation"] = None
        for answer in operation.answers.values():
            if answer:
                models[answer, "serialization"] = None
    schemas, whole = models_json_schema(list(models), ref_template=_REF)
    return {model: schemas[model] for model in models}, whole["$defs"]


def _operation(operation: Operation, schemas: _Schemas) -> Json:
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Roles: {', '.join(sorted(operation.roles))}.",
        "responses": _responses(operation, schemas),
    }
    if parameters := [
        *_path_parameters(operation),
        *_header_parameters(operation),
        *_query_parameters(operation),
    ]:
        described["parameters"] = parameters
    if operation.body:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schemas[operation.body, "validation"]}},
        }
    return described


def _path_parameters(operation: Operation) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": description,
            "schema": {"type": "string", "minLength": 1},
        }
        for name, description in operation.path_parameters.items()
    ]


def _header_parameters(operation: Operation) -> list[Json]:
    return [
        {
            "name": name,
            "in": "header",
            "required": True,
            "description": description,
            "schema": {"type": "string"},
        }
        for name, description in operation.needed_headers.items()
    ]


def _query_parameters(operation: Operation) -> list[Json]:
    if operation.query is None:
        return []
    properties = operation.query.model_json_schema(ref_template=_REF)["properties"]
    return [
        {"name": name, "in": "query", "required": False, "schema": _present(schema)}
        for name, schema in properties.items()
    ]


def _present(schema: Json) -> Json:
    """The schema of a parameter that is given: a parameter is left out rather than null."""
    plain = {key: value for key, value in schema.items() if key not in {"anyOf", "title"}}
    if plain.get("default", ...) is None:
        del plain["default"]
    for choice in schema.get("anyOf", ()):
        if choice != {"type": "null"}:
            plain.update(choice)
    return plain


def _responses(operation: Operation, schemas: _Schemas) -> Json:
    responses: Json = {}
    for status, model in operation.answers.items():
        response: Json = {"description": HTTPStatus(status).phrase}
        if model is not None:
            response["content"] = {"application/json": {"schema": schemas[model, "serialization"]}}
        responses[str(status)] = _with_headers(response, operation.headers.get(status, ()))
    for status in operation.all_problems:
        response = {
            "description": HTTPStatus(status).phrase,
            "content": {
                "application/problem+json": {"schema": schemas[ProblemAnswer, "serialization"]}
            },
        }
        responses[str(status)] = _with_headers(response, _PROBLEM_HEADERS.get(status, ()))
    return responses


def _with_headers(response: Json, names: Iterable[str]) -> Json:
    headers = {name: {"required": True, "schema": {"type": "string"}} for name in names}
    return {**response, "headers": headers} if headers else response


def _itself() -> Json:
    return {
        "operationId": "showOpenapi",
        "summary": "This description; needs no token.",
        "security": [],
        "responses": {
            "200": {
                "description": HTTPStatus.OK.phrase,
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    }
