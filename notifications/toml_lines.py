"""On which line of a TOML text each key stands, for messages about a ladder file.

tomllib gives values without their places, so this scans a text that tomllib has accepted already.
It checks nothing itself.
"""

from __future__ import annotations

import re

Path = tuple[str | int, ...]
"""Keys from the top of the document; an int is the position in a list, from 0."""

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""+'  # strings first: nothing inside them counts
    r"|'''.*?'''+"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[A-Za-z0-9_-]+"
    r"|\[\[|\]\]|[\[\]{}=.,\n]",
    re.DOTALL,
)


def lines_of_keys(text: str) -> dict[Path, int]:
    """The line, from 1, of every table header, every key and every item of a list of tables."""
    return _Scan(text).lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of the path or, when it was not recorded, of what holds it; 1 for the document."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Scan:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._tokens = [
            (match.group(), text.count("\n", 0, match.start()) + 1)
            for match in _TOKEN.finditer(text)
            if not match.group().startswith("#")
        ]
        self._at = 0
        self._items: dict[Path, int] = {}
        table: Path = ()
        while self._at < len(self._tokens):
            word, line = self._tokens[self._at]
            if word == "\n":
                self._at += 1
            elif word in ("[", "[["):
                table = self._header(word, line)
            else:
                self._assignment(table)

    def _header(self, bracket: str, line: int) -> Path:
        self._at += 1
        path = self._key()
        self._at += 1
        for end in range(1, len(path)):
            self.lines.setdefault(path[:end], line)
        if bracket == "[[":
            index = self._items.get(path, -1) + 1
            self._items[path] = index
            self.lines.setdefault(path, line)
            path = (*path, index)
        self.lines[path] = line
        return path

    def _key(self) -> Path:
        """A dotted key, up to the bracket or the equals sign after it."""
        parts: list[str | int] = []
        while self._tokens[self._at][0] not in ("]", "]]", "="):
            word = self._tokens[self._at][0]
            if word != ".":
                parts.append(_unquoted(word))
            self._at += 1
        return tuple(parts)

    def _assignment(self, table: Path) -> None:
        line = self._tokens[self._at][1]
        path = (*table, *self._key())
        for end in range(len(table) + 1, len(path) + 1):
            self.lines.setdefault(path[:end], line)
        self._at += 1
        self._value(path)

    def _value(self, path: Path) -> None:
        """A value, up to what ends it: a comma, a bracket or the end of the line."""
        word = self._tokens[self._at][0]
        if word in ("[", "[["):
            self._list(path)
        elif word == "{":
            self._at += 1
            while self._tokens[self._at][0] != "}":
                if self._tokens[self._at][0] in (",", "\n"):
                    self._at += 1
                else:
                    self._assignment(path)
            self._at += 1
        else:
            while self._at < len(self._tokens) and self._tokens[self._at][0] not in _ENDS:
                self._at += 1

    def _list(self, path: Path) -> None:
        self._split_bracket()
        self._at += 1
        index = 0
        while not self._tokens[self._at][0].startswith("]"):
            word, line = self._tokens[self._at]
            if word in (",", "\n"):
                self._at += 1
                continue
            self.lines[(*path, index)] = line
            self._value((*path, index))
            index += 1
        self._split_bracket()
        self._at += 1

    def _split_bracket(self) -> None:
        """Inside a value `[[` and `]]` are two brackets, not a header's."""
        word, line = self._tokens[self._at]
        if len(word) == 2:
            self._tokens[self._at : self._at + 1] = [(word[0], line), (word[0], line)]


_ENDS = (",", "]", "]]", "}", "\n")


def _unquoted(word: str) -> str:
    if word.startswith("'"):
        return word[1:-1]
    if word.startswith('"'):
        return re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)", _unescaped, word[1:-1])
    return word


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else match[3]
