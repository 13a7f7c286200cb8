"""`db backup`: a whole copy beside the original, or a sentence that says why there is none."""

import sqlite3
from contextlib import closing

import pytest

from bot.cli.db import BackupRefused, backup


@pytest.fixture
def stored(tmp_path, monkeypatch):
    file = tmp_path / "liaison.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE kept (word TEXT)")
        connection.execute("INSERT INTO kept VALUES ('辽72')")
        connection.commit()
    monkeypatch.setenv("LIAISON_DATABASE_URL", f"sqlite+aiosqlite:///{file}")
    return file


def test_a_copy_holds_what_the_database_holds(stored, tmp_path, capsys):
    backup(tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("辽72",)]
    assert "copy.db" in capsys.readouterr().out


def test_a_place_that_cannot_be_written_is_named_in_a_sentence(stored, tmp_path):
    nowhere = tmp_path / "missing" / "copy.db"
    with pytest.raises(BackupRefused, match=r"missing/copy\.db 写不了.*请换一个位置"):
        backup(nowhere)


def test_a_file_that_is_there_is_never_overwritten(stored, tmp_path):
    there = tmp_path / "copy.db"
    there.write_text("mine", encoding="utf-8")
    with pytest.raises(BackupRefused, match="已存在"):
        backup(there)
    assert there.read_text(encoding="utf-8") == "mine"
