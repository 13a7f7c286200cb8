"""Libraries that are loaded when they are first used, not when the product starts: some desks write a workbook a week, some have no PostgreSQL.

`from directory.later import xlsxwriter` instead of `import xlsxwriter`, in files that anything at the start imports.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["Image", "ImageDraw", "ImageFont", "asyncpg", "vobject", "xlsxwriter"]


class _Later:
    """Stands for a module until something of it is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        # Python's own lock keeps two threads from loading it twice.
        return getattr(import_module(self._name), attribute)


if TYPE_CHECKING:
    import asyncpg
    import vobject
    import xlsxwriter
    from PIL import Image, ImageDraw, ImageFont
else:
    Image, ImageDraw, ImageFont = map(_Later, ("PIL.Image", "PIL.ImageDraw", "PIL.ImageFont"))
    asyncpg = _Later("asyncpg")
    vobject = _Later("vobject")
    xlsxwriter = _Later("xlsxwriter")
