"""The conversation of a new notice as a row: what it holds, and how it asks. What is asked is elsewhere."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.chat import drafts
from bot.chat.replies import Buttons, Talk, joined
from bot.models import Draft
from notifications.notice_audience import Audience

KIND = "notice"

#: How long the next answer is waited for.
LIFETIME = timedelta(hours=1)


def keep(talk: Talk, draft: Draft, **more: Any) -> None:
    """Remember more of it; the buttons shown before are worth nothing from now on."""
    drafts.go_on(draft, {**draft.data, **more}, lifetime=LIFETIME, now=talk.now)


def audience_of(draft: Draft) -> Audience:
    """To whom it goes, once that was said."""
    return Audience.from_json(draft.data["audience"])


def instant(draft: Draft, name: str) -> datetime | None:
    """`send_at` or `confirm_by`; None for now, and for none."""
    said = draft.data.get(name)
    return datetime.fromisoformat(said) if said else None


async def say(
    talk: Talk, draft: Draft, lines: Sequence[str], rows: Buttons, *, below: bool | None = None
) -> None:
    """Ask: a press changes the message it is under, anything typed gets a new one below (`below`)."""
    _ = talk.html
    end = [{"text": _("取消"), "data": drafts.encode(draft, "cancel")}]
    row = draft.data.get("message")
    if row is not None and not (talk.query_id is None if below is None else below):
        await talk.edit(row, joined(lines), [*rows, end])
        return
    draft.data = {**draft.data, "message": await talk.reply(joined(lines), [*rows, end])}
