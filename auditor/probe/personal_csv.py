"""Read a table of separated values for personal data."""

import csv
import re
from collections.abc import Iterator
from itertools import islice

from auditor.probe.personal_find import Cell, Finder

MOST_ROWS = 200_000
MOST_CELLS = 1_000_000
_BAND = 100
"""Rows that share a place in a report."""
_LOOKED_AT = 20
_SEPARATORS = ",;\t|"
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d{1,16}))?[eE]\+?0?15")
_DIGITS = 16


def read_csv(body: bytes, finder: Finder) -> str:
    """Take in a table; return what was left out, "" for nothing."""
    text = decoded(body)
    lines = text.splitlines(keepends=True)
    grid = finder.grid()
    cells = 0
    try:
        for at, row in enumerate(csv.reader(lines, delimiter=_separator(lines))):
            cells += len(row)
            if at >= MOST_ROWS or cells > MOST_CELLS:
                return f"a table of more than {at} rows"
            grid.row(((n, cell(text)) for n, text in enumerate(row)), band(at + 1, "row"))
    except csv.Error:
        finder.lines(text, "")
    return ""


def band(row: int, name: str) -> str:
    """Return a place in a table as RFC 7111 writes it: "#row=101-200"."""
    first = (row - 1) // _BAND * _BAND + 1
    return f"#{name}={first}-{first + _BAND - 1}"


def cell(text: str, *, number: bool = False, hidden: bool = False) -> Cell:
    """Return a cell; a number of 16 digits in scientific form is written out, as far as known.

    Spreadsheets compute with 15 digits: where the last of 16 is a zero, it may have been another.
    """
    text = text.strip()
    match = _SCIENTIFIC.fullmatch(text)
    known = (match[1] + (match[2] or ""))[:_DIGITS] if match else ""
    if number:
        known = known or text.removesuffix(".0")
        text = known
        if (match or len(known) == _DIGITS) and not known[_DIGITS - 1 :].strip("0"):
            return Cell(text=known.ljust(_DIGITS, "0"), number=True, hidden=hidden, lost=1)
    elif match:
        lost = max(0, _DIGITS - len(known))
        return Cell(text=known.ljust(_DIGITS, "0"), hidden=hidden, lost=lost)
    return Cell(text=text.lstrip("'"), number=number, hidden=hidden)


def decoded(body: bytes) -> str:
    """Decode a text without a label: by its mark, by its zeros, as UTF-8, else as Windows Latin."""
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    zeros = body[:2000:2].count(0), body[1:2000:2].count(0)
    if max(zeros) > len(body[:2000]) // 4:
        return body.decode("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _separator(lines: list[str]) -> str:
    """Return the separator that divides the first lines most evenly, most of all."""
    head = [line for line in islice(lines, _LOOKED_AT) if line.strip()]
    return max(_SEPARATORS, key=lambda sign: tuple(_evenness(head, sign)))


def _evenness(lines: list[str], sign: str) -> Iterator[int]:
    counts = [len(next(csv.reader([line[:5000]], delimiter=sign), [])) - 1 for line in lines]
    usual = max(set(counts), key=counts.count, default=0)
    yield counts.count(usual) if usual > 0 else 0
    yield usual
