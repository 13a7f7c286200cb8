"""Judges filings read from a text: which courts are meant, what is wrong and how to mend it. Stores nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.chat import pasted_rows
from bot.chat.pasted_rows import Field, LineFault, Row
from bot.chat.replies import Talk
from directory.courts import Resolution
from directory.models import Court
from directory.texts import Translate
from notifications import filings
from notifications.errors import BadReference
from notifications.filings import CASE_TYPES, Submission
from notifications.models import Filing
from notifications.permissions import Side, refusal

#: So many courts are named where a name may mean several.
MOST_CHOICES = 8


@dataclass(frozen=True, slots=True)
class Judged:
    """One line: the values to be filed, or the sentence (Telegram HTML) that says what is wrong with it."""

    line: int
    text: str
    #: Field → code, complete when there is no fault.
    values: Mapping[Field, str]
    fault: str | None = None
    #: The field whose words mean several courts, and which.
    unclear: Field | None = None
    choices: tuple[Court, ...] = ()


class Judge:
    """Judges the lines of one text for one speaker; every distinct name is looked up once."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._found: dict[str, Resolution] = {}

    async def all(self, rows: Sequence[Row]) -> list[Judged]:
        """Every line, those that only repeat another line or a stored filing included."""
        judged = [await self.one(row) for row in rows]
        judged = self._without_repeats(judged)
        return await self._without_known(judged)

    async def one(self, row: Row) -> Judged:
        """One line by itself."""
        _ = self._talk.html
        text = row.reference
        values: dict[Field, str] = {}
        if not filings.is_reference(row.reference):
            fault = self._talk.fault(BadReference, reference=row.reference)
            return Judged(row.line, text, values, fault)
        values["reference"] = row.reference
        between: list[Court] = []
        for field in ("collaborating_court", "jurisdiction_court"):
            words = getattr(row, field)
            found = await self.court(words)
            if found.court is None:
                fault = court_fault(field, words, found, _)
                return Judged(
                    row.line, text, values, fault, field if found.choices else None, found.choices
                )
            values[field] = found.court.code
            between.append(found.court)
        code = pasted_rows.case_type(row.case_type)
        if code is None:
            return Judged(row.line, text, values, case_type_fault(row.case_type, _))
        values["case_type"] = code
        return Judged(row.line, text, values, pair_fault(self._talk, *between))

    async def court(self, words: str) -> Resolution:
        """The court that is meant."""
        if words not in self._found:
            self._found[words] = await self._talk.court_meant(words)
        return self._found[words]

    def _without_repeats(self, judged: list[Judged]) -> list[Judged]:
        _ = self._talk.html
        first: dict[str, Judged] = {}
        kept: list[Judged] = []
        for item in judged:
            again = item
            if item.fault is None:
                key = filings.reference_key(item.values["reference"])
                earlier = first.setdefault(key, item)
                if earlier is not item:
                    fault = _("编号与第 {line} 行重复，只取第一行。", line=earlier.line)
                    again = Judged(item.line, item.text, item.values, fault)
            kept.append(again)
        return kept

    async def _without_known(self, judged: list[Judged]) -> list[Judged]:
        """What is stored under the same reference: the same is not filed again, other content never is."""
        _ = self._talk.html
        good = [item for item in judged if item.fault is None]
        keys = {filings.reference_key(item.values["reference"]) for item in good}
        stored = await self._talk.session.scalars(
            select(Filing).where(Filing.reference_key.in_(keys))
        )
        known = {filing.reference_key: filing for filing in stored}
        kept: list[Judged] = []
        for item in judged:
            found = None
            if item.fault is None:
                found = known.get(filings.reference_key(item.values["reference"]))
            if found is None:
                kept.append(item)
                continue
            same = all(getattr(found, f) == item.values[f] for f in pasted_rows.FIELDS[1:])
            fault = (
                _("此编号已立案，内容相同，无需重复立案。")
                if same
                else _("编号已被另一件立案使用，请核对编号。")
            )
            kept.append(Judged(item.line, item.text, item.values, fault))
        return kept


def submission_of(talk: Talk, values: Mapping[Field, str]) -> Submission:
    """The filing as `filings.receive` takes it, in the speaker's name."""
    actor = talk.speaker.actor
    return Submission(
        reference=values["reference"],
        collaborating_court=values["collaborating_court"],
        jurisdiction_court=values["jurisdiction_court"],
        case_type=values["case_type"],
        filed_at=None,
        drill=False,
        filed_by=actor.who,
        filed_by_officer_id=actor.officer_id,
    )


def pair_fault(talk: Talk, collaborating: Court, jurisdiction: Court) -> str | None:
    """Why nothing may be filed between these courts by this speaker; None when it may."""
    _ = talk.html
    if collaborating.code == jurisdiction.code:
        return _("协作法院与管辖法院不能是同一法院，请核对。")
    return right_fault(talk, collaborating)


def right_fault(talk: Talk, collaborating: Court) -> str | None:
    """Why the speaker may not file for this court; None when it is their own or in their province."""
    _ = talk.html
    side = Side(collaborating.code, collaborating.province)
    # Which court decides has no say in who may file.
    reason = refusal("file", talk.speaker.actor, side, Side("", ""))
    if reason is None:
        return None
    if reason == "technician":
        return _("技术人员不能立案，请联系本院A岗。")
    return _(
        "您不能以{court}的名义立案：协作法院必须是您所在的法院（省级协调员：本省法院）。",
        court=collaborating.name,
    )


def field_name(field: Field | None, translate: Translate) -> str:
    """A column as it is called."""
    _ = translate
    return {
        "reference": _("编号"),
        "collaborating_court": _("协作法院"),
        "jurisdiction_court": _("管辖法院"),
        "case_type": _("案件类型"),
    }.get(field or "", "")


def court_fault(field: Field, words: str, found: Resolution, translate: Translate) -> str:
    """That a court is unknown, or which ones its name may mean."""
    _ = translate
    name = field_name(field, _)
    if not found.choices:
        return _(
            "{field}“{words}”查不到，请写代字或全称，可先用 /find 查找。", field=name, words=words
        )
    listed = _("、").join(named(court) for court in found.choices[:MOST_CHOICES])
    return _(
        "{field}“{words}”可能是 {count} 个法院，请改写代字：{choices}",
        field=name,
        words=words,
        count=len(found.choices),
        choices=listed,
    )


def case_type_fault(words: str, translate: Translate) -> str:
    """That a case type is none of ours, and which there are."""
    _ = translate
    types = _("、").join(case_type_names(_).values())
    return _("案件类型“{words}”不在范围内，可写：{types}。", words=words, types=types)


def case_type_names(translate: Translate) -> dict[str, str]:
    """Code → the case type as it is called."""
    _ = translate
    return {code: _(name) for code, name in CASE_TYPES.items()}


def line_fault(fault: LineFault, translate: Translate) -> str:
    """What is wrong with a line that is no filing at all."""
    _ = translate
    name = field_name(fault.field, _)
    match fault.kind:
        case "header":
            return _(
                "表头缺少“{field}”一列。四列为：编号、协作法院、管辖法院、案件类型。", field=name
            )
        case "empty":
            return _("“{field}”为空，请补填。", field=name)
        case "columns":
            return _(
                "有 {count} 栏，应为 4 栏：编号 协作代字 管辖代字 案件类型。", count=fault.count
            )


def named(court: Court) -> str:
    """大连海事法院（辽72）."""
    return f"{court.name}（{court.code}）"
