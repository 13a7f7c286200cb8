"""Courts and people as vCards, version 3.0, which phones read. Knows no table and no right: what may leave is decided before."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from directory import characters
from directory.later import vobject
from directory.texts import Translate

#: Telegram takes no longer card (bytes) with a contact.
LONGEST_WITH_CONTACT = 2048

#: Several numbers in one field, as offices write them: a phone dials each by itself.
_BETWEEN = re.compile(r"[、,，;；/／|\n]+")
_COUNTRY = "+86"
#: Control signs, signs of direction, halves of characters, ends of lines. Rare characters of names, younger
#: than this Python's table, are none of them.
_SIGNS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says. Without `name` it is the court's own; `mobile` only where it may be shown whole."""

    uid: str
    court: str
    court_code: str
    name: str = ""
    title: str | None = None
    department: str | None = None
    #: The words for the posts held, for a person.
    posts: tuple[str, ...] = ()
    desk_phone: str | None = None
    mobile: str | None = None
    address: str | None = None
    city: str | None = None
    province: str | None = None
    #: The local day on which somebody responsible said that the entry is right.
    verified: date | None = None

    @property
    def file_name(self) -> str:
        """A name for the file, without what file systems refuse."""
        kept = "".join(sign for sign in self.name or self.court if sign not in '/\\:*?"<>|')
        return f"{self.court_code}-{kept}.vcf" if self.name else f"{kept}.vcf"


def written(card: Card, translate: Translate) -> str:
    """The card as text: UTF-8, CRLF at the ends of lines, none longer than 75 bytes."""
    made = vobject.vCard()
    made.add("uid").value = card.uid
    made.add("fn").value = _plain(card.name or card.court)
    family, given = parted(_plain(card.name or card.court)) if card.name else ("", "")
    made.add("n").value = vobject.vcard.Name(family=family, given=given)
    made.add("org").value = [_plain(part) for part in (card.court, card.department) if part]
    if not card.name:
        # By this iPhones show the organisation's name, and not an empty person.
        made.add("x-abshowas").value = "COMPANY"
    if card.title:
        made.add("title").value = _plain(card.title)
    if card.posts:
        made.add("role").value = " ".join(card.posts)
    for number in numbers(card.desk_phone):
        _phone(made, number, ["WORK", "VOICE"])
    if card.mobile:
        _phone(made, international(card.mobile), ["CELL", "VOICE"])
    _address(made, card)
    made.add("categories").value = [translate("跨域立案")]
    made.add("note").value = note(card, translate)
    return str(made.serialize(lineLength=75))


def beside_contact(card: Card, translate: Translate) -> str:
    """The same, short enough to go with a contact: the address is the first to be left out."""
    text = written(card, translate)
    if len(text.encode()) <= LONGEST_WITH_CONTACT:
        return text
    short = Card(
        card.uid, card.court, card.court_code, card.name,
        desk_phone=card.desk_phone, mobile=card.mobile, verified=card.verified,
    )  # fmt: skip
    return written(short, translate)


def book(cards: Iterable[Card], translate: Translate) -> bytes:
    """Many cards in one file."""
    return "".join(written(card, translate) for card in cards).encode()


def note(card: Card, translate: Translate) -> str:
    """The court's code, and when the entry was last said to be right."""
    _ = translate
    if card.verified is None:
        return _("法院代字 {code}；未核实", code=card.court_code)
    return _("法院代字 {code}；核实于 {day}", code=card.court_code, day=card.verified.isoformat())


def parted(name: str) -> tuple[str, str]:
    """Surname and given name of a Chinese name; any other is all surname, so that nothing is turned round.

    The longest surname that the table of surnames holds, else the first character.
    """
    if not 2 <= len(name) <= 6 or not all(sign >= "\u3400" for sign in name) or "·" in name:
        return name, ""
    known = characters.surnames()
    length = next((size for size in (4, 2) if len(name) > size and name[:size] in known), 1)
    return name[:length], name[length:]


def numbers(phones: str | None) -> list[str]:
    """The numbers of a field, each by itself."""
    return [part for one in _BETWEEN.split(phones or "") if (part := _plain(one))]


def international(mobile: str) -> str:
    """A mobile number as it is dialled from anywhere."""
    return mobile if mobile.startswith("+") else f"{_COUNTRY}{mobile}"


def _phone(made: "vobject.base.Component", number: str, kinds: list[str]) -> None:
    line = made.add("tel")
    line.value = number
    line.params["TYPE"] = kinds


def _address(made: "vobject.base.Component", card: Card) -> None:
    if not (card.address or card.city or card.province):
        return
    line = made.add("adr")
    line.params["TYPE"] = ["WORK"]
    line.value = vobject.vcard.Address(
        street=_plain(card.address or ""),
        city=_plain(card.city or ""),
        region=_plain(card.province or ""),
        country="中国",
    )


def _plain(text: str) -> str:
    """One line without control signs: whatever a field holds, it adds no line of its own."""
    kept = (sign if unicodedata.category(sign) not in _SIGNS else " " for sign in text)
    return " ".join("".join(kept).split())
