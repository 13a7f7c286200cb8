"""What a bulletin says in the reader's language: title, headings, rows, notes, corrections. Draws and sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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
    """A figure that was contested and corrected: what the filing was counted as, and what it counts as since."""

    key: str
    reference: str
    counted_as: str
    #: As `answer_corrections.CountsAs`.
    counts_as: str
    reason: str
    decision: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, the one in brackets behind it (`before`), and what it is since it was corrected (`now`).

    `opens` names the filings behind it (`bulletin_links`); empty where there are none to be opened.
    """

    text: str
    before: str = ""
    opens: str = ""
    now: str = ""


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
        earlier: str | None = None,
    ) -> None:
        """`number` is None for a preview; `earlier` is the number under which its days are published already."""
        self.sheet = sheet
        self.layout = layout
        self.translate = translate
        self.number = number
        self.earlier = earlier
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
        if self.earlier is not None:
            return _("预览；该期已发布：{number}　数据截至 {time}", number=self.earlier, time=at)
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
        shown = [line for line in self.sheet.ordered(self.layout) if not line.silent]
        return [self._row(line, str(place)) for place, line in enumerate(shown, 1)]

    def silent(self) -> list[Line]:
        """Who had no filing at all in either period."""
        return [line for line in self.sheet.lines if line.silent]

    def total(self) -> Row:
        """The last line."""
        _ = self.translate
        row = self._row(self.sheet.total, "")
        cells = (Cell(""), Cell(_("总计")), *row.cells[2:])
        return replace(row, cells=cells, corrected=False)

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
        then, before, now = map(_told, (line.states, line.cumulated, self._now(line)))
        mark = "＊" if line.corrected else ""
        figures = [
            Cell(text, before[name], name, now[name] if now[name] != text else "")
            for name, text in then.items()
        ]
        rate = replace(figures.pop(), before=before["decided"] + mark)
        sent = Cell(str(line.sent), str(line.sent_cumulated), "sent")
        return (*figures, rate, Cell(self.rank(line)), sent)

    def _now(self, line: Line) -> States:
        """A line's states with everything that was corrected since; of the whole all corrections."""
        states = line.states
        for one in self._corrections:
            if line is self.sheet.total or one.key == line.key:
                states = states.corrected(one.counted_as, one.counts_as)
        return states

    def _measures(self, line: Line) -> tuple[Cell, ...]:
        now, before = line.measures, line.measures_before
        sample = Cell(str(now.working.settled), str(before.working.settled), "settled_working")
        return (
            sample,
            *_clock(now.working, before.working, "within_working"),
            *_clock(now.wall, before.wall, "within_wall"),
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
        if self.layout == "states":
            rule = _(
                "按期率＝期内审核÷（期内审核＋超期审核＋超期待审核）；期内待审核未到期，不计入。表中括号内为上期累计（{before}）。",
                before=said(sheet.period.cumulated),
            )
        else:
            rule = _(
                "单位：分钟；未注明“自然”的为工作时间。应答用时自收到起算；尚未应答的按已过时间计，已更正的不计用时。表中括号内为上期（{before}）。",
                before=said(sheet.period.before),
            )
        lines = [
            rule,
            _(
                "消息未送达的同样计入；演练和撤回（{withdrawn} 件）不计；系统故障或经核实非法院原因的超期 {outage} 件单列，不计入按期率和用时。",
                withdrawn=sheet.total.withdrawn,
                outage=sheet.total.states.by_outage,
            ),
            _("应计案件不足 {least} 件的不排名；数值相同的名次并列。", least=sheet.least),
            _("名次并列的，应计案件多的列前，件数也相同的平均用时（工作时间）短的列前。"),
            _("比例保留一位小数，只舍不入。"),
            *self._outages(),
        ]
        if self.layout == "states" and sheet.total.corrected:
            lines.append(_("表中括号内带＊的为更正后的数字。"))
        if self.layout == "measures" and sheet.quantile_error:
            lines.append(
                _(
                    "件数多的中位数和九成位误差不超过 {percent}%。",
                    percent=round(sheet.quantile_error * 100),
                )
            )
        if silent := self.silent():
            lines.append(_("另有 {count} 个两期均无立案，未列出。", count=len(silent)))
        return lines

    def editions(self) -> list[str]:
        """With which calendars working time was counted, for whoever reckons the workbook over again."""
        named, _ = _shortened(self.sheet.calendars), self.translate
        return [_("工作日历版本：{editions}", editions=named)] if named else []

    def blank(self) -> str:
        """What an empty cell of the picture means."""
        _ = self.translate
        return _("空白为 0；▼ 为未达目标。")

    def _outages(self) -> list[str]:
        _ = self.translate
        found = [line for line in self.sheet.lines if line.states.by_outage]
        named = _("、").join(f"{one.name} {one.states.by_outage}" for one in found[:MOST_NAMED])
        return [_("超期单列：{courts}", courts=named)] if found else []

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
            new = reached[one.key] = old.corrected(one.counted_as, one.counts_as)
            found.append((one, self._change(one, line, old, new)))
        return found

    def _change(self, one: Correction, line: Line, old: States, new: States) -> str:
        _ = self.translate
        facts = {
            "court": line.name,
            "state": self.state(one.counted_as),
            "rate": percent(old.rate),
            "rate_new": percent(new.rate),
            "reference": one.reference,
            "reason": one.reason or _("（理由已过保存期限）"),
            "decision": one.decision,
            "by": Wording(_).signed(one.by),
            "day": f"{one.at.astimezone(self._zone):%Y-%m-%d}",
        }
        if one.counts_as == "apart":
            return _(
                "更正　{court}：{state} 1 件改为单列，不计入按期率，按期率 {rate} → {rate_new}。编号 {reference}：{reason}；{decision}（{by}，{day}）",
                **facts,
            )
        return _(
            "更正　{court}：{state} {old} → {new}，期内审核 {in_time} → {in_time_new}，按期率 {rate} → {rate_new}。编号 {reference}：{reason}；{decision}（{by}，{day}）",
            old=getattr(old, one.counted_as),
            new=getattr(new, one.counted_as),
            in_time=old.in_time,
            in_time_new=new.in_time,
            **facts,
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


def cut(share: Fraction) -> Fraction:
    """A share to the tenth of a percent that every text and file shows.

    Never rounded up: what falls short of a target must not read as reaching it.
    """
    return Fraction(share.numerator * _PER_MILLE // share.denominator, _PER_MILLE)


def percent(share: Fraction | None) -> str:
    """`98.1%`, as `cut`."""
    if share is None:
        return "—"
    whole, rest = divmod(int(cut(share) * _PER_MILLE), 10)
    return f"{whole}.{rest}%" if rest else f"{whole}%"


def minutes(seconds: float | None) -> str:
    """`9.1` minutes; a dash without a value."""
    return "—" if seconds is None else f"{seconds / 60:.1f}"


def file_name(sheet: Sheet, number: str | None, kind: str) -> str:
    """What a file of it is called."""
    first, last = (f"{day:%Y%m%d}" for day in (sheet.period.first, sheet.period.last))
    days = first if first == last else f"{first}-{last}"
    return f"{number or 'TB-' + days}.{kind}"


def page_name(name: str, page: int, pages: int) -> str:
    """The name of one of several pictures, from 0: `….png`, or of more than one `…-1.png`, `…-2.png`."""
    if pages == 1:
        return name
    start, dot, kind = name.rpartition(".")
    return f"{start}-{page + 1}{dot}{kind}"


def _told(states: States) -> dict[str, str]:
    """What the columns of the layout by states say, by what they open; the rate last."""
    counts = {
        "in_time": states.in_time,
        "late": states.late,
        "overdue": states.overdue,
        "pending": states.pending,
        "total": states.total,
    }
    return {name: str(count) for name, count in counts.items()} | {"decided": percent(states.rate)}


def _clock(now: Took, before: Took, within: str) -> tuple[Cell, ...]:
    return (
        Cell(percent(now.share), percent(before.share), within),
        Cell(minutes(now.mean), minutes(before.mean), "timed"),
        Cell(minutes(now.median), minutes(before.median), "timed"),
        Cell(minutes(now.p90), minutes(before.p90), "timed"),
    )


def _shortened(editions: Sequence[str]) -> str:
    if len(editions) <= MOST_NAMED:
        return "；".join(editions)
    return "；".join(editions[:MOST_NAMED]) + f" … {len(editions)}"
