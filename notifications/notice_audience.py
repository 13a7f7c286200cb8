"""To whom a notice goes: which courts, which posts, which of those people; and whether somebody may write to them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal, Self

from directory.roster import POSTS

#: Whose people, from the widest to the narrowest.
Where = Literal["nation", "province", "city", "court"]
WHERE: tuple[Where, ...] = ("nation", "province", "city", "court")

#: How far somebody's notices may go: `nation`, or the one province they coordinate.
Reach = Literal["nation", "province"]

#: What else may be asked of a person, by its word; each takes one value. The condition for the tables is
#: `notice_people.NARROWED`, which a test holds against this.
NARROWINGS: Mapping[str, str] = MappingProxyType(
    {
        "unconfirmed": "has not confirmed the notice of this number",
        "untrained": "came to no session, passed no quiz and took no first steps since this instant",
    }
)


@dataclass(frozen=True, slots=True)
class Audience:
    """The people of some courts, each once however many posts they hold.

    `values` are cities' names or courts' codes, `names` how they are shown; both are empty for a whole
    province or the nation. `posts` empty means every post. `narrowing` is one of `NARROWINGS` and its value.
    """

    where: Where
    province: str | None = None
    values: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    narrowing: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        """Refuse what would reach other people than it says.

        Raises:
            ValueError: a value that this kind of audience cannot have.
        """
        named = self.where in {"city", "court"}
        fits = (
            self.where in WHERE
            and bool(self.values) == named
            and len(self.values) == len(self.names)
            and (self.where != "province" or bool(self.province))
            and (self.where != "nation" or self.province is None)
            and set(self.posts) <= set(POSTS)
            and (self.narrowing is None or self.narrowing[0] in NARROWINGS)
        )
        if not fits:
            raise ValueError(self.where)

    def as_json(self) -> dict[str, Any]:
        """As a notice keeps it."""
        return {
            "where": self.where,
            "province": self.province,
            "values": list(self.values),
            "names": list(self.names),
            "posts": list(self.posts),
            "narrowing": list(self.narrowing) if self.narrowing is not None else None,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `as_json` gave.

        Raises:
            ValueError: it was something else.
        """
        narrowing = kept.get("narrowing")
        return cls(
            kept["where"],
            kept["province"],
            tuple(kept["values"]),
            tuple(kept["names"]),
            tuple(kept["posts"]),
            (narrowing[0], narrowing[1]) if narrowing else None,
        )

    def toggled(self, post: str) -> Self:
        """The same with a post added or taken away; with all posts or none of them it is everybody."""
        chosen = set(self.posts) ^ {post}
        kept = tuple(known for known in POSTS if known in chosen)
        return replace(self, posts=() if len(kept) == len(POSTS) else kept)


def may_write(audience: Audience, reach: Reach | None, province: str | None) -> bool:
    """Whether somebody of this reach (and province) may write to the audience."""
    if reach == "nation":
        return True
    return reach == "province" and province is not None and audience.province == province


def may_look_after(notice_province: str | None, reach: Reach | None, province: str | None) -> bool:
    """Whether somebody may change, recall and remind of a notice of that province (None: the nation's)."""
    if reach == "nation":
        return True
    return reach == "province" and province is not None and notice_province == province


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who confirms for others: who they are, and what they hold today."""

    officer_id: int
    court: str
    province: str
    posts: frozenset[str]
    reach: Reach | None


def may_sign_for(signer: Signer, court: str, province: str) -> bool:
    """Whether somebody may confirm (代签) for a person of that court: its leader, or who coordinates its province."""
    if signer.reach == "nation":
        return True
    if signer.reach == "province" and signer.province == province:
        return True
    return "leader" in signer.posts and signer.court == court


def sending_seconds(messages: int, per_second: float) -> int:
    """How long (whole seconds, rounded up) so many messages take at the permitted rate; 0 is no limit."""
    return -int(-messages // per_second) if per_second else 0


def ordered(names: Sequence[str]) -> tuple[str, ...]:
    """The names once each, in the order in which they were said."""
    return tuple(dict.fromkeys(names))
