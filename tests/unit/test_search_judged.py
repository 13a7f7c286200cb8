"""The judged queries against a nation of 3,500 courts and 50,000 people: how often the first place is right.

`python -m benchmarks.search_judge` names every case that is not.
"""

import pytest

from benchmarks import nation, search_judge
from benchmarks.search_judge import AFTER, BEFORE
from directory.search_index import DirectoryIndex

#: Of all queries together, so much must be right in the first place, and among the first three.
FIRST, THREE = 0.97, 0.995
FEWEST_BEFORE, FEWEST_AFTER = 200, 120


@pytest.fixture(scope="session")
def index() -> DirectoryIndex:
    return search_judge.indexed(nation.generate(1))


def test_clerks_get_what_they_want_in_the_first_place(index, record_property):
    def ask(words, province):
        return index.find(words, province=province, people=True)

    before, after = (search_judge.verdicts(ask, file) for file in (BEFORE, AFTER))
    assert len(before) >= FEWEST_BEFORE
    assert len(after) >= FEWEST_AFTER
    for name, verdicts in (("before", before), ("after", after), ("all", [*before, *after])):
        first = search_judge.share(verdict.first for verdict in verdicts)
        three = search_judge.share(verdict.three for verdict in verdicts)
        record_property(f"{name} tuning", f"{len(verdicts)} queries, {first:.2%}, {three:.2%}")
        wrong = [verdict.case.query for verdict in verdicts if not verdict.first]
        assert first >= FIRST, (name, wrong)
        if name != "after":
            assert three >= THREE, (name, wrong)


def test_no_query_is_judged_twice():
    asked = [
        (case.query, case.province, case.of_people)
        for file in (BEFORE, AFTER)
        for case in search_judge.cases(file)
    ]
    assert sorted({str(one) for one in asked if asked.count(one) > 1}) == []
