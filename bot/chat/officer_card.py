"""A person's card in chat, for linked officers alone, and the buttons under it. What a press does is `card_presses`' business."""

from collections.abc import Collection

from bot.chat import mobile_dialogue
from bot.chat.card_words import labels, posts_said, posts_today, verified_line
from bot.chat.court_card import Row, back_button
from bot.chat.edit_buttons import edit_buttons, report_button
from bot.chat.filing_rows import named
from bot.chat.replies import Talk, bold, joined
from directory import access, officers
from directory.access import Subject
from directory.models import Officer


async def loaded(talk: Talk, ids: Collection[int]) -> dict[int, Officer]:
    """These people with court and posts, by number; who has left is not among them."""
    return await officers.these(talk.session, ids)


async def text(talk: Talk, officer: Officer) -> str:
    """Name, court, posts of today, title, department, phones as the speaker may see them, when verified."""
    _ = talk.html
    posts = _("、").join(posts_said(posts_today(talk, officer), _))
    lines = [
        bold(officer.name),
        named(officer.court),
        _("岗位：{posts}", posts=posts or _("今日无岗位")),
    ]
    if officer.title:
        lines.append(_("职务：{title}", title=officer.title))
    if officer.department:
        lines.append(_("部门：{department}", department=officer.department))
    lines.append(_("办公电话：{phone}", phone=officer.desk_phone or "—"))
    if not officer.desk_phone and officer.court.phone:
        lines.append(_("法院电话 ☎ {phone}", phone=officer.court.phone))
    if mobile := mobile_of(talk, officer):
        lines.append(_("手机 {mobile}", mobile=mobile))
    lines += ["", await verified_line(talk, officer)]
    return joined(lines)


def buttons(talk: Talk, officer: Officer, *, back: int | None = None) -> list[Row]:
    """名片 and 显示手机号, 号码有误 or 修改, the court; nothing personal in a group."""
    _ = labels(talk)
    rows: list[Row] = []
    if talk.private:
        card = {"text": _("名片"), "data": f"vcf:o{officer.id}"}
        rows.append([card, *(b for row in mobile_dialogue.buttons(talk, [officer]) for b in row)])
    rows.append(
        [
            *report_button(talk, officer),
            *edit_buttons(talk, officer),
            {"text": _("所在法院"), "data": f"card:c{officer.court_code}"},
        ]
    )
    if back is not None:
        rows.append([back_button(talk, back)])
    return rows


def line(talk: Talk, officer: Officer) -> str:
    """The person in a list: name, court, posts, phones."""
    _ = talk.html
    posts = _("、").join(posts_said(posts_today(talk, officer), _))
    parts = [officer.name, named(officer.court), posts or _("今日无岗位")]
    if officer.desk_phone:
        parts.append(f"☎ {officer.desk_phone}")
    if mobile := mobile_of(talk, officer):
        parts.append(_("手机 {mobile}", mobile=mobile))
    return joined(["　".join(parts)])


def mobile_of(talk: Talk, officer: Officer) -> str | None:
    """The officer's mobile as a list or a card shows it here, masked; None when not at all.

    A whole one is shown by `mobile_dialogue` alone: somebody else's for a reason, none through the outbox.
    """
    sight = access.sees_in_chat(
        talk.speaker.viewer,
        "mobile",
        Subject(officer.court_code, officer.court.province, officer.id),
        phones=talk.parts.settings.chat_phones,
        private=talk.private,
    )
    return None if sight == "no" else officers.mask_mobile(officer.mobile)
