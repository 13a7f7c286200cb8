"""The tables of what must be said: filings, their events, outgoing messages, the rate budget. No rules."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from directory.database import Base, BigKey


class Filing(Base):
    """One 跨域立案 and where it stands. `next_step_at` is when it must be looked at again."""

    __tablename__ = "filings"
    __table_args__ = (
        Index(
            "ix_filings_next_step_at",
            "next_step_at",
            sqlite_where=text("next_step_at IS NOT NULL"),
            postgresql_where=text("next_step_at IS NOT NULL"),
        ),
        Index(
            "ix_filings_uncounted",
            "received_at",
            sqlite_where=text("uncounted = 1"),
            postgresql_where=text("uncounted"),
        ),
        Index(
            "ix_filings_apart",
            "received_at",
            sqlite_where=text("outage_id IS NOT NULL OR answer_counts_as IS NOT NULL"),
            postgresql_where=text("outage_id IS NOT NULL OR answer_counts_as IS NOT NULL"),
        ),
        Index("ix_filings_received_at_id", "received_at", "id"),
        Index("ix_filings_jurisdiction_state", "jurisdiction_court", "state"),
        Index("ix_filings_collaborating_state", "collaborating_court", "state"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: As the court wrote it; compared by `reference_key`, its NFKC form.
    reference: Mapped[str] = mapped_column(String(64))
    reference_key: Mapped[str] = mapped_column(String(128), unique=True)
    state: Mapped[str] = mapped_column(String(16))
    collaborating_court: Mapped[str] = mapped_column(ForeignKey("courts.code"))
    jurisdiction_court: Mapped[str] = mapped_column(ForeignKey("courts.code"))
    case_type: Mapped[str] = mapped_column(String(32))
    drill: Mapped[bool] = mapped_column(default=False)
    #: False when the sender left `filed_at` out (then it is `received_at`): a replay agrees with any.
    filed_at_given: Mapped[bool] = mapped_column(default=False)
    filed_at: Mapped[datetime]
    received_at: Mapped[datetime]
    #: Who filed: an officer (told of the answer) or a token; the name as shown in events.
    filed_by_officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    filed_by: Mapped[str] = mapped_column(String(128))

    clock: Mapped[str] = mapped_column(String(8))
    answer_target_seconds: Mapped[int]
    result_target_seconds: Mapped[int]
    answer_due_at: Mapped[datetime]
    #: When the result clock began: the acknowledgment, or the supplement after a correction.
    result_clock_from: Mapped[datetime | None]
    result_due_at: Mapped[datetime | None]

    acknowledged_at: Mapped[datetime | None]
    #: {"name", "court", "post", "officer_id"}: as they stood at that moment.
    acknowledged_by: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    answer_wall_seconds: Mapped[int | None]
    answer_working_seconds: Mapped[int | None]
    answered_in_time: Mapped[bool | None]
    #: What a coordinator decided it counts as instead (`in_time`, or `apart` like an outage's), and since when.
    answer_counts_as: Mapped[str | None] = mapped_column(String(16))
    answer_corrected_at: Mapped[datetime | None]

    result: Mapped[str | None] = mapped_column(String(16))
    result_at: Mapped[datetime | None]
    result_by: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    result_note: Mapped[str | None] = mapped_column(Text)
    result_wall_seconds: Mapped[int | None]
    result_working_seconds: Mapped[int | None]

    nudged_at: Mapped[datetime | None]
    #: Keys of ladder steps taken ("answer:0:A"); never taken twice, also after 撤销.
    steps_taken: Mapped[list[str]] = mapped_column(JSON, default=list)
    next_step_at: Mapped[datetime | None]
    #: How often a supplement restarted the result clock; each restart climbs its own steps.
    supplements: Mapped[int] = mapped_column(default=0)
    #: Who pressed 稍后 and until when: [{"officer_id", "until"}].
    snoozes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: Grows with every change that a card shows; `OutgoingMessage.wanted` follows it.
    version: Mapped[int] = mapped_column(default=1)
    #: {"until", "officer_id"|"token", "kind", "fields"}: what 撤销 would restore; null when there is nothing.
    undo: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("filings.id"))
    next_id: Mapped[int | None] = mapped_column(ForeignKey("filings.id"))

    #: Why it was returned (`not_ours`, `other`) and which court the returning one proposes instead.
    return_reason: Mapped[str | None] = mapped_column(String(24))
    proposed_court: Mapped[str | None] = mapped_column(ForeignKey("courts.code"))
    #: When a coordinator last ordered an answer (督办).
    supervised_at: Mapped[datetime | None]
    #: Which editions of the calendar its figures were counted with, the answer's first; null before that.
    calendar_version: Mapped[str | None] = mapped_column(String(128))
    #: The outage that made it late, if one did: statistics count it apart.
    outage_id: Mapped[int | None] = mapped_column(ForeignKey("outages.id"))
    #: The statistics have yet to count it as it stands; whatever changes `version` sets this.
    uncounted: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: The newly linked officer whose practice this drill is: nobody else is paged or told of it.
    trainee_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))


class FilingEvent(Base):
    """One thing that happened to a filing: the history that statistics are counted from."""

    __tablename__ = "filing_events"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(24))
    who: Mapped[str] = mapped_column(String(128))
    detail: Mapped[str] = mapped_column(Text, default="")


class OutgoingMessage(Base):
    """One message in one chat, from the wish to send it through every later edit.

    At rest `not_before` is null. A new message has `shown` null; a card whose filing moved on has
    `shown < wanted`. The dispatcher claims what is due by a lease, sends or edits, then records.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "priority",
            "not_before",
            "id",
            sqlite_where=text("not_before IS NOT NULL"),
            postgresql_where=text("not_before IS NOT NULL"),
        ),
        Index(
            "ix_outbox_not_before",
            "not_before",
            sqlite_where=text("not_before IS NOT NULL"),
            postgresql_where=text("not_before IS NOT NULL"),
        ),
        Index("ix_outbox_chat_id_not_before", "chat_id", "not_before"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: Which template folder writes it: `card`, `reply`, `acknowledged`, `result`, `alert` …
    kind: Mapped[str] = mapped_column(String(24))
    #: 0 a page, 1 a live card's edit, 2 news for the collaborating court, 3 a reply, 5 anything else.
    priority: Mapped[int]
    channel: Mapped[str] = mapped_column(String(16), default="telegram")
    chat_id: Mapped[int] = mapped_column(BigKey)
    #: The person it is meant for, or the court whose group it is meant for.
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    court_code: Mapped[str | None] = mapped_column(ForeignKey("courts.code"))
    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filings.id"), index=True)
    #: The ladder step that asked for it ("answer:0:A"); null for what no ladder asked for.
    step: Mapped[str | None] = mapped_column(String(64))
    #: What the template needs beyond the filing; never a party's name, never a number of a person.
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: Part of callback data, so that a button cannot be guessed.
    nonce: Mapped[str] = mapped_column(String(12), default="")
    silent: Mapped[bool] = mapped_column(default=False)
    #: A message asked for once only, whoever asks again ("daily-report:3:2026-11-24").
    dedupe_key: Mapped[str | None] = mapped_column(String(96), unique=True)

    created_at: Mapped[datetime]
    wanted: Mapped[int] = mapped_column(default=1)
    shown: Mapped[int | None]
    not_before: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    lease: Mapped[str | None] = mapped_column(String(32))
    #: Tries of the present send or edit that failed for now.
    attempts: Mapped[int] = mapped_column(default=0)
    #: The channel's own id of the message, once sent.
    message_id: Mapped[int | None] = mapped_column(BigKey)
    sent_at: Mapped[datetime | None]
    #: sent | failed (for good) | dropped (no longer made sense); null while under way.
    outcome: Mapped[str | None] = mapped_column(String(16), index=True)
    outcome_detail: Mapped[str | None] = mapped_column(String(256))


class RateBudget(Base):
    """What was sent lately, per chat; chat 0 stands for all chats together. Shared by all instances."""

    __tablename__ = "rate_budgets"

    chat_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    free_at: Mapped[datetime]
    #: Instants (seconds since 1970, UTC) of the latest sends to a group, newest last.
    recent: Mapped[list[float]] = mapped_column(JSON, default=list)


class Outage(Base):
    """A time in which the desk could page nobody: from its last sign of life to the next."""

    __tablename__ = "outages"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    #: When the coordinators were told; null while that is still to be done.
    told_at: Mapped[datetime | None]


class SignOfLife(Base):
    """When the desk last worked, by part (`loop`, `chat`). One row a part, written again and again."""

    __tablename__ = "signs_of_life"

    part: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime]


class SignedLink(Base):
    """A link by which one officer may answer one filing without an account. Only its SHA-256 is kept."""

    __tablename__ = "signed_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class Drill(Base):
    """A 演练: which courts are paged with a filing of their own, and when."""

    __tablename__ = "drills"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: {"kind": "court"|"city"|"province"|"all", "value", "name"}
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The province whose coordinators get the result sheet; null for all.
    province: Mapped[str | None] = mapped_column(String(32))
    #: A quiet drill keeps the path of a court warm that had no filing for long.
    quiet: Mapped[bool] = mapped_column(default=False)
    ordered_by: Mapped[str] = mapped_column(String(128))
    ordered_by_officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    created_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    #: Over how many seconds the filings are spread; 0 is all at once.
    spread_seconds: Mapped[int] = mapped_column(default=0)
    #: When the result sheet is made, at the latest.
    ends_at: Mapped[datetime] = mapped_column(index=True)
    reported_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    #: When the filings that were still open were taken back, so that nothing keeps climbing.
    closed_at: Mapped[datetime | None]


class DrillFiling(Base):
    """One court in a drill: when its filing is due, and which one it became."""

    __tablename__ = "drill_filings"
    __table_args__ = (
        Index(
            "ix_drill_filings_due_at",
            "due_at",
            sqlite_where=text("filing_id IS NULL"),
            postgresql_where=text("filing_id IS NULL"),
        ),
    )

    drill_id: Mapped[int] = mapped_column(
        ForeignKey("drills.id", ondelete="CASCADE"), primary_key=True
    )
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"), primary_key=True)
    due_at: Mapped[datetime]
    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filings.id"))


class Handover(Base):
    """One 交接: what the outgoing officer left to the incoming one, and whether that was confirmed."""

    __tablename__ = "handovers"
    __table_args__ = (UniqueConstraint("court_code", "post", "day", "incoming_officer_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"))
    post: Mapped[str] = mapped_column(String(16))
    #: The court's local day on which it took place.
    day: Mapped[date]
    outgoing_officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    incoming_officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    #: {"done": [reference…], "pending": […], "due": […]} as it stood then.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    written_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    #: From when the leader is told that nobody confirmed; null once confirmed or told.
    confirm_by: Mapped[datetime | None] = mapped_column(index=True)
    #: Who was shown it by which outgoing message: [{"role", "row", "officer"}].
    messages: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
