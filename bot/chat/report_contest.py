"""提出异议 under a bulletin: which filing, why; 采纳 and 不予采纳 for the coordinator. The rules are in `bulletin_contests`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.chat import drafts, report_command, report_presses
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk
from bot.models import Draft
from directory.errors import LiaisonError
from notifications import bulletin_contests
from notifications.answer_corrections import CountsAs
from notifications.bulletin_models import Bulletin, BulletinContest

#: Kinds of conversations: a court contests; a coordinator decides.
KIND, DECISION = "contest", "contest_decide"

#: How long the next answer is waited for.
LIFETIME = timedelta(hours=1)

#: So many filings are offered by buttons; a court with more contests the next ones afterwards.
MOST_OFFERED = 12

_DATA = re.compile(r"(bulletin|contest):([1-9][0-9]{0,17}):(contest|yes|apart|no)")

#: What a coordinator's button decides the filing counts as; None: as before.
_DECISIONS: Mapping[str, CountsAs | None] = {"yes": "in_time", "apart": "apart", "no": None}


@dataclass(frozen=True, slots=True)
class ContestPress:
    """`contest` under a bulletin, or `yes`, `apart` and `no` under a contest."""

    number: int
    word: str


def decode(data: str) -> ContestPress | None:
    """What was pressed; None for any other button."""
    match = _DATA.fullmatch(data)
    if match is None or (match[1] == "bulletin") != (match[3] == "contest"):
        return None
    return ContestPress(int(match[2]), match[3])


async def pressed(talk: Talk, press: ContestPress) -> None:
    """Begin to contest, or to decide."""
    if press.word == "contest":
        await _begin(talk, press.number)
    else:
        await _begin_deciding(talk, press.number, press.word)


# The court


async def _begin(talk: Talk, number: int) -> None:
    _ = talk.plain
    bulletin = await report_presses.readable(talk, number)
    officer = talk.speaker.officer
    if bulletin is None or officer is None:
        return
    if talk.now >= bulletin.contest_until:
        talk.refuse(_(bulletin_contests.ContestTooLate.template))
        return
    found = await bulletin_contests.contestable(
        talk.session, bulletin, officer.court_code, talk.parts.desk
    )
    if not found:
        talk.refuse(_("贵院没有按超期计、且未提出异议的案件。"))
        return
    talk.answer()
    offered = found[:MOST_OFFERED]
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"bulletin": bulletin.id, "filings": [one.filing_id for one in offered]},
        lifetime=LIFETIME,
        now=talk.now,
    )
    rows = [
        [{"text": one.reference, "data": drafts.encode(draft, f"filing={place}")}]
        for place, one in enumerate(offered)
    ]
    _ = talk.html
    row = await talk.reply(_("对哪一件的计算有异议？"), rows)
    draft.data = {**draft.data, "message": row, "names": [one.reference for one in offered]}


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """The filing."""
    _ = talk.plain
    kind, _equals, value = choice.partition("=")
    filings = draft.data["filings"]
    if kind != "filing" or not value.isdecimal() or int(value) >= len(filings):
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    talk.answer()
    place = int(value)
    data = {**draft.data, "filing": filings[place]}
    drafts.go_on(draft, data, lifetime=LIFETIME, now=talk.now)
    _ = talk.html
    reference = draft.data["names"][place]
    await talk.edit(
        draft.data["message"],
        _("{reference}：请发送理由，一两句话（勿写当事人信息）。", reference=reference),
    )


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """The reason; False while no filing is chosen."""
    filing = draft.data.get("filing")
    officer = talk.speaker.officer
    if filing is None or officer is None:
        return False
    _ = talk.html
    bulletin = await talk.session.get_one(Bulletin, draft.data["bulletin"])
    try:
        await bulletin_contests.contest(
            talk.session, bulletin, officer.court_code, filing, text,
            talk.speaker.actor.who, officer.id, talk.parts.desk, now=talk.now,
        )  # fmt: skip
    except LiaisonError as fault:
        await talk.reply(talk.fault(fault))
        return True
    await drafts.close(talk.session, draft, now=talk.now)
    await talk.reply(_("异议已提交省级协调员，结果会告知您。"))
    return True


# The coordinator


async def _begin_deciding(talk: Talk, number: int, word: str) -> None:
    _ = talk.plain
    contest = await talk.session.get(BulletinContest, number)
    bulletin = await talk.session.get(Bulletin, contest.bulletin_id) if contest else None
    if talk.speaker.officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif contest is None or bulletin is None or not talk.private:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
    elif not report_command.may_publish(talk, bulletin.province):
        talk.refuse(_("只有省级协调员可以处理异议。"))
    elif contest.decided_at is not None:
        fault = bulletin_contests.DecidedBefore(by=contest.decided_by or "")
        talk.refuse(_(fault.template, **fault.data))
    else:
        talk.answer()
        await drafts.begin(
            talk.session,
            kind=DECISION,
            chat_id=talk.chat_id,
            telegram_id=talk.speaker.telegram_id,
            data={"contest": contest.id, "word": word},
            lifetime=LIFETIME,
            now=talk.now,
        )
        _ = talk.html
        asked = {
            "yes": _("采纳，该件改计为期内审核：请发送理由，将作为更正公布。"),
            "apart": _("采纳，该件改为单列、不计入按期率：请发送理由，将作为更正公布。"),
            "no": _("不予采纳：请发送理由，将告知法院。"),
        }
        await talk.reply(asked[word])


async def decided(talk: Talk, draft: Draft, text: str) -> bool:
    """The reason of a decision."""
    _ = talk.html
    contest = await talk.session.get_one(BulletinContest, draft.data["contest"])
    bulletin = await talk.session.get_one(Bulletin, contest.bulletin_id)
    if not report_command.may_publish(talk, bulletin.province):
        return False
    try:
        await bulletin_contests.decide(
            talk.session, contest.id, text, talk.speaker.actor.who,
            counts_as=_DECISIONS[draft.data["word"]], now=talk.now,
        )  # fmt: skip
    except LiaisonError as fault:
        await talk.reply(talk.fault(fault))
        return True
    await drafts.close(talk.session, draft, now=talk.now)
    await talk.reply(_("已处理，已告知法院。"))
    return True
