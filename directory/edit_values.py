"""What somebody wants an entry to say, read as the files are read and checked. Stores nothing, decides no right.

A value is a file's cell: a text, a number, a day. A masked mobile says that the stored one stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from directory.change_values import POSTS
from directory.import_cells import MASKED, is_mobile, mask_mobile, text_of
from directory.import_courts import DEFAULTS, check_courts
from directory.import_faults import (
    BAD_POST,
    COORDINATOR_BELOW,
    DATES_REVERSED,
    NEEDED,
    Fault,
    Place,
    Reason,
    Unreadable,
)
from directory.import_officers import PostChange
from directory.import_people import PERSON_FIELDS, Term
from directory.import_tables import (
    COURT_COLUMNS,
    OFFICER_COLUMNS,
    SHOWN,
    Column,
    Record,
    Row,
    Table,
    read_rows,
)
from directory.roster import COORDINATOR, POSTS_BY_RANK

TOP = frozenset({"supreme", "high"})
_DAY = timedelta(days=1)


def _(msgid: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return msgid


NOT_YOURS = Reason(_("您不能更改此项"), _("请由该法院带班领导、A岗或省级协调员更改"))
NOT_YOUR_ENTRY = Reason(_("您不能更改此条目"), _("请由该法院带班领导、A岗或省级协调员更改"))
HAS_LEFT = Reason(_("此人已离任"), _("如已返岗，请先复职"))
HAS_NOT_LEFT = Reason(_("此人在任，无须复职"), _("请刷新后再看"))
IS_ERASED = Reason(_("此人的个人信息已按要求删除"), _("如又入职，请作为新增人员登记"))
MASK_UNKNOWN = Reason(
    _("遮蔽的手机号与通讯录中的号码不符"), _("如已换号，请填写完整号码；否则请原样保留")
)
NO_FIELD = Reason(_("通讯录没有此项"), _("请核对名称"))
NOT_OF_COURT = Reason(_("编号不是该院的在任人员"), _("新增人员请去掉编号；已离任的请先复职"))
TWICE = Reason(_("同一项出现了两次"), _("请只保留一项"))
SAME_COURT = Reason(_("此人已在该法院"), _("请核对法院代字"))


NO_NUMBER = Reason(_("电话里没有号码"), _("请填写办公电话，如 0411-12345678；没有电话请留空"))
A_MOBILE = Reason(_("这是手机号，办公电话人人可见"), _("请填在个人的手机一栏，那里按角色遮蔽"))

#: What everybody may see in full, so that a mobile number must not stand there.
_OPEN_PHONES = frozenset({"desk_phone", "phone"})


@dataclass(slots=True)
class Wanted:
    """Values that were read, posts that change, and everything that is wrong."""

    values: dict[str, Any] = field(default_factory=dict)
    posts: tuple[PostChange, ...] = ()
    faults: list[Fault] = field(default_factory=list)


def fault(name: str, reason: Reason, value: object = None, **data: object) -> Fault:
    """One fault of a field; posts are fields as `posts.A.valid_to`."""
    shown = None if value is None else text_of(str(value))[:SHOWN]
    return Fault(Place("", column=name, value=shown), reason, data)


def read_person(values: Mapping[str, object], stored: Mapping[str, Any]) -> Wanted:
    """The fields of a person, posts aside (`read_posts`); `stored` is empty for somebody new."""
    wanted = Wanted()
    columns = {c.field: c for c in OFFICER_COLUMNS if c.field in PERSON_FIELDS}
    for name, given in values.items():
        if name == POSTS:
            continue
        value = _read(columns.get(name), name, given, wanted.faults)
        if value is MASKED:
            if not _fits(text_of(str(given)), stored.get("mobile")):
                wanted.faults.append(fault(name, MASK_UNKNOWN, given))
        elif name in columns:
            wanted.values[name] = value
            wanted.faults += _phone_faults(name, value, stored)
    return wanted


def _phone_faults(name: str, value: object, stored: Mapping[str, Any]) -> list[Fault]:
    """What speaks against a new office number; those that came with a file may stay as they are."""
    if name not in _OPEN_PHONES or not isinstance(value, str) or value == stored.get(name):
        return []
    if not any(sign.isdigit() for sign in value):
        return [fault(name, NO_NUMBER, value)]
    return [fault(name, A_MOBILE)] if is_mobile(value) else []


def _read(column: Column | None, name: str, given: object, faults: list[Fault]) -> Any:
    if column is None:
        faults.append(fault(name, NO_FIELD))
        return None
    cell: Any = "|".join(given) if isinstance(given, list | tuple) else given
    try:
        value = column.read(cell, column.limit)
    except Unreadable as wrong:
        faults.append(fault(name, wrong.reason, cell, **wrong.data))
        return None
    if column.needed and value is None:
        faults.append(fault(name, NEEDED))
    return value


def _fits(mask: str, stored: str | None) -> bool:
    """Whether a masked number can be the stored one; signs between the digits do not count.

    A digit that our own masks hide fits nothing: whoever may write a number but not read it would
    learn it by trying.
    """
    shown = "".join(sign for sign in mask if sign.isdigit() or sign == "*")
    if stored is None:
        return False
    ours = mask_mobile(stored) or ""
    if len(shown) != len(ours):
        return set(shown) == {"*"}
    return all(sign in ("*", digit) for sign, digit in zip(shown, ours, strict=True))


def read_posts(
    given: Mapping[str, Mapping[str, object] | None],
    stored: Mapping[str, Term],
    *,
    level: str,
    code: str,
    today: date,
) -> Wanted:
    """The posts named: a term for one that is held, None for one that is given up from today on."""
    wanted = Wanted()
    found: list[PostChange] = []
    for post, term in given.items():
        before = stored.get(post)
        if post not in POSTS_BY_RANK:
            wanted.faults.append(fault(f"{POSTS}.{post}", BAD_POST, post))
        elif term is None:
            # The last day is yesterday: whoever gave up the post must not be paged today.
            found += closed(post, before, today - _DAY)
        else:
            after = _term(post, term, wanted.faults)
            if post == COORDINATOR and level not in TOP and after != before:
                wanted.faults.append(fault(f"{POSTS}.{post}", COORDINATOR_BELOW, code=code[:1]))
            if after != before:
                found.append(PostChange(post, before, after))
    wanted.posts = tuple(found)
    return wanted


def _term(post: str, given: Mapping[str, object], faults: list[Fault]) -> Term:
    columns = {c.field: c for c in OFFICER_COLUMNS if c.field in ("valid_from", "valid_to")}
    days: dict[str, Any] = {}
    for name, column in columns.items():
        days[name] = _read(column, f"{POSTS}.{post}.{name}", given.get(name), faults)
    term = Term(days["valid_from"], days["valid_to"])
    if term.valid_from and term.valid_to and term.valid_from > term.valid_to:
        at = f"{POSTS}.{post}.valid_to"
        faults.append(fault(at, DATES_REVERSED, first=term.valid_from, last=term.valid_to))
    return term


def closed(post: str, term: Term | None, last: date) -> Iterable[PostChange]:
    """The post with `last` as its last day, unless it ended before; a term not begun by then goes."""
    if term is None or (term.valid_to is not None and term.valid_to <= last):
        return
    not_begun = term.valid_from is not None and term.valid_from > last
    yield PostChange(post, term, None if not_begun else Term(term.valid_from, last))


def read_court(
    values: Mapping[str, object],
    stored: Mapping[str, Any],
    others: Mapping[str, Mapping[str, Any]],
) -> Wanted:
    """The fields of a court, checked against its code and the other courts as an import's row is.

    Args:
        values: the fields wanted.
        stored: all fields of the court as they are.
        others: `parent_code` and `group_chat_id` of every court by code, where `values` name a parent.
    """
    wanted = Wanted()
    columns = {c.field: c for c in COURT_COLUMNS}
    for name, given in values.items():
        value = _read(columns.get(name), name, given, wanted.faults)
        if name in columns:
            wanted.values[name] = DEFAULTS[name] if name in DEFAULTS and not value else value
            wanted.faults += _phone_faults(name, value, stored)
    if not wanted.faults:
        record = _record({**stored, **wanted.values})
        against: dict[str, Mapping[str, Any]] = {**others, stored["code"]: stored}
        found: list[Fault] = []
        check_courts({stored["code"]: record}, against, found, [])
        wanted.faults += [f for f in found if f.place.column in values]
    return wanted


def _record(values: Mapping[str, Any]) -> Record:
    """A court as the one row of a table, so that the rules between rows can be asked about it."""
    names = [column.field for column in COURT_COLUMNS]
    cells = tuple(
        "|".join(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
        for value in (values[name] for name in names)
    )
    table = Table("", None, Row(1, 1, tuple(names)), (Row(2, 2, cells),))
    (record,) = read_rows(table, COURT_COLUMNS, [])
    return record
