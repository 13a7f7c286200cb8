"""What a message is, and the facts a card shows, worked out and in local time. Says nothing in any language.

The words are in `templates/`; `rendering` brings the facts here from the tables and the views there.
Minutes are whole and rounded down; times are those of the jurisdiction court, whose clock runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Literal

from directory.worktime import Span
from notifications import card_marks
from notifications.answer_clock import Reading
from notifications.card_marks import Marks
from notifications.free_text import fit_to_show
from notifications.notice_text import Attachment

View = Literal["group", "officer", "collaborating"]
Heading = Literal["page", "reminder", "escalation", "filed"]
Phase = Literal["answer", "result"]

#: Telegram's longest message, in characters after the entities are parsed.
LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message: it carries data, opens an address, copies a text or starts inline mode."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    inline: str | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that goes with a message, whose text (at most 1024 characters) is then its caption."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """What a chat is shown: Telegram HTML and rows of buttons, or a question that wants a reply."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    #: What stands in the empty field for the reply, at most 64 characters; None: no reply is asked for.
    asks: str | None = None
    #: Sent once and never edited.
    document: Document | None = None
    #: Sent once with the text as its caption; `taken_away` it must go from where it was sent.
    attachment: Attachment | None = None
    taken_away: bool = False


@dataclass(frozen=True, slots=True)
class LocalTime:
    """An instant on the court's wall clock: `time` is `09:05`, the date is said only when not today."""

    year: int
    month: int
    day: int
    time: str
    today: bool
    this_year: bool

    @property
    def month_name(self) -> str:
        """The month as English abbreviates it."""
        return _MONTHS[self.month - 1]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who did it: a name with post, and the court's name when it is not the jurisdiction court."""

    name: str
    post: str | None = None
    court: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An acknowledgment or a result. Seconds are as stored; the views show minutes."""

    by: Signature
    at: datetime
    wall_seconds: int
    working_seconds: int
    in_time: bool | None = None
    result: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The collaborating court took the filing back."""

    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class OnDutyLine:
    """One person on duty today. `phone` is a desk phone, `unreachable` why chat does not reach them."""

    name: str
    post: str
    phone: str | None = None
    unreachable: str | None = None


@dataclass(frozen=True, slots=True)
class PagedInVain:
    """A person who was paged and did not answer, and at which instants."""

    name: str
    post: str | None
    at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class StandingIn:
    """Why this person was paged: `post` could not be, because of `reason`; `names` held it.

    `reason`: unlinked, blocked, left, on_leave, no_group, no_such_post (or empty), handed_over
    (then `names` is who handed over), snoozed. `instead` is the post that was paged.
    """

    reason: str
    post: str | None = None
    names: tuple[str, ...] = ()
    instead: str | None = None
    #: The posts between, which could not be paged either.
    also: tuple["StandingIn", ...] = ()


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """What a card must know of a filing, free of tables.

    Courts and case type are as shown; `clock` is `working` or `wall`.
    """

    reference: str
    state: str
    drill: bool
    collaborating_court: str
    jurisdiction_court: str
    case_type: str
    clock: str
    received_at: datetime
    result_clock_from: datetime | None = None
    acknowledged: Answer | None = None
    result: Answer | None = None
    withdrawn: Withdrawal | None = None
    marks: Marks[datetime] = Marks()  # noqa: RUF009 -- frozen


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why and to whom a card is written. `post` is the reader's; None in a group."""

    view: View
    heading: Heading
    phase: Phase = "answer"
    post: str | None = None
    standing_in: StandingIn | None = None
    in_vain: tuple[PagedInVain, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockView:
    """A running clock in whole minutes and local times."""

    phase: Phase
    working: bool
    used: int
    target: int
    overdue: bool
    over: int
    due: LocalTime
    starts: LocalTime | None
    pauses: tuple[tuple[LocalTime, LocalTime], ...]
    estimated: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An acknowledgment or a result, in whole minutes and local time; the note is fit to show."""

    by: Signature
    at: LocalTime
    wall: int
    working: int
    late: bool
    result: str | None
    note: str


@dataclass(frozen=True, slots=True)
class WithdrawalView:
    """Who withdrew and when; the reason is fit to show."""

    who: str
    at: LocalTime
    reason: str


@dataclass(frozen=True, slots=True)
class PagedView:
    """A person paged in vain, with the local times."""

    name: str
    post: str | None
    at: tuple[LocalTime, ...]


@dataclass(frozen=True, slots=True)
class CardView:
    """Everything a card's template needs, decided.

    `headline`: waiting, not_acknowledged, acknowledged, no_result, correction, registered,
    not_accepted, returned, mediation, withdrawn. `ask` is the reader's post when the card must say
    in plain words what is wanted of them, else None.
    """

    view: View
    headline: str
    drill: bool
    reference: str
    collaborating_court: str
    jurisdiction_court: str
    case_type: str
    arrived: LocalTime
    as_of: LocalTime
    on_duty: tuple[OnDutyLine, ...]
    clock: ClockView | None
    acknowledged: AnswerView | None
    result: AnswerView | None
    withdrawn: WithdrawalView | None
    standing_in: StandingIn | None
    in_vain: tuple[PagedView, ...]
    ask: str | None
    marks: Marks[LocalTime]


def card_view(
    facts: FilingFacts,
    occasion: Occasion,
    on_duty: Sequence[OnDutyLine],
    reading: Reading | None,
    *,
    zone: tzinfo,
    now: datetime,
) -> CardView:
    """What a card says of a filing at `now`, to this reader on this occasion.

    Args:
        facts: the filing.
        occasion: the view, what opened the card, and who was paged before.
        on_duty: today's people of the jurisdiction court, in the order to be shown.
        reading: the running clock as of `now`; None when no clock runs.
        zone: the jurisdiction court's.
        now: an aware instant.
    """
    urgent = _is_urgent(facts, occasion)
    waiting = facts.state == "waiting"
    lasting = facts.state == _LASTING[occasion.phase]
    withdrawn = facts.withdrawn if facts.state == "withdrawn" else None
    return CardView(
        view=occasion.view,
        headline=_headline(facts, urgent),
        drill=facts.drill,
        reference=facts.reference,
        collaborating_court=facts.collaborating_court,
        jurisdiction_court=facts.jurisdiction_court,
        case_type=facts.case_type,
        arrived=local_time(facts.received_at, zone, now),
        as_of=local_time(now, zone, now),
        on_duty=tuple(on_duty) if waiting else (),
        clock=_clock_view(facts, reading, zone, now),
        acknowledged=_answer_view(facts.acknowledged, zone, now),
        result=_answer_view(facts.result, zone, now),
        withdrawn=WithdrawalView(
            withdrawn.who, local_time(withdrawn.at, zone, now), fit_to_show(withdrawn.reason)
        )
        if withdrawn
        else None,
        standing_in=occasion.standing_in if lasting else None,
        in_vain=tuple(_paged_view(paged, zone, now) for paged in occasion.in_vain if urgent),
        ask=_ask(occasion, urgent=urgent, lasting=lasting),
        marks=card_marks.shown(facts.marks, lambda instant: local_time(instant, zone, now)),
    )


def local_time(instant: datetime, zone: tzinfo, now: datetime) -> LocalTime:
    """The instant on the court's wall clock, 24 hours, seconds cut off."""
    local, today = instant.astimezone(zone), now.astimezone(zone)
    return LocalTime(
        year=local.year,
        month=local.month,
        day=local.day,
        time=f"{local:%H:%M}",
        today=local.date() == today.date(),
        this_year=local.year == today.year,
    )


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: The state in which a card's occasion, a silence, still lasts.
_LASTING: dict[Phase, str] = {"answer": "waiting", "result": "acknowledged"}

#: So many pauses of a clock are shown; of a longer list, the next ones.
_MOST_PAUSES = 3


def _is_urgent(facts: FilingFacts, occasion: Occasion) -> bool:
    """Whether the silence that this card was sent for still lasts."""
    silent = facts.state == _LASTING[occasion.phase]
    return silent and occasion.heading in ("reminder", "escalation")


def _headline(facts: FilingFacts, urgent: bool) -> str:
    match facts.state:
        case "waiting" if urgent:
            return "not_acknowledged"
        case "acknowledged" if urgent:
            return "no_result"
        case "waiting" | "acknowledged" | "withdrawn":
            return facts.state
        case _:
            return (facts.result.result if facts.result else None) or facts.state


def _ask(occasion: Occasion, *, urgent: bool, lasting: bool) -> str | None:
    """Whom to ask in plain words. A leader or coordinator is never told by the headline what to do."""
    above = occasion.post in ("leader", "coordinator") and lasting
    if occasion.view == "collaborating" or not (urgent or above):
        return None
    return occasion.post or occasion.view


def _clock_view(
    facts: FilingFacts, reading: Reading | None, zone: tzinfo, now: datetime
) -> ClockView | None:
    if reading is None:
        return None
    phase: Phase = "answer" if facts.state == "waiting" else "result"
    began = facts.received_at if phase == "answer" else facts.result_clock_from
    late_start = began is not None and reading.starts_at > began
    return ClockView(
        phase=phase,
        working=facts.clock == "working",
        used=reading.used_minutes,
        target=reading.target_minutes,
        overdue=reading.overdue,
        over=max(0, reading.used_seconds - reading.target_seconds) // 60,
        due=local_time(reading.due_at, zone, now),
        starts=local_time(reading.starts_at, zone, now) if late_start else None,
        pauses=tuple(
            (local_time(pause.start, zone, now), local_time(pause.end, zone, now))
            for pause in _pauses_to_show(reading, now)
        ),
        estimated=reading.estimated,
    )


def _pauses_to_show(reading: Reading, now: datetime) -> list[Span]:
    # Before the clock starts it does not pause: `starts` says so.
    pauses = [pause for pause in reading.pauses if pause.start >= reading.starts_at]
    if len(pauses) <= _MOST_PAUSES:
        return pauses
    return [pause for pause in pauses if pause.end > now][:_MOST_PAUSES]


def _answer_view(answer: Answer | None, zone: tzinfo, now: datetime) -> AnswerView | None:
    if answer is None:
        return None
    return AnswerView(
        by=answer.by,
        at=local_time(answer.at, zone, now),
        wall=answer.wall_seconds // 60,
        working=answer.working_seconds // 60,
        late=answer.in_time is False,
        result=answer.result,
        note=fit_to_show(answer.note or ""),
    )


def _paged_view(paged: PagedInVain, zone: tzinfo, now: datetime) -> PagedView:
    return PagedView(paged.name, paged.post, tuple(local_time(at, zone, now) for at in paged.at))
