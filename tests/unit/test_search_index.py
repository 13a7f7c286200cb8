"""What the search finds among a few courts and people, in which order, and what it says of it."""

import pytest

from directory import aliases
from directory.search_courts import CourtFacts
from directory.search_index import DirectoryIndex
from directory.search_people import PersonFacts

LEVELS = {0: "high", 2: "intermediate", 4: "basic", 6: "tribunal"}


def court(code, name, province, city=None, county=None, also=""):
    also = tuple(aliases.read(alias) for alias in also.split("|") if alias)
    level = LEVELS[len(code) - 1] if code != "最高法" else "supreme"
    return CourtFacts(code, name, level, province, city, county, "general", also)


COURTS = (
    court("最高法", "最高人民法院", "全国"),
    court("辽", "辽宁省高级人民法院", "辽宁省"),
    court("辽01", "沈阳市中级人民法院", "辽宁省", "沈阳市"),
    court("辽02", "大连市中级人民法院", "辽宁省", "大连市"),
    court("辽13", "朝阳市中级人民法院", "辽宁省", "朝阳市"),
    court("辽72", "大连海事法院", "辽宁省"),
    court("辽71", "沈阳铁路运输中级法院", "辽宁省"),
    court("辽0106", "沈阳市铁西区人民法院", "辽宁省", "沈阳市", "铁西区"),
    court("辽0303", "鞍山市铁西区人民法院", "辽宁省", "鞍山市", "铁西区"),
    court("吉0302", "铁西区人民法院", "吉林省", "四平市", "铁西区", "铁西区法院"),
    court("辽0302", "鞍山市铁东区人民法院", "辽宁省", "鞍山市", "铁东区"),
    court("辽0211", "大连市甘井子区人民法院", "辽宁省", "大连市", "甘井子区",
          "甘井子法院|大连市甘井子区人民法院金石滩人民法庭"),
    court("辽0122", "沈阳市辽中区人民法院", "辽宁省", "沈阳市", "辽中区",
          "辽中县人民法院（1992/2016-03-31）|辽0199（1992/2016-03-31）"),
    court("辽1321", "朝阳县人民法院", "辽宁省", "朝阳市", "朝阳县"),
    court("辽1324", "喀喇沁左翼蒙古族自治县人民法院", "辽宁省", "朝阳市"),
    court("京0105", "北京市朝阳区人民法院", "北京市", "北京市", "朝阳区"),
    court("京01", "北京市第一中级人民法院", "北京市", "北京市"),
    court("辽021101", "大连市甘井子区人民法院革镇堡人民法庭", "辽宁省", "大连市", "甘井子区"),
    court("新40", "新疆维吾尔自治区高级人民法院伊犁哈萨克自治州分院", "新疆维吾尔自治区"),
)  # fmt: skip
PEOPLE = (
    PersonFacts(1, "王建国", "辽0211"),
    PersonFacts(2, "王建国", "京0105"),
    PersonFacts(3, "曾晓", "辽0106"),
    PersonFacts(4, "尉迟恭", "辽72"),
    PersonFacts(5, "解放", "辽02"),
)


def filled():
    index = DirectoryIndex()
    for facts in COURTS:
        index.courts.put(facts)
    for person in PEOPLE:
        index.people.put(person)
    index.settle()
    return index


@pytest.fixture(scope="module")
def index():
    return filled()


def codes(found):
    return [hit.code for hit in found.courts]


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ("辽0211", "辽0211", "code"),
        ("liao 0211", "辽0211", "code"),
        ("辽O2ll", "辽0211", "code"),
        ("辽宁0211", "辽0211", "code"),
        ("（2019）辽0211民初1234号", "辽0211", "case"),
        ("请查(2019)最高法民申1号", "最高法", "case"),
        ("辽0199", "辽0122", "former_code"),
        ("(2010)辽0199民初1号", "辽0122", "former_code"),
        ("大连市甘井子区人民法院（辽0211）", "辽0211", "code"),
        ("甘井子法院", "辽0211", "name"),
        ("甘井子区", "辽0211", "name"),
        ("辽宁省大连市甘井子区人民法院", "辽0211", "name"),
        ("大连中院", "辽02", "name"),
        ("大连", "辽02", "name"),
        ("辽高院", "辽", "name"),
        ("最高法院", "最高法", "name"),
        ("沈铁中院", "辽71", "name"),
        ("喀左", "辽1324", "name"),
        ("伊犁州分院", "新40", "name"),
        ("北京一中院", "京01", "name"),
        ("朝阳县", "辽1321", "name"),
        ("北京朝阳", "京0105", "name"),
        ("铁西 鞍山", "辽0303", "name"),
        ("金石滩法庭", "辽0211", "name"),
        ("革镇堡", "辽021101", "name"),
        ("辽中县法院", "辽0122", "former"),
        ("ganjingzi", "辽0211", "pinyin"),
        ("gan jing zi fa yuan", "辽0211", "pinyin"),
        ("dalianzhongyuan", "辽02", "pinyin"),
        ("gjz", "辽0211", "initials"),
        ("ganjz", "辽0211", "mixed"),
        ("gan井子", "辽0211", "mixed"),
        ("大连zy", "辽02", "name"),
        ("大连市甘井子区人民", "辽0211", "name"),
        ("井子", "辽0211", "part"),
        ("甘并子法院", "辽0211", "similar"),
        ("甘井仔", "辽0211", "similar"),
        ("甘井子区人民发院", "辽0211", "similar"),
        ("ganjnigzi", "辽0211", "similar"),
        ("遼寧高院", "辽", "name"),
        ("鐵東區", "辽0302", "name"),
    ],
)  # fmt: skip
def test_a_court_is_found_by_what_people_type(index, words, code, why):
    first = index.find(words).courts[0]
    assert (first.code, first.why) == (code, why)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("铁西区人民法院", {"辽0106", "辽0303", "吉0302"}),
        ("铁西区法院", {"辽0106", "辽0303", "吉0302"}),
        ("铁西", {"辽0106", "辽0303", "吉0302"}),
        ("tiexi", {"辽0106", "辽0303", "吉0302"}),
        ("朝阳法院", {"辽1321", "京0105"}),
        ("0302", {"吉0302", "辽0302"}),
        # A code and a name that disagree: neither is taken for the other.
        ("辽0106 甘井子法院", {"辽0106", "辽0211"}),
    ],
)
def test_it_is_ambiguous_only_when_the_first_place_is_shared(index, words, expected):
    found = index.find(words)
    best = max(hit.score for hit in found.courts)
    assert {hit.code for hit in found.courts if hit.score == best} == expected
    assert found.ambiguous
    assert found.certain is None


@pytest.mark.parametrize("words", ["辽0211", "大连", "朝阳县", "沈阳铁西", "辽宁", "gjz", "甘并子"])
def test_what_has_the_first_place_to_itself_is_not_ambiguous(index, words):
    assert not index.find(words).ambiguous


@pytest.mark.parametrize("words", ["gjz", "ganjz", "甘并子", "甘井仔", "ganjnigzi"])
def test_abbreviated_and_misspelt_words_are_never_certain(index, words):
    assert index.find(words).certain is None


def test_exact_comes_before_begun_and_begun_before_similar(index):
    found = index.find("朝阳")
    assert found.courts[0].score > found.courts[-1].score
    assert {hit.why for hit in found.courts} == {"name"}
    scores = [index.find(words).courts[0].score for words in ("甘井子", "甘井", "井子", "甘并子")]
    assert scores == sorted(set(scores), reverse=True)


def test_the_askers_province_comes_first_among_equals_alone(index):
    assert codes(index.find("铁西", province="辽宁省")) == ["辽0106", "辽0303", "吉0302"]
    assert codes(index.find("铁西", province="吉林省"))[0] == "吉0302"
    # 朝阳县 is found more exactly than 朝阳 in the asker's own city.
    assert codes(index.find("朝阳县", province="北京市"))[0] == "辽1321"
    assert codes(index.find("省高院", province="辽宁省")) == ["辽"]


def test_courts_are_narrowed_to_a_province_or_a_level(index):
    assert codes(index.find("铁西", of_province="吉林省")) == ["吉0302"]
    assert codes(index.find("大连", of_level="basic"))[0] == "辽0211"
    assert index.find("铁西", of_province="吉林省").ambiguous is False


def test_courts_that_look_alike_show_their_codes(index):
    shown = {hit.code: hit.show_code for hit in index.find("鞍山").courts}
    assert shown == {"辽0302": True, "辽0303": True}
    assert not any(hit.show_code for hit in index.find("铁西").courts if hit.code == "吉0302")


def test_a_former_name_is_told_with_its_days(index):
    former = index.find("辽中县法院").courts[0].former
    assert str(former) == "辽中县人民法院（1992-01-01/2016-03-31）"
    assert str(index.find("辽0199").courts[0].former).startswith("辽0199")
    assert index.find("辽中区法院").courts[0].former is None


@pytest.mark.parametrize(
    "words",
    ["", " ", "%", "_%_", "*", "\\", "院", "法院", "没有的法院", "辽9999", "火星", "0", "q" * 500],
)
def test_scraps_and_wildcards_mean_nothing(index, words):
    found = index.find(words, people=True)
    assert (found.courts, found.people, found.ambiguous) == ((), (), False)


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("王建国", [2, 1]),
        ("建国", [2, 1]),
        ("wangjianguo", [2, 1]),
        ("wjg", [2, 1]),
        ("王jg", [2, 1]),
        ("王建过", [2, 1]),
        ("王建囯", [2, 1]),
        ("王健国", [2, 1]),
        ("wangjianguoo", [2, 1]),
        ("甘井子 王建国", [1]),
        ("王建国 北京", [2]),
        ("大连王建国", [1]),
        ("辽0211:王建国", [1]),
        ("王建国法官", [2, 1]),
        ("zengxiao", [3]),
        ("cengxiao", [3]),
        ("曾曉", [3]),
        ("yuchigong", [4]),
        ("weichigong", [4]),
        ("xiefang", [5]),
        ("李四", []),
    ],
)
def test_a_person_is_found_by_what_people_type(index, words, ids):
    found = index.find(words, courts=False, people=True)
    assert sorted(hit.officer_id for hit in found.people) == sorted(ids)
    home = index.find(words, courts=False, people=True, province="北京市").people
    assert [hit.officer_id for hit in home] == ids


def test_people_are_found_only_when_asked_for(index):
    assert index.find("王建国").people == ()
    hit = index.find("曾晓", people=True).people[0]
    assert (hit.court_name, hit.province, hit.city) == ("沈阳市铁西区人民法院", "辽宁省", "沈阳市")


def test_what_merely_resembles_is_left_out_beside_what_is_named(index):
    found = index.find("曾晓", people=True)
    assert found.courts == ()
    assert [hit.officer_id for hit in found.people] == [3]


def test_an_index_renewed_finds_what_one_built_anew_finds():
    renewed, words = (
        filled(),
        ("甘井子", "gjz", "金石滩法庭", "辽02", "王建国", "wjg", "建国", "海事"),
    )
    renewed.courts.drop("辽0211")
    renewed.courts.drop("辽0211")
    renewed.people.drop(1)
    renewed.people.drop(99)
    renewed.courts.put(court("辽02", "大连市新名法院", "辽宁省", "大连市"))
    renewed.settle()
    assert codes(renewed.find("甘井子")) == ["辽021101"]
    assert codes(renewed.find("大连新名")) == ["辽02"]
    assert [hit.officer_id for hit in renewed.find("王建国", people=True).people] == [2]
    for facts in COURTS:
        renewed.courts.put(facts)
    for person in PEOPLE:
        renewed.people.put(person)
    renewed.settle()
    anew = filled()
    for typed in words:
        assert renewed.find(typed, people=True) == anew.find(typed, people=True), typed
    for facts in COURTS:
        renewed.courts.drop(facts.code)
    for person in PEOPLE:
        renewed.people.drop(person.officer_id)
    for typed in words:
        assert renewed.find(typed, people=True) == DirectoryIndex().find(typed), typed
    phrases = renewed.courts.phrases
    assert len(phrases) == len(renewed.courts) == len(renewed.people) == 0
    assert (phrases._by_sound, phrases._by_initials) == ({}, {})
