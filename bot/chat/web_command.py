"""`/web`: a one-time link to the pages. The link itself is not kept: it goes out past the outbox."""

from bot import web_sessions
from bot.chat.after_commit import SendSecret
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk
from bot.web_sessions import LINK_LIFETIME


async def web(talk: Talk, _words: str) -> None:
    """`/web`, in the private chat only: sign a browser in as the speaker."""
    _ = talk.html
    officer = talk.speaker.officer
    if not talk.private:
        await talk.reply(_("请私聊机器人发送 /web。"))
        return
    if officer is None:
        await talk.reply(refusal("stranger", _))
        return
    code = await web_sessions.make_link(talk.session, officer.id, now=talk.now)
    # The outbox would keep the link in clear; lost on the way, it is asked for again.
    _ = talk.plain
    text = _(
        "登录网页（{minutes} 分钟内有效，只能用一次，请勿转发）：\n{link}",
        minutes=LINK_LIFETIME.seconds // 60,
        link=f"{talk.parts.public_address}/sign-in/{code}",
    )
    talk.after.append(SendSecret(talk.chat_id, text))
