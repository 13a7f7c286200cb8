"""Whose entry `/edit WORDS` means: a court, or one of the people whom the speaker may change. Changes nothing."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from bot.chat.edit_buttons import encode, subject_of
from bot.chat.filing_rows import named
from bot.chat.replies import Talk, joined, quoted
from directory import access, officers
from directory.court_codes import looks_like_code, normalise
from directory.errors import DirectoryError
from directory.models import Court, Officer

#: So many entries are offered where words mean several.
MOST_CHOICES = 12


async def meant(talk: Talk, words: str) -> Court | Officer | None:
    """The one entry that the words mean; None after offering several, or saying that there is none.

    Names are looked for among the people whom the speaker may change, those who left too.
    """
    _ = talk.html
    if ":" in words or "：" in words:
        try:
            return await officers.find(talk.session, words, departed=True)
        except DirectoryError as error:
            await talk.reply(talk.fault(error))
            return None
    people = [] if looks_like_code(words) else await _people(talk, words)
    found = (await talk.court_meant(words)) if not people else None
    if found is not None and found.court is not None:
        return found.court
    choices: Sequence[Court | Officer] = people or (found.choices if found else ())
    if len(choices) == 1:
        return choices[0]
    mine = [one for one in choices if _may(talk, one)][:MOST_CHOICES]
    if not mine:
        await talk.reply(
            _("在您可以更改的范围内没有“{words}”。请写法院代字或人员姓名。", words=quoted(words))
        )
        return None
    rows = [[{"text": _said(talk, one), "data": encode("edit", one)}] for one in mine]
    await talk.reply(joined([_("“{words}”有以下几项，请选择：", words=quoted(words))]), rows)
    return None


def _may(talk: Talk, entry: Court | Officer) -> bool:
    left = isinstance(entry, Officer) and entry.left_at is not None
    return access.may(talk.speaker.viewer, "return" if left else "edit", subject_of(entry))


def _said(talk: Talk, entry: Court | Officer) -> str:
    _ = talk.plain
    if isinstance(entry, Court):
        return named(entry)
    if entry.left_at is not None:
        return _("{name}　{court}（已离任）", name=entry.name, court=entry.court.name)
    return f"{entry.name}　{entry.court.name}"


async def _people(talk: Talk, words: str) -> list[Officer]:
    """The people of that very name whom the speaker may change, those in office first."""
    names = {words.strip(), "".join(words.split())}
    found = await talk.session.scalars(
        select(Officer)
        .options(joinedload(Officer.court), selectinload(Officer.posts))
        .where(Officer.name.in_(names), Officer.erased_at.is_(None))
        .order_by(Officer.left_at.is_not(None), Officer.court_code, Officer.id)
        .limit(200)
    )
    return [one for one in found if normalise(one.name) == normalise(words) and _may(talk, one)]
