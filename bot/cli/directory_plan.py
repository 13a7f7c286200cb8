"""How an import's plan and its faults are shown in a terminal. Mobile numbers are masked; decides nothing."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from directory.change_values import LEFT
from directory.change_values import POSTS as POSTS_FIELD
from directory.import_courts import CourtAdded, CourtChanged, FieldChange
from directory.import_faults import Fault, Place
from directory.import_officers import Departed, OfficerAdded, OfficerChanged, PostChange
from directory.import_people import Term
from directory.import_plan import Plan
from directory.import_tables import COURT_COLUMNS, OFFICER_COLUMNS
from directory.officers import POSTS, mask_mobile
from directory.texts import Translate

#: More rows than this are printed as plain lines: nobody reads their frame, and it is slow.
MOST_FRAMED = 500
#: Columns of the terminal when the output goes to a file.
WIDTH = 200

_NOTHING = "—"
_CHINESE = {column.field: column.chinese for column in (*OFFICER_COLUMNS, *COURT_COLUMNS)}

Change = CourtAdded | CourtChanged | OfficerAdded | OfficerChanged | Departed
#: Court's code, who (or the court's name), what.
Line = tuple[str, str, str]


def fault_line(fault: Fault, _: Translate) -> str:
    """One fault as a sentence: where, what, the remedy."""
    return _(
        "{where}：{what}。{remedy}。",
        where=_where(fault.place, _),
        what=_(fault.reason.what, **fault.data),
        remedy=_(fault.reason.remedy, **fault.data),
    )


def _where(place: Place, _: Translate) -> str:
    parts = [place.file]
    if place.sheet is not None:
        parts.append(_("工作表“{sheet}”", sheet=place.sheet))
    if place.line is not None:
        parts.append(_("第 {line} 行", line=place.line))
    if place.row is not None and place.row != place.line:
        parts.append(_("（表格第 {row} 行）", row=place.row))
    if place.column:
        parts.append(_("“{column}”列", column=place.column))
    if place.value is not None:
        parts.append(f"“{place.value}”")
    return " ".join(parts)


def summary(plan: Plan, _: Translate) -> str:
    """How much is added, changed, departed, in one line."""
    courts = (CourtAdded, CourtChanged)
    added = sum(isinstance(change, courts) for change in plan.added)
    changed = sum(isinstance(change, courts) for change in plan.changed)
    return _(
        "新增法院 {courts} 个、人员 {people} 人；更改法院 {courts_changed} 个、人员 {people_changed} 人；离任 {departed} 人。",
        courts=added,
        people=len(plan.added) - added,
        courts_changed=changed,
        people_changed=len(plan.changed) - changed,
        departed=len(plan.departed),
    )


def print_plan(plan: Plan, _: Translate, *, chinese: bool) -> None:
    """Print the tables of what is added, changed (field: before → after) and departed."""
    headings = (_("法院代字"), _("名称"), _("内容"))
    for title, changes in (
        (_("新增"), plan.added),
        (_("更改"), plan.changed),
        (_("离任"), plan.departed),
    ):
        if changes:
            lines = [_line(change, _, chinese=chinese) for change in changes]
            print_rows(f"{title} {len(lines)}", headings, lines)


def print_heavy(plan: Plan, _: Translate, file: TextIO) -> None:
    """Say in red which courts lose so many people that the file may not be complete."""
    console = Console(file=file, width=None if file.isatty() else WIDTH, highlight=False)
    for court in plan.heavy:
        said = _(
            "注意：{court} 的 {people} 人中有 {count} 人离任（{share}%）。请确认文件是完整的。",
            court=court.court_code,
            people=court.people,
            count=court.departed,
            share=round(100 * court.departed / court.people),
        )
        console.print(Text(said, style="bold red"))


def print_rows(title: str, headings: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Print a table, framed unless it is very long."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    if len(lines) > MOST_FRAMED:
        print(title)
        for line in lines:
            print("\t".join(line))
        return
    table = Table(title=Text(title), title_justify="left")
    for heading in headings:
        table.add_column(Text(heading), overflow="fold")
    for line in lines:
        # As texts: a name in brackets is no markup.
        table.add_row(*(Text(cell) for cell in line))
    console.print(table)


def _line(change: Change, _: Translate, *, chinese: bool) -> Line:
    match change:
        case CourtAdded():
            return change.code, change.name, ""
        case CourtChanged():
            return change.code, change.name, "\n".join(_fields(change.changes, chinese=chinese))
        case OfficerAdded():
            changes = [PostChange(post, None, term) for post, term in change.posts.items()]
            return change.court_code, change.name, "；".join(_posts(changes, _))
        case OfficerChanged():
            said = [_("返岗")] if change.returned else []
            said += [*_fields(change.changes, chinese=chinese), *_posts(change.posts, _)]
            return change.court_code, change.name, "\n".join(said)
        case Departed():
            return change.court_code, change.name, "；".join(_posts(change.posts, _))


def field_name(field: str, _: Translate, *, chinese: bool) -> str:
    """A field of the record of changes as its heading in the files; a post by its name."""
    if field == LEFT:
        return _("离任")
    kind, _dot, post = field.partition(".")
    if kind == POSTS_FIELD:
        return _(POSTS.get(post, post))
    return _CHINESE[field] if chinese else field


def field_value(field: str, value: Any, _: Translate) -> str:
    """What a field of the record of changes holds; numbers of people masked, accounts only told."""
    if field == "telegram_id":
        return _("未关联") if value is None else _("已关联")
    if isinstance(value, Mapping):
        return f"{value.get('valid_from') or ''}…{value.get('valid_to') or ''}"
    return _shown(field, tuple(value) if isinstance(value, list) else value)


def _fields(changes: Iterable[FieldChange], *, chinese: bool) -> Iterator[str]:
    for change in changes:
        label = _CHINESE[change.field] if chinese else change.field
        before, after = _shown(change.field, change.before), _shown(change.field, change.after)
        yield f"{label}: {before} → {after}"


def _shown(field: str, value: Any) -> str:
    if value is None or value in ("", ()):
        return _NOTHING
    if field == "mobile":
        return mask_mobile(str(value)) or _NOTHING
    return "|".join(value) if isinstance(value, tuple) else str(value)


def _posts(changes: Iterable[PostChange], _: Translate) -> Iterator[str]:
    for change in changes:
        name = _(POSTS.get(change.post, change.post))
        if change.before is None and change.after == Term():
            yield name
        elif change.before is None:
            yield f"{name}: {_term(change.after)}"
        else:
            yield f"{name}: {_term(change.before)} → {_term(change.after)}"


def _term(term: Term | None) -> str:
    return _NOTHING if term is None else f"{_day(term.valid_from)}…{_day(term.valid_to)}"


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
