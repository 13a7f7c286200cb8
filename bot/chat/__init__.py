"""Telegram: who speaks, what they want, what they are answered. Messages leave by the outbox, not from here."""

from bot.chat.application import Chat, build
from bot.chat.parts import ChatParts

__all__ = ["Chat", "ChatParts", "build"]
