"""A kernel setting: the value that holds now, and the one that the next boot will set."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Annotated, NamedTuple

import msgspec

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Unseen, Via
from auditor.probe.fields import leaf, record
from auditor.probe.texts import TextFile, Texts, texts

_Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+(\.[A-Za-z0-9_-]+)+\Z", max_length=200)]


class SysctlArgs(Args, frozen=True):
    """A key with dots, such as net.ipv4.ip_forward; none of its parts holds a dot."""

    key: _Key


FOLDERS = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d")
"""systemd-sysctl's, strongest first: of files with one name only the first counts."""
_CLASSIC = "/etc/sysctl.conf"
"""systemd reads it only by 99-sysctl.conf, a link that Debian 12 and others ship. Without that it
counts as the weakest file: it is meant to hold, and procps reads it when somebody asks."""
_ALPINE = "/etc/alpine-release"
"""Where this is, OpenRC sets the values at boot, and those of sysctl.conf last."""
_UFW, _UFW_KERNEL = "/etc/ufw/ufw.conf", "/etc/ufw/sysctl.conf"
"""ufw sets its own values after systemd has set the others, where it is enabled."""
_READS = (*(f"{folder}/*.conf" for folder in FOLDERS), _CLASSIC, _ALPINE, _UFW, _UFW_KERNEL)

_LINE = re.compile(r"\s*(-?)\s*([^\s=#;-][^=]*?)\s*(?:=\s*(.*?)\s*)?")
_ENABLED = re.compile(r"\s*ENABLED\s*=\s*[\"']?yes[\"']?\s*", re.IGNORECASE)
_INTEGER = re.compile(r"-?[0-9]{1,19}")


class _Setting(NamedTuple):
    """A line of a file; a value of None keeps a key out of what patterns set."""

    key: str
    value: str | None
    place: str


def _reads(many: Sequence[SysctlArgs]) -> tuple[str, ...]:
    return (*_READS, *(_kernel_path(args) for args in many))


def _kernel_path(args: SysctlArgs) -> str:
    return f"/proc/sys/{args.key.replace('.', '/')}"


def _parse(args: SysctlArgs, frames: Frames) -> Record:
    seen = texts(frames)
    running = seen.file(_kernel_path(args))
    found: Record = {"exists": running is not None, "places": {}}
    if running is None:
        found[GAP] = {"why": Why.NO_DATA, "detail": f"this kernel has no {args.key}"}
    elif not running.lines:
        found[GAP] = {"why": Why.UNREADABLE, "detail": f"the kernel gives no value of {args.key}"}
    else:
        value = " ".join(running.lines[0][1].split())
        _add(found, "running", value)
    try:
        written = _written(seen, args.key)
    except Unseen as unseen:
        found.setdefault(GAP, {"why": unseen.why, "detail": unseen.detail})
        return found
    found["written"] = written is not None
    if written is not None:
        _add(found, "persisted", written.value or "")
        found["places"]["persisted"] = found["places"]["persisted_text"] = written.place
    elif "running_text" in found:
        _add(found, "persisted", found["running_text"])
        found["places"]["persisted"] = found["places"]["persisted_text"] = "default"
    return found


def _add(found: Record, name: str, value: str) -> None:
    """Put a value in as a number where it is one, and as text."""
    found[f"{name}_text"] = value
    if _INTEGER.fullmatch(value):
        found[name] = int(value)


def _written(seen: Texts, key: str) -> _Setting | None:
    """Return the line that the next boot obeys: the last of this very key, else of a pattern."""
    exact, wild = _settings(seen)
    if (own := exact.get(key)) is not None:
        return own if own.value is not None else None
    return next((one for one in reversed(wild) if fnmatchcase(key, one.key)), None)


@lru_cache(maxsize=32)
def _settings(seen: Texts) -> tuple[Mapping[str, _Setting], Sequence[_Setting]]:
    """Return the last setting of each key, and those of patterns in their order."""
    exact: dict[str, _Setting] = {}
    wild: list[_Setting] = []
    for file in _files(seen):
        for one in _lines(file.path, file.lines):
            if any(char in one.key for char in "*?["):
                wild.append(one)
            else:
                exact[one.key] = one
    return exact, wild


def _files(seen: Texts) -> list[TextFile]:
    named: dict[str, TextFile] = {}
    for folder in FOLDERS:
        for file in seen.glob(f"{folder}/*.conf"):
            named.setdefault(file.path.rpartition("/")[2], file)
    ordered = [named[name] for name in sorted(named)]
    classic, ufw = seen.file(_CLASSIC), seen.file(_UFW)
    if classic is not None:
        ordered.insert(len(ordered) if seen.file(_ALPINE) else 0, classic)
    if ufw is not None and any(_ENABLED.fullmatch(text) for _, text in ufw.lines):
        own = seen.file(_UFW_KERNEL)
        ordered += [own] if own is not None else []
    return ordered


def _lines(path: str, lines: tuple[tuple[int, str], ...]) -> Iterator[_Setting]:
    for number, text in lines:
        match = _LINE.fullmatch(text)
        if match is None or (match[3] is None and not match[1]):
            continue
        value = None if match[3] is None else " ".join(match[3].split())
        yield _Setting(_dotted(match[2]), value, f"{path}:{number}")


def _dotted(key: str) -> str:
    """Return a key with dots; where its first separator is a slash, its dots are part of names."""
    first = re.search(r"[./]", key)
    if first is None or first[0] == ".":
        return key
    return key.replace(".", "\0").replace("/", ".").replace("\0", "/")


PROBE = ProbeType(
    name="sysctl",
    via=Via.SSH,
    args=SysctlArgs,
    doc=Text(
        id="Setelan kernel: nilai yang berjalan dan nilai yang akan dipasang saat boot berikutnya, "
        "menurut urutan systemd-sysctl",
        en="A kernel setting: the running value and the one that the next boot sets, in "
        "systemd-sysctl's order",
    ),
    gives=record(
        "Setelan kernel",
        "Kernel setting",
        {
            "exists": leaf(Kind.BOOL, "Dikenal kernel ini", "Known to this kernel"),
            "running": leaf(Kind.INT, "Nilai berjalan", "Running value"),
            "running_text": leaf(Kind.TEXT, "Nilai berjalan", "Running value", may_be_empty=True),
            "written": leaf(Kind.BOOL, "Ditulis dalam berkas", "Written in a file"),
            "persisted": leaf(Kind.INT, "Nilai saat boot", "Value at boot"),
            "persisted_text": leaf(
                Kind.TEXT, "Nilai saat boot", "Value at boot", may_be_empty=True
            ),
        },
    ),
    reads=_reads,
    parse=_parse,
)
