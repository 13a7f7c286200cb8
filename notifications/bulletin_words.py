"""What a bulletin says in the reader's language: title, headings, rows, notes, corrections. Draws and sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from directory.texts import Translate
from notifications.bulletin_figures import Layout, Line, Period, Sheet, States, Took
from notifications.wording import Wording

#: In notes so many courts are named; of more it is said how many there are.
MOST_NAMED = 8

_PER_MILLE = 1000


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure that was contested and corrected: the filing counted `counted_as` was in time."""

    key: str
    reference: str
    counted_as: str
    reason: str
    decision: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with the one of the period before (`before`, shown in brackets)."""

    text: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One printed line. `share` is what its bar shows, `reached` whether that is the target."""

    line: Line
    cells: tuple[Cell, ...]
    share: float | None
    reached: bool
    corrected: bool


class BulletinWords:
    """One sheet in one layout and language."""

    def __init__(
        self,
        sheet: Sheet,
        layout: Layout,
        translate: Translate,
        zone: ZoneInfo,
        number: str | None = None,
        corrections: Sequence[Correction] = (),
    ) -> None:
        self.sheet = sheet
        self.layout = layout
        self.translate = translate
        self.number = number
        self._zone = zone
        self._corrections = tuple(corrections)

    # Above the table

    def title(self) -> str:
        """Whose bulletin."""
        _ = self.translate
        if self.sheet.province is None:
            return _("全国跨域立案通报")
        return _("{province}跨域立案通报", province=self.sheet.province)

    def period(self) -> str:
        """Which days, and that it is a week or a month where it is."""
        _ = self.translate
        period = self.sheet.period
        days = said(period)
        if period.is_month:
            return _("月报　{days}", days=days)
        if period.is_week:
            return _("周报　{days}", days=days)
        return _("日报　{days}", days=days) if period.days == 1 else days

    def standing(self) -> str:
        """As of when; the number, or that it is not published."""
        _ = self.translate
        at = f"{self.sheet.as_of.astimezone(self._zone):%Y-%m-%d %H:%M}"
        if self.number is None:
            return _("预览，尚未发布　数据截至 {time}", time=at)
        return _("{number}　数据截至 {time}", number=self.number, time=at)

    def sums(self) -> list[str]:
        """The whole in a few short lines."""
        _ = self.translate
        total = self.sheet.total
        lines = [
            _(
                "收到 {total} 件（上期 {before}），按期率 {rate}（上期 {rate_before}），目标 {target}%",
                total=total.states.total,
                before=total.before.total,
                rate=percent(total.states.rate),
                rate_before=percent(total.before.rate),
                target=self.sheet.target_percent,
            )
        ]
        working, wall = total.measures.working, total.measures.wall
        if working.mean is not None:
            lines.append(
                _(
                    "30 分钟内应答：工作时间 {working}，自然时间 {wall}；平均 {mean} 分钟，中位 {median} 分钟（工作时间）",
                    working=percent(working.share),
                    wall=percent(wall.share),
                    mean=minutes(working.mean),
                    median=minutes(working.median),
                )
            )
        return lines

    # The table

    def headings(self) -> tuple[str, ...]:
        """Of the columns of `cells`."""
        _ = self.translate
        unit = _("法院") if self.sheet.province is not None else _("省份")
        if self.layout == "states":
            return (
                _("序号"), unit, _("期内审核"), _("超期审核"), _("超期待审核"), _("期内待审核"),
                _("总计"), _("按期率"), _("名次"), _("协作提交"),
            )  # fmt: skip
        return (
            _("序号"), unit, _("样本"), _("30分钟内"), _("平均"), _("中位"), _("90%不超过"),
            _("30分钟内（自然）"), _("平均（自然）"), _("中位（自然）"), _("90%不超过（自然）"), _("名次"),
        )  # fmt: skip

    def rows(self) -> list[Row]:
        """One a court that received or sent a filing in the period or the one before, best first."""
        shown = [line for line in self.sheet.ordered(self.layout) if not _silent(line)]
        return [self._row(line, str(place)) for place, line in enumerate(shown, 1)]

    def silent(self) -> list[Line]:
        """Who had no filing at all in either period."""
        return [line for line in self.sheet.lines if _silent(line)]

    def total(self) -> Row:
        """The last line."""
        _ = self.translate
        row = self._row(self.sheet.total, "")
        cells = ("", _("总计"), *(cell.text for cell in row.cells[2:]))
        befores = ("", "", *(cell.before for cell in row.cells[2:]))
        every = tuple(Cell(text, before) for text, before in zip(cells, befores, strict=True))
        return Row(row.line, every, row.share, row.reached, corrected=False)

    def _row(self, line: Line, place: str) -> Row:
        cells = self._states(line) if self.layout == "states" else self._measures(line)
        share = line.states.rate if self.layout == "states" else line.measures.working.share
        return Row(
            line,
            (Cell(place), Cell(line.name), *cells),
            None if share is None else float(share),
            share is not None and share * 100 >= self.sheet.target_percent,
            any(one.key == line.key for one in self._corrections),
        )

    def _states(self, line: Line) -> tuple[Cell, ...]:
        now, before = line.states, line.before
        return (
            Cell(str(now.in_time), str(before.in_time)),
            Cell(str(now.late), str(before.late)),
            Cell(str(now.overdue), str(before.overdue)),
            Cell(str(now.pending), str(before.pending)),
            Cell(str(now.total), str(before.total)),
            Cell(percent(now.rate), percent(before.rate)),
            Cell(self.rank(line)),
            Cell(str(line.sent), str(line.sent_before)),
        )

    def _measures(self, line: Line) -> tuple[Cell, ...]:
        now, before = line.measures, line.measures_before
        return (
            Cell(str(now.working.settled), str(before.working.settled)),
            *_clock(now.working, before.working),
            *_clock(now.wall, before.wall),
            Cell(self.rank(line)),
        )

    def rank(self, line: Line) -> str:
        """The rank; that there are too few filings; a dash without any; nothing for the whole."""
        _ = self.translate
        if line is self.sheet.total:
            return ""
        rank = line.rank if self.layout == "states" else line.rank_measures
        if rank is not None:
            return str(rank)
        return _("样本不足") if line.states.total else "—"

    # Below it

    def notes(self) -> list[str]:
        """How it was counted; what is apart."""
        _ = self.translate
        sheet = self.sheet
        before = said(sheet.period.before)
        if self.layout == "states":
            rule = _(
                "按期率＝期内审核÷（期内审核＋超期审核＋超期待审核）；期内待审核未到期，不计入。括号内为上期（{before}）。",
                before=before,
            )
        else:
            rule = _(
                "单位：分钟；未注明“自然”的为工作时间。应答用时自收到起算；尚未应答的按已过时间计。括号内为上期（{before}）。",
                before=before,
            )
        lines = [
            rule,
            _(
                "消息未送达的同样计入；演练和撤回（{withdrawn} 件）不计；系统故障致超期 {outage} 件单列，不计入按期率和用时。",
                withdrawn=sheet.total.withdrawn,
                outage=sheet.total.states.by_outage,
            ),
            _("应计案件不足 {least} 件的不排名；数值相同的名次并列。", least=sheet.least),
            *self._outages(),
        ]
        if silent := self.silent():
            lines.append(_("另有 {count} 个两期均无立案，未列出。", count=len(silent)))
        if sheet.calendars:
            lines.append(_("工作日历版本：{editions}", editions=_shortened(sheet.calendars)))
        return lines

    def blank(self) -> str:
        """What an empty cell of the picture means."""
        _ = self.translate
        return _("空白为 0；▼ 为未达目标。")

    def _outages(self) -> list[str]:
        _ = self.translate
        found = [line for line in self.sheet.lines if line.states.by_outage]
        named = _("、").join(f"{one.name} {one.states.by_outage}" for one in found[:MOST_NAMED])
        return [_("系统故障致超期：{courts}", courts=named)] if found else []

    def corrections(self) -> list[str]:
        """What was contested and corrected since: old → new, why, by whom. The table keeps what was published."""
        return [said for _one, said in self._corrected()]

    def correction(self, reference: str) -> str | None:
        """The one about a filing."""
        return next((said for one, said in self._corrected() if one.reference == reference), None)

    def _corrected(self) -> list[tuple[Correction, str]]:
        found: list[tuple[Correction, str]] = []
        reached: dict[str, States] = {}
        for one in self._corrections:
            line = self.sheet.line(one.key)
            if line is None:
                continue
            old = reached.get(one.key, line.states)
            new = reached[one.key] = old.corrected(one.counted_as)
            found.append((one, self._change(one, line, old, new)))
        return found

    def _change(self, one: Correction, line: Line, old: States, new: States) -> str:
        _ = self.translate
        return _(
            "更正　{court}：{state} {old} → {new}，期内审核 {in_time} → {in_time_new}，按期率 {rate} → {rate_new}。编号 {reference}：{reason}；{decision}（{by}，{day}）",
            court=line.name,
            state=self.state(one.counted_as),
            old=getattr(old, one.counted_as),
            new=getattr(new, one.counted_as),
            in_time=old.in_time,
            in_time_new=new.in_time,
            rate=percent(old.rate),
            rate_new=percent(new.rate),
            reference=one.reference,
            reason=one.reason,
            decision=one.decision,
            by=Wording(_).signed(one.by),
            day=f"{one.at.astimezone(self._zone):%Y-%m-%d}",
        )

    def state(self, name: str) -> str:
        """One of the four states."""
        _ = self.translate
        return {
            "in_time": _("期内审核"),
            "late": _("超期审核"),
            "overdue": _("超期待审核"),
            "pending": _("期内待审核"),
        }[name]


def said(period: Period) -> str:
    """Its days as they are written everywhere: `2019-09-01—2019-09-30`."""
    first, last = period.first.isoformat(), period.last.isoformat()
    return first if first == last else f"{first}—{last}"


def percent(share: Fraction | None) -> str:
    """`98.1%`, never rounded up: what falls short of a target must not read as reaching it."""
    if share is None:
        return "—"
    whole, rest = divmod(share.numerator * _PER_MILLE // share.denominator, 10)
    return f"{whole}.{rest}%" if rest else f"{whole}%"


def minutes(seconds: float | None) -> str:
    """`9.1` minutes; a dash without a value."""
    return "—" if seconds is None else f"{seconds / 60:.1f}"


def file_name(sheet: Sheet, number: str | None, kind: str) -> str:
    """What a file of it is called."""
    first, last = (f"{day:%Y%m%d}" for day in (sheet.period.first, sheet.period.last))
    days = first if first == last else f"{first}-{last}"
    return f"{number or 'TB-' + days}.{kind}"


def day(iso: str) -> date | None:
    """A day as buttons carry it; None for anything else."""
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def _clock(now: Took, before: Took) -> tuple[Cell, ...]:
    return (
        Cell(percent(now.share), percent(before.share)),
        Cell(minutes(now.mean), minutes(before.mean)),
        Cell(minutes(now.median), minutes(before.median)),
        Cell(minutes(now.p90), minutes(before.p90)),
    )


def _silent(line: Line) -> bool:
    return not (line.states.total or line.before.total or line.sent or line.sent_before)


def _shortened(editions: Sequence[str]) -> str:
    if len(editions) <= MOST_NAMED:
        return "；".join(editions)
    return "；".join(editions[:MOST_NAMED]) + f" … {len(editions)}"
