"""Days as messages say them: 8月24日（周六）, Sat 24 Aug. Reading days is `directory.day_words`' business."""

from datetime import date

from directory.texts import Translate


def day_said(day: date, translate: Translate) -> str:
    """A day of this or a near year, with its weekday."""
    _ = translate
    return _(
        "{month}月{day}日（{weekday}）",
        month=day.month,
        day=day.day,
        month_name=f"{day:%b}",
        weekday=weekday(day, _),
    )


def days_said(first: date, last: date, translate: Translate) -> str:
    """One day, or the first and the last of several."""
    _ = translate
    if first == last:
        return day_said(first, _)
    return _("{first}至{last}", first=day_said(first, _), last=day_said(last, _))


def weekday(day: date, translate: Translate) -> str:
    """周一 … 周日."""
    _ = translate
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return names[day.weekday()]
