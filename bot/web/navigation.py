"""What the head of every page leads to. Each page for readers adds its line here."""

from directory.texts import Translate


def navigation(translate: Translate) -> tuple[tuple[str, str], ...]:
    """(address, name) of the pages, in the order in which they are shown."""
    _ = translate
    return (
        ("/board", _("值班看板")),
        ("/filings", _("立案查询")),
        ("/deliveries", _("送达情况")),
        ("/statistics", _("统计")),
        ("/notices", _("通知")),
        ("/bulletins", _("通报")),
        ("/duty-sheet", _("值班表")),
        ("/directory", _("通讯录")),
    )
