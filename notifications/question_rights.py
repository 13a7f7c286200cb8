"""Who may answer a question and publish it; what may stand in it, how much one person may ask. Finds out nobody's posts."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from directory import access
from directory.access import Subject, Viewer
from notifications import notice_check
from notifications.notice_text import length

#: So many questions of one person may wait for an answer, and so many may be asked within `WINDOW`.
MOST_OPEN = 3
MOST_ASKED = 10
WINDOW = timedelta(hours=24)

#: The shortest (characters) and the longest (`notice_text.length`) question, answer or addition.
SHORTEST = 4
LONGEST = 800

#: So often one question may be gone on with.
MOST_TURNS = 12

Unfit = Literal["short", "long", "personal"]

#: Of what somebody says who has what they wanted; whatever else is said goes on.
_THANKS = re.compile(
    r"(?:好|的|谢谢|多谢|感谢|非常|万分|太|您|你|老师|领导|各位|大家|了|啦|哦|嗯|收到|明白|清楚|知道|了解|已|解决|可以|行|辛苦"
    r"|ok|okay|thanks?|thank you|got it|very much|so much|a lot|great|[^\w?？])+",
    re.IGNORECASE,
)

_COORDINATING = frozenset({"province", "nation"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What rights are judged by: where a question comes from, whose it is, how it stands."""

    court: str
    province: str
    asker: int
    state: str
    answered_by: int | None = None


@dataclass(frozen=True, slots=True)
class TooMany:
    """Nothing more may be asked: `waiting` for answers already, or until `again_at`."""

    waiting: int = 0
    again_at: datetime | None = None


def coordinates(viewer: Viewer, asked: Asked) -> bool:
    """Whether the viewer coordinates the question's province, or the nation."""
    return bool(access.roles(viewer, Subject(asked.court, asked.province)) & _COORDINATING)


def may_answer(viewer: Viewer, asked: Asked, appointed: Collection[int]) -> bool:
    """Coordinators, and those whom the province appointed while they hold a post in it; never the asker."""
    if viewer.officer_id is None or not viewer.posts or viewer.officer_id == asked.asker:
        return False
    if coordinates(viewer, asked):
        return True
    return viewer.officer_id in appointed and viewer.province == asked.province


def may_add(viewer: Viewer, asked: Asked) -> bool:
    """Whether the viewer, who may answer, may still do so once it is answered: whoever did, and coordinators."""
    return viewer.officer_id == asked.answered_by or coordinates(viewer, asked)


def too_many(waiting: int, asked_at: Sequence[datetime], now: datetime) -> TooMany | None:
    """Whether somebody asks too much.

    Args:
        waiting: how many of the person's questions wait for an answer.
        asked_at: when the person asked lately, in any order.
        now: the present.
    """
    if waiting >= MOST_OPEN:
        return TooMany(waiting=waiting)
    recent = sorted(at for at in asked_at if at > now - WINDOW)
    if len(recent) >= MOST_ASKED:
        return TooMany(again_at=recent[-MOST_ASKED] + WINDOW)
    return None


def is_thanks(text: str) -> bool:
    """Whether a reply to an answer asks nothing more: thanks, or that it is clear."""
    said = text.strip()
    return _THANKS.fullmatch(said) is not None and any(sign.isalpha() for sign in said)


def unfit(text: str, desk_phones: Collection[str] = ()) -> Unfit | None:
    """Why a text can be no question and no answer; None when it can.

    `personal`: it holds what may be somebody's identity, bank card or mobile number, one of the
    directory's `desk_phones` aside.
    """
    said = text.strip()
    if len(said) < SHORTEST:
        return "short"
    if length(said) > LONGEST:
        return "long"
    return "personal" if notice_check.refused(notice_check.findings(said), desk_phones) else None
