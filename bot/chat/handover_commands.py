"""`/handover`: the officer on duty passes on what waits, with two taps. The automatic one is in `notifications.rounds`."""

from datetime import timedelta

from bot.chat import drafts
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined
from bot.chat.swap_commands import voice
from bot.models import Draft
from directory.models import Officer
from directory.texts import Translate
from notifications import handover_words, handovers, swap_choices
from notifications.day_texts import day_said
from notifications.swap_choices import Sight
from notifications.swapping import Period

KIND = "handover"

#: How long the buttons work.
LIFETIME = timedelta(minutes=30)


async def handover(talk: Talk, _words: str) -> None:
    """`/handover` in the private chat: done, pending and due as they stand, and to whom they may go."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    if not talk.private:
        await talk.reply(_("请私聊机器人发送 /handover。"))
        return
    sight = await swap_choices.look(talk.session, officer.court, voice(talk), now=talk.now)
    if not _may(talk, sight, officer):
        await talk.reply(_("只有当班人员或带班领导可以交接班。"))
        return
    filings = await handovers.open_filings(talk.session, officer.court)
    facts = await handovers.facts(talk.session, officer.court, filings, voice(talk), now=talk.now)
    people = await _people(talk, sight, officer)
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"people": [officer_id for officer_id, _label in people]},
        lifetime=LIFETIME,
        now=talk.now,
    )
    buttons = [
        [{"text": label, "data": drafts.encode(draft, f"to={officer_id}")}]
        for officer_id, label in people
    ]
    counted = _(
        "已办 {done} 件，待办 {pending} 件，其中今日到期 {due} 件",
        done=len(facts["done"]),
        pending=len(facts["pending"]),
        due=len(facts["due"]),
    )
    lines = [
        bold(_("交接班")),
        counted,
        *handover_words.details(facts, officer.court, _, voice(talk), talk.now),
        "",
        _("请选择接班人员。交接不改变排班，更换值班人员请用 /swap。")
        if people
        else _("本院没有其他A岗或B岗人员可以接班。"),
    ]
    row = await talk.reply(joined(lines), buttons)
    draft.data = {**draft.data, "message": row}


def _may(talk: Talk, sight: Sight, officer: Officer) -> bool:
    on_duty = {one.officer_id for one in sight.roster.on(sight.today).of("A")}
    return officer.id in on_duty or "leader" in talk.speaker.posts


async def _people(talk: Talk, sight: Sight, officer: Officer) -> list[tuple[int, str]]:
    """Who may take over, whoever is on duty next first."""
    _ = talk.plain
    today = Period(sight.today, sight.today)
    found = await swap_choices.colleagues(talk.session, sight, officer.id, "A", today)
    people = {one.officer_id: one.name for one in found}
    following = sight.roster.change_after(
        sight.today, sight.today + timedelta(days=swap_choices.LOOK_AHEAD - 1), ("A",)
    )
    if following is not None:
        for one in reversed(sight.roster.on(following).of("A")):
            if one.officer_id in people:
                label = _("{name}（下一班 {day}）", name=one.name, day=day_said(following, _))
                del people[one.officer_id]
                people = {one.officer_id: label, **people}
    return list(people.items())


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """Hand over to the colleague who was tapped."""
    _ = talk.plain
    officer = talk.speaker.officer
    word, _equals, number = choice.partition("=")
    if officer is None:
        talk.refuse(refusal("stranger", _))
        return
    if word != "to" or not number.isdecimal() or int(number) not in draft.data["people"]:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    sight = await swap_choices.look(talk.session, officer.court, voice(talk), now=talk.now)
    if not _may(talk, sight, officer):
        talk.refuse(_("只有当班人员或带班领导可以交接班。"))
        return
    if not await drafts.close(talk.session, draft, now=talk.now):
        talk.refuse(_("该操作此前已处理。"))
        return
    standing = [one.officer_id for one in sight.roster.on(sight.today).of("A")]
    outgoing = officer.id if officer.id in standing else next(iter(standing), None)
    written = await handovers.hand_over(
        talk.session, officer.court, "A", outgoing, int(number), voice(talk), now=talk.now
    )
    incoming = await talk.session.get_one(Officer, int(number))
    talk.answer(_came_of(incoming.name, talk.plain, written=written is not None))
    text = _came_of(incoming.name, talk.html, written=written is not None)
    await talk.edit(draft.data["message"], text)


def _came_of(name: str, translate: Translate, *, written: bool) -> str:
    _ = translate
    if written:
        return _("已发送交接班，待 {name} 确认。", name=name)
    return _("今日已向 {name} 交接过。", name=name)
