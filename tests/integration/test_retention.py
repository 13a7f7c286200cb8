"""What is over goes and what is not stays, rule by rule, on both databases."""

import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot import schedule
from bot.models import Draft, Firing, ReceivedUpdate, WebLogin, WebSession
from directory import changes, retention
from directory.change_models import Correction, DirectoryChange, Disclosure, LookUps, Verification
from directory.duty_models import Feed
from directory.models import Invitation, LinkAttempt, Officer
from notifications.bulletin_models import Bulletin, BulletinContest
from notifications.models import OutgoingMessage, RateBudget, SignedLink
from notifications.notice_models import Notice
from notifications.question_models import FaqEntry, Question
from notifications.training_models import CodeTry, TrainingSession
from tests import processes
from tests.filing_desk import filing_desk

DOCUMENT = Path(__file__).parents[2] / "docs/privacy.md"

PERSON = {"name": "王建国", "mobile": "13800001234"}


def rows(at, name, officer, filing):
    """A row of every rule's table, as old as `at`; `name` tells two of them apart."""
    said = {
        "kind": "reply",
        "priority": 3,
        "chat_id": 101,
        "created_at": at,
        "sent_at": at,
        "outcome": "sent",
    }
    hours = timedelta(hours=1)
    return {
        "link_attempts": LinkAttempt(telegram_id=7, at=at),
        "invitations": Invitation(
            code_hash=name, officer_id=officer, created_at=at - hours, expires_at=at
        ),
        "look_ups": LookUps(officer_id=officer, hour=at, count=3),
        "disclosures": Disclosure(
            at=at, viewer="周琳", officer_id=officer, reason="核对号码", channel="chat"
        ),
        "directory_changes": DirectoryChange(
            at=at,
            who="cli:root",
            court_code="辽72",
            officer_id=officer,
            kind="changed",
            before=PERSON,
            after=PERSON,
        ),
        "departed_numbers": Officer(
            court_code="辽72",
            name=name,
            left_at=at,
            mobile=PERSON["mobile"],
            created_at=at,
            updated_at=at,
        ),
        "verifications": Verification(officer_id=officer, asked_at=at),
        "corrections": Correction(
            court_code="辽72", reported_by="周琳", reported_at=at, ended_at=at, state="mended"
        ),
        "questions": Question(
            nonce="x",
            asked_by="王建国",
            asked_by_officer_id=officer,
            court_code="辽72",
            province="辽宁省",
            turns=[],
            asked_at=at,
            last_at=at,
        ),
        "withdrawn_answers": FaqEntry(
            question="?", answer="!", published_at=at, published_by="周琳", withdrawn_at=at
        ),
        "notices": Notice(
            text=name, audience={}, written_by="周琳（省级协调员）", created_at=at, send_at=at
        ),
        "training": TrainingSession(
            title=name,
            starts_at=at,
            lasts_minutes=60,
            place="三楼",
            audience={},
            made_by="周琳（省级协调员）",
            created_at=at,
        ),
        "code_tries": CodeTry(officer_id=officer, at=at),
        "calendar_feeds": Feed(secret_hash=name, court_code="辽72", created_at=at, revoked_at=at),
        "web_logins": WebLogin(code_hash=name, officer_id=officer, created_at=at, expires_at=at),
        "web_sessions": WebSession(
            secret_hash=name, officer_id=officer, created_at=at, expires_at=at
        ),
        "signed_links": SignedLink(
            token_hash=name, filing_id=filing, officer_id=officer, created_at=at, expires_at=at
        ),
        "drafts": Draft(chat_id=101, telegram_id=101, kind="file", nonce="x", expires_at=at),
        "updates": ReceivedUpdate(update_id=int(at.timestamp()), at=at, state="done"),
        "failed_updates": ReceivedUpdate(update_id=int(at.timestamp()) + 1, at=at, state="failed"),
        "message_texts": OutgoingMessage(
            payload={"text": "王建国　13800001234", "buttons": []}, **said
        ),
        "event_reports": OutgoingMessage(
            **said | {"channel": "webhook", "kind": "report", "filing_id": filing}
        ),
        "rate_budgets": RateBudget(chat_id=int(at.timestamp()), free_at=at),
        "firings": Firing(job="drills", scheduled_at=at, claimed_at=at),
    }


async def test_what_is_over_goes_and_what_is_not_stays(database, builders, clock):
    async with filing_desk(database, builders) as desk:
        officer, filing = desk.people.a.id, desk.filing.id
        for rule in retention.RULES:
            if rule.key in ("departed_history", "contest_reasons"):
                continue  # Planted below: they need somebody who left, and bulletins.
            edge = clock.now() - rule.kept
            for name, hours in (("over", -1), ("kept", 1)):
                at = edge + timedelta(hours=hours)
                desk.session.add(rows(at, f"{rule.key}-{name}", officer, filing)[rule.key])
    once = {rule.key: int(rule.key != "contest_reasons") for rule in retention.RULES}
    # Who joined with the number in the record, and left half a year ago.
    async with database.transaction() as session:
        gone = await session.scalar(select(Officer).where(Officer.name == "departed_numbers-over"))
        changes.record(
            session,
            who="cli",
            court_code="辽72",
            officer_id=gone.id,
            kind="added",
            before={},
            after=PERSON,
            now=clock.now() - timedelta(days=400),
        )
    async with database.reading() as session:
        planned = await retention.purge(session, now=clock.now(), dry_run=True)
        assert {purged.rule.key: purged.count for purged in planned} == once
    async with database.transaction() as session:
        done = await retention.purge(session, now=clock.now())
        assert {purged.rule.key: purged.count for purged in done} == once
    async with database.transaction() as session:
        again = await retention.purge(session, now=clock.now())
        assert {purged.count for purged in again} == {0}
        await schedule.housekeeping(session, clock.now())
        # What is emptied stays as a row, without what it said.
        assert await session.scalar(select(func.count(OutgoingMessage.id))) == 3
        texts = (await session.scalars(select(OutgoingMessage.payload))).all()
        assert [bool(payload.get("text")) for payload in texts].count(True) == 1
        old = await session.scalar(select(Officer).where(Officer.name == "departed_numbers-over"))
        kept = await session.scalar(select(Officer).where(Officer.name == "departed_numbers-kept"))
        assert (old.mobile, kept.mobile) == (None, PERSON["mobile"])
        latest, joined = await changes.of_officer(session, old.id)
        assert joined.after == {"name": "王建国", "mobile": None}
        assert (latest.before, latest.after) == ({}, {"mobile": None})
        assert await session.scalar(select(func.count(Disclosure.id))) == 1


async def test_the_words_of_an_old_contest_go_and_what_was_decided_stays(database, builders, clock):
    async with filing_desk(database, builders) as desk:
        filing = desk.filing.id
        for number, days in (("第1期", 731), ("第2期", 729)):
            at = clock.now() - timedelta(days=days)
            bulletin = Bulletin(
                number=number, first_day=at.date(), last_day=at.date(), layout="states", figures={},
                published_at=at, published_by="周琳", contest_until=at,
            )  # fmt: skip
            desk.session.add(bulletin)
            await desk.session.flush()
            desk.session.add(
                BulletinContest(
                    bulletin_id=bulletin.id,
                    court_code="辽72",
                    filing_id=filing,
                    reason="王某来电",
                    raised_at=at,
                    raised_by="赵强",
                    counted_as="late",
                    accepted=True,
                    decision="属实",
                    counts_as="in_time",
                    decided_at=at,
                    decided_by="周琳",
                )
            )
    for taken in (1, 0):
        async with database.transaction() as session:
            done = await retention.purge(session, now=clock.now())
            assert {one.rule.key: one.count for one in done}["contest_reasons"] == taken
    async with database.reading() as session:
        rows = await session.scalars(select(BulletinContest).order_by(BulletinContest.id))
        assert [(one.reason, one.decision, one.counts_as) for one in rows] == [
            ("", "", "in_time"),
            ("王某来电", "属实", "in_time"),
        ]


def test_every_rule_has_a_table_a_reason_and_a_name_of_its_own():
    assert len({rule.key for rule in retention.RULES}) == len(retention.RULES)
    assert all(rule.why and rule.table for rule in retention.RULES)


def test_the_document_says_what_is_kept_how_long():
    said = re.findall(r"^\| `(\w+)` \|[^|]*\| (\d+) days? \|", DOCUMENT.read_text(), re.MULTILINE)
    assert {key: int(days) for key, days in said} == {
        rule.key: rule.kept.days for rule in retention.RULES
    }


async def test_purge_prints_what_it_would_take_and_takes_nothing_yet(sqlite_url):
    done = await processes.command(
        "directory", "purge", "--dry-run", LIAISON_DATABASE_URL=sqlite_url
    )
    assert (done.code, done.err) == (0, "")
    assert "disclosures：0 条（保存 730 天）" in done.out
    assert done.out.endswith("以上只是预览，没有清除。去掉 --dry-run 即可清除。\n")
