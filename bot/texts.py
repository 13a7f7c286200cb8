"""Loads the English texts that ship beside it (`locale/en/LC_MESSAGES/*.po`, one file an area)."""

from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

from directory.texts import ENGLISH, Texts


@cache
def load_texts() -> Texts:
    """Read every catalogue once. A text left untranslated stays Chinese."""
    english: dict[str, str] = {}
    for resource in files("bot").joinpath("locale", "en", "LC_MESSAGES").iterdir():
        if resource.name.endswith(".po"):
            with resource.open("rb") as file:
                english.update(
                    (str(message.id), str(message.string))
                    for message in read_po(file)
                    if message.id and message.string
                )
    return Texts({ENGLISH: english})
