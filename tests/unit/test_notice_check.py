"""What the checker of notices marks, and what it lets through."""

import pytest

from notifications.notice_check import dialled, findings, refused

MARKED = [
    ("证号 11010519491231002X 请核", "identity", "110*************2X"),
    ("证号11010519491231002x请核", "identity", "110*************2X"),
    ("１１０１０５１９４９１２３１００２Ｘ", "identity", "110*************2X"),
    ("110105 19491231 002X", "identity", "110*************2X"),
    ("110105-19491231-002X", "identity", "110*************2X"),
    ("卡号 4111111111111111。", "card", "411***********11"),
    ("卡号 4111 1111 1111 1111", "card", "411***********11"),
    ("卡号 4111-1111-1111-1111", "card", "411***********11"),
    ("卡号 ４１１１　１１１１　１１１１　１１１１", "card", "411***********11"),
    ("6222020000000000000", "card", "622**************00"),
    ("6222 0200 0000 0000 000", "card", "622**************00"),
    ("手机 13812345678", "mobile", "138****5678"),
    ("手机13812345678张三", "mobile", "138****5678"),
    ("138 1234 5678", "mobile", "138****5678"),
    ("138-1234-5678", "mobile", "138****5678"),
    ("+86 138-1234-5678", "mobile", "138****5678"),
    ("008613812345678", "mobile", "138****5678"),
    ("8613812345678", "mobile", "138****5678"),
    ("１３８１２３４５６７８", "mobile", "138****5678"),
    ("138\u200b1234\u200b5678", "mobile", "138****5678"),
    ("138.1234.5678", "mobile", "138****5678"),
    ("19912345678", "mobile", "199****5678"),
]

PASSED = [
    "",
    "今日 15:00 系统维护，2019年8月19日恢复",
    "（2019）辽0211民初1234号",
    "电话 024-22691234、0411-88001122 转 8001",
    "024-22691234 024-22691235",
    "22691234 22691235 22691236",
    "110105194912310021",  # the check sign does not fit
    "4111111111111112",  # nor this one's
    "时间 2019-11-11 2019-12-01 09:30",
    "0000 0000 0000 0000",
    "11012345678",  # no mobile begins with 110
    "12345678901",
    "流水号 138123456789",  # a digit too many
    "138 1234\n5678",  # two lines are two numbers
    "会议号 123 456 789",
    "①③⑧①②③④⑤⑥⑦⑧",
]


@pytest.mark.parametrize(("text", "kind", "masked"), MARKED)
def test_a_persons_number_is_found_and_masked(text, kind, masked):
    [found] = findings(text)
    assert (found.kind, found.masked) == (kind, masked)
    assert found.digits not in found.masked


@pytest.mark.parametrize("text", PASSED)
def test_other_numbers_pass(text):
    assert findings(text) == []


def test_every_number_is_found_where_it_stands():
    text = "张三 13812345678，\n李四 11010519491231002X 和 139 1234 5678"
    found = findings(text)
    assert [(one.kind, one.line) for one in found] == [
        ("mobile", 1),
        ("identity", 2),
        ("mobile", 2),
    ]
    assert [text[one.start : one.end] for one in found] == [
        "13812345678",
        "11010519491231002X",
        "139 1234 5678",
    ]


def test_two_numbers_side_by_side_are_two():
    found = findings("11010519491231002X 13812345678")
    assert [one.kind for one in found] == ["identity", "mobile"]


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("138 1234 5678", "13812345678"),
        ("+86-13812345678", "13812345678"),
        ("0411-8000101", "04118000101"),
        ("１３８１２３４５６７８", "13812345678"),
    ],
)
def test_a_desk_phone_is_compared_as_it_is_dialled(stored, said):
    assert dialled(stored) == said


def test_only_a_desk_phone_lets_a_mobile_pass():
    text = "找 13812345678 或 13912345678，证号 11010519491231002X"
    left = refused(findings(text), {"13812345678", "11010519491231002X"})
    assert [one.kind for one in left] == ["mobile", "identity"]
    assert left[0].digits == "13912345678"


def test_a_finding_shows_no_number_when_it_is_printed():
    assert "13812345678" not in repr(findings("13812345678"))
