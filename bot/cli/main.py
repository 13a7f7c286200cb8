"""`python bot.py COMMAND`: which commands there are, and how an error becomes a sentence and an exit status."""

import sys
from importlib import import_module
from typing import NoReturn

import typer

from bot.settings import language
from bot.texts import load_texts
from directory.errors import LiaisonError
from notifications.ladder_faults import LadderFaults

#: Which module brings which command: a start loads only what it needs.
COMMANDS = {
    "demo": "bot.cli.demo",
    "serve": "bot.cli.serve",
    "db": "bot.cli.db",
    "directory": "bot.cli.directory",
    "privacy": "bot.cli.privacy",
    "roster": "bot.cli.roster",
    "token": "bot.cli.token",
    "invite": "bot.cli.invite",
    "unlink": "bot.cli.invite",
    "calendar": "bot.cli.calendar",
    "ladder": "bot.cli.ladder",
    "statistics": "bot.cli.statistics",
}


def main() -> NoReturn:
    """Run one command and leave with 0 (done), 1 (refused, a sentence says why) or 2 (wrong usage)."""
    app = typer.Typer(
        help="跨域立案值班台 · the duty desk of cross-region filing",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )

    @app.callback()
    def _several_commands() -> None:
        """Keep the command's name needed when only one is registered."""

    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    modules = [COMMANDS[asked]] if asked in COMMANDS else sorted(set(COMMANDS.values()))
    for module in modules:
        import_module(module).register(app)
    try:
        app()
    except LiaisonError as error:
        texts = load_texts()
        print(texts.get(language(), error.template, **error.data), file=sys.stderr)
    except LadderFaults as faults:
        print(faults.listed(load_texts().for_locale(language())), file=sys.stderr)
    sys.exit(1)
