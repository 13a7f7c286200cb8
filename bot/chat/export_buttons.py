"""The buttons that ask for the directory as a spreadsheet, and who may have which here. Makes no file.

They carry no right of their own: `export_command` judges each press anew.
"""

from typing import Literal

from bot.chat.replies import Talk
from directory import access, own_exports
from directory.access import Subject
from directory.exports import Numbers

#: What a button asks for: the file as it always is, or one with whole numbers.
Press = Literal["file", "full"]

_DATA: dict[str, Press] = {"export:file": "file", "export:full": "full"}


def decode(data: str) -> Press | None:
    """What was pressed; None for any other button."""
    return _DATA.get(data)


def buttons(talk: Talk) -> list[list[dict[str, str]]]:
    """A row with 下载通讯录表格, in a private chat, for who may take one along; else nothing."""
    _ = talk.plain
    if not talk.private or not may(talk, "file"):
        return []
    return [[{"text": _("下载通讯录表格"), "data": "export:file"}]]


def full_button(talk: Talk) -> list[list[dict[str, str]]]:
    """The same for a file with whole numbers."""
    _ = talk.plain
    return [[{"text": _("含完整手机号…"), "data": "export:full"}]] if may(talk, "full") else []


def numbers(talk: Talk) -> Numbers:
    """How mobiles stand in a file for this chat unless whole ones are asked for: no more than on cards."""
    return "hidden" if _sight(talk) == "no" else "masked"


def may(talk: Talk, press: Press) -> bool:
    """Whether the speaker may have such a file in this chat; whole numbers only where a card may show them."""
    if talk.speaker.officer is None:
        return False
    if press == "full" and _sight(talk) != "full":
        return False
    wanted: Numbers = "full" if press == "full" else "masked"
    return own_exports.reach(talk.speaker.viewer, wanted) is not None


def _sight(talk: Talk) -> access.Sight:
    """How much of a colleague's mobile may be written into this chat."""
    viewer = talk.speaker.viewer
    return access.sees_in_chat(
        viewer,
        "mobile",
        Subject(viewer.court or "", viewer.province or "", 0),
        phones=talk.parts.settings.chat_phones,
        private=talk.private,
    )
