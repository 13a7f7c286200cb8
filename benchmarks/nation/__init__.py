"""Test data of the size of the nation: real names of courts, invented people, the same from a seed everywhere.

Nothing in it can be taken for real: every court's `code_status` and every person's `title` says
测试数据, no phone number in it can ring, no chat account is in it, house numbers are 0. `generate` and
`write` touch no database. `load` refuses one that holds any court of another origin; the command
`python -m benchmarks nation FILE` writes files only. `python bot.py directory import` would take those
files like any other: who does that sees 测试数据 in the preview.
"""

from benchmarks.nation.alterations import altered
from benchmarks.nation.courts import MARK
from benchmarks.nation.files import write
from benchmarks.nation.generator import Nation, generate
from benchmarks.nation.loading import HoldsOtherCourts, load

__all__ = ["MARK", "HoldsOtherCourts", "Nation", "altered", "generate", "load", "write"]
