"""Where the questions of a new form come from: a shipped form, a spreadsheet, typed lines. What follows is `form_draft`'s."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from telegram import Document

from bot.chat import document_words, draft_steps, drafts, spreadsheet_jobs
from bot.chat.after_commit import SendFile
from bot.chat.chat_files import ReadFile
from bot.chat.notice_draft import LIFETIME, keep, say
from bot.chat.replies import Talk, bold, fitting
from bot.models import Draft
from notifications import form_file, form_template, shipped_forms
from notifications.form_file import FormFile
from notifications.form_rules import LONGEST_TITLE, Question


def _(msgid: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return msgid


FAILED = _("文件没有读取成功，题目不变。请重新发送。")

#: How typed questions look.
_EXAMPLE = _(
    "大厅有无跨域立案窗口？\n扫描设备有几台？｜数字｜台\n窗口何时开放？｜单选｜全天；半天；不固定\n需要协调的问题｜文字"
)


@dataclass(frozen=True, slots=True)
class Sources:
    """One conversation's way: `go_on` takes the next step, below what was said or in its place."""

    go_on: Callable[..., Awaitable[None]]

    async def ask(
        self, talk: Talk, draft: Draft, fault: str = "", *, below: bool | None = None
    ) -> None:
        """Ask where the questions come from."""
        _ = talk.html
        text = _("填报什么？请选择现成的表，或自拟题目：")
        ready = [
            [{"text": shipped_forms.shipped(key, talk.locale).title, "data": f"ready={key}"}]
            for key in shipped_forms.KEYS
        ]
        own = [{"text": _("上传表格"), "data": "file"}, {"text": _("逐题输入"), "data": "type"}]
        await draft_steps.ask(talk, draft, "questions", fault, text, [*ready, own], below=below)

    async def chosen(self, talk: Talk, draft: Draft, choice: str) -> bool:
        """A button under the question; False for any other."""
        kind, _equals, value = choice.partition("=")
        if kind == "ready" and value in shipped_forms.KEYS:
            talk.answer()
            await self._ready(talk, draft, value)
        elif choice == "file":
            talk.answer()
            await self._ask_file(talk, draft)
        elif choice == "type":
            talk.answer()
            await self._ask_lines(talk, draft)
        else:
            return False
        return True

    async def _ready(self, talk: Talk, draft: Draft, key: str) -> None:
        form = shipped_forms.shipped(key, talk.locale)
        keep(
            talk,
            draft,
            questions=[one.as_json() for one in form.questions],
            template=form.key,
            title=form.title,
            text=form.text,
        )
        await self.go_on(talk, draft)

    # A spreadsheet

    async def _ask_file(self, talk: Talk, draft: Draft) -> None:
        _ = talk.html
        keep(talk, draft, asking="questions")
        lines = [_("请把题目文件（.xlsx 或 .csv）发给我：每题一行。模板见下，各类题目都有一例。")]
        await say(talk, draft, lines, [[_button(draft, _("返回"), "questions")]])
        talk.after.append(SendFile(talk.chat_id, form_template.NAME, form_template.written()))

    async def received(self, talk: Talk, draft: Draft, document: Document) -> None:
        """The file: it is fetched and read once this transaction has committed."""
        await spreadsheet_jobs.received(
            talk, draft, document, self._read, failed=FAILED, lifetime=LIFETIME
        )

    async def _read(self, talk: Talk, draft: Draft, read: ReadFile) -> None:
        _ = talk.html
        found = form_file.read(read.tables, read.faults, file=read.name)
        head = bold(_("题目文件 {name}", name=read.name))
        title = read.name.rpartition(".")[0].strip()[:LONGEST_TITLE]
        await self._take(talk, draft, found, head, title=title, below=False)

    # Typed lines

    async def _ask_lines(self, talk: Talk, draft: Draft) -> None:
        _ = talk.html
        keep(talk, draft, asking="lines")
        lines = [
            _("请发送题目，每行一题：题目｜类型｜选项。"),
            _(
                "类型为 是否、单选、数字、文字、图片，不写即为“是否”；单选的选项用分号隔开，数字可写单位。例如："
            ),
            _(_EXAMPLE),
        ]
        await say(talk, draft, lines, [[_button(draft, _("返回"), "questions")]])

    async def typed(self, talk: Talk, draft: Draft, text: str) -> None:
        """Questions as lines."""
        await self._take(talk, draft, form_file.typed(text), bold(talk.html("题目")), below=True)

    async def _take(
        self, talk: Talk, draft: Draft, found: FormFile, head: str, *, below: bool, title: str = ""
    ) -> None:
        _ = talk.html
        if found.faults:
            lines = [
                head,
                _("有 {count} 处错误，题目不变。改正后请重新发送：", count=len(found.faults)),
                *document_words.fault_lines(found.faults, _),
            ]
            await say(talk, draft, lines, [[_button(draft, _("返回"), "questions")]], below=below)
            return
        more: dict[str, Any] = {"title": title} if title and not draft.data.get("title") else {}
        questions = [one.as_json() for one in found.questions]
        keep(talk, draft, questions=questions, template=None, **more)
        await self.go_on(talk, draft, below=below)


def _button(draft: Draft, text: str, choice: str) -> dict[str, str]:
    return {"text": text, "data": drafts.encode(draft, choice)}


def listed(talk: Talk, questions: list[Question]) -> list[str]:
    """The questions under their headings, each with its kind and what may be answered."""
    _ = talk.html
    lines: list[str] = []
    heading = ""
    for number, one in enumerate(questions, 1):
        if one.heading != heading:
            heading = one.heading
            lines.append(bold(heading))
        lines.append(
            _(
                "{number}. {question}（{kind}）",
                number=number,
                question=one.text,
                kind=kind(talk, one),
            )
        )
    return fitting(lines, _)


def kind(talk: Talk, one: Question) -> str:
    """What kind of answer a question wants, with options or range, and whether it may be skipped."""
    _ = talk.html
    words = {
        "yes_no": _("是否"),
        "choice": _("单选：{options}", options=_("；").join(one.options)),
        "number": _("数字"),
        "text": _("文字"),
        "picture": _("图片"),
    }
    said = words[one.kind]
    if one.unit:
        said = _("{figure}（{unit}）", figure=said, unit=one.unit)
    return said if one.required else _("{kind}，可跳过", kind=said)
