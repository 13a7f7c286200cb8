"""`/directory/{code}`: one court with its people, a mobile shown for a reason, 号码有误, vCards. Edits are `entry_edit_page`'s business."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.card_words import posts_said, verified_said
from bot.web import court_facts
from bot.web.court_facts import CourtFacts
from bot.web.directory_sight import (
    brake,
    brake_said,
    court_named,
    editor_of,
    label_of,
    looked_up,
    sight_of,
    subject_of,
    voice_of,
)
from bot.web.field_words import level_words, who_said
from bot.web.page_frame import HEADERS, render, translate_page
from bot.web.parts import parts_of
from bot.web.problems import Problem
from bot.web.sign_in import viewer_of
from bot.web_sessions import Viewer
from directory import access, cards, disclosures, duty, officers, vcards
from directory.access import Subject
from directory.courts import zone_of
from directory.models import Court, Officer
from directory.vcards import Card
from notifications import corrections

# Eighteen digits: every such number fits a database's key, whoever made it up.
_LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Shown:
    """A whole number in this one answer: whose, and the number."""

    officer_id: int
    mobile: str


async def show(request: web.Request) -> web.Response:
    """`GET /directory/{code}`."""
    viewer = await viewer_of(request)
    _ = translate_page(request, viewer)
    done = {
        "saved": _("✅ 已保存"),
        "same": _("内容与现状相同，没有改动。"),
        "departed": _("已办理离任"),
        "moved": _("已调动"),
    }
    return await _card(request, viewer, said=done.get(request.query.get("done", ""), ""))


async def act(request: web.Request) -> web.Response:
    """`POST /directory/{code}`: `do=mobile` shows a number for a reason, `do=report` says that an entry is wrong."""
    viewer = await viewer_of(request)
    fields = {name: str(value) for name, value in (await request.post()).items()}
    match fields.get("do"):
        case "mobile":
            return await _card(request, viewer, shown=await _mobile(request, viewer, fields))
        case "report":
            return await _card(request, viewer, said=await _report(request, viewer, fields))
        case _:
            raise Problem(422, translate_page(request, viewer)("请从页面上的按钮操作。"))


async def named_person(
    request: web.Request, session: AsyncSession, viewer: Viewer, number: str
) -> Officer:
    """The person with this number, who has not left; 404 otherwise."""
    found: Mapping[int, Officer] = {}
    if number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER:
        found = await officers.these(session, [int(number)])
    officer = found.get(int(number)) if found else None
    if officer is None:
        raise Problem(404, translate_page(request, viewer)("此人已离任，或已不在通讯录中。"))
    return officer


def may_show(viewer: access.Viewer, officer: Officer) -> bool:
    """Whether the number exists and may be shown to the viewer; one's own may."""
    subject = subject_of(officer)
    return (
        officer.mobile is not None
        and access.sees(viewer, "mobile", subject) == "full"
        and access.may(viewer, "show_mobile", subject)
    )


async def _mobile(request: web.Request, viewer: Viewer, fields: Mapping[str, str]) -> Shown:
    """The number, written down as a disclosure before it leaves."""
    _ = translate_page(request, viewer)
    parts = parts_of(request)
    async with parts.database.reading() as session:
        officer = await named_person(request, session, viewer, fields.get("person", ""))
    if not may_show(sight_of(viewer), officer):
        raise Problem(403, _("您不能在此查看此人的手机号。"))
    own = viewer.officer is not None and viewer.officer.id == officer.id
    if own and officer.mobile is not None:
        return Shown(officer.id, officer.mobile)
    reason = disclosures.REASONS.get(fields.get("reason", ""))
    if reason is None:
        raise Problem(422, _("请选择理由。查看将被记录，本人可以看到。"))
    # Whoever was shown before counts again: a number is more than a name.
    if (limit := await brake(request, viewer, [officer.id])) is not None:
        raise Problem(429, brake_said(request, viewer, limit))
    async with parts.database.transaction() as session:
        mobile = await disclosures.show_mobile(
            session,
            label_of(viewer),
            viewer.officer.id if viewer.officer is not None else None,
            officer,
            reason=reason,
            channel=disclosures.PAGE,
            now=parts.clock.now(),
        )
    return Shown(officer.id, mobile or "")


async def _report(request: web.Request, viewer: Viewer, fields: Mapping[str, str]) -> str:
    """号码有误: the court that answers is asked; what became of it in words."""
    _ = translate_page(request, viewer)
    parts = parts_of(request)
    async with parts.database.transaction() as session:
        court = await court_named(request, session, viewer)
        entry: Court | Officer = court
        if number := fields.get("person", ""):
            entry = await named_person(request, session, viewer, number)
        if not access.may(sight_of(viewer), "report", subject_of(entry)):
            raise Problem(403, _("您不能反映此条目有误。"))
        reason = fields.get("reason", "")
        if reason not in corrections.reasons(_):
            raise Problem(422, _("请选择有误之处。"))
        officer = entry if isinstance(entry, Officer) else None
        responsible = officer.court if officer is not None else court
        opened = await corrections.report(
            session, responsible, officer, reason=reason, by=editor_of(viewer).who,
            by_officer_id=viewer.officer.id if viewer.officer is not None else None,
            voice=voice_of(parts), now=parts.clock.now(),
        )  # fmt: skip
        if opened is None:
            return _("“{name}”此前已有人反映，正在核对。", name=entry.name)
        return _(
            "已请{court}核对“{name}”，处理结果会告知您。",
            court=responsible.name,
            name=entry.name,
        )


async def _card(
    request: web.Request, viewer: Viewer, *, shown: Shown | None = None, said: str = ""
) -> web.Response:
    """The page; people whom it would count too much to name are left out, who is on duty never is."""
    parts = parts_of(request)
    _ = translate_page(request, viewer)
    async with parts.database.reading() as session:
        court = await court_named(request, session, viewer)
        facts = await court_facts.load(
            session, court, now=parts.clock.now(), timezone=parts.desk.timezone, translate=_
        )
    sight = sight_of(viewer)
    sees_people = access.sees(sight, "name", Subject(court.code, court.province, 0)) != "no"
    counted = looked_up(request, viewer, [subject_of(person) for person, _posts in facts.people])
    limit = await brake(request, viewer, counted) if sees_people else None
    return await render(
        request,
        "court.j2",
        viewer=viewer,
        facts=facts,
        court=court,
        shown=shown,
        said=said,
        sees_people=sees_people,
        braked=brake_said(request, viewer, limit) if limit is not None else "",
        rights=_Rights(sight, viewer, facts),
        verified=lambda last: verified_said(
            replace(last, by=who_said(last.by or "", facts.makers)),
            facts.zone,
            _,
            named=sees_people,
        ),
        reasons=disclosures.REASONS,
        numbers=vcards.numbers,
        wrong=corrections.reasons(_),
        level=level_words(_).get(court.level, court.level),
    )


class _Rights:
    """What the template asks about each entry; every answer comes from `directory.access`."""

    def __init__(self, sight: access.Viewer, viewer: Viewer, facts: CourtFacts) -> None:
        self._sight, self._viewer, self._court = sight, viewer, facts.court

    def own(self, officer: Officer) -> bool:
        """Whether the card is the viewer's own."""
        return self._viewer.officer is not None and self._viewer.officer.id == officer.id

    def shows(self, officer: Officer) -> bool:
        """Whether the whole number may be shown, for a reason."""
        return may_show(self._sight, officer)

    def mask(self, officer: Officer) -> str | None:
        """The number as it may always stand there; None when not at all."""
        seen = access.sees(self._sight, "mobile", subject_of(officer))
        return None if seen == "no" else officers.mask_mobile(officer.mobile)

    def edits(self, entry: Court | Officer) -> bool:
        """Whether the viewer may change the entry."""
        return access.may(self._sight, "edit", subject_of(entry))

    def reports(self, entry: Court | Officer) -> bool:
        """Whether the viewer may say that it is wrong; who may mend it does that instead."""
        return access.may(self._sight, "report", subject_of(entry)) and not self.edits(entry)

    def adds(self) -> bool:
        """Whether the viewer may add people."""
        return access.may(self._sight, "add", subject_of(self._court))

    def history(self) -> bool:
        """Whether the viewer may read what changed here."""
        return access.may(self._sight, "history", subject_of(self._court))


async def court_card(request: web.Request) -> web.Response:
    """`GET /directory/{code}/card.vcf`: the court's own card, desk phone and address."""
    viewer = await viewer_of(request)
    parts = parts_of(request)
    async with parts.database.reading() as session:
        court = await court_named(request, session, viewer)
    card = cards.of_court(court, zone_of(court, parts.desk.timezone))
    return _file(request, viewer, card)


async def person_card(request: web.Request) -> web.Response:
    """`GET /directory/people/{number}/card.vcf`: a person's card without the mobile, counted as a look-up."""
    viewer = await viewer_of(request)
    parts = parts_of(request)
    _ = translate_page(request, viewer)
    async with parts.database.reading() as session:
        officer = await named_person(request, session, viewer, request.match_info["number"])
    if access.sees(sight_of(viewer), "name", subject_of(officer)) == "no":
        raise Problem(403, _("您不能查看此人。"))
    limit = await brake(request, viewer, looked_up(request, viewer, [subject_of(officer)]))
    if limit is not None:
        raise Problem(429, brake_said(request, viewer, limit))
    zone = zone_of(officer.court, parts.desk.timezone)
    held = officers.posts_on(
        officer, duty.local_day(officer.court, parts.clock.now(), parts.desk.timezone)
    )
    return _file(request, viewer, cards.of_officer(officer, posts_said(held, _), zone))


def _file(request: web.Request, viewer: Viewer, card: Card) -> web.Response:
    text = vcards.written(card, translate_page(request, viewer))
    return web.Response(
        body=text.encode(),
        headers={
            **HEADERS,
            "Content-Type": "text/vcard; charset=utf-8",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(card.file_name)}",
        },
    )
