"""The rows that PAM runs for a service, in its order: includes, jumps over lines, the fallback."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from auditor.model.fact import Why
from auditor.probe.base import Unseen
from auditor.probe.texts import TextFile, Texts

FOLDERS = ("/etc/pam.d", "/usr/lib/pam.d", "/usr/etc/pam.d")
"""In the order in which PAM looks for a service."""
CLASSIC = "/etc/pam.conf"
"""Counts only where no folder has a file; the service is its first word."""
READS = (*(f"{folder}/*" for folder in FOLDERS), CLASSIC)
TYPES = ("auth", "account", "password", "session")
FALLBACK = "other"

_DEEPEST = 16
_MOST_FILES = 400
"""Includes of one service: a tree of files that include each other twice stays small."""
_MOST_ROWS = 2000
_LONGEST = 4096
"""Characters of a line; PAM itself reads fewer."""
_TOKEN = re.compile(r"\[((?:[^\]\\]|\\.)*)(?:\]|\\?$)|(\S+)")
"""A word, or what stands in brackets; one that nothing closes goes on to the end of the line."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a module; `quiet` says that a missing module is no error (a leading minus)."""

    type: str
    control: str
    module: str
    """File name without folders."""
    arguments: tuple[str, ...]
    place: str
    quiet: bool = False
    inner: bool = False
    """In a substack, where success ends only that."""

    @property
    def enforces(self) -> bool:
        """Tell whether a failure of the module makes the whole stack fail."""
        if "=" not in self.control:
            return self.control in ("required", "requisite")
        return self._actions().get("default", "bad") in ("bad", "die")

    @property
    def suffices(self) -> bool:
        """Tell whether its success ends the stack."""
        ends = self.control == "sufficient" or self._actions().get("success") == "done"
        return ends and not self.inner

    def _actions(self) -> dict[str, str]:
        pairs = (word.partition("=") for word in self.control.split())
        return {result: action for result, _, action in pairs}

    def options(self) -> dict[str, tuple[str, str]]:
        """Return each argument's value ("" where it has none) and place; the last one counts."""
        pairs = (argument.partition("=") for argument in self.arguments)
        return {name: (value, self.place) for name, _, value in pairs}


def stack(seen: Texts, service: str) -> list[Row]:
    """Return the rows of a service; a type of which it has none comes from "other".

    Raises `Unseen` where a file could not be read or lies outside of PAM's folders.
    """
    reader = _Reader(seen)
    own = list(reader.service(service))
    rest = list(reader.service(FALLBACK)) if service != FALLBACK else []
    missing = set(TYPES) - {row.type for row in own}
    return _bounded([*own, *(row for row in rest if row.type in missing)])


def written(seen: Texts) -> list[Row]:
    """Return the rows of all services as they are written, each once, includes left out."""
    files = _all_files(seen)
    if not files:
        classic = seen.file(CLASSIC)
        files = [classic] if classic else []
    rows = (_row(tokens, place) for file in files for tokens, place in _statements(file))
    return _bounded([row for row in rows if row and row.control not in ("include", "substack")])


def _bounded(rows: list[Row]) -> list[Row]:
    if len(rows) > _MOST_ROWS:
        raise Unseen(Why.CUT, f"PAM has more than {_MOST_ROWS} rows")
    return rows


@lru_cache(maxsize=32)
def _all_files(seen: Texts) -> list[TextFile]:
    """Return PAM's files; one in an earlier folder hides those of its name in later ones."""
    named: dict[str, TextFile] = {}
    for folder in FOLDERS:
        for file in seen.glob(f"{folder}/*"):
            named.setdefault(file.path.rpartition("/")[2], file)
    return list(named.values())


class _Reader:
    """Follows includes and counts them."""

    def __init__(self, seen: Texts) -> None:
        self._seen = seen
        self._opened = 0
        self._classic = not _all_files(seen)

    def service(self, name: str) -> Iterator[Row]:
        if self._classic:
            yield from self._from_classic(name)
            return
        file = self._find(name)
        if file is not None:
            yield from self._rows(file, TYPES, 0)

    def _from_classic(self, name: str) -> Iterator[Row]:
        file = self._seen.file(CLASSIC)
        for tokens, place in _statements(file) if file else ():
            if tokens[0].lower() == name:
                yield from self._expand(tokens[1:], place, TYPES, 0)

    def _find(self, name: str) -> TextFile | None:
        found = (self._seen.file(f"{folder}/{name}") for folder in FOLDERS)
        return next((file for file in found if file is not None), None)

    def _rows(self, file: TextFile, types: tuple[str, ...], depth: int) -> Iterator[Row]:
        self._opened += 1
        if depth > _DEEPEST or self._opened > _MOST_FILES:
            raise Unseen(Why.CUT, f"{file.path}: too many files include each other")
        for tokens, place in _statements(file):
            yield from self._expand(tokens, place, types, depth)

    def _expand(
        self, tokens: tuple[str, ...], place: str, types: tuple[str, ...], depth: int
    ) -> Iterator[Row]:
        if tokens[:1] == ("@include",):
            yield from self._include(tokens[1:2], place, types, depth)
            return
        row = _row(tokens, place)
        if row is None or row.type not in types:
            return
        if row.control == "substack":
            for inner in self._include(tokens[2:3], place, (row.type,), depth):
                yield msgspec.structs.replace(inner, inner=True)
        elif row.control == "include":
            yield from self._include(tokens[2:3], place, (row.type,), depth)
        else:
            yield row

    def _include(
        self, names: tuple[str, ...], place: str, types: tuple[str, ...], depth: int
    ) -> Iterator[Row]:
        """Yield the rows of an included file; of one that does not exist there are none."""
        for name in names:
            path = name.removeprefix(f"{FOLDERS[0]}/")
            if "/" in path:
                raise Unseen(Why.UNREADABLE, f"{place} includes {name}, which is not read")
            file = self._find(path)
            if file is not None:
                yield from self._rows(file, types, depth + 1)


@lru_cache(maxsize=1024)
def _statements(file: TextFile) -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple(_stated(file))


def _stated(file: TextFile) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the words of each statement and where it begins; a backslash joins lines."""
    parts: list[str] = []
    begun = 0
    for number, text in file.lines:
        kept, remark, _ = text.partition("#")
        begun = begun if parts else number
        goes_on = not remark and kept.rstrip().endswith("\\")
        parts.append(kept.rstrip().removesuffix("\\") if goes_on else kept)
        if not goes_on:
            yield from _statement(parts, f"{file.path}:{begun}")
            parts = []
    yield from _statement(parts, f"{file.path}:{begun}")


def _statement(parts: Iterable[str], place: str) -> Iterator[tuple[tuple[str, ...], str]]:
    text = " ".join(parts)[:_LONGEST]
    tokens = tuple(m[1] if m[2] is None else m[2] for m in _TOKEN.finditer(text))
    if tokens:
        yield tokens, place


@lru_cache(maxsize=4096)
def _row(tokens: tuple[str, ...], place: str) -> Row | None:
    """Return a call of a module, or None where the words are none that PAM knows."""
    kind = tokens[0].removeprefix("-").lower()
    if kind not in TYPES or len(tokens) < 3:  # noqa: PLR2004 - type, control, module
        return None
    control = tokens[1] if "=" in tokens[1] else tokens[1].lower()
    return Row(
        type=kind,
        control=control,
        module=tokens[2].rpartition("/")[2],
        arguments=tuple(tokens[3:]),
        place=place,
        quiet=tokens[0].startswith("-"),
    )
