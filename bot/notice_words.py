"""How audiences, previews and notices in lists are spoken of, in chat and on pages alike. Loads and changes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from directory.texts import Translate
from notifications import notice_plans
from notifications.messages import local_time
from notifications.notice_audience import Audience
from notifications.notice_check import Finding
from notifications.notice_models import Notice
from notifications.notice_report import figures
from notifications.notice_sheet import Sums
from notifications.notices import Preview
from notifications.wording import Wording

#: So many cities or courts are named; of more it is said how many there are.
MOST_NAMES = 4

#: How far ahead a notice may be planned, and its 确认期限.
FURTHEST_DAYS = 60

#: For so many days somebody may have been without training.
UNTRAINED_DAYS = (90, 180, 365)


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """One reader's words: the language, the wall clock, now, and the province that to them is 全省 (None: none is)."""

    translate: Translate
    zone: ZoneInfo
    now: datetime
    own: str | None = None

    def when(self, at: datetime) -> str:
        """An instant on the reader's wall clock."""
        return Wording(self.translate).when(local_time(at, self.zone, self.now))

    def place(self, audience: Audience) -> str:
        """Whose people, without the posts: `全省`, `沈阳市、大连市`, `辽0102 …`."""
        _ = self.translate
        if audience.where == "nation":
            return _("全国")
        if audience.where == "province":
            mine = self.own is not None and audience.province == self.own
            return _("全省") if mine else str(audience.province)
        names = list(audience.names[:MOST_NAMES])
        said = _("、").join(names)
        if len(audience.names) > len(names):
            return _("{names}等 {count} 个", names=said, count=len(audience.names))
        return said

    def posts(self, audience: Audience) -> str:
        """Which posts."""
        _ = self.translate
        words = Wording(_)
        return _("、").join(words.post(post) for post in audience.posts) or _("全部岗位")

    def audience(self, kept: Audience) -> str:
        """The whole audience in a line."""
        _ = self.translate
        data = {"place": self.place(kept), "posts": self.posts(kept)}
        if kept.narrowing is not None and kept.narrowing[0] == "unconfirmed":
            return _(
                "{place}，{posts}，未确认通知 {number} 的人员", number=kept.narrowing[1], **data
            )
        if kept.narrowing is not None and kept.narrowing[0] == "untrained":
            since = datetime.fromisoformat(kept.narrowing[1]).date()
            return _("{place}，{posts}，{day} 以来未培训的人员", day=since.isoformat(), **data)
        return _("{place}，{posts}", **data)

    def counted(self, preview: Preview, per_second: float) -> list[str]:
        """The figures of a preview: people, courts, who cannot be reached, how long it takes."""
        _ = self.translate
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
                    time=self.took(preview.seconds), messages=preview.messages,
                    rate=f"{per_second:g}",
                )
            )  # fmt: skip
        return lines

    def took(self, seconds: int) -> str:
        """A duration: seconds below two minutes, then whole minutes, rounded up."""
        _ = self.translate
        if seconds < 120:
            return _("{seconds} 秒", seconds=seconds)
        return _("{minutes} 分钟", minutes=-(-seconds // 60))

    def untrained(self, days: int) -> tuple[str, str]:
        """The narrowing to who was not trained for so many of the reader's days."""
        day = self.now.astimezone(self.zone) - timedelta(days=days)
        return "untrained", day.replace(hour=0, minute=0, second=0, microsecond=0).isoformat()

    def state(self, notice: Notice) -> str:
        """Where a notice stands, in a word or two."""
        _ = self.translate
        if notice.recalled_at is not None:
            # What nobody had is not taken back from anybody.
            return _("（已撤回）") if notice.written_up_to else _("（已取消）")
        if notice_plans.is_held(notice):
            return _("暂缓")
        if notice.send_at > self.now:
            return _("定时 {time}", time=self.when(notice.send_at))
        if notice.write_at is not None:
            return _("发送中")
        return self.when(notice.send_at)

    def detail(self, notice: Notice, sums: Sums | None) -> list[str]:
        """Everything that is known of a notice but its text."""
        _ = self.translate
        said = self.audience(Audience.from_json(notice.audience))
        lines = [
            _("收件：{audience}", audience=said),
            _("{who}　{state}", who=Wording(_).signed(notice.written_by), state=self.state(notice)),
        ]
        if notice.attachments:
            names = _("、").join(str(one["name"]) for one in notice.attachments)
            lines.append(_("附件：{names}", names=names))
        if notice.confirm_by is not None:
            lines.append(_("确认期限：{time}", time=self.when(notice.confirm_by)))
        if notice.reminded_at is not None:
            lines.append(_("{time} 已提醒未确认人员", time=self.when(notice.reminded_at)))
        if sums is not None:
            lines += figures(sums, _)
        return lines


def number_found(one: Finding, translate: Translate) -> str:
    """A number that may not be sent: its line, its kind, masked."""
    _ = translate
    kinds = {"identity": _("身份证号"), "card": _("银行卡号"), "mobile": _("手机号")}
    return _(
        "第 {line} 行　{kind} {number}", line=one.line, kind=kinds[one.kind], number=one.masked
    )
