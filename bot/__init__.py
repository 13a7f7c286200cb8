"""Liaison, the part that faces people and other systems: command line, chat, HTTP, the local Telegram."""
