"""`/test`: one page to the speaker alone, and then what arrived. No filing is made: statistics know nothing of it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat import drafts
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined
from bot.models import Draft
from directory import courts, officers
from directory.models import Court
from directory.texts import Translate
from notifications.models import OutgoingMessage
from notifications.wording import Wording

KIND = "test"

#: How long the page waits for its press.
LIFETIME = timedelta(hours=1)


async def command(talk: Talk, _words: str) -> None:
    """`/test`, in the private chat only."""
    _ = talk.html
    if not talk.private:
        await talk.reply(_("请私聊机器人发送 /test。"))
        return
    if talk.speaker.officer is None:
        await talk.reply(refusal("stranger", _))
        return
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"asked_at": talk.now.isoformat()},
        lifetime=LIFETIME,
        now=talk.now,
    )
    text = joined(
        [bold(_("【测试】呼叫")), _("只发给您本人，不是立案，不计入统计。请点“收到了”。")]
    )
    buttons = [[{"text": _("收到了"), "data": drafts.encode(draft, "got")}]]
    draft.data = {**draft.data, "message": await talk.reply(text, buttons)}


async def pressed(talk: Talk, draft: Draft, choice: str) -> None:
    """收到了: say what arrived, when, and how the speaker and the court's group stand."""
    _ = talk.plain
    officer = talk.speaker.officer
    if officer is None:
        talk.refuse(refusal("stranger", _))
        return
    if choice != "got" or not await drafts.close(talk.session, draft, now=talk.now):
        talk.refuse(_("该操作此前已处理。"))
        return
    talk.answer(_("测试完成。"))
    _ = talk.html
    words = Wording(_)
    zone = courts.zone_of(officer.court, talk.parts.desk.timezone)
    sent = await talk.session.get_one(OutgoingMessage, draft.data["message"])
    asked_at = datetime.fromisoformat(draft.data["asked_at"])
    # Pressed before its delivery was recorded: it has arrived by now.
    arrived = sent.sent_at or talk.now
    held = _("、").join(
        words.post(post) for post in officers.POSTS_BY_RANK if post in talk.speaker.posts
    )
    lines = [
        bold(_("✅ 测试完成")),
        _("送达：{time}（发出后 {seconds} 秒）", time=_clock(arrived, zone),
          seconds=_seconds(asked_at, arrived)),
        _("按下：送达后 {seconds} 秒", seconds=_seconds(arrived, talk.now)),
        _("聊天账号：已关联（{since}）", since=_day(officer.linked_at, zone)),
        _("手机号：已登记") if officer.mobile else _("手机号：未登记，请告知本院管理员"),
        _("今日岗位：{posts}", posts=held),
        _group(officer.court, _),
    ]  # fmt: skip
    await talk.edit(draft.data["message"], joined(lines))


def _seconds(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds()))


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M:%S}"


def _day(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}" if at is not None else "—"


def _group(court: Court, translate: Translate) -> str:
    """Whether the court's group can be paged."""
    _ = translate
    if court.group_chat_id is None:
        return _("本院群：未关联，呼叫只直接发给值班人员")
    if court.group_unreachable_at is not None:
        return _("本院群：机器人不在群内，请重新拉入")
    return _("本院群：已关联，可以送达")
