"""`/feed`: the secret address of one's own duty calendar or, for a leader, the court's; made anew, or closed."""

from datetime import timedelta

from bot.chat import drafts
from bot.chat.after_commit import SendSecret
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined
from bot.models import Draft
from directory import feeds
from directory.models import Officer

KIND = "feed"

LIFETIME = timedelta(hours=1)


async def command(talk: Talk, _words: str) -> None:
    """`/feed`, in the private chat."""
    _ = talk.html
    officer = talk.speaker.officer
    if not talk.private:
        await talk.reply(_("请私聊机器人发送 /feed。"))
        return
    if officer is None:
        await talk.reply(refusal("stranger", _))
        return
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={},
        lifetime=LIFETIME,
        now=talk.now,
    )
    plain = talk.plain

    def row(whose: str, make: str, close: str) -> list[dict[str, str]]:
        return [
            {"text": make, "data": drafts.encode(draft, f"make={whose}")},
            {"text": close, "data": drafts.encode(draft, f"close={whose}")},
        ]

    rows = [row("mine", plain("本人值班日历"), plain("停用本人日历"))]
    if "leader" in talk.speaker.posts:
        rows.append(row("court", plain("本院值班日历"), plain("停用本院日历")))
    lines = [
        bold(_("值班日历订阅")),
        _(
            "生成的地址可加入手机或电脑的日历，排班变动自动更新。知道地址的人都能看到，请勿转发；重新生成后旧地址作废。"
        ),
    ]
    await talk.reply(joined(lines), rows)


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:  # noqa: ARG001
    """A tap on an address to be made or closed."""
    _ = talk.plain
    word, _equals, whose = choice.partition("=")
    officer = talk.speaker.officer
    if officer is None:
        talk.refuse(refusal("stranger", _))
    elif whose == "court" and "leader" not in talk.speaker.posts:
        talk.refuse(_("只有本院带班领导可以生成或停用本院日历。"))
    elif whose not in {"mine", "court"} or word not in {"make", "close"}:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
    elif word == "make":
        await _make(talk, officer, whose)
    else:
        closed = await feeds.revoke(
            talk.session,
            officer_id=officer.id if whose == "mine" else None,
            court_code=officer.court_code if whose == "court" else None,
            by=talk.speaker.actor.who,
            now=talk.now,
        )
        talk.answer(_("已停用，旧地址不再可用。") if closed else _("没有在用的地址。"), alert=True)


async def _make(talk: Talk, officer: Officer, whose: str) -> None:
    _ = talk.plain
    secret = await feeds.make(
        talk.session,
        officer_id=officer.id if whose == "mine" else None,
        court_code=officer.court_code if whose == "court" else None,
        by=talk.speaker.actor.who,
        now=talk.now,
    )
    talk.answer()
    # The outbox would keep the address in clear; lost on the way, it is made anew.
    text = _(
        "值班日历地址（请勿转发）：\n{link}", link=f"{talk.parts.public_address}/ics/{secret}.ics"
    )
    talk.after.append(SendSecret(talk.chat_id, text))
