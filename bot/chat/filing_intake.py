"""`/file` in one line or many: reads, previews, and files by one tap. Step by step is `filing_dialogue`'s."""

from collections.abc import Sequence
from datetime import timedelta

from bot.chat import drafts, filing_dialogue, pasted_rows
from bot.chat.filing_rows import Judge, Judged, case_type_names, line_fault, named
from bot.chat.filing_submission import file_all, may_begin
from bot.chat.pasted_rows import Paste
from bot.chat.replies import Talk, bold, fitting, joined
from bot.models import Draft
from directory import courts

#: How long a previewed table waits for its tap.
LIFETIME = timedelta(minutes=30)

KIND = "paste"


async def command(talk: Talk, words: str) -> None:
    """`/file`, with one line, with many, or without any."""
    if not await may_begin(talk):
        return
    if not words.strip():
        await filing_dialogue.begin(talk)
        return
    paste = pasted_rows.parse(words)
    if len(paste.rows) == 1 and not paste.faults and not paste.headed:
        await _one_line(talk, paste)
    else:
        await preview(talk, paste)


async def pasted(talk: Talk, text: str) -> bool:
    """Rows pasted into a private chat without a command; False when the text is something else."""
    paste = pasted_rows.parse(text)
    if not paste.is_meant_as_rows:
        return False
    if await may_begin(talk):
        await preview(talk, paste)
    return True


async def _one_line(talk: Talk, paste: Paste) -> None:
    [judged] = await Judge(talk).all(paste.rows)
    if judged.unclear is not None:
        row = paste.rows[0]
        await filing_dialogue.go_on_with(talk, judged, row)
    elif judged.fault is not None:
        _ = talk.html
        await talk.reply(joined([_("未立案：{reference}", reference=judged.text), judged.fault]))
    else:
        await talk.reply(await file_all(talk, [judged.values]))


async def preview(talk: Talk, paste: Paste) -> None:
    """Say how many would be taken and, line by line, what would not and why; wait for a tap."""
    _ = talk.html
    judged = await Judge(talk).all(paste.rows)
    good = [item for item in judged if item.fault is None]
    bad = sorted(
        [(item.line, item.text, item.fault) for item in judged if item.fault is not None]
        + [(fault.line, fault.text[:20], line_fault(fault, _)) for fault in paste.faults]
    )
    head = bold(_("可以立案 {good} 件，有问题 {bad} 行", good=len(good), bad=len(bad)))
    lines = [
        _("第 {line} 行　{text}：{fault}", line=line, text=text, fault=fault)
        for line, text, fault in bad
    ]
    if not good:
        tail = _("没有可以立案的行，请改正后重新发送。")
        await talk.reply(joined([head, *fitting(lines, _, room=3600), "", tail]))
        return
    taken = fitting(await _shown(talk, good), _, room=1400)
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"rows": [dict(item.values) for item in good]},
        lifetime=LIFETIME,
        now=talk.now,
    )
    buttons = [
        [
            {
                "text": _("立案（{count} 件）", count=len(good)),
                "data": drafts.encode(draft, "file"),
            },
            {"text": _("取消"), "data": drafts.encode(draft, "cancel")},
        ]
    ]
    problems = ["", *fitting(lines, _, room=2200)] if lines else []
    row = await talk.reply(joined([head, *taken, *problems]), buttons)
    draft.data = {**draft.data, "message": row}


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """The tap under a preview: file all good lines, or none; once."""
    _ = talk.plain
    if not await drafts.close(talk.session, draft, now=talk.now):
        talk.refuse(_("该操作此前已处理。"))
        return
    if choice == "cancel":
        talk.answer(_("已取消。"))
        _ = talk.html
        await talk.edit(draft.data["message"], _("已取消，没有立案。"))
        return
    # Somebody may have left, or lost a post, since the preview.
    text = await file_all(talk, draft.data["rows"])
    await talk.edit(draft.data["message"], text)
    talk.answer(_("已处理，结果见消息。"))


async def _shown(talk: Talk, good: Sequence[Judged]) -> list[str]:
    """The lines that would be taken, as they were understood."""
    _ = talk.html
    found = await courts.many(
        talk.session,
        {item.values[f] for item in good for f in ("collaborating_court", "jurisdiction_court")},
    )
    types = case_type_names(_)
    return [
        _(
            "{reference}　{collaborating} → {jurisdiction}　{type}",
            reference=item.values["reference"],
            collaborating=named(found[item.values["collaborating_court"]]),
            jurisdiction=named(found[item.values["jurisdiction_court"]]),
            type=types[item.values["case_type"]],
        )
        for item in good
    ]
