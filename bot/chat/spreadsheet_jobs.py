"""A spreadsheet sent for a conversation under way: fetched and read after the commit, then handed to whoever asked for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Document, User

from bot.chat import chat_files, drafts
from bot.chat.access import speaker_of
from bot.chat.after_commit import Afterwards
from bot.chat.chat_files import ReadFile, Unfetched
from bot.chat.parts import ChatParts
from bot.chat.replies import Talk, quoted
from bot.error_places import place
from bot.models import Draft

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: Takes what was read, in a transaction of its own, with the sender as they are by now. The conversation
#: is still at the step that asked.
Take = Callable[[Talk, Draft, ReadFile], Awaitable[None]]


async def received(
    talk: Talk, draft: Draft, document: Document, take: Take, *, failed: str, lifetime: timedelta
) -> None:
    """Take a spreadsheet in; `failed` (a msgid) is said when it cannot be read. Any other file is sent back."""
    _ = talk.html
    name = (document.file_name or "")[-80:]
    if not name.lower().endswith(chat_files.KINDS):
        await talk.reply(_("请发送 .xlsx 或 .csv 文件。"))
        return
    row = await talk.reply(_("已收到 {name}，正在读取…", name=quoted(name)))
    drafts.go_on(draft, {**draft.data, "message": row}, lifetime=lifetime, now=talk.now)
    job = _Job(
        talk.parts, draft.id, draft.nonce, talk.chat_id, document.file_id, name, take, failed
    )
    talk.after.append(Afterwards("spreadsheet", job.run))


@dataclass(frozen=True, slots=True)
class _Job:
    """Fetch the file and hand it on; `nonce` is the step that asked for it."""

    parts: ChatParts
    draft_id: int
    nonce: str
    chat_id: int
    file_id: str
    name: str
    take: Take
    failed: str

    async def run(self) -> None:
        """Do it; whatever goes wrong is said in the chat, and nothing is changed then."""
        try:
            read = await chat_files.fetch(self.parts.bot, self.file_id, self.name)
            async with self.parts.database.transaction() as session:
                draft = await self._draft(session)
                if draft is not None:
                    await self.take(await self._talk(session), draft, read)
        except Unfetched as failed:
            await self._fail(failed.said)
        except Exception as error:  # noqa: BLE001 -- whatever it was, the sender must not wait for ever
            log.warning("spreadsheet_not_read", error=place(error))
            await self._fail(self.failed)

    async def _fail(self, said: str) -> None:
        async with self.parts.database.transaction() as session:
            draft = await self._draft(session)
            if draft is not None:
                talk = await self._talk(session)
                await talk.edit(draft.data["message"], talk.html(said))

    async def _draft(self, session: AsyncSession) -> Draft | None:
        """The conversation, unless it is over or has gone on to another step meanwhile."""
        draft = await session.get(Draft, self.draft_id, with_for_update=True)
        if draft is None or draft.nonce != self.nonce or draft.done_at is not None:
            return None
        return draft

    async def _talk(self, session: AsyncSession) -> Talk:
        """The sender as they are by now."""
        now = self.parts.clock.now()
        user = User(self.chat_id, "", is_bot=False)
        speaker = await speaker_of(session, user, None, self.parts.desk, now=now)
        return Talk(self.parts, session, now, speaker, self.chat_id, private=True)
