"""How chat speaks of notices: `bot.notice_words` for a speaker, and a notice as a line of a list. Loads and changes nothing."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat import typed_times
from bot.chat.replies import Talk
from bot.notice_words import NoticeWords
from directory.courts import zone_of
from notifications.notice_audience import Audience
from notifications.notice_models import Notice
from notifications.notice_sheet import Sums
from notifications.notice_text import first_line, nested
from notifications.notices import Preview


def words(talk: Talk) -> NoticeWords:
    """The speaker's words, as Telegram HTML."""
    linked = talk.speaker.linked
    # Of a province, not of 最高法, whose own province is one of many.
    own = linked is not None and linked.court.level != "supreme"
    return NoticeWords(talk.html, zone(talk), talk.now, talk.speaker.province if own else None)


def zone(talk: Talk) -> ZoneInfo:
    """The speaker's own zone: in it times are typed and told."""
    default = talk.parts.desk.timezone
    linked = talk.speaker.linked
    return zone_of(linked.court, default) if linked is not None else ZoneInfo(default)


def when(talk: Talk, at: datetime) -> str:
    """An instant on the speaker's wall clock."""
    return words(talk).when(at)


def typed(talk: Talk, text: str, furthest: timedelta) -> tuple[datetime | None, str]:
    """The time to come that somebody typed; or None, and why it cannot be taken."""
    _ = talk.html
    at = typed_times.understood(text, talk.now.astimezone(zone(talk)))
    if at is None:
        return None, _("未能识别时间。请如“明天 9:30”“下周一 17:00”“12月23日 下午5点”发送。")
    if at <= talk.now:
        return None, _("{time} 已过，请发送以后的时间。", time=when(talk, at))
    if at > talk.now + furthest:
        return None, _("最多提前 {days} 天安排。", days=furthest.days)
    return at, ""


def place(talk: Talk, audience: Audience) -> str:
    """Whose people, without the posts."""
    return words(talk).place(audience)


def audience(talk: Talk, kept: Audience) -> str:
    """The whole audience in a line."""
    return words(talk).audience(kept)


def counted(talk: Talk, preview: Preview, per_second: float) -> list[str]:
    """The figures of a preview."""
    return words(talk).counted(preview, per_second)


def line(talk: Talk, notice: Notice, sums: Sums | None) -> str:
    """A notice in a list: number, state, its first line, how many confirmed."""
    _ = talk.html
    data = {
        "number": notice.id,
        "title": nested(first_line(notice.text)),
        "state": words(talk).state(notice),
    }
    if sums is None or notice.recalled_at is not None:
        return _("{number}　{state}　“{title}”", **data)
    return _(
        "{number}　{state}　“{title}”　已阅 {confirmed}/{people}",
        confirmed=sums.confirmed, people=sums.people, **data,
    )  # fmt: skip


def detail(talk: Talk, notice: Notice, sums: Sums | None) -> list[str]:
    """Everything that is known of a notice but its text."""
    return words(talk).detail(notice, sums)
