"""The buttons under cards that lead to an edit or a correction: 修改 and 号码有误. They carry no right of their own.

Each press is judged anew by whoever it leads to (`edit_command`, `correction_dialogue`).
"""

import re
from dataclasses import dataclass
from typing import Literal

from bot.chat.replies import Talk
from directory import access
from directory.access import Subject
from directory.models import Court, Officer

Word = Literal["edit", "wrong"]

# Eighteen digits: every such number fits a database's key, whoever made it up.
_DATA = re.compile(r"(edit|wrong):(?:o([1-9][0-9]{0,17})|c([^\s:]{1,16}))")


@dataclass(frozen=True, slots=True)
class EntryPress:
    """A press under a card: what is wanted, and of which entry; one of the two is set."""

    word: str
    officer_id: int | None
    court_code: str | None


def decode(data: str) -> EntryPress | None:
    """What was pressed; None for any other button."""
    match = _DATA.fullmatch(data)
    if match is None:
        return None
    return EntryPress(match[1], int(match[2]) if match[2] else None, match[3])


def encode(word: Word, entry: Court | Officer) -> str:
    """Callback data, at most 64 bytes."""
    if isinstance(entry, Officer):
        return f"{word}:o{entry.id}"
    return f"{word}:c{entry.code}"


def subject_of(entry: Court | Officer) -> Subject:
    """The entry as `directory.access` judges it; an officer's court is loaded."""
    if isinstance(entry, Officer):
        return Subject(entry.court_code, entry.court.province, entry.id)
    return Subject(entry.code, entry.province)


def edit_buttons(talk: Talk, entry: Court | Officer) -> list[dict[str, str]]:
    """修改, for whoever may change the entry, in a private chat; else nothing."""
    _ = talk.plain
    if not talk.private or not access.may(talk.speaker.viewer, "edit", subject_of(entry)):
        return []
    return [{"text": _("修改"), "data": encode("edit", entry)}]


def report_button(talk: Talk, entry: Court | Officer) -> list[dict[str, str]]:
    """号码有误, for every officer of today; nothing for who may mend the entry themselves."""
    _ = talk.plain
    viewer, subject = talk.speaker.viewer, subject_of(entry)
    if not access.may(viewer, "report", subject):
        return []
    if talk.private and access.may(viewer, "edit", subject):
        return []
    return [{"text": _("号码有误"), "data": encode("wrong", entry)}]
