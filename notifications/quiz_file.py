"""A quiz as a spreadsheet: its columns, and its rows made into questions; every fault with its place. Pure."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from directory import import_cells as cells
from directory.import_cells import Cell, text_of
from directory.import_faults import FILE_EMPTY, MISSING_COLUMN, Fault, Place, Reason, Unreadable
from directory.import_plan import in_order
from directory.import_tables import Column, Record, Table, fault_at, read_rows
from notifications import notice_check
from notifications.training_rules import Question

#: The letters of the choices.
LETTERS = "ABCDEF"

#: Longest question and choice (characters): a question with all its choices fits one message.
LONGEST_QUESTION, LONGEST_CHOICE = 400, 120

#: So many questions make a short quiz.
MOST_QUESTIONS = 30


def _(msgid: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return msgid


BAD_LETTER = Reason(_("不是选项字母"), _("请写 A 至 F 中的一个字母"))
RIGHT_EMPTY = Reason(_("正确答案所指的选项为空"), _("请改正字母，或补上该选项"))
TOO_FEW = Reason(_("至少要有两个选项"), _("请填写选项A和选项B"))
GAP = Reason(_("选项之间有空"), _("请从选项A起依次填写"))
TWICE = Reason(_("此选项与另一选项相同"), _("请改成不同的内容"))
NUMBER = Reason(_("内容中有个人号码 {number}"), _("请删去，文件中不得出现个人号码"))
NO_QUESTIONS = Reason(_("文件中没有题目"), _("每题一行，可用模板填写"))
TOO_MANY = Reason(_("题目有 {count} 道，最多 {most} 道"), _("请删减"))
HEADINGS = Reason(_("缺少必需的列 {columns}"), _("请用随附的模板填写"))

#: What is said instead of the directory's remedies.
_INSTEAD = {FILE_EMPTY: NO_QUESTIONS, MISSING_COLUMN: HEADINGS}


def _letter(cell: Cell, limit: int) -> int | None:  # noqa: ARG001
    text = unicodedata.normalize("NFKC", text_of(cell)).strip().upper()
    if not text:
        return None
    if len(text) != 1 or text not in LETTERS:
        raise Unreadable(BAD_LETTER)
    return LETTERS.index(text)


COLUMNS = (
    Column("question", "题目", cells.read_text, LONGEST_QUESTION, needed=True),
    *(
        Column(
            letter.lower(), f"选项{letter}", cells.read_text, LONGEST_CHOICE, needed=letter == "A"
        )
        for letter in LETTERS
    ),
    Column("right", "正确答案", _letter, needed=True),
)


@dataclass(frozen=True, slots=True)
class QuizFile:
    """The questions in the file's order; or the faults, and then no questions."""

    questions: tuple[Question, ...] = ()
    faults: tuple[Fault, ...] = ()


def read(tables: Sequence[Table], faults: Iterable[Fault] = (), *, file: str = "") -> QuizFile:
    """The questions of all tables, all faults at once; `faults` are those of the file as a whole."""
    found = list(faults)
    records = [record for table in tables for record in read_rows(table, COLUMNS, found)]
    questions = [question for one in records if (question := _question(one, found)) is not None]
    if wrong := all_faults(records, found, MOST_QUESTIONS, file):
        return QuizFile(faults=wrong)
    return QuizFile(tuple(questions))


def all_faults(
    records: Sequence[Record], found: Iterable[Fault], most: int, file: str
) -> tuple[Fault, ...]:
    """What is wrong with a file of questions, in its order: what was found, no question at all, too many of them."""
    faults = list(found)
    if not faults and not records:
        faults.append(Fault(Place(file), NO_QUESTIONS))
    if len(records) > most:
        counts = {"count": len(records), "most": most}
        faults.append(fault_at(records[most], None, TOO_MANY, **counts))
    return in_order([replace(one, reason=_INSTEAD.get(one.reason, one.reason)) for one in faults])


def _question(record: Record, faults: list[Fault]) -> Question | None:
    """The row as a question; None when it cannot be one, with the reason among the faults."""
    values = record.values
    before = len(faults)
    letters = [letter.lower() for letter in LETTERS]
    choices = [values.get(letter) for letter in letters]
    given = [choice for choice in choices if choice is not None]
    for letter, choice in zip(letters, choices, strict=True):
        faults += _choice_faults(record, letter, choice, choices)
    if "a" in values and len(given) < 2:
        faults.append(fault_at(record, "b" if "b" in record.headings else None, TOO_FEW))
    faults += personal_numbers(record, "question", values.get("question"))
    right = values.get("right")
    if right is not None and choices[right] is None:
        faults.append(fault_at(record, "right", RIGHT_EMPTY))
    if len(faults) > before or "question" not in values or right is None:
        return None
    return Question(values["question"], tuple(given), right)


def _choice_faults(
    record: Record, letter: str, choice: str | None, choices: Sequence[str | None]
) -> list[Fault]:
    if choice is None:
        return []
    place = LETTERS.index(letter.upper())
    found = personal_numbers(record, letter, choice)
    if None in choices[:place]:
        found.append(fault_at(record, letter, GAP))
    if choice in choices[:place]:
        found.append(fault_at(record, letter, TWICE))
    return found


def personal_numbers(record: Record, column: str, text: str | None) -> list[Fault]:
    """A fault for every number of a person in a cell; the number itself is not repeated."""
    hits = notice_check.findings(text or "")
    # The place shows what stands in the cell, which a number must not.
    return [
        replace(fault_at(record, column, NUMBER, number=hit.masked), place=_unshown(record, column))
        for hit in hits
    ]


def _unshown(record: Record, column: str) -> Place:
    return replace(record.place(column), value=None)
