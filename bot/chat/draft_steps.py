"""Steps shared by what is planned in several messages and goes out as a notice: asking, a line, for whom. What it is stays with it."""

from bot.chat import drafts, notice_preview, notice_rights, notice_words
from bot.chat.notice_draft import audience_of, keep, say
from bot.chat.notice_refusals import refused
from bot.chat.replies import Buttons, Talk, joined
from bot.models import Draft
from directory.errors import LiaisonError
from directory.roster import POSTS
from notifications import notices
from notifications.notice_audience import Audience
from notifications.notice_text import to_html


async def ask(
    talk: Talk,
    draft: Draft,
    asking: str,
    fault: str,
    text: str,
    rows: Buttons,
    *,
    below: bool | None = None,
) -> None:
    """Ask for `asking`, what was wrong before it; from what was asked out of a preview one gets back there.

    The buttons' data are choices: written anew, those shown before are worth nothing.
    """
    _ = talk.html
    previewed = asking == "preview" or draft.data.get("previewed", False)
    keep(talk, draft, asking=asking, previewed=previewed)
    back = [{"text": _("返回预览"), "data": "preview"}]
    all_rows = [*rows, back] if previewed and asking != "preview" else rows
    renewed = [
        [{**button, "data": drafts.encode(draft, button["data"])} for button in row]
        for row in all_rows
    ]
    await say(talk, draft, [fault, text] if fault else [text], renewed, below=below)


async def line(talk: Talk, text: str, longest: int) -> tuple[str, str]:
    """A typed line with single blanks, and why it may not be said; that is empty when it may."""
    _ = talk.html
    words = " ".join(text.split())
    try:
        await notices.check(talk.session, to_html(words))
    except LiaisonError as fault:
        return words, refused(talk, fault)
    return words, _("文字过长，最多 {most} 字。", most=longest) if len(words) > longest else ""


async def ask_audience(
    talk: Talk,
    draft: Draft,
    question: str,
    fault: str = "",
    instead: tuple[Audience, ...] = (),
    *,
    below: bool | None = None,
) -> None:
    """Ask for whom: what the speaker may choose, or `instead` that."""
    _ = talk.html
    choices = [*instead] or await notice_rights.offered(talk)
    if not instead:
        question = joined([question, _("海事、铁路等法院不属任何城市，请写院名。")])
    keep(talk, draft, choices=[one.as_json() for one in choices])
    labels = [
        {"text": notice_words.place(talk, one), "data": f"whom={number}"}
        for number, one in enumerate(choices)
    ]
    rows = [labels[:1], *(labels[at : at + 3] for at in range(1, len(labels), 3))]
    asking = "choice" if instead else "audience"
    await ask(talk, draft, asking, fault, question, rows, below=below)


async def narrowed(talk: Talk, draft: Draft, choice: str) -> bool:
    """Take a button of `notice_preview.ask_posts`, while that is asked; False for any other."""
    kind, _equals, value = choice.partition("=")
    if draft.data.get("asking") != "posts":
        return False
    if kind == "untrained":
        await notice_preview.narrow(talk, draft, value)
    elif kind == "post" and value in POSTS:
        talk.answer()
        keep(talk, draft, audience=audience_of(draft).toggled(value).as_json())
        await notice_preview.ask_posts(talk, draft)
    else:
        return False
    return True
