"""签到: the six digits said in a session, typed in the private chat. Which session they mean is `notifications.attendance`'s."""

from datetime import timedelta

from bot.chat import drafts, notice_words, quiz_presses
from bot.chat.replies import Talk
from bot.models import Draft
from notifications import attendance
from notifications.attendance import CheckedIn, Slowed
from notifications.training_rules import code_in

KIND = "train_code"

#: How long the code is waited for.
LIFETIME = timedelta(minutes=30)


async def ask(talk: Talk) -> None:
    """Ask for the code."""
    _ = talk.html
    await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={},
        lifetime=LIFETIME,
        now=talk.now,
    )
    await talk.reply(_("请输入培训中公布的 6 位签到码："), asks=str(_("6 位签到码")))


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """What was typed; False when it is no code at all."""
    if code_in(text) is None:
        return False
    if await take(talk, text):
        await drafts.close(talk.session, draft, now=talk.now)
    return True


async def typed(talk: Talk, text: str) -> bool:
    """A code that nobody was asked for: it was just said in the session. False when it is no code."""
    if talk.speaker.officer is None or code_in(text) is None:
        return False
    await take(talk, text)
    return True


async def take(talk: Talk, text: str) -> bool:
    """Check somebody in by a code; whether it was right."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None:
        return False
    came = await attendance.check_in(talk.session, officer, text, now=talk.now)
    match came:
        case CheckedIn(training=held, again=again):
            said = _("✅ 已签到：{title}", title=held.title)
            if again:
                said = _("此前已签到：{title}", title=held.title)
            quiz = await quiz_presses.button(talk, held)
            await talk.reply(said, [quiz] if quiz else [])
            return True
        case Slowed(retry_at=retry_at):
            time = notice_words.when(talk, retry_at)
            await talk.reply(_("签到码错误次数过多，请于 {time} 后再试。", time=time))
        case None:
            await talk.reply(_("签到码不对，或不在签到时间内。请核对后重新输入。"))
    return False
