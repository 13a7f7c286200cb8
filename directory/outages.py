"""Tells a database that cannot be reached or is full from a statement that is wrong: only the first is waited for."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

#: SQLSTATE classes: connection lost, rolled back by the server (a deadlock), out of resources (disk,
#: connections), stopped by an operator, input or output.
_CLASSES = ("08", "40", "53", "57", "58")

#: A standby that was asked to write, as happens in the middle of a failover.
_READ_ONLY = "25006"

#: How SQLite says, by the same error as an outage, that a statement is wrong.
_WRONG_STATEMENT = ("no such ", "has no column", "syntax error")


def is_outage(error: BaseException) -> bool:
    """Whether the database, not what was asked of it, is to blame, so that trying again later must help."""
    if isinstance(error, OSError | InterfaceError | PoolTimeout):
        return True
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or _is_outage_state(error.orig):
            return True
        said = str(error.orig)
        return isinstance(error, OperationalError) and not any(w in said for w in _WRONG_STATEMENT)
    return _is_outage_state(error)


def _is_outage_state(error: BaseException | None) -> bool:
    """The driver's own errors carry PostgreSQL's state; while connecting they come unwrapped."""
    state = getattr(error, "sqlstate", None)
    return isinstance(state, str) and (state[:2] in _CLASSES or state == _READ_ONLY)
