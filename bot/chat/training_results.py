"""What came of a session, for who looks after it: figures, the sheet as a workbook, the attendance code's button."""

from collections.abc import Awaitable, Callable

from bot.chat import drafts
from bot.chat.replies import Talk
from bot.models import Draft
from notifications import outbox, training_facts, training_messages
from notifications.training_models import TrainingSession


async def figures(talk: Talk, held: TrainingSession) -> list[str]:
    """How many are coming, declined, said nothing, came, passed."""
    _ = talk.html
    sums = await training_facts.counted(talk.session, held)
    return [
        _(
            "报名 {coming} · 不参加 {declined} · 未答复 {silent}（共 {people} 人）",
            coming=sums.coming, declined=sums.declined, silent=sums.silent, people=sums.people,
        ),
        _("到场 {attended} · 测验通过 {passed}", attended=sums.attended, passed=sums.passed),
    ]  # fmt: skip


def rows(talk: Talk, draft: Draft, held: TrainingSession) -> list[list[dict[str, str]]]:
    """The buttons of who looks after it."""
    _ = talk.html
    first = [{"text": _("培训表"), "data": drafts.encode(draft, f"file={held.id}")}]
    if held.cancelled_at is None:
        first.insert(0, {"text": _("签到码"), "data": drafts.encode(draft, f"key={held.id}")})
    return [first]


async def _file(talk: Talk, held: TrainingSession) -> None:
    """The workbook; it is made when it is sent, and nobody waits for it."""
    _ = talk.plain
    talk.answer(_("培训表即将发来。"))
    officer = talk.speaker.linked
    sheet = outbox.row(
        training_messages.SHEET, talk.chat_id, {"training": held.id}, priority=outbox.REPLY,
        now=talk.now, officer_id=officer.id if officer is not None else None,
    )  # fmt: skip
    await outbox.write(talk.session, [sheet])


#: By the word of the button.
ACTS: dict[str, Callable[[Talk, TrainingSession], Awaitable[None]]] = {"file": _file}
