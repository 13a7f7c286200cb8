"""The ladder file: which steps a page climbs, for which court, by which clock.

Reads the TOML text into a frozen `LadderBook`, finding every fault with its line, and resolves the
`Ladder` of one filing. What is done with a ladder is in `notifications.escalation`; opening the
file that `LIAISON_LADDER` names is the caller's business.

Durations are seconds, on the ladder's own clock.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from directory.texts import Phrase
from notifications.ladder_faults import (
    LadderFault,
    LadderFaults,
    unknown_court,
    unknown_province,
)
from notifications.toml_lines import Path, line_of, lines_of_keys

Name = TypeVar("Name", str, tuple[str, str])
Clock = Literal["working", "wall"]
OutsideHours = Literal["page", "silent", "hold"]

CLOCKS: tuple[Clock, ...] = ("working", "wall")
OUTSIDE_HOURS: tuple[OutsideHours, ...] = ("page", "silent", "hold")
ANSWER_TARGETS = ("group", "A", "B", "leader", "coordinator", "fallback")
RESULT_TARGETS = (*ANSWER_TARGETS, "acknowledger")

_SECTIONS = ("province", "court", "pair")


def _(msgid: str, **data: object) -> Phrase:
    """A text for whoever shows the fault, in the reader's language."""
    return Phrase(msgid, data)


_NAME_REMEDIES = {
    "province": _('写成 [province."辽宁省"]'),
    "court": _('写成法院代字：[court."辽0211"]'),
    "pair": _('写成“协作代字>管辖代字”，两院不同：[pair."浙72>辽72"]'),
}
_DURATION = re.compile(r"(\d{1,6})(s|min|h)")
_SECONDS = {"s": 1, "min": 60, "h": 3600}
_PAIR = re.compile(r"([^>\s]+)>([^>\s]+)")
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Step:
    """Who is notified `after` seconds, on the ladder's clock, from the start of its phase."""

    after: int
    notify: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Everything that governs the paging of one filing. Targets and `snooze` in seconds."""

    clock: Clock
    answer_target: int
    result_target: int
    outside_hours: OutsideHours
    snooze: int
    answer: tuple[Step, ...]
    result: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class LadderTable:
    """One table of the file; None where it is silent about a key."""

    clock: Clock | None = None
    answer_target: int | None = None
    result_target: int | None = None
    outside_hours: OutsideHours | None = None
    snooze: int | None = None
    answer: tuple[Step, ...] | None = None
    result: tuple[Step, ...] | None = None


KEYS = tuple(item.name for item in fields(LadderTable))
_SILENT = LadderTable()


@dataclass(frozen=True, slots=True)
class LadderBook:
    """A whole ladder file: the default and what narrower tables say.

    `provinces` by name, `courts` by code, `pairs` by (collaborating, jurisdiction) codes.
    """

    default: Ladder
    provinces: Mapping[str, LadderTable] = field(default_factory=dict)
    courts: Mapping[str, LadderTable] = field(default_factory=dict)
    pairs: Mapping[tuple[str, str], LadderTable] = field(default_factory=dict)
    #: On which line of the file a table begins, by ("court", "辽0211") and the like.
    lines: Mapping[tuple[str, object], int] = field(default_factory=dict, compare=False)

    @classmethod
    def parse(cls, text: str) -> LadderBook:
        """Read a ladder file. Keys missing at its top come from the built-in default.

        Raises:
            LadderFaults: with every fault of the file, in the order of its lines.
        """
        return _Reading(text).book(cls)

    @classmethod
    def built_in(cls) -> LadderBook:
        """The default that holds when `LIAISON_LADDER` names no file."""
        return _built_in()

    def unknown(
        self, provinces: Collection[str], courts: Collection[str]
    ) -> tuple[LadderFault, ...]:
        """The tables that hold for nobody: provinces and courts that the directory does not know."""
        found = [
            unknown_province(self.lines.get(("province", name), 1), name)
            for name in self.provinces
            if name not in provinces
        ]
        found += [
            unknown_court(self.lines.get(("court", code), 1), f"court.{code}", code)
            for code in self.courts
            if code not in courts
        ]
        for pair in self.pairs:
            line, key = self.lines.get(("pair", pair), 1), f"pair.{'>'.join(pair)}"
            found += [unknown_court(line, key, code) for code in pair if code not in courts]
        return tuple(sorted(found, key=lambda fault: fault.line))

    def named(self) -> set[str]:
        """Every court that the file names."""
        return {*self.courts, *(code for pair in self.pairs for code in pair)}

    def resolve(
        self,
        collaborating: str,
        jurisdiction: str,
        province: str,
        court_answer_target_min: int | None = None,
        court_result_target_min: int | None = None,
    ) -> Ladder:
        """The ladder of a filing from one court code to another.

        The narrowest wins, key by key: pair, court, province, default; `court` and `province` are
        the jurisdiction court's. The court's own targets of the directory, in minutes, stand
        between its table and its province's.
        """
        own = LadderTable(
            answer_target=_minutes(court_answer_target_min),
            result_target=_minutes(court_result_target_min),
        )
        asked = (
            self.pairs.get((collaborating, jurisdiction), _SILENT),
            self.courts.get(jurisdiction, _SILENT),
            own,
            self.provinces.get(province, _SILENT),
        )
        tables = [table for table in asked if table != _SILENT]
        if not tables:
            return self.default
        narrowest: dict[str, Any] = {}
        for key in KEYS:
            said = (getattr(table, key) for table in tables)
            first = next((value for value in said if value is not None), None)
            narrowest[key] = getattr(self.default, key) if first is None else first
        return Ladder(**narrowest)


@cache
def _built_in() -> LadderBook:
    packaged = resources.files("notifications").joinpath("default_ladder.toml")
    return _Reading(packaged.read_text(encoding="utf-8")).book(LadderBook, complete=True)


def _minutes(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * 60


class _Reading:
    """One pass over a ladder file that collects faults instead of stopping at the first."""

    def __init__(self, text: str) -> None:
        self._text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        self._lines: dict[Path, int] = {}
        self._faults: list[LadderFault] = []
        self._tables: dict[tuple[str, object], int] = {}

    def book(self, kind: type[LadderBook], *, complete: bool = False) -> LadderBook:
        """The book, or `LadderFaults`. A `complete` file says every key at its top."""
        document = self._document()
        top = self._table((), {k: v for k, v in document.items() if k not in _SECTIONS})
        provinces = self._section(document, "province", _province_name)
        courts = self._section(document, "court", _court_code)
        pairs = self._section(document, "pair", _pair)
        if self._faults:
            raise LadderFaults(self._faults)
        filled = {key: getattr(top, key) for key in KEYS}
        if not complete:
            default = kind.built_in().default
            filled = {k: getattr(default, k) if v is None else v for k, v in filled.items()}
        return kind(Ladder(**filled), provinces, courts, pairs, MappingProxyType(self._tables))

    def _document(self) -> dict[str, Any]:
        try:
            document = tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            raise LadderFaults((_syntax_fault(self._text, str(error)),)) from error
        self._lines = lines_of_keys(self._text)
        return document

    def _fault(self, path: Path, value: object, remedy: Phrase) -> None:
        key = ".".join(f"[{part + 1}]" if isinstance(part, int) else part for part in path)
        line = line_of(self._lines, path)
        self._faults.append(LadderFault(line, key.replace(".[", "["), _shown(value), remedy))

    def _section(
        self, document: Mapping[str, Any], section: str, read_name: Callable[[str], Name | None]
    ) -> Mapping[Name, LadderTable]:
        tables = document.get(section, {})
        if not isinstance(tables, dict):
            self._fault((section,), tables, _('写成表：[{section}."…"]', section=section))
            return {}
        found: dict[Name, LadderTable] = {}
        for written, content in tables.items():
            path = (section, written)
            if not isinstance(content, dict):
                self._fault(
                    path,
                    content,
                    _('缺少引号里的名称，写成 [{section}."…"] 再写各项', section=section),
                )
                continue
            table = self._table(path, content)
            name = read_name(written)
            if name is None:
                self._fault(path, written, _NAME_REMEDIES[section])
            elif name in found:
                self._fault(path, written, _("与前面的一张表重复，请合并"))
            else:
                found[name] = table
                self._tables[section, name] = line_of(self._lines, path)
        return MappingProxyType(found)

    def _table(self, path: Path, content: Mapping[str, Any]) -> LadderTable:
        said: dict[str, Any] = {}
        for key, value in content.items():
            here = (*path, key)
            if key in ("answer_target", "result_target", "snooze"):
                said[key] = self._duration(here, value, at_least=1)
            elif key == "clock":
                said[key] = self._choice(here, value, CLOCKS)
            elif key == "outside_hours":
                said[key] = self._choice(here, value, OUTSIDE_HOURS)
            elif key in ("answer", "result"):
                said[key] = self._steps(here, value, key)
            else:
                allowed = KEYS if path else (*KEYS, *_SECTIONS)
                self._fault(here, value, _("没有这一项，可用的项：{keys}", keys=", ".join(allowed)))
        return LadderTable(**said)

    def _duration(self, path: Path, value: object, *, at_least: int) -> int | None:
        match = _DURATION.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            self._fault(path, value, _('时长写成 "90s"、"15min" 或 "1h"'))
            return None
        seconds = int(match[1]) * _SECONDS[match[2]]
        if seconds < at_least:
            self._fault(path, value, _("时长必须大于零"))
            return None
        return seconds

    def _choice(self, path: Path, value: object, allowed: tuple[str, ...]) -> str | None:
        if value in allowed:
            return str(value)
        self._fault(path, value, _("只能是 {words}", words=_quoted(allowed)))
        return None

    def _steps(self, path: Path, value: object, phase: str) -> tuple[Step, ...] | None:
        if not isinstance(value, list):
            self._fault(
                path,
                value,
                _("写成步骤的列表：{example}", example='[{after = "5min", notify = ["A"]}]'),
            )
            return None
        if not value and phase == "answer":
            self._fault(path, value, _("至少写一步，否则无人会被呼叫"))
        steps: list[Step] = []
        for index, item in enumerate(value):
            step = self._step((*path, index), item, phase)
            if step is None:
                continue
            if steps and step.after < steps[-1].after:
                self._fault((*path, index), item["after"], _("各步按 after 从早到晚排列"))
            steps.append(step)
        return tuple(steps)

    def _step(self, path: Path, item: object, phase: str) -> Step | None:
        if not isinstance(item, dict):
            self._fault(
                path, item, _("一步写成 {example}", example='{after = "5min", notify = ["A"]}')
            )
            return None
        for key in item.keys() - {"after", "notify"}:
            self._fault((*path, key), item[key], _("没有这一项，一步只有 after 和 notify"))
        for key in ("after", "notify"):
            if key not in item:
                self._fault(path, item, _("缺少 {key}", key=key))
        after = (
            self._duration((*path, "after"), item["after"], at_least=0) if "after" in item else 0
        )
        notify = self._targets((*path, "notify"), item.get("notify", ["A"]), phase)
        return None if after is None else Step(after, notify)

    def _targets(self, path: Path, value: object, phase: str) -> tuple[str, ...]:
        allowed = RESULT_TARGETS if phase == "result" else ANSWER_TARGETS
        if not isinstance(value, list) or not value:
            self._fault(path, value, _("写成非空的列表，可用：{words}", words=_quoted(allowed)))
            return ()
        for position, word in enumerate(value):
            if word == "acknowledger" and phase == "answer":
                self._fault(path, word, _("acknowledger 只能写在 result 里，签收前还没有签收人"))
            elif word not in allowed:
                self._fault(path, word, _("只能是 {words}", words=_quoted(allowed)))
            elif word in value[:position]:
                self._fault(path, word, _("同一步里重复，删去一个"))
        return tuple(str(word) for word in value)


def _province_name(written: str) -> str | None:
    return unicodedata.normalize("NFKC", written).strip() or None


def _court_code(written: str) -> str | None:
    code = unicodedata.normalize("NFKC", written).strip()
    return code if code and ">" not in code and not re.search(r"\s", code) else None


def _pair(written: str) -> tuple[str, str] | None:
    match = _PAIR.fullmatch(unicodedata.normalize("NFKC", written).strip())
    if match is None or match[1] == match[2]:
        return None
    return match[1], match[2]


def _quoted(words: Iterable[str]) -> str:
    return "、".join(f'"{word}"' for word in words)


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _syntax_fault(text: str, message: str) -> LadderFault:
    """The one fault tomllib stops at; only its message says where."""
    match = _AT_LINE.search(message)
    lines = text.split("\n")
    line = int(match[1]) if match else max(1, len(text.rstrip().split("\n")))
    content = lines[line - 1].strip() if line <= len(lines) else ""
    said = _AT_LINE.sub("", message).replace("(at end of document)", "").strip()
    return LadderFault(
        line, "TOML", _shown(content), _("不是正确的 TOML，请改正这一行（{said}）", said=said)
    )
