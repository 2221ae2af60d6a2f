"""Which operator may be asked of which kind of field, and what its operand must be."""

from collections.abc import Mapping

from auditor.model.check import Op
from auditor.model.fact import Json, Kind

_SCALARS = frozenset({Kind.BOOL, Kind.INT, Kind.TEXT, Kind.MODE, Kind.VERSION})
_LISTS = frozenset({Kind.TEXTS, Kind.PORTS})
_WORDS = frozenset({Kind.TEXT, Kind.VERSION})

OPERATORS: Mapping[Op, frozenset[Kind]] = {
    Op.EQ: _SCALARS,
    Op.NE: _SCALARS,
    Op.IN: _SCALARS,
    Op.NOT_IN: _SCALARS,
    Op.MIN: frozenset({Kind.INT, Kind.DURATION}),
    Op.MAX: frozenset({Kind.INT, Kind.DURATION}),
    Op.MATCHES: _WORDS,
    Op.NOT_MATCHES: _WORDS,
    Op.CONTAINS: _LISTS,
    Op.CONTAINS_ALL: _LISTS,
    Op.CONTAINS_NONE: _LISTS,
    Op.SUBSET_OF: _LISTS,
    Op.EMPTY: _LISTS | {Kind.TEXT, Kind.TABLE},
    Op.EXISTS: frozenset(Kind),
    Op.STARTS_WITH: _WORDS,
    Op.MODE_MAX: frozenset({Kind.MODE}),
    Op.VERSION_MIN: frozenset({Kind.VERSION}),
    Op.OLDER_THAN: frozenset({Kind.TIME}),
    Op.NEWER_THAN: frozenset({Kind.TIME}),
}
_NEEDS_LIST = frozenset({Op.IN, Op.NOT_IN, Op.CONTAINS_ALL, Op.CONTAINS_NONE, Op.SUBSET_OF})
_NEEDS_BOOL = frozenset({Op.EMPTY, Op.EXISTS})
_NEEDS_TEXT = frozenset({Op.MATCHES, Op.NOT_MATCHES, Op.STARTS_WITH, Op.MODE_MAX, Op.VERSION_MIN})
_OF_KIND: Mapping[Kind, tuple[type, ...]] = {
    Kind.BOOL: (bool,),
    Kind.INT: (int,),
    Kind.DURATION: (int, str),
}


def operand_mistake(op: Op, kind: Kind, operand: Json) -> str:
    """Return what is wrong with an operand (parameters filled in), or nothing."""
    if op in _NEEDS_LIST:
        return "" if isinstance(operand, list | tuple) else "needs a list"
    if op in _NEEDS_BOOL:
        return "" if isinstance(operand, bool) else "needs true or false"
    if op in _NEEDS_TEXT:
        return "" if isinstance(operand, str) else "needs a text"
    wanted = _OF_KIND.get(kind)
    if wanted and (not isinstance(operand, wanted) or _is_stray_bool(operand, wanted)):
        return f"needs a value of type {kind}"
    return ""


def _is_stray_bool(operand: Json, wanted: tuple[type, ...]) -> bool:
    return isinstance(operand, bool) and bool not in wanted
