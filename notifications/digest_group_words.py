"""What a group is told of the day of all its courts in one message. What one court alone is told is said in `digest_words`; loads nothing."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from directory.texts import Translate
from notifications import digest_words
from notifications.day_texts import day_said
from notifications.digest_words import (
    CourtFacts,
    bold,
    drilled,
    joined,
    left_over,
    named,
    next_at_desk,
    sides,
)
from notifications.messages import LONGEST

#: So many courts are named in one block: however long their names, it fits a message.
_NAMED = 50

#: So many characters of a message are for its heading.
_HEAD = 120


def said(days: Sequence[CourtFacts], translate: Translate) -> list[str]:
    """The day of these courts (one at least) as Telegram HTML: a short block for each that has something to say, the others counted.

    Several messages where they do not fit one, cut between courts. One court's day is told in full.
    """
    _ = translate
    if len(days) == 1:
        return [digest_words.said(days[0], _)]
    quiet = [one for one in days if not one.matters]
    blocks = [_block(one, _) for one in days if one.matters]
    blocks += _nobody_next(quiet, _)
    if quiet:
        names = named([one.court for one in quiet], _)
        data = {"count": len(quiet), "names": names}
        blocks.append(_("没有收到立案，也没有未办结的 {count} 家：{names}", **data))
    parts = _parts(blocks)
    data = {"count": len(days), "day": day_said(max(one.day for one in days), _)}
    heads = [
        _("【每日小结】{count} 家法院　{day}", **data)
        if len(parts) == 1
        else _(
            "【每日小结】{count} 家法院　{day}（{number}/{of}）", number=n, of=len(parts), **data
        )
        for n in range(1, len(parts) + 1)
    ]
    return [
        Markup("\n\n").join([bold(head), *part]) for head, part in zip(heads, parts, strict=True)
    ]


def _block(facts: CourtFacts, translate: Translate) -> str:
    _ = translate
    lines = [bold(facts.court), *sides(facts.received, facts.handed_in, _)]
    if facts.drills.filings:
        lines.append(drilled(facts.drills, _))
    return joined([*lines, *left_over(facts.open, _), *next_at_desk(facts, _)])


def _nobody_next(quiet: Sequence[CourtFacts], translate: Translate) -> list[str]:
    """Of courts without a block, those where nobody comes to the desk on the next day: each is named, for somebody must act."""
    _ = translate
    courts: dict[date, list[str]] = {}
    for one in quiet:
        if one.next_day is not None and not one.next_duty:
            courts.setdefault(one.next_day, []).append(one.court)
    return [
        _("⚠️ {day}无人值班：{names}", day=day_said(day, _), names=_("、").join(piece))
        for day, names in sorted(courts.items())
        for piece in (names[start : start + _NAMED] for start in range(0, len(names), _NAMED))
    ]


def _parts(blocks: Sequence[str]) -> list[list[str]]:
    """The blocks of each message: as many as fit."""
    parts: list[list[str]] = []
    room = 0
    for block in blocks:
        # Two characters stand between blocks.
        room -= len(block) + 2
        if room < 0 or not parts:
            parts.append([])
            room = LONGEST - _HEAD - len(block)
        parts[-1].append(block)
    return parts
