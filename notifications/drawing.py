"""Draws an SVG as a PNG with a Chinese font of this machine, in a process of its own. Knows nothing of what it draws.

The library holds the interpreter as long as it draws: a page must not wait for that.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from directory.errors import LiaisonError

#: Draws its standard input; run by its path, with nothing of ours on the way.
_PROCESS = Path(__file__).with_name("drawing_process.py")

#: No drawing takes as long (seconds).
_PATIENCE = 60

#: Families and files in which a Chinese font is found, the likeliest first.
_FONTS = (
    ("Noto Sans CJK SC", "NotoSansCJK-Regular.ttc"),
    ("Noto Sans CJK SC", "NotoSansCJKsc-Regular.otf"),
    ("Noto Sans SC", "NotoSansSC-Regular.otf"),
    ("Noto Sans SC", "NotoSansSC-Regular.ttf"),
    ("Source Han Sans SC", "SourceHanSansSC-Regular.otf"),
    ("Source Han Sans CN", "SourceHanSansCN-Regular.otf"),
    ("WenQuanYi Micro Hei", "wqy-microhei.ttc"),
    ("WenQuanYi Zen Hei", "wqy-zenhei.ttc"),
    ("PingFang SC", "PingFang.ttc"),
    ("Hiragino Sans GB", "Hiragino Sans GB.ttc"),
)
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
)


class NoChineseFont(LiaisonError):
    """本机没有中文字体，无法生成图片。请安装 Noto Sans CJK（Debian：fonts-noto-cjk）后重试；表格和文档不受影响。"""


class NotDrawn(LiaisonError):
    """图片没有生成，请稍后再试；表格和文档不受影响。"""


@dataclass(frozen=True, slots=True)
class Font:
    """A Chinese font of this machine, and its bold one where there is one."""

    family: str
    files: tuple[str, ...]


def png(svg: Callable[[str], str]) -> bytes:
    """The picture of what `svg` gives for a font's family. Blocks while another process draws; call it on a thread.

    Raises:
        NoChineseFont: this machine has none; names would be missing without a word.
        NotDrawn: the other process failed.
    """
    font = chinese_font()
    command = [sys.executable, "-I", str(_PROCESS), font.family, *font.files]
    try:
        done = subprocess.run(  # noqa: S603 -- our own file, and fonts found in fixed folders
            command,
            input=svg(font.family).encode(),
            capture_output=True,
            check=True,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NotDrawn from error
    return done.stdout


@cache
def chinese_font() -> Font:
    """The first Chinese font that is found; looked for once in a process.

    Raises:
        NoChineseFont: there is none.
    """
    found: dict[str, str] = {}
    for folder in _FOLDERS:
        place = Path(folder).expanduser()
        if place.is_dir():
            found |= {file.name: str(file) for file in place.rglob("*.[to]t[cf]")}
    for family, name in _FONTS:
        if name in found:
            bold = found.get(name.replace("Regular", "Bold")) if "Regular" in name else None
            return Font(family, (found[name], *([bold] if bold else [])))
    raise NoChineseFont
