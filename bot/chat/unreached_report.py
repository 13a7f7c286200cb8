"""Every morning to the coordinators: what did not arrive, and who was never linked; a tap invites them again.

An officer without an account cannot be reached by the bot: the coordinator gets a fresh link to pass on.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from bot.chat import drafts
from bot.chat.after_commit import SendSecret
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, fitting, joined
from bot.models import Draft
from directory import duty, officers
from directory.models import Court, Officer
from directory.roster import COORDINATOR, OnDutyOfficer
from directory.texts import Translate
from notifications import deliveries, outbox
from notifications.deliveries import Delivery, Unreached
from notifications.messages import Signature
from notifications.told import Voice, html
from notifications.wording import Wording

KIND = "invite"

#: How long the buttons of a report work, and how far back it looks.
LIFETIME = timedelta(days=1)

#: So many people are named with a button each; more are counted.
MOST_PEOPLE = 20

#: So many failures are read, and so many people.
_MOST_READ = 500


async def report(session: AsyncSession, now: datetime, *, voice: Voice) -> None:
    """Write to the coordinators of each province that has something to hear of."""
    high = list(
        await session.scalars(
            select(Court).where(Court.level == duty.HIGH).order_by(Court.province, Court.code)
        )
    )
    zone = voice.desk.timezone
    found = await duty.on_duty(session, high, now=now, default_timezone=zone)
    told: set[int] = set()
    for court in high:
        readers = found[court.code].to_tell(COORDINATOR)
        readers = tuple(reader for reader in readers if reader.officer_id not in told)
        if not readers:
            continue
        told |= {reader.officer_id for reader in readers}
        failed, missing = await _facts(session, court.province, found[court.code].day, now)
        if failed or missing:
            for reader in readers:
                await _write(session, reader, failed, missing, voice, now)


async def _facts(
    session: AsyncSession, province: str, today: date, now: datetime
) -> tuple[list[Delivery], list[Unreached]]:
    every = await deliveries.deliveries(
        session, courts=None, province=province, since=now - LIFETIME, until=now, limit=_MOST_READ
    )
    missing = await deliveries.unreached(
        session, courts=None, province=province, today=today, limit=_MOST_READ
    )  # fmt: skip
    return [page for page in every if page.outcome == "failed"], missing


async def _write(
    session: AsyncSession,
    reader: OnDutyOfficer,
    failed: Sequence[Delivery],
    missing: Sequence[Unreached],
    voice: Voice,
    now: datetime,
) -> None:
    if reader.telegram_id is None:
        return
    people = missing[:MOST_PEOPLE]
    draft = await drafts.begin(
        session,
        kind=KIND,
        chat_id=reader.telegram_id,
        telegram_id=reader.telegram_id,
        data={"people": [person.officer_id for person in people]},
        lifetime=LIFETIME,
        now=now,
    )
    locale = reader.language or voice.desk.locale
    _ = html(voice.texts, locale)
    lines = [bold(_("每日送达情况")), *_failures(failed, _), *_people(missing, people, _)]
    buttons = _buttons(draft, len(people), voice.texts.for_locale(locale))
    await outbox.reply(
        session,
        reader.telegram_id,
        joined(fitting(lines, _)),
        buttons,
        now=now,
        officer_id=reader.officer_id,
        priority=outbox.LATER,
    )


def _failures(failed: Sequence[Delivery], translate: Translate) -> list[str]:
    """Failed pages of the last day, one line for each person or group and reason."""
    _ = translate
    if not failed:
        return [_("过去一天的呼叫全部送达。")]
    words = Wording(_)
    counted = Counter(
        (page.court_name, page.officer, page.post, deliveries.outcome_words(page, _))
        for page in failed
    )
    lines = [_("过去一天未送达 {count} 次：", count=len(failed))]
    for (court, officer, post, said), count in sorted(counted.items(), key=lambda item: item[0][0]):
        whom = words.person(Signature(officer, post)) if officer else words.post("group")
        lines.append(
            _("{court}　{whom}　{said}　{count} 次", court=court, whom=whom, said=said, count=count)
        )
    return lines


def _people(
    missing: Sequence[Unreached], people: Sequence[Unreached], translate: Translate
) -> list[str]:
    """Who holds an answering post today and cannot be reached by chat, numbered as the buttons are."""
    _ = translate
    if not missing:
        return [_("所有值班人员均可在聊天中呼叫。")]
    words = Wording(_)
    lines = ["", _("聊天中无法呼叫的值班人员 {count} 人：", count=len(missing))]
    for number, person in enumerate(people, 1):
        post = person.posts[0] if person.posts else None
        lines.append(
            f"{number}. {person.court_name}　{words.person(Signature(person.name, post))}"
            f"　{words.unreachable(person.reason)}"
        )
    if len(missing) > len(people):
        lines.append(_("另有 {count} 人未列出", count=len(missing) - len(people)))
    lines.append(_("点编号生成新的邀请链接，请转发给本人（24 小时内有效，只能用一次）。"))
    return lines


def _buttons(draft: Draft, count: int, translate: Translate) -> list[list[dict[str, str]]]:
    _ = translate
    each = [
        {
            "text": _("邀请 {number}", number=number),
            "data": drafts.encode(draft, f"person={number - 1}"),
        }
        for number in range(1, count + 1)
    ]
    rows = [each[start : start + 4] for start in range(0, count, 4)]
    if count > 1:
        rows.append([{"text": _("邀请以上全部"), "data": drafts.encode(draft, "all")}])
    return rows


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """Make fresh invitations and hand their links to the coordinator, one message a person."""
    _ = talk.plain
    people: list[int] = draft.data["people"]
    word, _equals, number = choice.partition("=")
    if word == "person" and number.isdecimal() and int(number) < len(people):
        wanted = [people[int(number)]]
    elif choice == "all":
        wanted = people
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    if talk.speaker.officer is None:
        talk.refuse(refusal("stranger", _))
        return
    found = await talk.session.scalars(
        select(Officer).options(joinedload(Officer.court)).where(Officer.id.in_(wanted))
    )
    # In the order of the list, which is how the links come.
    known = {officer.id: officer for officer in found}
    mine = [known[key] for key in wanted if key in known and _may_invite(talk, known[key])]
    if not mine:
        talk.refuse(_("只有该省协调员可以邀请；已关联且可送达的人员无需邀请。"))
        return
    for officer in mine:
        code = await officers.invite(
            talk.session, officer, now=talk.now, who=talk.speaker.actor.who
        )
        talk.after.append(SendSecret(talk.chat_id, _invitation(talk, officer, code), forward=True))
    talk.answer(_("已生成 {count} 个邀请链接，请转发给本人。", count=len(mine)))


def _may_invite(talk: Talk, officer: Officer) -> bool:
    """Of the coordinator's province, still here, and not to be reached as things are."""
    unreached = officer.telegram_id is None or officer.blocked_at is not None
    return (
        talk.speaker.is_coordinator
        and officer.court.province == talk.speaker.province
        and officer.left_at is None
        and unreached
    )


def _invitation(talk: Talk, officer: Officer, code: str) -> str:
    _ = talk.plain
    username = talk.parts.username
    how = f"https://t.me/{username}?start={code}" if username else f"/start {code}"
    return _(
        "邀请 {name}（{court}）关联聊天账号，24 小时内有效，只能用一次，请勿转发他人：\n{how}",
        name=officer.name,
        court=officer.court.name,
        how=how,
    )
