"""Tables of data whose cells nobody can place (axe: td-headers-attr, th-has-data-cells)."""

from collections.abc import Iterator

from auditor.probe.inclusion_tree import Element, Page

_LAYOUT = frozenset({"table", "form", "input", "select", "h1", "h2", "h3", "nav", "ul", "iframe"})
_LEAST = 2
_MOST_CELLS = 5_000
_HEADER_ROLES = frozenset({"columnheader", "rowheader"})


class Grid:
    """The cells of a table by rows, without those of tables inside it."""

    def __init__(self, table: Element) -> None:
        self.rows: list[list[Element]] = []
        self.inside: set[str] = set()
        stack = list(table.elements)[::-1]
        left = _MOST_CELLS
        while stack and left > 0:
            here = stack.pop()
            self.inside.add(here.tag)
            left -= 1
            if here.tag == "table":
                continue
            if here.tag == "tr":
                self.rows.append([])
            elif here.tag in {"td", "th"} and self.rows:
                self.rows[-1].append(here)
            stack.extend(list(here.elements)[::-1])

    @property
    def cells(self) -> list[Element]:
        """All cells."""
        return [cell for row in self.rows for cell in row]


def _tables(page: Page) -> Iterator[tuple[Element, Grid]]:
    for table in page.every("table"):
        if table.role in {"", "table", "grid"}:
            yield table, Grid(table)


def bad_references(page: Page) -> Iterator[Element]:
    """Cells that name headers which are not there, headers without a cell."""
    for table, grid in _tables(page):
        cells = grid.cells
        ids = {cell.value("id") for cell in cells if cell.value("id")}
        wrong = any(_wrong(cell, ids) for cell in cells)
        headed = any(cell.tag == "th" and cell.holds for cell in cells)
        if wrong or (headed and all(cell.tag == "th" for cell in cells)):
            yield table


def _wrong(cell: Element, ids: set[str]) -> bool:
    named = cell.value("headers").split()[:50]
    return bool(named) and (cell.value("id") in named or not ids.issuperset(named))


def headless(page: Page) -> Iterator[Element]:
    """Tables that hold data, by their shape, and mark no cell as a heading."""
    for table, grid in _tables(page):
        widths = {len(row) for row in grid.rows}
        even = len(widths) == 1 and max(widths) >= _LEAST and len(grid.rows) >= _LEAST
        first = all(cell.holds for cell in grid.rows[0]) if grid.rows else False
        marked = any(cell.tag == "th" or cell.role in _HEADER_ROLES for cell in grid.cells)
        if even and first and not marked and _LAYOUT.isdisjoint(grid.inside):
            yield table
