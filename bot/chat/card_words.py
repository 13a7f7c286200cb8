"""What the cards of courts and of people have in common: when the entry was last verified, its vCard. Sends nothing."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.chat.replies import Talk
from directory import cards, courts, last_word, officers
from directory.duty import local_day
from directory.last_word import LastWord
from directory.models import Court, Officer
from directory.texts import Translate
from directory.vcards import Card
from notifications.wording import Wording


def labels(talk: Talk) -> Translate:
    """Texts for buttons: plain, in the language of the message they stand under."""
    return talk.parts.texts.for_locale(talk.locale)


async def verified_line(talk: Talk, entry: Court | Officer) -> str:
    """When the entry was last said to be right and by whom; 未核实 when never, or too long ago.

    For a court that nobody has verified itself, its people's word counts. Strangers read no name.
    """
    court = entry.court if isinstance(entry, Officer) else entry
    last = await last_word.of(talk.session, entry, now=talk.now)
    zone = courts.zone_of(court, talk.parts.desk.timezone)
    return verified_said(last, zone, talk.html, named=talk.speaker.officer is not None)


def verified_said(last: LastWord, zone: ZoneInfo, translate: Translate, *, named: bool) -> str:
    """The last word about an entry in words; `named`: whether the reader may know whose it was."""
    _ = translate
    if last.at is None:
        return _("⚠️ 信息未经核实")
    day = last.at.astimezone(zone).date().isoformat()
    if last.too_old:
        return _("⚠️ 信息久未核实（上次 {day}）", day=day)
    if last.by and named:
        return _("✔️ {day} 核实：{who}", day=day, who=last.by)
    return _("✔️ {day} 核实", day=day)


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
