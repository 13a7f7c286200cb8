"""Files as people and programs make them: encodings, spreadsheets, traps, and the way out and in again."""

import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from directory import exports
from directory import import_faults as why
from directory.court_codes import PROVINCES
from directory.exports import Sheet
from directory.import_cells import LARGEST, read_name, text_of
from directory.import_files import LARGEST_BYTES, quoted, read_files, unquoted
from directory.import_people import LARGEST_NEW, PERSON_FIELDS, ExistingOfficer, Term
from directory.import_plan import Existing, Plan, plan
from directory.import_tables import COLUMNS, COURT_COLUMNS, OFFICER_COLUMNS

TODAY = date(2026, 11, 24)
HEADER = "court_code,name,post\n"


def rows_of(path: Path):
    tables, faults = read_files([path])
    assert faults == ()
    (table,) = tables
    return [row.cells for row in (table.header, *table.rows)]


def reason_of(path: Path):
    tables, faults = read_files([path])
    assert tables == ()
    (fault,) = faults
    return fault.reason


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encodings_of_chinese_offices_are_told_apart(tmp_path, encoding):
    path = tmp_path / "人员.csv"
    path.write_bytes("法院代字,姓名,岗位\r\n辽72,𠮷田鿍,A岗\r\n".encode(encoding))
    assert rows_of(path) == [("法院代字", "姓名", "岗位"), ("辽72", "𠮷田鿍", "A岗")]


@pytest.mark.parametrize(
    "content", [b"\xff\xfea\0b\0", b"PK\x03\x04xx", b"\xff\xff\xff", b"a,\x80"]
)
def test_bytes_that_are_no_text_are_refused(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert reason_of(path) is why.ENCODING


def test_lines_are_counted_in_the_file_and_rows_as_spreadsheets_show_them(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(HEADER + '辽72,"王\n建国",A\n\n辽72,李敏,B\n', encoding="utf-8")
    ((table,), _) = read_files([path])
    assert [(row.line, row.row) for row in table.rows] == [(2, 2), (5, 4)]


def test_a_lost_quotation_mark_is_a_fault_and_not_one_long_cell(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(HEADER + '辽72,"王建国,A\n辽72,李敏,B\n', encoding="utf-8")
    (fault,) = read_files([path])[1]
    assert (fault.reason, fault.place.line) == (why.CSV_BROKEN, 2)


def test_files_that_cannot_be_read_are_all_named(tmp_path):
    empty, text, big = tmp_path / "e.csv", tmp_path / "n.txt", tmp_path / "b.csv"
    empty.write_bytes(b"\n , ,\n")
    text.write_text(HEADER)
    with big.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    _, faults = read_files([empty, text, big, tmp_path / "none.csv", tmp_path / "old.xls"])
    assert [fault.reason for fault in faults] == [
        why.FILE_EMPTY,
        why.FILE_KIND,
        why.FILE_TOO_BIG,
        why.FILE_MISSING,
        why.FILE_KIND,
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-1", "@x", "\tx", "'=1", "''@", "'", "x", "", "a=b"]
)
def test_a_quote_against_formulas_comes_off_again(text):
    assert unquoted(quoted(text)) == text
    assert not quoted(text).startswith(("=", "+", "-", "@", "\t"))


# XLSX


def workbook(path: Path, *rows, **cells):
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet("人员")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        for cell, value in cells.items():
            page.write(cell, value)
    return path


def test_numbers_and_days_of_a_workbook_are_understood(tmp_path):
    path = tmp_path / "人员.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page, day = book.add_worksheet("人员"), book.add_format({"num_format": "yyyy/m/d"})
        page.write_row(1, 0, ["法院代字", "姓名", "岗位", "手机", "起始日期", "截止日期"])
        page.write_row(2, 0, ["辽72", "陈洁", "A岗", 13800001234])
        page.write_datetime(2, 4, date(2026, 11, 24), day)
        page.write_number(2, 5, 46351)
        hidden = book.add_worksheet("旧")
        hidden.write(0, 0, "不要读我")
        hidden.hide()
    tables, faults = read_files([path])
    assert faults == ()
    assert [row.row for row in tables[0].rows] == [3]
    known = Existing({"辽72": dict.fromkeys(c.field for c in COURT_COLUMNS) | {"level": "x"}}, {})
    found = plan(known, tables, today=TODAY)
    assert isinstance(found, Plan), found
    (added,) = found.added
    assert added.values["mobile"] == "13800001234"
    assert added.posts == {"A": Term(TODAY, date(2026, 11, 25))}


def test_an_error_value_of_a_formula_is_refused_rather_than_read_as_empty(tmp_path):
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["court_code", "name", "post"])
        page.write_formula("B7", "=NA()", None, "#N/A")
    _, (fault,) = read_files([path])
    assert (fault.reason, fault.data) == (why.XLSX_ERROR_CELL, {"cell": "B7"})


def archive(path: Path, *members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return path


TRAPS = {
    "inflates to more than 64 MB": [("xl/worksheets/sheet1.xml", b" " * (LARGEST_BYTES + 1))],
    "inflates a hundredfold": [("xl/worksheets/sheet1.xml", b" " * 2**22)],
    "has too many parts": [(f"xl/{n}.xml", b"x") for n in range(201)],
    "has a document type": [("xl/workbook.xml", b"<!DOCTYPE x><x/>")],
    "has an entity in UTF-16": [("xl/workbook.xml", '<!ENTITY a "b">'.encode("utf-16"))],
    "has a document type between chunks": [
        ("xl/workbook.xml", bytes(n % 251 for n in range(2**18 - 4)) + b"<!DOCTYPE x>")
    ],
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_workbook_that_is_a_trap_is_refused_in_under_a_second(tmp_path, trap):
    path = archive(tmp_path / "x.xlsx", *TRAPS[trap])
    began = time.perf_counter()
    assert reason_of(path) is why.XLSX_UNSAFE
    assert time.perf_counter() - began < 1


def test_a_cell_far_away_exhausts_a_child_and_not_the_program(tmp_path):
    path = workbook(tmp_path / "x.xlsx", ["court_code"], XFD1048576="x")
    began = time.perf_counter()
    assert reason_of(path) is why.XLSX_UNSAFE
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "content", [b"", b"no workbook", b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0"]
)
def test_what_is_no_workbook_is_refused(tmp_path, content):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert reason_of(path) is why.XLSX_BROKEN


def test_an_archive_without_a_workbook_is_refused(tmp_path):
    assert reason_of(archive(tmp_path / "x.xlsx", ("a.txt", b"x"))) is why.XLSX_BROKEN


# Out and in again

codes = st.builds(
    lambda character, digits: character + digits,
    st.sampled_from(sorted(PROVINCES)),
    st.sampled_from(["", "02", "72", "0211", "021103"]),
)
LEVELS = {1: "high", 3: "intermediate", 5: "basic", 7: "tribunal"}
starts = st.sampled_from(
    ["", "=", "+", "-", "@", "'", "'=", "<r>", "=HYPERLINK(", "0", "_x0041_",
     '"', '""', ",", "007", "1e5", "TRUE", "#N/A", "1/2", "𠮷", "２０１９", "&amp;"]
)  # fmt: skip


def texts(limit: int):
    words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn"]), max_size=limit - 12)
    return st.builds(lambda start, text: text_of(start + text) or None, starts, words)


def names(limit: int):
    return texts(limit).map(lambda text: read_name(text, limit)).filter(bool)


def numbers(lowest: int, highest: int):
    return st.none() | st.integers(lowest, highest)


aliases = st.lists(
    texts(64).map(lambda t: (t or "").replace("|", "").replace("｜", "").strip()).filter(bool),
    max_size=3,
    unique=True,
).map(tuple)
FIELDS = {
    "kind": st.sampled_from(["general", "maritime"]),
    "parent_code": st.none(),
    "province": texts(32).filter(bool).filter(lambda text: not text.startswith(tuple("辽浙"))),
    "aliases": aliases,
    "hours": st.sampled_from(
        [None, "08:30-11:30 13:30-17:00", "05-01/09-30: 08:30-11:30; 10-01/04-30: 09:00-11:30"]
    ),
    "timezone": st.sampled_from([None, "Asia/Urumqi"]),
    "group_chat_id": numbers(-LARGEST, -1),
    "answer_target_min": numbers(1, 10_080),
    "result_target_min": numbers(1, 10_080),
}


@st.composite
def courts(draw):
    """Courts by code, every field something a file can say."""
    found = {}
    for code in draw(st.lists(codes, min_size=1, max_size=3, unique=True)):
        fields = {
            c.field: draw(FIELDS.get(c.field, texts(c.limit) if c.limit > 12 else st.none()))
            for c in COURT_COLUMNS
            if c.field not in {"code", "name", "level"}
        }
        found[code] = {"code": code, "name": draw(names(128)), "level": LEVELS[len(code)], **fields}
    return found


days = st.none() | st.dates(date(1950, 1, 1), date(2199, 12, 31))
terms = st.tuples(days, days).map(
    lambda pair: Term(*sorted(pair)) if all(pair) else Term(*pair)  # type: ignore[type-var]
)


@st.composite
def directories(draw):
    """A directory that files can hold: courts, and people who hold at least one post."""
    known = draw(courts())
    officers = {}
    for number in draw(st.lists(st.integers(1, LARGEST_NEW), max_size=4, unique=True)):
        values = {
            "name": draw(names(64)),
            "title": draw(texts(64)),
            "department": draw(texts(64)),
            "desk_phone": draw(texts(64)),
            "mobile": draw(st.none() | st.from_regex(r"1[0-9]{10}", fullmatch=True)),
            "telegram_id": number if draw(st.booleans()) else None,
        }
        posts = draw(st.dictionaries(st.sampled_from(["A", "B", "leader"]), terms, min_size=1))
        code = draw(st.sampled_from(sorted(known)))
        officers[number] = ExistingOfficer(number, code, values, False, posts)
    return Existing(known, officers)


def sheets_of(directory: Existing, *, full: bool) -> tuple[Sheet, Sheet]:
    people = [
        {"id": o.id, "court_code": o.court_code, **o.values, "post": post,
         "valid_from": term.valid_from, "valid_to": term.valid_to}
        for o in directory.officers.values()
        for post, term in o.posts.items()
    ]  # fmt: skip
    return (
        exports.sheet("courts", directory.courts.values(), full=full),
        exports.sheet("officers", people, full=full),
    )


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@given(directory=directories())
@example(
    Existing(
        {"辽": dict.fromkeys(c.field for c in COURT_COLUMNS) | {
            "code": "辽", "name": "<r><t>x</t></r>", "level": "high", "province": "辽宁省",
            "kind": "general", "aliases": ("_x0041_", "'=1"), "address": '=HYPERLINK("x")'}},
        {},
    )
)  # fmt: skip
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_written_is_read_back_unchanged(tmp_path, suffix, directory):
    paths = exports.write(tmp_path / f"通讯录{suffix}", sheets_of(directory, full=True))
    tables, faults = read_files(paths)
    assert faults == ()
    again = plan(directory, tables, today=TODAY)
    assert isinstance(again, Plan), again
    assert again.is_empty
    fresh = plan(Existing({}, {}), tables, today=TODAY)
    assert isinstance(fresh, Plan), fresh
    people = [added for added in fresh.added if hasattr(added, "new_id")]
    assert {added.new_id: added.values for added in people} == {
        n: dict(o.values) for n, o in directory.officers.items()
    }
    assert {a.code: dict(a.values) for a in fresh.added if not hasattr(a, "new_id")} == {
        code: dict(court) for code, court in directory.courts.items()
    }


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@given(directory=directories())
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_masked_file_shows_no_number_and_changes_none(tmp_path, suffix, directory):
    content = sheets_of(directory, full=False)
    numbers = {o.values["mobile"] for o in directory.officers.values()} - {None}
    column = content[1].fields.index("mobile")
    assert not {row[column] for row in content[1].rows} & numbers
    assert "telegram_id" not in content[1].fields
    tables, _ = read_files(exports.write(tmp_path / f"通讯录{suffix}", content))
    again = plan(directory, tables, today=TODAY)
    assert isinstance(again, Plan), again
    assert again.is_empty


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("chinese", [True, False])
def test_a_template_has_every_heading_and_can_be_imported_empty(tmp_path, suffix, chinese):
    paths = exports.write(tmp_path / f"模板{suffix}", exports.template(chinese=chinese))
    tables, faults = read_files(paths)
    assert faults == ()
    found = plan(Existing({}, {}), tables, today=TODAY)
    assert isinstance(found, Plan), found
    headings = {cell for table in tables for cell in table.header.cells}
    wanted = {c.chinese if chinese else c.field for kind in COLUMNS.values() for c in kind}
    assert headings == wanted - {"编号", "id"}


def test_a_written_file_is_for_its_owner_only(tmp_path):
    (path,) = exports.write(tmp_path / "x.xlsx", exports.template())
    assert path.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(exports.ExportKindUnknown):
        exports.write(tmp_path / "x.vcf", exports.template())
    with pytest.raises(exports.ExportNotWritten):
        exports.write(tmp_path / "missing" / "x.csv", exports.template())


def test_every_field_of_a_person_is_a_column():
    assert set(PERSON_FIELDS) < {column.field for column in OFFICER_COLUMNS}
