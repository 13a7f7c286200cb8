"""How PostgreSQL is connected to, with one host or several. What is done there lives elsewhere."""

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine

from directory.later import asyncpg

#: How long (seconds) one server may take to answer a connection: alone, and as one of several.
ALONE_SECONDS, EACH_SECONDS = 5, 2

#: How long (seconds) a statement may take: a server that died without a word must not hold a loop.
STATEMENT_SECONDS = 60

#: A connection that rested for longer (seconds) is asked whether it still holds before it is used.
FRESH_SECONDS = 1.0


def ways_in(url: str) -> dict[str, Any]:
    """What `create_async_engine` needs for `url` beyond the address itself.

    With several hosts (`…@/db?host=a:5432&host=b:5432&target_session_attrs=read-write`) each is tried
    in turn: left to the driver, a first host that hangs would use up the time of all.
    """
    address = make_url(url)
    hosts = address.query.get("host", ())
    options = {"command_timeout": STATEMENT_SECONDS}
    if isinstance(hosts, str) or len(hosts) < 2:
        return {"connect_args": {"timeout": ALONE_SECONDS, **options}}
    wanted = address.query.get("target_session_attrs")
    account = {
        "user": address.username,
        "password": address.password,
        "database": address.database,
        "target_session_attrs": wanted if isinstance(wanted, str) else None,
        "timeout": EACH_SECONDS,
        **options,
    }

    async def connect() -> Any:
        return await _first_that_answers(hosts, account)

    return {"async_creator": connect}


async def _first_that_answers(hosts: Sequence[str], account: dict[str, Any]) -> Any:
    failure: Exception = ConnectionError("no host was named")
    for place in hosts:
        host, _, port = place.rpartition(":") if ":" in place else (place, "", "5432")
        try:
            return await asyncpg.connect(host=host, port=int(port), **account)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            failure = error
        except asyncpg.InternalClientError as error:
            # What the driver raises for a host of the wrong role, a standby asked to write.
            failure = ConnectionError(type(error).__name__)
    raise failure


def ask_before_use(engine: AsyncEngine) -> None:
    """Replace connections that broke while they rested, by asking those that rested for a while.

    To ask each time, as `pool_pre_ping` does, costs as much as one more statement a transaction.
    """
    pool = engine.sync_engine.pool
    dialect = engine.sync_engine.dialect

    @event.listens_for(pool, "checkin")
    def returned(_connection: Any, record: Any) -> None:
        record.info["returned"] = time.monotonic()

    @event.listens_for(pool, "checkout")
    def taken(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info.get("returned", time.monotonic()) < FRESH_SECONDS:
            return
        try:
            dialect.do_ping(connection)
        except Exception as error:
            raise DisconnectionError from error
