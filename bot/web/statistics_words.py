"""What the page of statistics and its files say in the reader's language. Counts nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from fractions import Fraction

from bot.web.statistics_choice import By, Choice, Fault, Preset
from bot.web.statistics_sight import Whose
from directory.texts import Translate
from notifications.bulletin_figures import Period, States
from notifications.bulletin_rules import Rules
from notifications.bulletin_words import minutes, percent, said
from notifications.day_texts import day_said
from notifications.filings import CASE_TYPES
from notifications.performance import Figures
from notifications.statistics_table import Band, Row, within_indicator
from notifications.statistics_workbook import Cell, Table

_CLOCKS, _ANSWERS, _MEASURES = ("working", "wall"), ("answer", "result"), ("mean", "median", "p90")
_WEEK = 7


class StatisticsWords:
    """One question in one language; `zone` is the desk's."""

    def __init__(self, translate: Translate, choice: Choice, zone: tzinfo) -> None:
        self._ = translate
        self._choice = choice
        self._zone = zone

    percent = staticmethod(percent)
    minutes = staticmethod(minutes)

    # What was asked for

    def place(self, whose: Whose) -> str:
        """Whose filings."""
        _ = self._
        if whose.court is not None:
            return whose.court.name
        if whose.kind == "sums":
            return _("{province}合计", province=whose.province) if whose.province else _("全国合计")
        return whose.province or _("全国各法院")

    def heading(self, whose: Whose) -> str:
        """Whose filings, and on which side they are."""
        _ = self._
        return _("{place}：{role}", place=self.place(whose), role=self.role(self._choice.role))

    def role(self, role: str) -> str:
        """A side of a filing, as an office."""
        _ = self._
        return _("协作（提交的）") if role == "collaborating" else _("管辖（收到的）")

    def days(self, period: Period, as_of: datetime) -> str:
        """Which days, and as of when they were counted."""
        _ = self._
        at = f"{as_of.astimezone(self._zone):%Y-%m-%d %H:%M}"
        return _("{days}　数据截至 {time}", days=said(period), time=at)

    def preset(self, name: Preset) -> str:
        """A preset of days."""
        _ = self._
        return {
            "today": _("今天"),
            "week": _("本周"),
            "month": _("本月"),
            "30days": _("近30天"),
            "last_month": _("上月"),
        }[name]

    def by(self, by: By) -> str:
        """What makes a group."""
        _ = self._
        return {
            "province": _("省份"),
            "court": _("法院"),
            "case_type": _("案件类型"),
            "day": _("日期"),
        }[by]

    def grouped(self, by: By) -> str:
        """What the table is divided by, as a heading."""
        _ = self._
        return {
            "province": _("按省份"),
            "court": _("按法院"),
            "case_type": _("按案件类型"),
            "day": _("按日期"),
        }[by]

    def clock(self, clock: str) -> str:
        """A clock."""
        _ = self._
        return _("自然时间") if clock == "wall" else _("工作时间")

    def drills(self, drills: str) -> str:
        """Whether drills are counted."""
        _ = self._
        return {"exclude": _("不含演练"), "only": _("只看演练"), "include": _("含演练")}[drills]

    def fault(self, fault: Fault) -> str:
        """What cannot be understood."""
        _ = self._
        if fault == "order":
            return _("截止日期不能早于起始日期。")
        return _("日期“{words}”无法识别，应如 2026-11-24。", words=self._choice.words[fault])

    def trail(self, whose: Whose, *, nation: bool) -> list[tuple[str, dict[str, str]]]:
        """What the filings are a part of that the viewer sees as well: its name, and what leads there."""
        _ = self._
        there = {"court": "", "province": "", "by": "", "sort": ""}
        found = [(_("全国各法院"), there)] if nation and whose.kind != "nation" else []
        if whose.kind == "court" and whose.province:
            up = {**there, "province": whose.province if nation else ""}
            found.append((whose.province, up))
        return found

    # How it stands

    def standing(self, whole: Row, rules: Rules) -> str:
        """Everything in one sentence: what came, what was answered in time, what waits."""
        _ = self._
        figures, states = whole.figures, whole.states
        if not figures.filings:
            return _("这段时间没有立案。")
        rate = "—" if states.rate is None else percent(states.rate)
        data = {
            "filings": figures.filings,
            "rate": rate,
            "target": rules.target_percent,
            "verdict": self.verdict(whole, rules),
            "waiting": states.pending + states.overdue,
            "overdue": states.overdue,
        }
        if self._choice.role == "collaborating":
            return _(
                "提交 {filings} 件，对方法院按期率 {rate}（目标 {target}%，{verdict}）；待签收 {waiting} 件，其中已超期 {overdue} 件。",
                **data,
            )
        return _(
            "收到 {filings} 件，按期率 {rate}（目标 {target}%，{verdict}）；待签收 {waiting} 件，其中已超期 {overdue} 件。",
            **data,
        )

    def verdict(self, row: Row, rules: Rules) -> str:
        """Whether the target was reached; that too few filings say nothing of it."""
        _ = self._
        if row.states.rate is None:
            return _("尚无应计件数")
        if row.few:
            return _("件数少，仅供参考")
        return _("达标") if row.states.rate * 100 >= rules.target_percent else _("未达标")

    def within(self, up_to: tuple[int, ...], figures: Figures) -> tuple[str, int]:
        """The share answered within 30 minutes on the chosen clock, and of how many."""
        count, of = within_indicator(up_to, figures)
        return self.share(count, of), of

    def settled(self, count: int) -> str:
        """Of how many filings a rate is a share."""
        return self._("应计 {count} 件", count=count)

    def share(self, count: int, of: int) -> str:
        """A share, as every rate beside it."""
        return percent(Fraction(count, of) if of else None)

    def took(self, row: Row, answer: str = "answer") -> dict[str, str]:
        """Mean, median and 90th percentile of a group on the chosen clock, in minutes."""
        return {of: minutes(row.seconds(of, self._choice.clock, answer)) for of in _MEASURES}

    def band(self, band: Band) -> str:
        """A band of times."""
        _ = self._
        if band.up_to is None:
            return _("超过 {minutes} 分钟", minutes=band.above)
        if not band.above:
            return _("{minutes} 分钟以内", minutes=band.up_to)
        return _("{above}—{up_to} 分钟", above=band.above, up_to=band.up_to)

    def over_time(self, parts: Sequence[tuple[Period, States]]) -> str:
        """The chart's heading: by what it divides the time."""
        _ = self._
        longest = max(part.days for part, _states in parts)
        if longest == 1:
            return _("逐日件数和按期率")
        return _("逐周件数和按期率") if longest <= _WEEK else _("逐月件数和按期率")

    def part(self, period: Period) -> str:
        """A part of the time shown."""
        return day_said(period.first, self._) if period.days == 1 else said(period)

    def name(self, row: Row, by: By) -> str:
        """A group by name."""
        _ = self._
        if by == "case_type":
            return _(CASE_TYPES.get(row.key, row.key))
        return row.name

    def alternative(self, parts: Iterable[tuple[Period, States]], target: int) -> str:
        """What the chart shows, for whoever does not see it."""
        _ = self._
        every = [(part, states) for part, states in parts if states.rate is not None]
        if not every:
            return _("柱：件数。这段时间没有应计按期率的立案。")
        lowest = min(every, key=lambda one: one[1].rate or 0)
        return _(
            "柱：件数；折线：按期率，目标 {target}%。最低 {rate}（{days}）。逐项数字见图下的表格。",
            target=target,
            rate=percent(lowest[1].rate),
            days=said(lowest[0]),
        )

    # How it was counted

    def notes(self, whole: Row, rules: Rules) -> list[str]:
        """What counts and what does not."""
        _ = self._
        lines = [
            _("按期率＝期内审核÷（期内审核＋超期审核＋超期待审核），每件按其自身时限计；系统故障致超期的 {outage} 件不计。", outage=whole.states.by_outage),
            _("30分钟应答率＝30 分钟内签收的件数÷（已签收的＋已超期仍未签收的），按所选时间计。"),
            _("应答用时只计已签收的，反馈用时自签收（或补正）起算、只计现有结果的；单位：分钟。撤回的 {withdrawn} 件不在其他数字中。", withdrawn=whole.figures.withdrawn),
            _("应计案件不足 {least} 件的不排名；数值相同的名次并列。", least=rules.least),
            _("比例保留一位小数，只舍不入。"),
            _("上期为 {days}。", days=said(self._choice.period.before)),
            self.exactness(whole.figures),
        ]  # fmt: skip
        if self._choice.role == "collaborating":
            lines.insert(
                0, _("协作一方：按期率和用时是管辖法院的，反映所提交立案得到应答的快慢，不排名。")
            )
        return lines

    def exactness(self, figures: Figures) -> str:
        """How exact medians and percentiles are."""
        _ = self._
        if not figures.quantile_error:
            return _("所有数字均为准确值。")
        return _(
            "件数、比例和平均值均为准确值；件数很多时，中位数和90%值的误差不超过 {error}%。",
            error=round(figures.quantile_error * 100),
        )

    # The file

    def table(self, rows: Iterable[Row], whole: Row, by: By) -> Table:
        """The table with every figure, and all of it in the last line."""
        _ = self._
        headings = [
            _("代字") if by == "court" else "", self.by(by), _("收到"), _("省内"), _("跨省"), _("撤回件数"),
            _("期内审核"), _("超期审核"), _("超期待审核"), _("期内待审核"), _("其中系统故障"), _("按期率"),
            _("名次"), _("已办结"),
        ]  # fmt: skip
        for answer in _ANSWERS:
            for clock in _CLOCKS:
                headings += [self._measure(of, answer, clock) for of in _MEASURES]
        lines = [self._line(row, row.key, self.name(row, by), by) for row in rows]
        lines.append(self._line(whole, "", _("合计"), by))
        return Table(tuple(headings), tuple(lines), _("统计"))

    def _measure(self, of: str, answer: str, clock: str) -> str:
        _ = self._
        what = {"mean": _("平均"), "median": _("中位"), "p90": _("90%不超过")}[of]
        took = _("应答时长") if answer == "answer" else _("反馈用时")
        return _("{took}{what}（分钟，{clock}）", took=took, what=what, clock=self.clock(clock))

    def _line(self, row: Row, key: str, name: str, by: By) -> tuple[Cell, ...]:
        figures, states = row.figures, row.states
        measures: list[Cell] = []
        for answer in _ANSWERS:
            for clock in _CLOCKS:
                for of in _MEASURES:
                    seconds = row.seconds(of, clock, answer)
                    measures.append(None if seconds is None else round(seconds / 60, 2))
        rank: Cell = row.rank
        if rank is None and row.few:
            rank = self._("样本不足")
        return (
            key if by == "court" else "", name, figures.filings, figures.within_province,
            figures.cross_province, figures.withdrawn, states.in_time, states.late, states.overdue,
            states.pending, states.by_outage, states.rate, rank, figures.completed, *measures,
        )  # fmt: skip
