"""Why the text of a notice may not be sent, in words. Decides nothing: see `notifications.notices.check`."""

from bot.chat.replies import Talk, joined
from directory.errors import LiaisonError
from notifications import notices


def refused(talk: Talk, fault: LiaisonError) -> str:
    """Why a text may not be sent; each number is shown masked, with its line."""
    _ = talk.html
    if not isinstance(fault, notices.NumbersInText):
        return talk.fault(fault)
    kinds = {"identity": _("身份证号"), "card": _("银行卡号"), "mobile": _("手机号")}
    lines = [_("❌ 通知中有个人号码，不能发出。请改正后重新发送正文：")]
    lines += [
        _("第 {line} 行　{kind} {number}", line=one.line, kind=kinds[one.kind], number=one.masked)
        for one in fault.found
    ]
    if any(one.kind == "mobile" for one in fault.found):
        lines.append(_("请改用通讯录中的办公电话。"))
    return joined(lines)
