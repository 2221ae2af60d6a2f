"""Configuration that nests and includes: what nginx's and Apache's files have in common."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from auditor.model.fact import GAP, Json, Why
from auditor.probe.base import Record, Unseen
from auditor.probe.texts import TextFile, Texts, fits

DEEPEST = 40
"""Blocks and includes inside each other; real ones stay below ten."""
MOST = 50_000
"""Directives of a whole configuration."""


class Directive(NamedTuple):
    """A name with its words and "file:line"; `block` is None where it opens none."""

    name: str
    args: tuple[str, ...]
    place: str
    block: list["Directive"] | None = None


class Tree(NamedTuple):
    """What was read; `unread` are includes that name files outside of what is read."""

    top: list[Directive]
    unread: list[str]


Scan = Callable[[TextFile], Iterator[tuple[str, tuple[str, ...], str]]]
"""Yields a mark, words and the place: "{" opens a block, "}" closes one, ";" is a directive."""
Find = Callable[[Directive], tuple[list[TextFile], str] | None]
"""The files that a directive includes and what it names that is not read; None: no include."""


class _Growth(NamedTuple):
    """How files are read, and what is left of the allowance."""

    scan: Scan
    find: Find
    left: list[int]
    unread: list[str]


def grow(main: TextFile, scan: Scan, find: Find) -> Tree:
    """Return the tree of a configuration; linear in its length.

    Raises `Unseen` for one that is longer or deeper than any real one.
    """
    tree = Tree([], [])
    _fill(main, tree.top, _Growth(scan, find, [MOST], tree.unread), DEEPEST)
    return tree


def _fill(file: TextFile, into: list[Directive], growth: _Growth, depth: int) -> None:
    levels = [into]
    for mark, words, place in growth.scan(file):
        growth.left[0] -= 1
        if growth.left[0] < 0 or len(levels) > depth:
            raise Unseen(Why.CUT, f"{place}: the configuration is too long or nested too deeply")
        if mark == "}":
            if len(levels) > 1:
                levels.pop()
            continue
        directive = Directive(words[0], words[1:], place, [] if mark == "{" else None)
        included = growth.find(directive) if mark == ";" else None
        if included is None:
            levels[-1].append(directive)
        else:
            growth.unread.extend(filter(None, [included[1]]))
            for one in included[0]:
                _fill(one, levels[-1], growth, depth - len(levels))
        if directive.block is not None:
            levels.append(directive.block)


def included(seen: Texts, pattern: str, reads: Sequence[str]) -> tuple[list[TextFile], str]:
    """Return the files that an include names, and the pattern itself where it is not read."""
    if not any(pattern == read or fits(pattern, read) for read in reads):
        return [], pattern
    if any(wild in pattern for wild in "*?["):
        return seen.glob(pattern), ""
    file = seen.file(pattern)
    return ([file] if file else []), ""


def without_innocence(found: Record, innocent: Mapping[str, Json], unread: Sequence[str]) -> Record:
    """Leave out each fact that something unread could change for the worse, and say why."""
    if not unread:
        return found
    kept = {
        name: value
        for name, value in found.items()
        if name not in innocent or value != innocent[name]
    }
    detail = f"{unread[0]} was not read"
    return {**kept, GAP: {"why": Why.UNREADABLE, "detail": detail}}
