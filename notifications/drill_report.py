"""The result sheet of a drill: to whom it goes, its text, and the workbook that comes with it.

Both are written when they are sent, in the reader's language, from `drill_facts`.
"""

import asyncio
from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import duty
from directory.models import Court
from directory.roster import OnDutyOfficer
from directory.texts import Translate
from notifications import drill_facts, drill_plan, drills, outbox
from notifications.desk import DeskRules
from notifications.drill_facts import CourtResult, Outcome
from notifications.messages import Document, Message, Signature, local_time
from notifications.models import Drill, DrillFiling, OutgoingMessage
from notifications.told import courts_fitting
from notifications.wording import Wording

#: The text and the workbook, as kinds of outgoing messages.
TEXT, SHEET = "drill_result", "drill_sheet"
KINDS = frozenset({TEXT, SHEET})

#: How many characters the courts may take in the text: Telegram's 4096 less the head.
ROOM = 3600


async def report_due(session: AsyncSession, now: datetime, desk: DeskRules) -> None:
    """Send the result sheets of the drills that are over."""
    for drill in await drills.over(session, now):
        drill.reported_at = now
        await session.flush()
        await _send(session, drill, desk, now)


async def _send(session: AsyncSession, drill: Drill, desk: DeskRules, now: datetime) -> None:
    """To whoever ordered it the whole; to each province's coordinators their courts.

    Of a quiet drill nobody hears unless a court failed it.
    """
    readers: dict[int, tuple[OnDutyOfficer, str | None]] = {}
    for place, people in (await _coordinators(session, drill, desk, now)).items():
        for person in people:
            readers[person.officer_id] = person, place
    if drill.ordered_by_officer_id is not None:
        found = await duty.people(session, [drill.ordered_by_officer_id], now=now)
        readers |= {officer_id: (person, None) for officer_id, person in found.items()}
    for person, province in readers.values():
        if person.telegram_id is None or not person.reads_chat:
            continue
        if drill.quiet and not await _failed(session, drill, province):
            continue
        await outbox.write(
            session,
            [
                outbox.row(
                    kind,
                    person.telegram_id,
                    {"drill": drill.id, "province": province},
                    priority=outbox.NEWS,
                    now=now,
                    officer_id=person.officer_id,
                    dedupe_key=f"{kind}:{drill.id}:{person.officer_id}",
                )
                for kind in ((TEXT,) if drill.quiet else (TEXT, SHEET))
            ],
        )


async def _coordinators(
    session: AsyncSession, drill: Drill, desk: DeskRules, now: datetime
) -> dict[str, Collection[OnDutyOfficer]]:
    """The coordinators to be told of every province that was called, by province."""
    of_drill = select(DrillFiling.court_code).where(DrillFiling.drill_id == drill.id)
    provinces = select(Court.province).where(Court.code.in_(of_drill)).distinct()
    high = list(
        await session.scalars(
            select(Court).where(Court.level == "high", Court.province.in_(provinces))
        )
    )
    duties = await duty.on_duty(session, high, now=now, default_timezone=desk.timezone)
    return {court.province: duties[court.code].to_tell("coordinator") for court in high}


async def _failed(session: AsyncSession, drill: Drill, province: str | None) -> bool:
    return bool(await session.scalar(select(drills.unanswered(drill.id, province))))


async def message(
    session: AsyncSession,
    outgoing: OutgoingMessage,
    translate: Translate,
    desk: DeskRules,
    *,
    now: datetime,
) -> Message:
    """The text or the workbook, as the tables stand now."""
    drill = await session.get_one(Drill, outgoing.payload["drill"], populate_existing=True)
    province = outgoing.payload["province"]
    outcome = await drill_facts.load(session, drill, province, desk, now=now)
    words = Sheet(outcome, translate, ZoneInfo(desk.timezone), now)
    if outgoing.kind == TEXT:
        return Message(words.text())
    from notifications.drill_workbook import workbook  # noqa: PLC0415 -- loaded when one is asked for

    content = await asyncio.to_thread(workbook, words)
    name = f"YL-{drill.starts_at.astimezone(words.zone):%Y%m%d}-{drill.id}.xlsx"
    return Message(words.title(), document=Document(name, content))


class Sheet:
    """A drill's result in one language; times in the desk's zone."""

    def __init__(
        self, outcome: Outcome, translate: Translate, zone: ZoneInfo, now: datetime
    ) -> None:
        self.outcome = outcome
        self.translate = translate
        self.zone = zone
        self._words = Wording(translate)
        self._now = now

    def text(self) -> str:
        """The whole as Telegram HTML: the sums, then the courts, those that did not answer first."""
        lines = [Markup("<b>{}</b>").format(self.title()), *self.sums(), ""]
        courts = self.outcome.missing if self.outcome.quiet else self.outcome.courts
        lines += courts_fitting([self._line(one) for one in courts], ROOM, self.translate)
        return Markup("\n").join(lines).strip()

    def title(self) -> str:
        """Which drill it was."""
        _ = self.translate
        data = {"name": self.outcome.name, "time": self.when(self.outcome.starts_at)}
        if self.outcome.name == drill_plan.NATION:
            data["name"] = _("全国")
        if self.outcome.quiet:
            return _("【演练】自动演练未通过　{name}　{time}", **data)
        if self.outcome.cancelled:
            return _("【演练】已取消　{name}　{time}", **data)
        return _("【演练】结果　{name}　{time}", **data)

    def sums(self) -> list[str]:
        """How many answered, how many in time, and how fast on average."""
        _ = self.translate
        outcome = self.outcome
        lines = [
            _(
                "应答 {answered}/{all} 个法院，按时 {in_time}",
                answered=len(outcome.answered), all=len(outcome.courts), in_time=outcome.in_time,
            )
        ]  # fmt: skip
        if (mean := outcome.mean_seconds) is not None:
            lines.append(_("平均应答 {took}", took=self.took(mean)))
        return lines

    def _line(self, court: CourtResult) -> str:
        _ = self.translate
        data = {"court": court.name, "state": self.state(court), "why": self.why(court)}
        if court.state != "answered":
            return _("❌ {court}：{state}　{why}", **data).strip()
        took = self.took(court.wall_seconds or 0)
        if court.wall_seconds != court.working_seconds:
            working = self.took(court.working_seconds or 0)
            took = _("{wall}（工作时间 {working}）", wall=took, working=working)
        mark = "✅" if court.in_time else "⏰"
        return f"{mark} " + _("{court}　{took}　{who}", took=took, who=self.who(court), **data)

    def state(self, court: CourtResult) -> str:
        """What became of one court, in a word or two."""
        _ = self.translate
        return {
            "answered": _("已应答"),
            "silent": _("已呼叫，无人应答"),
            "failed": _("呼叫未送达"),
            "nobody": _("无人可呼叫"),
            "held": _("结束前未到办公时间"),
            "not_sent": _("未发出"),
        }[court.state]

    def why(self, court: CourtResult) -> str:
        """Who could not be reached, and why."""
        _ = self.translate
        parts = []
        for one in court.unreached:
            name = one.name or self._words.post("group")
            who = self._words.person(Signature(name, one.post if one.name else None))
            reason = (
                _("呼叫未发出") if one.reason == "undelivered"
                else _("机器人已被移出群") if one.reason == "kicked"
                else self._words.unreachable(one.reason)
            )  # fmt: skip
            parts.append(_("{who}{reason}", who=who, reason=reason))
        return _("；").join(parts)

    def who(self, court: CourtResult) -> str:
        """Who answered."""
        return self._words.person(Signature(court.by, court.by_post)) if court.by else ""

    def post(self, post: str | None) -> str:
        """A post in words."""
        return self._words.post(post) if post else ""

    def when(self, at: datetime) -> str:
        """An instant on the desk's wall clock."""
        return self._words.when(local_time(at, self.zone, self._now))

    def took(self, seconds: int) -> str:
        """A duration in minutes and seconds: drills are compared by seconds."""
        _ = self.translate
        minutes, rest = divmod(seconds, 60)
        if not minutes:
            return _("{seconds} 秒", seconds=rest)
        return _("{minutes} 分 {seconds} 秒", minutes=minutes, seconds=rest)
