"""`/closed`: a leader closes the own court for a day, a coordinator the province or a court of it, and says who stands in."""

from datetime import date, timedelta

from bot.chat import drafts
from bot.chat.day_choice import cancel_row
from bot.chat.duty_commands import courts_meant
from bot.chat.filing_rows import named
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined
from bot.chat.swap_commands import voice
from bot.models import Draft
from directory import courts, day_overrides, duty
from directory.day_overrides import NoSuchSettledDay, Substitute
from directory.errors import DirectoryError
from directory.models import Court, Officer
from directory.texts import Translate
from notifications.day_texts import day_said
from notifications.told import Said, person, tell

KIND = "closed"

#: How long the two answers may take.
LIFETIME = timedelta(minutes=30)

#: So many days, from today, and so many courts nearby are offered.
DAYS, NEARBY = 8, 4


async def closed(talk: Talk, words: str) -> None:
    """`/closed [COURT]` in the private chat: offers days to close, and settled ones to take back."""
    _ = talk.html
    if talk.speaker.officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    if not talk.private:
        await talk.reply(_("请私聊机器人发送 /closed。"))
        return
    meant = await courts_meant(talk, words) if words else ()
    if meant is None:
        return
    scope = _scope_of(talk, meant[0]) if meant else _own_scope(talk)
    if scope is None:
        await talk.reply(_("只有带班领导（本院）和省级协调员（本省或其法院）可以作此安排。"))
        return
    today = duty.local_day(talk.speaker.officer.court, talk.now, talk.parts.desk.timezone)
    draft = await drafts.begin(
        talk.session, kind=KIND, chat_id=talk.chat_id, telegram_id=talk.speaker.telegram_id,
        data={"scope": scope, "today": today.isoformat()}, lifetime=LIFETIME, now=talk.now,
    )  # fmt: skip
    held = await day_overrides.upcoming(talk.session, [scope], today)
    lines = [bold(_("安排不办公：请选择日期（{scope}）", scope=await _named(talk, scope)))]
    lines += [
        _("已安排：{day}　{reason}", day=day_said(one.day, _), reason=one.name or _("不办公"))
        for one in held
    ]
    buttons = [
        [{"text": day_said(today + timedelta(days=n), talk.plain), "data": drafts.encode(draft, f"day={n}")}
         for n in range(start, start + 2)]
        for start in range(0, DAYS, 2)
    ]  # fmt: skip
    for one in held:
        text = talk.plain("取消安排：{day}", day=day_said(one.day, talk.plain))
        buttons.append([{"text": text, "data": drafts.encode(draft, f"undo={one.id}")}])
    buttons.append(cancel_row(draft, talk.plain))
    draft.data = {**draft.data, "message": await talk.reply(joined(lines), buttons)}


def _own_scope(talk: Talk) -> str | None:
    """Whose days the speaker settles without naming a court; None for nobody's."""
    officer = talk.speaker.officer
    if officer is None:
        return None
    if talk.speaker.is_coordinator:
        return officer.court.province
    return officer.court_code if "leader" in talk.speaker.posts else None


def _scope_of(talk: Talk, court: Court) -> str | None:
    """The court's code, if the speaker may settle its days."""
    officer = talk.speaker.officer
    if officer is None:
        return None
    own = "leader" in talk.speaker.posts and court.code == officer.court_code
    coordinates = talk.speaker.is_coordinator and talk.speaker.province == court.province
    return court.code if own or coordinates else None


async def _still_may(talk: Talk, draft: Draft) -> bool:
    """The right is asked again at each answer: posts may have changed since."""
    scope: str = draft.data["scope"]
    if scope == talk.speaker.province:
        return talk.speaker.is_coordinator
    return _scope_of(talk, await courts.get(talk.session, scope)) is not None


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A tap on a day, on a substitute, or on a settled day to take back."""
    _ = talk.plain
    word, _equals, value = choice.partition("=")
    if word == "no":
        await cancel(talk, draft)
        talk.answer()
    elif not await _still_may(talk, draft):
        talk.refuse(_("只有带班领导（本院）和省级协调员（本省或其法院）可以作此安排。"))
    elif word == "day" and value.isdecimal() and int(value) < DAYS:
        talk.answer()
        await _ask_who(talk, draft, date.fromisoformat(draft.data["today"]) + timedelta(int(value)))
    elif word == "sub" and "day" in draft.data:
        talk.answer()
        if value == "-":
            await _settle(talk, draft, None)
        else:
            await _name(talk, draft, value)
    elif word == "undo" and value.isdecimal():
        await _take_back(talk, draft, int(value))
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def cancel(talk: Talk, draft: Draft) -> None:
    """End the conversation; nothing was settled."""
    _ = talk.html
    await drafts.close(talk.session, draft, now=talk.now)
    await talk.edit(draft.data["message"], _("已取消，未作安排。"))


async def _ask_who(talk: Talk, draft: Draft, when: date) -> None:
    _ = talk.html
    drafts.go_on(draft, {**draft.data, "day": when.isoformat()}, lifetime=LIFETIME, now=talk.now)
    buttons = [[{"text": talk.plain("不设代班，暂停计时"), "data": drafts.encode(draft, "sub=-")}]]
    buttons += [
        [{"text": named(court), "data": drafts.encode(draft, f"sub={court.code}")}]
        for court in await _nearby(talk, draft.data["scope"])
    ]
    buttons.append(cancel_row(draft, talk.plain))
    text = _(
        "{day}不办公，由谁代班？请点按钮，或发送法院代字、“代字:姓名”。", day=day_said(when, _)
    )
    await talk.edit(draft.data["message"], text, buttons)


async def _nearby(talk: Talk, scope: str) -> list[Court]:
    """The court above; a province has none."""
    found = await courts.many(talk.session, [scope])
    court = found.get(scope)
    if court is None or court.parent_code is None:
        return []
    return list((await courts.many(talk.session, [court.parent_code])).values())[:NEARBY]


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """A typed substitute; False while the day is not chosen, for then a text answers nothing here."""
    if "day" not in draft.data or not await _still_may(talk, draft):
        return False
    await _name(talk, draft, text.strip())
    return True


async def _name(talk: Talk, draft: Draft, words: str) -> None:
    """Let a court as people name it, or an officer as `code:name`, stand in."""
    try:
        if ":" not in words and "：" not in words:
            found = await talk.court_meant(words)
            words = found.court.code if found.court is not None else words
        substitute = await day_overrides.substitute_of(talk.session, words)
    except DirectoryError as fault:
        await talk.reply(talk.fault(fault))
        return
    await _settle(talk, draft, substitute)


async def _settle(talk: Talk, draft: Draft, substitute: Substitute | None) -> None:
    _ = talk.html
    scope, when = draft.data["scope"], date.fromisoformat(draft.data["day"])
    try:
        await day_overrides.settle(
            talk.session, scope, when, "off", by=talk.speaker.actor.who, now=talk.now,
            today=date.fromisoformat(draft.data["today"]), substitute=substitute,
        )  # fmt: skip
    except DirectoryError as fault:
        await talk.reply(talk.fault(fault))
        return
    await drafts.close(talk.session, draft, now=talk.now)
    name = await _named(talk, scope)
    who = await _tell_substitute(talk, name, when, substitute)
    if who is None:
        text = _(
            "已安排：{scope} {day}不办公，不设代班，当日暂停计时。",
            scope=name,
            day=day_said(when, _),
        )
    else:
        text = _(
            "已安排：{scope} {day}不办公，由{who}代班。",
            scope=name,
            day=day_said(when, _),
            who=who,
        )
    await talk.edit(draft.data["message"], text)


async def _named(talk: Talk, scope: str) -> str:
    """A court by name and code, a province by its name."""
    court = (await courts.many(talk.session, [scope])).get(scope)
    return named(court) if court is not None else scope


async def _tell_substitute(
    talk: Talk, scope: str, when: date, substitute: Substitute | None
) -> str | None:
    """Tell whoever stands in, and give their name; None without a substitute."""
    if substitute is None:
        return None
    desk = talk.parts.desk
    if substitute.officer_id is not None:
        officer = await talk.session.get_one(Officer, substitute.officer_id)
        people = list((await duty.people(talk.session, [officer.id], now=talk.now)).values())
        who = f"{named(await courts.get(talk.session, officer.court_code))} {officer.name}"
    else:
        court = await courts.get(talk.session, substitute.court or "")
        found = await duty.on_duty(
            talk.session, [court], now=talk.now, default_timezone=desk.timezone
        )
        people, who = [*found[court.code].of("A"), *found[court.code].of("leader")], named(court)
    readers = [reader for one in people for reader in person("substitute", one, desk)]

    def say(_role: str, _: Translate) -> Said:
        return Said(
            _(
                "{scope} {day}不办公，由您代班应答，呼叫将直接发给您。",
                scope=scope,
                day=day_said(when, _),
            )
        )

    await tell(talk.session, readers, say, voice(talk), now=talk.now)
    return who


async def _take_back(talk: Talk, draft: Draft, number: int) -> None:
    _ = talk.html
    try:
        row = await day_overrides.take_back(
            talk.session, number, by=talk.speaker.actor.who, now=talk.now,
            scopes=[draft.data["scope"]],
        )  # fmt: skip
    except NoSuchSettledDay:
        talk.refuse(talk.plain("该操作此前已处理。"))
        return
    await drafts.close(talk.session, draft, now=talk.now)
    talk.answer()
    await talk.edit(
        draft.data["message"],
        _(
            "已取消 {scope} {day} 的另行安排。",
            scope=await _named(talk, row.scope),
            day=day_said(row.day, _),
        ),
    )
