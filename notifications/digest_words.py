"""What digests say: the facts they are made of, whether these matter to the reader, and the text. Loads nothing.

`translate` gives Telegram HTML; times are local already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from directory.texts import Translate
from notifications.bulletin_figures import States
from notifications.bulletin_words import percent
from notifications.day_texts import day_said, days_said
from notifications.messages import LocalTime, OnDutyLine
from notifications.performance import Figures
from notifications.wording import Wording

#: So many open filings, courts and days are named; of more the number is said.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class OpenFiling:
    """A filing that waits. `phase`: `answer`, `result` or `correction` (then nothing is due)."""

    reference: str
    phase: str
    due: LocalTime | None
    overdue: bool
    #: It came since the court last closed: its own page tells of it.
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class OfficerFacts:
    """One officer's morning."""

    day: date
    court: str
    #: The post at which they stand today; None when they are not on duty.
    post: str | None
    #: On duty today, and not on the day at work before.
    begins: bool
    #: What waits for them, the most urgent first.
    open: Sequence[OpenFiling]
    #: A handover of this morning has told them already.
    handed_over: bool = False
    #: Looked up by themselves, at whatever hour.
    asked: bool = False

    @property
    def matters(self) -> bool:
        """Something is left from before, or their duty begins."""
        news = self.begins or any(not one.fresh for one in self.open)
        return news and not self.handed_over


@dataclass(frozen=True, slots=True)
class CourtFacts:
    """One court's day; drills apart."""

    day: date
    court: str
    #: What arrived that day for it to decide, and what it handed in.
    received: Figures
    handed_in: Figures
    drills: Figures
    open: Sequence[OpenFiling]
    #: The next day at work, and who stands at the desk then.
    next_day: date | None
    next_duty: Sequence[OnDutyLine]
    #: References that the same message names above already.
    named: frozenset[str] = frozenset()

    @property
    def matters(self) -> bool:
        """Something arrived, was handed in, drilled or is open."""
        return bool(
            self.open or self.received.filings or self.handed_in.filings or self.drills.filings
        )


@dataclass(frozen=True, slots=True)
class ProvinceFacts:
    """One province's day, or the nation's (`province` None); drills apart."""

    day: date
    province: str | None
    received: Figures
    drills: Figures
    #: Everything that waits now, whenever it arrived, and what of it is overdue.
    waiting: int
    overdue: int
    #: Courts (of the nation: provinces) with overdue filings and how many, the most first.
    late: Sequence[tuple[str, int]]
    #: Courts with people but nobody today who could be paged.
    without_duty: Sequence[str]

    @property
    def matters(self) -> bool:
        """Something arrived, waits or was drilled, or a court cannot be paged."""
        return bool(
            self.received.filings or self.waiting or self.without_duty or self.drills.filings
        )


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """One court's week for its leader; drills apart."""

    first: date
    last: date
    court: str
    received: Figures
    before: Figures
    handed_in: Figures
    open: Sequence[OpenFiling]
    #: Who answers first in the coming week: (first day, last day, names).
    coming: Sequence[tuple[date, date, Sequence[str]]]

    @property
    def matters(self) -> bool:
        """Something arrived, was handed in or is open."""
        return bool(self.received.filings or self.handed_in.filings or self.open)


Facts = OfficerFacts | CourtFacts | ProvinceFacts | WeekFacts


def said(facts: Facts, translate: Translate) -> str:
    """The digest as Telegram HTML."""
    match facts:
        case OfficerFacts():
            return joined(_morning(facts, translate))
        case CourtFacts():
            return joined(_court(facts, translate))
        case ProvinceFacts():
            return joined(_province(facts, translate))
        case WeekFacts():
            return joined(_week(facts, translate))


def joined(lines: Iterable[str]) -> str:
    """Lines of a digest; those that are not HTML yet are escaped."""
    return Markup("\n").join(escape(line) for line in lines)


def bold(text: str) -> str:
    """The text in bold, escaped."""
    return Markup("<b>{}</b>").format(text)


def _morning(facts: OfficerFacts, translate: Translate) -> list[str]:
    _ = translate
    day = day_said(facts.day, _)
    head = _("【今日情况】{day}", day=day) if facts.asked else _("【早间提醒】{day}", day=day)
    lines = [bold(head)]
    if facts.post is None:
        lines.append(_("今日不值班（{court}）", court=facts.court))
    else:
        data = {"court": facts.court, "post": Wording(_).post(facts.post)}
        lines.append(
            _("今日起值班：{court} {post}", **data)
            if facts.begins
            else _("今日值班：{court} {post}", **data)
        )
    if not facts.open:
        return [*lines, _("没有待您处理的立案。")]
    late = sum(one.overdue for one in facts.open)
    count = len(facts.open)
    lines.append(
        _("待您处理 {count} 件，其中 {late} 件已超时：", count=count, late=late)
        if late
        else _("待您处理 {count} 件：", count=count)
    )
    return [*lines, *_open(facts.open, _)]


def _open(filings: Sequence[OpenFiling], translate: Translate) -> list[str]:
    """One line each, and how many more there are."""
    _ = translate
    lines = [_open_line(one, _) for one in filings[:MOST_NAMED]]
    more = len(filings) - len(lines)
    return [*lines, _("另有 {count} 件，/pending 查看", count=more)] if more else lines


def _open_line(filing: OpenFiling, translate: Translate) -> str:
    _ = translate
    due = ""
    if filing.due is not None:
        data = {"time": Wording(_).when(filing.due)}
        if filing.phase == "answer":
            due = (
                _("应于 {time} 前签收，已超时", **data)
                if filing.overdue
                else _("应于 {time} 前签收", **data)
            )
        else:
            due = (
                _("应于 {time} 前反馈结果，已超时", **data)
                if filing.overdue
                else _("应于 {time} 前反馈结果", **data)
            )
    return _("· {reference}　{due}", reference=filing.reference, due=due or _("待补正"))


def _court(facts: CourtFacts, translate: Translate) -> list[str]:
    _ = translate
    lines = [bold(_("【每日小结】{court}　{day}", court=facts.court, day=day_said(facts.day, _)))]
    lines += sides(facts.received, facts.handed_in, _)
    if facts.drills.filings:
        lines.append(drilled(facts.drills, _))
    lines += _still_open(facts.open, _, facts.named)
    return lines + next_at_desk(facts, _)


def next_at_desk(facts: CourtFacts, translate: Translate) -> list[str]:
    """Who stands at the desk on the next day at work; nothing where there is none for long."""
    _ = translate
    if facts.next_day is None:
        return []
    people = Wording(_).duty(facts.next_duty) or _("⚠️ 无人值班")
    return [_("{day}值班：{people}", day=day_said(facts.next_day, _), people=people)]


def sides(received: Figures, handed_in: Figures, translate: Translate) -> list[str]:
    """What a court decided and what it handed in, with what became of it."""
    _ = translate
    lines = []
    if received.filings:
        lines.append(_("收到 {count} 件：{how}", count=received.filings, how=_how(received, _)))
    else:
        lines.append(_("没有收到立案"))
    if handed_in.filings:
        lines.append(
            _(
                "提交外院 {count} 件：已获签收 {done} 件",
                count=handed_in.filings,
                done=handed_in.acknowledged,
            )
        )
    return lines


def _how(figures: Figures, translate: Translate) -> str:
    """`按期签收 3，超时签收 1，签收平均用时 9 分钟`: nothing that is 0."""
    _ = translate
    parts = []
    if figures.answered_in_time:
        parts.append(_("按期签收 {count}", count=figures.answered_in_time))
    if figures.answered_late:
        parts.append(_("超时签收 {count}", count=figures.answered_late))
    if figures.waiting_in_time:
        parts.append(_("待签收 {count}", count=figures.waiting_in_time))
    if figures.waiting_overdue:
        parts.append(_("超时未签收 {count}", count=figures.waiting_overdue))
    if figures.outage_late:
        parts.append(_("其中因系统中断超时 {count}", count=figures.outage_late))
    if mean := _mean(figures, _):
        parts.append(mean)
    return _("，").join(parts)


def _mean(figures: Figures, translate: Translate) -> str:
    """The mean time to an answer, by both clocks where they differ; empty without an answer."""
    _ = translate
    wall, working = figures.mean_answer_wall_seconds, figures.mean_answer_working_seconds
    if wall is None:
        return ""
    words = Wording(_)
    data = {"wall": words.minutes(int(wall) // 60)}
    if working is None or int(working) // 60 == int(wall) // 60:
        return _("签收平均用时 {wall}", **data)
    return _(
        "签收平均用时 {wall}（工作时间 {working}）",
        working=words.minutes(int(working) // 60),
        **data,
    )


def drilled(drills: Figures, translate: Translate) -> str:
    """How many drills there were, and what became of them."""
    _ = translate
    return _("演练 {count} 件，已签收 {done} 件", count=drills.filings, done=drills.acknowledged)


def _still_open(
    filings: Sequence[OpenFiling], translate: Translate, named: frozenset[str] = frozenset()
) -> list[str]:
    _ = translate
    if not filings:
        return [_("没有未办结的立案。")]
    others = [one for one in filings if one.reference not in named]
    if not others:
        return [_("尚未办结 {count} 件，见上", count=len(filings))]
    late = sum(one.overdue for one in filings)
    count = len(filings)
    head = (
        _("尚未办结 {count} 件，其中 {late} 件已超时：", count=count, late=late)
        if late
        else _("尚未办结 {count} 件：", count=count)
    )
    return [head, *_open(others, _)]


def left_over(filings: Sequence[OpenFiling], translate: Translate) -> list[str]:
    """How much is open; what is beyond its time is named."""
    _ = translate
    late = [one for one in filings if one.overdue]
    if filings and not late:
        return [_("尚未办结 {count} 件，均未超时", count=len(filings))]
    lines = _still_open(filings, _)
    return [lines[0], *_open(late, _)] if late else lines


def _share(figures: Figures, translate: Translate, before: Figures | None = None) -> str:
    """`按期率 92.4%（上周 90%）`, as a bulletin counts and writes it; empty where nothing was due."""
    _ = translate
    rate = States.of(figures).rate
    earlier = None if before is None else States.of(before).rate
    if rate is None:
        return ""
    if earlier is None:
        return _("按期率 {rate}", rate=percent(rate))
    return _("按期率 {rate}（上周 {before}）", rate=percent(rate), before=percent(earlier))


def _province(facts: ProvinceFacts, translate: Translate) -> list[str]:
    _ = translate
    place = facts.province or _("全国")
    lines = [bold(_("【每日综述】{place}　{day}", place=place, day=day_said(facts.day, _)))]
    if facts.received.filings:
        lines.append(
            _("收到 {count} 件：{how}", count=facts.received.filings, how=_how(facts.received, _))
        )
        if share := _share(facts.received, _):
            lines.append(share)
    else:
        lines.append(_("没有收到立案"))
    if facts.waiting:
        data = {"count": facts.waiting, "late": facts.overdue}
        lines.append(
            _("现待签收 {count} 件，其中 {late} 件已超时", **data)
            if facts.overdue
            else _("现待签收 {count} 件，均未超时", count=facts.waiting)
        )
    if facts.late:
        late = [_("{name} {count} 件", name=name, count=count) for name, count in facts.late]
        lines.append(_("⚠️ 超时未签收：{names}", names=named(late, _)))
    if facts.without_duty:
        lines.append(
            _(
                "⚠️ 今日无人可呼叫的法院 {count} 家：{names}",
                count=len(facts.without_duty),
                names=named(facts.without_duty, _),
            )
        )
    if facts.drills.filings:
        lines.append(drilled(facts.drills, _))
    return lines


def named(names: Sequence[str], translate: Translate) -> str:
    """The first few of many names."""
    _ = translate
    text = _("、").join(names[:MOST_NAMED])
    return _("{names}等", names=text) if len(names) > MOST_NAMED else text


def _week(facts: WeekFacts, translate: Translate) -> list[str]:
    _ = translate
    span = days_said(facts.first, facts.last, _)
    lines = [bold(_("【每周小结】{court}　{days}", court=facts.court, days=span))]
    lines += sides(facts.received, facts.handed_in, _)
    if share := _share(facts.received, _, facts.before):
        lines.append(share)
    lines += left_over(facts.open, _)
    if facts.coming:
        lines.append(_("下周值班："))
        for first, last, names in facts.coming:
            people = _("、").join(names) or _("⚠️ 无人值班")
            lines.append(_("{days}　{names}", days=days_said(first, last, _), names=people))
    return lines
