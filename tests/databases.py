"""Fresh databases with every table, made quickly: a copied file, a cloned template. Knows no test data."""

import asyncio
import concurrent.futures
import importlib
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from bot import migrations
from directory.database import Base, Database
from tests.postgres_sweeper import Sweeper

TEMPLATE = f"liaison_template_{os.getpid()}"
_numbers = itertools.count(1)


def in_a_loop_of_its_own(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end for a fixture that outlives every test's event loop."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


def load_models() -> None:
    """See to it that `Base.metadata` knows every table."""
    for models in (
        "directory.models",
        "directory.change_models",
        "directory.duty_models",
        "notifications.bulletin_models",
        "notifications.digest_models",
        "notifications.form_models",
        "notifications.models",
        "notifications.notice_models",
        "notifications.question_models",
        "notifications.statistics_models",
        "notifications.training_models",
        "bot.models",
    ):
        importlib.import_module(models)


async def create_tables(url: str) -> None:
    """Create every table of the product in the empty database at `url`, as `db upgrade` does."""
    database = Database.connect(url)
    await migrations.upgrade(database)
    await database.close()


def sqlite_url(path: Path) -> str:
    """The product's URL of the SQLite file at `path`."""
    return f"sqlite+aiosqlite:///{path}"


def postgresql_url(server: str, name: str) -> str:
    """The product's URL of the database `name` on `server`."""
    url = make_url(server).set(drivername="postgresql+asyncpg", database=name)
    return url.render_as_string(hide_password=False)


def sqlite_template(folder: Path) -> Path:
    """A SQLite file with every table, to be copied."""
    path = folder / "template.db"
    in_a_loop_of_its_own(create_tables(sqlite_url(path)))
    return path


def sqlite_copy(template: Path, folder: Path) -> str:
    """The URL of a fresh copy of `template` in `folder`."""
    path = folder / "liaison.db"
    shutil.copyfile(template, path)
    return sqlite_url(path)


async def _administer(server: str, *statements: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def postgresql_template(server: str) -> str:
    """The name of a database with every table on `server`, to be cloned."""

    async def make() -> None:
        await _administer(server, f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
        await create_tables(postgresql_url(server, TEMPLATE))

    in_a_loop_of_its_own(make())
    return TEMPLATE


def drop_postgresql_template(server: str) -> None:
    """Remove the template from a server that may outlive the tests."""
    in_a_loop_of_its_own(_administer(server, f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)"))


def postgresql_sweeper(server: str, name: str) -> Sweeper:
    """What empties the database `name` in a few milliseconds; cloning a template takes a second of the kernel's time."""
    load_models()
    return Sweeper(server, name, [table.name for table in reversed(Base.metadata.sorted_tables)])


@asynccontextmanager
async def postgresql_emptied(server: str, name: str, sweeper: Sweeper) -> AsyncIterator[str]:
    """The URL of the database `name`; afterwards nobody is connected and it is as after `db upgrade`."""
    try:
        yield postgresql_url(server, name)
    finally:
        sweeper.sweep()


@asynccontextmanager
async def postgresql_clone(server: str, template: str) -> AsyncIterator[str]:
    """The URL of a fresh clone of `template`, dropped afterwards whoever is still connected."""
    name = f"liaison_{os.getpid()}_{next(_numbers)}"
    await _administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield postgresql_url(server, name)
    finally:
        await _administer(server, f"DROP DATABASE {name} WITH (FORCE)")
