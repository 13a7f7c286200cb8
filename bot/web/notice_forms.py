"""Forms (填报) on the pages of notices: one's own court's, and which courts of a form are shown. They are filled in chat."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web.notice_sight import Sight
from directory.court_codes import normalise
from notifications import form_facts, forms
from notifications.form_facts import Where
from notifications.form_models import Form
from notifications.form_progress import CourtSheet
from notifications.form_words import FormWords
from notifications.notice_models import NoticeRecipient

#: So many forms of one's own court are listed.
MOST = 20

#: Which courts are shown, by the word in the address.
SHOWN: Mapping[str, Callable[[CourtSheet], bool]] = {
    "all": lambda _one: True,
    "missing": lambda one: not one.handed_in,
    "partly": lambda one: one.state == "partly",
    "blank": lambda one: one.state == "blank",
    "unreached": lambda one: one.state == "unreached",
    "filled": lambda one: one.handed_in,
}


@dataclass(frozen=True, slots=True)
class OwnForm:
    """A form that the reader's court fills: when it is due, who handed it in and when (empty for what is open)."""

    form: Form
    due: str
    filled: str
    #: Whether it is due by now.
    late: bool
    #: Whether its notice was sent to the reader, who can then open it.
    addressed: bool


async def own(session: AsyncSession, sight: Sight) -> list[OwnForm]:
    """The forms that the viewer's own court still has to do with, the first due first."""
    if sight.officer is None:
        return []
    listed = []
    found = await forms.of_court(session, sight.officer.court_code, now=sight.now, most=MOST)
    for form, sheet, corrected_at in found:
        words = FormWords(form, sight.words.zone, sight.words.translate, sight.now)
        filled = words.filled(sheet, corrected_at) if sheet.filled_at is not None else ""
        mine = await session.get(NoticeRecipient, (form.notice_id, sight.officer.id))
        due, late = words.when(form.due_at), form.due_at <= sight.now
        listed.append(OwnForm(form, due, filled, late, mine is not None))
    return listed


async def filled(
    session: AsyncSession, sight: Sight, notice_ids: Collection[int]
) -> dict[int, tuple[int, int]]:
    """Of those notices that carry a form: how many of the courts that the viewer sees have handed in, and of how many."""
    carrying = await session.scalars(select(Form).where(Form.notice_id.in_(notice_ids)))
    notices = {form.id: form.notice_id for form in carrying}
    where = Where(sight.writer.scope.province)
    counts = await form_facts.filled(session, notices, where)
    return {notices[number]: counted for number, counted in counts.items()}


def kept(sheets: Sequence[CourtSheet], show: str, city: str, words: str) -> list[CourtSheet]:
    """The courts that the address asks for."""
    key = normalise(words)
    return [
        one
        for one in sheets
        if SHOWN[show](one)
        and (not city or one.city == city)
        and (not key or key in normalise(one.court) or key in normalise(one.code))
    ]
