"""The nation written to files as `directory import` takes them. Touches no database."""

from pathlib import Path

from benchmarks.nation.generator import Nation
from directory import exports


def write(path: Path, nation: Nation) -> list[Path]:
    """A workbook with both kinds, or two CSV files (`nation.csv`, `nation-courts.csv`); the files.

    Raises:
        ExportKindUnknown: neither .csv nor .xlsx.
        ExportNotWritten: the place cannot be written to.
    """
    return exports.write(
        path,
        [
            exports.Sheet("courts", tuple(nation.courts[0]), _cells(nation.courts)),
            exports.Sheet("officers", tuple(nation.officers[0]), _cells(nation.officers)),
        ],
    )


def _cells(rows: list[dict[str, str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row.values()) for row in rows)
