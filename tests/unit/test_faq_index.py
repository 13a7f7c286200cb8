"""Which published questions a typed one resembles: by words, sound, typing errors, in Chinese and English."""

import pytest

from notifications.faq_index import SAME, FaqFacts, FaqIndex, pieces
from notifications.faq_samples import SAMPLES


@pytest.fixture(scope="module")
def index():
    made = FaqIndex()
    for number, one in enumerate(SAMPLES):
        made.put(FaqFacts(number, (one.question, one.question_en), (one.answer, one.answer_en)))
    made.settle()
    return made


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("签收时限午休算不算？", 0),
        ("请问中午休息的时间计入签收时限吗", 0),
        ("点错签收了怎么撤回", 1),
        ("结果点错了", 1),
        ("结果點錯了", 1),  # traditional
        ("节果点错了", 1),  # a homophone typed
        ("diancuole", 1),  # pinyin
        ("协作法院要做些什么", 2),
        ("行政一审能不能跨域立案", 3),
        ("国家赔偿案件可以跨域立案吗", 3),
        ("补正内容怎么写", 4),
        ("不属于我们法院管辖的怎么退回", 5),
        ("明天出差没法处理呼叫", 6),
        ("没有人签收会怎么样", 7),
        ("身份证号能不能发群里", 8),
        ("法院重名了，两家怎么区分", 9),
        ("手机丢了", 10),
        ("换了新手机账号", 10),
        ("演练计入统计吗", 11),
        ("lost my phone", 10),
        ("wrong button presed", 1),  # a letter missing
        ("Are drills counted?", 11),
    ],
)
def test_the_right_answer_is_among_the_three_offered(index, typed, first):
    hits = index.find(typed)
    assert first in [hit.id for hit in hits], hits
    assert len(hits) <= 3


@pytest.mark.parametrize(
    "typed",
    ["打印机卡纸了找谁", "食堂几点开饭", "怎么办", "？？", "", "how do I do this", "12345", "诉讼费退费的账户在哪里改", "平台打不开，报错 502", "电子送达地址确认书要不要签字"],
)  # fmt: skip
def test_nothing_is_offered_to_what_resembles_nothing(index, typed):
    assert index.find(typed) == []


def test_the_same_question_in_other_words_is_told_from_one_that_only_shares_some(index):
    (same, *_), (other, *_) = (
        index.find("签收或结果点错了，怎么办"),
        index.find("点错签收了怎么撤回"),
    )
    assert same.alike >= SAME > other.alike


def test_the_askers_province_and_what_helped_most_come_first_among_equals():
    made = FaqIndex()
    made.put(FaqFacts(1, ("诉前调解怎么转",), (), "浙江省", 9))
    made.put(FaqFacts(2, ("诉前调解怎么转",), (), "辽宁省", 0))
    made.put(FaqFacts(3, ("诉前调解怎么转",), (), "浙江省", 3))
    made.settle()
    assert [hit.id for hit in made.find("诉前调解怎么转", province="辽宁省")] == [2, 1, 3]
    assert [hit.id for hit in made.find("诉前调解怎么转", limit=2)] == [1, 3]


def test_what_is_changed_or_dropped_is_found_as_it_is_now():
    made = FaqIndex()
    made.put(FaqFacts(1, ("收件窗口在几楼",), ("一楼",)))
    made.put(FaqFacts(1, ("电子送达地址怎么填",), ("在平台上填",)))
    made.settle()
    assert made.find("收件窗口在几楼") == []
    assert [hit.id for hit in made.find("送达地址怎么填")] == [1]
    made.drop(1)
    made.drop(1)
    assert made.find("送达地址怎么填") == []
    assert len(made) == 0


def test_a_text_is_taken_apart_without_the_words_every_question_has():
    assert pieces("请问如何签收？") == ["签收"]
    assert pieces("How are 2 filings sent to B岗?") == ["filing", "sent", "岗"]
