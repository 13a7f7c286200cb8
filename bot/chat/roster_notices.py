"""One line to an officer about the roster, in their own language, unless they did it themselves."""

from collections.abc import Callable

from markupsafe import Markup

from bot.chat.replies import Talk, joined
from directory.models import Officer
from directory.texts import Translate
from notifications import outbox


async def tell_officer(talk: Talk, reader: Officer, say: Callable[[Translate], str]) -> None:
    """Send what `say` makes in the reader's language; nobody is told of their own doing, or out of reach."""
    speaker = talk.speaker.linked
    if reader.telegram_id is None or reader.blocked_at is not None or reader.left_at is not None:
        return
    if speaker is not None and reader.id == speaker.id:
        return
    texts, locale = talk.parts.texts, reader.language or talk.parts.desk.locale
    actor = speaker.name if speaker is not None else "—"

    def translate(msgid: str, /, **data: object) -> str:
        text = Markup(texts.get(locale, msgid))  # noqa: S704 -- our own text
        return text.format(**data) if data else text

    _ = translate
    lines = [say(_), _("操作人：{name}", name=actor)]
    await outbox.reply(
        talk.session, reader.telegram_id, joined(lines), (), now=talk.now, officer_id=reader.id
    )
