"""The ways a message can leave: one module a channel. What to say is decided before it gets here."""
