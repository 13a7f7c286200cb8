"""When a filing is due by the calendar as it is now: counted again after calendars or hours have changed."""

from directory.worktime import WorkCalendar
from notifications import answer_clock, changes
from notifications.models import Filing


def recount(filing: Filing, calendar: WorkCalendar) -> bool:
    """Write into an open filing when it is due by `calendar`; whether that differs from before.

    Seconds that were counted when it was answered stay, with the edition they were counted with.
    """
    clock = changes.clock_of(filing)
    if filing.state == "waiting":
        due = answer_clock.due_at(calendar, clock, filing.received_at, filing.answer_target_seconds)
        if due == filing.answer_due_at:
            return False
        filing.answer_due_at = due
        return True
    if filing.state == "acknowledged" and filing.result_clock_from is not None:
        due = answer_clock.due_at(
            calendar, clock, filing.result_clock_from, filing.result_target_seconds
        )
        if due == filing.result_due_at:
            return False
        filing.result_due_at = due
        return True
    return False
