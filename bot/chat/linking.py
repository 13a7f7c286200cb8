"""Linking: a person's account by `/start CODE`, a group to a court by `/link CODE` or a button."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.chat import drafts, onboarding_presses
from bot.chat.filing_rows import MOST_CHOICES, named
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined
from bot.models import Draft
from directory import courts, officers
from directory.duty import local_day
from directory.errors import (
    AccountAlreadyLinked,
    CourtNotFound,
    GroupNotVouchedFor,
    InvitationRefused,
)
from directory.models import Court, Officer
from directory.officers import Slowed
from notifications import notice_late
from notifications.messages import local_time
from notifications.onboarding import Newcomer
from notifications.wording import Wording

#: How long the button under a greeting links the group.
LIFETIME = timedelta(days=1)

KIND = "link"

#: `/start` with this word comes from the button over an empty inline list: no invitation, and no failed one.
HOW_TO_LINK = "link"


async def start(talk: Talk, words: str) -> None:
    """`/start`, or `/start CODE` from an invitation: in the private chat only, for the code is a secret."""
    _ = talk.html
    if not talk.private:
        await talk.reply(_("请私聊机器人发送 /start，不要在群内发送邀请码。"))
        return
    if not words or words == HOW_TO_LINK:
        await _welcome(talk)
        return
    came = await officers.accept_invitation(
        talk.session, talk.speaker.telegram_id, words.split(maxsplit=1)[0], now=talk.now
    )
    match came:
        case Officer():
            await _linked(talk, came)
        case Slowed(retry_at=retry_at):
            zone = ZoneInfo(talk.parts.desk.timezone)
            time = Wording(_).when(local_time(retry_at, zone, talk.now))
            await talk.reply(_("邀请码错误次数过多，请于 {time} 后再试。", time=time))
        case InvitationRefused() | AccountAlreadyLinked():
            await talk.reply(talk.fault(came))


async def _welcome(talk: Talk) -> None:
    _ = talk.html
    linked = talk.speaker.linked
    if linked is not None:
        await talk.reply(
            joined(
                [
                    _(
                        "您的账号已关联：{name}（{court}）。",
                        name=linked.name,
                        court=linked.court.name,
                    ),
                    _("请发送 /help 查看使用说明。"),
                ]
            )
        )
        return
    await talk.reply(
        joined(
            [
                bold(_("跨域立案值班台")),
                _("请向本院管理员索取邀请链接，点开即可关联（24 小时内有效，只能用一次）。"),
                _("也可以发送：/start 邀请码"),
            ]
        )
    )


async def _linked(talk: Talk, officer: Officer) -> None:
    """Name, court and post, and what happens next, in the language of the officer."""
    _ = talk.parts.texts.for_locale(officer.language or talk.parts.desk.locale)
    posts = officers.posts_on(officer, local_day(officer.court, talk.now, talk.parts.desk.timezone))
    words = Wording(_)
    held = _("、").join(words.post(post) for post in officers.POSTS_BY_RANK if post in posts)
    await notice_late.write_late(talk.session, officer, now=talk.now)
    lines = [
        _("✅ 已关联：{name}", name=officer.name),
        f"{officer.court.name}　{held or _('今日无岗位')}",
        _(
            "有跨域立案需要您处理时，将在这里呼叫您，点“签收”即可；无人签收的，依次呼叫B岗、带班领导和省级协调员。发送 /help 查看使用说明。"
        ),
    ]
    if posts:
        await onboarding_presses.greet(talk, Newcomer(officer, officer.court, posts), lines)
    else:
        await talk.reply(joined(lines))


async def link(talk: Talk, words: str) -> None:
    """`/link CODE` in a group: make it the group of a court, vouched for by one of its officers."""
    _ = talk.html
    if talk.private:
        await talk.reply(_("请在本院工作群内发送：/link 法院代字，例如 /link 辽0211"))
        return
    if talk.speaker.officer is None:
        reason = "hidden" if talk.speaker.hidden else "stranger"
        await talk.reply(refusal(reason, _))
        return
    if not words:
        await greet(talk, talk.speaker.officer)
        return
    found = await talk.court_meant(words)
    if found.court is not None:
        text = await _link(talk, found.court)
        if found.court.group_chat_id == talk.chat_id:
            await _retire_greeting(talk, found.court)
        await talk.reply(text)
    elif found.choices:
        lines = [named(court) for court in found.choices[:MOST_CHOICES]]
        await talk.reply(joined([_("“{words}”可能是以下法院，请改写代字：", words=words), *lines]))
    else:
        await talk.reply(talk.fault(CourtNotFound, words=words))


async def greet(talk: Talk, officer: Officer) -> None:
    """Offer to link this group to the officer's court."""
    _ = talk.html
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"court": officer.court_code},
        lifetime=LIFETIME,
        now=talk.now,
    )
    label = _("关联本群到{court}", court=officer.court.name)
    text = _greeting(talk, _("点按钮确认；关联其他法院请发送：/link 法院代字"))
    row = await talk.reply(text, [[{"text": label, "data": drafts.encode(draft, "link")}]])
    draft.data = {**draft.data, "message": row}


async def _retire_greeting(talk: Talk, court: Court) -> None:
    """Take the button off this person's greeting: what it offers was done by command."""
    draft = await drafts.under_way(
        talk.session, KIND, talk.chat_id, talk.speaker.telegram_id, now=talk.now
    )
    if draft is not None and draft.data["court"] == court.code:
        await drafts.close(talk.session, draft, now=talk.now)
        await talk.edit(draft.data["message"], _greeting(talk))


def _greeting(talk: Talk, *more: str) -> str:
    _ = talk.html
    first = _("我是跨域立案值班台。关联后，对本院的呼叫将发到本群，请确认群成员均为工作人员。")
    return joined([first, *more])


async def chosen(talk: Talk, draft: Draft, _choice: str) -> None:
    """The button under a greeting; whoever presses must be able to vouch."""
    _ = talk.plain
    officer = talk.speaker.officer
    if officer is None:
        talk.refuse(refusal("stranger", _))
        return
    court = await courts.get(talk.session, draft.data["court"])
    text = await _link(talk, court)
    if court.group_chat_id != talk.chat_id:
        talk.refuse(_(GroupNotVouchedFor.template, court=court.name))
        return
    await drafts.close(talk.session, draft, now=talk.now)
    talk.answer(_("已关联。"))
    await talk.edit(draft.data["message"], text)


async def _link(talk: Talk, court: Court) -> str:
    """Link, and say what came of it."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None:
        return refusal("stranger", _)
    today = local_day(officer.court, talk.now, talk.parts.desk.timezone)
    earlier = court.group_chat_id
    try:
        await courts.link_group(
            talk.session, court, talk.chat_id, by=officer, now=talk.now, today=today
        )
    except GroupNotVouchedFor as error:
        return talk.fault(error)
    lines = [_("✅ 本群已关联到{court}。对该院的呼叫将发到本群。", court=named(court))]
    if earlier is not None and earlier != talk.chat_id:
        lines.append(_("该院此前关联的群不再收到呼叫。"))
    return joined(lines)
