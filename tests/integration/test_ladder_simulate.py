"""`ladder simulate FILE` as a command: the shipped months, stored filings, a span of time, a wrong file."""

import pytest

from tests import processes

SOONER = """
answer = [
    {after = "0s", notify = ["group", "A"]},
    {after = "2min", notify = ["B"]},
    {after = "6min", notify = ["leader"]},
]
"""


@pytest.fixture
def sooner(tmp_path):
    path = tmp_path / "sooner.toml"
    path.write_text(SOONER, encoding="utf-8")
    return path


def figures(out: str) -> dict[str, list[str]]:
    """The table by the name of each row."""
    rows = [line.strip("│ ").split("│") for line in out.splitlines() if line.startswith("│")]
    return {name.strip(): [cell.strip() for cell in cells] for name, *cells in rows}


async def test_without_any_filing_the_shipped_four_months_are_replayed(sooner, tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'none.db'}"
    done = await processes.command("ladder", "simulate", str(sooner), LIAISON_DATABASE_URL=url)
    assert done.code == 0, done.err
    assert "2,266 件" in done.out
    table = figures(done.out)
    before, after = table["平均签收用时（分钟）"]
    assert float(after) < float(before)
    assert table["呼叫省级协调员"][1] != "0", "a result that is late still calls the coordinator"
    assert not (tmp_path / "none.db").exists()


async def test_a_span_of_time_and_english(sooner, database_url):
    done = await processes.command(
        "ladder", "simulate", str(sooner), "--liaoning", "--since", "2019-10-01",
        "--until", "2019-10-08", LIAISON_DATABASE_URL=database_url, LIAISON_LOCALE="en",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "Never acknowledged" in done.out
    # The national holiday: a few stragglers in the evening and at weekends.
    count = int(done.out.split(": ")[1].split(" filings")[0].replace(",", ""))
    assert 0 < count < 30


async def test_stored_filings_are_replayed_and_nothing_is_written(
    sooner, app, clock, database_url, file_a_filing, phones, groups
):
    await file_a_filing("KY-2019-000001")
    await clock.advance(minutes=11)
    await phones["B岗"].presses("签收")
    await clock.settle()
    done = await processes.command(
        "ladder", "simulate", str(sooner), LIAISON_DATABASE_URL=database_url
    )
    assert done.code == 0, done.err
    assert "数据库中的立案：1 件" in done.out
    assert figures(done.out)["平均签收用时（分钟）"] == ["11.0", "3.0"]


async def test_a_wrong_file_is_refused_with_its_line(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text('clock = "sun"\n', encoding="utf-8")
    done = await processes.command("ladder", "simulate", str(path))
    assert done.code == 1
    assert "第 1 行 clock" in done.err
