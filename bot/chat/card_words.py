"""What the cards of courts and of people have in common: when the entry was last verified, its vCard. Sends nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.chat.replies import Talk
from directory import cards, courts, officers
from directory.duty import local_day
from directory.duty_models import ProvinceRules
from directory.models import Court, Officer
from directory.texts import Translate
from directory.vcards import Card
from notifications.wording import Wording

#: After so many days an entry counts as unverified where its province has settled nothing.
PERIOD_DAYS = 90


def labels(talk: Talk) -> Translate:
    """Texts for buttons: plain, in the language of the message they stand under."""
    return talk.parts.texts.for_locale(talk.locale)


async def verified_line(talk: Talk, entry: Court | Officer) -> str:
    """When the entry was last said to be right and by whom; 未核实 when never, or too long ago.

    For a court that nobody has verified itself, its people's word counts. Strangers read no name.
    """
    _ = talk.html
    court = entry.court if isinstance(entry, Officer) else entry
    at, by = entry.verified_at, entry.verified_by
    if at is None and isinstance(entry, Court):
        at, by = await _by_its_people(talk, entry)
    if at is None:
        return _("⚠️ 未核实")
    day = at.astimezone(courts.zone_of(court, talk.parts.desk.timezone)).date().isoformat()
    if await _too_old(talk, court, at):
        return _("⚠️ 未核实（上次核实：{day}）", day=day)
    if by and talk.speaker.officer is not None:
        return _("✔️ {day} 核实：{who}", day=day, who=by)
    return _("✔️ {day} 核实", day=day)


async def _by_its_people(talk: Talk, court: Court) -> tuple[datetime | None, str | None]:
    row = await talk.session.execute(
        select(Officer.verified_at, Officer.verified_by)
        .where(
            Officer.court_code == court.code,
            Officer.left_at.is_(None),
            Officer.verified_at.is_not(None),
        )
        .order_by(Officer.verified_at.desc())
        .limit(1)
    )
    found = row.first()
    return (found[0], found[1]) if found is not None else (None, None)


async def _too_old(talk: Talk, court: Court, at: datetime) -> bool:
    rules = await talk.session.get(ProvinceRules, court.province)
    days = rules.verify_days if rules is not None else PERIOD_DAYS
    return days > 0 and talk.now - at > timedelta(days=days)


def posts_said(held: Iterable[str], translate: Translate) -> tuple[str, ...]:
    """The posts in words, the highest first."""
    words, kept = Wording(translate), set(held)
    return tuple(words.post(post) for post in officers.POSTS_BY_RANK if post in kept)


def posts_today(talk: Talk, officer: Officer) -> frozenset[str]:
    """The posts that the officer (court and posts loaded) holds on the court's day."""
    return officers.posts_on(officer, local_day(officer.court, talk.now, talk.parts.desk.timezone))


def court_vcard(talk: Talk, court: Court) -> Card:
    """The court's own card: desk phone and address."""
    return cards.of_court(court, courts.zone_of(court, talk.parts.desk.timezone))


def officer_vcard(talk: Talk, officer: Officer, *, mobile: str | None = None) -> Card:
    """A person's card (court and posts loaded); the number only when it is handed in."""
    posts = posts_said(posts_today(talk, officer), labels(talk))
    zone = courts.zone_of(officer.court, talk.parts.desk.timezone)
    return cards.of_officer(officer, tuple(posts), zone, mobile=mobile)
