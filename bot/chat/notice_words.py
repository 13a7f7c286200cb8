"""How chat speaks of audiences, previews and notices in lists. Loads and changes nothing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.replies import Talk
from directory.courts import zone_of
from notifications.messages import local_time
from notifications.notice_audience import Audience
from notifications.notice_models import Notice
from notifications.notice_report import figures
from notifications.notice_sheet import Sums
from notifications.notice_text import first_line
from notifications.notices import Preview
from notifications.wording import Wording

#: So many cities or courts are named; of more it is said how many there are.
MOST_NAMES = 4


def zone(talk: Talk) -> ZoneInfo:
    """The speaker's own zone: in it times are typed and told."""
    default = talk.parts.desk.timezone
    linked = talk.speaker.linked
    return zone_of(linked.court, default) if linked is not None else ZoneInfo(default)


def when(talk: Talk, at: datetime) -> str:
    """An instant on the speaker's wall clock."""
    return Wording(talk.html).when(local_time(at, zone(talk), talk.now))


def place(talk: Talk, audience: Audience) -> str:
    """Whose people, without the posts: `全省`, `沈阳市、大连市`, `辽0102 …`."""
    _ = talk.html
    if audience.where == "nation":
        return _("全国")
    if audience.where == "province":
        linked = talk.speaker.linked
        # Of a province, not of 最高法, whose own province is one of many.
        own = linked is not None and linked.court.level != "supreme"
        mine = own and audience.province == talk.speaker.province
        return _("全省") if mine else str(audience.province)
    names = list(audience.names[:MOST_NAMES])
    said = _("、").join(names)
    if len(audience.names) > len(names):
        return _("{names}等 {count} 个", names=said, count=len(audience.names))
    return said


def posts(talk: Talk, audience: Audience) -> str:
    """Which posts."""
    _ = talk.html
    words = Wording(_)
    return _("、").join(words.post(post) for post in audience.posts) or _("全部岗位")


def audience(talk: Talk, kept: Audience) -> str:
    """The whole audience in a line."""
    _ = talk.html
    data = {"place": place(talk, kept), "posts": posts(talk, kept)}
    if kept.narrowing is not None and kept.narrowing[0] == "unconfirmed":
        return _("{place}，{posts}，未确认通知 {number} 的人员", number=kept.narrowing[1], **data)
    if kept.narrowing is not None and kept.narrowing[0] == "untrained":
        since = datetime.fromisoformat(kept.narrowing[1]).date()
        return _("{place}，{posts}，{day} 以来未培训的人员", day=since.isoformat(), **data)
    return _("{place}，{posts}", **data)


def counted(talk: Talk, preview: Preview, per_second: float) -> list[str]:
    """The figures of a preview: people, courts, who cannot be reached, how long it takes."""
    _ = talk.html
    head = preview.head
    lines = [_("人数：{people} 人，{courts} 个法院", people=head.people, courts=head.courts)]
    if head.unreachable:
        words = Wording(_)
        why = _("、").join(
            _("{reason} {count} 人", reason=words.unreachable(reason), count=count)
            for reason, count in head.unreachable.items()
        )
        unreached = head.people - head.reachable
        lines.append(_("无法送达：{count} 人（{why}）", count=unreached, why=why))
    if head.silent_courts:
        lines.append(_("⚠️ {count} 个法院无人可以送达", count=head.silent_courts))
    if per_second:
        lines.append(
            _(
                "预计用时：{time}（{messages} 条消息，每秒 {rate} 条）",
                time=took(talk, preview.seconds), messages=preview.messages, rate=f"{per_second:g}",
            )
        )  # fmt: skip
    return lines


def took(talk: Talk, seconds: int) -> str:
    """A duration: seconds below two minutes, then whole minutes, rounded up."""
    _ = talk.html
    if seconds < 120:
        return _("{seconds} 秒", seconds=seconds)
    return _("{minutes} 分钟", minutes=-(-seconds // 60))


def state(talk: Talk, notice: Notice) -> str:
    """Where a notice stands, in a word or two."""
    _ = talk.html
    if notice.recalled_at is not None:
        return _("（已撤回）")
    if notice.send_at > talk.now:
        return _("定时 {time}", time=when(talk, notice.send_at))
    if notice.write_at is not None:
        return _("发送中")
    return when(talk, notice.send_at)


def line(talk: Talk, notice: Notice, sums: Sums | None) -> str:
    """A notice in a list: number, state, its first line, how many confirmed."""
    _ = talk.html
    data = {
        "number": notice.id,
        "title": first_line(notice.text),
        "state": state(talk, notice),
    }
    if sums is None or notice.recalled_at is not None:
        return _("{number}　{state}　“{title}”", **data)
    return _(
        "{number}　{state}　“{title}”　已阅 {confirmed}/{people}",
        confirmed=sums.confirmed, people=sums.people, **data,
    )  # fmt: skip


def detail(talk: Talk, notice: Notice, sums: Sums | None) -> list[str]:
    """Everything that is known of a notice but its text."""
    _ = talk.html
    lines = [
        _("收件：{audience}", audience=audience(talk, Audience.from_json(notice.audience))),
        _("{who}　{state}", who=Wording(_).signed(notice.written_by), state=state(talk, notice)),
    ]
    if notice.attachments:
        names = _("、").join(str(one["name"]) for one in notice.attachments)
        lines.append(_("附件：{names}", names=names))
    if notice.confirm_by is not None:
        lines.append(_("确认期限：{time}", time=when(talk, notice.confirm_by)))
    if notice.reminded_at is not None:
        lines.append(_("{time} 已提醒未确认人员", time=when(talk, notice.reminded_at)))
    if sums is not None:
        lines += figures(sums, _)
    return lines
