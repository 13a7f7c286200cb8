"""What can be wrong with a ladder file: each fault with its line, key, value and remedy, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from directory.texts import Phrase, Translate


def _(msgid: str, **data: object) -> Phrase:
    """A text for whoever shows the fault, in the reader's language."""
    return Phrase(msgid, data)


@dataclass(frozen=True, slots=True)
class LadderFault:
    """One thing wrong in a ladder file: `line` counts from 1, `remedy` says what to write."""

    line: int
    key: str
    value: str
    remedy: Phrase

    @property
    def said(self) -> Phrase:
        """The whole of it as one sentence."""
        return _(
            "第 {line} 行 {key} = {value}：{remedy}",
            line=self.line,
            key=self.key,
            value=self.value,
            remedy=self.remedy,
        )

    def __str__(self) -> str:
        return str(self.said)


class LadderFaults(ValueError):
    """逐级呼叫规则文件有 {count} 处错误：{listing}"""

    def __init__(self, faults: Iterable[LadderFault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join((str(self._head), *map(str, self.faults))))

    @property
    def _head(self) -> Phrase:
        return _("逐级呼叫规则文件有 {count} 处错误：", count=len(self.faults))

    def listed(self, translate: Translate) -> str:
        """A line that says how many, then one for each fault."""
        said = (fault.said.said(translate) for fault in self.faults)
        return "\n".join((self._head.said(translate), *said))


def unknown_province(line: int, name: str) -> LadderFault:
    """A table for a province that no court of the directory belongs to."""
    remedy = _("通讯录中没有这个省份的法院，请写全称，例如 辽宁省，或先导入该省的法院")
    return LadderFault(line, f"province.{name}", name, remedy)


def unknown_court(line: int, key: str, code: str) -> LadderFault:
    """A table for a court that the directory does not hold."""
    remedy = _("通讯录中没有代字为“{code}”的法院，请核对代字，或先导入该法院", code=code)
    return LadderFault(line, key, code, remedy)
