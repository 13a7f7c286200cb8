"""A notice as chat shows it, for the pages: its text with what it carries, a session's time or a form, and one's confirmation."""

from collections.abc import Sequence

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web.notice_sight import Sight
from directory.models import Court, Officer
from notifications.form_models import Form, FormSheet
from notifications.form_words import FormWords
from notifications.forms import CORRECTED_AT
from notifications.notice_messages import Seen, Words
from notifications.notice_models import Notice
from notifications.notice_sheet import Receipt
from notifications.training_models import TrainingSession
from notifications.training_words import TrainingWords


async def reads(
    session: AsyncSession, sight: Sight, notice: Notice, mine: Receipt | None = None
) -> Markup:
    """The notice as its readers have it; with a receipt, as this one has it: recalled it has no text any more."""
    court = await session.scalar(
        select(Court.name)
        .join(Officer, Officer.court_code == Court.code)
        .where(Officer.id == notice.written_by_officer_id)
    )
    words = sight.words
    said = Words(notice, court or "", words.translate, sight.now)
    # A notice that is still being written has no number, and carries nothing.
    facts = await _carried(session, sight, notice.id, mine) if notice.id else ()
    if mine is None:
        return Markup("\n").join(said.body(words.zone, facts))
    seen = Seen(words.zone, mine.confirmed_at, mine.confirmed_by, mine.signed_by_other)
    return Markup(said.text(seen, facts))  # noqa: S704 -- `Words` escapes what it is given


async def form_of(session: AsyncSession, notice_id: int) -> Form | None:
    """The form that a notice carries; None for most."""
    found: Form | None = await session.scalar(select(Form).where(Form.notice_id == notice_id))
    return found


async def _carried(
    session: AsyncSession, sight: Sight, notice_id: int, mine: Receipt | None
) -> Sequence[str]:
    """What it says below its text of the session it announces, or of its form and how the reader's court stands."""
    zone, translate = sight.words.zone, sight.words.translate
    training: TrainingSession | None = await session.scalar(
        select(TrainingSession).where(TrainingSession.notice_id == notice_id)
    )
    if training is not None:
        return TrainingWords(training, zone, translate, sight.now).facts()
    form = await form_of(session, notice_id)
    if form is None:
        return ()
    words = FormWords(form, zone, translate, sight.now)
    if mine is None:
        return words.facts(None)
    found = await session.execute(
        select(FormSheet, CORRECTED_AT).where(
            FormSheet.form_id == form.id, FormSheet.court_code == mine.court_code
        )
    )
    return words.facts(*(found.first() or (None,)))
