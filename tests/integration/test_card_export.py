"""`directory export FILE.vcf`: courts and their people as vCards, numbers only for a reason that is recorded."""

from datetime import date
from zoneinfo import ZoneInfo

from icalendar.parser import Contentlines
from sqlalchemy import select

from directory import cards
from directory.models import DirectoryRecord
from tests import processes

MOBILE = "13800138000"


def names_of(path):
    lines = Contentlines.from_ical(path.read_text())
    return [line.parts()[2] for line in lines if line and line.parts()[0] == "FN"]


async def test_the_directory_leaves_as_cards_with_numbers_only_for_a_reason(
    liaoning, builders, database, database_url, clock, tmp_path
):
    await builders.officer("辽72", "钱八一", "B", mobile=MOBILE)
    await builders.officer("辽72", "孙离任", "B", left_at=clock.now(), mobile=MOBILE)
    masked, whole = tmp_path / "通讯录.vcf", tmp_path / "full.vcf"
    done = await processes.command(
        "directory", "export", str(masked), LIAISON_DATABASE_URL=database_url
    )
    assert (done.code, done.err) == (0, "")
    assert "手机号未写出" in done.out
    found = names_of(masked)
    assert found.index("大连海事法院") < found.index("钱八一")
    assert "孙离任" not in found
    assert MOBILE not in masked.read_text()
    done = await processes.command(
        "directory", "export", str(whole), "--full", "--reason", "换发通讯录",
        LIAISON_DATABASE_URL=database_url,
    )  # fmt: skip
    assert done.code == 0
    assert whole.read_text().count(f"+86{MOBILE}") == 1
    async with database.reading() as session:
        record = await session.scalar(
            select(DirectoryRecord).where(DirectoryRecord.kind == "exported_full")
        )
    assert record.detail == "换发通讯录"


async def test_courts_taken_in_batches_give_the_same_cards(liaoning, database, monkeypatch):
    async def book():
        async with database.reading() as session:
            return await cards.book(
                session, full=False, zone=ZoneInfo("Asia/Shanghai"), today=date(2019, 8, 19),
                post_word=str, translate=lambda text, **_: text,
            )  # fmt: skip

    at_once = await book()
    monkeypatch.setattr(cards, "AT_ONCE", 1)
    assert await book() == at_once
    assert at_once.count(b"BEGIN:VCARD") == 9
