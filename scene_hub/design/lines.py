"""Text of others, made fit to be shown and sent."""


def one_line(text: str, most: int | None = None) -> str:
    """`text` as one line without control characters or doubled spaces, cut to `most` characters if given."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if most is None or len(line) <= most else f"{line[: most - 4].rstrip()} ..."
