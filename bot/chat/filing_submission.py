"""Files what a speaker confirmed, and says what became of it. Reading and asking happen before."""

from collections.abc import Mapping, Sequence

from bot.chat.filing_rows import case_type_names, right_fault, submission_of
from bot.chat.outcome_words import refusal
from bot.chat.pasted_rows import Field
from bot.chat.replies import Talk, bold, fitting, joined
from directory import courts
from notifications import filings
from notifications.filings import Receipt
from notifications.messages import local_time
from notifications.wording import Wording


async def may_begin(talk: Talk) -> bool:
    """Whether the speaker files at all; says why not."""
    speaker = talk.speaker
    if speaker.answers:
        return True
    reason = "technician" if speaker.officer else "hidden" if speaker.hidden else "stranger"
    await talk.reply(refusal(reason, talk.html))
    return False


async def file_all(talk: Talk, rows: Sequence[Mapping[Field, str]]) -> str:
    """File these in the update's transaction; returns what became of each, as Telegram HTML."""
    _ = talk.html
    found = await courts.many(
        talk.session,
        {row[f] for row in rows for f in ("collaborating_court", "jurisdiction_court")},
    )
    allowed: list[Mapping[Field, str]] = []
    refused: list[str] = []
    for row in rows:
        court = found.get(row["collaborating_court"])
        fault = right_fault(talk, court) if court is not None else None
        if fault is None:
            allowed.append(row)
        else:
            refused.append(_("{reference}：{fault}", reference=row["reference"], fault=fault))
    receipts = await filings.receive(
        talk.session, [submission_of(talk, row) for row in allowed], talk.parts.desk, now=talk.now
    )
    lines = [
        _receipt_line(talk, row, receipt) for row, receipt in zip(allowed, receipts, strict=True)
    ]
    new = sum(receipt.outcome == "new" for receipt in receipts)
    if len(rows) == 1:
        return joined([*lines, *refused])
    head = bold(_("已立案 {new} 件，共 {all} 件", new=new, all=len(rows)))
    return joined([head, *fitting([*lines, *refused], _, room=3800)])


def _receipt_line(talk: Talk, row: Mapping[Field, str], receipt: Receipt) -> str:
    _ = talk.html
    reference = row["reference"]
    filing = receipt.filing
    if receipt.outcome == "conflict":
        return _("❌ {reference}　编号已被另一件立案使用，请核对编号。", reference=reference)
    if filing is None or receipt.courts is None:
        return _("❌ {reference}　法院已不在通讯录中，请用 /find 核对。", reference=reference)
    collaborating = receipt.courts[filing.collaborating_court]
    jurisdiction = receipt.courts[filing.jurisdiction_court]
    if receipt.outcome == "same":
        return _("☑️ {reference}　此前已立案，内容相同。", reference=reference)
    zone = courts.zone_of(jurisdiction, talk.parts.desk.timezone)
    due = Wording(_).when(local_time(filing.answer_due_at, zone, talk.now))
    return _(
        "✅ 已立案 {reference}　{collaborating} → {jurisdiction}　{type}　应于 {due} 前签收",
        reference=reference,
        collaborating=collaborating.name,
        jurisdiction=jurisdiction.name,
        type=case_type_names(_)[filing.case_type],
        due=due,
    )
