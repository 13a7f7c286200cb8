"""Ladder files: what is read, what is refused and on which line, which table wins."""

import re
import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import load_texts
from notifications.ladder import Ladder, LadderBook, Step
from notifications.ladder_faults import LadderFaults
from notifications.toml_lines import lines_of_keys


def faults_of(text):
    with pytest.raises(LadderFaults) as refusal:
        LadderBook.parse(text)
    return refusal.value.faults


def test_the_built_in_ladder_is_the_contract():
    assert LadderBook.built_in().default == Ladder(
        clock="working",
        answer_target=1800,
        result_target=3600,
        outside_hours="silent",
        snooze=1200,
        answer=(
            Step(0, ("group", "A")),
            Step(300, ("A",)),
            Step(600, ("B", "group")),
            Step(900, ("leader",)),
            Step(1800, ("coordinator", "fallback")),
        ),
        result=(Step(2700, ("acknowledger",)), Step(3600, ("leader", "coordinator"))),
    )


def test_an_empty_file_and_the_packaged_file_say_the_same():
    packaged = resources.files("notifications").joinpath("default_ladder.toml")
    written = LadderBook.parse(packaged.read_text(encoding="utf-8"))
    assert written.default == LadderBook.parse("").default == LadderBook.built_in().default


def test_a_mark_at_the_start_and_windows_line_ends_are_tolerated():
    book = LadderBook.parse('\ufeffclock = "wall"\r\nsnooze = "90s"\r\n')
    assert (book.default.clock, book.default.snooze) == ("wall", 90)


FILE = """
answer_target = "40min"
result_target = "2h"
snooze = "1min"
[province."辽宁省"]
answer_target = "35min"
result_target = "90min"
snooze = "2min"
clock = "wall"
[court."辽0211"]
answer_target = "25min"
snooze = "3min"
[pair."浙72＞辽72"]
answer_target = "20min"
[pair."浙72>辽0211"]
snooze = "4min"
answer = [{after = "0s", notify = ["A"]}]
"""


@pytest.mark.parametrize(
    ("collaborating", "jurisdiction", "province", "own", "expected"),
    [
        # answer target, result target, snooze (minutes), clock
        ("沪01", "苏05", "江苏省", (None, None), (40, 120, 1, "working")),
        ("沪01", "苏05", "江苏省", (15, 60), (15, 60, 1, "working")),
        ("沪01", "辽02", "辽宁省", (None, None), (35, 90, 2, "wall")),
        ("沪01", "辽02", "辽宁省", (15, None), (15, 90, 2, "wall")),
        ("沪01", "辽0211", "辽宁省", (15, 45), (25, 45, 3, "wall")),
        ("浙72", "辽72", "辽宁省", (15, None), (20, 90, 2, "wall")),
        ("辽72", "浙72", "浙江省", (None, None), (40, 120, 1, "working")),
        ("浙72", "辽0211", "辽宁省", (15, None), (25, 90, 4, "wall")),
    ],
)
def test_the_narrowest_wins_key_by_key(collaborating, jurisdiction, province, own, expected):
    ladder = LadderBook.parse(FILE).resolve(collaborating, jurisdiction, province, *own)
    minutes = (ladder.answer_target // 60, ladder.result_target // 60, ladder.snooze // 60)
    assert (*minutes, ladder.clock) == expected


def test_steps_are_taken_whole_from_the_narrowest_table():
    book = LadderBook.parse(FILE)
    assert book.resolve("浙72", "辽0211", "辽宁省").answer == (Step(0, ("A",)),)
    assert book.resolve("浙72", "辽0211", "辽宁省").result == book.default.result


@pytest.mark.parametrize(
    ("text", "line", "key", "remedy"),
    [
        ('clock = "wal"', 1, "clock", '"working"、"wall"'),
        ("clock = true", 1, "clock", '"working"、"wall"'),
        ('\noutside_hours = "night"', 2, "outside_hours", '"page"、"silent"、"hold"'),
        ("answer_target = 30", 1, "answer_target", '"15min"'),
        ('answer_target = "30m"', 1, "answer_target", '"15min"'),
        ('answer_target = "0s"', 1, "answer_target", "大于零"),
        ('snooze = "-5min"', 1, "snooze", '"15min"'),
        ('\n\nanswr = "x"', 3, "answr", "没有这一项"),
        ("answer = []", 1, "answer", "至少写一步"),
        ('answer = "A"', 1, "answer", "步骤的列表"),
        ('answer = [{after = "0s"}]', 1, "answer[1]", "缺少 notify"),
        ('answer = [{notify = ["A"]}]', 1, "answer[1]", "缺少 after"),
        ('answer = ["A"]', 1, "answer[1]", "一步写成"),
        ('answer = [\n{after = "0", notify = ["A"]}]', 2, "answer[1].after", '"15min"'),
        ('answer = [\n{after = "0s", notify = []}]', 2, "answer[1].notify", "非空"),
        ('answer = [\n{after = "0s", notify = "A"}]', 2, "answer[1].notify", "非空"),
        ('answer = [\n{after = "0s", notify = ["C"]}]', 2, "answer[1].notify", '"coordinator"'),
        ('answer = [\n{after = "0s", notify = [1]}]', 2, "answer[1].notify", '"coordinator"'),
        ('answer = [\n{after = "0s", notify = ["A", "A"]}]', 2, "answer[1].notify", "重复"),
        (
            'answer = [\n{after = "0s", notify = ["acknowledger"]}]',
            2,
            "answer[1].notify",
            "只能写在 result",
        ),
        ('answer = [\n{after = "0s", notify = ["A"], x = 1}]', 2, "answer[1].x", "没有这一项"),
        (
            'answer = [\n{after = "9min", notify = ["A"]},\n\n{after = "5min", notify = ["B"]}]',
            4,
            "answer[2]",
            "从早到晚",
        ),
        ('\n[[result]]\nafter = "1h"\nnotify = ["X"]', 4, "result[1].notify", '"acknowledger"'),
        ('[province."辽宁省"]\nclock = 1', 2, "province.辽宁省.clock", '"wall"'),
        ('province."辽宁省".clock = 1', 1, "province.辽宁省.clock", '"wall"'),
        ('[province]\n"辽宁省" = {clock = 1}', 2, "province.辽宁省.clock", '"wall"'),
        ('[court]\nclock = "wall"', 2, "court.clock", "引号里的名称"),
        ('[court."辽 0211"]', 1, "court.辽 0211", '[court."辽0211"]'),
        ("court = 3", 1, "court", '[court."…"]'),
        ('[pair."浙72"]', 1, "pair.浙72", "协作代字>管辖代字"),
        ('[pair."浙72>浙72"]', 1, "pair.浙72>浙72", "两院不同"),
        ('[pair."浙72-辽72"]', 1, "pair.浙72-辽72", "协作代字>管辖代字"),
        ('[pair."浙72>辽72"]\n[pair."浙72＞辽72"]', 2, "pair.浙72＞辽72", "重复"),
        ('[province."辽宁省".court]', 1, "province.辽宁省.court", "没有这一项"),
        ('clock = "wall"\nclock = "wall"', 2, "TOML", "TOML"),
        ('clock = "wall', 1, "TOML", "TOML"),
        ("\n\nanswer = [", 3, "TOML", "TOML"),
    ],
)
def test_a_fault_is_named_with_its_line_key_and_remedy(text, line, key, remedy):
    (fault,) = faults_of(text)
    assert (fault.line, fault.key) == (line, key)
    assert remedy in str(fault.remedy)


def test_every_fault_of_a_file_is_told_at_once_in_the_order_of_its_lines():
    faults = faults_of(
        'clock = "x"  # answer = [\n'
        'snooze = """\n5 min"""\n'
        "answer = [\n"
        '  {after = "0s", notify = ["A", "Z"]},  # the first\n'
        '  {after = "x", notify = ["A"]},\n'
        "]\n"
        '[pair."浙72"]\n'
        'clock = "y"\n'
    )
    assert [(fault.line, fault.key) for fault in faults] == [
        (1, "clock"),
        (2, "snooze"),
        (5, "answer[1].notify"),
        (6, "answer[2].after"),
        (8, "pair.浙72"),
        (9, "pair.浙72.clock"),
    ]


def test_the_message_lists_the_faults_in_chinese():
    with pytest.raises(LadderFaults) as refusal:
        LadderBook.parse('clock = "x"\nsnooze = 5')
    assert str(refusal.value) == (
        "逐级呼叫规则文件有 2 处错误：\n"
        '第 1 行 clock = "x"：只能是 "working"、"wall"\n'
        '第 2 行 snooze = 5：时长写成 "90s"、"15min" 或 "1h"'
    )


words = st.sampled_from(
    ['"x # [y"', "'a = [1]'", '"""\n[t]\n"""', "[[1, 2], [3]]", "[\n{a = 1},\n{b = [2]}]", "true"]
)
names = st.sampled_from(["a", '"b.c"', "d.e", "'f g'", '"\\u4e2d"', '"辽>浙"'])


@given(st.lists(st.tuples(st.booleans(), names, words), max_size=6))
def test_every_key_of_a_readable_file_has_a_line(entries):
    text = "".join(
        (f"# note\n[t{number}.{name}]\n" if is_table else "") + f"k{number}.{name} = {word}\n"
        for number, (is_table, name, word) in enumerate(entries)
    )
    document = tomllib.loads(text)
    lines = lines_of_keys(text)
    for path in paths(document):
        assert path in lines
        assert 1 <= lines[path] <= text.count("\n")


def paths(table, prefix=()):
    for key, value in table.items():
        yield (*prefix, key)
        if isinstance(value, dict):
            yield from paths(value, (*prefix, key))


NAMES = """
[province."辽宁"]
clock = "wall"
[court."辽72"]
clock = "wall"
[court."辽9999"]
clock = "wall"
[pair."浙72>辽9998"]
clock = "wall"
"""


def test_tables_that_hold_for_nobody_are_found_with_their_lines():
    book = LadderBook.parse(NAMES)
    assert book.named() == {"辽72", "辽9999", "浙72", "辽9998"}
    found = book.unknown({"辽宁省", "浙江省"}, {"辽72", "浙72"})
    assert [(fault.line, fault.key, fault.value) for fault in found] == [
        (2, "province.辽宁", "辽宁"),
        (6, "court.辽9999", "辽9999"),
        (8, "pair.浙72>辽9998", "辽9998"),
    ]
    assert "通讯录中没有" in str(found[0].remedy)
    assert book.unknown({"辽宁"}, {"辽72", "浙72", "辽9999", "辽9998"}) == ()


@pytest.mark.parametrize("text", ['clock = "wal"', "answer = []", "clock ="])
def test_faults_are_listed_in_english_too(text):
    with pytest.raises(LadderFaults) as refusal:
        LadderBook.parse(text)
    listed = refusal.value.listed(load_texts().for_locale("en"))
    assert listed.startswith("Faults in the ladder file: 1\nline 1, ")
    assert not re.search(r"[\u4e00-\u9fff]", listed)
