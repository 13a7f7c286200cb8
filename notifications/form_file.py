"""A form as a spreadsheet or as typed lines: its columns, its rows made into questions; every fault with its place. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from directory import import_cells as cells
from directory.import_cells import Cell, text_of
from directory.import_faults import TOO_LONG, Fault, Reason, Unreadable
from directory.import_tables import Column, Record, Row, Table, fault_at, read_rows
from notifications.form_rules import (
    LARGEST,
    LONGEST_HEADING,
    LONGEST_HINT,
    LONGEST_OPTION,
    LONGEST_QUESTION,
    LONGEST_UNIT,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Kind,
    Question,
)
from notifications.quiz_file import all_faults, personal_numbers


def _(msgid: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return msgid


#: How a kind of question is written in the file; English words are understood too.
KIND_WORDS: Mapping[str, Kind] = {
    "是否": "yes_no",
    "单选": "choice",
    "数字": "number",
    "文字": "text",
    "图片": "picture",
}
_KINDS: Mapping[str, Kind] = {
    **KIND_WORDS,
    **{word: word for word in KIND_WORDS.values()},
    "yesno": "yes_no",
}

_YES, _NO = (
    frozenset({"是", "必填", "yes", "y", "true"}),
    frozenset({"否", "选填", "no", "n", "false"}),
)

#: Between the options of one cell, and between the cells of a typed line.
_BETWEEN_OPTIONS = re.compile(r"[|｜；;]")
_BETWEEN_CELLS = re.compile(r"[|｜]")

BAD_KIND = Reason(_("不是题目类型"), _("应为 是否、单选、数字、文字 或 图片"))
BAD_REQUIRED = Reason(_("不是“是”或“否”"), _("必填写“是”，可以跳过写“否”"))
TOO_FEW_OPTIONS = Reason(_("单选题至少要有两个选项"), _("请在“选项”列用分号隔开写出各选项"))
TOO_MANY_OPTIONS = Reason(_("选项有 {count} 个，最多 {most} 个"), _("请合并或删减"))
OPTION_TWICE = Reason(_("有两个相同的选项"), _("请改成不同的内容"))
ONLY_CHOICE = Reason(_("只有单选题有选项"), _("请清空此格，或把类型改为“单选”"))
ONLY_NUMBER = Reason(_("只有数字题有单位、最小和最大"), _("请清空此格，或把类型改为“数字”"))
UPSIDE_DOWN = Reason(_("最大值小于最小值"), _("请改正其中一个"))
SAME_TWICE = Reason(_("此题与前面的题目相同"), _("请删去其中一题，或改写"))


def _kind(cell: Cell, limit: int) -> Kind | None:  # noqa: ARG001
    word = unicodedata.normalize("NFKC", text_of(cell)).strip().lower().removesuffix("题")
    if not word:
        return None
    if word not in _KINDS:
        raise Unreadable(BAD_KIND)
    return _KINDS[word]


def _options(cell: Cell, limit: int) -> tuple[str, ...]:
    found = tuple(part for one in _BETWEEN_OPTIONS.split(text_of(cell)) if (part := one.strip()))
    if longest := max((len(one) for one in found if len(one) > limit), default=0):
        raise Unreadable(TOO_LONG, length=longest, limit=limit)
    if len(found) > MOST_OPTIONS:
        raise Unreadable(TOO_MANY_OPTIONS, count=len(found), most=MOST_OPTIONS)
    if len(set(found)) < len(found):
        raise Unreadable(OPTION_TWICE)
    return found


def _required(cell: Cell, limit: int) -> bool:  # noqa: ARG001
    word = unicodedata.normalize("NFKC", text_of(cell)).strip().lower()
    if word and word not in _YES | _NO:
        raise Unreadable(BAD_REQUIRED)
    return word not in _NO


def _whole(cell: Cell, limit: int) -> int | None:  # noqa: ARG001
    return cells.read_integer(cell, -LARGEST, LARGEST)


COLUMNS = (
    Column("heading", "分组", cells.read_text, LONGEST_HEADING),
    Column("text", "题目", cells.read_text, LONGEST_QUESTION, needed=True),
    Column("kind", "类型", _kind, needed=True),
    Column("options", "选项", _options, LONGEST_OPTION),
    Column("unit", "单位", cells.read_text, LONGEST_UNIT),
    Column("least", "最小", _whole),
    Column("most", "最大", _whole),
    Column("required", "必填", _required),
    Column("hint", "说明", cells.read_text, LONGEST_HINT),
)


@dataclass(frozen=True, slots=True)
class FormFile:
    """The questions in the file's order; or the faults, and then no questions."""

    questions: tuple[Question, ...] = ()
    faults: tuple[Fault, ...] = ()


def read(tables: Sequence[Table], faults: Iterable[Fault] = (), *, file: str = "") -> FormFile:
    """The questions of all tables, all faults at once; `faults` are those of the file as a whole."""
    found = list(faults)
    records = [record for table in tables for record in read_rows(table, COLUMNS, found)]
    questions: list[Question] = []
    seen: set[str] = set()
    for number, record in enumerate(records, 1):
        question = _question(record, f"q{number}", seen, found)
        if question is not None:
            questions.append(question)
    if wrong := all_faults(records, found, MOST_QUESTIONS, file):
        return FormFile(faults=wrong)
    return FormFile(tuple(questions))


def typed(text: str) -> FormFile:
    """Questions as somebody types them, a line each: `题目｜类型｜选项；选项`; without a type it is yes or no.

    The third cell is the options of a choice, the unit of a number.
    """
    head = ("题目", "类型", "选项", "单位")
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    rows = tuple(Row(number, number, _cells(line)) for number, line in lines if line)
    return read([Table("", None, Row(0, 0, head), rows, even=False)])


def _cells(line: str) -> tuple[str, ...]:
    question, *more = (part.strip() for part in _BETWEEN_CELLS.split(line))
    if not more:
        return (question, "是否")
    kind, *third = more
    number = _KINDS.get(kind.lower().removesuffix("题")) == "number"
    return (question, kind, *(["", *third] if number else third))


def _question(record: Record, key: str, seen: set[str], faults: list[Fault]) -> Question | None:
    """The row as a question; None when it cannot be one, with the reason among the faults."""
    values = record.values
    before = len(faults)
    for column in ("heading", "text", "unit", "hint"):
        faults += personal_numbers(record, column, values.get(column))
    faults += personal_numbers(record, "options", "；".join(values.get("options") or ()))
    text = values.get("text")
    if text in seen and len(faults) == before:
        faults.append(fault_at(record, "text", SAME_TWICE))
    if text is not None:
        seen.add(text)
    kind = values.get("kind")
    if kind is not None:
        faults += _misplaced(record, kind)
    if len(faults) > before or text is None or kind is None:
        return None
    return Question(
        key=key,
        kind=kind,
        text=text,
        options=values.get("options") or (),
        unit=values.get("unit") or "",
        least=values.get("least"),
        most=values.get("most"),
        required=values.get("required", True),
        hint=values.get("hint") or "",
        heading=values.get("heading") or "",
    )


def _misplaced(record: Record, kind: Kind) -> Iterable[Fault]:
    """What a question of this kind lacks, and what it cannot have."""
    values = record.values
    options, least, most = values.get("options") or (), values.get("least"), values.get("most")
    if kind == "choice" and "options" in values and len(options) < 2:
        yield fault_at(record, "options", TOO_FEW_OPTIONS)
    if kind == "choice" and "options" not in record.headings:
        yield fault_at(record, None, TOO_FEW_OPTIONS)
    if kind != "choice" and options:
        yield fault_at(record, "options", ONLY_CHOICE)
    if kind != "number":
        for column in ("unit", "least", "most"):
            if values.get(column) is not None:
                yield fault_at(record, column, ONLY_NUMBER)
    elif least is not None and most is not None and most < least:
        yield fault_at(record, "most", UPSIDE_DOWN)
