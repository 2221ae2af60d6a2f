"""Rules of the kernel's audit, in auditctl's language, made alike so that they can be compared."""

import re
from collections.abc import Iterable, Sequence
from shlex import split
from typing import NamedTuple

Filter = tuple[str, str, str]
"""Field, operator, value; a comparison of two fields has the operator "C=" or "C!="."""

_FIELD = re.compile(r"([A-Za-z0-9_]+)\s*(!=|<=|>=|&=|=|<|>|&)\s*(.*)")
_LISTS = frozenset({"task", "exit", "user", "exclude", "filesystem", "io_uring"})
_UNSET = frozenset({"unset", "-1", "4294967295"})
_ARCHS = {
    "x86_64": "b64",
    "aarch64": "b64",
    "b64": "b64",
    "i386": "b32",
    "i686": "b32",
    "b32": "b32",
}
_BOTH = frozenset({"b64", "b32"})
_PERMS = "rwxa"
_ERRORS = {"-13": "-EACCES", "-1": "-EPERM"}
_QUOTING = re.compile(r"[\"'\\]")
_LONG = 4096
"""Characters of a line; the kernel takes no longer rule."""


class Rule(NamedTuple):
    """`watched` is a path whose accesses `perms` are recorded; `syscalls` empty: all of them."""

    place: str
    list: str
    action: str
    syscalls: frozenset[str]
    filters: frozenset[Filter]
    archs: frozenset[str]
    watched: str
    below: bool
    perms: str

    @property
    def meaning(self) -> tuple[object, ...]:
        """What the rule does, wherever it is written."""
        return self[1:]


class Rules(NamedTuple):
    """What is obeyed, in order; `enabled` is the last -e ("" where there is none)."""

    rules: tuple[Rule, ...]
    enabled: str
    locked: str
    """Place of that -e."""


def read_rules(lines: Iterable[tuple[str, str]], *, merged: bool) -> Rules:
    """Read (place, line) pairs. `merged`: augenrules puts -D first and -e last; else in order."""
    rules: list[Rule] = []
    enabled = locked = ""
    for place, line in lines:
        words = _words(line)
        if words[:1] == ["-D"] and not merged:
            rules.clear()
        elif words[:1] == ["-e"] and len(words) > 1:
            enabled, locked = words[1], place
            if enabled == "2" and not merged:
                break
        elif rule := _rule(words, place):
            rules.append(rule)
    return Rules(tuple(rules), enabled, locked)


def _words(line: str) -> list[str]:
    text = line[:_LONG]
    if _QUOTING.search(text):
        try:
            return split(text)
        except ValueError:
            pass
    return text.split()


class _Draft:
    """What the words of a rule have said so far."""

    def __init__(self) -> None:
        self.list = self.action = self.watched = self.perms = ""
        self.below = False
        self.syscalls: set[str] = set()
        self.filters: set[Filter] = set()
        self.archs: set[str] = set()


def _rule(words: Sequence[str], place: str) -> Rule | None:
    draft = _Draft()
    for flag, value in zip(words[::2], words[1::2], strict=False):
        if flag in ("-a", "-A"):
            parts = value.split(",")
            draft.list = next((part for part in parts if part in _LISTS), "")
            draft.action = next((part for part in parts if part not in _LISTS), "")
        elif flag == "-w":
            draft.list, draft.action = "exit", "always"
            draft.watched, draft.below = _path(value), True
            draft.perms = draft.perms or _PERMS
        elif flag == "-p":
            draft.perms = _perms(value)
        elif flag == "-S":
            draft.syscalls.update(value.split(","))
        elif flag in ("-F", "-C"):
            _filter(draft, value, compared=flag == "-C")
    if not draft.list or not draft.action:
        return None
    return Rule(
        place,
        draft.list,
        draft.action,
        frozenset(draft.syscalls - {"all"}),
        frozenset(draft.filters),
        frozenset(draft.archs),
        draft.watched,
        draft.below,
        draft.perms,
    )


def _filter(draft: _Draft, text: str, *, compared: bool) -> None:
    match = _FIELD.fullmatch(text)
    if match is None:
        draft.filters.add((text, "", ""))
        return
    field, op, value = match[1].lower(), match[2], match[3].strip()
    if compared:
        first, second = sorted((field, value))
        draft.filters.add((first, f"C{op}", second))
    elif field == "arch" and op == "=":
        draft.archs.add(_ARCHS.get(value, value))
    elif field in ("path", "dir") and op == "=":
        draft.watched, draft.below = _path(value), field == "dir"
    elif field == "perm" and op == "=":
        draft.perms = _perms(value)
    elif field not in ("key", "arch"):
        draft.filters.add((field, op, _value(field, value)))


def _path(text: str) -> str:
    return text.rstrip("/") or "/"


def _perms(text: str) -> str:
    return "".join(letter for letter in _PERMS if letter in text)


def _value(field: str, value: str) -> str:
    if field.endswith("id") and value in _UNSET:
        return "unset"
    return _ERRORS.get(value, value) if field == "exit" else value


def wanted_filters(texts: Iterable[str]) -> frozenset[Filter]:
    """Return filters written as auditctl takes them: "auid>=1000", "C:euid!=uid"."""
    draft = _Draft()
    for text in texts:
        _filter(draft, text.removeprefix("C:"), compared=text.startswith("C:"))
    return frozenset(draft.filters)


def watching(
    rules: Iterable[Rule], path: str, perms: str, wanted: frozenset[Filter], archs: Iterable[str]
) -> Rule | None:
    """Return the first of the rules that record such accesses to a path by any system call.

    None where programs of one of the architectures go unrecorded.
    """
    path = _path(path)
    found = [rule for rule in rules if _watches(rule, path, perms) and _records(rule, wanted)]
    seen = frozenset[str]().union(*(rule.archs or _BOTH for rule in found))
    return found[0] if found and seen.issuperset(archs) else None


def _watches(rule: Rule, path: str, perms: str) -> bool:
    under = rule.below and path.startswith(f"{rule.watched.rstrip('/')}/")
    return (
        bool(rule.watched)
        and (rule.watched == path or under)
        and not rule.syscalls
        and set(perms) <= set(rule.perms or _PERMS)
    )


def recording(
    rules: Iterable[Rule], syscall: str, arch: str, wanted: frozenset[Filter]
) -> Rule | None:
    """Return the first rule that records a system call, at least where the filters hold."""
    for rule in rules:
        if (
            not rule.watched
            and not rule.perms
            and _records(rule, wanted)
            and arch in (rule.archs or _BOTH)
            and (not rule.syscalls or syscall in rule.syscalls)
        ):
            return rule
    return None


def _records(rule: Rule, wanted: frozenset[Filter]) -> bool:
    """Tell whether a rule records, and no less than what the filters leave over."""
    return rule.list == "exit" and rule.action == "always" and rule.filters <= wanted


def is_off(rules: Iterable[Rule]) -> Rule | None:
    """Return a rule by which no process is ever recorded."""
    return next(
        (r for r in rules if r.list == "task" and r.action == "never" and not r.filters), None
    )
