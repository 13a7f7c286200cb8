"""Published questions in inline answers: `@bot 问 words`, and after the courts and people that words name."""

import re
from uuid import uuid4

from bot.chat.after_commit import InlineLine
from bot.chat.faq_command import LEAST
from bot.chat.replies import Talk, bold, joined
from notifications import faq
from notifications.faq_index import SIMILAR

#: What is typed before words that are meant for the published questions alone.
_PREFIX = re.compile(r"(?:问题?|常见问题|faq|ask)(?:[\s:：]+(.*))?", re.IGNORECASE | re.DOTALL)

#: So much of an answer is shown under its question.
_SHOWN = 80


def words_asked(typed: str) -> str | None:
    """The words after `问 ` or `faq `; None where courts and people are asked for."""
    match = _PREFIX.fullmatch(typed.strip())
    return None if match is None else (match[1] or "").strip()


async def lines(talk: Talk, words: str, *, limit: int, alone: bool) -> list[InlineLine]:
    """The entries that `words` are about; without words those that helped most.

    Beside courts and people (not `alone`) only what clearly is meant.
    """
    if words:
        least = LEAST if alone else SIMILAR
        hits = await talk.parts.faq.find(
            talk.session, words, province=talk.speaker.province, limit=limit, at_least=least
        )
        entries = await faq.many(talk.session, [hit.id for hit in hits])
    else:
        entries = list((await faq.page(talk.session, 0, order="useful", size=limit)).entries)
    found = []
    for entry in entries:
        question, answer = faq.said(entry, talk.speaker.locale)
        short = answer if len(answer) <= _SHOWN else answer[: _SHOWN - 1] + "…"
        found.append(InlineLine(uuid4().hex, question, short, joined([bold(question), answer])))
    return found
