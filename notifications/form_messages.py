"""Pictures that answered a form, sent to who fills or looks after it. They are known by their number in the channel alone."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from directory.texts import Translate
from notifications import outbox
from notifications.desk import DeskRules
from notifications.form_filling import Held
from notifications.form_models import FormSheet
from notifications.form_rules import Question
from notifications.messages import Message
from notifications.models import OutgoingMessage
from notifications.notice_text import Attachment

#: The kinds of outgoing messages that are written here.
PICTURE = "form_picture"
KINDS = frozenset({PICTURE})


async def send_picture(
    session: AsyncSession,
    held: Held,
    asked: Question,
    chat_id: int,
    officer_id: int,
    *,
    now: datetime,
) -> None:
    """Have somebody see the picture that answers a question."""
    facts = {"form": held.form.id, "court": held.sheet.court_code, "key": asked.key}
    row = outbox.row(PICTURE, chat_id, facts, priority=outbox.REPLY, now=now, officer_id=officer_id)
    await outbox.write(session, [row])


async def message(
    session: AsyncSession,
    outgoing: OutgoingMessage,
    translate: Translate,  # noqa: ARG001 -- every writer is given the same
    desk: DeskRules,  # noqa: ARG001
    *,
    now: datetime,  # noqa: ARG001
) -> Message | None:
    """The picture as the sheet has it now; None when it has none any more."""
    facts = outgoing.payload
    if outgoing.shown is not None or "form" not in facts:
        return None
    sheet = await session.get(FormSheet, (facts["form"], facts["court"]), populate_existing=True)
    value = sheet.answers.get(facts["key"]) if sheet is not None else None
    if value is None:
        return None
    return Message("", attachment=Attachment("photo", value["file_id"]))
