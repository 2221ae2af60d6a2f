"""Lines of CSV in which no cell is a formula and no character steers."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from auditor.model.text import inert
from auditor.render.published import TextV1

_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def line(cells: Iterable[Any]) -> bytes:
    """Return one line."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([_cell(cell) for cell in cells])
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, TextV1):
        value = value.en
    elif isinstance(value, list):
        value = " ".join(value)
    elif isinstance(value, bool):
        value = "yes" if value else "no"
    text = "" if value is None else inert(str(value)).replace("\n", " ")
    return f"'{text}" if text.startswith(_SIGNS) else text
