"""What must hold however often the product died: compares what was promised with what is left. Changes nothing.

The order of lines under threads is not reproducible, so nothing is said of how it came about. A message
may have come twice; a filing may not be lost, a press may not be lost, a card may not say what is not so.
"""

from collections import Counter
from dataclasses import dataclass, field

from tests.faults.ledger import Ledger, Row, instant, structure
from tests.faults.world import Promise, World

#: What a card says in each state.
WORDS = {
    "waiting": ("待签收", "尚未签收"),
    "acknowledged": ("已签收",),
    "completed": ("登记立案",),
}

#: The event that each press leaves, once.
EVENTS = {"ack": "acknowledged", "result": "result", "nudge": "nudged"}


def unrest(world: World, ledger: Ledger) -> str:
    """What is still under way, in words; "" when everything has come to rest."""
    if waiting := len(world.telegram.world.updates):
        return f"{waiting} updates unconfirmed"
    (facts,) = ledger.rows(
        "SELECT (SELECT count(*) FROM outbox WHERE not_before IS NOT NULL) AS pending, "
        "(SELECT min(next_step_at) FROM filings) AS next_step"
    )
    if facts["pending"]:
        return f"{facts['pending']} messages to be sent"
    step = instant(facts["next_step"])
    if step is not None and step <= world.clock.now():
        return f"a step was due at {step}"
    return ""


@dataclass(slots=True)
class Findings:
    """One look at everything."""

    world: World
    filings: dict[str, Row]
    events: dict[int, list[Row]]
    cards: dict[int, list[Row]]
    texts: dict[tuple[int, int], str]
    wrong: list[str] = field(default_factory=list)

    def note(self, promise: Promise, what: str) -> None:
        """Something does not hold."""
        self.wrong.append(f"{promise.reference}: {what}")


def broken(world: World, ledger: Ledger, *, only: Promise | None = None) -> list[str]:
    """Every promise that does not hold, in words. To be asked when everything is at rest."""
    promises = [only] if only is not None else world.promises
    findings = _look(world, ledger)
    for promise in promises:
        filing = findings.filings.get(promise.reference)
        if filing is None:
            if promise.status is not None:
                findings.note(promise, f"answered {promise.status}, but nothing is stored")
            continue
        _check_filing(findings, promise, filing)
        _check_pages(findings, promise)
        _check_presses(findings, promise, filing)
        _check_cards(findings, promise, filing)
    return findings.wrong


def repeats(world: World, ledger: Ledger) -> int:
    """How many messages arrived that the product does not know it sent."""
    sent = sum(call.done for call in world.telegram.calls_of("sendMessage"))
    (known,) = ledger.rows("SELECT count(*) AS count FROM outbox WHERE message_id IS NOT NULL")
    return sent - int(known["count"])


def _look(world: World, ledger: Ledger) -> Findings:
    events: dict[int, list[Row]] = {}
    for row in ledger.rows("SELECT filing_id, kind, who, detail FROM filing_events ORDER BY id"):
        events.setdefault(row["filing_id"], []).append(row)
    cards: dict[int, list[Row]] = {}
    for row in ledger.rows("SELECT * FROM outbox WHERE filing_id IS NOT NULL"):
        cards.setdefault(row["filing_id"], []).append(row)
    with world.telegram.world.lock:
        texts = {
            (chat.id, message.id): message.text
            for chat in world.telegram.world.chats.values()
            for message in chat.messages.values()
        }
    filings = {row["reference"]: row for row in ledger.rows("SELECT * FROM filings")}
    return Findings(world, filings, events, cards, texts)


def _check_filing(findings: Findings, promise: Promise, filing: Row) -> None:
    kinds = Counter(event["kind"] for event in findings.events.get(filing["id"], []))
    if kinds["received"] != 1:
        findings.note(promise, f"received {kinds['received']} times")
    acknowledged = kinds["acknowledged"] - kinds["undone"]
    if acknowledged != (filing["acknowledged_at"] is not None):
        findings.note(promise, f"{filing['state']}, but acknowledged {acknowledged} times")
    if kinds["result"] != (filing["result"] is not None):
        findings.note(promise, f"result {filing['result']}, but {kinds['result']} results")
    if filing["state"] in {"waiting", "acknowledged"} and filing["next_step_at"] is None:
        findings.note(promise, f"{filing['state']} without a next step")
    for name in ("answer_wall", "answer_working", "result_wall", "result_working"):
        if (seconds := filing[f"{name}_seconds"]) is not None and seconds < 0:
            findings.note(promise, f"{name}_seconds is {seconds}")


def _check_pages(findings: Findings, promise: Promise) -> None:
    for who, chat in (("the group", promise.desk.group), ("A", promise.desk.officer)):
        if not any(
            place == chat and promise.reference in text
            for (place, _), text in findings.texts.items()
        ):
            findings.note(promise, f"{who} was never paged")


def _check_presses(findings: Findings, promise: Promise, filing: Row) -> None:
    """Every press was confirmed to Telegram by now: it must have had its effect, once."""
    events = findings.events.get(filing["id"], [])
    for action, (name, press) in promise.presses.items():
        answer = press.answered.text if press.answered else None
        found = [event for event in events if event["kind"] == EVENTS[action]]
        if len(found) != 1:
            findings.note(promise, f"{action} pressed (answer {answer!r}), {len(found)} times so")
        elif name not in found[0]["who"]:
            findings.note(promise, f"{action} pressed by {name}, but stands for {found[0]['who']}")
    if "ack" in promise.presses:
        by = structure(filing["acknowledged_by"]) or {}
        if by.get("name") != promise.presses["ack"][0]:
            findings.note(promise, f"acknowledged by {by.get('name')}")
    if "result" in promise.presses and filing["result"] != "registered":
        findings.note(promise, f"registered, but the result is {filing['result']}")


def _check_cards(findings: Findings, promise: Promise, filing: Row) -> None:
    words = WORDS[filing["state"]]
    for row in findings.cards.get(filing["id"], []):
        where = f"{row['kind']} {row['id']} in {row['chat_id']}"
        if row["outcome"] != "sent" and not (row["kind"] != "card" and row["outcome"] == "dropped"):
            findings.note(promise, f"{where}: {row['outcome']} ({row['outcome_detail']})")
            continue
        if row["kind"] != "card":
            continue
        text = findings.texts.get((row["chat_id"], row["message_id"]))
        if text is None:
            findings.note(promise, f"{where}: recorded as sent, but it never arrived")
        elif promise.reference not in text or not any(word in text for word in words):
            findings.note(promise, f"{where}: {filing['state']}, but it shows {text!r}")
