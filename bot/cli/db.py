"""`db upgrade` and `db backup`: the schema and a copy that is whole, while the desk may be running."""

import asyncio
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import URL, make_url

from bot import migrations
from bot.settings import load
from directory.database import BUSY_SECONDS, Database
from directory.errors import LiaisonError

db_app = typer.Typer(help="数据库：升级与备份", no_args_is_help=True)


class BackupRefused(LiaisonError):
    """未备份：{why}。"""


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(db_app, name="db")


@db_app.command()
def upgrade() -> None:
    """建立数据库结构，或升级到本版本。"""
    asyncio.run(_upgrade(load().database_url))
    print(f"数据库结构已是 {migrations.NEEDED}。")


async def _upgrade(url: str) -> None:
    database = Database.connect(url)
    try:
        await migrations.upgrade(database)
    finally:
        await database.close()


@db_app.command()
def backup(file: Annotated[Path, typer.Argument(help="要写入的新文件")]) -> None:
    """运行中也能取得一份完整一致的副本。"""
    if file.exists():
        raise BackupRefused(why=f"{file} 已存在，请换一个文件名")
    url = make_url(load().database_url)
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(url, file)
    else:
        _dump_postgresql(url, file)
    print(f"已备份到 {file}（{file.stat().st_size:,} 字节）。")


def _copy_sqlite(url: URL, file: Path) -> None:
    """`VACUUM INTO` reads one consistent state while others write; half a copy is not left behind."""
    if not url.database or not Path(url.database).exists():
        raise BackupRefused(
            why=f"数据库文件 {url.database} 不存在，请先运行 python bot.py db upgrade"
        )
    with closing(
        sqlite3.connect(url.database, timeout=BUSY_SECONDS, isolation_level=None)
    ) as source:
        try:
            source.execute("VACUUM INTO ?", (str(file),))
        except sqlite3.Error as error:
            file.unlink(missing_ok=True)
            raise BackupRefused(why=f"{file} 写不了（{error}），请换一个位置") from error


def _dump_postgresql(url: URL, file: Path) -> None:
    """Leave PostgreSQL's own tool to it; the password travels in the environment, not in the arguments."""
    pg_dump = shutil.which("pg_dump")
    if pg_dump is None:
        raise BackupRefused(why="本机没有 pg_dump，请安装 postgresql-client")
    address = url.set(drivername="postgresql", password=None).render_as_string()
    environment = {"PGPASSWORD": url.password or "", "PATH": str(Path(pg_dump).parent)}
    done = subprocess.run(  # noqa: S603 -- a fixed program with an address from the settings
        [pg_dump, "--format=custom", f"--file={file}", address],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        file.unlink(missing_ok=True)
        reason = (done.stderr.strip().splitlines() or ["pg_dump 失败"])[-1]
        raise BackupRefused(why=reason)
