"""Read a spreadsheet for personal data: every sheet, also what is hidden, and what lies beside.

openpyxl builds a tree of each row: 12 kB that unpack to two million empty cells cost it 9 seconds
and 580 MB. Here the parts are read as a stream, and also those that openpyxl leaves out: notes,
text boxes, the copies of data that pivot tables and links keep.
"""

import re
from collections.abc import Iterator
from itertools import count

from auditor.model.fact import Why
from auditor.probe.base import Unseen
from auditor.probe.personal_csv import band, cell
from auditor.probe.personal_find import Cell, Finder
from auditor.probe.personal_parts import Package

MOST_SHEETS = 100
MOST_STRINGS = 500_000
MOST_CHARACTERS = 16 * 2**20
"""Of the strings that cells share."""
_BOOK = "xl/workbook.xml"
_LINKS = "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedStrings.xml"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_BESIDE = re.compile(
    r"xl/(?:comments|threadedComments|drawings|pivotCache|tables|externalLinks)[^.]*\.xml"
)
_HIDDEN_PARTS = ("xl/pivotCache/", "xl/externalLinks/")
CORE = "docProps/core.xml"
_COLUMN = re.compile(r"([A-Z]{1,3})\d*")
_LETTERS = 26
_RANGES = 50
"""Ranges of hidden columns of one sheet."""
_CELL_TEXT = 32_767
"""Characters that a cell can hold."""


def read_xlsx(body: bytes, finder: Finder) -> tuple[str, list[Unseen]]:
    """Take in a spreadsheet; return who is named as its author, and what was not seen of it.

    Raises `Unseen` where it is no spreadsheet.
    """
    package = Package(body)
    names = package.names
    unseen: list[Unseen] = []
    book = _Book()
    if _BOOK in names:
        _tried(unseen, package, _BOOK, book)
    if _LINKS in names:
        _tried(unseen, package, _LINKS, book)
    strings = _Strings()
    if _STRINGS in names:
        _tried(unseen, package, _STRINGS, strings)
    sheets = [name for name in names if _SHEET.fullmatch(name)]
    for number, name in enumerate(book.ordered(sheets)[:MOST_SHEETS], 1):
        hidden = name in book.hidden
        _tried(unseen, package, name, _Rows(finder, strings.found, number, hidden=hidden))
    for name in names:
        if _BESIDE.fullmatch(name):
            beside = _Loose()
            _tried(unseen, package, name, beside)
            _take_beside(finder, beside, hidden=name.startswith(_HIDDEN_PARTS))
    return _author(package, names, unseen), [*unseen, *_missing(sheets)]


def _missing(sheets: list[str]) -> Iterator[Unseen]:
    if not sheets:
        yield Unseen(Why.UNREADABLE, "it holds no sheet")
    if len(sheets) > MOST_SHEETS:
        yield Unseen(Why.CUT, f"more than {MOST_SHEETS} sheets")


def _take_beside(finder: Finder, beside: "_Loose", *, hidden: bool) -> None:
    before = len(finder.niks) + len(finder.kks)
    finder.lines("\n".join(beside.parts), "")
    if hidden and len(finder.niks) + len(finder.kks) > before:
        finder.hidden = True


def _author(package: Package, names: list[str], unseen: list[Unseen]) -> str:
    if CORE not in names:
        return ""
    core = _Core()
    _tried(unseen, package, CORE, core)
    return " ; ".join(core.authors)


class _Part:
    """What is kept of a part; by itself nothing."""

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        """An element begins."""

    def end(self, tag: str, /) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text inside the element that began last."""


def _tried(unseen: list[Unseen], package: Package, name: str, part: _Part) -> None:
    try:
        package.parse(name, part.start, part.end, part.text)
    except Unseen as error:
        unseen.append(error)


class _Book(_Part):
    """The order of sheets and which of them are hidden, by the names of their parts."""

    def __init__(self) -> None:
        self._states: dict[str, bool] = {}
        self._targets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            link = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            self._states[link] = attributes.get("state", "visible") != "visible"
        elif tag == "Relationship":
            target = attributes.get("Target", "").removeprefix("/xl/").removeprefix("/")
            self._targets[attributes.get("Id", "")] = f"xl/{target}"

    @property
    def hidden(self) -> set[str]:
        """The parts of hidden sheets."""
        return {
            self._targets[link]
            for link, hid in self._states.items()
            if hid and link in self._targets
        }

    def ordered(self, parts: list[str]) -> list[str]:
        """Return parts in the order of the book; those that it does not name come last."""
        rank = {self._targets.get(link, ""): at for at, link in enumerate(self._states)}
        return sorted(parts, key=lambda name: (rank.get(name, len(rank)), name))


class _Strings(_Part):
    """The strings that cells share."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._within = False
        self._left = MOST_CHARACTERS

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._within = tag == "t"

    def end(self, tag: str) -> None:
        self._within = False
        if tag != "si":
            return
        text = "".join(self._parts)[:_CELL_TEXT]
        self._parts.clear()
        self._left -= len(text)
        if self._left < 0 or len(self.found) == MOST_STRINGS:
            raise Unseen(Why.CUT, "more strings than are read")
        self.found.append(text)

    def text(self, text: str) -> None:
        if self._within:
            self._parts.append(text)


class _Loose(_Part):
    """All text of a part, and the values in attributes, each a line."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._joined: list[str] = []

    def start(self, _tag: str, attributes: dict[str, str]) -> None:
        value = attributes.get("v") or attributes.get("name")
        if value:
            self.parts.append(value)

    def end(self, tag: str) -> None:
        if tag in ("p", "text", "comment", "v", "si") and self._joined:
            self.parts.append("".join(self._joined))
            self._joined.clear()

    def text(self, text: str) -> None:
        self._joined.append(text)


class _Core(_Part):
    """Who made the document, and who changed it last."""

    def __init__(self) -> None:
        self.authors: list[str] = []
        self._within = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._within = tag in ("creator", "lastModifiedBy")

    def end(self, _tag: str) -> None:
        self._within = False

    def text(self, text: str) -> None:
        if self._within and text.strip():
            self.authors.append(text[:200])


class _Rows(_Part):
    """The rows of a sheet, given to a grid as they end."""

    def __init__(self, finder: Finder, strings: list[str], number: int, *, hidden: bool) -> None:
        self._grid = finder.grid()
        self._strings = strings
        self._number = number
        self._hidden = hidden
        self._hidden_columns: list[tuple[int, int]] = []
        self._rows = count(1)
        self._row = 0
        self._row_hidden = False
        self._cells: list[tuple[int, Cell]] = []
        self._column = 0
        self._kind = ""
        self._reading = False
        self._texts: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._column = _column(attributes.get("r", ""), self._column)
            self._kind = attributes.get("t", "n")
            self._texts.clear()
        elif tag == "row":
            self._row = _number(attributes.get("r", "")) or next(self._rows)
            self._row_hidden = attributes.get("hidden") in ("1", "true")
            self._column = 0
            self._cells.clear()
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = _number(attributes.get("min", "")), _number(attributes.get("max", ""))
            self._hidden_columns = [*self._hidden_columns[:_RANGES], (first, last)]
        self._reading = tag in ("v", "t")

    def end(self, tag: str) -> None:
        self._reading = False
        if tag == "c" and self._texts:
            self._cells.append((self._column, self._cell("".join(self._texts))))
        elif tag == "row":
            self._grid.row(self._cells, f"#sheet={self._number}&{band(self._row, 'row')[1:]}")

    def text(self, text: str) -> None:
        if self._reading:
            self._texts.append(text[:_CELL_TEXT])

    def _cell(self, text: str) -> Cell:
        hidden = self._hidden or self._row_hidden or self._in_hidden_column()
        if self._kind == "s":
            at = _number(text)
            text = self._strings[at] if text.isdecimal() and at < len(self._strings) else ""
        return cell(text, number=self._kind == "n", hidden=hidden)

    def _in_hidden_column(self) -> bool:
        return any(first <= self._column <= last for first, last in self._hidden_columns)


def _column(name: str, before: int) -> int:
    """Return the number of a column, "AB12" → 28; without a name it is the next one."""
    match = _COLUMN.match(name)
    if match is None:
        return before + 1
    number = 0
    for letter in match[1]:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONG else 0


_LONG = 9
