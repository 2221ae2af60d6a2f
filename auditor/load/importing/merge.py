"""Add targets to an inventory's text, so that what its keeper wrote stays as it is."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import yaml

from auditor.errors import ConfigError
from auditor.load.decode import Written
from auditor.model.inventory import Inventory, Target

_EMPTY = "[]"


class Merged(msgspec.Struct, frozen=True):
    """An inventory's text with new targets; `diff` is in unified form, without context.

    `differing` tells in words where a target that is there already is described otherwise.
    """

    text: str
    diff: str
    added: tuple[str, ...]
    differing: tuple[str, ...]
    same: int


def merge(inventory: Written[Inventory], text: str, raws: Sequence[Mapping[str, Any]]) -> Merged:
    """Add the targets that are not there by id or address; change none that is."""
    known = _Known(inventory.value.targets)
    new, differing, same = [], [], 0
    for raw in raws:
        number = known.number(raw)
        if number is None:
            new.append(raw)
            continue
        target = inventory.value.targets[number]
        line, _ = inventory.document.place(("targets", number))
        words = [
            f"{inventory.document.path}:{line}: {target.id}: {one}"
            for one in _differences(target, raw)
        ]
        differing += words
        same += not words
    merged, diff = _inserted(text, inventory.document.path, new) if new else (text, "")
    return Merged(merged, diff, tuple(raw["id"] for raw in new), tuple(differing), same)


class _Known:
    """Which target of the inventory a row means."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets = targets
        self._ids = {target.id: number for number, target in enumerate(targets)}
        self._addresses: dict[str, list[int]] = defaultdict(list)
        for number, target in enumerate(targets):
            self._addresses[target.address.lower()].append(number)

    def number(self, raw: Mapping[str, Any]) -> int | None:
        """Return its index: of the same id, else the only one at the same address and port."""
        if raw["id"] in self._ids:
            return self._ids[raw["id"]]
        port = (raw.get("ssh") or {}).get("port")
        found = [
            number
            for number in self._addresses.get(raw["address"].lower(), ())
            if port is None or _port(self._targets[number]) == port
        ]
        return found[0] if len(found) == 1 else None


def _port(target: Target) -> int | None:
    return target.ssh.port if target.ssh is not None else None


def _differences(target: Target, raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield in words what a row says otherwise than the inventory."""
    ours: dict[str, Any] = msgspec.to_builtins(target)
    theirs: dict[str, Any] = msgspec.to_builtins(msgspec.convert(raw, Target))
    for key in raw:
        if key == "id":
            continue
        if isinstance(raw[key], dict) and isinstance(ours[key], dict):
            pairs = [(f"{key}.{k}", ours[key][k], theirs[key][k]) for k in raw[key]]
        else:
            pairs = [(key, ours[key], theirs[key])]
        yield from (f"{name} is {_flow(a)}, not {_flow(b)}" for name, a, b in pairs if a != b)


def _inserted(text: str, path: str, new: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return the text with targets at the end of their list, and what was put where."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    if not lines[-1].endswith(newline):
        lines[-1] += newline
    end = _end_of_targets(text, path)
    removed: list[str] = []
    added = [f"{line}{newline}" for raw in new for line in _lines(raw, " " * end.indent)]
    at = end.line
    if end.empty is not None:
        at -= 1
        removed = [lines[at]]
        head, tail = lines[at][: end.empty].rstrip(), lines[at][end.empty + len(_EMPTY) :]
        added = [f"{head}{tail.rstrip()}{newline}", *added]
    merged = [*lines[:at], *added, *lines[at + len(removed) :]]
    first = at + 1 if removed else at
    header = f"@@ -{first},{len(removed)} +{at + 1},{len(added)} @@"
    body = [*(f"-{line}" for line in removed), *(f"+{line}" for line in added)]
    return "".join(merged), f"--- {path}\n+++ {path}\n{header}\n{''.join(body)}"


class _End(msgspec.Struct, frozen=True):
    """Where the list of targets ends: lines before it, the column of its dashes.

    `empty` is the column of `[]` in the last of these lines, where the list is written so.
    """

    line: int
    indent: int
    empty: int | None = None


def _end_of_targets(text: str, path: str) -> _End:
    """Find the end of the top-level list `targets` in a text that is a good inventory."""
    depth, key = 0, ""
    opened: Any = None
    last: Any = None
    flow: list[bool] = []
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            if depth == 1 and key == "targets":
                opened = event
            depth += 1
            flow.append(bool(event.flow_style))
            last = event if flow[-1] else last
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            last = event if flow.pop() else last
            if depth == 1 and opened is not None:
                return _end(opened, last, path)
        elif isinstance(event, yaml.ScalarEvent):
            last = event
        if depth == 1:
            key = event.value if isinstance(event, yaml.ScalarEvent) and not key else ""
    raise ConfigError(path, "has no list of targets")


def _end(opened: Any, last: Any, path: str) -> _End:
    mark = last.end_mark
    if not opened.flow_style:
        return _End(mark.line + (mark.column > 0), opened.start_mark.column)
    start = opened.start_mark
    if (mark.line, mark.column) != (start.line, start.column + len(_EMPTY)):
        raise ConfigError(
            path,
            "targets stand in brackets",
            line=start.line + 1,
            hint="write them as a list, each on lines of its own that begin with `- id:`",
        )
    return _End(mark.line + 1, 2, start.column)


def _lines(raw: Mapping[str, Any], indent: str) -> Iterator[str]:
    for number, (key, value) in enumerate(raw.items()):
        yield f"{indent}{'  ' if number else '- '}{key}: {_flow(value)}"


def _flow(value: Any) -> str:
    """Return a value in YAML on one line."""
    text: str = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6
    )
    return text.removesuffix("\n").removesuffix("\n...")
