"""What is mounted at a directory now, with which options, and what the next boot mounts."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Unseen, Via
from auditor.probe.fields import leaf, record
from auditor.probe.file import AbsolutePath
from auditor.probe.texts import TextFile, Texts, texts


class MountArgs(Args, frozen=True):
    """A directory that may be a mount point."""

    path: AbsolutePath


MOUNTED = "/proc/self/mountinfo"
_FSTAB = "/etc/fstab"
_UNITS = tuple(
    f"{folder}/systemd/system/*.mount" for folder in ("/etc", "/run", "/usr/local/lib", "/usr/lib")
)
"""Mount units, strongest folder first."""

_ESCAPE = re.compile(r"\\([0-7]{3})")
_OPTION = re.compile(r"\s*(Where|Options)\s*=\s*(.*?)\s*")


def _reads(_many: Sequence[MountArgs]) -> tuple[str, ...]:
    return (MOUNTED, _FSTAB, *_UNITS)


def _parse(args: MountArgs, frames: Frames) -> Record:
    seen = texts(frames)
    kernel = seen.file(MOUNTED)
    if kernel is None or not kernel.lines:
        raise Unseen(Why.NO_DATA, "the kernel does not tell what is mounted")
    found: Record = {"separate": False, "written": False, "places": {}}
    if (mounted := _mounted(kernel).get(args.path)) is not None:
        found |= mounted
        found["separate"] = True
    persisted = _persisted(seen, args.path)
    if persisted is not None:
        found["persisted"], place = persisted
        found["written"] = True
        found["places"]["persisted"] = place
    if not found["separate"] or not found["written"]:
        found[GAP] = {"why": Why.NO_DATA, "detail": f"nothing of its own is mounted at {args.path}"}
    return found


@lru_cache(maxsize=32)
def _mounted(file: TextFile) -> Mapping[str, Mapping[str, str | list[str]]]:
    """Return options, type and source by mount point; the latest on a directory counts."""
    found: dict[str, Mapping[str, str | list[str]]] = {}
    for _, line in file.lines:
        before, dash, after = line.partition(" - ")
        words, ends = before.split(" "), after.split(" ")
        if dash and len(words) > 5 and len(ends) > 1:  # noqa: PLR2004 - proc(5)
            found[_plain(words[4])] = {
                "options": words[5].split(","),
                "type": ends[0],
                "source": _plain(ends[1]),
            }
    return found


def _plain(name: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), name)


def _persisted(seen: Texts, path: str) -> tuple[list[str], str] | None:
    """Return the options of the next boot and where they stand: of a unit, else of fstab."""
    fstab = seen.file(_FSTAB)
    written = _fstab(fstab, path) if fstab is not None else None
    own = next((one for file in _units(seen) if (one := _unit(file, path))), None)
    administered = own is not None and own[1].startswith("/etc/")
    return (own or written) if administered else (written or own)


@lru_cache(maxsize=32)
def _units(seen: Texts) -> tuple[TextFile, ...]:
    units: dict[str, TextFile] = {}
    for pattern in _UNITS:
        for file in seen.glob(pattern):
            units.setdefault(file.path.rpartition("/")[2], file)
    return tuple(units.values())


def _fstab(file: TextFile, path: str) -> tuple[list[str], str] | None:
    """Return the last entry of a path; a trailing slash does not matter."""
    found = None
    for number, line in file.lines:
        words = line.split()
        if len(words) > 1 and (_plain(words[1]).rstrip("/") or "/") == path:
            options = words[3] if len(words) > 3 else "defaults"  # noqa: PLR2004 - fstab(5)
            found = (options.split(","), f"{file.path}:{number}")
    return found


@lru_cache(maxsize=4096)
def _unit(file: TextFile, path: str) -> tuple[list[str], str] | None:
    where, options, place = "", "", f"{file.path}:1"
    for number, line in file.lines:
        match = _OPTION.fullmatch(line)
        if match is not None and match[1] == "Where":
            where = match[2].rstrip("/") or "/"
        elif match is not None:
            options, place = match[2], f"{file.path}:{number}"
    return (options.split(",") if options else [], place) if where == path else None


PROBE = ProbeType(
    name="mounts",
    via=Via.SSH,
    args=MountArgs,
    doc=Text(
        id="Titik kait: apakah berdiri sendiri, dengan opsi apa sekarang, dan opsi apa yang "
        "ditulis di fstab atau unit systemd",
        en="A mount point: whether it stands on its own, its options now, and those that fstab or "
        "a systemd unit has",
    ),
    gives=record(
        "Titik kait",
        "Mount point",
        {
            "separate": leaf(Kind.BOOL, "Sistem berkas tersendiri", "File system of its own"),
            "options": leaf(Kind.TEXTS, "Opsi yang berlaku", "Options in effect"),
            "type": leaf(Kind.TEXT, "Jenis sistem berkas", "File system type"),
            "source": leaf(Kind.TEXT, "Sumber", "Source"),
            "written": leaf(
                Kind.BOOL, "Ditulis untuk boot berikutnya", "Written for the next boot"
            ),
            "persisted": leaf(Kind.TEXTS, "Opsi saat boot", "Options at boot", may_be_empty=True),
        },
    ),
    reads=_reads,
    parse=_parse,
)
