"""The child process that parses a workbook with little memory: a path in, JSON out. Imports nothing of ours.

Run as a script, apart from the program, because a workbook may be made to exhaust or to crash
whoever parses it. Whether it is worth trying is decided before, in `directory.import_files`.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

#: Address space in bytes and processor time in seconds that this process may use.
MEMORY = 2**30
SECONDS = 50
#: Bytes of the answer: one long text that every cell refers to inflates once more.
LARGEST_ANSWER = 128 * 2**20

#: The exit status that says: this is no workbook, or a broken one.
NOT_A_WORKBOOK = 3
TOO_MUCH = 4


def main() -> int:
    """Print the visible, non-empty worksheets of the workbook as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheets = _sheets(sys.argv[1])
    except CalamineError:
        return NOT_A_WORKBOOK
    answer = json.dumps(sheets, default=_plain, ensure_ascii=False).encode()
    if len(answer) > LARGEST_ANSWER:
        return TOO_MUCH
    sys.stdout.buffer.write(answer)
    return 0


def _sheets(path: str) -> list[dict[str, Any]]:
    with CalamineWorkbook.from_path(path) as workbook:
        return [
            {
                "name": sheet.name,
                # Kept from the first row on, so that numbers of rows are those a reader sees.
                "rows": workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False),
            }
            for sheet in workbook.sheets_metadata
            if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
        ]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return {"date": value.date().isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time | timedelta):
        return str(value)
    raise TypeError(value)


if __name__ == "__main__":
    sys.exit(main())
