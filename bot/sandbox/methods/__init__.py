"""What each method of the Bot API does to the world. Checks of names and types and HTTP are elsewhere."""

from bot.sandbox.methods import answers, chats, editing, profile, sending
from bot.sandbox.methods.call import Call, Method, method

#: Methods that answer at once; getUpdates and the webhook methods live with their transport.
METHODS: dict[str, Method] = method.by_name

__all__ = ["METHODS", "Call", "answers", "chats", "editing", "profile", "sending"]
