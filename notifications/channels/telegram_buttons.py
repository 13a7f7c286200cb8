"""Which buttons stand under a card, and what a press of one carries. Draws nothing and answers no press."""

import re
from dataclasses import dataclass
from typing import Literal

View = Literal["group", "officer", "collaborating"]
Style = Literal["success", "danger", "primary"]


def _(msgid: str, /) -> str:
    """Mark a label as text to translate; `rendering` translates it."""
    return msgid


#: Every action of a filing's buttons, with its label. Part of callback data: never rename one.
LABELS = {
    "ack": _("签收"),
    "b": _("转B岗"),
    "snooze": _("稍后"),
    "look": _("查看"),
    "reg": _("登记立案"),
    "corr": _("一次性补正"),
    "deny": _("不予受理"),
    "ret": _("退回"),
    "med": _("转诉前调解"),
    "undo": _("撤销"),
    "nudge": _("催办"),
    "supp": _("已补正"),
    "wd": _("撤回"),
    "send": _("转送 {court}"),
    "sendto": _("其他法院…"),
    "sup": _("督办"),
}

#: As 其他法院… is called where no court was proposed.
SEND_SOMEWHERE = _("转送其他法院…")

#: What the court that filed may do with what was returned: one tap to the proposed court, or name one.
Sending = Literal["proposed", "choose"]

#: The result that a press of these gives.
RESULTS = {
    "reg": "registered",
    "corr": "correction",
    "deny": "not_accepted",
    "ret": "returned",
    "med": "mediation",
}

#: The one press that most people come for is green and as wide as the card.
_STYLES: dict[str, Style] = {
    "ack": "success",
    "reg": "success",
    "supp": "success",
    "send": "success",
}

#: No table has a row of a larger number.
LARGEST_ROW = 2**63 - 1

_DATA = re.compile(r"([a-z]{1,6}):([1-9][0-9]{0,18}):([A-Za-z0-9_-]{1,16})")


@dataclass(frozen=True, slots=True)
class CardButton:
    """One button: the Chinese label (a msgid), what it does, and how it stands out."""

    label: str
    action: str
    style: Style | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press: which action, under which outgoing message (`OutgoingMessage.id`), with its nonce."""

    action: str
    row: int
    nonce: str


def card_buttons(
    view: View,
    state: str,
    *,
    undo_open: bool = False,
    hand_over: bool = True,
    snooze: bool = True,
    supervise: bool = False,
    sending: Sending | None = None,
) -> tuple[tuple[CardButton, ...], ...]:
    """The rows of buttons under a card, laid out for thumbs: the likeliest first, alone in its row.

    Args:
        view: who reads the card; only an officer's own card offers 稍后, nobody may snooze a group.
        state: the filing's state.
        undo_open: whether the last acknowledgment or result can be undone now.
        hand_over: whether 转B岗 makes sense: not for the B post, and not a second time.
        snooze: whether 稍后 is left; a filing can be put off once.
        supervise: whether the reader may order an answer (督办).
        sending: how what was returned may be sent on, if it may.
    """
    if view == "collaborating":
        rows = _sending(sending) if sending else _collaborating(state)
    else:
        rows = _jurisdiction(view, state)
    offered = {"undo": undo_open, "b": hand_over, "snooze": snooze, "sup": supervise}
    hidden = {action for action, shown in offered.items() if not shown}
    kept = (tuple(action for action in row if action not in hidden) for row in rows)
    return tuple(tuple(_button(action, sending) for action in row) for row in kept if row)


def news_buttons(
    kind: str, view: View, state: str, *, sending: Sending | None = None
) -> tuple[tuple[CardButton, ...], ...]:
    """The buttons under a piece of news: only where the reader must do something about it."""
    if kind == "returned" and view == "collaborating" and sending:
        return card_buttons(view, state, sending=sending)
    if kind == "corrected" and view == "collaborating":
        return ((_button("supp"),), (_button("look"),)) if state == "correcting" else ()
    if kind in ("nudged", "supervised", "supplemented") and view != "collaborating":
        return card_buttons("group", state)
    return ()


def encode(action: str, row_id: int, nonce: str) -> str:
    """Callback data of at most 64 bytes. Never a reference: it may be longer than that."""
    return f"{action}:{row_id}:{nonce}"


def decode(data: str) -> Pressed | None:
    """What was pressed; None for anything that `encode` did not write."""
    match = _DATA.fullmatch(data)
    # A forger's number may be larger than any that a database holds.
    if match is None or match[1] not in LABELS or int(match[2]) > LARGEST_ROW:
        return None
    return Pressed(match[1], int(match[2]), match[3])


def _button(action: str, sending: Sending | None = None) -> CardButton:
    label = SEND_SOMEWHERE if action == "sendto" and sending == "choose" else LABELS[action]
    return CardButton(label, action, _STYLES.get(action))


def _jurisdiction(view: View, state: str) -> tuple[tuple[str, ...], ...]:
    match state:
        case "waiting":
            later = ("snooze",) if view == "officer" else ()
            return (("ack",), ("b", *later, "look"), ("sup",))
        case "acknowledged":
            return (("reg",), ("corr", "med"), ("deny", "ret"), ("undo", "look"), ("sup",))
        case "correcting":
            # The party may never supplement; the court may then still decide.
            return (("reg", "med"), ("deny", "ret"), ("undo", "look"))
        case _:
            return (("undo", "look"),)


def _sending(sending: Sending) -> tuple[tuple[str, ...], ...]:
    return (("send",), ("sendto", "look")) if sending == "proposed" else (("sendto", "look"),)


def _collaborating(state: str) -> tuple[tuple[str, ...], ...]:
    match state:
        case "waiting" | "acknowledged":
            return (("nudge",), ("wd", "look"))
        case "correcting":
            # The next move is the reader's own: there is nobody to nudge.
            return (("supp",), ("wd", "look"))
        case _:
            return (("look",),)
