"""Expectations in the words of their file: YAML on one line."""

import re
from collections.abc import Mapping

from auditor.model.check import Assertion, Each, Expectation, Group
from auditor.model.fact import Json

_PLAIN = re.compile(r"[A-Za-z$/._][A-Za-z0-9$/._@+-]*")
_RESERVED = frozenset({"true", "false", "null", "yes", "no", "on", "off", "~"})
_LONG = 120


def flow(value: Json) -> str:
    """Return a value as YAML writes it on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return f"[{', '.join(flow(part) for part in value)}]"
        case Mapping():
            return f"{{{', '.join(f'{key}: {flow(part)}' for key, part in value.items())}}}"
        case str() if not _PLAIN.fullmatch(value) or value.lower() in _RESERVED:
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def written(part: Expectation) -> str:
    """Return an expectation as its file has it, cut where it is very long."""
    text = flow(_raw(part))
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def became(before: str, old: Json, new: Json, after: str) -> str:
    """Return what became of an operand: of a list only the element that is gone or new."""
    if isinstance(old, list) and isinstance(new, list):
        if len(new) < len(old):
            gone = next((o for o, n in zip(old, new, strict=False) if o != n), old[-1])
            return f"{before} without {flow(gone)}"
        return f"{before} with {flow(new[-1])}"
    return f"{before} -> {after}"


def _raw(part: Expectation) -> Json:
    match part:
        case Assertion(path=path, op=op, operand=operand):
            return {path: {op.value: operand}}
        case Group(quantifier=quantifier, of=of):
            return {quantifier.value: [_raw(one) for one in of]}
        case _:
            return {part.quantifier.value: _each(part)}


def _each(each: Each) -> Mapping[str, Json]:
    raw: dict[str, Json] = {"each": each.path}
    for name, parts in (("where", each.where), ("that", each.that)):
        if parts:
            raw[name] = [_raw(one) for one in parts]
    bounds = {"min": each.least, "max": each.most}
    return raw | {name: bound for name, bound in bounds.items() if bound is not None}
