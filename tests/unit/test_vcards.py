"""vCards as another library reads them: content lines, escapes, several numbers, and nothing that was not handed in."""

from datetime import date

import pytest
from icalendar.parser import Contentlines

from directory import vcards
from directory.vcards import Card


def said(msgid, /, **data):
    return msgid.format(**data)


def lines_of(text):
    return [line.parts() for line in Contentlines.from_ical(text) if line]


PERSON = Card(
    "liaison-officer-7", "大连海事法院", "辽72", "尉迟建国", "庭长; 甲,乙\\丙\r\nTEL:110", "立案庭",
    ("A岗",), "0411-1、0411-2", "13800138000", "大连市某路1号" * 8, "大连市", "辽宁省", date(2019, 8, 1),
)  # fmt: skip


def test_a_person_s_card_is_read_by_another_library():
    text = vcards.written(PERSON, said)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    found = lines_of(text)
    names = [name for name, _, _ in found]
    assert (names[0], names[-1]) == ("BEGIN", "END")
    values = {name: value for name, _, value in found}
    assert values["VERSION"] == "3.0"
    assert (values["FN"], values["N"]) == ("尉迟建国", "尉迟;建国;;;")
    assert values["ORG"] == "大连海事法院;立案庭"
    assert values["TITLE"] == "庭长; 甲,乙\\丙 TEL:110"
    assert values["NOTE"] == "法院代字 辽72；核实于 2019-08-01"
    assert PERSON.address in values["ADR"]
    phones = [(tuple(params["TYPE"]), value) for name, params, value in found if name == "TEL"]
    assert phones == [
        (("WORK", "VOICE"), "0411-1"),
        (("WORK", "VOICE"), "0411-2"),
        (("CELL", "VOICE"), "+8613800138000"),
    ]


def test_a_court_s_card_is_an_organisation_s():
    values = {n: v for n, _, v in lines_of(vcards.written(Card("c", "大连海事法院", "辽72"), said))}
    assert (values["FN"], values["X-ABSHOWAS"]) == ("大连海事法院", "COMPANY")
    assert "TEL" not in values
    assert values["NOTE"].endswith("未核实")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("王建国", ("王", "建国")),
        ("欧阳娜", ("欧阳", "娜")),
        ("单于", ("单", "于")),
        ("买买提·吐尔逊", ("买买提·吐尔逊", "")),
        ("John", ("John", "")),
    ],
)
def test_a_surname_is_told_from_the_given_name(name, parts):
    assert vcards.parted(name) == parts


def test_a_card_beside_a_contact_fits():
    long = Card("u", "法" * 128, "辽72", "王" * 60, "职" * 64, "部" * 64, address="路" * 256)
    assert len(vcards.written(long, said).encode()) > vcards.LONGEST_WITH_CONTACT
    assert len(vcards.beside_contact(long, said).encode()) <= vcards.LONGEST_WITH_CONTACT
