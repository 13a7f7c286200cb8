"""Officers: who an account is, which posts somebody holds today, how people are named, unlinking.

Linking goes by invitation; it lives in `directory.invitations` and is offered here as well.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from directory import changes, search
from directory.court_codes import normalise
from directory.errors import OfficerAmbiguous, OfficerNotFound
from directory.import_cells import mask_mobile
from directory.invitations import Slowed, accept_invitation, invite, subject, void
from directory.models import DirectoryRecord, Officer
from directory.roster import POSTS, POSTS_BY_RANK, held_on
from directory.search import Searcher
from directory.texts import CHINESE, ENGLISH

__all__ = [
    "POSTS",
    "POSTS_BY_RANK",
    "Slowed",
    "accept_invitation",
    "display",
    "find",
    "invite",
    "linked",
    "main_post",
    "mark_blocked",
    "mask_mobile",
    "of_court",
    "posts_on",
    "set_language",
    "subject",
    "these",
    "unlink",
]

_LANGUAGES = {"zh": CHINESE, "zh-cn": CHINESE, "zh_cn": CHINESE, "en": ENGLISH}
#: Longer numbers fit no row's id.
_LONGEST_ID = 18


class Named(Protocol):
    """Anybody with a name: an `Officer` or one `OnDutyOfficer` of the roster."""

    @property
    def name(self) -> str:
        """The person's name."""
        ...


async def linked(
    session: AsyncSession, telegram_id: int, *, today: date | None = None
) -> Officer | None:
    """The officer this chat account is linked to, court and posts loaded.

    None for a stranger and for a person who left. With `today` (the court's local day) also for
    one who holds no post on that day: such a person is an officer no longer, or not yet.
    """
    officer: Officer | None = await session.scalar(
        select(Officer)
        .options(*_whole())
        .where(Officer.telegram_id == telegram_id, Officer.left_at.is_(None))
    )
    if officer is None or (today is not None and not posts_on(officer, today)):
        return None
    return officer


def posts_on(officer: Officer, day: date) -> frozenset[str]:
    """The posts `officer` (posts loaded) holds on a local day; none for one who left."""
    if officer.left_at is not None:
        return frozenset()
    return frozenset(
        post.post for post in officer.posts if held_on(post.valid_from, post.valid_to, day)
    )


async def of_court(session: AsyncSession, code: str) -> Sequence[Officer]:
    """The people of a court who have not left, posts loaded, in the order they were entered."""
    found = await session.scalars(
        select(Officer)
        .options(*_whole())
        .where(Officer.court_code == code, Officer.left_at.is_(None))
        .order_by(Officer.id)
    )
    return found.all()


async def these(session: AsyncSession, ids: Collection[int]) -> dict[int, Officer]:
    """These people with court and posts, by number; who has left or was erased is not among them."""
    if not ids:
        return {}
    found = await session.scalars(
        select(Officer)
        .options(*_whole())
        .where(Officer.id.in_(ids), Officer.left_at.is_(None), Officer.erased_at.is_(None))
    )
    return {officer.id: officer for officer in found}


async def find(
    session: AsyncSession, text: str, *, departed: bool = False, searcher: Searcher | None = None
) -> Officer:
    """The officer named by `text`: `辽0211:张伟` (a court's full name will do for the code) or an id.

    Court and posts are loaded. People who left are found only when `departed` is set.

    Raises:
        OfficerNotFound: nobody is called so, or the court is unclear.
        OfficerAmbiguous: several people of the court are; `choices` gives their ids.
    """
    plain = normalise(text)
    if plain.isascii() and plain.isdecimal() and len(plain) <= _LONGEST_ID:
        found = await _with(session, Officer.id == int(plain), departed=departed)
    else:
        found = await _by_name(session, text, departed=departed, searcher=searcher)
    if not found:
        raise OfficerNotFound(words=text)
    if len(found) > 1:
        choices = "、".join(f"{officer.id}（{_hint(officer)}）" for officer in found)
        raise OfficerAmbiguous(words=text, count=len(found), choices=choices)
    return found[0]


async def _by_name(
    session: AsyncSession, text: str, *, departed: bool, searcher: Searcher | None
) -> list[Officer]:
    court_words, colon, name = text.replace("：", ":").partition(":")
    key = normalise(name)
    if not colon or not key:
        return []
    court = (await search.resolve(session, court_words, searcher=searcher)).court
    if court is None:
        return []
    people = await _with(session, Officer.court_code == court.code, departed=departed)
    return [officer for officer in people if normalise(officer.name) == key]


def _hint(officer: Officer) -> str:
    """What tells two people of one name apart, without anything personal."""
    posts = [POSTS[post] for post in POSTS_BY_RANK if post in {held.post for held in officer.posts}]
    return " ".join(filter(None, (officer.department, officer.title, *posts))) or "—"


async def unlink(session: AsyncSession, officer: Officer, *, who: str, now: datetime) -> bool:
    """Take the chat account from `officer` at once (a lost phone); open invitations die with it.

    Recorded under `who`. False when no account was linked.
    """
    await changes.lock(session)
    await session.refresh(officer, ["telegram_id"])
    was_linked = officer.telegram_id is not None
    changes.record(
        session,
        who=who,
        court_code=officer.court_code,
        officer_id=officer.id,
        kind="changed",
        before={"telegram_id": officer.telegram_id},
        after={"telegram_id": None},
        now=now,
    )
    officer.telegram_id = None
    officer.linked_at = None
    officer.blocked_at = None
    officer.updated_at = now
    await void(session, officer.id, now=now)
    session.add(
        DirectoryRecord(
            at=now,
            who=who,
            kind="unlinked",
            subject=subject(officer),
            detail=f"officer {officer.id}",
        )
    )
    await session.flush()
    return was_linked


async def mark_blocked(
    session: AsyncSession, telegram_id: int, *, blocked: bool, now: datetime
) -> None:
    """Note since when an account cannot be written to (blocked, deleted), or that it can again."""
    condition = Officer.blocked_at.is_(None)
    await session.execute(
        update(Officer)
        .where(Officer.telegram_id == telegram_id, condition if blocked else ~condition)
        .values(blocked_at=now if blocked else None)
    )


async def set_language(
    session: AsyncSession, officer: Officer, language: str | None, *, now: datetime
) -> None:
    """Speak to `officer` in `zh`/`zh-CN` or `en`; None means the installation's language.

    Raises:
        ValueError: any other language.
    """
    if language is not None and language.lower() not in _LANGUAGES:
        message = f"no such language: {language}"
        raise ValueError(message)
    officer.language = None if language is None else _LANGUAGES[language.lower()]
    officer.updated_at = now
    await session.flush()


def display(officer: Named, post: str | None) -> str:
    """The person with the post, as events and cards show it: 张伟（A岗）; the bare name without one."""
    return officer.name if post is None else f"{officer.name}（{POSTS.get(post, post)}）"


def main_post(posts: Collection[str]) -> str | None:
    """The post to show of several; None when there is none."""
    return next((post for post in POSTS_BY_RANK if post in posts), None)


def _whole() -> tuple[ExecutableOption, ...]:
    return joinedload(Officer.court), selectinload(Officer.posts)


async def _with(session: AsyncSession, condition: object, *, departed: bool) -> list[Officer]:
    query = select(Officer).options(*_whole()).where(condition).order_by(Officer.id)  # type: ignore[arg-type]
    if not departed:
        query = query.where(Officer.left_at.is_(None))
    return list(await session.scalars(query))
