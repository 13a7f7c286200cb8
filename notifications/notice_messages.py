"""How a notice reads to whom, as it stands when it is sent: its text with 已阅, its attachments, its reminder.

What coordinators are told of its receipts is `notice_report`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from directory.models import Court, Officer
from directory.texts import Translate
from notifications import notices, training_messages
from notifications.desk import DeskRules
from notifications.form_models import Form, FormSheet
from notifications.form_words import FormWords
from notifications.forms import CORRECTED_AT
from notifications.messages import Button, Message, local_time
from notifications.models import OutgoingMessage
from notifications.notice_models import Notice, NoticeCopy, NoticeRecipient
from notifications.notice_text import Attachment, first_line, nested
from notifications.training_models import TrainingSession
from notifications.wording import Wording

_WRITER, _READERS = aliased(Court), aliased(Court)

# Made once: asked for every message.
_COPY = (
    select(
        Notice,
        NoticeCopy.part,
        NoticeRecipient.confirmed_at,
        NoticeRecipient.confirmed_by,
        NoticeRecipient.confirmed_for_by_id,
        _WRITER.name,
        _READERS.timezone,
        TrainingSession,
        Form,
        FormSheet,
        CORRECTED_AT,
    )
    .join(NoticeCopy, NoticeCopy.notice_id == Notice.id)
    .join(
        NoticeRecipient,
        and_(
            NoticeRecipient.notice_id == Notice.id,
            NoticeRecipient.officer_id == NoticeCopy.officer_id,
        ),
    )
    .join(_READERS, _READERS.code == NoticeRecipient.court_code)
    .outerjoin(Officer, Officer.id == Notice.written_by_officer_id)
    .outerjoin(_WRITER, _WRITER.code == Officer.court_code)
    .outerjoin(TrainingSession, TrainingSession.notice_id == Notice.id)
    .outerjoin(Form, Form.notice_id == Notice.id)
    .outerjoin(
        FormSheet,
        and_(FormSheet.form_id == Form.id, FormSheet.court_code == NoticeRecipient.court_code),
    )
    .where(NoticeCopy.row_id == bindparam("row"))
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A reader's own part of a notice: their zone, and who confirmed for them and when."""

    zone: ZoneInfo
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    signed_by_other: bool = False


async def message(
    session: AsyncSession,
    outgoing: OutgoingMessage,
    translate: Translate,
    desk: DeskRules,
    *,
    now: datetime,
) -> Message | None:
    """A person's copy of one part of a notice; None for what is not to be sent any more.

    `translate` gives HTML: whatever is filled in is escaped.
    """
    found = (await session.execute(_COPY, {"row": outgoing.id})).first()
    if found is None:
        return None
    notice, part, at, by, other, court, timezone, *carried = found
    seen = Seen(ZoneInfo(timezone or desk.timezone), at, by, other is not None)
    unsent = outgoing.shown is None
    if notice.recalled_at is not None and unsent:
        return None
    if part > notices.TEXT_PART:
        return _attachment(notice, part)
    if part == notices.REMINDER_PART and seen.confirmed_at is not None and unsent:
        return None
    said = Words(notice, court or "", translate, now)
    waits = notice.recalled_at is None and seen.confirmed_at is None
    buttons = _buttons(outgoing, translate) if waits else ()
    facts: Sequence[str] = ()
    rows: tuple[tuple[Button, ...], ...] = ()
    if part == notices.TEXT_PART and notice.recalled_at is None:
        facts, rows = await _carried(session, outgoing, carried, seen.zone, translate, now)
    reminds = part == notices.REMINDER_PART
    text = said.reminder(seen) if reminds else said.text(seen, facts)
    return Message(text, (*rows, *buttons))


async def own(
    session: AsyncSession,
    notice: Notice,
    officer: Officer,
    translate: Translate,
    desk: DeskRules,
    *,
    now: datetime,
) -> str:
    """A notice as its reader's chat has it or, of whom it never reached, its text alone."""
    outgoing = await session.scalar(
        select(OutgoingMessage)
        .join(NoticeCopy, NoticeCopy.row_id == OutgoingMessage.id)
        .where(
            NoticeCopy.notice_id == notice.id,
            NoticeCopy.officer_id == officer.id,
            NoticeCopy.part == notices.TEXT_PART,
        )
    )
    said = await message(session, outgoing, translate, desk, now=now) if outgoing else None
    if said is not None:
        return said.text
    zone = ZoneInfo(officer.court.timezone or desk.timezone)
    return Words(notice, "", translate, now).text(Seen(zone))


async def _carried(
    session: AsyncSession,
    outgoing: OutgoingMessage,
    carried: Sequence[Any],
    zone: ZoneInfo,
    translate: Translate,
    now: datetime,
) -> tuple[Sequence[str], tuple[tuple[Button, ...], ...]]:
    """What a notice says below its text, and its buttons besides 已阅: of the session or the form it carries."""
    training, form, sheet, corrected_at = carried
    if training is not None:
        return await training_messages.in_notice(
            session, outgoing, training, zone, translate, now=now
        )
    if form is None:
        return (), ()
    words = FormWords(form, zone, translate, now)
    button = words.button(sheet)
    return words.facts(sheet, corrected_at), ((button,),) if button is not None else ()


def _attachment(notice: Notice, part: int) -> Message:
    if notice.recalled_at is not None:
        return Message("", taken_away=True)
    one = notice.attachments[part - 1]
    return Message("", attachment=Attachment(one["kind"], one["file_id"]))


def _buttons(outgoing: OutgoingMessage, translate: Translate) -> tuple[tuple[Button, ...], ...]:
    _ = translate
    data = f"notice:{outgoing.id}:{outgoing.nonce}"
    return ((Button(str(_("已阅")), data=data, style="primary"),),)


class Words:
    """One notice in one language, at one moment."""

    def __init__(self, notice: Notice, court: str, translate: Translate, now: datetime) -> None:
        self._notice = notice
        self._court = court
        self._ = translate
        self._words = Wording(translate)
        self._now = now

    def text(self, seen: Seen, facts: Sequence[str] = ()) -> str:
        """The whole notice, as its reader has it; `facts` are lines below its text, of a session it announces."""
        notice = self._notice
        if notice.recalled_at is not None:
            return self._recalled(seen)
        lines = [*self.body(seen.zone, facts), *self._confirmation(seen)]
        return Markup("\n").join(lines)

    def body(self, zone: ZoneInfo, facts: Sequence[str] = ()) -> list[str]:
        """Head, text, `facts`, and who wrote it when."""
        _ = self._
        notice = self._notice
        text = Markup(notice.text)  # noqa: S704 -- made by `notice_text.to_html`
        signed = [
            self._court,
            self._words.signed(notice.written_by),
            self._when(notice.send_at, zone),
        ]
        head = Markup("<b>{}</b>").format(_("【通知】"))
        lines = [head, text, *facts, "", self._joined(signed)]
        if notice.edited_at is not None:
            lines.append(_("{time} 已更正", time=self._when(notice.edited_at, zone)))
        return lines

    def reminder(self, seen: Seen) -> str:
        """A word to somebody who has not confirmed; it answers the notice itself."""
        _ = self._
        notice = self._notice
        if notice.recalled_at is not None:
            return self._recalled(seen)
        title = nested(first_line(notice.text))
        if seen.confirmed_at is not None:
            return Markup("\n").join([_("通知“{title}”", title=title), *self._confirmation(seen)])
        lines = [_("⏰ 您尚未确认通知“{title}”。请看原文后点“已阅”。", title=title)]
        if notice.confirm_by is not None:
            time = self._when(notice.confirm_by, seen.zone)
            over = notice.confirm_by <= self._now
            lines.append(
                _("确认期限 {time} 已过。", time=time) if over else _("确认期限：{time}", time=time)
            )
        return Markup("\n").join(lines)

    def _recalled(self, seen: Seen) -> str:
        _ = self._
        notice = self._notice
        time = self._when(notice.recalled_at or self._now, seen.zone)
        who = self._words.signed(notice.recalled_by or notice.written_by)
        head = Markup("<b>{}</b>").format(_("【通知】已撤回"))
        return Markup("\n").join(
            [head, _("{who} 于 {time} 撤回了此通知，内容作废，无需确认。", who=who, time=time)]
        )

    def _confirmation(self, seen: Seen) -> list[str]:
        _ = self._
        if seen.confirmed_at is not None:
            time = self._when(seen.confirmed_at, seen.zone)
            if seen.signed_by_other:
                who = self._words.signed(seen.confirmed_by or "")
                return [_("✓ {time} 由 {who} 代签", time=time, who=who)]
            return [_("✓ {time} 已阅", time=time)]
        if self._notice.confirm_by is None:
            return []
        time = self._when(self._notice.confirm_by, seen.zone)
        if self._notice.confirm_by <= self._now:
            return [_("确认期限 {time} 已过，仍请点“已阅”确认。", time=time)]
        return [_("请于 {time} 前点“已阅”确认。", time=time)]

    def _when(self, at: datetime, zone: ZoneInfo) -> str:
        return self._words.when(local_time(at, zone, self._now))

    def _joined(self, words: Sequence[str]) -> str:
        return Markup("　").join(word for word in words if word)
