"""Makes the API's answer of a filing from what is stored. Reads nothing but the references it was sent on as."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.web import schemas
from directory import courts
from directory.calendars import USUAL_TIMEZONE
from directory.models import Court
from directory.worktime import is_estimated
from notifications import filings
from notifications.events import Happened
from notifications.models import Filing, FilingEvent


def filing_answer(
    filing: Filing,
    events: Iterable[FilingEvent | Happened],
    between: Mapping[str, Court],
    links: tuple[str | None, str | None] = (None, None),
) -> schemas.FilingAnswer:
    """The filing as the API shows it.

    Args:
        filing: as stored.
        events: its history, oldest first.
        between: both its courts and the one proposed, by code.
        links: the references it was sent on from, and as.
    """
    return schemas.FilingAnswer.model_validate(
        {
            "reference": filing.reference,
            "state": filing.state,
            "collaborating_court": _court_name(between[filing.collaborating_court]),
            "jurisdiction_court": _court_name(between[filing.jurisdiction_court]),
            "case_type": filing.case_type,
            "drill": filing.drill,
            "filed_at": filing.filed_at,
            "received_at": filing.received_at,
            "clock": filing.clock,
            "answer_due_at": filing.answer_due_at,
            "result_due_at": filing.result_due_at,
            "acknowledged_at": filing.acknowledged_at,
            "acknowledged_by": signature(filing.acknowledged_by),
            "answer_wall_seconds": filing.answer_wall_seconds,
            "answer_working_seconds": filing.answer_working_seconds,
            "answered_in_time": filing.answered_in_time,
            "result": filing.result,
            "result_at": filing.result_at,
            "result_by": signature(filing.result_by),
            "result_note": filing.result_note,
            "result_wall_seconds": filing.result_wall_seconds,
            "result_working_seconds": filing.result_working_seconds,
            "return_reason": filing.return_reason,
            "proposed_court": _maybe_named(filing.proposed_court, between),
            **_calendar(filing, between[filing.jurisdiction_court]),
            "previous": links[0],
            "next": links[1],
            "events": [
                {"at": event.at, "kind": event.kind, "who": event.who, "detail": event.detail}
                for event in events
            ],
        }
    )


def _calendar(filing: Filing, court: Court) -> dict[str, Any]:
    return {
        "calendar_version": filing.calendar_version,
        "due_estimated": _due_estimated(filing, court),
    }


def _due_estimated(filing: Filing, court: Court) -> bool:
    """Whether the running clock's due time reaches into a year not announced."""
    start, due = filing.received_at, filing.answer_due_at
    if filing.state == "acknowledged" and filing.result_clock_from and filing.result_due_at:
        start, due = filing.result_clock_from, filing.result_due_at
    elif filing.state != "waiting":
        return False
    # Only the local year counts here: which zone stands in for none matters on New Year's Eve alone.
    calendar = courts.calendar_of(court, USUAL_TIMEZONE)
    return filing.clock == "working" and is_estimated(calendar, start, due)


def signature(by: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Who answered, without what only the product needs."""
    return None if by is None else {key: by.get(key) for key in ("name", "court", "post")}


async def load_answers(
    session: AsyncSession, found: Sequence[Filing]
) -> list[schemas.FilingAnswer]:
    """The answers of stored filings with their histories, courts and links, in order."""
    history = await filings.events_of(session, [filing.id for filing in found])
    codes = {filing.jurisdiction_court for filing in found}
    codes |= {filing.collaborating_court for filing in found}
    codes |= {filing.proposed_court for filing in found if filing.proposed_court}
    between = await courts.many(session, codes)
    return [
        filing_answer(
            filing,
            history[filing.id],
            between,
            await filings.linked_references(session, filing),
        )
        for filing in found
    ]


def _maybe_named(code: str | None, between: Mapping[str, Court]) -> dict[str, str] | None:
    return _court_name(between[code]) if code else None


def _court_name(court: Court) -> dict[str, str]:
    return {"code": court.code, "name": court.name}
