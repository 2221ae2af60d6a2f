"""Which files the running processes have in memory, and which packages those are of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from auditor.probe import listening, os_release
from auditor.probe.base import Frames, Section, answer
from auditor.probe.mapped_script import TEXT, UNOWNED

SECTION = Section(
    key="mapped",
    shown="cat /proc/*/maps; dpkg-query -S FILE; rpm -qf FILE",
    text=TEXT,
    bounded=True,
)
SECTIONS = (os_release.SECTION, listening.SECTION, SECTION)
"""The architecture, the sockets, and what has to do with them; the last needs the one before it."""

_NO_ARCH = frozenset({"", "all", "noarch", "(none)"})


class Mapped(NamedTuple):
    """What was seen of the processes' memory. Packages are named as in the list of packages."""

    root: bool
    whole: bool
    """All processes that the account is shown were looked at, and all of their files."""
    files: Mapping[str, tuple[str, ...]]
    """By process id, of those that listen: its program first ("" is one that no package installs),
    then libraries."""
    foreign: frozenset[str]
    """Ids of processes that listen, but in a container."""
    replaced: Mapping[str, tuple[str, ...]]
    """Files that are in memory in a version that is no longer there → names of the processes."""
    units: Mapping[str, tuple[str, ...]]
    """A unit's own files and the program that it starts."""
    services: Mapping[str, tuple[str, ...]]
    """A socket unit → the units that serve it."""
    listeners: Mapping[str, tuple[str, ...]]
    """"22/tcp" → the socket units that listen there for systemd."""
    owners: Mapping[str, tuple[str, ...]]
    """A file's packages; one that is of none is missing."""

    def packages(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Return the packages of files, each once."""
        return tuple(dict.fromkeys(p for path in paths for p in self.owners.get(path, ())))


def read_mapped(frames: Frames) -> Mapped:
    """Return what a target told; raises `Unseen` where it told nothing."""
    told = dict(reversed(list(os_release.lines(answer(frames, os_release.SECTION.key)))))
    return _mapped(answer(frames, SECTION.key), told.get("arch", ""))


@lru_cache(maxsize=64)
def _mapped(text: str, arch: str) -> Mapped:
    head, _, tail = text.partition("\nowners ")
    told: dict[str, list[list[str]]] = {}
    for line in head.split("\n"):
        word, *values = line.split(" ")
        told.setdefault(word, []).append(values)
    paths = {row[0]: row[1] for row in told.get("f", ()) if len(row) == _PAIR}
    rows = [row for row in told.get("p", ()) if row]
    manager, _, owned = tail.partition("\n")
    return Mapped(
        root="root" in told,
        whole="seen" in told and "x" not in told and "cut" not in told,
        files={pid: _known(paths, numbers) for pid, *numbers in rows},
        foreign=frozenset(row[0] for row in told.get("o", ()) if row),
        replaced=_grouped((paths.get(row[0], ""), " ".join(row[1:])) for row in _pairs(told, "d")),
        units=_grouped((row[1], paths.get(row[0], "")) for row in _pairs(told, "n")),
        services={row[0]: tuple(row[1:]) for row in _pairs(told, "b")},
        listeners=_grouped((row[0], row[1]) for row in _pairs(told, "l")),
        owners=_OWNERS[manager](owned, tuple(paths.values()), arch) if manager in _OWNERS else {},
    )


_PAIR = 2


def _pairs(told: Mapping[str, list[list[str]]], word: str) -> Iterator[list[str]]:
    return (row for row in told.get(word, ()) if len(row) >= _PAIR)


def _known(paths: Mapping[str, str], numbers: Iterable[str]) -> tuple[str, ...]:
    return tuple(paths.get(number, "") for number in numbers if number in paths or number == "0")


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for key, value in pairs:
        if key and value:
            found.setdefault(key, {})[value] = None
    return {key: tuple(values) for key, values in found.items()}


def _of_dpkg(text: str, paths: Sequence[str], arch: str) -> Mapping[str, tuple[str, ...]]:
    """Read "libc6:amd64, other: /lib/x" lines; a file may be listed by its other name."""
    found: list[tuple[str, str]] = []
    asked = {other: path for path in paths for other in (path, _other(path))}
    for line in text.split("\n"):
        names, _, path = line.partition(": /")
        path = asked.get(f"/{path}", "")
        if path and not line.startswith("diversion by "):
            found += [(path, _named(*name.partition(":")[::2], arch)) for name in names.split(", ")]
    return _grouped(found)


def _other(path: str) -> str:
    return path.removeprefix("/usr") if path.startswith("/usr/") else f"/usr{path}"


def _named(name: str, arch: str, native: str) -> str:
    return name if arch in _NO_ARCH or arch == native else f"{name}:{arch}"


def _of_apk(text: str, _paths: Sequence[str], _arch: str) -> Mapping[str, tuple[str, ...]]:
    rows = (line.split("\t") for line in text.split("\n"))
    return _grouped((row[1], row[0]) for row in rows if len(row) == _PAIR)


def _of_rpm(text: str, paths: Sequence[str], arch: str) -> Mapping[str, tuple[str, ...]]:
    """Read rpm's answers, which come in the order of the files and are parted by a refusal."""
    found: list[tuple[str, str]] = []
    native = _RPM_ARCHS.get(arch, arch)
    parts = text.split(f"file {UNOWNED} is not owned by any package\n")
    if len(parts) != len(paths) + 1:
        return {}
    for path, part in zip(paths, parts, strict=False):
        rows = (line.split("\t") for line in part.split("\n"))
        found += [(path, _named(row[0], row[1], native)) for row in rows if len(row) == _PAIR]
    return _grouped(found)


_RPM_ARCHS = {"amd64": "x86_64", "arm64": "aarch64", "i386": "i686"}
"""What rpm calls that which dpkg, where it is installed too, calls otherwise."""
_OWNERS = {"dpkg": _of_dpkg, "apk": _of_apk, "rpm": _of_rpm}
