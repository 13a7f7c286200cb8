"""Files of a bulletin for whoever asked: picture, workbook, Word, the ZIP for a dispatch meeting. Made beside the dispatcher.

They are made after the update's commit, on a thread, and go past the outbox: no page waits behind a drawing.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.chat.after_commit import Afterwards, Call, SendFile
from bot.chat.parts import ChatParts
from bot.chat.replies import Talk
from bot.error_places import place
from directory.errors import LiaisonError
from notifications import bulletin_messages, outbox
from notifications.bulletin_words import BulletinWords, file_name, page_name

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: What may be asked for, and how its file's name ends.
ENDINGS: Mapping[str, str] = {
    "picture": "png",
    "workbook": "xlsx",
    "document": "docx",
    "meeting": "zip",
}


def send(talk: Talk, kind: str, what: Mapping[str, Any]) -> None:
    """Have a file of a bulletin (`{"bulletin": id}`) or of a preview made and sent to the speaker's chat."""
    job = _Job(talk.parts, talk.chat_id, kind, dict(what), talk.locale)
    talk.after.append(Afterwards("bulletin", job.run))


def draw_ahead(talk: Talk, bulletin: int) -> None:
    """Have the pictures of what was just published drawn before they are to leave."""
    talk.after.append(Afterwards("bulletin_pictures", _Ahead(talk.parts, bulletin).run))


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The pictures of one bulletin, as its groups get them."""

    parts: ChatParts
    bulletin: int

    async def run(self) -> Iterable[Call]:
        """Nothing to be sent: what is drawn is kept. What fails is told when it is to leave."""
        from notifications import bulletin_picture  # noqa: PLC0415 -- as `_maker`

        translate = self.parts.texts.for_locale(self.parts.desk.locale)
        desk, now, what = self.parts.desk, self.parts.clock.now(), {"bulletin": self.bulletin}
        try:
            async with self.parts.database.reading() as session:
                both = await bulletin_messages.words(session, what, translate, desk, now=now)
            if both is not None:
                await asyncio.to_thread(bulletin_picture.pngs, both[0])
        except Exception as error:  # noqa: BLE001 -- the dispatcher draws them then
            log.warning("bulletin_not_drawn_ahead", error=place(error))
        return ()


@dataclass(frozen=True, slots=True)
class _Job:
    """One file for one chat."""

    parts: ChatParts
    chat_id: int
    kind: str
    what: dict[str, Any]
    locale: str

    async def run(self) -> Iterable[Call]:
        """The file to be sent; what went wrong is said in the chat."""
        _ = self.parts.texts.for_locale(self.locale)
        try:
            return await self._made()
        except LiaisonError as fault:
            said = _(fault.template, **fault.data)
        except Exception as error:  # noqa: BLE001 -- whatever it was, the asker must not wait for ever
            log.warning("bulletin_file_not_made", error=place(error))
            said = _("文件没有生成，请稍后再试。")
        async with self.parts.database.transaction() as session:
            await outbox.reply(session, self.chat_id, said, now=self.parts.clock.now())
        return ()

    async def _made(self) -> Iterable[Call]:
        translate = self.parts.texts.for_locale(self.locale)
        desk, now = self.parts.desk, self.parts.clock.now()
        async with self.parts.database.reading() as session:
            both = await bulletin_messages.words(session, self.what, translate, desk, now=now)
            if both is None:
                return ()
            if self.kind == "meeting":
                from notifications.bulletin_meeting import trends  # noqa: PLC0415 -- as `_maker`

                ends = await trends(session, both[0].sheet, desk, now=now)
            else:
                ends = None
        contents = await asyncio.to_thread(_maker(self.kind, both, self.parts.public_address, ends))
        shown = both[0]
        name = file_name(shown.sheet, shown.number, ENDINGS[self.kind])
        return [
            SendFile(self.chat_id, page_name(name, page, len(contents)), content)
            for page, content in enumerate(contents)
        ]


def _maker(
    kind: str, both: tuple[BulletinWords, BulletinWords], address: str, ends: Any
) -> Callable[[], list[bytes]]:
    """What makes the files, mostly one; the libraries are loaded when one is asked for."""
    from notifications import bulletin_picture  # noqa: PLC0415
    from notifications.bulletin_document import document  # noqa: PLC0415
    from notifications.bulletin_links import page_links  # noqa: PLC0415
    from notifications.bulletin_meeting import archive  # noqa: PLC0415
    from notifications.bulletin_workbook import workbook  # noqa: PLC0415

    shown = both[0]
    by = {one.layout: one for one in both}
    states, measures = by["states"], by["measures"]
    links = page_links(address, shown.sheet) if address else None
    makers: Mapping[str, Callable[[], list[bytes]]] = {
        "picture": lambda: bulletin_picture.pngs(shown),
        "workbook": lambda: [workbook(states, measures, links)],
        "document": lambda: [document(shown)],
        "meeting": lambda: [archive(states, measures, links, ends)],
    }
    return makers[kind]
