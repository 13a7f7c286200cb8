"""What stands where the name of somebody erased stood, and how it is known again. Pure: erases nobody."""

import re

_WRITTEN = re.compile(r"已删除人员 ([1-9][0-9]*)")


def instead_of(officer_id: int) -> str:
    """What is written in place of the name."""
    return f"已删除人员 {officer_id}"


def number_of(name: str) -> int | None:
    """The number of whoever was erased; None for anybody's name."""
    match = _WRITTEN.fullmatch(name)
    return int(match[1]) if match else None
