"""`/file` step by step: asks for what is missing, offers choices as buttons, files after a confirmation."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.chat import drafts, pasted_rows
from bot.chat.filing_rows import (
    MOST_CHOICES,
    Judged,
    case_type_fault,
    case_type_names,
    court_fault,
    field_name,
    named,
    pair_fault,
    right_fault,
)
from bot.chat.filing_submission import file_all, may_begin
from bot.chat.pasted_rows import FIELDS, Field, Row
from bot.chat.replies import Buttons, Talk, joined
from bot.models import Draft
from directory import courts
from directory.models import Court
from notifications import filings
from notifications.errors import BadReference
from notifications.filings import CASE_TYPES

#: How long the next answer is waited for.
LIFETIME = timedelta(minutes=30)

KIND = "file"

_COURTS: tuple[Field, ...] = ("collaborating_court", "jurisdiction_court")
_TYPES = tuple(CASE_TYPES)


async def begin(talk: Talk, *, jurisdiction: Court | None = None) -> None:
    """Start with nothing known, or from the card of the jurisdiction court."""
    draft = await _open(talk, {"jurisdiction_court": jurisdiction.code} if jurisdiction else {})
    await _ask(talk, draft)


async def go_on_with(talk: Talk, judged: Judged, row: Row) -> None:
    """Continue a typed line in which one court's name may mean several."""
    known: dict[str, Any] = dict(judged.values.items())
    if (code := pasted_rows.case_type(row.case_type)) is not None:
        known["case_type"] = code
    draft = await _open(talk, known)
    if judged.unclear == "collaborating_court":
        # What follows is judged once this is clear; the words are kept for then.
        draft.data = {**draft.data, "later": row.jurisdiction_court}
    await _offer(talk, draft, judged.unclear or "reference", judged.choices, judged.fault or "")


async def _open(talk: Talk, known: Mapping[str, Any]) -> Draft:
    return await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"known": dict(known)},
        lifetime=LIFETIME,
        now=talk.now,
    )


async def answered(talk: Talk, draft: Draft, text: str) -> None:
    """A typed answer to the question asked last."""
    if not await may_begin(talk):
        return
    words, field = text.strip(), draft.data.get("asking", "reference")
    if field == "reference":
        await _take_reference(talk, draft, words)
    elif field in _COURTS:
        await _take_court(talk, draft, field, words)
    elif field == "case_type":
        code = pasted_rows.case_type(words)
        if code is None:
            await _ask(talk, draft, case_type_fault(words, talk.html))
        else:
            await _known(talk, draft, "case_type", code)
    else:
        _ = talk.html
        await _ask(talk, draft, _("请点下方按钮确认或取消。"))


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A button of the dialogue."""
    _ = talk.plain
    field = draft.data.get("asking")
    kind, _colon, value = choice.partition("=")
    if kind == "cancel":
        await cancel(talk, draft)
        talk.answer(_("已取消。"))
    elif not talk.speaker.answers:
        talk.refuse(_("您今日没有可办理立案的岗位，请联系A岗或B岗。"))
    elif kind == "court" and field in _COURTS:
        talk.answer()
        await _take_court(talk, draft, field, value)
    elif kind == "type" and field == "case_type" and value in {str(n) for n in range(len(_TYPES))}:
        talk.answer()
        await _known(talk, draft, "case_type", _TYPES[int(value)])
    elif kind == "file" and field == "confirm":
        await _file(talk, draft)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def cancel(talk: Talk, draft: Draft) -> None:
    """End it without filing."""
    _ = talk.html
    await drafts.close(talk.session, draft, now=talk.now)
    if (row := draft.data.get("message")) is not None:
        await talk.edit(row, _("已取消，没有立案。"))


async def _take_reference(talk: Talk, draft: Draft, words: str) -> None:
    _ = talk.html
    if not filings.is_reference(words):
        await _ask(talk, draft, talk.fault(BadReference, reference=words[:80]))
    elif await filings.find(talk.session, words) is not None:
        fault = _("编号 {reference} 已立案，请核对，或用 /cancel 取消。", reference=words)
        await _ask(talk, draft, fault)
    else:
        await _known(talk, draft, "reference", words)


async def _take_court(talk: Talk, draft: Draft, field: Field, words: str) -> None:
    found = await talk.court_meant(words)
    if found.court is None:
        await _offer(
            talk, draft, field, found.choices, court_fault(field, words[:80], found, talk.html)
        )
        return
    fault = await _fault_of(talk, draft, field, found.court)
    if fault is not None:
        await _ask(talk, draft, fault)
    else:
        await _known(talk, draft, field, found.court.code)


async def _fault_of(talk: Talk, draft: Draft, field: Field, court: Court) -> str | None:
    if field == "collaborating_court":
        fault = right_fault(talk, court)
        known = draft.data["known"].get("jurisdiction_court")
        if fault is not None or known is None:
            return fault
        return pair_fault(talk, court, await courts.get(talk.session, known))
    known = draft.data["known"].get("collaborating_court")
    if known is None:
        return None
    return pair_fault(talk, await courts.get(talk.session, known), court)


async def _known(talk: Talk, draft: Draft, field: Field, value: str) -> None:
    later = draft.data.get("later")
    data = {"known": {**draft.data["known"], field: value}}
    draft.data = data
    if later is not None and field == "collaborating_court":
        draft.data = {**data, "asking": "jurisdiction_court"}
        await _take_court(talk, draft, "jurisdiction_court", later)
    else:
        await _ask(talk, draft)


async def _ask(talk: Talk, draft: Draft, fault: str = "") -> None:
    """Ask for the first thing missing, or for the confirmation."""
    known = draft.data["known"]
    for field in FIELDS:
        if field not in known:
            own = [talk.speaker.linked.court] if talk.speaker.linked else []
            offered = own if field == "collaborating_court" else []
            await _offer(talk, draft, field, offered, fault)
            return
    await _confirm(talk, draft, fault)


async def _offer(
    talk: Talk, draft: Draft, field: Field, choices: Sequence[Court], fault: str
) -> None:
    _ = talk.html
    questions = {
        "reference": _("请发送编号（1/4）。"),
        "collaborating_court": _("协作法院（接收材料的法院）：请点按钮，或发送代字、名称（2/4）。"),
        "jurisdiction_court": _("管辖法院（有管辖权的法院）：请发送代字或名称（3/4）。"),
        "case_type": _("案件类型：请点按钮（4/4）。"),
    }
    drafts.go_on(draft, {**draft.data, "asking": field}, lifetime=LIFETIME, now=talk.now)
    lines = [fault] if fault else []
    if not (fault and choices):
        lines.append(questions[field])
    rows: list[list[dict[str, str]]] = [
        [{"text": named(court), "data": drafts.encode(draft, f"court={court.code}")}]
        for court in choices[:MOST_CHOICES]
    ]
    if field == "case_type":
        names = list(case_type_names(_).values())
        every = [
            {"text": name, "data": drafts.encode(draft, f"type={number}")}
            for number, name in enumerate(names)
        ]
        rows = [every[start : start + 2] for start in range(0, len(every), 2)]
    await _say(talk, draft, lines, rows)


async def _confirm(talk: Talk, draft: Draft, fault: str) -> None:
    _ = talk.html
    known = draft.data["known"]
    found = await courts.many(talk.session, {known[field] for field in _COURTS})
    drafts.go_on(draft, {**draft.data, "asking": "confirm"}, lifetime=LIFETIME, now=talk.now)
    shown = {
        "reference": known["reference"],
        "collaborating_court": named(found[known["collaborating_court"]]),
        "jurisdiction_court": named(found[known["jurisdiction_court"]]),
        "case_type": case_type_names(_)[known["case_type"]],
    }
    lines = [_("{name}：{value}", name=field_name(f, _), value=shown[f]) for f in FIELDS]
    buttons = [[{"text": _("立案（{count} 件）", count=1), "data": drafts.encode(draft, "file")}]]
    head = [fault] if fault else []
    await _say(talk, draft, [*head, _("请核对："), *lines], buttons)


async def _say(talk: Talk, draft: Draft, lines: list[str], rows: Buttons) -> None:
    _ = talk.html
    if not talk.private:
        lines = [*lines, _("群内请以“回复”本消息的方式作答。")]
    cancel_button = [{"text": _("取消"), "data": drafts.encode(draft, "cancel")}]
    row = await talk.reply(joined(lines), [*rows, cancel_button])
    draft.data = {**draft.data, "message": row}


async def _file(talk: Talk, draft: Draft) -> None:
    _ = talk.plain
    if not await drafts.close(talk.session, draft, now=talk.now):
        talk.refuse(_("该操作此前已处理。"))
        return
    text = await file_all(talk, [draft.data["known"]])
    await talk.edit(draft.data["message"], text)
    talk.answer(_("已处理，结果见消息。"))
