"""Looking people up in chat, counted: what is shown, and the sentence in its place once it was too much."""

from bot.chat.replies import Talk
from directory import courts
from directory.disclosures import TooMany
from directory.texts import Translate
from notifications import look_ups
from notifications.messages import local_time
from notifications.wording import Wording


async def too_many(talk: Talk, people: int) -> TooMany | None:
    """Count the people an answer would name; None where it may name them.

    Nobody is found for a stranger anyway, so nothing is counted.
    """
    officer = talk.speaker.officer
    if officer is None:
        return None
    return await look_ups.too_many(
        talk.session,
        officer,
        people,
        per_hour=talk.parts.settings.lookups_per_hour,
        timezone=talk.parts.desk.timezone,
        now=talk.now,
    )


def sentence(talk: Talk, said: TooMany, translate: Translate) -> str:
    """What the asker reads instead of people, with the hour from which on they are shown again."""
    _ = translate
    officer = talk.speaker.officer
    zone = courts.zone_of(officer.court, talk.parts.desk.timezone) if officer is not None else None
    until = Wording(_).when(local_time(said.until, zone, talk.now)) if zone is not None else ""
    return _(
        "本小时查询人员已达上限（{limit} 人），{until} 后可继续；查询法院不受影响。",
        limit=talk.parts.settings.lookups_per_hour,
        until=until,
    )
