"""Type, owner, mode and, where asked, content of named files."""

import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from shlex import quote
from typing import Annotated, Literal

import msgspec

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record
from auditor.probe.texts import texts

AbsolutePath = Annotated[str, msgspec.Meta(pattern=r"^/[^\x00\ud800-\udfff]*\Z", max_length=4096)]
"""Any path that begins at the root; it goes into the script quoted."""


class FileArgs(Args, frozen=True):
    """A file by its absolute path; `content` says whether and how its text is read.

    `lines`: those that are neither blank nor comments (#). `kv`: a name and a value on each of
    them, parted by `=`, `:` or white space; the last one of a name counts. `ini`: the same, each
    name as "section.name".
    """

    path: AbsolutePath
    content: Literal["none", "lines", "kv", "ini"] = "none"


_KEY = "files"

_TEXT = r"""
set -- {pairs}
n=$(($# / 2))
while [ "$n" -gt 0 ]; do
  n=$((n - 1)) k=$1 p=$2
  shift 2
  if [ -L "$p" ]; then
    if [ -e "$p" ]; then
      set -- "$@" "$p"
      printf '%s l ' "$k"
    else
      printf '%s d ' "$k"
    fi
    readlink -- "$p" | tr '\n' '\001'
    printf '\n'
  elif [ -e "$p" ]; then
    set -- "$@" "$p"
    printf '%s +\n' "$k"
  else
    d=${{p%/*}}
    while [ -n "$d" ] && [ ! -e "$d" ] && [ ! -L "$d" ]; do d=${{d%/*}}; done
    d=${{d:-/}}
    if [ -d "$d" ] && [ ! -x "$d" ]; then d='?'; else d=-; fi
    printf '%s %s\n' "$k" "$d"
  fi
done
printf '=\n'
[ $# -eq 0 ] || t 10 stat -L -c '%f %s %u %g %U %G' -- "$@"
"""
"""First a line for each path: its id and + (there), l (a link to something there), d (a link to
nothing that is visible), - (absent) or ? (its directory may not be searched); links with target.
Then, in the same order, a line of one `stat` for each + and l.
"""

_SEEN = re.compile(r"([0-9a-f]{16}) ([+ld?-])(?: (.*))?")
_STAT = re.compile(r"([0-9a-f]{1,8}) ([0-9]{1,20}) ([0-9]{1,10}) ([0-9]{1,10}) (\S+) (\S+)")
_NEWLINE = "\ufffd"
_TYPES = (
    (stat.S_ISREG, "file"),
    (stat.S_ISDIR, "directory"),
    (stat.S_ISCHR, "character device"),
    (stat.S_ISBLK, "block device"),
    (stat.S_ISFIFO, "fifo"),
    (stat.S_ISSOCK, "socket"),
)
_SECTION = re.compile(r"\[([^\[\]]*)\]")
_KV = re.compile(r"([^\s=:]+)\s*[=:\s]\s*(.*)")


def _id(path: str) -> str:
    return sha256(path.encode()).hexdigest()[:16]


def _sections(many: Sequence[FileArgs]) -> tuple[Section, ...]:
    paths = sorted({args.path for args in many})
    pairs = " ".join(f"{_id(path)} {quote(path)}" for path in paths)
    shown = f"stat {' '.join(map(quote, paths))}"
    text = _TEXT.format(pairs=pairs)
    return (Section(key=_KEY, text=text, shown=shown, bounded=True),)


def _reads(many: Sequence[FileArgs]) -> tuple[str, ...]:
    return tuple(args.path for args in many if args.content != "none")


def _parse(args: FileArgs, frames: Frames) -> Record:
    state, target, facts = _row(answer(frames, _KEY), args.path)
    if state == "?":
        raise Unseen(Why.NEEDS_ROOT, f"{args.path}: its directory may not be searched")
    if state == "-":
        return {"exists": False, GAP: {"why": Why.NO_DATA, "detail": "there is no such file"}}
    found: Record = {"exists": True}
    if target is not None:
        found |= {"type": "symlink", "target": target}
    if facts is None:
        found[GAP] = {"why": Why.NO_DATA, "detail": f"nothing is visible at {target}"}
        return found
    mode = int(facts[1], 16)
    found.setdefault("type", next((name for test, name in _TYPES if test(mode)), "other"))
    found |= {
        "mode": f"{stat.S_IMODE(mode):04o}",
        "owner": facts[5] if facts[5] != "UNKNOWN" else facts[3],
        "group": facts[6] if facts[6] != "UNKNOWN" else facts[4],
        "size": int(facts[2]),
    }
    if args.content != "none":
        found |= _read(args, frames)
    return found


def _row(text: str, path: str) -> tuple[str, str | None, "re.Match[str] | None"]:
    """Return state, link target and stat line of a path, or raise `Unseen`."""
    rows, stats = _rows(text)
    row = rows.get(_id(path))
    if row is None or stats is None:
        raise Unseen(Why.UNREADABLE, f"stat gave no answer about {path}")
    facts = None
    if row[1] in stats:
        facts = _STAT.fullmatch(stats[row[1]])
        if facts is None:
            raise Unseen(Why.UNREADABLE, f"stat gave nonsense about {path}")
    target = (row[3] or "").removesuffix(_NEWLINE) if row[2] in "ld" else None
    return row[2], target, facts


@lru_cache(maxsize=32)
def _rows(text: str) -> tuple[Mapping[str, "re.Match[str]"], Mapping[str, str] | None]:
    """Return the lines about paths and those of stat, by id; no stat lines where some are lost."""
    first, _, second = text.partition("=\n")
    rows = [row for line in first.split("\n") if (row := _SEEN.fullmatch(line))]
    there = [row[1] for row in rows if row[2] in "+l"]
    stats = [line for line in second.split("\n") if line]
    known = {row[1]: row for row in reversed(rows)}
    return known, dict(zip(there, stats, strict=True)) if len(there) == len(stats) else None


def _read(args: FileArgs, frames: Frames) -> Record:
    try:
        file = texts(frames).file(args.path)
    except Unseen as unseen:
        return {GAP: {"why": unseen.why, "detail": unseen.detail}}
    if file is None:
        return {GAP: {"why": Why.NO_DATA, "detail": "it was gone when it was to be read"}}
    told = [(number, text.strip()) for number, text in file.lines]
    if args.content == "lines":
        return {"lines": [text for _, text in told]}
    return _settings(args, told)


def _settings(args: FileArgs, told: Iterable[tuple[int, str]]) -> Record:
    """Return names and values with the line of each; a name of an ini file has its section."""
    section = ""
    values: dict[str, str] = {}
    places: dict[str, str] = {}
    for number, line in told:
        if args.content == "ini" and (head := _SECTION.fullmatch(line)):
            section = f"{head[1].strip()}."
        elif not line.startswith(";") and (match := _KV.fullmatch(f"{line} ")):
            name = f"{section}{match[1]}"
            if name not in _RESERVED:
                values[name] = match[2].strip().strip("\"'")
                places[name] = f"{args.path}:{number}"
    return {"kv": {**values, "places": places}}


_RESERVED = (GAP, "places")

PROBE = ProbeType(
    name="file",
    via=Via.SSH,
    args=FileArgs,
    doc=Text(
        id="Keberadaan, jenis, pemilik, izin dan (bila diminta) isi suatu berkas; bila berkas itu "
        "tautan, pemilik dan izinnya adalah milik berkas yang dituju",
        en="Existence, type, owner, mode and (where asked) content of a file; owner and mode of a "
        "link are those of the file that it leads to",
    ),
    gives=record(
        "Berkas",
        "File",
        {
            "exists": leaf(Kind.BOOL, "Berkas ada", "File exists"),
            "type": leaf(Kind.TEXT, "Jenis berkas", "File type"),
            "mode": leaf(Kind.MODE, "Izin berkas", "File mode"),
            "owner": leaf(Kind.TEXT, "Pemilik", "Owner"),
            "group": leaf(Kind.TEXT, "Grup", "Group"),
            "size": leaf(Kind.INT, "Ukuran (bita)", "Size (bytes)"),
            "target": leaf(Kind.TEXT, "Tujuan tautan", "Link target"),
            "lines": leaf(Kind.TEXTS, "Isi", "Content", may_be_empty=True),
            "kv": record(
                "Pengaturan",
                "Settings",
                {},
                others=leaf(Kind.TEXT, "Nilai pengaturan", "Setting", may_be_empty=True),
            ),
        },
    ),
    shared=True,
    sections=_sections,
    reads=_reads,
    parse=_parse,
)
