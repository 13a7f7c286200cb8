"""Reads bodies and query parameters into models and says in the reader's language what is wrong with them."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.web.fields import MOST_LISTED, is_text
from bot.web.languages import translate_for
from bot.web.problems import Fault, Problem
from directory.texts import Translate

Model = TypeVar("Model", bound=BaseModel)

#: The largest body (bytes) of the API.
LARGEST_BODY = 256 * 1024

#: So many faults are named at once.
_MOST_FAULTS = 50

#: So much of a name that we do not know is repeated in an answer.
_LONGEST_NAME = 64


async def read_body(request: web.Request, model: type[Model]) -> Model:
    """The JSON body of `request` as a `model`.

    Raises:
        Problem: 413, 415, 400 for what is no JSON, 422 with every field at fault.
    """
    _ = translate_for(request)
    if request.content_type != "application/json":
        raise Problem(415, _("请用 JSON 提交，并写明 Content-Type: application/json。"))
    if (request.content_length or 0) > LARGEST_BODY:
        raise _too_large(_)
    body = await request.read()
    if len(body) > LARGEST_BODY:
        raise _too_large(_)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        details = error.errors(include_url=False)
        if details[0]["type"] == "json_invalid":
            raise Problem(400, _("请求内容不是完整的 JSON（UTF-8）。")) from None
        if not details[0]["loc"]:
            raise Problem(422, _("请求内容应为一个 JSON 对象。")) from None
        raise refused(request, faults_of(details, _)) from None


def read_query(request: web.Request, model: type[Model]) -> Model:
    """The query parameters of `request` as a `model`.

    Raises:
        Problem: 422 naming every parameter that is wrong, unknown or given twice.
    """
    _ = translate_for(request)
    values: dict[str, str] = {}
    twice: list[Fault] = []
    for name, value in request.query.items():
        if name in values and name in model.model_fields:
            twice.append(Fault(name, _("此参数只能给一次")))
        values[name] = value
    try:
        found = model.model_validate(values)
    except ValidationError as error:
        raise refused(request, [*faults_of(error.errors(include_url=False), _), *twice]) from None
    if twice:
        raise refused(request, twice)
    return found


def refuse_query(request: web.Request) -> None:
    """Refuse parameters where none are known.

    Raises:
        Problem: 422 naming them.
    """
    if request.query:
        _ = translate_for(request)
        names = dict.fromkeys(request.query)
        raise refused(request, [Fault(_shown([name]), _("没有这个参数或字段")) for name in names])


def refused(request: web.Request, faults: Iterable[Fault]) -> Problem:
    """The 422 that names `faults`."""
    _ = translate_for(request)
    listed = list(islice(faults, _MOST_FAULTS))
    names = "、".join(fault.field for fault in listed)
    return Problem(422, _("这些内容有误：{names}。请改正后重发。", names=names), faults=listed)


def faults_of(details: Iterable[Any], translate: Translate) -> list[Fault]:
    """Pydantic's findings, each with its field and a sentence."""
    return [
        Fault(_shown(detail["loc"]), _message(detail["type"], detail.get("ctx", {}), translate))
        for detail in details
    ]


def _message(kind: str, facts: Mapping[str, Any], translate: Translate) -> str:
    _ = translate
    messages = {
        "missing": _("缺少此项"),
        "extra_forbidden": _("没有这个参数或字段"),
        "string_type": _("应为文字"),
        "int_type": _("应为整数"),
        "bool_type": _("应为 true 或 false"),
        "string_too_short": _("不能为空"),
        "instant": _("应为带时区的时刻，例如 2019-08-18T09:30:00+08:00"),
        "century": _("只能查询 2000 年至 2099 年"),
        "reference": _("编号为 1–64 个字，只能用文字、数字和 -_./()（）〔〕号，不能有空格"),
        "control_characters": _("含有不能保存的控制字符"),
        "string_pattern_mismatch": _("含有不允许的字符"),
    }
    if kind == "literal_error":
        return _("只能是 {expected}", expected=str(facts["expected"]).replace(" or ", ", "))
    if kind == "string_too_long":
        return _("最多 {most} 个字", most=facts["max_length"])
    if kind in {"greater_than_equal", "less_than_equal"}:
        return _("应在 {least} 到 {most} 之间", least=1, most=MOST_LISTED)
    return messages.get(kind) or _("内容不合要求")


def _shown(path: Iterable[object]) -> str:
    """Where a fault is, fit to be repeated: names that we do not know are cut and cleaned."""
    name = ".".join(str(part) for part in path)[:_LONGEST_NAME]
    return name if is_text(name) else name.encode("ascii", "backslashreplace").decode()


def _too_large(translate: Translate) -> Problem:
    _ = translate
    return Problem(413, _("请求超过 {size} KiB。", size=LARGEST_BODY // 1024))
