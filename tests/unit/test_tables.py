"""Every table is known wherever one module names them all, in a process that has imported nothing else."""

import subprocess
import sys
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


def test_the_commands_that_erase_and_purge_know_every_table():
    databases.load_models()
    said = "import bot.cli.privacy as p; print(*sorted(p.TABLES.tables))"
    # Its own process: here, other tests have long imported what the command may have forgotten.
    known = subprocess.check_output([sys.executable, "-c", said], cwd=ROOT, text=True)
    assert known.split() == sorted(Base.metadata.tables)
