"""What came of a form in figures, as lines of a message: headings met, answers to each question, cities."""

from bot.chat.replies import bold, fitting
from notifications import form_progress
from notifications.form_progress import Summary
from notifications.form_report import FormReport


def headings(report: FormReport) -> list[str]:
    """How many courts meet each heading, of those that handed in; nothing before the first."""
    _ = report.translate
    return [
        _("{heading}：达标 {met}/{courts}", heading=one.name, met=one.met, courts=one.courts)
        for one in form_progress.heading_results(report.questions, report.sheets)
        if one.courts
    ]


def answers(report: FormReport) -> list[str]:
    """What was answered to each question."""
    _ = report.translate
    lines = [bold(report.title()), *report.figures(), ""]
    if not report.counts.filled:
        return [*lines, _("尚无法院提交。")]
    said = [
        line
        for place, one in enumerate(report.summaries(), 1)
        for line in _said(report, place, one)
    ]
    return [*lines, *fitting(said, _, room=3400)]


def _said(report: FormReport, place: int, one: Summary) -> list[str]:
    _ = report.translate
    question = one.question
    head = _("{number}. {question}", number=place, question=question.text)
    if one.counts:
        labels = {"yes": _("是"), "no": _("否")} if question.kind == "yes_no" else {}
        shares = [
            _(
                "{answer} {count}（{percent}%）",
                answer=labels.get(option, option), count=count,
                percent=round(100 * (one.share(option) or 0)),
            )
            for option, count in one.counts.items()
        ]  # fmt: skip
        return [head, "　" + "　".join(shares)]
    if one.middle is None:
        return [head, "　" + _("{count} 个法院作答", count=one.answered)]
    figures = {"least": one.least, "middle": one.middle, "most": one.most, "total": one.total}
    shown = {name: f"{value:g}" for name, value in figures.items()}
    return [head, "　" + _("最小 {least}　中位 {middle}　最大 {most}　合计 {total}", **shown)]


def cities(report: FormReport) -> list[str]:
    """How far each city is, first where most is missing."""
    _ = report.translate
    lines = [
        _(
            "{city}：已填报 {filled}/{courts}，填报中 {partly}，未开始 {blank}，未送达 {unreached}",
            city=city, filled=sums.filled, courts=sums.courts, partly=sums.partly,
            blank=sums.blank, unreached=sums.unreached,
        )
        for city, sums in form_progress.by_city(report.sheets)
    ]  # fmt: skip
    return [bold(report.title()), *report.figures(), "", *fitting(lines, _, room=3400)]
