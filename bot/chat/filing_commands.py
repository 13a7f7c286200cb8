"""`/ack REFERENCE`, `/nudge REFERENCE` and `/supervise REFERENCE`: the buttons by command, with the same checks."""

from bot.chat import filing_buttons
from bot.chat.outcome_words import refusal, sentence
from bot.chat.replies import Talk
from notifications import filings


async def acknowledge(talk: Talk, words: str) -> None:
    """`/ack REFERENCE`."""
    _ = talk.html
    if not words:
        await talk.reply(_("请写明编号，例如：/ack KY-2019-000123"))
        return
    await _act(talk, words, "ack")


async def nudge(talk: Talk, words: str) -> None:
    """`/nudge REFERENCE`."""
    _ = talk.html
    if not words:
        await talk.reply(_("请写明编号，例如：/nudge KY-2019-000123"))
        return
    await _act(talk, words, "nudge")


async def supervise(talk: Talk, words: str) -> None:
    """`/supervise REFERENCE`: 督办, for the coordinator of the jurisdiction court's province."""
    _ = talk.html
    if not words:
        await talk.reply(_("请写明编号，例如：/supervise KY-2019-000123"))
        return
    await _act(talk, words, "sup")


async def _act(talk: Talk, words: str, action: str) -> None:
    _ = talk.html
    reference = words.split(maxsplit=1)[0]
    filing = await filings.find(talk.session, reference)
    if filing is None and talk.speaker.officer is None:
        # A stranger learns nothing of which references exist.
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif filing is None:
        await talk.reply(
            _(
                "没有编号为 {reference} 的立案，请核对；可用 /pending 查看未办结的立案。",
                reference=reference,
            )
        )
    else:
        outcome = await filing_buttons.perform(talk, filing.id, action)
        zone = await filing_buttons.zone_of(talk, outcome.filing)
        said = sentence(outcome, filing_buttons.ACTIONS[action], _, zone, talk.now)
        if talk.speaker.officer is None:
            await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        else:
            await talk.reply(_("{reference}：{fault}", reference=filing.reference, fault=said))
