"""The state machine of `filing_machine` on both databases, and that it finds a fault planted in the product."""

from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from notifications import changes
from tests import databases
from tests.faults.filing_machine import FilingMachine

#: Examples and steps of each: what the suite has time for, and what `make sweep` takes.
EXAMPLES = {"sqlite": 10, "postgresql": 6}
SWEPT = {"sqlite": 400, "postgresql": 200}
STEPS = 30


def bounded(examples: int, *, shrink: bool = False) -> settings:
    """The same examples at every run."""
    return settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@asynccontextmanager
async def copied(template: Path):
    """A fresh SQLite database."""
    with TemporaryDirectory(prefix="liaison-machine-") as folder:
        yield databases.sqlite_copy(template, Path(folder))


@pytest.fixture
def machine(request, engine_name) -> type[FilingMachine]:
    """The machine on one engine, a fresh database for each example."""
    if engine_name == "sqlite":
        world = partial(copied, request.getfixturevalue("sqlite_template"))
    else:
        server = request.getfixturevalue("postgresql_server")
        name = request.getfixturevalue("postgresql_template")
        sweeper = request.getfixturevalue("postgresql_sweeper")
        world = partial(databases.postgresql_emptied, server, name, sweeper)
    return type("Machine", (FilingMachine,), {"world": staticmethod(world)})


def test_whatever_order_things_happen_in_no_filing_is_forgotten_or_told_wrong(
    machine, engine_name, sweep_everything
):
    examples = (SWEPT if sweep_everything else EXAMPLES)[engine_name]
    run_state_machine_as_test(machine, settings=bounded(examples))


def test_a_next_step_that_is_forgotten_after_an_undo_is_found(
    request, monkeypatch, sqlite_template
):
    restore = changes.restore

    def forgetful(filing):
        restore(filing)
        filing.undo_forgot = True

    changed = changes.changed

    async def changed_without_a_step(session, filing, *, now):
        await changed(session, filing, now=now)
        if getattr(filing, "undo_forgot", False):
            filing.next_step_at = None

    monkeypatch.setattr(changes, "restore", forgetful)
    monkeypatch.setattr(changes, "changed", changed_without_a_step)
    world = partial(copied, sqlite_template)
    planted = type("Planted", (FilingMachine,), {"world": staticmethod(world)})
    with pytest.raises(AssertionError, match="no next step"):
        run_state_machine_as_test(planted, settings=bounded(25))
