"""What messages about edits say: names of fields, values as they are shown, faults, before and after. Decides nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from directory import officers
from directory.change_models import DirectoryChange
from directory.import_faults import Fault
from directory.texts import Translate
from notifications.day_texts import day_said
from notifications.wording import Wording

_NOTHING = "—"

#: So many characters of a value are shown; twice as many, and the card around them, fit a message.
LONGEST_VALUE = 600

#: Fields that are never without a value: empty, what holds for every court of the province does.
_WITH_DEFAULT = frozenset({"hours", "answer_target_min", "result_target_min"})


def label(field: str, translate: Translate) -> str:
    """A field's name; a post's for `posts.A`."""
    _ = translate
    names = {
        "name": _("姓名"),
        "title": _("职务"),
        "department": _("部门"),
        "desk_phone": _("办公电话"),
        "mobile": _("手机号"),
        "telegram_id": _("聊天账号"),
        "posts": _("岗位"),
        "left": _("离任"),
        "court_code": _("法院"),
        "hours": _("办公时间"),
        "phone": _("法院电话"),
        "address": _("法院地址"),
        "aliases": _("别名"),
        "answer_target_min": _("应答时限（分钟）"),
        "result_target_min": _("反馈时限（分钟）"),
        "group_chat_id": _("法院群"),
    }
    if field.startswith("posts."):
        return Wording(_).post(field.removeprefix("posts.").partition(".")[0])
    return names.get(field, field)


def shown(field: str, value: Any, translate: Translate) -> str:
    """A value as a message may show it: a mobile masked whoever reads, a post's term in words."""
    _ = translate
    if field.startswith("posts."):
        return _term(value, _)
    if value is None or value in ("", [], ()):
        return _("默认") if field in _WITH_DEFAULT else _NOTHING
    if field == "mobile":
        return officers.mask_mobile(str(value)) or _NOTHING
    if isinstance(value, list | tuple):
        return _cut("｜".join(str(part) for part in value))
    return _cut(str(value))


def _cut(text: str) -> str:
    """A value as a message has room for it, before and after: a court may have any number of names."""
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _term(value: Mapping[str, str | None] | None, translate: Translate) -> str:
    _ = translate
    if value is None:
        return _("不担任")
    first, last = (value.get(name) for name in ("valid_from", "valid_to"))
    if first is None and last is None:
        return _("担任")
    if last is None and first is not None:
        return _("自 {day}起", day=_day(first, _))
    if first is None and last is not None:
        return _("至 {day}", day=_day(last, _))
    if first == last:
        return _("仅 {day}", day=_day(str(first), _))
    return _("{first}至{last}", first=_day(str(first), _), last=_day(str(last), _))


def _day(iso: str, translate: Translate) -> str:
    return day_said(date.fromisoformat(iso), translate)


def line_of(field: str, value: Any, translate: Translate) -> str:
    """`办公电话：0411-1`."""
    _ = translate
    return _("{field}：{value}", field=label(field, _), value=shown(field, value, _))


def step(field: str, before: Any, after: Any, translate: Translate) -> str:
    """`办公电话：0411-1 → 0411-2`."""
    _ = translate
    return _(
        "{field}：{before} → {after}",
        field=label(field, _),
        before=shown(field, before, _),
        after=shown(field, after, _),
    )


def steps(change: DirectoryChange, translate: Translate) -> list[str]:
    """Everything that a change did, a line for each field and each post."""
    _ = translate
    head = {"departed": _("已办理离任"), "returned": _("已复职"), "moved": _("已调动")}
    lines = [head[change.kind]] if change.kind in head else []
    if change.kind in {"added", "departed"}:
        return lines + _outcome(change.after, _)
    for field in dict.fromkeys((*change.before, *change.after)):
        before, after = change.before.get(field), change.after.get(field)
        if field == "posts":
            was, becomes = before or {}, after or {}
            lines += [
                step(f"posts.{post}", was.get(post), becomes.get(post), translate)
                for post in dict.fromkeys((*was, *becomes))
            ]
        elif field not in {"left", "telegram_id"}:
            lines.append(step(field, before, after, translate))
    return lines


def _outcome(after: Mapping[str, Any], translate: Translate) -> list[str]:
    """What somebody new has now, or until when somebody who left held each post: before, there is nothing to compare."""
    _ = translate
    shown_fields = [
        field for field in after if field not in {"court_code", "posts", "left", "telegram_id"}
    ]
    posts = after.get("posts") or {}
    return [
        *(line_of(field, after[field], _) for field in shown_fields),
        *(line_of(f"posts.{post}", term, _) for post, term in posts.items()),
    ]


def refusal(fault: Fault, translate: Translate) -> str:
    """What is wrong with a value, and the remedy; plain text."""
    _ = translate
    what, remedy = (_(m, **fault.data) for m in (fault.reason.what, fault.reason.remedy))
    return _("{what}。{remedy}。", what=what, remedy=remedy)
