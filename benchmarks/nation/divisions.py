"""The administrative divisions of China as read from the data files beside this one. Makes no court."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from directory.court_codes import PROVINCES

HERE = Path(__file__).parent

#: The first two digits of a division code, and the character of the province's courts.
CHARACTERS: Mapping[str, str] = {
    "11": "京", "12": "津", "13": "冀", "14": "晋", "15": "内", "21": "辽", "22": "吉", "23": "黑",
    "31": "沪", "32": "苏", "33": "浙", "34": "皖", "35": "闽", "36": "赣", "37": "鲁", "41": "豫",
    "42": "鄂", "43": "湘", "44": "粤", "45": "桂", "46": "琼", "50": "渝", "51": "川", "52": "黔",
    "53": "云", "54": "藏", "61": "陕", "62": "甘", "63": "青", "64": "宁", "65": "新",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Division:
    """A prefecture (four digits) or a county, district or development zone (six digits)."""

    number: str
    name: str
    #: The area code of a prefecture.
    area_code: str = ""
    #: Towns of a county.
    towns: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        """The province's character."""
        return CHARACTERS[self.number[:2]]

    @property
    def province(self) -> str:
        """The province's name."""
        return PROVINCES[self.sign]

    @property
    def is_zone(self) -> bool:
        """Whether it is a development zone: statistics count those, the state has no such division."""
        return len(self.number) == 6 and 71 <= int(self.number[4:]) <= 79


@dataclass(frozen=True, slots=True)
class Former:
    """What a court was called until a day (ISO); name or number may have stayed."""

    number: str
    name: str
    earlier_number: str
    until: str


@cache
def divisions() -> tuple[Division, ...]:
    """Every prefecture, each followed by its counties, by number."""
    return tuple(
        Division(number, name, area_code=more[0])
        if len(number) == 4
        else Division(number, name, towns=tuple(more))
        for number, name, *more in lines("divisions.tsv")
    )


@cache
def formers() -> tuple[Former, ...]:
    """Names and numbers that are no longer in use."""
    return tuple(Former(*words) for words in lines("former_names.tsv"))


def lines(name: str) -> Iterator[list[str]]:
    """The lines of a data file, each as its cells."""
    with (HERE / name).open(encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n").split("\t")
