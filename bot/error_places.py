"""Names an error for logs and tables: its kind and where in the product, never its text. Catches nothing."""

import traceback


def place(error: BaseException) -> str:
    """`ValueError at bot/chat/notes.py:12 in invite`; the error's own text may quote what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "site-packages" not in f.filename] or list(frames)
    if not ours:
        return type(error).__name__
    last = ours[-1]
    name = "/".join(last.filename.rsplit("/", 3)[-3:])
    return f"{type(error).__name__} at {name}:{last.lineno} in {last.name}"
