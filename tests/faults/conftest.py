"""What the tests of faults share: a process that forks the product, and what it passes when nothing dies. No assertion lives here."""

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.faults import processes, world
from tests.faults.processes import Launcher
from tests.faults.sweep import Passed, Sweep
from tests.faults.world import Staffed


@pytest.fixture(scope="session")
def launcher(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Launcher]:
    """One for all: it takes longer to warm up than the product to die a dozen times."""
    with processes.launched(tmp_path_factory.mktemp("launcher"), sqlite_template) as started:
        yield started


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Staffed:
    """The database that every sweep copies."""
    folder = tmp_path_factory.mktemp("staffed")
    return world.staffed(databases.sqlite_copy(sqlite_template, folder), folder / "liaison.db")


@pytest.fixture(scope="session")
def passed(
    tmp_path_factory: pytest.TempPathFactory,
    launcher: Launcher,
    staffed: Staffed,
    request: pytest.FixtureRequest,
) -> Passed:
    """What is passed when nothing dies: recorded by the worker that asks first, the same for all."""
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        folder = folder.parent
    path = folder / "passed.json"
    with (folder / "passed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            sweep = Sweep(tmp_path_factory.mktemp("recorded"), launcher, staffed)
            path.write_text(sweep.record().written())
    return Passed.read(path.read_text())
