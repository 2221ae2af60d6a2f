"""Which operator may be asked of which kind of fact."""

from collections.abc import Mapping

from auditor.model.check import Op
from auditor.model.fact import Kind

_SCALARS = frozenset({Kind.BOOL, Kind.INT, Kind.TEXT, Kind.MODE, Kind.VERSION})
_WORDS = frozenset({Kind.TEXT, Kind.VERSION})
_NUMBERS = frozenset({Kind.INT, Kind.DURATION})
_LISTS = frozenset({Kind.TEXTS, Kind.PORTS})
_TIMES = frozenset({Kind.TIME})

OPERATORS: Mapping[Op, frozenset[Kind]] = {
    Op.EQ: _SCALARS,
    Op.NE: _SCALARS,
    Op.IN: _SCALARS,
    Op.NOT_IN: _SCALARS,
    Op.MIN: _NUMBERS,
    Op.MAX: _NUMBERS,
    Op.MATCHES: _WORDS,
    Op.NOT_MATCHES: _WORDS,
    Op.STARTS_WITH: _WORDS,
    Op.CONTAINS: _LISTS,
    Op.CONTAINS_ALL: _LISTS,
    Op.CONTAINS_NONE: _LISTS,
    Op.SUBSET_OF: _LISTS,
    Op.EMPTY: _LISTS | {Kind.TEXT, Kind.TABLE},
    Op.EXISTS: frozenset(Kind),
    Op.MODE_MAX: frozenset({Kind.MODE}),
    Op.VERSION_MIN: frozenset({Kind.VERSION}),
    Op.OLDER_THAN: _TIMES,
    Op.NEWER_THAN: _TIMES,
    Op.WRITTEN: frozenset(Kind),
}


def operators_for(kind: Kind) -> tuple[Op, ...]:
    """Return the operators that take a kind, in the order of the table."""
    return tuple(op for op, kinds in OPERATORS.items() if kind in kinds)
