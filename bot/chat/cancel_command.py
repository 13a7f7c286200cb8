"""`/cancel`: ends whatever is under way in a chat, and says what. How each conversation ends is its own business."""

from collections.abc import Awaitable, Callable, Mapping

from bot.chat import (
    closed_command,
    drafts,
    drill_commands,
    edit_command,
    export_command,
    filing_dialogue,
    filing_intake,
    form_dialogue,
    form_draft,
    leave_command,
    notice_command,
    notice_draft,
    question_dialogue,
    question_presses,
    question_publishing,
    quiz_loading,
    report_command,
    shift_command,
    training_draft,
)
from bot.chat.replies import Talk, joined
from bot.models import Draft
from directory.texts import Translate


async def _silently(talk: Talk, draft: Draft) -> None:
    """End what waited for words and shows nothing of it."""
    await drafts.close(talk.session, draft, now=talk.now)


#: What `/cancel` ends, and how.
_ENDS: Mapping[str, Callable[[Talk, Draft], Awaitable[None]]] = {
    filing_dialogue.KIND: filing_dialogue.cancel,
    filing_intake.KIND: filing_dialogue.cancel,
    closed_command.KIND: closed_command.cancel,
    shift_command.KIND: shift_command.cancel,
    leave_command.KIND: leave_command.cancel,
    edit_command.KIND: edit_command.cancel,
    export_command.KIND: export_command.cancel,
    drill_commands.KIND: drill_commands.cancel,
    notice_draft.KIND: notice_command.cancel,
    form_draft.KIND: form_draft.cancel,
    form_dialogue.KIND: form_dialogue.cancel,
    training_draft.KIND: training_draft.cancel,
    quiz_loading.KIND: quiz_loading.cancel,
    report_command.KIND: report_command.cancel,
    question_dialogue.KIND: _silently,
    question_presses.ANSWER: _silently,
    question_presses.MORE: _silently,
    question_publishing.KIND: _silently,
}

#: Conversations whose message stays for 撤销 when nothing is asked any more: whether something still is.
_ASKS: Mapping[str, Callable[[Draft], bool]] = {
    shift_command.KIND: shift_command.asks,
    leave_command.KIND: leave_command.asks,
}


def _said(translate: Translate) -> Mapping[str, str]:
    """What is said of each kind of conversation that ended."""
    _ = translate
    no_filing = _("已取消，没有立案。")
    same_duty = _("已取消，值班安排不变。")
    same_entry = _("已取消，通讯录不变。")
    no_words = _("已取消，没有提问，也没有答复。")
    return {
        filing_dialogue.KIND: no_filing,
        filing_intake.KIND: no_filing,
        closed_command.KIND: same_duty,
        shift_command.KIND: same_duty,
        leave_command.KIND: same_duty,
        edit_command.KIND: same_entry,
        export_command.KIND: same_entry,
        drill_commands.KIND: _("已取消，没有发起演练。"),
        notice_draft.KIND: _("已取消，没有发出通知。"),
        form_draft.KIND: _("已取消，没有发起填报。"),
        form_dialogue.KIND: _("已停止填报，已答的题都保存了；发送 /form 可以接着填。"),
        training_draft.KIND: _("已取消，没有安排培训。"),
        quiz_loading.KIND: _("已取消，测验不变。"),
        report_command.KIND: _("已取消，没有发布通报。"),
        question_dialogue.KIND: no_words,
        question_presses.ANSWER: no_words,
        question_presses.MORE: no_words,
        question_publishing.KIND: no_words,
    }


async def cancel(talk: Talk, _words: str) -> None:
    """`/cancel`: end whatever the speaker has under way in this chat."""
    _ = talk.html
    found = await drafts.open_ones(
        talk.session, _ENDS, talk.chat_id, talk.speaker.telegram_id, now=talk.now
    )
    ended = [draft for draft in found if draft.kind not in _ASKS or _ASKS[draft.kind](draft)]
    for draft in ended:
        await _ENDS[draft.kind](talk, draft)
    said = _said(_)
    lines = dict.fromkeys(said[draft.kind] for draft in ended)
    await talk.reply(joined(lines or [_("没有正在进行的操作。")]))
