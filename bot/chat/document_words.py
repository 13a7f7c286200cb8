"""What is said of a file that was sent to be imported: its plan as a short table, its faults, what was left out."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.chat.edit_words import label, step
from bot.chat.replies import bold, fitting
from directory.change_values import plain
from directory.import_courts import CourtAdded, CourtChanged
from directory.import_faults import Fault
from directory.import_officers import Departed, OfficerAdded, OfficerChanged, PostChange
from directory.import_plan import Plan
from directory.import_scope import Scoped
from directory.texts import Translate

#: So many changes, faults and lines left out are named; the rest is counted.
MOST_CHANGES, MOST_FAULTS, MOST_PLACES = 30, 12, 6
#: Characters of a message that faults may take.
ROOM = 2800
#: And those of a plan: its changes, and each of the two lists of warnings. The rest is what is left out.
ROOM_FOR_CHANGES, ROOM_FOR_WARNINGS = 1900, 700

Change = CourtAdded | CourtChanged | OfficerAdded | OfficerChanged | Departed


def plan_lines(plan: Plan, scoped: Scoped, translate: Translate) -> list[str]:
    """The plan: how much, and each change in a line; mobiles masked."""
    _ = translate
    changes: list[Change] = [*plan.added, *plan.changed, *plan.departed]
    lines = [
        bold(
            _(
                "新增 {added} · 更改 {changed} · 离任 {departed}",
                added=len(plan.added),
                changed=len(plan.changed),
                departed=len(plan.departed),
            )
        )
    ]
    shown = [_line(change, _) for change in changes[:MOST_CHANGES]]
    if len(changes) > MOST_CHANGES:
        shown.append(_("另有 {count} 项未列出", count=len(changes) - MOST_CHANGES))
    lines += fitting(shown, _, room=ROOM_FOR_CHANGES)
    heavy = [
        _(
            "⚠️ {court}：{people} 人中有 {departed} 人将离任，请确认文件是否完整",
            court=court.court_code,
            people=court.people,
            departed=court.departed,
        )
        for court in plan.heavy
    ]
    lines += fitting(heavy, _, room=ROOM_FOR_WARNINGS)
    warnings = [_("注意：{fault}", fault=fault_said(f, _)) for f in plan.warnings[:MOST_FAULTS]]
    lines += fitting(warnings, _, room=ROOM_FOR_WARNINGS)
    return [*lines, *left_out_lines(scoped, _)]


def left_out_lines(scoped: Scoped, translate: Translate) -> list[str]:
    """The rows that are not the sender's, by line, and the column that is passed over."""
    _ = translate
    lines = []
    if scoped.left_out:
        lines.append(
            _(
                "有 {count} 行不属您管理，不会导入：{lines}",
                count=len(scoped.left_out),
                lines=_places(scoped.left_out, _),
            )
        )
    if scoped.without_accounts:
        lines.append(_("聊天账号列不导入：请用邀请链接关联。"))
    return lines


def _places(faults: Sequence[Fault], translate: Translate) -> str:
    """The first of them, by sheet, line and court; that there are more."""
    _ = translate
    found = []
    for one in faults[:MOST_PLACES]:
        line = _("第 {line} 行", line=one.place.row or one.place.line or 0)
        sheet = one.place.sheet or ""
        found.append(
            _("{sheet}{line}（{court}）", sheet=sheet, line=line, court=one.place.value or "")
        )
    text = _("、").join(found)
    return _("{places} 等", places=text) if len(faults) > MOST_PLACES else text


def fault_lines(faults: Sequence[Fault], translate: Translate) -> list[str]:
    """What is wrong, each with its place and the remedy."""
    _ = translate
    lines = [fault_said(fault, _) for fault in faults[:MOST_FAULTS]]
    if len(faults) > MOST_FAULTS:
        lines.append(_("另有 {count} 项未列出", count=len(faults) - MOST_FAULTS))
    return fitting(lines, _, room=ROOM)


def fault_said(fault: Fault, translate: Translate) -> str:
    """One fault as a sentence: where, what, the remedy."""
    _ = translate
    place = fault.place
    where = [place.sheet] if place.sheet else []
    if place.line is not None:
        where.append(_("第 {line} 行", line=place.row or place.line))
    if place.column:
        where.append(_("“{column}”列", column=place.column))
    if place.value is not None:
        where.append(f"“{place.value}”")
    return _(
        "{where}：{what}。{remedy}。",
        where=" ".join(where) or place.file,
        what=_(fault.reason.what, **fault.data),
        remedy=_(fault.reason.remedy, **fault.data),
    )


def _line(change: Change, translate: Translate) -> str:
    _ = translate
    match change:
        case CourtAdded():
            return f"＋ {change.code} {change.name}"
        case CourtChanged():
            return f"～ {change.code} {change.name}　{_fields(change, _)}"
        case OfficerAdded():
            posts = _("、").join(label(f"posts.{post}", _) for post in change.posts)
            return f"＋ {change.court_code} {change.name}　{posts}"
        case OfficerChanged():
            sign = "＋" if change.returned else "～"
            said = [_("返岗")] if change.returned else []
            said += [_fields(change, _), *_posts(change.posts, _)]
            return f"{sign} {change.court_code} {change.name}　{'；'.join(filter(None, said))}"
        case Departed():
            return f"－ {change.court_code} {change.name}　{_('离任')}"


def _fields(change: CourtChanged | OfficerChanged, translate: Translate) -> str:
    return "；".join(
        step(one.field, plain(one.before), plain(one.after), translate) for one in change.changes
    )


def _posts(changes: Iterable[PostChange], translate: Translate) -> list[str]:
    return [
        step(f"posts.{one.post}", _term(one.before), _term(one.after), translate) for one in changes
    ]


def _term(term: object) -> dict[str, str | None] | None:
    if term is None:
        return None
    days: dict[str, date | None] = {n: getattr(term, n) for n in ("valid_from", "valid_to")}
    return {name: day.isoformat() if day else None for name, day in days.items()}
