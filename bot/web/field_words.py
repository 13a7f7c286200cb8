"""What the directory's pages call fields and values, and what a recorded change says in words. Decides no right.

What chat calls them too is in `bot.chat.edit_words`.
"""

from collections.abc import Mapping
from typing import Any

from bot.chat.edit_words import label, shown
from directory import change_values
from directory.change_models import DirectoryChange
from directory.change_values import LEFT, POSTS
from directory.models import Court
from directory.texts import Translate

#: Numbers of chats are never shown: instead of the number, whether there is one.
_WHETHER = frozenset({"telegram_id", "group_chat_id"})


def field_name(name: str, translate: Translate, *, of_court: bool) -> str:
    """A field's name; a post's for `posts.A`."""
    _ = translate
    names = {
        "code": _("法院代字"),
        "level": _("层级"),
        "kind": _("法院类型"),
        "parent_code": _("上级代字"),
        "province": _("省份"),
        "city": _("城市"),
        "county": _("区县"),
        "division_code": _("区划代码"),
        "code_status": _("代字状态"),
        "timezone": _("时区"),
    }
    if of_court:
        names |= {"name": _("法院名称"), "aliases": _("别名和原称")}
    return names.get(name) or label(name, _)


def level_words(translate: Translate) -> Mapping[str, str]:
    """A court's level as people call it."""
    _ = translate
    return {
        "supreme": _("最高法院"),
        "high": _("高级法院"),
        "intermediate": _("中级法院"),
        "basic": _("基层法院"),
        "tribunal": _("人民法庭"),
    }


def kind_words(translate: Translate) -> Mapping[str, str]:
    """What kinds of courts there are; a directory may know others."""
    _ = translate
    return {
        "general": _("普通"),
        "railway": _("铁路运输"),
        "maritime": _("海事"),
        "intellectual_property": _("知识产权"),
        "oilfield": _("油田"),
        "forestry": _("林区"),
        "land_reclamation": _("农垦"),
        "cross_division": _("跨行政区划"),
        "province_run_counties": _("省直管县"),
        "development_zone": _("开发区"),
        "military": _("军事"),
        "internet": _("互联网"),
        "financial": _("金融"),
    }


def status_words(translate: Translate) -> Mapping[str, str]:
    """How sure a court's code is; a directory may know other words."""
    _ = translate
    return {
        "observed": _("已见于裁判文书"),
        "derived": _("按规则推定"),
        "unverified": _("待核实"),
    }


def value_said(name: str, value: Any, translate: Translate) -> str:
    """A value as a page shows it: a mobile masked whoever reads, of a chat whether it is linked."""
    _ = translate
    if name in _WHETHER:
        return _("已关联") if value is not None else _("未关联")
    words = {"level": level_words, "kind": kind_words, "code_status": status_words}.get(name)
    if words is not None:
        return words(_).get(str(value), shown(name, value, _))
    return shown(name, value, _)


def court_of_who(who: str) -> str | None:
    """The code before the name of an officer as records write one, `辽72:李敏`; None for anybody else."""
    code, colon, _name = who.partition(":")
    return code if colon else None


def who_said(who: str, known: Mapping[str, Court]) -> str:
    """An officer as records write one, with the court's name; anybody else, or of no court in `known`, as they are."""
    court = known.get(court_of_who(who) or "")
    return f"{court.name} {who.partition(':')[2]}" if court is not None else who


def kind_said(change: DirectoryChange, translate: Translate) -> str:
    """What was done, in a word."""
    _ = translate
    said = {
        "added": _("新增"),
        "changed": _("更改"),
        "departed": _("离任"),
        "returned": _("复职"),
        "moved": _("调动"),
        "erased": _("个人信息已删除"),
        "removed": _("已移除"),
    }
    return said.get(change.kind, change.kind)


def steps(change: DirectoryChange, translate: Translate) -> list[str]:
    """Everything that differs, a line for each field and post: `办公电话：0411-1 → 0411-2`."""
    _ = translate
    of_court = change.officer_id is None
    before, after = (change_values.by_field(v) for v in (change.before, change.after))
    lines = []
    for name in dict.fromkeys((*before, *after)):
        # That somebody left, or came back, is what kind of change it is.
        if name in {LEFT, POSTS}:
            continue
        field = field_name(name, _, of_court=of_court)
        value = value_said(name, after.get(name), _)
        if name not in before:
            lines.append(_("{field}：{value}", field=field, value=value))
        else:
            was = value_said(name, before[name], _)
            lines.append(_("{field}：{before} → {after}", field=field, before=was, after=value))
    return lines
