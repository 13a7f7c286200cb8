"""What the messages 这些还对吗? say, to the person and to those asked in their place, and their buttons. Decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from markupsafe import Markup

from directory.texts import Translate
from directory.verification import PATIENCE_DAYS
from notifications.day_texts import day_said
from notifications.told import Said, bold, joined
from notifications.wording import Wording

#: The word before an asking's number in callback data.
WORD = "verify"

_NOTHING = "—"
_GAP, _NUMBERED = Markup("　"), Markup("{}. {}")

#: What the state of an asking must be for its buttons to stand under a message for this reader.
_OPEN = {"officer": frozenset({"asked", "leader", "province"}), "leader": frozenset({"leader"})}


@dataclass(frozen=True, slots=True)
class AskedView:
    """One asking with the card that it is about."""

    number: int
    officer_id: int
    name: str
    court_code: str
    #: Name and code.
    court: str
    posts: tuple[str, ...]
    title: str | None
    department: str | None
    desk_phone: str | None
    #: Masked, empty where there is none; None where no mobile is written into chats.
    mobile: str | None
    #: Whether the chat reaches the person.
    reached: bool
    #: Whether the person has left by now.
    left: bool
    state: str
    ended_by: str | None

    def open_to(self, role: str) -> bool:
        """Whether this reader (`officer`, `leader`, `province`) may still answer it."""
        return self.state in _OPEN.get(role, {"province"})


def encode(action: str, number: int) -> str:
    """Callback data: `ok` and `left` of one asking; `all`, `seen` and `back` of what it stands in."""
    return f"{WORD}:{action}:{number}"


def question(view: AskedView, again_on: date | None, own: str, translate: Translate) -> Said:
    """What the person sees: their card and the three buttons, later how it ended.

    `again_on` is the day of the next asking, None when there is none planned; `own` the person as
    records name them.
    """
    _ = translate
    lines = [bold(_("【请核对】这些还对吗？"))]
    if view.left or view.state == "left":
        return Said(joined([*lines, f"{view.name}　{view.court}", _ended(view, _)]))
    if view.open_to("officer"):
        lines += [
            _("通讯录中您的信息："),
            *_card(view, _),
            "",
            _("都对请点“都对”；有变动请点“修改”；已不在本院请点“已调离”。"),
            _("{days} 个工作日内未答复，将请带班领导代为核对。", days=PATIENCE_DAYS),
        ]
        return Said(joined(lines), [_answers(view, "", _)])
    lines += [*_card(view, _), "", _ended(view, _, own=own)]
    if view.state in {"confirmed", "changed"} and again_on is not None:
        lines.append(_("下次核对约在 {day}。", day=day_said(again_on, _)))
    return Said(joined(lines))


def _card(view: AskedView, translate: Translate) -> list[str]:
    _ = translate
    posts = _("、").join(Wording(_).post(post) for post in view.posts)
    lines = [
        bold(view.name),
        view.court,
        _("岗位：{posts}", posts=posts or _("今日无岗位")),
        _("职务：{title}", title=view.title or _NOTHING),
        _("部门：{department}", department=view.department or _NOTHING),
        _("办公电话：{phone}", phone=view.desk_phone or _NOTHING),
    ]
    if view.mobile is not None:
        lines.append(_("手机 {mobile}", mobile=view.mobile or _NOTHING))
    return lines


def _answers(view: AskedView, mark: str, translate: Translate) -> list[dict[str, str]]:
    """都对 · 修改 · 已调离; `mark` says whose, where several stand in one message."""
    _ = translate
    return [
        {"text": mark + str(_("都对")), "data": encode("ok", view.number)},
        {"text": mark + str(_("修改")), "data": f"edit:o{view.officer_id}"},
        {"text": mark + str(_("已调离")), "data": encode("left", view.number)},
    ]


def _ended(view: AskedView, translate: Translate, *, own: str = "") -> str:
    """How it ended, for the person themselves where `own` names them."""
    _ = translate
    who = view.ended_by or _NOTHING
    if view.state == "closed" and not view.left:
        return _("本次核对已结束，无须再答复。")
    if view.left or view.state in {"left", "closed"}:
        return _("已办理离任（{who}）", who=who)
    if view.state in {"leader", "province"}:
        return _("已转请省级协调员核对")
    if own == who:
        done = {"confirmed": _("✅ 已核对：都对，谢谢。"), "changed": _("✅ 已更改并核对，谢谢。")}
    else:
        done = {
            "confirmed": _("✅ 都对（{who}）", who=who),
            "changed": _("✅ 已更改并核对（{who}）", who=who),
        }
    return done[view.state]


def listed(
    views: Sequence[AskedView], role: str, place: str, part: tuple[int, int], translate: Translate
) -> Said:
    """The list that a leader or a province's coordinator sees, later how each of it ended.

    Args:
        views: who is asked about, those of one court together.
        role: `leader` or `province`.
        place: the court or the province.
        part: which message of how many.
        translate: the reader's language.
    """
    _ = translate
    number, parts = part
    head = _("【请代为核对】{place}", place=place)
    if parts > 1:
        head = _("【请代为核对】{place}（{part}/{parts}）", place=place, part=number, parts=parts)
    why = {
        "leader": _("以下人员未答复通讯录核对，或聊天中联系不到，请您代为核对："),
        "province": _("以下法院逾期未核对这些人员，或无人可在聊天中联系，请您代为核对："),
    }
    lines = [bold(head), why[role], ""]
    rows: list[list[dict[str, str]]] = []
    at = 0
    for court, people in groupby(views, key=lambda view: view.court):
        if role == "province":
            lines.append(bold(court))
        for view in people:
            at += 1
            lines.append(_NUMBERED.format(at, _line(view, role, _)))
            if view.open_to(role):
                rows.append(_answers(view, f"{at} ", _))
    if rows:
        lines += ["", _("都对请点“都对”；有误请点“修改”；已不在该院请点“已调离”。")]
    if role == "leader" and len(rows) > 1:
        first = next(view.number for view in views if view.open_to(role))
        rows.append([{"text": str(_("以上全部都对")), "data": encode("all", first)}])
    return Said(joined(lines), rows)


def _line(view: AskedView, role: str, translate: Translate) -> str:
    """One person: what is to be looked at, or how it ended."""
    _ = translate
    if not view.open_to(role):
        return f"{view.name}　{_ended(view, _)}"
    words = Wording(_)
    posts = _("、").join(words.post(post) for post in view.posts)
    first = [bold(view.name), posts or _("今日无岗位")]
    if not view.reached:
        first.append(_("聊天中联系不到"))
    # No break between the sign and the number.
    second = [view.title, view.department, f"☎\u00a0{view.desk_phone or _NOTHING}"]
    if view.mobile is not None:
        second.append(_("手机 {mobile}", mobile=view.mobile or _NOTHING))
    return joined([_GAP.join(first), _GAP.join(part for part in second if part)])


def departure(
    view: AskedView,
    desk: Sequence[tuple[str, Sequence[str]]],
    translate: Translate,
    *,
    decides: bool = True,
) -> Said:
    """What is told when somebody said of themselves that they left; `desk` is who stands at each post now.

    The nation's coordinator decides nothing about a province's people and gets no buttons.
    """
    _ = translate
    words = Wording(_)
    posts = _("、").join(words.post(post) for post in view.posts) or _("今日无岗位")
    who = _("{name}（{post}）", name=view.name, post=posts)
    now = _("；").join(
        _("{post}：{names}", post=words.post(post), names=_("、").join(names) or _("无人"))
        for post, names in desk
    )
    lines = [
        bold(_("【人员离任】{court}", court=view.court)),
        _("{who}在核对时表示已调离，离任已办理：不再呼叫，岗位和值班安排即日结束。", who=who),
        _("该院现有：{desk}", desk=now),
    ]
    empty = {post for post, names in desk if not names}
    if empty >= {"A", "B"}:
        lines.append(_("⚠️ 该院A岗、B岗现均无人，请尽快补充人员。"))
    elif "A" in empty:
        lines.append(_("⚠️ 该院A岗现无人，新的立案将呼叫B岗，请尽快补充人员。"))
    if not decides:
        return Said(joined([*lines, _("👉 该院和该省均无人可通知，请联系该省落实接任人员。")]))
    lines.append(_("👉 请点“知悉”；如系误点，请点“仍在岗”恢复。"))
    row = [
        {"text": str(_("知悉")), "data": encode("seen", view.number)},
        {"text": str(_("仍在岗")), "data": encode("back", view.number)},
    ]
    return Said(joined(lines), [row])


def closed(how: Literal["seen", "back"], who: str, translate: Translate) -> str:
    """The line that ends what was told of a departure."""
    _ = translate
    if how == "seen":
        return _("✅ {who} 已知悉", who=who)
    return _("↩️ {who} 已恢复其岗位；聊天账号需用新的邀请码重新关联。", who=who)
