"""Read a page for personal data: what is shown, tables, attributes, scripts and comments."""

import re
from typing import TYPE_CHECKING

import msgspec

from auditor.probe.crawl import Sheet
from auditor.probe.personal_find import Cell, Finder
from auditor.probe.personal_words import heading

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_INLINE = frozenset(
    {
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em"),
        *("font", "i", "ins", "del", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small"),
        *("span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    }
)
_RAW = frozenset({"script", "iframe", "noembed", "noframes"})
_CELLS = frozenset({"td", "th"})
_QUIET = frozenset({"placeholder", "style", "class", "d", "srcset", "integrity", "points"})
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "data-src", "data-href"})
_NAMES = ("name", "id", "aria-label", "property", "title", "autocomplete")
_NUMBERS = re.compile(r"\d[\s\S]*\d{4}|@")
_ENCODED = re.compile(r"%([0-7][0-9A-Fa-f])")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_SPAN = 50
MOST_COLUMNS = 500


class _Where(msgspec.Struct):
    """Where an element stands: in which block, in which cell (a list of its texts)."""

    block: int
    cell: list[str] | None = None
    raw: bool = False


class _Table(msgspec.Struct):
    """The rows of a table: each a list of (column, texts)."""

    rows: list[list[tuple[int, list[str]]]] = []
    width: int = 0


def read_page(sheet: Sheet, finder: Finder) -> None:
    """Take in a page. Raises `Unseen` where it is none, or too much to parse."""
    root = sheet.tree.root
    reader = _Reader(finder)
    for node in root.traverse(include_text=True) if root is not None else ():
        reader.take(node)
    reader.done()


class _Reader:
    """Takes the nodes of a page in order."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._where: dict[int, _Where] = {}
        self._tables: dict[int, _Table] = {}
        self._text: list[str] = []
        self._block = 0

    def take(self, node: "LexborNode") -> None:
        tag = node.tag or ""
        parent = node.parent
        above = self._where.get(parent.mem_id) if parent is not None else None
        above = above or _Where(block=0)
        if tag == "-text":
            self._words(node.text_content or "", above)
        elif tag == "-comment":
            self._finder.text(_TAG.sub(" ", node.comment_content or ""))
        else:
            self._element(node, tag, above)

    def done(self) -> None:
        """Take in the text and the tables as they came together."""
        self._finder.text("".join(self._text))
        for table in self._tables.values():
            grid = self._finder.grid()
            for row in table.rows:
                grid.row((at, Cell(text="".join(texts).strip())) for at, texts in row)

    def _words(self, text: str, above: _Where) -> None:
        if above.raw:
            self._finder.text(text)
        elif above.cell is not None:
            above.cell.append(text if above.block == self._block else f"\n{text}")
        else:
            self._text.append(text if above.block == self._block else f"\n{text}")
        self._block = above.block

    def _element(self, node: "LexborNode", tag: str, above: _Where) -> None:
        here = _Where(
            block=above.block if tag in _INLINE else node.mem_id,
            cell=above.cell,
            raw=above.raw or tag in _RAW,
        )
        if tag == "br":
            (self._text if above.cell is None else above.cell).append("\n")
        elif tag in _CELLS:
            here.cell = self._cell(node)
        elif tag == "template":
            self._finder.text(_TAG.sub(" ", node.html or ""))
        self._where[node.mem_id] = here
        if node.attributes:
            self._attributes(node.attributes)

    def _cell(self, node: "LexborNode") -> list[str]:
        """Begin a cell in the row that it stands in."""
        row = node.parent
        body = row.parent if row is not None else None
        top = body.parent if body is not None and body.tag != "table" else body
        table = self._tables.setdefault(top.mem_id if top is not None else 0, _Table())
        first = node.prev
        while first is not None and first.tag not in _CELLS:
            first = first.prev
        if first is None or not table.rows:
            table.rows.append([])
            table.width = 0
        texts: list[str] = []
        if table.width < MOST_COLUMNS:
            table.rows[-1].append((table.width, texts))
        table.width += _span(node.attributes.get("colspan"))
        return texts

    def _attributes(self, attributes: dict[str, str | None]) -> None:
        for name, value in attributes.items():
            if not value or name in _QUIET or not _NUMBERS.search(value):
                continue
            named = " ".join(filter(None, (attributes.get(other) for other in _NAMES)))
            label = heading(name) or heading(named[:200])
            address = name in _ADDRESSES
            text = _ENCODED.sub(_decoded, value) if address else value
            self._finder.text(text, label=label, address=address)


def _decoded(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def _span(text: str | None) -> int:
    return max(1, min(int(text), _SPAN)) if text and text.isdecimal() and len(text) < 4 else 1  # noqa: PLR2004
