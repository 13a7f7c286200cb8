"""Several PostgreSQL hosts in one address: one that hangs does not use up the time of the others."""

import socket
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from directory.database import Database


@pytest.fixture
def a_host_that_hangs() -> Iterator[str]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def with_hosts(url: str, *hosts: str) -> str:
    address = make_url(url)
    return (
        address.set(host=None, port=None)
        .update_query_dict({"host": hosts, "target_session_attrs": "read-write"})
        .render_as_string(hide_password=False)
    )


async def test_the_second_host_is_reached_although_the_first_hangs(
    postgresql_url: str, a_host_that_hangs: str
) -> None:
    address = make_url(postgresql_url)
    url = with_hosts(postgresql_url, a_host_that_hangs, f"{address.host}:{address.port}")
    database = Database.connect(url)
    began = time.monotonic()
    async with database.reading() as session:
        assert await session.scalar(text("SELECT 1")) == 1
    assert time.monotonic() - began < 4
    await database.close()


async def test_when_no_host_answers_it_is_an_outage(a_host_that_hangs: str) -> None:
    from directory.outages import is_outage  # noqa: PLC0415

    url = with_hosts("postgresql+asyncpg://liaison@/x", a_host_that_hangs, "127.0.0.1:1")
    database = Database.connect(url)
    with pytest.raises(Exception) as caught:  # noqa: PT011 -- which one is the driver's business
        async with database.reading() as session:
            await session.scalar(text("SELECT 1"))
    assert is_outage(caught.value)
    await database.close()
