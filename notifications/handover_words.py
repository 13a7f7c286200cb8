"""What the messages of a 交接班 say, and their button. Decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from directory.models import Court
from directory.texts import Translate
from notifications.models import Handover
from notifications.told import Said, Voice, bold, joined, moment
from notifications.wording import Wording

#: The word before a handover's number in callback data.
WORD = "handover"

#: So many filings are listed in each part; `/pending` has them all.
MOST_LISTED = 15


@dataclass(frozen=True, slots=True)
class HandoverView:
    """A handover with the names that messages need."""

    handover: Handover
    court: Court
    outgoing: str | None
    incoming: str


def say(view: HandoverView, role: str, translate: Translate, voice: Voice, now: datetime) -> Said:
    """The message as this reader sees it now: whole for the incoming officer, in brief for all others."""
    _ = translate
    row = view.handover
    facts = row.facts
    counted = _(
        "已办 {done} 件，待办 {pending} 件，其中今日到期 {due} 件",
        done=len(facts["done"]),
        pending=len(facts["pending"]),
        due=len(facts["due"]),
    )
    lines = [
        bold(_("【交接班】{court} {post}", court=view.court.name, post=Wording(_).post(row.post))),
        _("{outgoing} → {incoming}", outgoing=view.outgoing or "—", incoming=view.incoming),
        counted,
    ]
    if role == "incoming":
        lines += details(facts, view.court, _, voice, now)
    lines += _confirmation(view, role, _, voice, now)
    buttons = []
    if role == "incoming" and row.acknowledged_at is None:
        buttons = [[{"text": str(_("确认接班")), "data": f"{WORD}:{row.id}:-:ok"}]]
    return Said(joined(lines), buttons)


def details(
    facts: Mapping[str, Any],
    court: Court,
    translate: Translate,
    voice: Voice,
    now: datetime,
) -> list[str]:
    """Done, pending and due, by reference."""
    _ = translate
    lines = _part(_("已办："), [item["reference"] for item in facts["done"]], _)
    due = {item["reference"] for item in facts["due"]}
    pending = []
    for item in facts["pending"]:
        state = Wording(_).headline(
            "correction" if item["state"] == "correcting" else item["state"]
        )
        line = f"{item['reference']}　{state}"
        if item["due_at"]:
            until = moment(_, datetime.fromisoformat(item["due_at"]), court, voice, now)
            line += "　" + _when_due(item["due_at"], until, item["reference"] in due, now, _)
        pending.append(line)
    return lines + _part(_("待办："), pending, _)


def _when_due(due_at: str, until: str, today: bool, now: datetime, translate: Translate) -> str:
    _ = translate
    if datetime.fromisoformat(due_at) < now:
        return _("应于 {time} 前，已超时", time=until)
    return _("今日 {time} 到期", time=until) if today else _("{time} 到期", time=until)


def _part(title: str, items: Sequence[str], translate: Translate) -> list[str]:
    _ = translate
    if not items:
        return []
    more = len(items) - MOST_LISTED
    lines = ["", title, *items[:MOST_LISTED]]
    return [*lines, _("另有 {count} 件未列出", count=more)] if more > 0 else lines


def _confirmation(
    view: HandoverView, role: str, translate: Translate, voice: Voice, now: datetime
) -> list[str]:
    _ = translate
    row = view.handover
    if row.acknowledged_at is not None:
        at = moment(_, row.acknowledged_at, view.court, voice, now)
        return ["", _("✅ {name} {time} 已确认接班", name=view.incoming, time=at)]
    if role == "incoming":
        return ["", _("👉 请确认接班；未办结的立案随后逐件发来，可直接办理。")]
    return [_("待 {name} 确认接班", name=view.incoming)]


def unconfirmed(view: HandoverView, reason: str | None, translate: Translate) -> Said:
    """What a leader is told: nobody confirmed within the time, or the chat cannot reach who should."""
    _ = translate
    data = {"name": view.incoming, "court": view.court.name}
    if reason is not None:
        fault = Wording(_).unreachable(reason)
        head = _("⚠️ {court}：{name} {fault}，交接班无法送达。", fault=fault, **data)
    else:
        head = _("⚠️ {court}：{name} 30 分钟内未确认接班。", **data)
    row = view.handover
    pending = _("待办 {count} 件。请当面或电话确认有人值班。", count=len(row.facts["pending"]))
    return Said(joined([head, pending]))
