"""The message by which notices that exist are looked after: its conversation, what it shows, who may act in it."""

from datetime import timedelta

from bot.chat import drafts, notice_rights
from bot.chat.replies import Buttons, Talk, joined
from bot.models import Draft
from notifications.notice_facts import Scope
from notifications.notice_models import Notice

KIND = "notice_list"

#: How long the buttons under a list may be pressed.
LIFETIME = timedelta(days=3)

#: So many notices are listed at once.
MOST = 8


async def begin(talk: Talk) -> Draft:
    """A new list; the buttons under an earlier one are worth nothing from now on."""
    return await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={},
        lifetime=LIFETIME,
        now=talk.now,
    )


def scope(talk: Talk) -> Scope:
    """Whose receipts a coordinator sees."""
    return notice_rights.writer(talk.speaker).scope


def looks_after(talk: Talk, notice: Notice) -> bool:
    """Whether the speaker may correct, recall and remind of it."""
    return notice_rights.writer(talk.speaker).looks_after(notice.province)


async def say(
    talk: Talk, draft: Draft, lines: list[str], rows: Buttons, *, asking: str | None = None
) -> None:
    """Show the panel, and what it asks for in words, if anything."""
    await redraw(talk, draft, lines, rows, asking=asking)


async def redraw(
    talk: Talk, draft: Draft, lines: list[str], rows: Buttons, **kept: str | int | None
) -> None:
    """A press changes the message it is under; anything typed gets a new one. `kept` is remembered with it."""
    rows = [row for row in rows if row]
    draft.data = {**draft.data, **kept}
    row = draft.data.get("message")
    if row is not None and talk.query_id is not None:
        await talk.edit(row, joined(lines), rows)
        return
    draft.data = {**draft.data, "message": await talk.reply(joined(lines), rows)}
