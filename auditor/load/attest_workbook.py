"""Read a form that came back as a spreadsheet; the file may come from anyone.

What is refused before it is opened: a large file, much that unpacks from little, macros, links to
other files. Formulas are refused, never computed.
"""

import datetime as dt
import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from auditor.errors import ConfigError
from auditor.load.attest_filled import Entry, Filled, names_in
from auditor.load.attest_sheet import CODE, FIRST, as_text, columns
from auditor.load.attest_words import COMMON, FORM, Part
from auditor.model.text import inert

FILE_LIMIT = 4 * 2**20
"""Bytes; a form of 130 questions takes 30 kB."""
UNPACKED_LIMIT = 16 * 2**20
PARTS_LIMIT = 200
ROWS_LIMIT = 2000
CELL_LIMIT = 4000
"""Characters that are looked at in a cell."""
HINT = "fill in the file that `auditor attest form --format xlsx` writes, and keep its columns"
_FOREIGN = (
    ("vbaproject", "macros"),
    ("macrosheets/", "macros"),
    ("activex/", "controls"),
    ("embeddings/", "other files"),
    ("externallinks/", "links to other files"),
    ("connections.xml", "links to data sources"),
    ("querytables/", "links to data sources"),
)
_ODD = (
    zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, AttributeError,
    IndexError, OSError, EOFError, zlib.error, SyntaxError, OverflowError, struct.error,
    NotImplementedError, RuntimeError,
)  # fmt: skip
"""What openpyxl and what it stands on raise for files that are broken; parsers' errors are
`SyntaxError`, those of defusedxml `ValueError`."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_VALUES = (str, int, float, dt.date, dt.time, dt.timedelta, type(None))
"""Types of cells; a formula over several cells has a type of its own."""
_Cells = tuple[tuple[object, str], ...]
"""Values of a row with their types."""


def read_workbook(path: Path) -> Filled:
    """Read a form; raises `ConfigError` with the row where there is one."""
    data = _read(path)
    _inspect(str(path), data)
    try:
        rows = list(_rows(data))
    except _ODD as error:
        said = " ".join(inert(f"{type(error).__name__}: {error}").split())[:200]
        raise ConfigError(str(path), f"cannot be read as a spreadsheet ({said})", hint=HINT) from (
            error
        )
    if len(rows) > ROWS_LIMIT:
        raise ConfigError(str(path), f"has more than {ROWS_LIMIT} rows", hint=HINT)
    return _filled(str(path), rows)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except (OSError, ValueError) as error:
        raise ConfigError(str(path), f"cannot be read: {error}") from error
    if len(data) > FILE_LIMIT:
        raise ConfigError(str(path), f"is larger than {FILE_LIMIT // 2**20} MB", hint=HINT)
    return data


def _inspect(path: str, data: bytes) -> None:
    """Look at the list of what is packed, without unpacking it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            packed = archive.infolist()
    except _ODD as error:
        raise ConfigError(path, f"is no XLSX file ({error})", hint=HINT) from error
    if len(packed) > PARTS_LIMIT or sum(one.file_size for one in packed) > UNPACKED_LIMIT:
        raise ConfigError(path, "unpacks to more than a form can be", hint=HINT)
    if any(one.compress_type not in _METHODS for one in packed):
        raise ConfigError(path, "is packed in a way that XLSX files are not", hint=HINT)
    for one in packed:
        for mark, what in _FOREIGN:
            if mark in one.filename.lower():
                raise ConfigError(path, f"holds {what}: it is not opened", hint=HINT)


def _rows(data: bytes) -> Iterator[_Cells]:
    """Yield the rows of the first sheet, empty ones at the end left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        last = FIRST + len(Part) - 1
        waiting: list[_Cells] = []
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=ROWS_LIMIT + 1, max_col=last):
            cells = tuple((cell.value, str(cell.data_type)) for cell in row)
            waiting.append(cells)
            if any(value is not None for value, _ in cells):
                yield from waiting
                waiting = []


def _filled(path: str, rows: Sequence[_Cells]) -> Filled:
    marked = next((n for n, row in enumerate(rows) if _text(row, 0) == FORM), None)
    if marked is None or _text(rows[marked + 1] if marked + 1 < len(rows) else (), 1) not in (
        CODE.id,
        CODE.en,
    ):
        raise ConfigError(path, f"is no form ({FORM}), or its columns were moved", hint=HINT)
    common: dict[Part, str] = {}
    entries: list[Entry] = []
    for number, row in enumerate(rows[marked + 2 :], marked + 3):
        code = _text(row, 1)
        _refuse_odd(path, number, row)
        told = {part: text for column, part in columns() if (text := _text(row, column))}
        if code == COMMON:
            common = told
        elif code:
            evidence = told.pop(Part.EVIDENCE, "")
            entries.append(
                Entry(question=code, said=told, evidence=tuple(names_in(evidence)), line=number)
            )
        elif told:
            raise ConfigError(path, "stands beside no question", line=number, hint=HINT)
    opd = _text(rows[marked], 1)
    return Filled(path=path, opd=opd, line=marked + 1, common=common, entries=tuple(entries))


def _refuse_odd(path: str, number: int, row: _Cells) -> None:
    for value, kind in row:
        if kind == "f" or not isinstance(value, _VALUES):
            hint = "write the value itself; formulas are not computed"
            raise ConfigError(path, "holds a formula", line=number, hint=hint)
        if kind == "e":
            raise ConfigError(path, f"holds the error {value}", line=number)
        if isinstance(value, str) and len(value) > CELL_LIMIT:
            raise ConfigError(path, f"holds more than {CELL_LIMIT} characters", line=number)


def _text(row: _Cells, column: int) -> str:
    return as_text(row[column][0])[: CELL_LIMIT + 1] if column < len(row) else ""
