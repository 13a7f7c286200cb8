"""The local Telegram: a strict Bot API server with phones, for the demo, for drills at home and for tests."""

from bot.sandbox.errors import ApiError, PhoneError
from bot.sandbox.faults import DeliveryFault, Fault, FaultPlan
from bot.sandbox.groups import Group
from bot.sandbox.limits import Limits
from bot.sandbox.phones import Phone
from bot.sandbox.presses import CallbackAnswer, InlineResult, InlineSearch, Press
from bot.sandbox.screen import Button, ShownMessage
from bot.sandbox.server import LocalTelegram

__all__ = [
    "ApiError",
    "Button",
    "CallbackAnswer",
    "DeliveryFault",
    "Fault",
    "FaultPlan",
    "Group",
    "InlineResult",
    "InlineSearch",
    "Limits",
    "LocalTelegram",
    "Phone",
    "PhoneError",
    "Press",
    "ShownMessage",
]
