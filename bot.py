"""The entry script: `python bot.py COMMAND`. Everything it does lives in `bot.cli`."""

from bot.cli.main import main

if __name__ == "__main__":
    main()
