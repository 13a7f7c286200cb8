"""One `serve` a SQLite database: a lock on a file beside it. PostgreSQL needs none."""

import fcntl
from pathlib import Path
from typing import IO

from sqlalchemy.engine import make_url

from directory.errors import DatabaseBusy


class InstanceLock:
    """Held from start to stop; the kernel lets go of it when the process dies, however it dies."""

    def __init__(self, database_url: str) -> None:
        url = make_url(database_url)
        on_file = url.get_backend_name() == "sqlite" and url.database
        self._path = Path(f"{url.database}.lock") if on_file else None
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            DatabaseBusy: another process serves this database.
        """
        if self._path is None:
            return
        file = self._path.open("a", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise DatabaseBusy(path=self._path.with_suffix("")) from error
        self._file = file

    def release(self) -> None:
        """Let go of it."""
        if self._file is not None:
            self._file.close()
            self._file = None
