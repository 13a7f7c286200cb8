"""Freshness by court and by province on both databases: a verification counts, a departure ends."""

from datetime import timedelta

from python_calamine import CalamineWorkbook

from directory import verification
from directory.change_models import Verification
from directory.freshness import freshness, total
from directory.models import Officer
from tests import processes


async def test_what_was_verified_counts_for_its_period_and_the_nation_is_the_sum(
    liaoning, database, clock
):
    now = clock.now()
    async with database.transaction() as session:
        officer = await session.get_one(Officer, liaoning.b.id)
        session.add(Verification(officer_id=officer.id, asked_at=now, next_at=now, state="asked"))
        await session.flush()
        assert await verification.confirm(session, officer, by="辽72:李敏", now=now)
        assert not await verification.confirm(session, officer, by="辽72:李敏", now=now)
    async with database.reading() as session:
        courts = await freshness(session, province="辽宁省", now=now)
        nation = await freshness(session, province=None, now=now)
        later = await freshness(session, province="辽宁省", now=now + timedelta(days=91))
        asked = (await session.scalars(Verification.__table__.select())).all()
    mine = next(row for row in courts if row.key == "辽72")
    assert (mine.verified, mine.never, mine.without_b) == (1, mine.officers - 1, 0)
    assert 0 < mine.share < 1
    assert next(row for row in later if row.key == "辽72").verified == 0
    province = next(row for row in nation if row.key == "辽宁省")
    assert province == total("辽宁省", "辽宁省", courts)
    assert len(asked) == 1


async def test_the_command_writes_the_workbook(liaoning, database, database_url, tmp_path):
    async def freshness_to(file, *more):
        return await processes.command(
            "directory", "freshness", str(file), *more, LIAISON_DATABASE_URL=database_url
        )

    done = await freshness_to(tmp_path / "a.xlsx", "--province", "辽宁省")
    assert (done.code, done.err) == (0, "")
    sheet = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[3:]] == ["辽", "辽72", ""]
    assert (await freshness_to(tmp_path / "b.csv")).code != 0
    assert (await freshness_to(tmp_path / "b.xlsx", "--province", "无名省")).code != 0
    assert not (tmp_path / "b.xlsx").exists()
