"""The new text of a notice that was sent: typed, checked, shown once more before it reaches every copy."""

from markupsafe import Markup

from bot.chat import drafts, notice_list, notice_panel
from bot.chat.notice_refusals import refused
from bot.chat.replies import Talk, bold
from bot.models import Draft
from directory.errors import LiaisonError
from notifications import notices
from notifications.notice_text import to_html


async def answered(talk: Talk, draft: Draft, _text: str) -> bool:
    """A typed text, if one was asked for."""
    if draft.data.get("asking") != "edit":
        return False
    notice = await notices.hold(talk.session, draft.data["notice"])
    if notice is None or not notice_panel.looks_after(talk, notice):
        return False
    _ = talk.html
    text = to_html(talk.text, talk.entities)
    try:
        await notices.check(talk.session, text)
    except LiaisonError as fault:
        await notice_list.ask_text(talk, draft, notice, refused(talk, fault))
        return True
    draft.data = {**draft.data, "text": text, "notice": notice.id}
    lines = [
        bold(_("通知 {number} 将更正为：", number=notice.id)),
        Markup(text),  # noqa: S704 -- made by `to_html`
    ]
    rows = [
        [
            {
                "text": _("确认更正"),
                "data": drafts.encode(draft, f"fix={notice.id}"),
                "style": "primary",
            },
            {"text": _("不更正"), "data": drafts.encode(draft, f"n={notice.id}")},
        ]
    ]
    await notice_panel.say(talk, draft, lines, rows)
    return True
