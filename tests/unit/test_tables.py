"""Every table is known wherever one module names them all, in a process that has imported nothing else."""

import subprocess
import sys
from functools import cache
from pathlib import Path

from bot import tables
from directory.database import Base
from tests import databases

ROOT = Path(__file__).parents[2]


def test_every_module_of_models_is_named():
    files = {
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for layer in ("bot", "notifications", "directory")
        for path in (ROOT / layer).rglob("*models.py")
    }
    assert {module.__name__ for module in tables.MODELS} == files


@cache
def alone():
    """Tables that the commands know, and modules loaded once everything is: in a process of its own.

    Here, other tests have long imported what may be missing, or should be.
    """
    said = (
        "import sys, bot.cli.privacy as p; print(*sorted(p.TABLES.tables));"
        "import bot.app; print(*sys.modules)"
    )
    return subprocess.check_output([sys.executable, "-c", said], cwd=ROOT, text=True).splitlines()


def test_the_commands_that_erase_and_purge_know_every_table():
    databases.load_models()
    assert alone()[0].split() == sorted(Base.metadata.tables)


def test_a_start_loads_no_library_that_it_does_not_need():
    """Together they are some 25 MB of a process that has 120 to keep to."""
    loaded = {name.partition(".")[0] for name in alone()[1].split()}
    seldom = {"PIL", "alembic", "apprise", "asyncpg", "docx", "icalendar", "lxml", "vobject"}
    assert "telegram" in loaded
    assert not loaded & {*seldom, "xlsxwriter", "resvg_py"}
