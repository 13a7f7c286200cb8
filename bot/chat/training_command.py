"""`/training`: one's sessions; with a number, one of them; with six digits, 签到; with a title (coordinators), a new session."""

from bot.chat import attendance_dialogue, notice_rights, training_draft, training_panel
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk
from notifications.training_rules import CODE_DIGITS, code_in


async def command(talk: Talk, words: str) -> None:
    """`/training [NUMBER|CODE|TITLE]`, in the private chat."""
    _ = talk.html
    if talk.speaker.officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif not talk.private:
        await talk.reply(_("请私聊机器人发送 /training。"))
    elif not words:
        await training_panel.listed(talk)
    elif code_in(words) is not None:
        await attendance_dialogue.take(talk, words)
    elif words.isdecimal() and len(words) < CODE_DIGITS:
        await training_panel.opened(talk, int(words))
    elif notice_rights.reach(talk.speaker) is None:
        await talk.reply(_("只有省级协调员可以安排培训。"))
    else:
        await training_draft.begin(talk, words)
