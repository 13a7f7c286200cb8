"""What the messages about a 换班 say, and their buttons. Decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from directory import swaps
from directory.duty_models import Swap
from directory.models import Court
from directory.texts import Translate
from notifications.day_texts import days_said
from notifications.told import Said, Voice, bold, joined, moment
from notifications.wording import Wording

#: The word before a swap's number in callback data.
WORD = "swap"


@dataclass(frozen=True, slots=True)
class SwapView:
    """A swap with the names that messages need."""

    swap: Swap
    court: Court
    asker: str
    colleague: str
    #: Until when its approval can be taken back.
    ends: datetime


def encode(swap: Swap, action: swaps.Action) -> str:
    """Callback data of a button of this swap."""
    return f"{WORD}:{swap.id}:{swap.nonce}:{action}"


def say(view: SwapView, role: str, translate: Translate, voice: Voice, now: datetime) -> Said:
    """The message as this reader sees it now."""
    _ = translate
    swap = view.swap
    lines = [
        bold(_("【换班】{state}", state=_state(swap, _))),
        *exchange(view, _),
        *_progress(view, _, voice, now),
    ]
    if role == "colleague" and swap.state == "asked":
        lines.append(_("👉 请选择是否同意。"))
    if role == "leader" and swap.state == "accepted":
        lines.append(_("👉 请批准或不批准。"))
    return Said(joined(lines), _buttons(view, role, _, now))


def exchange(view: SwapView, translate: Translate) -> list[str]:
    """Who stands where instead of whom."""
    _ = translate
    swap = view.swap
    post = Wording(_).post(swap.post)
    lines = [
        _(
            "{days}　{post}　{asker} → {colleague}",
            days=days_said(swap.first_day, swap.last_day, _),
            post=post,
            asker=view.asker,
            colleague=view.colleague,
        )
    ]
    if swap.back_first_day is not None and swap.back_last_day is not None:
        lines.append(
            _(
                "{days}　{post}　{asker} → {colleague}",
                days=days_said(swap.back_first_day, swap.back_last_day, _),
                post=post,
                asker=view.colleague,
                colleague=view.asker,
            )
        )
    return [view.court.name, *lines]


def assigned(
    court: Court,
    post: str,
    span: tuple[date, date],
    names: tuple[str, Sequence[str]],
    leader: str,
    translate: Translate,
) -> Said:
    """What a leader's order says to officers and group: who stands there, and instead of whom."""
    _ = translate
    chosen, displaced = names
    words = Wording(_)
    facts = {"days": days_said(*span, _), "post": words.post(post), "name": chosen}
    line = _("{days}　{post}　{name}", **facts)
    if displaced:
        line = _("{line}（原为 {names}）", line=line, names=_("、").join(displaced))
    return Said(
        joined(
            [
                bold(_("【值班安排】")),
                court.name,
                line,
                _("{who} 指定", who=words.signed(leader)),
            ]
        )
    )


def _state(swap: Swap, translate: Translate) -> str:
    _ = translate
    return {
        "asked": _("待同事同意"),
        "accepted": _("待带班领导批准"),
        "approved": _("已批准"),
        "refused": _("同事不同意"),
        "rejected": _("未获批准"),
        "withdrawn": _("申请人已撤回"),
        "cancelled": _("已取消，恢复原排班"),
        "expired": _("已过期，未生效"),
    }[swap.state]


def _progress(view: SwapView, translate: Translate, voice: Voice, now: datetime) -> list[str]:
    """What happened when, and until when somebody is waited for."""
    _ = translate
    swap = view.swap
    lines: list[str] = []
    if swap.accepted_at is not None:
        at = moment(_, swap.accepted_at, view.court, voice, now)
        lines.append(_("{who} {time} 同意", who=view.colleague, time=at))
    if swap.decided_at is not None and swap.decided_by and swap.state != "expired":
        at = moment(_, swap.decided_at, view.court, voice, now)
        who = Wording(_).signed(swap.decided_by)
        lines.append(_("{who} {time} 办理", who=who, time=at))
    if swap.expires_at is not None:
        until = moment(_, swap.expires_at, view.court, voice, now)
        lines.append(_("{time} 前未答复即失效", time=until))
    return lines


def _buttons(
    view: SwapView, role: str, translate: Translate, now: datetime
) -> list[list[dict[str, str]]]:
    _ = translate
    swap = view.swap
    offered: list[tuple[str, swaps.Action]] = []
    if role == "asker" and swap.state in swaps.OPEN:
        offered = [(_("撤回"), "withdraw")]
    elif role == "colleague" and swap.state == "asked":
        offered = [(_("同意"), "accept"), (_("不同意"), "refuse")]
    elif role == "leader" and swap.state == "accepted":
        offered = [(_("批准"), "approve"), (_("不批准"), "reject")]
    elif role == "leader" and swap.state == "approved" and now < view.ends:
        offered = [(_("取消换班"), "cancel")]
    row = [{"text": str(text), "data": encode(swap, action)} for text, action in offered]
    return [row] if row else []


def kept(reason: str, translate: Translate) -> str:
    """Why nothing happened, for the one who pressed."""
    _ = translate
    reasons = {
        "not_asker": _("只有申请人可以撤回。"),
        "not_colleague": _("只有被邀请的同事可以答复。"),
        "not_leader": _("只有本院带班领导（或省级协调员）可以批准或取消。"),
        "not_yet_accepted": _("同事尚未答复。"),
        "already_accepted": _("同事已经同意，待带班领导批准。"),
        "already_approved": _("此换班已经批准；如需取消，请联系带班领导。"),
        "not_approved": _("此换班尚未批准。"),
        "over": _("此换班已经结束。"),
        "colleague_gone": _("该同事已不能值班，不能批准。"),
    }
    return reasons.get(reason) or _("当前不能进行此操作。")


def cannot_ask(reason: str, translate: Translate, name: str) -> str:
    """Why this colleague cannot be asked, said at once."""
    _ = translate
    if reason == "nobody_approves":
        return _("目前联系不到带班领导，也没有省级协调员可以批准，请当面报告。")
    if reason == "asked_already":
        return _("这些日期已有进行中的换班申请，请先撤回。")
    if reason == "shift_over":
        return _("该班次已经结束，请重新选择。")
    if reason == "not_yours":
        return _("该班次已不由您值班，请重新选择。")
    if reason == "on_leave":
        return _("{name} 在这些日期休假，请另选同事。", name=name)
    fault = Wording(_).unreachable(reason)
    return _("{name} {fault}，无法征求意见，请另选同事。", name=name, fault=fault)


def done(action: swaps.Action, translate: Translate) -> str:
    """What was just done, for the one who pressed."""
    _ = translate
    return {
        "accept": _("已同意，待带班领导批准。"),
        "refuse": _("已答复：不同意。"),
        "approve": _("已批准，值班安排即时生效。"),
        "reject": _("已答复：不批准。"),
        "withdraw": _("已撤回。"),
        "cancel": _("已取消，恢复原排班。"),
    }[action]
