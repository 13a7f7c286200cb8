"""The nation some weeks later: a share of its rows changed, as the next file of the provinces would have them."""

from dataclasses import replace

from benchmarks.nation.courts import Row
from benchmarks.nation.dice import Dice
from benchmarks.nation.generator import Nation


def altered(nation: Nation, share: float = 0.01, seed: int = 1) -> Nation:
    """The same courts and people, of which `share` (0 to 1) have other desk phones or departments.

    Nobody comes and nobody leaves: names and codes stay, so that an import finds everybody.
    """
    dice = Dice(seed)
    people = list(dict.fromkeys((row["court_code"], row["name"]) for row in nation.officers))
    chosen = set(dice.shuffled(people)[: round(len(people) * share)])
    codes = [row["code"] for row in nation.courts]
    moved = set(dice.shuffled(codes)[: round(len(codes) * share)])
    return replace(
        nation,
        courts=[_rung(row, "phone") if row["code"] in moved else row for row in nation.courts],
        officers=[
            _rung(row, "desk_phone") if (row["court_code"], row["name"]) in chosen else row
            for row in nation.officers
        ],
    )


def _rung(row: Row, field: str) -> Row:
    """The row with an extension behind its number, the same in every row of one person."""
    changed = {**row, field: f"{row[field]}-8"}
    return changed | {"department": "立案二庭"} if "department" in row else changed
