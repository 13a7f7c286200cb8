"""Who may write notices, to whom, and sign for others; which audiences are offered. Sends nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.chat.access import Speaker
from bot.chat.filing_rows import named
from bot.chat.replies import Talk
from directory.models import Court
from notifications.notice_audience import Audience, Reach, Signer, may_write, ordered

#: Between several cities or courts that were typed.
_BETWEEN = re.compile(r"[、，,；;\s]+")

#: So many courts or cities may be named in one go.
MOST_NAMED = 60


@dataclass(frozen=True, slots=True)
class Meant:
    """What typed words mean: one audience, or several to choose from, or the first words that mean nothing."""

    audiences: tuple[Audience, ...] = ()
    unknown: str = ""


def reach(speaker: Speaker) -> Reach | None:
    """How far the speaker's notices may go today; None for who writes none."""
    if speaker.officer is None or not speaker.is_coordinator:
        return None
    return "nation" if speaker.officer.court.level == "supreme" else "province"


def signer(speaker: Speaker) -> Signer | None:
    """The speaker as somebody who may confirm for others; None for strangers."""
    officer = speaker.officer
    if officer is None:
        return None
    return Signer(
        officer.id, officer.court_code, officer.court.province, speaker.posts, reach(speaker)
    )


async def offered(talk: Talk) -> list[Audience]:
    """What the speaker may choose by a button, the widest first."""
    own = talk.speaker.province
    if reach(talk.speaker) == "nation":
        names = select(Court.province).distinct().order_by(Court.province)
        provinces = await talk.session.scalars(names.where(Court.level != "supreme"))
        return [Audience("nation"), *(Audience("province", name) for name in provinces)]
    if own is None:
        return []
    cities = await talk.session.scalars(
        select(Court.city)
        .where(Court.province == own, Court.city.is_not(None))
        .group_by(Court.city)
        .order_by(func.min(Court.code))
    )
    of_cities = [Audience("city", own, (city,), (city,)) for city in cities if city]
    return [Audience("province", own), *of_cities]


async def meant(talk: Talk, text: str) -> Meant:
    """The cities, or the courts, that typed words name."""
    words = ordered([word for word in _BETWEEN.split(text.strip()) if word])[:MOST_NAMED]
    if not words:
        return Meant(unknown=text)
    cities = await _cities(talk, words)
    if cities is not None:
        return Meant((cities,))
    found: list[Court] = []
    for word in words:
        said = await talk.court_meant(word)
        if said.court is not None:
            found.append(said.court)
        elif len(words) == 1 and said.choices:
            return Meant(tuple(_of_courts([court]) for court in said.choices[:8]))
        else:
            return Meant(unknown=word)
    return Meant((_of_courts(found),))


async def _cities(talk: Talk, words: Sequence[str]) -> Audience | None:
    """These cities, with or without 市; None unless every word names one of the same province."""
    names = {word: (word, f"{word}市") for word in words}
    every = [name for some in names.values() for name in some]
    rows = (
        await talk.session.execute(
            select(Court.province, Court.city).where(Court.city.in_(every)).distinct()
        )
    ).all()
    by_city: dict[str, set[str]] = {}
    for province, city in rows:
        if city is not None and may_write(
            Audience("province", province), reach(talk.speaker), talk.speaker.province
        ):
            by_city.setdefault(city, set()).add(province)
    chosen = [next((n for n in some if n in by_city), None) for some in names.values()]
    known = [city for city in chosen if city is not None]
    provinces = set.intersection(*(by_city[city] for city in known)) if known else set()
    if len(known) < len(words) or len(provinces) != 1:
        return None
    return Audience("city", provinces.pop(), tuple(known), tuple(known))


def _of_courts(courts: Sequence[Court]) -> Audience:
    """These courts as an audience; of several provinces it is the nation's."""
    provinces = {court.province for court in courts}
    province = provinces.pop() if len(provinces) == 1 else None
    codes = ordered([court.code for court in courts])
    names = ordered([named(court) for court in courts])
    return Audience("court", province, codes, names)


def may_send(speaker: Speaker, audience: Audience) -> bool:
    """Whether the audience is within the speaker's reach today."""
    return may_write(audience, reach(speaker), speaker.province)
