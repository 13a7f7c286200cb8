"""How a session is spoken of: its time on the reader's clock, its place, how the reader stands. Decides nothing."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from directory.texts import Translate
from notifications.day_texts import day_said
from notifications.messages import Button
from notifications.models import OutgoingMessage
from notifications.training_models import TrainingPlace, TrainingSession
from notifications.training_rules import BEFORE

#: The word with which callback data of these buttons begins, and what they do.
WORD = "train"
ACTIONS = ("join", "no", "ics", "code")


class TrainingWords:
    """One session in one language, for readers of one zone; `translate` gives HTML."""

    def __init__(
        self, training: TrainingSession, zone: ZoneInfo, translate: Translate, now: datetime
    ) -> None:
        self._training = training
        self._zone = zone
        self._ = translate
        self._now = now

    def when(self) -> str:
        """`8月23日（周五）14:00–15:00`; with the year when it is not this one."""
        _ = self._
        start = self._training.starts_at.astimezone(self._zone)
        end = start + timedelta(minutes=self._training.lasts_minutes)
        data = {"day": day_said(start.date(), self._), "first": f"{start:%H:%M}"}
        if start.year != self._now.astimezone(self._zone).year:
            return _("{year}年{day}{first}–{last}", year=start.year, last=f"{end:%H:%M}", **data)
        return _("{day}{first}–{last}", last=f"{end:%H:%M}", **data)

    def facts(self) -> list[str]:
        """Time and place, or that it was called off."""
        _ = self._
        if self._training.cancelled_at is not None:
            return [_("✗ 培训已取消")]
        return [
            _("时间：{time}", time=self.when()),
            _("地点：{place}", place=self._training.place),
        ]

    def standing(self, place: TrainingPlace | None) -> list[str]:
        """How the reader stands: came, is coming, is not; who has said nothing, what to press."""
        _ = self._
        if self._training.cancelled_at is not None:
            return []
        if place is None:
            return self._invitation()
        if place.attended_at is not None:
            time = f"{place.attended_at.astimezone(self._zone):%H:%M}"
            return [_("✅ {time} 已签到", time=time)]
        if place.answer == "coming":
            return [_("✅ 您已报名")]
        return [_("您已选择不参加")] if place.answer == "declined" else []

    def _invitation(self) -> list[str]:
        """To answer, and which reminders there will still be."""
        _ = self._
        ahead = self._training.starts_at - self._now
        if ahead <= timedelta():
            return []
        if ahead > BEFORE["day"]:
            return [_("请点“报名”或“不参加”；报名后会在前一天和开始前 15 分钟提醒您。")]
        if ahead > BEFORE["soon"]:
            return [_("请点“报名”或“不参加”；报名后会在开始前 15 分钟提醒您。")]
        return [_("请点“报名”或“不参加”。")]

    def reminder(self, kind: str) -> str:
        """A reminder, or that the session was moved or called off."""
        _ = self._
        title = self._training.title
        head = {
            "day": _("⏰ 培训提醒：{title}", title=title),
            "soon": _("⏰ 培训 15 分钟后开始：{title}", title=title),
            "moved": _("❗ 培训时间或地点有变：{title}", title=title),
            "cancelled": _("❌ 培训已取消：{title}", title=title),
        }[kind]
        lines: list[str] = [Markup("<b>{}</b>").format(head)]
        if kind != "cancelled":
            lines += self.facts()
        return Markup("\n").join(lines)

    def buttons(
        self, outgoing: OutgoingMessage, place: TrainingPlace | None
    ) -> tuple[tuple[Button, ...], ...]:
        """What the reader can press under the notice: sign up or decline until it begins or they came, the calendar's file."""
        _ = self._
        if self._training.cancelled_at is not None or self._now >= self._training.starts_at:
            return ()
        if place is not None and place.attended_at is not None:
            return ()
        said = place.answer if place is not None else None
        row = []
        if said != "coming":
            row.append(button(outgoing, str(_("报名")), "join", "primary"))
        if said != "declined":
            row.append(button(outgoing, str(_("不参加")), "no"))
        if said == "coming":
            row.append(button(outgoing, str(_("加入日历")), "ics"))
        return (tuple(row),)


def button(outgoing: OutgoingMessage, label: str, action: str, style: str | None = None) -> Button:
    """A button under a message about a session."""
    return Button(label, data=f"{WORD}:{outgoing.id}:{outgoing.nonce}:{action}", style=style)
