"""`python -m tests.command_launcher FD`: imports the product once, then forks a process for every command.

A command costs a fork instead of two seconds of imports; it has arguments, environment, folder and output
of its own as any process has. `serve` and `demo`, and with them `bot.py` itself, are run for real elsewhere.
"""

import gc
import importlib
import json
import os
import pkgutil
import random
import signal
import socket
import sys
import threading
import traceback
from typing import NoReturn

from bot.cli import main as product

LONGEST_ORDER = 1 << 16


def main() -> None:
    """Serve orders until the tests hang up: words, environment and folder as JSON; output, errors and control as files."""
    orders = socket.socket(fileno=int(sys.argv[1]))
    for package in ("directory", "notifications", "bot"):
        module = importlib.import_module(package)
        for found in pkgutil.walk_packages(module.__path__, f"{package}."):
            if ".migrations." not in found.name:
                importlib.import_module(found.name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    assert threading.active_count() == 1, "a thread would not survive the fork"
    while True:
        order, descriptors, _, _ = socket.recv_fds(orders, LONGEST_ORDER, 3)
        if not order:
            return
        if os.fork() == 0:
            orders.close()
            live(json.loads(order), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def live(order: dict[str, object], out: int, err: int, control: int) -> NoReturn:
    """The life of a forked process; its exit status goes to `control`."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.chdir(str(order["folder"]))
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["bot.py", *order["words"]]
    random.seed()
    status: object = 1
    try:
        product.main()
    except SystemExit as leaving:
        status = leaving.code or 0
    except BaseException:  # noqa: BLE001 - as the interpreter does: the trace, and status 1
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(control, str(status).encode())
        os._exit(0)


if __name__ == "__main__":
    main()
