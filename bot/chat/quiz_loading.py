"""A quiz brought in from a spreadsheet that a coordinator sends; its faults named by line and column. Takes no answers."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Document, User

from bot.chat import chat_files, document_words, drafts, notice_rights
from bot.chat.access import speaker_of
from bot.chat.after_commit import Afterwards, SendFile
from bot.chat.chat_files import Unfetched
from bot.chat.parts import ChatParts
from bot.chat.replies import Talk, bold, joined, quoted
from bot.error_places import place
from bot.models import Draft
from notifications import quiz_file, quiz_template, quizzes, training, training_rules
from notifications.notice_audience import may_look_after
from notifications.quiz_file import QuizFile
from notifications.training_models import TrainingSession

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

KIND = "train_quiz"

#: How long the file is waited for.
LIFETIME = timedelta(hours=1)


def _(msgid: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return msgid


FAILED = _("文件没有读取成功，测验不变。请重新发送。")


async def ask(talk: Talk, held: TrainingSession) -> None:
    """Ask for the file, and send the template."""
    _ = talk.html
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"training": held.id},
        lifetime=LIFETIME,
        now=talk.now,
    )
    known = await quizzes.questions_of(talk.session, held.id)
    lines = [
        bold(_("培训 {number}　{title}", number=held.id, title=held.title)),
        _("现有测验：{count} 题", count=len(known)) if known else _("尚无测验。"),
        _("请把测验文件（.xlsx 或 .csv）发给我：每题一行，写明选项和正确答案。模板见下。"),
        _(
            "培训开始后可做；答对 {percent}% 通过，未通过的 {minutes} 分钟后可再做，最多 {most} 次。",
            percent=training_rules.PASS_PERCENT,
            minutes=int(training_rules.RETRY_AFTER.total_seconds()) // 60,
            most=training_rules.MOST_TRIES,
        ),
    ]
    cancel = [{"text": _("取消"), "data": drafts.encode(draft, "no")}]
    draft.data = {**draft.data, "message": await talk.reply(joined(lines), [cancel])}
    talk.after.append(SendFile(talk.chat_id, quiz_template.NAME, quiz_template.written()))


async def chosen(talk: Talk, draft: Draft, _choice: str) -> None:
    """取消: no file is waited for any more."""
    _ = talk.html
    talk.answer()
    await drafts.close(talk.session, draft, now=talk.now)
    await talk.edit(draft.data["message"], _("已取消，测验不变。"))


async def received(talk: Talk, draft: Draft, document: Document) -> None:
    """The file: it is fetched and read once this transaction has committed."""
    _ = talk.html
    name = (document.file_name or "")[-80:]
    if not name.lower().endswith(chat_files.KINDS):
        await talk.reply(_("请发送 .xlsx 或 .csv 文件。"))
        return
    row = await talk.reply(_("已收到 {name}，正在读取…", name=quoted(name)))
    drafts.go_on(draft, {**draft.data, "message": row}, lifetime=LIFETIME, now=talk.now)
    job = _Job(talk.parts, draft.id, draft.nonce, talk.chat_id, document.file_id, name)
    talk.after.append(Afterwards("quiz", job.run))


@dataclass(frozen=True, slots=True)
class _Job:
    """Fetch the file, check it, and take its questions; `nonce` is the step that asked for it."""

    parts: ChatParts
    draft_id: int
    nonce: str
    chat_id: int
    file_id: str
    name: str

    async def run(self) -> None:
        """Do it; whatever goes wrong is said in the chat, and nothing is changed then."""
        try:
            read = await chat_files.fetch(self.parts.bot, self.file_id, self.name)
            found = quiz_file.read(read.tables, read.faults, file=self.name)
            await self._take(found)
        except Unfetched as failed:
            await self._fail(failed.said)
        except Exception as error:  # noqa: BLE001 -- whatever it was, the sender must not wait for ever
            log.warning("quiz_not_read", error=place(error))
            await self._fail(FAILED)

    async def _take(self, found: QuizFile) -> None:
        async with self.parts.database.transaction() as session:
            draft = await session.get(Draft, self.draft_id, with_for_update=True)
            if draft is None or draft.nonce != self.nonce or draft.done_at is not None:
                return
            talk = await self._talk(session)
            held = await training.hold(session, draft.data["training"])
            if held is None or not _leads(talk, held):
                return
            await talk.edit(draft.data["message"], await self._said(talk, draft, held, found))

    async def _said(self, talk: Talk, draft: Draft, held: TrainingSession, found: QuizFile) -> str:
        _ = talk.html
        if found.faults:
            lines = [
                bold(_("测验文件 {name}", name=self.name)),
                _("有 {count} 处错误，测验不变。改正后请重新发送：", count=len(found.faults)),
                *document_words.fault_lines(found.faults, _),
            ]
            return joined(lines)
        who = talk.speaker.actor.who
        taken = await quizzes.load(talk.session, held, found.questions, who, now=talk.now)
        await drafts.close(talk.session, draft, now=talk.now)
        if not taken:
            return _("已有人开始做测验，题目不能再更换。")
        return _(
            "✅ 已载入测验：{count} 题（培训 {number}　{title}）",
            count=len(found.questions), number=held.id, title=held.title,
        )  # fmt: skip

    async def _fail(self, said: str) -> None:
        async with self.parts.database.transaction() as session:
            draft = await session.get(Draft, self.draft_id, with_for_update=True)
            if draft is not None and draft.nonce == self.nonce:
                talk = await self._talk(session)
                await talk.edit(draft.data["message"], talk.html(said))

    async def _talk(self, session: AsyncSession) -> Talk:
        """The sender as they are by now."""
        now = self.parts.clock.now()
        user = User(self.chat_id, "", is_bot=False)
        speaker = await speaker_of(session, user, None, self.parts.desk, now=now)
        return Talk(self.parts, session, now, speaker, self.chat_id, private=True)


def _leads(talk: Talk, held: TrainingSession) -> bool:
    return may_look_after(held.province, notice_rights.reach(talk.speaker), talk.speaker.province)
