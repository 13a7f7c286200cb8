"""The directory that ships with the product: Liaoning's 128 courts, the partners of its story, invented people.

Names of courts are public facts; `code_status` says which codes are yet to be confirmed. Every
person is invented and says so (虚构): `make_officers` makes them.
"""

from pathlib import Path

_FILES = ("courts_liaoning.csv", "courts_partners.csv", "officers_demo.csv")


def paths() -> list[Path]:
    """The files of the demo, as `directory import` takes them."""
    return [Path(__file__).with_name(name) for name in _FILES]


def court_files() -> list[Path]:
    """Those of them that hold courts."""
    return [path for path in paths() if path.name.startswith("courts_")]


def officers_file() -> Path:
    """The one that holds people."""
    return Path(__file__).with_name("officers_demo.csv")
