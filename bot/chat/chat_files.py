"""Spreadsheets sent in a chat: fetched from Telegram and read into tables. What is in them is others' business.

Fetching and reading are no part of an update's transaction: they follow its commit. Nothing is kept.
"""

import asyncio
import hashlib
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from directory.import_faults import Fault
from directory.import_files import read_files
from directory.import_tables import Table

#: The largest file (bytes) that is taken from a chat, and how long (seconds) a download may take.
LARGEST = 5 * 2**20
DOWNLOAD_SECONDS = 60.0

#: What a spreadsheet's name ends with.
KINDS = (".csv", ".xlsx")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it was fetched: its tables, or what was wrong with it as a whole."""

    name: str
    digest: str
    tables: tuple[Table, ...]
    faults: tuple[Fault, ...]


def _(msgid: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return msgid


TOO_LARGE = _("文件过大，没有读取。请分成几个文件。")
EXPIRED = _("文件已过期或过大，无法取得。请重新发送。")
OUT_OF_REACH = _("暂时无法从 Telegram 取得文件。请稍后重新发送。")


class Unfetched(Exception):
    """The file could not be fetched; `said` is the reason as a msgid."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


async def fetch(bot: Bot, file_id: str, name: str) -> ReadFile:
    """Fetch a file by its number and read it; faults call it `name`.

    Raises:
        Unfetched: it is too large, gone, or Telegram is out of reach.
    """
    try:
        file = await bot.get_file(file_id)
        if (file.file_size or 0) > LARGEST:
            raise Unfetched(TOO_LARGE)
        async with asyncio.timeout(DOWNLOAD_SECONDS):
            content = bytes(await file.download_as_bytearray(read_timeout=DOWNLOAD_SECONDS))
    except BadRequest:
        raise Unfetched(EXPIRED) from None
    except (TelegramError, TimeoutError, OSError):
        raise Unfetched(OUT_OF_REACH) from None
    if len(content) > LARGEST:
        raise Unfetched(TOO_LARGE)
    return await asyncio.to_thread(_read, name, content)


def _read(name: str, content: bytes) -> ReadFile:
    """Read the file in a folder of its own, gone afterwards; workbooks are parsed by a child process."""
    with tempfile.TemporaryDirectory(prefix="liaison-") as folder:
        path = Path(folder) / f"file{Path(name).suffix.lower()}"
        path.write_bytes(content)
        tables, faults = read_files([path])
    return ReadFile(
        name,
        hashlib.sha256(content).hexdigest(),
        tuple(replace(table, file=name) for table in tables),
        tuple(replace(fault, place=replace(fault.place, file=name)) for fault in faults),
    )
