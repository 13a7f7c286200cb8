"""What a dispatch meeting (调度会) needs, in one ZIP: the sheet in every form, and the trends of the best and the last."""

import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from sqlalchemy.ext.asyncio import AsyncSession

from notifications import bulletin_document, bulletin_facts, bulletin_picture, bulletin_trends
from notifications.bulletin_figures import Line, Sheet
from notifications.bulletin_links import Links
from notifications.bulletin_trends import Trend
from notifications.bulletin_words import BulletinWords, file_name, page_name
from notifications.bulletin_workbook import workbook
from notifications.desk import DeskRules

#: So many courts present themselves, and so many make a statement.
MOST = 3

Trends = Sequence[tuple[Line, Trend]]


async def trends(
    session: AsyncSession, sheet: Sheet, desk: DeskRules, *, now: datetime
) -> tuple[Trends, Trends]:
    """How the best and the last ranked came there."""
    best, last = [
        [
            (line, await bulletin_facts.trend(
                session, sheet.province, line.key, sheet.period, desk, now=now
            ))
            for line in lines
        ]
        for lines in sheet.ends("states", MOST)
    ]  # fmt: skip
    return best, last


def archive(
    states: BulletinWords,
    measures: BulletinWords,
    links: Links | None,
    both: tuple[Trends, Trends],
) -> bytes:
    """The ZIP's content; both words are of one sheet. Takes seconds.

    Raises:
        NoChineseFont: this machine has none for the pictures.
    """
    best, last = both
    _ = states.translate

    def name(words: str, kind: str) -> str:
        return f"{words}_{file_name(states.sheet, states.number, kind)}"

    files = {
        name(_("通报"), "xlsx"): workbook(states, measures, links),
        name(_("通报"), "docx"): bulletin_document.document(states),
        name(_("应答用时表"), "docx"): bulletin_document.document(measures),
    }
    for title, words in ((_("通报图"), states), (_("应答用时图"), measures)):
        for page, drawn in enumerate(bulletin_picture.pngs(words)):
            files[page_name(name(title, "png"), page, words.sheet.pictures)] = drawn
    for title, trends in ((_("前三名趋势"), best), (_("后三名趋势"), last)):
        if trends:
            files[name(title, "png")] = bulletin_trends.png(states, title, trends)
    content = BytesIO()
    # A day of the sheet, not of the machine: the same sheet makes the same archive.
    at = states.sheet.as_of.timetuple()[:6]
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, data in files.items():
            packed.writestr(zipfile.ZipInfo(path, at), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()
