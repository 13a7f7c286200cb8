"""Who runs a command, for the record. Knows nothing of officers."""

import os
import pwd


def operator() -> str:
    """Who runs the command, as the machine knows them."""
    number = os.getuid()
    try:
        return f"cli:{pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"cli:{number}"
