"""Erasing a person: the bytes are gone, the service's record is whole, and the desk goes on meanwhile."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.models import Draft
from directory import changes, disclosures, privacy
from directory.database import Base
from directory.models import DirectoryRecord, Officer, OfficerPost
from notifications.models import Filing, FilingEvent, OutgoingMessage
from tests import processes
from tests.filing_desk import filing_desk

NAME, MOBILE = "王建国", "13800001234"


def traces(path: Path) -> list[str]:
    """What of the person stands in the database's files, as UTF-8 or as JSON writes it."""
    spelt = {NAME.encode(), json.dumps(NAME)[1:-1].encode(), MOBILE.encode()}
    files = [file for file in path.parent.iterdir() if file.name.startswith(path.name)]
    return [
        f"{file.name}: {mark!r}" for file in files for mark in spelt if mark in file.read_bytes()
    ]


async def leave(database, officer, clock):
    """The person gets a number, is looked at, changes and leaves; all of it in the record."""
    async with database.transaction() as session:
        person = await session.get_one(Officer, officer.id)
        person.mobile = MOBILE
        held = {"name": NAME, "mobile": MOBILE}
        for kind, before, after in (
            ("added", {}, held),
            ("departed", {"left": None}, {"left": True}),
        ):
            changes.record(
                session, who=f"{NAME}（A岗）", court_code="辽72", officer_id=person.id, kind=kind,
                before=before, after=after, now=clock.now(),
            )  # fmt: skip
        await disclosures.show_mobile(
            session, "周琳（省级协调员）", None, person, reason="核对号码", channel="chat",
            now=clock.now(),
        )  # fmt: skip
        session.add(
            DirectoryRecord(
                at=clock.now(), who=f"辽72:{NAME}", kind="linked", subject=f"辽72:{NAME}"
            )
        )
        person.left_at = clock.now()


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_nothing_of_the_person_is_left_in_the_files_while_the_desk_goes_on(
    app, database, database_url, clock, phones, groups, liaoning, file_a_filing
):
    first = await file_a_filing()
    await phones["A岗"].presses("签收")
    await phones["B岗"].says(f"/find {NAME}")
    await leave(database, liaoning.a, clock)
    path = Path(database_url.removeprefix("sqlite+aiosqlite:///"))
    assert len(traces(path)) >= 3

    done = await processes.command(
        "privacy", "erase", str(liaoning.a.id), LIAISON_DATABASE_URL=database_url
    )
    assert (done.code, done.err) == (0, "")
    assert "数据库文件已重写" in done.out
    assert NAME not in done.out
    assert traces(path) == []

    # The desk read from the file all the time, and still does its work.
    second = await file_a_filing()
    phones["B岗"].expects(second.reference, groups["辽72"])
    async with database.reading() as session:
        filing = await session.get_one(Filing, first.id)
        assert filing.state == "acknowledged"
        assert filing.acknowledged_by["name"] == f"已删除人员 {liaoning.a.id}"
        assert filing.answer_wall_seconds == 0
    assert traces(path) == []


async def test_filings_keep_what_was_done_and_other_people_their_names(
    database, builders, clock, engine_name
):
    async with filing_desk(database, builders) as desk:
        a, session = desk.people.a, desk.session
        await desk.page("a", "answer:0:A", sent="09:30")
        reply = {"text": f"{NAME}　13800001234", "buttons": []}
        await desk.row("reply", officer_id=a.id, filing_id=None, payload=reply)
        told = {"text": f"{NAME}已签收；{NAME}明另有来电", "buttons": []}
        await desk.row("reply", filing_id=None, payload=told)
        by = {"name": NAME, "court": "大连海事法院", "post": "A", "officer_id": a.id}
        await desk.update(state="acknowledged", acknowledged_by=by)
        await desk.happened("acknowledged", f"{NAME}（A岗）", "09:34")
        await desk.happened("handed_over", "李敏（B岗）", "09:40", f"{NAME} → 李敏")
        # Somebody's longer name, and a namesake in another province with a filing of his own.
        await builders.officer("浙72", f"{NAME}明", "B", session=session)
        session.add(Draft(chat_id=101, telegram_id=101, kind="file", nonce="n", data={"to": NAME},
                          expires_at=clock.now() + timedelta(hours=1)))  # fmt: skip
    await leave(database, a, clock)
    async with database.transaction() as session:
        gone = await session.get_one(Officer, a.id)
        done = await privacy.erase(session, gone, who="cli:root", now=clock.now())
    assert await privacy.rewrite(database, done.rows)
    assert not done.shared_name
    instead = f"已删除人员 {a.id}"
    async with database.reading() as session:
        filing = await session.scalar(select(Filing))
        assert filing.acknowledged_by == {
            "name": instead, "court": "大连海事法院", "post": "A", "officer_id": a.id
        }  # fmt: skip
        events = (await session.scalars(select(FilingEvent).order_by(FilingEvent.id))).all()
        assert [(e.who, e.detail) for e in events] == [
            (f"{instead}（A岗）", ""),
            ("李敏（B岗）", f"{instead} → 李敏"),
        ]
        page, own, others = (
            await session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id))
        ).all()
        assert (page.chat_id, page.payload["post"], page.outcome) == (0, "A", "dropped")
        assert own.payload["text"] == ""
        assert others.payload["text"] == f"{instead}已签收；{NAME}明另有来电"
        assert await session.scalar(select(Draft.id)) is None
        assert (await session.scalars(select(OfficerPost.officer_id))).all().count(a.id) == 0
        card = await session.get_one(Officer, a.id)
        assert (card.name, card.mobile, card.telegram_id, card.desk_phone) == (
            instead, None, None, None
        )  # fmt: skip
        history = await changes.of_officer(session, a.id)
        assert [change.kind for change in history] == ["erased", "departed", "added"]
        assert history[0].after["name"] == instead
        assert {change.who for change in history[1:]} == {f"{instead}（A岗）"}
        assert await disclosures.of(session, a.id, 10) == []
        everything = await dump(session)
        assert MOBILE not in everything
        assert everything.replace(f"{NAME}明", "").count(NAME) == 0


async def dump(session) -> str:
    """Every value of every table, as text."""
    rows = []
    for table in Base.metadata.sorted_tables:
        rows += [str(tuple(row)) for row in await session.execute(select(table))]
    return "\n".join(rows)


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_of_two_people_of_one_name_only_the_one_who_left_is_erased(
    database, builders, clock, engine_name
):
    async with filing_desk(database, builders) as desk:
        a, session = desk.people.a, desk.session
        await builders.court("辽0211", session=session)
        await builders.officer("辽0211", NAME, "A", session=session)
        by = {"name": NAME, "court": "大连海事法院", "post": "A", "officer_id": a.id}
        await desk.update(state="acknowledged", acknowledged_by=by)
        await desk.happened("acknowledged", f"{NAME}（A岗）", "09:34")
        for subject in (f"辽72:{NAME}", f"辽0211:{NAME}"):
            session.add(
                DirectoryRecord(at=clock.now(), who=subject, kind="linked", subject=subject)
            )
        other = Filing(
            **{c.name: getattr(desk.filing, c.name) for c in Filing.__table__.c if c.name != "id"}
            | {"jurisdiction_court": "辽0211", "reference_key": "KY-2",
               "acknowledged_by": by | {"officer_id": 99}}
        )  # fmt: skip
        session.add(other)
        await session.flush()
        session.add(FilingEvent(filing_id=other.id, at=clock.now(), kind="acknowledged",
                                who=f"{NAME}（A岗）"))  # fmt: skip
    async with database.transaction() as session:
        gone = await session.get_one(Officer, a.id)
        gone.left_at = clock.now()
        done = await privacy.erase(session, gone, who="cli:root", now=clock.now())
        assert done.shared_name
        instead = f"已删除人员 {a.id}"
        signed = (await session.scalars(select(Filing.acknowledged_by).order_by(Filing.id))).all()
        assert [by["name"] for by in signed] == [instead, NAME]
        events = (await session.scalars(select(FilingEvent.who).order_by(FilingEvent.id))).all()
        assert list(events) == [f"{instead}（A岗）", f"{NAME}（A岗）"]
        kinds = select(DirectoryRecord.subject).where(DirectoryRecord.kind == "linked")
        subjects = (await session.scalars(kinds.order_by(DirectoryRecord.id))).all()
        assert list(subjects) == [f"辽72:{instead}", f"辽0211:{NAME}"]
        assert (await session.scalars(text("PRAGMA secure_delete"))).one() == 1


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_who_is_still_here_is_told_about_but_not_erased(
    database, database_url, builders, clock, tmp_path
):
    people = await builders.liaoning()
    await leave(database, people.a, clock)
    async with database.transaction() as session:
        (await session.get_one(Officer, people.a.id)).left_at = None
    async with database.transaction() as session:
        here = await session.get_one(Officer, people.a.id)
        with pytest.raises(privacy.StillHere, match="请先登记离任"):
            await privacy.erase(session, here, who="cli:root", now=clock.now())
    told = await processes.command(
        "privacy", "report", f"辽72:{NAME}", LIAISON_DATABASE_URL=database_url
    )
    assert told.code == 0, told.err
    for words in (MOBILE, "周琳（省级协调员）", "核对号码", "手机="):
        assert words in told.out
    file = tmp_path / "report.json"
    written = await processes.command(
        "privacy", "report", str(people.a.id), "--json", str(file),
        LIAISON_DATABASE_URL=database_url,
    )  # fmt: skip
    assert written.code == 0, written.err
    document = json.loads(file.read_text())
    assert document["card"]["mobile"] == MOBILE
    assert [row["reason"] for row in document["disclosures"]] == ["核对号码"]
    assert [row["kind"] for row in document["changes"]] == ["added", "departed"]
    assert file.stat().st_mode & 0o077 == 0
    async with database.reading() as session:
        kinds = (await session.scalars(select(DirectoryRecord.kind))).all()
        assert list(kinds).count("privacy_report") == 2


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_reader_who_stays_is_waited_for_and_then_told_of(
    database, database_url, builders, clock, monkeypatch
):
    people = await builders.liaoning()
    await leave(database, people.a, clock)
    path = Path(database_url.removeprefix("sqlite+aiosqlite:///"))
    monkeypatch.setattr(privacy, "BUSY_SECONDS", 0.1)
    async with database.reading() as reading:
        await reading.scalar(select(Officer.id))
        async with database.transaction() as session:
            gone = await session.get_one(Officer, people.a.id)
            done = await privacy.erase(session, gone, who="cli:root", now=clock.now())
        assert not await privacy.rewrite(database, done.rows)
    async with database.transaction() as session:
        gone = await session.get_one(Officer, people.a.id)
        again = await privacy.erase(session, gone, who="cli:root", now=clock.now())
    assert await privacy.rewrite(database, again.rows)
    assert traces(path) == []
