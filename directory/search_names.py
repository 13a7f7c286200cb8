"""All the ways in which people write a court's name: with and without its city, in full and in short.

From 大连市甘井子区人民法院 come 甘井子, 甘井子区, 大连甘井子 … as cores, to be met by words whose ending (人民法院,
法院 …) and province are taken off first. Knows names alone; nothing is searched here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from directory.aliases import Alias
from directory.readings import fold, sounds_of_place

#: What a phrase is of its court: a name in use, a looser short form, a name no longer in use.
NAME, LOOSE, FORMER = 0, 1, 2

#: What courts' names end with, in full and in short, the longest first, and the kind of court that it says.
ENDINGS = (
    ("最高人民法院", "supreme"),
    ("高级人民法院", "high"),
    ("中级人民法院", "intermediate"),
    ("最高法院", "supreme"),
    ("高级法院", "high"),
    ("中级法院", "intermediate"),
    ("人民法院", "court"),
    ("人民法庭", "tribunal"),
    ("最高院", "supreme"),
    ("最高法", "supreme"),
    ("高院", "high"),
    ("中院", "intermediate"),
    ("高法", "high"),
    ("中法", "intermediate"),
    ("法院", "court"),
    ("法庭", "tribunal"),
    ("分院", "branch"),
)
_PEOPLES = (
    "蒙古族|满族|朝鲜族|回族|藏族|羌族|彝族|苗族|侗族|布依族|土家族|壮族|瑶族|仫佬族|毛南族|畲族|黎族|哈尼族|傣族|"
    "傈僳族|白族|纳西族|景颇族|拉祜族|佤族|布朗族|独龙族|怒族|普米族|哈萨克族|哈萨克|柯尔克孜族|柯尔克孜|锡伯族|锡伯|"
    "塔吉克族|塔吉克|维吾尔族|维吾尔|达斡尔族|鄂温克族|土族|撒拉族|东乡族|保安族|裕固族|仡佬族|水族|德昂族|阿昌族|各族|蒙古"
)
_LAST_WORDS = "维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|自治县|自治旗|特别行政区|地区|林区|新区|省|市|区|县|旗|盟|州"
_OF_PEOPLES = re.compile(rf"(.{{2,}}?)(?:{_PEOPLES})*(自治州|自治县|自治旗|自治区)")
_ADMINISTRATIVE = re.compile(rf"(.{{2,}}?)({_LAST_WORDS})")
#: What cannot stand alone after a city's name: 朝阳 + 县, 本溪 + 满族自治县.
_ONLY_KIND = re.compile(rf"(?:{_PEOPLES})*(?:自治)?(?:{_LAST_WORDS})")
#: A city that the name itself says, where the court's entry does not.
_CITY_BEFORE = re.compile(r"(.{2,6}?市)(..+)")
_TOWN_BEFORE = re.compile(r"(..)(..+[区县])")
_BANNER = re.compile(r"(.).+?([左右])翼(.*)")
_ZONES = (
    ("高新技术产业开发区", ("高新技术开发区", "高新技术产业区", "高新区", "高新")),
    ("高新技术产业园区", ("高新技术园区", "高新园区", "高新区", "高新")),
    ("工业园区", ("园区", "工业园")),
    ("经济技术开发区", ("经济开发区", "经开区", "开发区", "经开")),
    ("铁路运输", ("铁路",)),
    ("知识产权", ("知产",)),
    ("生产建设兵团", ("兵团",)),
    ("第", ("",)),
)
#: What a court is for, where its name says so after a place that is no part of its address: 成渝金融.
_SPECIALS = "海事|铁路运输|知识产权|金融|互联网|林区|农垦|军事|油田|矿区"
_SPECIAL = re.compile(rf"..+?({_SPECIALS})")
_SPECIAL_ALONE = re.compile(rf"{_SPECIALS}|铁路|知产|第?[一二三四五六七八九十]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to write it, folded, with its sounds, and what it is of its court (`NAME`, `LOOSE`, `FORMER`).

    A core is met by the words without their ending; a whole spelling by all of them.
    """

    text: str
    sounds: tuple[str, ...]
    grade: int = NAME
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A court's name, taken apart: the kind its ending says, and every phrase."""

    kind: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    sounds: tuple[str, ...]
    loose: bool = False


def split_ending(folded: str) -> tuple[str, str | None]:
    """What stands before the kind of court, and the kind; None when the words name no kind."""
    for ending, kind in ENDINGS:
        if folded.endswith(ending):
            return folded.removesuffix(ending), kind
    return folded, None


def short_place(place: str) -> str:
    """甘井子区 → 甘井子, 喀喇沁左翼蒙古族自治县 → 喀喇沁左翼; 义县 and what is no place stay as they are."""
    found = _OF_PEOPLES.fullmatch(place) or _ADMINISTRATIVE.fullmatch(place)
    return found[1] if found else place


def short_province(province: str) -> str:
    """辽宁省 → 辽宁, 新疆生产建设兵团 → 兵团."""
    return "兵团" if province.endswith("兵团") else short_place(province)


def named(
    name: str, province: str, city: str, county: str, kind_of_court: str, aliases: tuple[Alias, ...]
) -> Named:
    """Every phrase of a court called `name` in this place; all but the aliases' texts are folded.

    `kind_of_court` is the directory's own word, `general` or `oilfield` say.
    """
    core, kind = split_ending(name)
    kind = kind or "court"
    if not city:
        bare = core.removeprefix(province)
        said = _CITY_BEFORE.match(bare) or _TOWN_BEFORE.fullmatch(bare)
        city = said[1] if said and not _ONLY_KIND.fullmatch(said[2]) else ""
    seat = _Seat(province, city, county)
    phrases: Iterable[Phrase]
    if kind == "supreme":
        phrases = [
            Phrase(text, sounds_of_place(text), whole=True)
            for text in ("最高", *(ending for ending, of in ENDINGS if of == "supreme"))
        ]
    else:
        phrases = _of_kind(core, kind, seat, oil=kind_of_court == "oilfield")
    whole_name = Phrase(name, sounds_of_place(name), NAME, whole=True)
    return Named(kind, tuple(_each_once([whole_name, *phrases, *_also_called(aliases, seat)])))


@dataclass(frozen=True, slots=True)
class _Seat:
    """Where a court is, folded; empty what its entry does not say."""

    province: str
    city: str
    county: str

    @property
    def outer(self) -> tuple[_Part, ...]:
        """What is written before the name: the city, of a municipality the municipality."""
        place = self.city or (self.province if self.province.endswith("市") else "")
        return _outer(place)

    def bare(self, core: str) -> str:
        """The name's own last part."""
        return _without_outer(core, self.province, self.city)


def _of_kind(core: str, kind: str, seat: _Seat, *, oil: bool = False) -> Iterable[Phrase]:
    """The cores of a name that ended with this kind."""
    if kind == "tribunal":
        return _tribunal(core, seat)
    if kind == "branch":
        # 新疆维吾尔自治区高级人民法院生产建设兵团分院
        return _spelled((), (), _inner(core.rpartition("高级人民法院")[2], ""))
    last = seat.bare(core)
    inner = _inner(last, seat.city)
    if oil and "油田" not in last:
        inner = (*inner, _Part(last + "油田", sounds_of_place(last + "油田"), loose=True))
    return _spelled((), seat.outer, inner)


def _each_once(phrases: Iterable[Phrase]) -> Iterator[Phrase]:
    """The same words once, as what counts most."""
    best: dict[tuple[str, bool], Phrase] = {}
    for phrase in phrases:
        known = best.get((phrase.text, phrase.whole))
        if phrase.text and (known is None or phrase.grade < known.grade):
            best[phrase.text, phrase.whole] = phrase
    return iter(best.values())


def _outer(place: str) -> tuple[_Part, ...]:
    """The city (or what stands for it) before the name, in short and in full."""
    if not place:
        return ()
    short = short_place(place)
    found = [_Part(short, sounds_of_place(short))]
    if place.endswith("自治州"):
        found.append(_Part(short + "州", sounds_of_place(short + "州")))
    if short != place:
        found.append(_Part(place, sounds_of_place(place)))
    return tuple(found)


def _without_outer(core: str, province: str, city: str) -> str:
    """The name's own last part: what remains when province and city are not said again."""
    for place in (province, city):
        for said in (place, short_place(place), short_province(place)) if place else ():
            rest = core.removeprefix(said)
            if rest != core and len(rest) > 1 and not _ONLY_KIND.fullmatch(rest):
                core = rest
                break
    return core


def _inner(last: str, city: str) -> tuple[_Part, ...]:
    """The name's own last part: in short, in full, and in looser short forms."""
    strict = dict.fromkeys((last if last.endswith("林区") else short_place(last), last))
    strict |= dict.fromkeys(_shorter(last))
    loose = dict.fromkeys(_loosely(last))
    special = _SPECIAL.fullmatch(last)
    if special:
        strict |= dict.fromkeys((special[1], *_shorter(special[1])))
    seat, railway, _rest = (city + last).partition("铁路")
    if railway and seat:
        # 沈铁 of 沈阳铁路运输…
        loose[seat[0] + "铁"] = None
    found = _OF_PEOPLES.fullmatch(last)
    if found:
        strict[found[1] + found[2].removeprefix("自治")] = None
    parts = [_Part(text, sounds_of_place(text)) for text in strict if text]
    others = [text for text in loose if text not in strict]
    return (*parts, *(_Part(text, sounds_of_place(text), loose=True) for text in others))


def _shorter(last: str) -> Iterator[str]:
    """大连开发区 of 大连经济技术开发区, 知产 of 知识产权."""
    for full, shorts in _ZONES:
        if full in last:
            yield from (last.replace(full, short, 1) for short in shorts)


def _loosely(last: str) -> Iterator[str]:
    """科左中旗 of 科尔沁左翼中旗, 阜蒙县 of 阜新蒙古族自治县, 前郭 of 前郭尔罗斯…, 巴州 of 巴音郭楞…."""
    banner = _BANNER.fullmatch(last)
    found = _OF_PEOPLES.fullmatch(last) or _ADMINISTRATIVE.fullmatch(last)
    if banner:
        begun = banner[1] + banner[2]
        rest = re.sub(rf"^(?:{_PEOPLES})*(?:自治)?", "", banner[3])
        yield from (begun + rest, begun)
    elif last.endswith("林区"):
        yield short_place(last)
    elif found:
        base, kind = found[1], found[2].removeprefix("自治")
        if last[len(base)] != last[-len(found[2])]:
            yield base[0] + last[len(base)] + kind
        if len(base) > (4 if kind == "县" else 2) and kind in {"州", "旗", "盟", "县"}:
            yield base[0] + kind
        if len(base) > 3 and (last.endswith(found[2]) and "自治" in found[2]):
            yield from (base[:2], base[:2] + kind)


def _spelled(
    city: tuple[_Part, ...], place: tuple[_Part, ...], inner: tuple[_Part, ...]
) -> Iterator[Phrase]:
    """Every core: the last part with and without what it lies in. The province is no part of it."""
    nothing = _Part("", ("",))
    own = {part.text for part in inner}
    if own & {part.text for part in place}:
        place = ()
    for of_city, of_place, last in product((nothing, *city), (nothing, *place), inner):
        before = of_city.text + of_place.text
        if (last.loose and before) or (len(last.text) == 1 and not before):
            continue
        core = _joined(of_city, of_place, last)
        # What many courts are for names none of them as a place does.
        yield (
            core
            if before or not _SPECIAL_ALONE.fullmatch(core.text)
            else replace(core, grade=LOOSE)
        )


def _joined(*parts: _Part) -> Phrase:
    """The parts one after the other; only one of them in its second reading at a time."""
    right = [part.sounds[0] for part in parts]
    sounds = [" ".join(filter(None, right))]
    for number, part in enumerate(parts):
        sounds += (
            " ".join(filter(None, [*right[:number], other, *right[number + 1 :]]))
            for other in part.sounds[1:]
        )
    grade = LOOSE if any(part.loose for part in parts) else NAME
    return Phrase("".join(part.text for part in parts), tuple(sounds), grade)


def _tribunal(core: str, seat: _Seat) -> Iterator[Phrase]:
    """革镇堡, 甘井子革镇堡, 甘井子区法院革镇堡 …: a tribunal is named with its court or without."""
    court, _, own = core.rpartition("人民法院")
    place = seat.bare(court) if court else seat.county
    texts = [text for text in dict.fromkeys((short_place(place), place)) if text]
    own = own or core
    inner = (_Part(own, sounds_of_place(own)),)
    of_court = tuple(_Part(text, sounds_of_place(text)) for text in texts)
    yield from _spelled(_outer(seat.city), of_court, inner)
    for text in texts:
        yield _joined(_Part(text + "法院", sounds_of_place(text + "法院")), *inner)


def _also_called(aliases: tuple[Alias, ...], seat: _Seat) -> Iterator[Phrase]:
    """Aliases as they stand, and, as 辽中县人民法院 is looked for as 辽中县法院 too, taken apart."""
    for alias in aliases:
        text = fold(alias.text)
        grade = FORMER if alias.former else NAME
        yield Phrase(text, sounds_of_place(text), grade, whole=True)
        core, kind = split_ending(text)
        if kind is None or kind == "supreme" or not core:
            continue
        for phrase in _of_kind(core, kind, seat):
            as_said = replace(phrase, grade=max(grade, phrase.grade))
            if kind != "tribunal":
                yield as_said
                continue
            # The court's own ending is another: a tribunal among its aliases is met with its ending only.
            for ending in ("人民法庭", "法庭"):
                sounds = tuple(f"{sound} {sounds_of_place(ending)[0]}" for sound in phrase.sounds)
                yield replace(as_said, text=phrase.text + ending, sounds=sounds, whole=True)
