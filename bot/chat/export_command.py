"""`/export` and 下载通讯录表格: a coordinator's part of the directory as a spreadsheet, to change and send back.

Whole numbers need a reason and are written down for each person. The file is made after the update's commit,
on a thread, and goes past the outbox; what comes back is `directory_documents`' business.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import User

from bot.chat import drafts, export_buttons
from bot.chat.access import speaker_of
from bot.chat.after_commit import Afterwards, Call, SendFile
from bot.chat.export_buttons import Press
from bot.chat.mobile_dialogue import label
from bot.chat.outcome_words import refusal
from bot.chat.parts import ChatParts
from bot.chat.replies import Talk, bold, joined, quoted
from bot.error_places import place as place_of
from bot.models import Draft
from directory import courts, disclosures, duty, exports, own_exports
from directory.own_exports import Made, Wanted
from directory.texts import CHINESE, Translate
from notifications.messages import local_time
from notifications.wording import Wording

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

KIND = "export"

#: How long a reason may be given.
LIFETIME = timedelta(minutes=10)


def _(msgid: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return msgid


FAILED = _("表格没有生成，请稍后再试。")
REFUSED = _("您不能在此下载这样的表格。")


async def command(talk: Talk, _words: str) -> None:
    """`/export`, in the private chat: the file at once."""
    _ = talk.html
    if talk.speaker.officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif not talk.private:
        await talk.reply(_("请私聊机器人发送 /export。"))
    elif not export_buttons.may(talk, "file"):
        await talk.reply(_("只有省级协调员可以下载通讯录表格。"))
    else:
        await _take(talk, "file", "")


async def pressed(talk: Talk, press: Press) -> None:
    """下载通讯录表格: the file; 含完整手机号: first the reason."""
    _ = talk.plain
    if not talk.private or not export_buttons.may(talk, press):
        talk.refuse(_(REFUSED))
        return
    talk.answer()
    if press == "file":
        await _take(talk, "file", "")
    else:
        await _ask(talk)


async def _ask(talk: Talk) -> None:
    draft = await drafts.begin(
        talk.session, kind=KIND, chat_id=talk.chat_id, telegram_id=talk.speaker.telegram_id,
        data={}, lifetime=LIFETIME, now=talk.now,
    )  # fmt: skip
    _, plain = talk.html, talk.plain
    lines = [
        bold(_("下载含完整手机号的通讯录表格")),
        _("请选择理由，或直接发送理由。将逐人记录，本人可以看到。"),
    ]
    rows = [
        {"text": plain(words), "data": drafts.encode(draft, reason)}
        for reason, words in disclosures.REASONS.items()
    ]
    last = [{"text": plain("取消"), "data": drafts.encode(draft, "no")}]
    draft.data = {"message": await talk.reply(joined(lines), [rows[:2], rows[2:], last])}


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """A reason that was typed; it is shown once more, since it may have been meant for somebody else."""
    if not talk.private:
        return False
    _, plain = talk.html, talk.plain
    reason = " ".join(text.split())[: disclosures.LONGEST_REASON]
    drafts.go_on(draft, {**draft.data, "reason": reason}, lifetime=LIFETIME, now=talk.now)
    await talk.edit(draft.data["message"], _("已收到理由，请看下方。"))
    lines = [
        bold(_("下载含完整手机号的通讯录表格")),
        _("下载理由：{reason}", reason=quoted(reason)),
        _("将逐人记录，本人可以看到。"),
    ]
    row = [
        {"text": plain("下载"), "data": drafts.encode(draft, "typed")},
        {"text": plain("取消"), "data": drafts.encode(draft, "no")},
    ]
    draft.data = {**draft.data, "message": await talk.reply(joined(lines), [row])}
    return True


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A reason, the typed one confirmed, or 取消."""
    _ = talk.plain
    reason = disclosures.REASONS.get(choice) or (
        draft.data.get("reason", "") if choice == "typed" else ""
    )
    if choice == "no":
        talk.answer()
        await cancel(talk, draft)
    elif not reason:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
    elif not export_buttons.may(talk, "full"):
        talk.refuse(_(REFUSED))
    else:
        talk.answer()
        await drafts.close(talk.session, draft, now=talk.now)
        await _take(talk, "full", reason, row=draft.data["message"])


async def cancel(talk: Talk, draft: Draft) -> None:
    """End the question for a reason; nothing is made."""
    await drafts.close(talk.session, draft, now=talk.now)
    await talk.edit(draft.data["message"], talk.html("已取消，没有下载。"))


async def _take(talk: Talk, press: Press, reason: str, row: int | None = None) -> None:
    """Have the file made once this transaction has committed; `row` is the message that tells of it."""
    _ = talk.html
    wanted = _wanted(talk, press, reason)
    until = await own_exports.begin(talk.session, wanted, now=talk.now)
    if until is None:
        said = _("正在生成通讯录表格…")
    else:
        zone = courts.zone_of(wanted.officer.court, talk.parts.desk.timezone)
        when = Wording(_).when(local_time(until, zone, talk.now))
        said = _(
            "一小时内最多下载 {count} 次，{until} 后可再次下载。",
            count=own_exports.PER_HOUR,
            until=when,
        )
    if row is None:
        row = await talk.reply(said)
    else:
        await talk.edit(row, said)
    if until is None:
        job = _Job(talk.parts, talk.chat_id, row, press, reason)
        talk.after.append(Afterwards("export", job.run))


def _wanted(talk: Talk, press: Press, reason: str) -> Wanted:
    officer = talk.speaker.officer
    if officer is None:
        message = "only officers take files along"
        raise AssertionError(message)
    return Wanted(
        officer=officer,
        viewer=talk.speaker.viewer,
        label=label(talk),
        numbers="full" if press == "full" else export_buttons.numbers(talk),
        reason=reason,
        channel=disclosures.CHAT,
        chinese=talk.locale == CHINESE,
    )


@dataclass(frozen=True, slots=True)
class _Job:
    """Make the file and say so in the message `row`."""

    parts: ChatParts
    chat_id: int
    row: int
    press: Press
    reason: str

    async def run(self) -> Iterable[Call]:
        """The file to be sent; nothing where it failed, which is said in the chat."""
        said = FAILED
        try:
            calls = await self._make()
            if calls is not None:
                return calls
            said = REFUSED
        except Exception as error:  # noqa: BLE001 -- whatever it was, the asker must not wait for ever
            log.warning("export_not_made", error=place_of(error))
        async with self.parts.database.transaction() as session:
            talk = await self._talk(session)
            await talk.edit(self.row, talk.html(said))
        return ()

    async def _make(self) -> Iterable[Call] | None:
        """The file, and its message told; None for who may have none any more."""
        full = self.press == "full"
        database = self.parts.database
        # Reading the nation must keep no writer waiting; whole numbers are written down as they are read.
        async with database.transaction() if full else database.reading() as session:
            talk = await self._talk(session)
            if not export_buttons.may(talk, self.press):
                # Posts may end between the press and now.
                return None
            wanted = _wanted(talk, self.press, self.reason)
            made = await own_exports.made(session, wanted, now=talk.now)
        content = await asyncio.to_thread(exports.workbook, made.sheets)
        async with database.transaction() as session:
            talk = await self._talk(session)
            await talk.edit(self.row, joined(_said(talk, wanted, made)), _rows(talk, self.press))
        return [SendFile(self.chat_id, file_name(talk, wanted), content)]

    async def _talk(self, session: AsyncSession) -> Talk:
        """The asker as they are by now."""
        now = self.parts.clock.now()
        user = User(self.chat_id, "", is_bot=False)
        speaker = await speaker_of(session, user, None, self.parts.desk, now=now)
        return Talk(self.parts, session, now, speaker, self.chat_id, private=True)


def file_name(talk: Talk, wanted: Wanted) -> str:
    """What the file is called: where and of which day."""
    _ = talk.plain
    day = duty.local_day(wanted.officer.court, talk.now, talk.parts.desk.timezone)
    where = _where(wanted, _)
    return own_exports.file_name(wanted.numbers, where, day, _)


def _where(wanted: Wanted, translate: Translate) -> str:
    _ = translate
    court = wanted.officer.court
    return own_exports.place(wanted.viewer, court, wanted.numbers) or _("全国")


def _said(talk: Talk, wanted: Wanted, made: Made) -> list[str]:
    """What is in the file, and what to do with it."""
    _ = talk.html
    where = _where(wanted, _)
    counts = {"courts": made.courts, "people": made.people}
    lines = [
        bold(_("✅ 通讯录表格　{where}", where=where)),
        _("{courts} 个法院，{people} 人，见下方文件", **counts),
        *_numbers_said(wanted, made, _),
    ]
    if not export_buttons.may(talk, "full") and own_exports.reach(wanted.viewer, "full"):
        lines.append(_("含完整手机号的表格只在网页下载：/web 登录，打开“通讯录”。"))
    if own_exports.returns(wanted.viewer, wanted.numbers):
        lines.append(_("改好保存后，把文件发回给我：先列出变化，您确认后才导入。"))
    return lines


def _numbers_said(wanted: Wanted, made: Made, translate: Translate) -> list[str]:
    """How the numbers stand in the file."""
    _ = translate
    match wanted.numbers:
        case "full":
            shown = _("含 {count} 人的完整手机号，已逐人记录，请勿转发。", count=made.shown)
            reason = disclosures.reason_said(wanted.reason, _)
            return [shown, _("下载理由：{reason}", reason=reason)]
        case "masked":
            return [_("手机号已遮蔽（138****1234），原样保留即不变；要更改就写新号码。")]
        case "hidden":
            return [_("手机号已隐藏（****），原样保留即不变；要更改就写新号码。")]


def _rows(talk: Talk, press: Press) -> list[list[dict[str, str]]]:
    return export_buttons.full_button(talk) if press == "file" else []
