"""The test data of the nation: the same everywhere, true to the rules of courts, never to be taken for real."""

import csv
import hashlib
import json
import re
import subprocess
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from benchmarks import nation
from directory import demo_data
from directory.court_codes import PROVINCES, SUPREME, level_of, looks_like_code, province_of
from directory.import_files import read_files
from directory.import_plan import Existing, Plan, plan
from tests.clock import FrozenClock

ROOT = Path(__file__).parent.parent.parent
QUERIES = ROOT / "tests/data/search_queries.tsv"
#: Of all rows of seed 1. The judged queries name its people: who changes it renews them.
SEED_1 = "ac224e4e5b58020c178b7ce6103bf5fb218f6c7eaa40293dfe2edd489fe2d94d"

KINDS = {
    "ambiguous", "case", "city_district", "code", "former", "full", "initials", "mixed", "nothing",
    "person", "person_pinyin", "pinyin", "pinyin_typo", "place", "short", "traditional", "tribunal",
    "typo",
}  # fmt: skip


@cache
def seed_1():
    return nation.generate(1)


def courts():
    return {row["code"]: row for row in seed_1().courts}


def digest(found):
    rows = json.dumps([found.courts, found.officers], ensure_ascii=False)
    return hashlib.sha256(rows.encode()).hexdigest()


def test_the_nation_has_its_size_and_is_made_in_two_seconds():
    # Of the processor: other tests may share the machine.
    began = time.process_time()
    found = nation.generate(1)
    assert time.process_time() - began < 2
    assert (len(found.courts), found.people, len(found.officers)) == (3500, 50_000, 55_000)


def test_a_seed_gives_the_same_nation_in_every_process():
    said = "import tests.unit.test_nation as t; print(t.digest(t.nation.generate(1)))"
    other = subprocess.run(
        [sys.executable, "-c", said],
        cwd=ROOT,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == digest(seed_1()) == SEED_1
    assert digest(nation.generate(2)) != SEED_1


def test_codes_levels_and_provinces_agree_and_every_parent_is_there():
    found = courts()
    for code, row in found.items():
        assert looks_like_code(code)
        assert row["level"] == level_of(code)
        assert row["province"] == (province_of(code) or "全国")
        assert row["parent_code"] in found or code == SUPREME, row
    assert {row["province"] for row in found.values()} == {"全国", *PROVINCES.values()} - {
        "新疆生产建设兵团",
        "解放军",
    }
    assert len({row["name"] for row in found.values()}) == len(found)


def test_liaoning_is_the_directory_that_ships():
    with demo_data.court_files()[0].open(encoding="utf-8", newline="") as file:
        shipped = {row["code"]: row for row in csv.DictReader(file)}
    found = courts()
    assert {code for code in found if code[0] == "辽" and len(code) < 7} == set(shipped)
    for code, row in shipped.items():
        same = ("name", "level", "kind", "parent_code", "city", "county", "division_code")
        assert [found[code][field] for field in same] == [row[field] for field in same]
        assert set(row["aliases"].split("|")) <= set(found[code]["aliases"].split("|"))


@pytest.mark.parametrize(
    ("district", "codes"),
    [
        ("铁西区", {"辽0106", "辽0303", "吉0302"}),
        ("鼓楼区", {"苏0106", "苏0302", "闽0102", "豫0204"}),
        ("城关区", {"甘0102", "藏0102"}),
    ],
)
def test_names_are_as_ambiguous_as_in_life(district, codes):
    assert {
        code
        for code, row in courts().items()
        if row["county"] == district and row["level"] == "basic"
    } == codes


def test_nobody_and_nothing_can_be_taken_for_real():
    for row in seed_1().courts:
        assert row["code_status"] == nation.MARK == "测试数据"
        assert row["phone"].partition("-")[2].startswith("0")
        assert row["address"].endswith("0号（测试数据）")
    for row in seed_1().officers:
        assert nation.MARK in row["title"]
        assert re.fullmatch(r"1640\d{7}", row["mobile"])
        assert row["desk_phone"].partition("-")[2].startswith("0")
        assert "telegram_id" not in row


def test_every_court_is_manned_and_every_high_court_has_a_coordinator():
    posts = {}
    for row in seed_1().officers:
        posts.setdefault(row["court_code"], set()).add(row["post"])
    for code, row in courts().items():
        assert {"A", "B", "leader"} <= posts[code]
        assert ("coordinator" in posts[code]) == (row["level"] in {"high", "supreme"})


def test_surnames_are_as_frequent_as_in_life_and_some_are_rare():
    first = Counter(row["name"][0] for row in seed_1().officers)
    assert [name for name, _ in first.most_common(3)] == ["王", "李", "张"]
    assert 0.06 < first["王"] / len(seed_1().officers) < 0.09
    assert all(first[name] > 3 for name in "曾解仇单查翟区")
    names = {row["name"][:2] for row in seed_1().officers}
    assert {"尉迟", "欧阳", "上官", "司马"} <= names


def test_an_import_takes_the_files_without_a_fault_or_a_warning(tmp_path):
    few = nation.generate(3, courts=120)
    assert len(few.courts) == 120
    for name in ("少.csv", "少.xlsx"):
        tables, faults = read_files(nation.write(tmp_path / name, few))
        assert faults == ()
        done = plan(Existing({}, {}), tables, today=FrozenClock().now().date())
        assert isinstance(done, Plan), done.faults[:3]
        assert done.warnings == ()
        assert len(done.added) == 120 + few.people


def test_of_an_altered_nation_the_import_finds_everybody_and_one_in_a_hundred_changed(tmp_path):
    before = nation.generate(1, courts=200)
    after = nation.altered(before, 0.01)
    names = [[(row["court_code"], row["name"], row["post"]) for row in found.officers]
             for found in (before, after)]  # fmt: skip
    assert names[0] == names[1]
    differing = {
        (new["court_code"], new["name"])
        for old, new in zip(before.officers, after.officers, strict=True)
        if old != new
    }
    assert len(differing) == round(before.people * 0.01)
    assert sum(old != new for old, new in zip(before.courts, after.courts, strict=True)) == 2
    tables, _ = read_files(nation.write(tmp_path / "改.csv", after))
    assert isinstance(plan(Existing({}, {}), tables, today=FrozenClock().now().date()), Plan)


def test_more_courts_than_there_are_towns_for_are_refused():
    with pytest.raises(ValueError, match="at most"):
        nation.generate(1, courts=100_000)


def queries():
    """The judged cases with their lines."""
    header, *rows = [
        (number, line.split("\t"))
        for number, line in enumerate(QUERIES.read_text(encoding="utf-8").split("\n"), 1)
        if line and not line.startswith("#")
    ]
    assert header[1] == ["query", "province", "expected", "kind", "note"]
    return rows


def test_the_judged_queries_ask_for_what_is_there():
    people = {f"{row['court_code']}:{row['name']}" for row in seed_1().officers}
    provinces, seen = set(PROVINCES.values()), set()
    for number, cells in queries():
        assert len(cells) == 5, number
        query, province, expected, kind, _ = cells
        wanted = expected.split("|") if expected else []
        assert kind in KINDS, number
        assert province in provinces | {""}, number
        assert set(wanted) <= people | courts().keys(), number
        assert len(set(wanted)) == len(wanted), number
        assert (kind == "nothing") == (not wanted), number
        assert kind != "ambiguous" or len(wanted) > 1, number
        assert query.strip(), number
        assert (query, province) not in seen, number
        seen.add((query, province))
    assert len(seen) >= 300
