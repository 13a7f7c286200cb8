"""The command line: one file a command. What a command does lives in the layers below."""
