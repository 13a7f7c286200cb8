"""The officers of the nation: invented people, in as many rows as they hold posts. Every one says so."""

from collections.abc import Iterator, Sequence

from benchmarks.nation.courts import MARK, Row, area_codes, area_of, phone
from benchmarks.nation.dice import Dice
from benchmarks.nation.person_names import invented

OFFICERS = 50_000

#: How many people a court of each level has beside the others.
_STAFF = {"supreme": 40, "high": 36, "intermediate": 22, "basic": 13, "tribunal": 4}

#: Every so many people one holds two posts.
_DOUBLE_POSTS = 10
_SECOND_POST = {"A": "leader", "B": "A", "leader": "A", "technician": "B", "coordinator": "leader"}

_TITLES = {
    "A": ("审判员", "法官", "法官助理", "一级法官助理"),
    "B": ("法官助理", "书记员", "审判员"),
    "leader": ("庭长", "副庭长", "立案庭负责人"),
    "technician": ("工程师", "技术员", "信息中心副主任"),
    "coordinator": ("省级协调员",),
}
_DEPARTMENTS = ("立案庭", "立案庭", "诉讼服务中心", "立案一庭")
_TECHNICAL = "信息技术处"


def officers(dice: Dice, courts: Sequence[Row], count: int) -> list[Row]:
    """So many people, court by court, each with one row a post; a name comes once in a court.

    Mobiles begin with 1640: no operator ever had 164, and numbers of this length that begin with 10,
    11 or 12, which nobody has either, might ring an emergency service.
    """
    areas = area_codes()
    shares = [_STAFF[court["level"]] for court in courts]
    total = sum(shares)
    rows: list[Row] = []
    so_far = serial = 0
    for court, share in zip(courts, shares, strict=True):
        first, so_far = so_far * count // total, so_far + share
        names: set[str] = set()
        area = area_of(court, areas)
        for rank in range(so_far * count // total - first):
            serial += 1
            name = _new_name(dice, names)
            rows += _rows(dice, court, name, rank, serial, area)
    return rows


def _new_name(dice: Dice, names: set[str]) -> str:
    while (name := invented(dice)) in names:
        continue
    names.add(name)
    return name


def _rows(dice: Dice, court: Row, name: str, rank: int, serial: int, area: str) -> Iterator[Row]:
    post = _post(dice, court["level"], rank)
    technical = post == "technician"
    title = dice.one_of(_TITLES[post])
    since = f"{2016 + dice.below(9)}-{1 + dice.below(12):02}-01"
    row = {
        "court_code": court["code"],
        "name": name,
        "post": post,
        "title": f"{title}（{MARK}）",
        "department": _TECHNICAL if technical else dice.one_of(_DEPARTMENTS),
        "desk_phone": phone(area, serial),
        "mobile": f"1640{serial:07}",
        "valid_from": since if dice.hits(0.6) else "",
        "valid_to": "",
    }
    yield row
    if serial % _DOUBLE_POSTS == 0:
        yield {**row, "post": _SECOND_POST[post]}


def _post(dice: Dice, level: str, rank: int) -> str:
    """The post of the first, second … person of a court: everything is manned, the rest are A and B."""
    fixed = ("A", "B", "leader", "technician")
    if rank < len(fixed):
        return fixed[rank]
    if level in {"high", "supreme"} and rank < 6:
        return "coordinator"
    return "A" if dice.hits(0.4) else "B"
