"""The forms that ship with the desk, read from `notifications/data/`: the inspection of the 六个统一. Sends nothing."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from directory.texts import ENGLISH
from notifications.form_rules import Question

#: The key of the inspection of the 六个统一.
SIX_UNITIES = "six_unities"

#: Every shipped form, in the order in which they are offered.
KEYS = (SIX_UNITIES,)


@dataclass(frozen=True, slots=True)
class ShippedForm:
    """A form in one language: its title, what its notice says, its questions under their headings."""

    key: str
    title: str
    text: str
    questions: tuple[Question, ...]


@cache
def shipped(key: str, locale: str) -> ShippedForm:
    """A shipped form; in Chinese for every language but English.

    Raises:
        KeyError: there is none of this key.
    """
    if key not in KEYS:
        raise KeyError(key)
    file = resources.files("notifications").joinpath("data", f"{key}.toml")
    kept = tomllib.loads(file.read_text(encoding="utf-8"))
    word = "en" if locale == ENGLISH else "zh"
    questions = tuple(
        _question(question, heading[word], word)
        for heading in kept["heading"]
        for question in heading["question"]
    )
    return ShippedForm(key, kept["title"][word], kept["text"][word], questions)


def _question(kept: Mapping[str, Any], heading: str, word: str) -> Question:
    return Question(
        key=kept["key"],
        kind=kept["kind"],
        text=kept[word],
        options=tuple(kept.get(f"options_{word}", ())),
        unit=kept.get(f"unit_{word}", ""),
        least=kept.get("least"),
        most=kept.get("most"),
        required=kept.get("required", True),
        hint=kept.get(f"hint_{word}", ""),
        heading=heading,
    )
