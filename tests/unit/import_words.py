"""What tables and directories tests of an import are made of, in a few words each. No assertion of a rule lives here."""

from datetime import date

from directory.import_people import PERSON_FIELDS, ExistingOfficer, Term
from directory.import_plan import Existing, Plan, Refusal, plan
from directory.import_tables import COURT_COLUMNS, Row, Table

TODAY = date(2026, 11, 24)
YESTERDAY = date(2026, 11, 23)
COURTS = "code,name,level,province"
PEOPLE = "court_code,name,post"


def table(header, *rows, file="人员.csv"):
    def cells(row):
        return tuple(row.split(",")) if isinstance(row, str) else tuple(row)

    lines = [Row(number, number, cells(row)) for number, row in enumerate([header, *rows], 1)]
    return Table(file, None, lines[0], tuple(lines[1:]))


def court(code, level="intermediate", **fields):
    empty = {column.field: None for column in COURT_COLUMNS}
    given = {"name": f"{code}法院", "province": "辽宁省", "kind": "general", "aliases": ()}
    return {**empty, **given, "code": code, "level": level, **fields}


def officer(number, code="辽72", name="王建国", *, left=False, posts=None, **fields):
    values = {**dict.fromkeys(PERSON_FIELDS), "name": name, **fields}
    held = {"A": Term()} if posts is None else posts
    return ExistingOfficer(number, code, values, left, held)


def existing(*officers, courts=None):
    known = [court("辽", "high"), court("辽72"), court("辽0211", "basic")]
    every = known if courts is None else courts
    return Existing({c["code"]: c for c in every}, {o.id: o for o in officers})


def planned(before, *tables, replace=()):
    found = plan(before, tables, replace_courts=replace, today=TODAY)
    assert isinstance(found, Plan), found
    return found


def faults(before, *tables, replace=()):
    found = plan(before, tables, replace_courts=replace, today=TODAY)
    assert isinstance(found, Refusal), found
    return [(f.place.line, f.place.column, f.place.value, f.reason) for f in found.faults]
