"""Texts in the reader's language: Chinese is the source, other languages are catalogues. Loads no file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

CHINESE = "zh-CN"
ENGLISH = "en"
LOCALES = (CHINESE, ENGLISH)


class Translate(Protocol):
    """Gives the text for a Chinese msgid with `{named}` fields filled from `data`."""

    def __call__(self, msgid: str, /, **data: object) -> str:
        """Return the text."""
        ...


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text not yet said: its msgid and what fills it, phrases among it. As a string it is Chinese."""

    msgid: str
    data: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def said(self, translate: Translate) -> str:
        """The text in the language of `translate`, the phrases in it too."""
        filled = {
            name: value.said(translate) if isinstance(value, Phrase) else value
            for name, value in self.data.items()
        }
        return translate(self.msgid, **filled)

    def __str__(self) -> str:
        return self.msgid.format(**self.data)


class Texts:
    """Every text the product says. A text without a translation comes in Chinese rather than not at all."""

    def __init__(self, catalogues: Mapping[str, Mapping[str, str]]) -> None:
        """Take `{locale: {msgid: text}}`; Chinese needs none."""
        self._catalogues = catalogues

    def get(self, locale: str, msgid: str, /, **data: object) -> str:
        """Return the text of `msgid` in `locale`, its fields filled."""
        text = self._catalogues.get(locale, {}).get(msgid) or msgid
        if not data:
            return text
        filled = {
            name: value.said(self.for_locale(locale)) if isinstance(value, Phrase) else value
            for name, value in data.items()
        }
        return text.format(**filled)

    def for_locale(self, locale: str) -> Translate:
        """Return a function that gives texts in one language; call it `_` so that msgids are found."""

        def translate(msgid: str, /, **data: object) -> str:
            return self.get(locale, msgid, **data)

        return translate
