"""The bot's own place in chats: brought into groups, put out of them, blocked by people, moved with a group.

A group that nobody vouches for is left again. Its coordinator cannot be known (no court has the group), so
every province's coordinators hear of it, at most once a day, whoever keeps dragging the bot about.
"""

from sqlalchemy import select
from telegram import Chat as TelegramChat
from telegram import ChatMember, ChatMemberUpdated
from telegram import ChatMemberRestricted as Restricted

from bot.chat import drafts, linking
from bot.chat.after_commit import LeaveChat
from bot.chat.replies import Talk
from directory import courts, duty, officers
from directory.duty import HIGH
from directory.models import Court
from notifications import alerts, claims, notice_late, outbox, questions
from notifications.free_text import fit_to_show

_PRESENT = frozenset({ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER})

#: So much of a group's name is told.
_TITLE = 60


async def heard(talk: Talk) -> None:
    """Whoever writes or presses in the private chat can be written to, whatever was noted before."""
    linked = talk.speaker.linked
    if talk.private and linked is not None and linked.blocked_at is not None:
        await _open_again(talk)


async def _open_again(talk: Talk) -> None:
    await officers.mark_blocked(talk.session, talk.chat_id, blocked=False, now=talk.now)
    await outbox.catch_up(talk.session, talk.chat_id, now=talk.now)
    if talk.speaker.linked is not None:
        await notice_late.write_late(talk.session, talk.speaker.linked, now=talk.now)


async def changed(talk: Talk, change: ChatMemberUpdated) -> None:
    """The bot's status in a chat became another."""
    before, after = _present(change.old_chat_member), _present(change.new_chat_member)
    if change.chat.type == TelegramChat.PRIVATE:
        if after:
            await _open_again(talk)
        else:
            await officers.mark_blocked(talk.session, talk.chat_id, blocked=True, now=talk.now)
    elif change.chat.type == TelegramChat.CHANNEL:
        if after:
            talk.after.append(LeaveChat(change.chat.id))
    elif after and not before:
        await _brought_in(talk, change.chat)
    elif before and not after:
        await _put_out(talk)


async def _brought_in(talk: Talk, chat: TelegramChat) -> None:
    served = await courts.of_group(talk.session, chat.id)
    if served:
        # It was vouched for when it was linked; being back is all that is new.
        await courts.mark_group(talk.session, chat.id, unreachable=False, now=talk.now)
        await outbox.catch_up(talk.session, chat.id, now=talk.now)
        _ = talk.html
        names = _("、").join(court.name for court in served)
        await talk.reply(_("机器人已重新入群。对 {court} 的呼叫将继续发到本群。", court=names))
    elif talk.speaker.officer is not None:
        await linking.greet(talk, talk.speaker.officer)
    else:
        _ = talk.parts.texts.for_locale(talk.parts.desk.locale)
        farewell = _(
            "尚无已关联账号的法院人员确认本群，机器人将退群。请由已关联账号的工作人员重新拉入。"
        )
        talk.after.append(LeaveChat(chat.id, farewell))
        await _tell_every_province(talk, chat)


async def _put_out(talk: Talk) -> None:
    """Pages go directly from now on; the court's coordinator hears of it once a day."""
    served = await courts.of_group(talk.session, talk.chat_id)
    if not served:
        return
    await courts.mark_group(talk.session, talk.chat_id, unreachable=True, now=talk.now)
    duties = await duty.on_duty(
        talk.session, served, now=talk.now, default_timezone=talk.parts.desk.timezone
    )
    for court in served:
        today = duties[court.code]
        await alerts.to_coordinators(
            talk.session,
            today,
            "group_left",
            {"court": court.name, "code": court.code},
            now=talk.now,
            once=f"group_left:{court.code}:{today.day}",
        )


async def _tell_every_province(talk: Talk, chat: TelegramChat) -> None:
    high = list(
        await talk.session.scalars(select(Court).where(Court.level == HIGH).order_by(Court.code))
    )
    duties = await duty.on_duty(
        talk.session, high, now=talk.now, default_timezone=talk.parts.desk.timezone
    )
    for today in duties.values():
        await alerts.to_coordinators(
            talk.session,
            today,
            "group_unvouched",
            {"group": fit_to_show(chat.title or "", _TITLE)},
            now=talk.now,
            once=f"group_unvouched:{today.day}",
        )


async def migrated(talk: Talk, new_chat_id: int) -> None:
    """The group became a supergroup: courts, messages and conversations follow it to its new number."""
    await courts.move_group(talk.session, talk.chat_id, new_chat_id, now=talk.now)
    await claims.move_chat(await talk.session.connection(), talk.chat_id, new_chat_id, talk.now)
    await drafts.move_chat(talk.session, talk.chat_id, new_chat_id)
    await questions.move_chat(talk.session, talk.chat_id, new_chat_id)


def _present(member: ChatMember) -> bool:
    """Whether the bot is in the chat and may write."""
    if isinstance(member, Restricted):
        return member.is_member and member.can_send_messages
    return member.status in _PRESENT
