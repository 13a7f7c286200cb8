"""`/today`: today's digest at once, and the settings of one's digests by buttons. When they come by themselves is `notifications.digests`' business."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from markupsafe import Markup

from bot.chat import drafts
from bot.chat.outcome_words import refusal
from bot.chat.replies import Buttons, Talk, bold, joined
from bot.chat.swap_commands import voice
from bot.models import Draft
from directory import courts
from directory.models import Court, Officer
from directory.roster import COURT_POSTS
from directory.texts import Translate
from notifications import (
    digest_facts,
    digest_group_words,
    digest_plan,
    digest_settings,
    digest_words,
    digests,
)
from notifications.digest_models import Digest
from notifications.digest_plan import Kind
from notifications.digest_words import CourtFacts, Facts, OfficerFacts
from notifications.told import html

KIND = "digest"

#: How long the buttons of the settings work.
LIFETIME = timedelta(days=1)

# Eighteen digits: every such number fits a database's key, whoever made it up.
_DATA = re.compile(digests.WORD + r":([1-9][0-9]{0,17})")

#: Choices of the settings: another time begins with the first.
_TIME, _USUAL, _EMPTY, _OFF = "at=", "usual", "empty", "off"


@dataclass(frozen=True, slots=True)
class DigestPress:
    """A press of 设置 under a digest."""

    number: int


def decode(data: str) -> DigestPress | None:
    """What was pressed; None for any other button."""
    match = _DATA.fullmatch(data)
    return DigestPress(int(match[1])) if match else None


async def command(talk: Talk, words: str) -> None:
    """`/today`: in private what concerns the speaker, in a group its courts' day. `/today 8:10`: have it come then."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    if words.strip():
        await _typed(talk, officer, words)
        return
    if not talk.private:
        await _of_group(talk, officer)
        return
    posts = talk.speaker.posts
    kinds = digest_plan.kinds_of(posts)
    shown = [kind for kind in kinds if kind != "leader"]
    facts = [await _facts(talk, kind, officer, officer.court) for kind in shown]
    if posts & set(COURT_POSTS):
        facts.append(await _facts(talk, "court", None, officer.court))
    texts = [_said(talk, one) for one in _each_once(facts)]
    row = [
        digests.button(
            await digest_settings.of_officer(
                talk.session, officer, kind, talk.parts.desk, now=talk.now
            ),
            _labelled(kind, talk.plain),
        )
        for kind in kinds
    ]
    if posts & set(COURT_POSTS) and await _may_settle_court(talk, officer.court):
        row.append(await _court_button(talk, officer.court))
    texts.append(_as_of(talk, officer.court))
    await talk.reply(Markup("\n\n").join(filter(None, texts)), [[one] for one in row])


async def _typed(talk: Talk, officer: Officer, words: str) -> None:
    """A time for one's own digest; in a group for its court's day."""
    _ = talk.html
    wished, kinds = digest_plan.typed_time(words), digest_plan.kinds_of(talk.speaker.posts)
    if wished is None:
        await talk.reply(_("未能识别时间。请如 /today 8:10 发送。"))
        return
    if talk.private and not kinds:
        await talk.reply(_("您今日的岗位没有每日或每周的提醒。"))
        return
    desk = talk.parts.desk
    if talk.private:
        kind = digest_plan.typed_for(kinds, wished)
        row = await digest_settings.of_officer(talk.session, officer, kind, desk, now=talk.now)
        rows = [await digest_settings.hold(talk.session, row.id) or row]
    else:
        rows = await _settled_here(talk)
        if not rows:
            await talk.reply(_("只有本院带班领导和省级协调员可以更改。"))
            return
    for row in rows:
        await digest_settings.settle(
            talk.session, row, desk, by=talk.speaker.actor.who, now=talk.now,
            time=wished, off=False, when_empty=row.when_empty,
        )  # fmt: skip
    await _show(talk, rows)


def _as_of(talk: Talk, court: Court) -> str:
    _ = talk.html
    local = talk.now.astimezone(courts.zone_of(court, talk.parts.desk.timezone))
    return _("截至 {time}", time=f"{local:%H:%M}")


async def _of_group(talk: Talk, officer: Officer) -> None:
    _ = talk.html
    served = await courts.of_group(talk.session, talk.chat_id)
    own = [court for court in served if court.code == officer.court_code]
    if talk.speaker.is_coordinator:
        own = [court for court in served if court.province == talk.speaker.province]
    if not own:
        await talk.reply(_("本群没有关联您的法院。请私聊机器人发送 /today。"))
        return
    facts = await _facts_of_courts(talk, own)
    button = [[await _court_button(talk, own[0])]]
    texts = digest_group_words.said(facts, html(talk.parts.texts, talk.locale))
    for text in texts[:-1]:
        await talk.reply(text)
    await talk.reply(joined([texts[-1], _as_of(talk, own[0])]), button)


async def _court_button(talk: Talk, court: Court) -> dict[str, str]:
    row = await digest_settings.of_court(talk.session, court, talk.parts.desk, now=talk.now)
    return digests.button(row, _labelled("court", talk.plain))


async def _facts(talk: Talk, kind: Kind, officer: Officer | None, court: Court) -> Facts | None:
    """The facts of today as they stand now; None for somebody who is on leave."""
    day = digest_facts.days_of(court, talk.parts.desk.timezone).today(talk.now)
    wanted = [(officer, court, day)]
    return (await digests.facts_of(talk.session, kind, wanted, voice(talk), talk.now))[0]


async def _facts_of_courts(talk: Talk, served: Sequence[Court]) -> list[CourtFacts]:
    """The day of each court as it stands now."""
    desk = talk.parts.desk
    wanted = [(one, digest_facts.days_of(one, desk.timezone).today(talk.now)) for one in served]
    found = await digest_facts.court_days(talk.session, wanted, desk, now=talk.now)
    return [found[one.code] for one in served]


def _each_once(every: Iterable[Facts | None]) -> list[Facts]:
    """Those there are; what the morning line names, the court's day only counts."""
    found: list[Facts] = []
    named: frozenset[str] = frozenset()
    for facts in every:
        match facts:
            case OfficerFacts():
                named |= {one.reference for one in facts.open[: digest_words.MOST_NAMED]}
                found.append(replace(facts, asked=True))
            case CourtFacts():
                found.append(replace(facts, named=named))
            case None:
                pass
            case _:
                found.append(facts)
    return found


def _said(talk: Talk, facts: Facts) -> str:
    return digest_words.said(facts, html(talk.parts.texts, talk.locale))


def _labelled(kind: Kind, translate: Translate) -> str:
    _ = translate
    return _("⏰ {name}", name=_name(kind, _))


def _name(kind: Kind, translate: Translate) -> str:
    _ = translate
    return {
        "officer": _("早间提醒"),
        "court": _("本院每日小结"),
        "province": _("每日综述"),
        "leader": _("每周小结"),
    }[kind]


async def _may_settle_court(talk: Talk, court: Court) -> bool:
    """Its leader, its province's coordinator; where it has no group, whom it is sent to."""
    speaker, desk = talk.speaker, talk.parts.desk
    if speaker.linked is None:
        return False
    if speaker.is_coordinator and speaker.province == court.province:
        return True
    if speaker.linked.court_code != court.code:
        return False
    if "leader" in speaker.posts:
        return True
    readers = await digests.readers_of(talk.session, [court], desk, now=talk.now)
    return speaker.linked.id in {one.officer_id for one in readers[court.code]}


async def _settled_here(talk: Talk) -> list[Digest]:
    """Held: those of the group's courts that are the speaker's to settle; they come as one message and are settled as one."""
    served = await courts.of_group(talk.session, talk.chat_id)
    own = [court for court in served if await _may_settle_court(talk, court)]
    numbers = [
        (await digest_settings.of_court(talk.session, court, talk.parts.desk, now=talk.now)).id
        for court in own
    ]
    # In one order, as whoever writes them.
    held = [await digest_settings.hold(talk.session, number) for number in sorted(numbers)]
    return [row for row in held if row is not None]


async def _held(talk: Talk, number: int) -> list[Digest]:
    """The digest, held, if the speaker may settle it, in a group with those of its other courts; else they hear why not."""
    _ = talk.plain
    linked = talk.speaker.linked
    if linked is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return []
    row = await talk.session.get(Digest, number)
    if row is None:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return []
    if row.officer_id is not None and row.officer_id != linked.id:
        talk.refuse(_("只有本人可以更改。"))
        return []
    if row.officer_id is None:
        court = await digest_settings.court_of(talk.session, row)
        here = not talk.private and court.group_chat_id == talk.chat_id
        rows = await _settled_here(talk) if here else []
        if rows:
            return rows
        if here or not await _may_settle_court(talk, court):
            talk.refuse(_("只有本院带班领导和省级协调员可以更改。"))
            return []
    held = await digest_settings.hold(talk.session, number)
    return [] if held is None else [held]


async def pressed(talk: Talk, press: DigestPress) -> None:
    """设置: show what holds, with the buttons that change it."""
    rows = await _held(talk, press.number)
    if not rows:
        return
    talk.answer()
    await _show(talk, rows)


async def _show(talk: Talk, rows: Sequence[Digest]) -> None:
    draft = await drafts.begin(
        talk.session, kind=KIND, chat_id=talk.chat_id, telegram_id=talk.speaker.telegram_id,
        data={"digest": rows[0].id}, lifetime=LIFETIME, now=talk.now,
    )  # fmt: skip
    text, buttons = _panel(talk, draft, rows)
    draft.data = {**draft.data, "message": await talk.reply(text, buttons)}


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """One tap changes one thing; the message shows how it stands."""
    _ = talk.plain
    rows = await _held(talk, draft.data["digest"])
    if not rows:
        return
    row = rows[0]
    time, off, when_empty = row.time, row.off, row.when_empty
    if choice.removeprefix(_TIME) in _offered(row):
        time = choice.removeprefix(_TIME)
    elif choice == _USUAL:
        time = None
    elif choice == _EMPTY:
        when_empty = not when_empty
    elif choice == _OFF:
        off = not off
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    for one in rows:
        await digest_settings.settle(
            talk.session, one, talk.parts.desk, by=talk.speaker.actor.who, now=talk.now,
            time=time, off=off, when_empty=when_empty,
        )  # fmt: skip
    talk.answer(_("已更新。"))
    text, buttons = _panel(talk, draft, rows)
    await talk.edit(draft.data["message"], text, buttons)


def _panel(talk: Talk, draft: Draft, rows: Sequence[Digest]) -> tuple[str, Buttons]:
    _ = talk.html
    row = rows[0]
    kind = digest_settings.kind_of(row)
    plain = talk.parts.texts.for_locale(talk.locale)
    usual = _usual(kind, plain)
    days = _("逢每周最后一个工作日") if kind == "leader" else _("逢工作日")
    lines = [
        bold(_("{name}设置", name=_name(kind, _))),
        _("现已停发") if row.off else _("{days}　{time}", days=days, time=row.time or usual),
    ]
    if not row.off:
        lines.append(_("无事的日子也发送") if row.when_empty else _("无事的日子不发送"))
    if len(rows) > 1:
        lines.append(_("本群 {count} 家法院一并更改", count=len(rows)))
    lines.append(_("随时发送 /today 查看当天情况；/today 8:10 改为该时间。"))
    times = {_USUAL: usual, **{f"{_TIME}{time}": time for time in _offered(row)}}
    holds = f"{_TIME}{row.time}" if row.time else _USUAL
    switches = _switches(draft, row, plain)
    if row.off:
        return joined(lines), [switches]
    chosen_row = [
        _button(draft, choice, f"✓ {label}" if choice == holds else label)
        for choice, label in times.items()
    ]
    return joined(lines), [chosen_row, switches]


def _offered(row: Digest) -> list[str]:
    """The times that have a button: the usual ones, and the one that was typed."""
    usual = digest_plan.TIMES[digest_settings.kind_of(row)]
    return sorted({*usual, *filter(None, [row.time])})


def _switches(draft: Draft, row: Digest, translate: Translate) -> list[dict[str, str]]:
    _ = translate
    if row.off:
        return [_button(draft, _OFF, _("恢复发送"))]
    return [
        _button(draft, _EMPTY, _("无事不发") if row.when_empty else _("无事也发")),
        _button(draft, _OFF, _("停发")),
    ]


def _usual(kind: Kind, translate: Translate) -> str:
    _ = translate
    return _("上班时") if kind == "officer" else _("下班时")


def _button(draft: Draft, choice: str, label: str) -> dict[str, str]:
    return {"text": label, "data": drafts.encode(draft, choice)}
