"""What came of a session, for who looks after it: figures, by court, the sheet as a workbook; its quiz is brought in."""

from collections.abc import Awaitable, Callable

from bot.chat import drafts, quiz_loading
from bot.chat.replies import Talk, bold, fitting, joined
from bot.models import Draft
from notifications import outbox, training_facts, training_messages
from notifications.training_models import TrainingSession


async def figures(talk: Talk, held: TrainingSession) -> list[str]:
    """How many are coming, declined, said nothing, came, passed."""
    _ = talk.html
    sums = await training_facts.counted(talk.session, held)
    if not sums.people:
        return [_("通知正在发出，稍后请点“刷新”。")]
    return [
        _(
            "报名 {coming} · 不参加 {declined} · 未答复 {silent}（共 {people} 人）",
            coming=sums.coming, declined=sums.declined, silent=sums.silent, people=sums.invited,
        ),
        _("到场 {attended} · 测验通过 {passed}", attended=sums.attended, passed=sums.passed),
        *([_("另有未受邀的 {count} 人", count=sums.guests)] if sums.guests else []),
    ]  # fmt: skip


def rows(talk: Talk, draft: Draft, held: TrainingSession) -> list[list[dict[str, str]]]:
    """The buttons of who looks after it."""
    _ = talk.html
    first = [{"text": _("培训表"), "data": drafts.encode(draft, f"file={held.id}")}]
    if held.cancelled_at is None:
        first.insert(0, {"text": _("签到码"), "data": drafts.encode(draft, f"key={held.id}")})
    first.append({"text": _("各法院"), "data": drafts.encode(draft, f"courts={held.id}")})
    if held.cancelled_at is None:
        first.append({"text": _("测验…"), "data": drafts.encode(draft, f"load={held.id}")})
    return [first]


async def _courts(talk: Talk, held: TrainingSession) -> None:
    """What came of it court by court, as a message of its own."""
    _ = talk.html
    talk.answer()
    lines = [bold(_("培训 {number}　{title}", number=held.id, title=held.title))]
    for court, sums in await training_facts.by_court(talk.session, held):
        data = {
            "court": court, "coming": sums.coming, "people": sums.invited,
            "attended": sums.attended, "passed": sums.passed, "guests": sums.guests,
        }  # fmt: skip
        lines.append(
            _(
                "{court}：报名 {coming}/{people}，到场 {attended}，通过 {passed}，未受邀 {guests}",
                **data,
            )
            if sums.guests
            else _("{court}：报名 {coming}/{people}，到场 {attended}，通过 {passed}", **data)
        )
    await talk.reply(joined(fitting(lines, _)))


async def _load(talk: Talk, held: TrainingSession) -> None:
    """Its quiz, from a spreadsheet."""
    _ = talk.plain
    if held.cancelled_at is not None:
        talk.refuse(_("培训已取消。"))
        return
    talk.answer()
    await quiz_loading.ask(talk, held)


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
ACTS: dict[str, Callable[[Talk, TrainingSession], Awaitable[None]]] = {
    "file": _file,
    "courts": _courts,
    "load": _load,
}
