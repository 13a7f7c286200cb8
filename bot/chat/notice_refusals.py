"""Why the text or a file of a notice may not go, in words. Decides nothing: see `notifications.notices`."""

from collections.abc import Mapping

from bot.chat.replies import Talk, joined
from bot.notice_words import number_found
from directory.errors import LiaisonError
from notifications import notices


def refused(talk: Talk, fault: LiaisonError) -> str:
    """Why a text may not be sent; each number is shown masked, with its line."""
    _ = talk.html
    if not isinstance(fault, notices.NumbersInText):
        return talk.fault(fault)
    lines = [_("❌ 通知中有个人号码，不能发出。请改正后重新发送正文：")]
    lines += [number_found(one, _) for one in fault.found]
    if any(one.kind == "mobile" for one in fault.found):
        lines.append(_("请改用通讯录中的办公电话。"))
    return joined(lines)


async def refused_file(talk: Talk, attachment: Mapping[str, str]) -> str:
    """Why a file may not go along: its name is read by everybody; empty when it may."""
    _ = talk.html
    found = await notices.persons_numbers(talk.session, attachment["name"])
    if not found:
        return ""
    numbers = _("、").join(one.masked for one in found)
    return _("文件名中有个人号码 {numbers}，此文件未添加。请改名后重新发送。", numbers=numbers)
