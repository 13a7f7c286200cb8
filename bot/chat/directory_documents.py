"""A directory file that a coordinator sends to the bot: read apart, its plan shown, brought in when they say so.

The download and the reading are no part of the update's transaction: they follow its commit. Nothing of
the file is kept: 导入 fetches it again, and what it would do by then must be what was shown.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Document, User

from bot.chat import chat_files, document_words, drafts
from bot.chat.access import speaker_of
from bot.chat.after_commit import Afterwards
from bot.chat.chat_files import ReadFile, Unfetched
from bot.chat.parts import ChatParts
from bot.chat.replies import Talk, bold, joined, quoted
from bot.error_places import place
from bot.models import Draft
from directory import access, changes, duty, imports, officers
from directory.access import Subject
from directory.import_plan import Plan, Refusal
from directory.import_scope import Scoped, within
from notifications import corrections
from notifications.told import Voice

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

KIND = "document"

#: How long a plan may be looked at.
LIFETIME = timedelta(hours=2)


async def received(talk: Talk, document: Document) -> None:
    """A file in the private chat; groups are not listened to."""
    _ = talk.html
    officer = talk.speaker.officer
    if not talk.private or talk.speaker.hidden:
        return
    own = Subject(officer.court_code, officer.court.province) if officer is not None else None
    name = document.file_name or ""
    if own is None or not access.may(talk.speaker.viewer, "import", own):
        await talk.reply(_("只有省级协调员可以把通讯录文件发给我导入。"))
    elif not name.lower().endswith(chat_files.KINDS):
        await talk.reply(_("请发送 .xlsx 或 .csv 文件。"))
    elif (document.file_size or 0) > chat_files.LARGEST:
        await talk.reply(_too_large(talk))
    else:
        draft = await drafts.begin(
            talk.session, kind=KIND, chat_id=talk.chat_id, telegram_id=talk.speaker.telegram_id,
            data={"file": document.file_id, "name": name[-80:], "replace": False},
            lifetime=LIFETIME, now=talk.now,
        )  # fmt: skip
        row = await talk.reply(_("已收到 {name}，正在读取…", name=quoted(name)))
        draft.data = {**draft.data, "message": row}
        _follow(talk, draft, "show")


def _too_large(talk: Talk) -> str:
    return talk.html("文件超过 {size} MB，请分成几个文件。", size=chat_files.LARGEST // 2**20)


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """导入, 取消, or whether the file names everybody of its courts."""
    _ = talk.plain
    if choice == "no":
        await drafts.close(talk.session, draft, now=talk.now)
        talk.answer()
        await talk.edit(draft.data["message"], talk.html("已取消，什么也没有导入。"))
    elif choice in {"whole", "part"}:
        talk.answer()
        _go_on(talk, draft, {**draft.data, "replace": choice == "whole"})
        await talk.edit(draft.data["message"], talk.html("正在重新核对…"))
        _follow(talk, draft, "show")
    elif choice == "import" and "plan" in draft.data:
        talk.answer()
        _go_on(talk, draft, draft.data)
        await talk.edit(draft.data["message"], talk.html("正在导入…"))
        _follow(talk, draft, "write")
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


def _go_on(talk: Talk, draft: Draft, data: dict[str, Any]) -> None:
    drafts.go_on(draft, data, lifetime=LIFETIME, now=talk.now)


def _follow(talk: Talk, draft: Draft, step: str) -> None:
    """Have the file read once this transaction has committed."""
    job = _Job(talk.parts, draft.id, draft.nonce, talk.chat_id, draft.data["file"], step)
    talk.after.append(Afterwards("document", job.run))


def _(msgid: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return msgid


FAILED = _("文件没有读取成功，什么也没有导入。请重新发送。")


@dataclass(frozen=True, slots=True)
class _Job:
    """Fetch the file and say, or do, what it would change; `nonce` is the step that asked for it."""

    parts: ChatParts
    draft_id: int
    nonce: str
    chat_id: int
    file_id: str
    step: str

    async def run(self) -> None:
        """Do it; whatever goes wrong is said in the chat, and nothing is imported then."""
        try:
            read = await self._fetch()
            if self.step == "write":
                await self._write(read)
            else:
                await self._show(read)
        except Unfetched as failed:
            await self._fail(failed.said)
        except Exception as error:  # noqa: BLE001 -- whatever it was, the sender must not wait for ever
            log.warning("document_not_read", error=place(error))
            await self._fail(FAILED)

    async def _fetch(self) -> ReadFile:
        name = ""
        async with self.parts.database.reading() as session:
            draft = await session.get(Draft, self.draft_id)
            name = draft.data["name"] if draft is not None else ""
        return await chat_files.fetch(self.parts.bot, self.file_id, name)

    async def _show(self, read: ReadFile) -> None:
        """Make the plan, and show it with its buttons."""
        now = self.parts.clock.now()
        async with self.parts.database.reading() as session:
            talk = await self._talk(session)
            draft = await session.get(Draft, self.draft_id)
            if talk is None or draft is None:
                return
            found = await _planned(talk, read, whole=draft.data["replace"])
        async with self.parts.database.transaction() as session:
            talk = await self._talk(session)
            draft = await self._mine(session)
            if talk is None or draft is None or not drafts.is_open(draft, now=now):
                return
            await _say(talk, draft, read, found)

    async def _write(self, read: ReadFile) -> None:
        """Bring the file in, if it would still do what was shown; else show what it would do now."""
        now = self.parts.clock.now()
        async with self.parts.database.transaction() as session:
            await changes.lock(session)
            talk = await self._talk(session)
            draft = await self._mine(session)
            if talk is None or draft is None or not drafts.is_open(draft, now=now):
                return
            found = await _planned(talk, read, whole=draft.data["replace"])
            same = isinstance(found.plan, Plan) and _digest(found) == draft.data["plan"]
            if not same or read.digest != draft.data["digest"]:
                await _say(talk, draft, read, found, again=True)
                return
            done = await imports.bring_in(
                session, found.scoped.tables, replace_courts=found.replaced,
                who=found.who, today=found.today, now=now,
                timezone=self.parts.desk.timezone,
            )  # fmt: skip
            # The import is written past the session, which has forgotten everything since.
            await session.refresh(draft)
            await corrections.settle(session, Voice(self.parts.texts, self.parts.desk), now=now)
            await drafts.close(session, draft, now=now)
            _ = talk.html
            lines = [bold(_("✅ 已导入 {name}", name=draft.data["name"]))]
            if isinstance(done, Plan):
                lines += document_words.plan_lines(done, found.scoped, _)
                if done.import_id is not None:
                    lines.append(
                        _("导入编号 {number}，如有误可由管理员撤销。", number=done.import_id)
                    )
            await talk.edit(draft.data["message"], joined(lines))

    async def _fail(self, said: str) -> None:
        async with self.parts.database.transaction() as session:
            talk = await self._talk(session)
            draft = await self._mine(session)
            if talk is not None and draft is not None:
                await drafts.close(session, draft, now=talk.now)
                await talk.edit(draft.data["message"], talk.html(said))

    async def _mine(self, session: AsyncSession) -> Draft | None:
        """The conversation, unless it has gone on to another step meanwhile."""
        draft = await session.get(Draft, self.draft_id, with_for_update=True)
        return draft if draft is not None and draft.nonce == self.nonce else None

    async def _talk(self, session: AsyncSession) -> Talk | None:
        """The sender as they are by now; None once they may import nothing any more."""
        now = self.parts.clock.now()
        user = User(self.chat_id, "", is_bot=False)
        speaker = await speaker_of(session, user, None, self.parts.desk, now=now)
        officer = speaker.officer
        if officer is None:
            return None
        own = Subject(officer.court_code, officer.court.province)
        if not access.may(speaker.viewer, "import", own):
            return None
        return Talk(self.parts, session, now, speaker, self.chat_id, private=True)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a file would do, of what its sender may."""

    scoped: Scoped
    plan: Plan | Refusal
    replaced: Sequence[str]
    who: str
    today: date


async def _planned(talk: Talk, read: ReadFile, *, whole: bool) -> _Found:
    session, viewer, officer = talk.session, talk.speaker.viewer, talk.speaker.officer
    if officer is None:
        message = "only officers send files"
        raise AssertionError(message)
    existing = await imports.load(session)
    scoped = within(
        read.tables,
        existing.courts,
        existing.officers,
        lambda subject: access.may(viewer, "import", subject),
    )
    replaced = scoped.fewer if whole else ()
    who, today = (
        officers.subject(officer),
        duty.local_day(officer.court, talk.now, talk.parts.desk.timezone),
    )
    plan: Plan | Refusal = Refusal(read.faults)
    if not read.faults:
        plan = await imports.preview(
            session, scoped.tables, replace_courts=replaced, today=today, who=who,
            timezone=talk.parts.desk.timezone,
        )  # fmt: skip
    return _Found(scoped, plan, replaced, who, today)


def _digest(found: _Found) -> str:
    """What would be written, in a few characters."""
    plan = found.plan
    if isinstance(plan, Refusal):
        return ""
    shown = repr((plan.added, plan.changed, plan.departed, plan.released))
    return hashlib.sha256(shown.encode()).hexdigest()


async def _say(
    talk: Talk, draft: Draft, read: ReadFile, found: _Found, *, again: bool = False
) -> None:
    """Show the plan with 导入 and 取消, or why there is none."""
    _ = talk.html
    plain = talk.plain
    message = draft.data["message"]
    head = [bold(_("导入预览：{name}", name=draft.data["name"]))]
    if again:
        head.append(_("通讯录刚刚有变化，请再看一次："))
    if isinstance(found.plan, Refusal):
        lines = [
            *head,
            _("有 {count} 处错误，没有导入。改正后请重新发送：", count=len(found.plan.faults)),
        ]
        lines += document_words.fault_lines(found.plan.faults, _)
        await drafts.close(talk.session, draft, now=talk.now)
        await talk.edit(message, joined([*lines, *document_words.left_out_lines(found.scoped, _)]))
        return
    if found.plan.is_empty and not found.scoped.fewer:
        lines = [*head, _("没有变化，无需导入。"), *document_words.left_out_lines(found.scoped, _)]
        await drafts.close(talk.session, draft, now=talk.now)
        await talk.edit(message, joined(lines))
        return
    data = {**draft.data, "plan": _digest(found), "digest": read.digest}
    _go_on(talk, draft, data)
    lines = [*head, *document_words.plan_lines(found.plan, found.scoped, _)]
    rows = [[{"text": plain("取消"), "data": drafts.encode(draft, "no")}]]
    if not found.plan.is_empty:
        rows[0].insert(0, {"text": plain("导入"), "data": drafts.encode(draft, "import")})
    if found.replaced:
        label = plain("只更新文件所列人员")
        rows.append([{"text": label, "data": drafts.encode(draft, "part")}])
    elif found.scoped.fewer:
        lines.append(
            _(
                "文件没有列全以下法院的现有人员：{courts}。未列出的保持不变。",
                courts=_("、").join(found.scoped.fewer[:10]),
            )
        )
        label = plain("文件即全部人员，未列出的离任")
        rows.append([{"text": label, "data": drafts.encode(draft, "whole")}])
    await talk.edit(message, joined(lines), rows)
