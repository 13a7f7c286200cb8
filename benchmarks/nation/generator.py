"""One nation from one seed: its courts and its officers, as rows of the directory's files."""

from dataclasses import dataclass

from benchmarks.nation.courts import COURTS, Row
from benchmarks.nation.courts import courts as courts_of_nation
from benchmarks.nation.dice import Dice
from benchmarks.nation.people import OFFICERS
from benchmarks.nation.people import officers as officers_of_courts


@dataclass(frozen=True, slots=True)
class Nation:
    """Rows as files have them: every value a text, empty where there is none; `aliases` with `|`."""

    courts: list[Row]
    #: One row a post: people with two posts have two rows that say the same of the person.
    officers: list[Row]

    @property
    def people(self) -> int:
        """How many people the officers' rows are."""
        return len({(row["court_code"], row["name"]) for row in self.officers})


def generate(seed: int = 1, *, courts: int | None = None, officers: int | None = None) -> Nation:
    """The nation of a seed; the same on every machine.

    Args:
        seed: which nation; courts are the same in all, people, hours and short names differ.
        courts: how many; fewer is a sample of whole lines of courts, more has more tribunals.
        officers: how many people, every tenth of them with two posts; without it as many as go with
            the courts.

    Raises:
        ValueError: more courts than there are divisions for.
    """
    count = COURTS if courts is None else courts
    found = courts_of_nation(Dice(2 * seed), count)
    people = OFFICERS * count // COURTS if officers is None else officers
    return Nation(found, officers_of_courts(Dice(2 * seed + 1), found, people))
