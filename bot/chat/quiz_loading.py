"""A quiz brought in from a spreadsheet that a coordinator sends; its faults named by line and column. Takes no answers."""

from datetime import timedelta

from telegram import Document

from bot.chat import document_words, drafts, notice_rights, spreadsheet_jobs
from bot.chat.after_commit import SendFile
from bot.chat.chat_files import ReadFile
from bot.chat.replies import Talk, bold, joined
from bot.models import Draft
from notifications import quiz_file, quiz_template, quizzes, training, training_rules
from notifications.notice_audience import may_look_after
from notifications.training_models import TrainingSession

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
        _("请把测验文件（.xlsx 或 .csv）发给我：每题一行，写明选项和正确答案。模板已发给您。"),
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
    talk.answer()
    await cancel(talk, draft)


async def cancel(talk: Talk, draft: Draft) -> None:
    """No file is waited for any more; the quiz stays as it was."""
    _ = talk.html
    await drafts.close(talk.session, draft, now=talk.now)
    await talk.edit(draft.data["message"], _("已取消，测验不变。"))


async def received(talk: Talk, draft: Draft, document: Document) -> None:
    """The file: it is fetched and read once this transaction has committed."""
    await spreadsheet_jobs.received(talk, draft, document, _take, failed=FAILED, lifetime=LIFETIME)


async def _take(talk: Talk, draft: Draft, read: ReadFile) -> None:
    held = await training.hold(talk.session, draft.data["training"])
    if held is not None and _leads(talk, held):
        await talk.edit(draft.data["message"], await _said(talk, draft, held, read))


async def _said(talk: Talk, draft: Draft, held: TrainingSession, read: ReadFile) -> str:
    _ = talk.html
    found = quiz_file.read(read.tables, read.faults, file=read.name)
    if found.faults:
        lines = [
            bold(_("测验文件 {name}", name=read.name)),
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


def _leads(talk: Talk, held: TrainingSession) -> bool:
    return may_look_after(held.province, notice_rights.reach(talk.speaker), talk.speaker.province)
