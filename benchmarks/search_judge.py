"""The judged queries of `tests/data`, and how a search does by them. The search that is judged is handed in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.nation import Nation, generate
from directory import aliases
from directory.search_courts import CourtFacts
from directory.search_index import DirectoryIndex, Found
from directory.search_people import PersonFacts

FOLDER = Path(__file__).parent.parent / "tests" / "data"

#: Written before the search was tuned, by somebody who had not seen it; and since.
BEFORE, AFTER = "search_queries.tsv", "search_queries_after.tsv"

#: How a search is asked: the words, and the asker's province.
Ask = Callable[[str, str | None], Found]


@dataclass(frozen=True, slots=True)
class Case:
    """One line: what was typed by whom, and what is right."""

    line: int
    query: str
    province: str | None
    expected: tuple[str, ...]
    kind: str

    @property
    def of_people(self) -> bool:
        """Whether people are judged; courts otherwise."""
        return any(":" in one for one in self.expected)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one case ended: right in the first place, right among the first three."""

    case: Case
    first: bool
    three: bool
    got: tuple[str, ...]


def cases(file: str) -> Iterator[Case]:
    """Every case of a file."""
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if line.startswith(("#", "query\t")) or not line.strip():
            continue
        query, province, expected, kind, *_note = [*line.split("\t"), "", "", "", ""]
        wanted = tuple(filter(None, expected.split("|")))
        yield Case(number, query, province or None, wanted, kind)


def judged(case: Case, found: Found) -> Verdict:
    """Compare. With `ambiguous`, all of the expected share the first places, and the answer says so."""
    if case.of_people:
        got = tuple(f"{hit.court_code}:{hit.name}" for hit in found.people)
    else:
        got = tuple(hit.code for hit in found.courts)
    wanted = set(case.expected)
    if not wanted:
        return Verdict(case, not got, not got, got)
    if case.kind == "ambiguous":
        shared = set(got[: len(wanted)]) == wanted and found.ambiguous
        return Verdict(case, shared, wanted <= set(got[: len(wanted) + 2]), got)
    return Verdict(case, bool(wanted & set(got[:1])), bool(wanted & set(got[:3])), got)


def verdicts(ask: Ask, file: str) -> list[Verdict]:
    """Every case of a file put to the search."""
    return [judged(case, ask(case.query, case.province)) for case in cases(file)]


def share(results: Iterable[bool]) -> float:
    """How many of them hold, from 0 to 1."""
    listed = list(results)
    return sum(listed) / len(listed)


def indexed(nation: Nation) -> DirectoryIndex:
    """The nation's courts and people in an index."""
    index = DirectoryIndex()
    for row in nation.courts:
        also = tuple(aliases.read(alias) for alias in row["aliases"].split("|") if alias)
        city, county = row["city"] or None, row["county"] or None
        index.courts.put(
            CourtFacts(
                row["code"],
                row["name"],
                row["level"],
                row["province"],
                city,
                county,
                row["kind"],
                also,
            )
        )
    people = dict.fromkeys((row["court_code"], row["name"]) for row in nation.officers)
    for number, (code, name) in enumerate(people, 1):
        index.people.put(PersonFacts(number, name, code))
    index.settle()
    return index


def main() -> None:
    """`python -m benchmarks.search_judge`: the shares, and every case that is not right in the first place."""
    index = indexed(generate(1))
    for file in (BEFORE, AFTER):
        if not (FOLDER / file).exists():
            continue
        results = verdicts(
            lambda words, province: index.find(words, province=province, people=True), file
        )
        for verdict in results:
            if not verdict.first:
                print(_told(verdict))
        print(
            f"{file}: {len(results)} queries, first {share(v.first for v in results):.2%}, "
            f"three {share(v.three for v in results):.2%}"
        )


def _told(verdict: Verdict) -> str:
    case = verdict.case
    places = "*" if verdict.three else "-"
    cells = (case.line, places, case.kind, repr(case.query), case.province or "")
    wanted, got = "|".join(case.expected), "|".join(verdict.got[:4])
    return "\t".join(map(str, cells)) + f"\t{wanted} → {got}"


if __name__ == "__main__":
    main()
