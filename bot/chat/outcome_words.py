"""What an outcome of a filing's action is called: one plain sentence for the person who acted."""

from datetime import datetime
from zoneinfo import ZoneInfo

from directory.texts import Translate
from notifications.messages import Signature, local_time
from notifications.outcomes import Already, Done, NotNow, Outcome, Refused
from notifications.permissions import Action
from notifications.wording import Wording


def sentence(
    outcome: Outcome, action: Action | str, translate: Translate, zone: ZoneInfo, now: datetime
) -> str:
    """What came of `action`, in plain text.

    Args:
        outcome: what the use case returned.
        action: the action, or `note`.
        translate: the actor's language.
        zone: the jurisdiction court's; times are told in it.
        now: the present.
    """
    match outcome:
        case Done():
            return done(action, translate)
        case Already(by=by, at=at):
            _ = translate
            words = Wording(translate)
            who = words.person(Signature(str(by.get("name") or ""), by.get("post")))
            time = words.when(local_time(at, zone, now))
            return _("已由{who}于 {time} 签收", who=who, time=time)
        case Refused(reason=reason):
            return refusal(reason, translate)
        case NotNow(reason="too_soon", retry_at=retry_at) if retry_at is not None:
            _ = translate
            time = Wording(translate).when(local_time(retry_at, zone, now))
            if action == "supervise":
                return _("10 分钟内只能督办一次，请于 {time} 后再试。", time=time)
            return _("10 分钟内只能催办一次，请于 {time} 后再试。", time=time)
        case NotNow(reason=reason):
            return not_now(reason, translate)


def done(action: Action | str, translate: Translate) -> str:
    """What was just done."""
    _ = translate
    return {
        "acknowledge": _("已签收，应答计时停止。点错可在 2 分钟内撤销。"),
        "result": _("结果已登记，协作法院即时可见。点错可在 2 分钟内撤销。"),
        "undo": _("已撤销，状态和计时恢复原状。"),
        "hand_over": _("已转出，正在呼叫接替人员。"),
        "snooze": _("稍后将再次提醒您；对其他人员照常呼叫。"),
        "nudge": _("已催办，管辖法院将立即收到提醒。"),
        "supplement": _("已告知管辖法院，反馈时限重新计算。"),
        "withdraw": _("已撤回，不再呼叫任何人。"),
        "note": _("说明已记录，协作法院可见。"),
        "send_on": _("已转送，新的一件已开始计时。"),
        "supervise": _("已督办：值班人员、B岗、带班领导和法院群将立即收到。"),
    }[action]


def refusal(reason: str, translate: Translate) -> str:
    """Why this person may not."""
    _ = translate
    reasons = {
        "stranger": _("您的聊天账号未关联任何人员，不能操作。请向本院管理员索取邀请链接。"),
        "hidden": _("请以本人身份操作：匿名管理员和频道身份不被接受。"),
        "not_jurisdiction": _("只有管辖法院的人员或其省级协调员可以进行此操作。"),
        "not_collaborating": _("只有协作法院的人员或其省级协调员可以进行此操作。"),
        "not_coordinator": _("只有管辖法院所在省的协调员可以督办。"),
        "practice": _("这是一位新同事的上手演练，只由本人操作。"),
        "technician": _("您今日没有可办理立案的岗位，请联系A岗或B岗。"),
    }
    return reasons.get(reason) or _("您无权进行此操作。")


def not_now(reason: str, translate: Translate) -> str:
    """Why not now."""
    _ = translate
    reasons = {
        "state_waiting": _("此件尚未签收，还不能进行此操作。"),
        "state_acknowledged": _("此件已签收、尚无结果，当前不能进行此操作。"),
        "state_correcting": _("此件正在补正，当前不能进行此操作。"),
        "state_completed": _("此件已有结果，不能再进行此操作。"),
        "state_withdrawn": _("此件已撤回，不能再进行此操作。"),
        "undo_expired": _("已过 2 分钟，不能再撤销。"),
        "undo_not_author": _("只有本人可以撤销自己的操作。"),
        "nothing_to_undo": _("没有可以撤销的操作。"),
        "already_paged": _("此件已转过一次。"),
        "nobody_reachable": _("没有能够呼叫到的接替人员，请电话联系。"),
        "nobody_to_order": _(
            "督办没有送达：该院现在没有聊天能送达的值班人员和法院群，请电话联系。"
        ),
        "already_snoozed": _("此件只能选择一次“稍后”。"),
        "note_not_author": _("只有登记结果的本人可以补充说明。"),
        "not_returned": _("此件未被退回，不能进行此操作。"),
        "sent_on": _("此件退回后已转送其他法院，不能再更改。"),
        "no_proposal": _("管辖法院未提出应转送的法院，请点“其他法院…”。"),
        "unknown_court": _("没有这个法院，请核对代字。"),
        "own_court": _("该院刚退回此件，请选择其他法院。"),
        "same_court": _("协作法院与管辖法院不能是同一法院，请核对。"),
        "no_reference": _("此编号转送次数过多，请另用新编号立案。"),
    }
    return reasons.get(reason) or _("当前不能进行此操作。")
