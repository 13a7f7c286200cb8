"""The part of `/edit` about people and posts: who is of a court, posts by a tap, joining, departing, moving, coming back.

Chooses and asks only; what comes of it is shown and saved by `edit_command`.
"""

from typing import Any

from bot.chat import drafts
from bot.chat.edit_acts import Entry, court_of, go_on, preview, today_of, values_of
from bot.chat.edit_buttons import subject_of
from bot.chat.edit_words import label, line_of, refusal
from bot.chat.filing_rows import named
from bot.chat.replies import Talk, bold, joined, quoted
from bot.models import Draft
from directory import access, courts, edit_values, officers
from directory.access import Action, Subject
from directory.edit_values import TOP
from directory.errors import CourtNotFound
from directory.models import Court, Officer

#: So many people of a court are offered; others are found by their names.
MOST_PEOPLE = 24

Row = list[dict[str, str]]


def post_lines(talk: Talk, officer: Officer) -> list[str]:
    """The posts that a card shows, or since when the person has left."""
    _ = talk.html
    if officer.left_at is not None:
        return [_("已离任")]
    held = values_of(officer)["posts"]
    lines = [
        line_of(f"posts.{post}", held[post], _) for post in officers.POSTS_BY_RANK if post in held
    ]
    return lines or [_("没有岗位")]


def rows(talk: Talk, draft: Draft, entry: Entry) -> list[Row]:
    """Buttons for everything about people that this speaker may do here."""
    _ = talk.plain
    viewer, subject = talk.speaker.viewer, subject_of(entry)

    def button(text: str, word: str) -> dict[str, str]:
        return {"text": text, "data": drafts.encode(draft, word)}

    if isinstance(entry, Court):
        if not access.may(viewer, "add", subject):
            return []
        return [[button(_("人员"), "people"), button(_("新增人员"), "add")]]
    if entry.left_at is not None:
        return [[button(_("复职"), "return")]]
    found: Row = []
    if _posts(talk, subject, entry.court):
        found.append(button(_("岗位"), "posts"))
    # Whoever could only let themselves go does so by asking their leader.
    actions: tuple[tuple[Action, str], ...] = (("depart", _("离任")), ("move", _("调动")))
    others = access.may(viewer, "add", Subject(subject.court, subject.province))
    found += [button(text, word) for word, text in actions if access.may(viewer, word, subject)
              and others]  # fmt: skip
    return [found] if found else []


def _posts(talk: Talk, subject: Subject, court: Court) -> list[str]:
    """The posts that the speaker may give at this court."""
    return [
        post
        for post in officers.POSTS_BY_RANK
        if access.gives(talk.speaker.viewer, post, subject)
        and (post != "coordinator" or court.level in TOP)
    ]


async def chosen(talk: Talk, draft: Draft, entry: Entry, word: str, value: str) -> bool:
    """A tap on one of these buttons; False for any other."""
    if word == "p":
        return await _post_chosen(talk, draft, entry, value)
    if isinstance(entry, Court):
        if word == "people":
            await _list(talk, draft, entry)
        elif word == "add":
            await _ask(talk, draft, "add", talk.html("新增人员：请发送姓名"))
        else:
            return False
    elif word == "posts":
        await _choose_post(talk, draft, entry, {"do": "post"})
    elif word == "return":
        await _choose_post(talk, draft, entry, {"do": "return"})
    elif word == "depart":
        go_on(talk, draft, act={"do": "depart"})
        await preview(talk, draft, entry)
    elif word == "move":
        await _ask(talk, draft, "move", talk.html("调动：请发送新法院的代字或名称"))
    else:
        return False
    talk.answer()
    return True


async def answered(talk: Talk, draft: Draft, entry: Entry, text: str) -> str | None:
    """The new person's name or the other court; what is wrong with it (plain or HTML), if anything is."""
    _ = talk.html
    if draft.data["asks"] == "add":
        wanted = edit_values.read_person({"name": text}, {})
        if wanted.faults:
            return refusal(wanted.faults[0], talk.plain)
        then = {"do": "add", "name": wanted.values["name"]}
    else:
        found = await talk.court_meant(text)
        if found.court is None and not found.choices:
            return talk.fault(CourtNotFound, words=text)
        if found.court is None:
            head = _("“{words}”可能是以下法院，请改写代字：", words=quoted(text))
            return joined([head, *(named(one) for one in found.choices[:10])])
        if not _may_move(talk, entry, found.court):
            return _("您只能把人员调到本省的其他法院。")
        then = {"do": "move", "to": found.court.code}
    await talk.edit(draft.data["message"], _("已收到，请看下方。"))
    go_on(talk, draft, message=await talk.reply("…"))
    await _choose_post(talk, draft, entry, then)
    return None


def _may_move(talk: Talk, entry: Entry, to: Court) -> bool:
    there = Subject(to.code, to.province, subject_of(entry).officer_id)
    return to.code != court_of(entry).code and access.may(talk.speaker.viewer, "move", there)


async def _list(talk: Talk, draft: Draft, court: Court) -> None:
    _ = talk.html
    go_on(talk, draft)
    people = (await officers.of_court(talk.session, court.code))[:MOST_PEOPLE]
    today = today_of(talk, court)
    buttons: Row = []
    for one in people:
        post = officers.main_post(officers.posts_on(one, today))
        shown_post = f"　{label(f'posts.{post}', talk.plain)}" if post else ""
        data = drafts.encode(draft, f"who={one.id}")
        buttons.append({"text": f"{one.name}{shown_post}", "data": data})
    lines = [bold(named(court)), _("请选择人员；其他人可发送 /edit 姓名")]
    found = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    await talk.edit(draft.data["message"], joined(lines), [*found, _back(talk, draft)])


async def _ask(talk: Talk, draft: Draft, asks: str, question: str) -> None:
    go_on(talk, draft, asks=asks)
    await talk.edit(draft.data["message"], bold(question), [_back(talk, draft)])


async def _choose_post(talk: Talk, draft: Draft, entry: Entry, then: dict[str, Any]) -> None:
    """A button for each post: those held now have a mark where a tap gives or takes one."""
    _ = talk.html
    court = await _where(talk, entry, then)
    go_on(talk, draft, then=then)
    held = _held(talk, entry) if then["do"] == "post" else frozenset()
    buttons = [
        {
            "text": ("✅ " if post in held else "") + label(f"posts.{post}", talk.plain),
            "data": drafts.encode(draft, f"p={post}"),
        }
        for post in _posts(talk, _subject(entry, court), court)
    ]
    question = _("请选择岗位（再点一次已有的岗位为取消）") if held else _("请选择岗位")
    lines = [bold(then.get("name", entry.name)), named(court), question]
    found = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    await talk.edit(draft.data["message"], joined(lines), [*found, _back(talk, draft)])


def _held(talk: Talk, entry: Entry) -> frozenset[str]:
    if not isinstance(entry, Officer):
        return frozenset()
    return officers.posts_on(entry, today_of(talk, entry.court))


async def _where(talk: Talk, entry: Entry, then: dict[str, Any]) -> Court:
    return await courts.get(talk.session, then["to"]) if "to" in then else court_of(entry)


def _subject(entry: Entry, court: Court) -> Subject:
    return Subject(court.code, court.province, entry.id if isinstance(entry, Officer) else 0)


async def _post_chosen(talk: Talk, draft: Draft, entry: Entry, post: str) -> bool:
    then = draft.data.get("then")
    if then is None:
        return False
    court = await _where(talk, entry, then)
    if post not in _posts(talk, _subject(entry, court), court):
        return False
    act = {**then, "post": post}
    if then["do"] == "post":
        act["held"] = post not in _held(talk, entry)
        act["seen"] = values_of(entry)["posts"].get(post)
    talk.answer()
    go_on(talk, draft, act=act)
    await preview(talk, draft, entry)
    return True


def _back(talk: Talk, draft: Draft) -> Row:
    return [{"text": talk.plain("返回"), "data": drafts.encode(draft, "back")}]
