"""The rules of the house that a machine can hold: sizes, names, texts, clocks, settings, pins, tables."""

import ast
import importlib
import pkgutil
import re
import string
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from sqlalchemy.engine import Connection

from directory.database import Base, Database
from directory.errors import LiaisonError
from tests import databases, processes

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "notifications", "directory")

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 50

#: Names that say nothing about what is inside.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "managers", "manager", "common", "misc"}

#: Hosts that an installation takes its packages from; which one is the installer's business.
REGISTRIES = tuple(
    ".".join(words)
    for words in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
        ("yarnpkg", "com"),
    )
)


@cache
def sources() -> dict[str, str]:
    """The text of every Python file of the product, by its path."""
    files = [ROOT / "bot.py", *(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))]
    return {str(path.relative_to(ROOT)): path.read_text() for path in files}


@cache
def trees() -> dict[str, ast.Module]:
    return {path: ast.parse(text) for path, text in sources().items()}


def walk(kind: type | tuple[type, ...]) -> Iterator[tuple[str, ast.AST]]:
    """Every node of a kind with the path of its file."""
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield path, node


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]


def test_there_is_a_product_to_look_at():
    assert len(sources()) > 20


def test_no_file_is_longer_than_400_lines():
    others = [path for path in tracked() if path.startswith(("tests/", "benchmarks/"))]
    texts = sources() | {p: (ROOT / p).read_text() for p in others if p.endswith(".py")}
    long = {path: text.count("\n") for path, text in texts.items()}
    assert {path: lines for path, lines in long.items() if lines > LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_50_lines():
    long = {
        f"{path}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path, node in walk((ast.FunctionDef, ast.AsyncFunctionDef))
        # A migration is a list of tables as they were on one day; it is written once and never edited.
        if not path.startswith("bot/migrations/versions/")
    }
    assert {name: lines for name, lines in long.items() if lines > LINES_OF_A_FUNCTION} == {}


def test_every_file_has_a_name_that_says_what_is_inside():
    paths = [Path(path) for path in tracked() if path.endswith((".py", ".j2", ".js"))]
    assert [str(path) for path in paths if EMPTY_NAMES & {*path.parts[:-1], path.stem}] == []


def test_every_module_says_what_lives_there():
    silent = [path for path, tree in trees().items() if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_nothing_is_left_to_be_done_later():
    left = [
        f"{path}:{number}"
        for path, text in sources().items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b", line)
    ]
    assert left == []


def test_no_exception_is_swallowed_in_silence():
    silent = [
        f"{path}:{node.lineno}"
        for path, node in walk(ast.ExceptHandler)
        if all(isinstance(line, ast.Pass | ast.Continue) for line in node.body)
        or (node.type is None)
    ]
    assert silent == []


# Clocks and settings


def test_only_the_clock_asks_the_machine_for_the_time():
    asking = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
              ("time", "time"), ("time", "time_ns")}  # fmt: skip
    imported = {
        (path, alias.asname or alias.name)
        for path, node in walk((ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    found = [
        f"{path}:{node.lineno}"
        for path, node in walk(ast.Attribute)
        if isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in asking
        and (path, node.value.id) in imported
        and path != "directory/clock.py"
        and not path.startswith("bot/sandbox/")
    ]
    assert found == []


def test_only_the_settings_read_the_environment():
    # Setting a variable for a library that knows no other switch is no reading.
    written = {
        node.value
        for _, node in walk(ast.Subscript)
        if isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Attribute)
    }
    found = [
        f"{path}:{node.lineno}"
        for path, node in walk(ast.Attribute)
        if node not in written
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr in {"environ", "environb", "getenv"}
        and path != "bot/settings.py"
    ]
    found += [
        f"{path}:{node.lineno}"
        for path, node in walk(ast.ImportFrom)
        if node.module == "os"
        and {"environ", "getenv"} & {alias.name for alias in node.names}
        and path != "bot/settings.py"
    ]
    assert found == []


# Texts


def msgids_in_code() -> Iterator[tuple[str, str]]:
    for path, node in walk(ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id == "_" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield f"{path}:{node.lineno}", first.value


def templates() -> list[Path]:
    return [path for name in PACKAGES for path in (ROOT / name).rglob("*.j2")]


def msgids_in_templates() -> Iterator[tuple[str, str]]:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.do"])
    for path in templates():
        for call in environment.parse(path.read_text()).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args:
                first = call.args[0]
                if isinstance(first, nodes.Const):
                    yield f"{path.relative_to(ROOT)}:{call.lineno}", str(first.value)


def msgids_of_errors() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not module.name.startswith("bot.migrations") and "__main__" not in module.name:
                importlib.import_module(module.name)
    left = [LiaisonError]
    while left:
        error = left.pop()
        left += error.__subclasses__()
        if error.__module__.split(".")[0] in PACKAGES:
            yield f"{error.__module__}.{error.__name__}", error.template


@cache
def msgids() -> dict[str, str]:
    """Every text that the product says, with one of the places that say it."""
    found = [*msgids_in_code(), *msgids_in_templates(), *msgids_of_errors()]
    return {msgid: place for place, msgid in found}


@cache
def translations() -> list[tuple[str, str, str]]:
    """(area, msgid, English) of every catalogue."""
    entries = []
    for path in sorted((ROOT / "bot/locale/en/LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            entries += [(path.stem, str(m.id), str(m.string)) for m in read_po(file) if m.id]
    return entries


#: Where a language needs another form of the same fact: 8月 is written August in English.
FORMS = {"month_name": "month"}


def fields(text: str) -> set[str]:
    names = {name.split(".")[0] for _, name, _, _ in string.Formatter().parse(text) if name}
    return {FORMS.get(name, name) for name in names}


def test_texts_are_found_at_all():
    assert len(msgids()) > 50


def test_a_chat_account_has_one_name():
    # The heading of its column is part of the files' format, and the only place with another name.
    found = [
        f"{path}:{number}"
        for path, text in sources().items()
        for number, line in enumerate(text.splitlines(), 1)
        if "电报号" in line and not line.startswith('    Column("telegram_id", "电报号"')
    ]
    found += [f"{area}.po: {msgid}" for area, msgid, _ in translations() if "电报号" in msgid]
    assert found == []


def test_a_text_is_never_put_together_before_it_is_translated():
    found = [
        f"{path}:{node.lineno}"
        for path, node in walk(ast.Call)
        if isinstance(node.func, ast.Name)
        and node.func.id == "_"
        and node.args
        and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert found == []


def test_every_text_has_an_english_translation():
    english = {msgid for _, msgid, text in translations() if text}
    assert {m: place for m, place in msgids().items() if m not in english} == {}


def test_every_translation_has_the_fields_of_its_text():
    wrong = {m: text for _, m, text in translations() if text and fields(m) != fields(text)}
    assert wrong == {}


def test_no_text_is_translated_in_two_places():
    several = Counter(msgid for _, msgid, _ in translations())
    assert [msgid for msgid, count in several.items() if count > 1] == []


def test_no_translation_is_still_chinese():
    # Chinese in quotes, as an example or as the name of a button, is what an English reader sees too.
    chinese = {
        m: text
        for _, m, text in translations()
        if text and text == m and re.search(r"[\u4e00-\u9fff]", text)
    }
    assert chinese == {}


# Installation


def pins(name: str) -> dict[str, Version]:
    text = (ROOT / "requirements" / name).read_text()
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE)
    assert found, f"requirements/{name} pins nothing"
    return {canonicalize_name(package): Version(version) for package, version in found}


def ranges() -> tuple[list[Requirement], list[Requirement]]:
    """What pyproject.toml asks for, to run and to test."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run, test = project["project"]["dependencies"], project["dependency-groups"]["test"]
    return [Requirement(line) for line in run], [Requirement(line) for line in test]


def out_of_range(requirements: list[Requirement], pinned: dict[str, Version]) -> list[str]:
    return [
        str(requirement)
        for requirement in requirements
        if (version := pinned.get(canonicalize_name(requirement.name))) is None
        or version not in requirement.specifier
    ]


def test_what_is_pinned_agrees_with_pyproject():
    run, test = ranges()
    assert out_of_range(run, pins("run.txt")) == [], "make lock"
    assert out_of_range(run + test, pins("test.txt")) == [], "make lock"


def test_what_is_tested_is_what_runs():
    tested = pins("test.txt")
    differing = {name: v for name, v in pins("run.txt").items() if tested.get(name) != v}
    assert differing == {}


@pytest.mark.parametrize("name", ["run.txt", "test.txt", "uv.txt"])
def test_every_pin_has_hashes_and_no_address(name):
    text = (ROOT / "requirements" / name).read_text()
    assert "://" not in text
    assert "index-url" not in text
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_no_file_names_a_package_registry():
    naming = []
    for path in tracked():
        content = (ROOT / path).read_bytes()
        naming += [f"{path}: {host}" for host in REGISTRIES if host.encode() in content]
    assert naming == []


def test_guides_come_in_both_languages():
    documents = {path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")}
    alone = []
    for path in documents:
        for mine, other in (("zh", "en"), ("en", "zh")):
            twin = Path(*(other if part == mine else part for part in path.parts))
            twin = twin.with_name(twin.name.replace(f".{mine}.md", f".{other}.md"))
            if twin != path and twin not in documents:
                alone.append(f"docs/{path} without docs/{twin}")
    assert alone == []


@pytest.mark.parametrize("path", [".ci/run", "scripts/prepare-venv", "scripts/prepare-tests"])
def test_scripts_can_be_run(path):
    listed = subprocess.run(
        ["git", "ls-files", "-s", path], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert listed.stdout.startswith("100755 ")


# Tables


def differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, Base.metadata))


async def test_db_upgrade_makes_the_tables_of_the_models(empty_database_url):
    done = await processes.command("db", "upgrade", LIAISON_DATABASE_URL=empty_database_url)
    assert done.code == 0, done.err
    databases.load_models()
    database = Database.connect(empty_database_url)
    try:
        async with database.engine.connect() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await database.close()
