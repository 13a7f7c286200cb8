"""What coordinators are told of a notice's receipts: the chase list as a message, the whole sheet as a workbook.

Both are written when they are sent, in the reader's language.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape
from sqlalchemy.ext.asyncio import AsyncSession

from directory.texts import Translate
from notifications import notice_facts, notice_sheet
from notifications.desk import DeskRules
from notifications.messages import Document, Message, Signature, local_time
from notifications.models import OutgoingMessage
from notifications.notice_facts import Scope
from notifications.notice_models import Notice
from notifications.notice_sheet import CourtLine, Receipt, Sums
from notifications.notice_text import first_line, nested
from notifications.told import courts_fitting, unescaped
from notifications.wording import Wording

#: The text and the workbook, as kinds of outgoing messages.
CHASE, SHEET = "notice_chase", "notice_sheet"
KINDS = frozenset({CHASE, SHEET})

#: How many characters the courts may take in the text: Telegram's 4096 less the head.
ROOM = 3400

#: So many people of one court are named in a line.
MOST_NAMES = 6


async def message(
    session: AsyncSession,
    outgoing: OutgoingMessage,
    translate: Translate,
    desk: DeskRules,
    *,
    now: datetime,
) -> Message | None:
    """The chase list or the workbook as the tables stand now.

    None once the notice was taken back, unless somebody asked for the sheet.
    """
    number = outgoing.payload.get("notice")
    notice = await session.get(Notice, number, populate_existing=True) if number else None
    if notice is None:
        return None
    if notice.recalled_at is not None and not outgoing.payload.get("asked"):
        return None
    scope = Scope(province=outgoing.payload["province"])
    said = translate if outgoing.kind == CHASE else unescaped(translate)
    sheet = await load(session, notice, scope, said, desk, now=now)
    if outgoing.kind == CHASE:
        return Message(sheet.text())
    return Message(escape(sheet.title()), document=await document(sheet))


async def load(
    session: AsyncSession,
    notice: Notice,
    scope: Scope,
    translate: Translate,
    desk: DeskRules,
    *,
    now: datetime,
) -> "Sheet":
    """A notice's sheet for the people of a scope, in one language."""
    receipts = await notice_facts.receipts(session, notice.id, scope)
    return Sheet(notice, receipts, translate, ZoneInfo(desk.timezone), now)


async def document(sheet: "Sheet") -> Document:
    """The sheet as a workbook; made beside the loop, for 12,000 people take a second."""
    from notifications.notice_workbook import workbook  # noqa: PLC0415 -- loaded when one is asked for

    content = await asyncio.to_thread(workbook, sheet)
    return Document(sheet.file_name(), content)


class Sheet:
    """A notice's receipts in one language; times in the desk's zone."""

    def __init__(
        self,
        notice: Notice,
        receipts: Sequence[Receipt],
        translate: Translate,
        zone: ZoneInfo,
        now: datetime,
    ) -> None:
        self.receipts = receipts
        self.lines = notice_sheet.by_court(receipts)
        self.sums = notice_sheet.sums(receipts)
        self.translate = translate
        self._notice = notice
        self._zone = zone
        self._words = Wording(translate)
        self._now = now

    def file_name(self) -> str:
        """`TZ-20191124-12.xlsx`: the day it was sent, and its number."""
        return f"TZ-{self._notice.send_at.astimezone(self._zone):%Y%m%d}-{self._notice.id}.xlsx"

    def title(self) -> str:
        """Which notice it is."""
        _ = self.translate
        return _(
            "通知 {number}“{title}”回执",
            number=self._notice.id, title=nested(first_line(self._notice.text)),
        )  # fmt: skip

    def figures(self) -> list[str]:
        """The sums in words."""
        return figures(self.sums, self.translate)

    def text(self) -> str:
        """Telegram HTML: the sums, then the courts in which somebody is missing, most first, with names."""
        _ = self.translate
        lines = [Markup("<b>{}</b>").format(self.title()), *self.figures()]
        late = notice_sheet.chase(self.lines)
        if late:
            lines += ["", _("待催办 {count} 个法院：", count=len(late))]
        lines += courts_fitting([self.court(one) for one in late], ROOM, _)
        return Markup("\n").join(lines)

    def court(self, line: CourtLine) -> str:
        """One court and who of it is missing."""
        _ = self.translate
        return _("{court}：{who}", court=line.name, who=self.missing(line.missing))

    def missing(self, people: Sequence[Receipt]) -> str:
        """Who is missing: first those who have it, then the others by why they were not reached."""
        _ = self.translate
        by_reason: dict[str, list[Receipt]] = {"": []}
        for one in people:
            by_reason.setdefault(self.why(one), []).append(one)
        return _("；").join(
            _("{who}{reason}", who=self._named(some), reason=why) if why else self._named(some)
            for why, some in by_reason.items()
            if some
        )

    def _named(self, people: Sequence[Receipt]) -> str:
        _ = self.translate
        said = _("、").join(self.name(one) for one in people[:MOST_NAMES])
        if len(people) > MOST_NAMES:
            return _("{names}等 {count} 人", names=said, count=len(people))
        return said

    def name(self, receipt: Receipt) -> str:
        """A person with post."""
        post = receipt.posts.partition(",")[0] or None
        return self._words.person(Signature(receipt.name, post))

    def who(self, receipt: Receipt) -> str:
        """A person with post, and why they were not reached."""
        _ = self.translate
        why = self.why(receipt)
        return _("{who}{reason}", who=self.name(receipt), reason=why) if why else self.name(receipt)

    def why(self, receipt: Receipt) -> str:
        """Why somebody was not reached; empty for who was."""
        reason = notice_sheet.reason(receipt)
        return self._words.unreachable(reason) if reason else ""

    def state(self, receipt: Receipt) -> str:
        """Where a person stands, in a word."""
        _ = self.translate
        return {
            "confirmed": _("已阅"),
            "signed": _("代签"),
            "unconfirmed": _("未确认"),
            "waiting": _("发送中"),
            "unreached": _("未送达"),
        }[notice_sheet.state(receipt)]

    def posts(self, receipt: Receipt) -> str:
        """The posts in words."""
        _ = self.translate
        return _("、").join(self._words.post(post) for post in receipt.posts.split(",") if post)

    def signed(self, who: str | None) -> str:
        """Who confirmed."""
        return self._words.signed(who) if who else ""

    def when(self, at: datetime | None) -> str:
        """An instant with its date, as sheets write it."""
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M}" if at is not None else ""

    def made(self) -> str:
        """When this was written."""
        _ = self.translate
        time = self._words.when(local_time(self._now, self._zone, self._now))
        return _("截至 {time}", time=time)


def figures(sums: Sums, translate: Translate) -> list[str]:
    """The sums of a notice in words; what is nothing is left out."""
    _ = translate
    lines = [_("已阅 {confirmed}/{people} 人", confirmed=sums.confirmed, people=sums.people)]
    if sums.signed:
        lines.append(_("其中代签 {count} 人", count=sums.signed))
    if sums.unconfirmed:
        lines.append(_("已送达未确认 {count} 人", count=sums.unconfirmed))
    if sums.waiting:
        lines.append(_("发送中 {count} 人", count=sums.waiting))
    if sums.unreached:
        lines.append(_("未送达 {count} 人", count=sums.unreached))
    return lines
