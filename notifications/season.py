"""A season of filings made up from one seed: who files what, when, and how people answer. Plain data, no database.

The measures are Liaoning's of 2019: the first filing on 18 August (Dalian Maritime ← Ningbo Maritime), all
128 courts on line by 25 August, 2,266 filings to 20 December, 165 of them with nine other provinces, about
nine minutes to an answer. How arrivals spread over a day, which courts are busy and how people behave is
invented. `notifications.season_play` plays a season through the real rules.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from directory import worktime
from directory.worktime import WorkCalendar
from notifications.season_manners import Course, course

SEED = 20190818
FIRST_DAY, ALL_ON_LINE, LAST_DAY = date(2019, 8, 18), date(2019, 8, 25), date(2019, 12, 20)
FILINGS, ACROSS = 2266, 165
HOME = "辽宁省"
FIRST_PAIR = ("浙72", "辽72")

#: The share that the courts' platform hands in by itself.
BY_PLATFORM = 0.9

#: On the last day nothing arrives later (local time), so that everything ends before the desk closes.
LAST_ARRIVAL = time(13, 50)

CASE_TYPES = (
    ("civil_first_instance", 70),
    ("enforcement", 24),
    ("administrative_first_instance", 6),
)
"""What may be filed across regions since 2019, of a hundred."""

_DAY = timedelta(days=1)
#: A day off brings so little of a working day's filings.
_DAY_OFF = 0.07
#: (from, to) in minutes after local midnight and how much of a working day's filings arrive then.
_WORKDAY = (
    ((8 * 60 + 30, 9 * 60 + 30), 17), ((9 * 60 + 30, 11 * 60 + 30), 37),
    ((11 * 60 + 30, 13 * 60 + 30), 3), ((13 * 60 + 30, 15 * 60), 24),
    ((15 * 60, 17 * 60), 16), ((17 * 60, 21 * 60), 3),
)  # fmt: skip
_OFF_HOURS = (((9 * 60, 12 * 60), 60), ((14 * 60, 20 * 60), 40))


@dataclass(frozen=True, slots=True)
class SeasonCourt:
    """A court that takes part; `level` as in the directory."""

    code: str
    province: str
    level: str


@dataclass(frozen=True, slots=True)
class SeasonFiling:
    """One filing to come.

    `at` is when it is handed in (UTC), `by_platform` whether the courts' platform hands it in rather
    than an officer in chat, `course` how people deal with it.
    """

    reference: str
    at: datetime
    collaborating: str
    jurisdiction: str
    case_type: str
    by_platform: bool
    course: Course


@dataclass(frozen=True, slots=True)
class Season:
    """All filings in the order of their arrival, and from which day each court takes part."""

    seed: int
    joins: Mapping[str, date]
    filings: tuple[SeasonFiling, ...]

    @property
    def digest(self) -> str:
        """A fingerprint of everything in it: the same seed gives the same one on every machine."""
        return hashlib.sha256(repr((sorted(self.joins.items()), self.filings)).encode()).hexdigest()

    def until(self, day: date) -> Season:
        """The beginning of the same season: what arrives before `day` (UTC)."""
        kept = tuple(filing for filing in self.filings if filing.at.date() < day)
        return Season(self.seed, self.joins, kept)

    def part(self, number: int, of: int) -> Season:
        """One of `of` parts, by the court that decides: no two parts have a filing to decide in common."""
        courts = sorted({filing.jurisdiction for filing in self.filings})
        mine = frozenset(courts[number::of])
        kept = tuple(filing for filing in self.filings if filing.jurisdiction in mine)
        return Season(self.seed, self.joins, kept)


def make(courts: Sequence[SeasonCourt], calendar: WorkCalendar, seed: int = SEED) -> Season:
    """Make a season up.

    Args:
        courts: the 128 of the home province, and those of the others that file with them.
        calendar: the days and hours by which arrivals are spread.
        seed: the same seed and courts give the same season.
    """
    return _Making(courts, calendar, random.Random(seed)).season(seed)  # noqa: S311 -- a story, no secret


class _Making:
    """One pass of dice over the season."""

    def __init__(
        self, courts: Sequence[SeasonCourt], calendar: WorkCalendar, dice: random.Random
    ) -> None:
        self._dice = dice
        self._calendar = calendar
        self._home = [court for court in courts if court.province == HOME]
        # The Supreme People's Court is in the directory, but takes no filings here.
        self._others = [c for c in courts if c.province != HOME and c.level != "supreme"]
        self._joins = self._joining()
        self._busy = {court.code: self._busyness(court) for court in courts}

    def season(self, seed: int) -> Season:
        """The whole of it."""
        arrivals = sorted(self._arrival() for _ in range(FILINGS - 1))
        across = set(self._dice.sample(range(len(arrivals)), ACROSS - 1))
        # Every one of the other provinces takes part.
        provinces = sorted({court.province for court in self._others})
        due = [*provinces, *(self._dice.choice(provinces) for _ in range(ACROSS))]
        filings = [self._filing(1, self._local(FIRST_DAY, 9 * 60 + 30), FIRST_PAIR)]
        for number, at in enumerate(arrivals):
            pair = self._pair_across(at, due) if number in across else self._pair_at_home(at)
            filings.append(self._filing(number + 2, at, pair))
        return Season(seed, MappingProxyType(self._joins), tuple(filings))

    def _joining(self) -> dict[str, date]:
        """Dalian Maritime first; the others day by day until all are on line; other provinces' then."""
        days = (ALL_ON_LINE - FIRST_DAY).days
        home = [court.code for court in self._home if court.code != FIRST_PAIR[1]]
        self._dice.shuffle(home)
        joins = {
            code: FIRST_DAY + _DAY * (1 + number * days // len(home))
            for number, code in enumerate(home)
        }
        return {
            **joins,
            **{court.code: ALL_ON_LINE for court in self._others},
            FIRST_PAIR[0]: FIRST_DAY,
            FIRST_PAIR[1]: FIRST_DAY,
        }

    def _busyness(self, court: SeasonCourt) -> float:
        """How often a court is one of the two, beside the others: a few are busy, many are not."""
        by_level = {"high": 0.15, "intermediate": 1.6}.get(court.level, 1.0)
        return by_level * self._dice.lognormvariate(0, 0.6)

    def _arrival(self) -> datetime:
        """An instant by the rhythm of weeks and days; few in the first week, most on working days."""
        while True:
            day = FIRST_DAY + _DAY * self._dice.randint(1, (LAST_DAY - FIRST_DAY).days)
            works = bool(worktime.spans(self._calendar, day))
            growth = 0.35 + 0.65 * min(1.0, (day - FIRST_DAY).days / 30)
            if self._dice.random() > growth * (1.0 if works else _DAY_OFF):
                continue
            hours = _WORKDAY if works else _OFF_HOURS
            ((opens, closes),) = self._dice.choices(
                [hour for hour, _ in hours], [share for _, share in hours]
            )
            at = self._local(day, self._dice.randrange(opens, closes)) + timedelta(
                seconds=self._dice.randrange(60)
            )
            if day < LAST_DAY or at.astimezone(self._calendar.timezone).time() < LAST_ARRIVAL:
                return at

    def _local(self, day: date, minute: int) -> datetime:
        local = datetime.combine(day, time(minute // 60, minute % 60), self._calendar.timezone)
        return local.astimezone(UTC)

    def _pair_at_home(self, at: datetime) -> tuple[str, str]:
        joined = [court for court in self._home if self._joined(court.code, at)]
        first, second = self._pick(joined), self._pick(joined)
        while second == first:
            second = self._pick(joined)
        return first, second

    def _pair_across(self, at: datetime, due: list[str]) -> tuple[str, str]:
        joined = [court for court in self._others if self._joined(court.code, at)]
        home = self._pick([court for court in self._home if self._joined(court.code, at)])
        theirs = [court for court in joined if court.province == due[0]]
        if theirs:
            due.pop(0)
        other = self._pick(theirs or joined)
        return (other, home) if self._dice.random() < 0.6 else (home, other)

    def _joined(self, code: str, at: datetime) -> bool:
        return self._joins[code] <= at.astimezone(self._calendar.timezone).date()

    def _pick(self, courts: Sequence[SeasonCourt]) -> str:
        (chosen,) = self._dice.choices(courts, [self._busy[court.code] for court in courts])
        return chosen.code

    def _filing(self, number: int, at: datetime, pair: tuple[str, str]) -> SeasonFiling:
        (case_type,) = self._dice.choices(
            [name for name, _ in CASE_TYPES], [share for _, share in CASE_TYPES]
        )
        local = at.astimezone(self._calendar.timezone)
        is_open = worktime.is_open(self._calendar, at)
        # Near the end nothing takes days, on the last day nothing takes long.
        haste = max(0.0, min(1.0, (LAST_DAY - local.date()).days / 7))
        by_platform = self._dice.random() < BY_PLATFORM
        return SeasonFiling(
            f"LN-2019-{number:05}", at, *pair, case_type, by_platform,
            course(self._dice, is_open, haste),
        )  # fmt: skip
