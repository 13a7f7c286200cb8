"""Events and their details in words: they are stored as machines read them and said here as people do. Reads no table."""

from collections.abc import Callable, Mapping

from directory.texts import Translate
from notifications.free_text import fit_to_show
from notifications.results import SHOWN
from notifications.wording import Wording

_RESULT_OF = {shown: result for result, shown in SHOWN.items()}

_RESULTS = frozenset({"result", "returned", "correction"})


def name(kind: str, translate: Translate) -> str:
    """What happened, in a few words: `已签收`; a kind without words stays as it is."""
    _ = translate
    names = {
        "received": _("收到立案"),
        "delivery_failed": _("未送达"),
        "acknowledged": _("已签收"),
        "handed_over": _("已转B岗"),
        "snoozed": _("选择“稍后”"),
        "nudged": _("已催办"),
        "supervised": _("已督办"),
        "correction": _("要求一次性补正"),
        "supplemented": _("已补正"),
        "result": _("反馈结果"),
        "returned": _("已退回"),
        "withdrawn": _("已撤回"),
        "refused": _("操作被拒绝"),
        "undone": _("已撤销上一步"),
        "noted": _("补充说明"),
        "sent_on": _("已转送"),
        "figure_corrected": _("通报数字已更正"),
    }
    return names.get(kind, kind)


def detail(kind: str, stored: str, translate: Translate, *, limit: int) -> str:
    """An event's detail in the reader's language, at most `limit` characters of free text; "" for none.

    Args:
        kind: the event's kind.
        stored: `李敏（B岗）；A: handed_over`, `telegram 辽72 A: blocked`, `acknowledge: stranger`, a note …
        translate: the reader's language.
        limit: free text is masked and cut to so many characters.
    """
    say = _SAY.get(kind)
    if say is not None and stored and (said := say(stored, translate)):
        return said
    if kind in _RESULTS and stored in _RESULT_OF:
        return Wording(translate).result(_RESULT_OF[stored])
    return fit_to_show(stored, limit)


def instead_of(post: str | None, reason: str | None, translate: Translate) -> str:
    """Why a page went to this person: `A岗转交`, `A岗聊天账号无法送达`; "" when nobody was passed over."""
    _ = translate
    if not reason or (not post and reason not in _OWN):
        return ""
    words = Wording(translate)
    named = words.post(post) if post else ""
    match reason:
        case "handed_over":
            return _("{post}转交", post=named)
        case "no_such_post" | "empty":
            return _("{post}今日无人", post=named)
        case "no_group":
            return _("法院群未关联")
        case "snoozed":
            return _("此前选择“稍后”")
        case _:
            return _("{post}{fault}", post=named, fault=words.unreachable(reason))


#: Reasons that need no post to be understood.
_OWN = frozenset({"no_group", "snoozed"})


def undelivered(reason: str, translate: Translate) -> str:
    """Why a message did not arrive: `聊天账号无法送达`."""
    return Wording(translate).unreachable(reason)


def _page(stored: str, translate: Translate) -> str:
    """`李敏（B岗）；A: handed_over`."""
    _ = translate
    words = Wording(translate)
    person, _semicolon, why = stored.partition("；")
    post, _colon, reason = why.partition(": ")
    told = [words.signed(person), instead_of(post, reason, translate)]
    return _("，").join(filter(None, told))


def _delivery(stored: str, translate: Translate) -> str:
    """`telegram 辽72 A: blocked`: by what, to which court and post, and why it did not arrive."""
    _ = translate
    if stored == "无人可呼叫":
        return _("无人可呼叫")
    to, _colon, reason = stored.partition(": ")
    words = Wording(translate)
    names = {
        "telegram": _("电报"),
        "apprise": _("备用渠道"),
        "fallback": "",
        "snooze": _("稍后提醒"),
    }
    told = (names[word] if word in names else words.post(word) for word in to.split())
    whom = " ".join(filter(None, told))
    if not reason:
        return whom
    return _("{whom}：{fault}", whom=whom, fault=undelivered(reason, translate))


def _refusal(stored: str, translate: Translate) -> str:
    """`acknowledge: not_jurisdiction`: what was tried, and why it was not allowed."""
    _ = translate
    action, _colon, reason = stored.partition(": ")
    reasons = {
        "stranger": _("未关联聊天账号"),
        "role": _("令牌角色无此权限"),
        "not_jurisdiction": _("不是管辖法院人员"),
        "not_collaborating": _("不是协作法院人员"),
        "technician": _("今日不在应答岗位"),
        "not_coordinator": _("不是该省协调员"),
        "practice": _("是他人的上手演练"),
    }
    tried = _done(action, translate)
    why = reasons.get(reason)
    return _("{whom}：{fault}", whom=tried, fault=why) if why else tried


def _done(action: str, translate: Translate) -> str:
    """What was done or tried, as its button is called."""
    _ = translate
    names = {
        "acknowledge": _("签收"),
        "acknowledged": _("签收"),
        "result": _("反馈结果"),
        "undo": _("撤销"),
        "hand_over": _("转B岗"),
        "snooze": _("稍后"),
        "nudge": _("催办"),
        "supplement": _("已补正"),
        "withdraw": _("撤回"),
        "send_on": _("转送"),
        "supervise": _("督办"),
    }
    return names.get(action, action)


def _noted(stored: str, translate: Translate) -> str:
    """`not_ours 浙72`: why it was returned; "" for a note in somebody's own words."""
    _ = translate
    reason, _blank, court = stored.partition(" ")
    if reason == "not_ours" and court:
        return _("不属本院管辖，建议由{court}管辖", court=court)
    return {"not_ours": _("不属本院管辖"), "other": _("其他")}.get(stored, "")


def _sent_on(stored: str, translate: Translate) -> str:
    """`辽02 KY-1-2`: to which court, under which reference."""
    _ = translate
    court, _blank, reference = stored.partition(" ")
    return _("{court}，新编号 {reference}", court=court, reference=reference)


def _corrected(stored: str, translate: Translate) -> str:
    """`in_time`: what its answer counts as."""
    _ = translate
    return {"in_time": _("计为期内审核"), "apart": _("超期单列")}.get(stored, "")


def _handed_over(stored: str, translate: Translate) -> str:
    """`李敏（B岗）`: to whom."""
    return f"→ {fit_to_show(Wording(translate).people(stored))}"


def _ways(stored: str, translate: Translate) -> str:
    """`wecombot mailtos*2`: by which ways, and how many letters."""
    words = Wording(translate)
    return translate("、").join(words.way(way) for way in stored.split())


_SAY: Mapping[str, Callable[[str, Translate], str]] = {
    "paged": _page,
    "reminded": _page,
    "escalated": _page,
    "delivered": _delivery,
    "delivery_failed": _delivery,
    "refused": _refusal,
    "fallback_sent": _ways,
    "undone": _done,
    "noted": _noted,
    "sent_on": _sent_on,
    "handed_over": _handed_over,
    "figure_corrected": _corrected,
}
