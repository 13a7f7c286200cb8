"""An edit that a conversation has come to: kept in its row, said as before → after, and done.

An act is plain data: `{"do": "field", "field", "value", "seen"}`, `{"do": "post", "post", "held", "seen"}`,
`{"do": "add", "name", "post"}`, `{"do": "depart"}`, `{"do": "return", "post"}`,
`{"do": "move", "to", "post"}`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from bot.chat import drafts
from bot.chat.edit_words import label, step
from bot.chat.filing_rows import named
from bot.chat.replies import Talk, bold, joined
from bot.models import Draft
from directory import change_values, courts, duty, edit_values, edits
from directory.edits import Editor, Outcome
from directory.import_faults import Fault
from directory.models import Court, Officer
from directory.officers import subject as written

#: How long the answer to a question may take.
LIFETIME = timedelta(minutes=30)

Act = Mapping[str, Any]
Entry = Court | Officer


def editor_of(talk: Talk) -> Editor:
    """The speaker as the record of changes names them."""
    linked = talk.speaker.linked
    return Editor(written(linked) if linked is not None else "—", talk.speaker.viewer)


async def entry_of(talk: Talk, kept: str) -> Entry | None:
    """The entry behind `o12` or `c辽0211`, people who left among them; courts and posts loaded."""
    kind, key = kept[:1], kept[1:]
    if kind == "c":
        court: Court | None = await talk.session.get(Court, key)
        return court
    officer: Officer | None = await talk.session.scalar(
        select(Officer)
        .options(joinedload(Officer.court), selectinload(Officer.posts))
        .where(Officer.id == int(key))
        .execution_options(populate_existing=True)
    )
    return officer


def kept(entry: Entry) -> str:
    """The entry as a conversation remembers it; see `entry_of`."""
    return f"o{entry.id}" if isinstance(entry, Officer) else f"c{entry.code}"


def court_of(entry: Entry) -> Court:
    """The court that the entry is, or is of."""
    return entry.court if isinstance(entry, Officer) else entry


def values_of(entry: Entry) -> dict[str, Any]:
    """All fields as they are stored, as plain values."""
    if isinstance(entry, Officer):
        return change_values.officer_values(entry)
    return change_values.court_values(entry)


def today_of(talk: Talk, court: Court) -> date:
    """The court's local day."""
    return duty.local_day(court, talk.now, talk.parts.desk.timezone)


def faults_of(entry: Entry, field: str, value: str) -> tuple[Fault, ...]:
    """What is wrong with a value before anybody is asked whether to save it."""
    stored = values_of(entry)
    if isinstance(entry, Officer):
        return tuple(edit_values.read_person({field: value}, stored).faults)
    return tuple(edit_values.read_court({field: value}, stored, {}).faults)


def read(entry: Entry, field: str, value: str) -> Any:
    """The value as it would be stored; the stored one where a mask says so."""
    stored = values_of(entry)
    if isinstance(entry, Officer):
        wanted = edit_values.read_person({field: value}, stored)
    else:
        wanted = edit_values.read_court({field: value}, stored, {})
    return change_values.plain(wanted.values.get(field, stored.get(field)))


async def lines(talk: Talk, entry: Entry, act: Act) -> list[str]:
    """What would be done, before → after."""
    _ = talk.html
    match act["do"]:
        case "field":
            after = read(entry, act["field"], act["value"])
            return [step(act["field"], act["seen"], after, _)]
        case "post":
            return [step(f"posts.{act['post']}", act["seen"], _wanted(talk, entry, act), _)]
        case "add":
            said = [_("新增：{name}（{post}）", name=act["name"], post=_post(act, talk))]
            if await _namesakes(talk, court_of(entry), act["name"]):
                said.append(_("注意：该院已有同名人员，保存后为另一人。"))
            return said
        case "depart":
            return [
                _("离任：{name}", name=entry.name),
                _("将结束其岗位和值班安排，解除聊天账号，作废邀请码。履历保留，可以复职。"),
            ]
        case "return":
            return [
                _("复职：{name}（{post}）", name=entry.name, post=_post(act, talk)),
                _("聊天账号需用新的邀请码重新关联。"),
            ]
        case _:
            to = await courts.get(talk.session, act["to"])
            return [
                _(
                    "调动：{name}　{before} → {after}（{post}）",
                    name=entry.name,
                    before=court_of(entry).name,
                    after=named(to),
                    post=_post(act, talk),
                ),
                _("在原法院的岗位和值班安排即日结束，聊天账号和手机号保留。"),
            ]


def _post(act: Act, talk: Talk) -> str:
    return label(f"posts.{act['post']}", talk.html)


def _wanted(talk: Talk, entry: Entry, act: Act) -> dict[str, str | None] | None:
    if not act["held"]:
        return None
    return {"valid_from": today_of(talk, court_of(entry)).isoformat(), "valid_to": None}


async def _namesakes(talk: Talk, court: Court, name: str) -> bool:
    found = await talk.session.scalar(
        select(func.count())
        .select_from(Officer)
        .where(Officer.court_code == court.code, Officer.name == name, Officer.left_at.is_(None))
    )
    return bool(found)


async def perform(talk: Talk, entry: Entry, act: Act) -> Outcome:
    """Do it, over nothing that changed since it was seen."""
    by, now, session = editor_of(talk), talk.now, talk.session
    if isinstance(entry, Court):
        if act["do"] == "field":
            return await edits.change_court(
                session, entry, {act["field"]: act["value"]},
                by=by, expected={act["field"]: act["seen"]}, now=now,
            )  # fmt: skip
        today = today_of(talk, entry)
        values = {"name": act["name"], "posts": {act["post"]: {"valid_from": today}}}
        return await edits.add_officer(session, entry, values, by=by, now=now, today=today)
    today = today_of(talk, entry.court)
    match act["do"]:
        case "depart":
            return await edits.depart(session, entry, by=by, now=now, today=today)
        case "return":
            posts = {act["post"]: {"valid_from": today}}
            return await edits.bring_back(session, entry, posts, by=by, now=now, today=today)
        case "move":
            to = await courts.get(session, act["to"])
            day = today_of(talk, to)
            posts = {act["post"]: {"valid_from": day}}
            return await edits.move(session, entry, to, posts, by=by, now=now, today=day)
        case "post":
            post = act["post"]
            given: dict[str, Any] = {"posts": {post: _wanted(talk, entry, act)}}
            expected: dict[str, Any] = {"posts": {post: act["seen"]}}
        case _:
            given = {act["field"]: act["value"]}
            expected = {act["field"]: act["seen"]}
    return await edits.change_officer(
        session, entry, given, by=by, expected=expected, now=now, today=today
    )


def go_on(talk: Talk, draft: Draft, **more: Any) -> None:
    """The next step: of the steps before only the entry and the message are kept."""
    data = {key: draft.data[key] for key in ("entry", "message")}
    drafts.go_on(draft, {**data, **more}, lifetime=LIFETIME, now=talk.now)


async def preview(talk: Talk, draft: Draft, entry: Entry) -> None:
    """Before → after, with 保存 and 取消."""
    _ = talk.html
    plain = talk.plain
    said = [bold(named(entry) if isinstance(entry, Court) else entry.name)]
    said += await lines(talk, entry, draft.data["act"])
    said.append(_("是否保存？"))
    row = [
        {"text": plain("保存"), "data": drafts.encode(draft, "save")},
        {"text": plain("不保存"), "data": drafts.encode(draft, "back")},
    ]
    await talk.edit(draft.data["message"], joined(said), [row])
