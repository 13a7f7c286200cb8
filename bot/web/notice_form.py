"""What the form of a notice holds: read from a page, kept in a draft, judged. Shows and sends nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from multidict import MultiDictProxy
from sqlalchemy.ext.asyncio import AsyncSession

from bot import notice_rights
from bot.notice_words import FURTHEST_DAYS, UNTRAINED_DAYS, number_found
from bot.web import notice_markup
from bot.web.fields import is_text
from bot.web.notice_markup import Typed
from bot.web.notice_sight import Sight
from directory.errors import CourtNotFound, LiaisonError
from directory.roster import POSTS
from directory.search import Searcher
from directory.texts import Translate
from notifications import notice_text, notices
from notifications.notice_audience import Audience

#: So much of a field is read at all; a text that is longer than a notice is refused by `notices.check`.
_LONGEST = 20_000

#: As browsers send it from a field for a day and a time.
_INSTANT = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Fields:
    """What was typed and chosen, as it stands in the form."""

    text: str = ""
    #: Whose people: `all` whom the writer reaches, one `province`, some `city`, or courts in `words`.
    where: str = "all"
    province: str = ""
    cities: tuple[str, ...] = ()
    words: str = ""
    posts: tuple[str, ...] = ()
    untrained: str = ""
    send_at: str = ""
    confirm_by: str = ""

    @classmethod
    def read(cls, sent: MultiDictProxy[Any]) -> Self:
        """What a browser sent."""

        def one(name: str) -> str:
            said = str(sent.get(name, ""))[:_LONGEST].replace("\r\n", "\n")
            return "".join(sign for sign in said if is_text(sign))

        def some(name: str) -> tuple[str, ...]:
            return tuple(str(value)[:64] for value in sent.getall(name, []))

        return cls(
            text=one("text"), where=one("where") or "all", province=one("province"),
            cities=some("city"), words=one("words"), posts=some("post"),
            untrained=one("untrained"), send_at=one("send_at"), confirm_by=one("confirm_by"),
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """As a draft keeps it."""
        kept = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in kept.items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `as_json` gave."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
        }
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of the typed text; `said` is what is wrong with it, empty for nothing. Places as browsers count."""

    text: str
    said: str = ""
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Judged:
    """What the fields mean, and by field what is wrong with them."""

    typed: Typed
    audience: Audience | None = None
    #: Which courts the words may mean.
    choices: tuple[Audience, ...] = ()
    send_at: datetime | None = None
    confirm_by: datetime | None = None
    faults: dict[str, str] = field(default_factory=dict)
    #: The typed text in pieces, where it holds somebody's number.
    marks: tuple[Mark, ...] = ()


async def text(session: AsyncSession, typed: str, translate: Translate) -> Judged:
    """Judge the text alone."""
    _ = translate
    judged = Judged(notice_markup.read(typed))
    try:
        await notices.check(session, judged.typed.html)
    except notices.NumbersInText as fault:
        judged.faults["text"] = _("正文中有个人号码，不能发出。请改正标出的地方。")
        judged.marks = _marks(typed, judged.typed, fault, _)
    except LiaisonError as fault:
        judged.faults["text"] = _(fault.template, **fault.data)
    return judged


def _marks(
    typed: str, read: Typed, fault: notices.NumbersInText, translate: Translate
) -> tuple[Mark, ...]:
    marks, at = [], 0
    for one in sorted(fault.found, key=read.place):
        start, end = read.place(one)
        if start < at:
            continue
        marks.append(Mark(typed[at:start]))
        said = number_found(one, translate)
        # A browser's fields count as Telegram does.
        units = (notice_text.length(typed[:place]) for place in (start, end))
        marks.append(Mark(typed[start:end], said, *units))
        at = end
    return (*marks, Mark(typed[at:]))


async def audience(
    session: AsyncSession, sight: Sight, searcher: Searcher, fields: Fields, judged: Judged
) -> None:
    """Find out to whom it goes; what stands against it is a fault of `audience`."""
    _ = sight.words.translate
    chosen = await _place(session, sight, searcher, fields, judged)
    if chosen is None:
        judged.faults.setdefault("audience", _("请选择发给谁。"))
        return
    if not sight.writer.may_send(chosen):
        judged.faults["audience"] = _("您只能给本省人员发通知。")
        return
    posts = tuple(post for post in POSTS if post in fields.posts)
    narrowing = None
    if fields.untrained in map(str, UNTRAINED_DAYS):
        narrowing = sight.words.untrained(int(fields.untrained))
    judged.audience = replace(
        chosen, posts=() if len(posts) == len(POSTS) else posts, narrowing=narrowing
    )


async def _place(
    session: AsyncSession, sight: Sight, searcher: Searcher, fields: Fields, judged: Judged
) -> Audience | None:
    """Whose people."""
    _ = sight.words.translate
    if fields.where == "words":
        found = await notice_rights.meant(session, sight.writer, searcher, fields.words[:2000])
        if found.unknown:
            said = found.unknown[:80]
            judged.faults["audience"] = _(CourtNotFound.template, words=said)
        elif len(found.audiences) > 1:
            judged.choices = found.audiences
            said = _("“{words}”可能是以下法院，请选择：", words=fields.words[:80])
            judged.faults["audience"] = said
        return found.audiences[0] if len(found.audiences) == 1 else None
    every = await notice_rights.offered(session, sight.writer)
    if fields.where == "all":
        if fields.cities or fields.words:
            # Somebody who ticked a city must not reach everybody by a button left where it was.
            judged.faults["audience"] = _("又选了全部，又选了城市或法院，请只选一种。")
            return None
        return every[0] if every else None
    named = {
        name: one
        for one in every
        for name in (one.values if one.where == "city" else (one.province,))
    }
    if fields.where == "city":
        cities = tuple(city for city in fields.cities if city in named)
        return Audience("city", sight.writer.province, cities, cities) if cities else None
    return named.get(fields.province) if fields.where == "province" else None


def times(fields: Fields, sight: Sight, judged: Judged) -> None:
    """Read when it leaves and until when it is to be confirmed."""
    _ = sight.words.translate
    for name, word in (("send_at", fields.send_at), ("confirm_by", fields.confirm_by)):
        if not word:
            continue
        at = instant(word, sight.words.zone)
        if at is None or at <= sight.now:
            judged.faults[name] = _("未能识别时间，或时间已过。")
        elif at > sight.now + timedelta(days=FURTHEST_DAYS):
            judged.faults[name] = _("最多提前 {days} 天安排。", days=FURTHEST_DAYS)
        elif name == "send_at":
            judged.send_at = at
        else:
            judged.confirm_by = at
    limit = judged.confirm_by
    if limit is not None and limit <= (judged.send_at or sight.now):
        judged.faults["confirm_by"] = _("确认期限早于发出时间，请修改。")


def instant(word: str, zone: ZoneInfo) -> datetime | None:
    """A day and a time on the reader's wall clock; None for anything else."""
    try:
        return datetime.strptime(word, _INSTANT).replace(tzinfo=zone)
    except ValueError:
        return None


def as_typed(at: datetime | None, zone: ZoneInfo) -> str:
    """An instant as a field for it holds it."""
    return at.astimezone(zone).strftime(_INSTANT) if at is not None else ""
