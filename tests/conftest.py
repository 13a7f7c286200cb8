"""What every test may ask for: databases on both engines, a frozen clock, builders. No assertion lives here."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from directory.database import Database
from tests import databases, log_scan, once, postgres
from tests.builders import Builders, Liaoning
from tests.clock import FrozenClock
from tests.postgres_sweeper import Sweeper

if TYPE_CHECKING:
    # A table of cases waits for neither a browser nor Telegram: fixtures import them when asked for.
    from playwright.async_api import Page

    from bot.app import App
    from bot.sandbox import Group, LocalTelegram
    from tests.desk import AskForClient, FileAFiling
    from tests.devices import Phones


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--sweep`."""
    parser.addoption("--sweep", action="store_true", help="kill at every line, not at a sample")


def pytest_configure() -> None:
    """Compile no statement twice, read no certificate twice."""
    once.share()


def pytest_collection_finish() -> None:
    """Take what was collected out of every later look of the garbage collector: nothing of it ever goes."""
    gc.collect()
    gc.freeze()


def pytest_runtest_logfinish() -> None:
    """Let go of the applications of the test that ended: aiohttp remembers the last thousand routes it served."""
    if served := sys.modules.get("aiohttp.web_app"):
        served._cached_build_middleware.cache_clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what tests measured (`record_property`), whichever process they ran in."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties if report.when == "call" else ():
            terminalreporter.write_line(f"{name}: {value}")


@pytest.fixture(scope="session", autouse=True)
def watched_logs() -> Iterator[log_scan.Watch]:
    """Every log line of this process is looked at; a secret in one fails the end of the run."""
    with log_scan.watching() as watch:
        yield watch
    assert watch.found == [], "secrets in log lines"


@pytest.fixture
def clock() -> FrozenClock:
    """Monday 19 August 2019, 09:30 in Beijing, until the test moves it."""
    return FrozenClock()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server on which databases may be created (database `postgres`)."""
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """The name of a database with every table, to be cloned."""
    yield databases.postgresql_template(postgresql_server)
    databases.drop_postgresql_template(postgresql_server)


@pytest.fixture(scope="session")
def postgresql_sweeper(postgresql_server: str, postgresql_template: str) -> Iterator[Sweeper]:
    """What empties the template after each test that wrote in it."""
    sweeper = databases.postgresql_sweeper(postgresql_server, postgresql_template)
    yield sweeper
    sweeper.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table, to be copied."""
    return databases.sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
async def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite database with every table."""
    return databases.sqlite_copy(sqlite_template, tmp_path)


@pytest.fixture
async def postgresql_url(
    postgresql_server: str, postgresql_template: str, postgresql_sweeper: Sweeper
) -> AsyncIterator[str]:
    """The URL of a fresh PostgreSQL database with every table."""
    emptied = databases.postgresql_emptied(
        postgresql_server, postgresql_template, postgresql_sweeper
    )
    async with emptied as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each test that asks for a database runs on both engines."""
    return str(request.param)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, engine_name: str) -> str:
    """The URL of a fresh database with every table, for tests that start processes."""
    return str(request.getfixturevalue(f"{engine_name}_url"))


@pytest.fixture
async def empty_database_url(
    request: pytest.FixtureRequest, engine_name: str, tmp_path: Path
) -> AsyncIterator[str]:
    """The URL of a database without any table, on each engine."""
    if engine_name == "sqlite":
        yield databases.sqlite_url(tmp_path / "empty.db")
        return
    server = request.getfixturevalue("postgresql_server")
    async with databases.postgresql_clone(server, "template0") as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh database with every table, closed afterwards."""
    opened = Database.connect(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def builders(database: Database, clock: FrozenClock) -> Builders:
    """Quick courts and officers in `database`."""
    return Builders(database, clock)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Chromium that outlives the tests: starting one takes longer than most pages."""
    from tests import chromium  # noqa: PLC0415

    with chromium.running(tmp_path_factory.mktemp("chromium")) as address:
        yield address


@pytest.fixture
async def browser_page(browser: str) -> AsyncIterator[Page]:
    """A fresh page in Chromium (playwright's async API) that remembers nothing of others."""
    from tests import chromium  # noqa: PLC0415

    async with chromium.opened_page(browser) as page:
        yield page


@pytest.fixture
def sweep_everything(request: pytest.FixtureRequest) -> bool:
    """Whether the kill sweep takes every line (`make sweep`) or a sample of them (`make test`)."""
    return bool(request.config.getoption("--sweep"))


@pytest.fixture
async def telegram(clock: FrozenClock) -> AsyncIterator[LocalTelegram]:
    """A strict Bot API server on the frozen clock, its limits lifted; stopped afterwards."""
    from bot.sandbox import Limits, LocalTelegram  # noqa: PLC0415
    from tests import devices  # noqa: PLC0415

    server = LocalTelegram(
        limits=Limits.lifted(), clock=clock.now, monotonic=lambda: clock.now().timestamp()
    )
    await server.start()
    devices.settle_with(clock, server)
    yield server
    await server.stop()


@pytest.fixture
def phones(telegram: LocalTelegram, clock: FrozenClock) -> Phones:
    """Phones by the words of a story; `liaoning` hands out those of the first filing."""
    from tests.devices import Phones  # noqa: PLC0415

    return Phones(telegram, clock)


@pytest.fixture
async def liaoning(builders: Builders, phones: Phones) -> Liaoning:
    """The courts and people of the first filing, in the database and with their phones."""
    from tests import devices  # noqa: PLC0415

    people = await builders.liaoning()
    devices.hand_out(phones, people)
    return people


@pytest.fixture
def groups(telegram: LocalTelegram, phones: Phones, liaoning: Liaoning) -> dict[str, Group]:
    """The linked groups of both courts, by court code."""
    from tests import devices  # noqa: PLC0415

    return devices.open_groups(telegram, phones, liaoning)


@pytest.fixture
def settings(database_url: str, telegram: LocalTelegram) -> Settings:
    """Settings of a product on `database_url` that talks to `telegram`, its own limits lifted."""
    return Settings(
        database_url=database_url,
        telegram_token=SecretStr(telegram.api.token),
        telegram_api_url=telegram.api_url,
        http_port=0,
        rate_global=0,
        rate_group=0,
        rate_chat=0,
    )


@pytest.fixture
def first_start() -> bool:
    """Whether `app` starts for the first time; the cases of a test say so by a parameter of this name."""
    return False


@pytest.fixture
async def app(settings: Settings, clock: FrozenClock, first_start: bool) -> AsyncIterator[App]:
    """The product, built as `serve` builds it but on the frozen clock, at rest; stopped afterwards."""
    from tests import desk  # noqa: PLC0415

    async with desk.running(settings, clock, first_start=first_start) as running:
        yield running


@pytest.fixture
async def file_a_filing(
    app: App, clock: FrozenClock, liaoning: Liaoning, groups: dict[str, Group]
) -> FileAFiling:
    """`await file_a_filing()`: take one in as the interface does and let its pages arrive."""
    from tests import desk  # noqa: PLC0415

    return desk.filer(app, clock, liaoning)


@pytest.fixture
async def api(app: App, database: Database, clock: FrozenClock) -> AsyncIterator[AskForClient]:
    """`await api("admin")`: an HTTP client of the product with a fresh token of that role."""
    from tests import desk  # noqa: PLC0415

    async with desk.clients(app, database, clock) as ask:
        yield ask
