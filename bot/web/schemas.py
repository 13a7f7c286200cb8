"""What comes in and goes out over HTTP. These models check, write, and are what OpenAPI shows."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.web.fields import (
    AskedInstant,
    CourtCode,
    Cursor,
    Flag,
    FreeText,
    Instant,
    InstantOfThisCentury,
    Limit,
    OfficerWords,
    Reference,
    Said,
    Words,
)
from notifications.figure_filings import Figure

CaseType = Literal[
    "civil_first_instance",
    "administrative_first_instance",
    "enforcement",
    "private_prosecution",
    "state_compensation",
    "civil_retrial_application",
]
State = Literal["waiting", "acknowledged", "correcting", "completed", "withdrawn"]
Result = Literal["registered", "correction", "not_accepted", "returned", "mediation"]
Role = Literal["jurisdiction", "collaborating"]
ReturnReason = Literal["not_ours", "other"]


class Strict(BaseModel):
    """No field is guessed, converted or passed over."""

    # Built when first used (25 ms and 4 MB the first one): a desk whose counters type in the chat needs none.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


# What comes in


class FilingRequest(Strict):
    """A filing as handed in by the collaborating court."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "reference": "KY-2019-000123",
                "collaborating_court": "浙72",
                "jurisdiction_court": "辽72",
                "case_type": "civil_first_instance",
                "filed_at": "2019-08-18T09:30:00+08:00",
                "drill": False,
            }
        }
    )

    reference: Reference
    collaborating_court: CourtCode
    jurisdiction_court: CourtCode
    case_type: CaseType
    #: The counter's own time, at most five minutes ahead; the clocks run from `received_at`.
    filed_at: Instant | None = None
    drill: bool = False


class AcknowledgeRequest(Strict):
    """Who takes the filing; may be left out with a token of one court."""

    officer: OfficerWords | None = None


class ResultRequest(Strict):
    """The jurisdiction court's answer."""

    result: Result
    note: FreeText | None = None
    officer: OfficerWords | None = None
    #: For `returned` only: why, and which court decides instead (then the reason is `not_ours`).
    return_reason: ReturnReason | None = None
    proposed_court: CourtCode | None = None


class SendOnRequest(Strict):
    """The court that a returned filing goes on to."""

    jurisdiction_court: CourtCode


class EmptyRequest(Strict):
    """`{}`."""


class WithdrawRequest(Strict):
    """Why the filing is taken back."""

    reason: Said


class FilingListQuery(Strict):
    """Filters of the list of filings."""

    state: State | None = None
    court: CourtCode | None = None
    province: Words | None = None
    role: Role | None = None
    since: AskedInstant | None = None
    until: AskedInstant | None = None
    drill: Flag | None = None
    figure: Figure | None = Field(
        None, description="What a bulletin counts so, drills left out, as it stood at `as_of`."
    )
    as_of: AskedInstant | None = Field(
        None, description="Needs `figure`; now unless given. Whatever happened later is not seen."
    )
    cursor: Cursor | None = None
    limit: Limit = 50


#: As `directory.court_codes.LEVELS` has them.
Level = Literal["supreme", "high", "intermediate", "basic", "tribunal"]


class CourtListQuery(Strict):
    """What court is looked for."""

    q: Words | None = None
    province: Words | None = None
    level: Level | None = None
    limit: Limit = 50


class OnDutyQuery(Strict):
    """At which instant; now unless given."""

    at: InstantOfThisCentury | None = None


# What goes out


class CourtName(Strict):
    """A court, briefly."""

    code: str
    name: str


class Signature(Strict):
    """Who answered, as it stood at that moment."""

    name: str
    court: str | None
    post: str | None


class FilingEventAnswer(Strict):
    """One thing that happened to a filing."""

    at: Instant
    kind: str
    who: str
    detail: str


class FilingAnswer(Strict):
    """A filing and where it stands."""

    reference: str
    state: State
    collaborating_court: CourtName
    jurisdiction_court: CourtName
    case_type: CaseType
    drill: bool
    filed_at: Instant
    received_at: Instant
    clock: Literal["working", "wall"]
    answer_due_at: Instant
    result_due_at: Instant | None
    acknowledged_at: Instant | None
    acknowledged_by: Signature | None
    answer_wall_seconds: int | None
    answer_working_seconds: int | None
    answered_in_time: bool | None
    result: Result | None
    result_at: Instant | None
    result_by: Signature | None
    result_note: str | None
    result_wall_seconds: int | None
    result_working_seconds: int | None
    #: Which editions of the calendar the seconds were counted with; null before the first were.
    calendar_version: str | None
    #: 预估: the time it is due rests on a year whose holidays have not been announced.
    due_estimated: bool
    #: Why it was returned, and which court was proposed instead.
    return_reason: ReturnReason | None
    proposed_court: CourtName | None
    #: The filing this one was sent on from, and the one it was sent on as.
    previous: str | None
    next: str | None
    events: list[FilingEventAnswer]


class FilingListAnswer(Strict):
    """A page of filings, newest first."""

    items: list[FilingAnswer]
    next_cursor: str | None


class CourtAnswer(Strict):
    """A court of the directory."""

    code: str
    name: str
    level: str
    kind: str
    parent_code: str | None
    province: str
    city: str | None
    county: str | None
    division_code: str | None
    aliases: list[str]
    code_status: str | None
    hours: str | None
    timezone: str | None
    phone: str | None
    address: str | None
    answer_target_min: int | None
    result_target_min: int | None
    #: Whether a group chat is linked to which pages go.
    group_linked: bool


class PostAnswer(Strict):
    """A post held from the first to the last day named; null is open."""

    post: str
    valid_from: date | None
    valid_to: date | None


class OfficerAnswer(Strict):
    """A person of a court. `mobile` is masked unless the token's role says otherwise."""

    id: int
    name: str
    posts: list[PostAnswer]
    title: str | None
    department: str | None
    desk_phone: str | None
    mobile: str | None
    linked: bool


class CourtWithOfficersAnswer(CourtAnswer):
    """A court with its people."""

    officers: list[OfficerAnswer]


class CourtListAnswer(Strict):
    """The courts that fit, best first; `ambiguous` when the words fit several."""

    items: list[CourtAnswer]
    ambiguous: bool
    next_cursor: None = None


class OnDutyOfficerAnswer(Strict):
    """Somebody on duty. `mobile` is masked unless the token's role says otherwise."""

    name: str
    post: str
    desk_phone: str | None
    mobile: str | None
    linked: bool


class StandInAnswer(Strict):
    """Who answers for a court that is closed for the day, and why it is."""

    name: str
    court: str
    reason: str


class OnDutyAnswer(Strict):
    """Who answers for a court at an instant, and whether it is open then."""

    court: CourtName
    at: Instant
    open: bool
    #: The next opening; null while the court is open.
    opens_at: Instant | None
    #: The end of the present opening or, while closed, of the next.
    closes_at: Instant | None
    officers: list[OnDutyOfficerAnswer]
    #: The court is closed that day, and these people answer in its place; null on any other day.
    stand_in: StandInAnswer | None
    #: 预估: the opening or closing named rests on a year whose holidays have not been announced.
    estimated: bool
    #: Until when nobody's term begins or ends; null when no change is planned.
    until: Instant | None


class FaultAnswer(Strict):
    """What is wrong with one field or parameter."""

    field: str
    message: str


class ProblemAnswer(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    errors: list[FaultAnswer] | None = None
