"""How names are compared and how they sound; the shipped tables against the libraries they come from."""

import pytest

from directory import characters, readings
from directory.characters import READINGS_FILE, SIMPLIFIED_FILE, make


def test_the_tables_are_those_of_the_libraries_they_are_made_from():
    assert make.readings_text() == READINGS_FILE.read_text(encoding="utf-8")
    assert make.simplified_text() == SIMPLIFIED_FILE.read_text(encoding="utf-8")


def test_what_is_kept_by_hand_has_a_syllable_for_each_character_and_is_not_the_usual_one():
    known = characters.syllables()
    tables = {
        "places": characters.places(),
        "surnames": characters.surnames(),
        "given": characters.given_names(),
    }
    for name, table in tables.items():
        for text, said in table.items():
            assert len(said.split()) == len(text), (name, text)
            assert set(said.split()) <= known, (name, text)
            assert text == readings.fold(text), (name, text)
            if len(text) == 1:
                assert said != characters.readings()[ord(text)].strip(), (name, text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("大连市 甘井子区", "大连市甘井子区"),
        ("鐵西區", "铁西区"),
        ("辽０２１１", "辽0211"),
        ("LiaoNing", "liaoning"),
        ("lǚ shùn", "lvshun"),
        ("Lüshun", "lvshun"),
        ("xi'an", "xian"),
        ("买买提·吐尔逊", "买买提吐尔逊"),
        ("（2019）辽0211民初1号", "2019辽0211民初1号"),
        ("𠮷野", "𠮷野"),
        ("%_*\\", ""),
    ],
)
def test_writing_is_folded(text, folded):
    assert readings.fold(text) == folded


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("重庆", "chong qing"),
        ("长春", "chang chun"),
        ("长子县", "zhang zi xian"),
        ("六安", "lu an"),
        ("单县", "shan xian"),
        ("番禺", "pan yu"),
        ("乐清", "yue qing"),
        ("乐山", "le shan"),
        ("东阿县", "dong e xian"),
        ("成都", "cheng du"),
        ("厦门", "xia men"),
        ("吕梁", "lv liang"),
        ("甘井子区", "gan jing zi qu"),
        ("尉犁", "yu li"),
        ("乌什", "wu shi"),
    ],
)
def test_a_place_sounds_as_its_people_say_it(place, said):
    assert readings.sounds_of_place(place)[0] == said


@pytest.mark.parametrize(
    ("name", "sounds"),
    [
        ("曾国强", ["zeng guo qiang", "ceng guo qiang"]),
        ("解晓东", ["xie xiao dong", "jie xiao dong"]),
        ("仇英", ["qiu ying", "chou ying"]),
        ("单田芳", ["shan tian fang", "dan tian fang"]),
        ("查良镛", ["zha liang yong", "cha liang yong"]),
        ("翟志刚", ["zhai zhi gang", "di zhi gang"]),
        ("区伟", ["ou wei", "qu wei"]),
        ("朴正", ["piao zheng", "pu zheng"]),
        ("尉迟恭", ["yu chi gong", "wei chi gong"]),
        ("尉健", ["wei jian"]),
        ("长孙无忌", ["zhang sun wu ji"]),
        ("单于丹", ["chan yu dan", "dan yu dan"]),
        ("王乐", ["wang le", "wang yue"]),
        ("欧阳修", ["ou yang xiu"]),
        ("吕布", ["lv bu"]),
        ("王伟", ["wang wei"]),
    ],
)
def test_a_surname_is_read_as_a_surname_and_as_people_misread_it(name, sounds):
    assert list(readings.sounds_of_person(name)) == sounds


@pytest.mark.parametrize(
    ("letters", "first"),
    [
        ("ganjz", ("gan", "j", "z")),
        ("gjz", ("g", "j", "z")),
        ("ganjingz", ("gan", "jing", "z")),
        ("zhangw", ("zhang", "w")),
        ("dalianzho", ("da", "lian", "zho")),
    ],
)
def test_letters_are_read_as_syllables_some_of_them_cut_short(letters, first):
    assert readings.segments(letters, 8)[0] == first


def test_letters_with_two_readings_have_both_and_endless_ones_come_to_an_end():
    assert {("xian",), ("xi", "an")} <= set(readings.segments("xian", 8))
    assert len(readings.segments("ananananananananananananananananananan", 8)) <= 8
    assert len(readings.segments("q" * 100, 8)) <= 8


def test_words_are_parted_where_people_part_them():
    assert readings.words_of(" 大连，甘井子/张伟 ：%") == ("大连", "甘井子", "张伟")


@pytest.mark.parametrize(
    ("letters", "others"),
    [
        ("haerbing", ["haerbin"]),
        ("kunmin", ["kunming"]),
        ("shengyang", ["shenyang", "shengyan"]),
        ("jinganqu", ["jingganqu", "jingangqu"]),
        ("jiangning", ["jianning", "jiangnin"]),
        ("hunan", ["hunang"]),
        ("gjz", []),
    ],
)
def test_n_and_ng_are_exchanged_where_a_syllable_ends(letters, others):
    assert list(readings.other_nasals(letters)) == others
