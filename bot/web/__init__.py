"""The HTTP side: the API for other systems, health, metrics, Telegram's webhook and a first page."""
