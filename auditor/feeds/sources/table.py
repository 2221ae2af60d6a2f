"""Read plain tables, a line a row, a mark between columns, no quotes: in bounded memory."""

from collections.abc import Iterator
from typing import BinaryIO

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.checked import plain

LINE_LIMIT = 4096


def lines(stream: BinaryIO) -> Iterator[str]:
    """Yield lines without their ends; one of more than 4,096 bytes, or not ASCII: `Unreadable`."""
    while line := stream.readline(LINE_LIMIT + 1):
        if len(line) > LINE_LIMIT:
            raise Unreadable(f"has a line of more than {LINE_LIMIT} bytes")
        try:
            yield line.decode("ascii").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise Unreadable("is no plain text") from error


def table(told: Iterator[str], columns: tuple[str, ...], separator: str) -> Iterator[list[str]]:
    """Yield the rows below a header that must name exactly these columns, in this order.

    Raises `Unreadable` for another header, a row of another length, and the first column of a row
    seen before.
    """
    header = next(told, "")
    if header.split(separator) != list(columns):
        raise Unreadable(f"begins with {plain(header)[:60]!r}, not {separator.join(columns)!r}")
    seen: set[str] = set()
    for line in told:
        row = line.split(separator)
        if len(row) != len(columns):
            raise Unreadable(f"{plain(line)[:60]!r} has not {len(columns)} columns: is it cut?")
        if row[0] in seen:
            raise Unreadable(f"names {plain(row[0])[:60]!r} twice")
        seen.add(row[0])
        yield row
