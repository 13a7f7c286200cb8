"""The process that draws: an SVG from standard input, a PNG to standard output; family and files of the font as arguments."""

import sys

import resvg_py


def main(family: str, files: list[str]) -> None:
    """Draw once."""
    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        skip_system_fonts=True,
        font_files=files,
        font_family=family,
    )
    sys.stdout.buffer.write(bytes(drawn))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
