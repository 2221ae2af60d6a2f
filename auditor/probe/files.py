"""Type, owner and mode of all files that fit a pattern."""

import re
import stat
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated

import msgspec

from auditor.model.base import Text
from auditor.model.fact import Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record, table
from auditor.probe.texts import fits

Pattern = Annotated[str, msgspec.Meta(pattern=r"^/[A-Za-z0-9_.@+:/*?-]*\Z", max_length=1024)]
"""An absolute path with the wildcards * and ?."""


class FilesArgs(Args, frozen=True):
    """Which files; a name that begins with a dot fits only a pattern that says so."""

    glob: Annotated[tuple[Pattern, ...], msgspec.Meta(min_length=1)]


_KEY = "file_list"
_TEXT = r"""
set -- {patterns}
l='
'
for p do
  shift
  case $p in *"$l"*) printf '!%s\n' "${{p%%"$l"*}}?${{p##*"$l"}}"; continue ;; esac
  [ -e "$p" ] && set -- "$@" "$p" && continue
  d=${{p%/*}}
  while [ -n "$d" ] && [ ! -e "$d" ]; do d=${{d%/*}}; done
  d=${{d:-/}}
  [ ! -d "$d" ] || {{ [ -r "$d" ] && [ -x "$d" ]; }} || printf '!%s\n' "$p"
done
[ $# -eq 0 ] || t 20 stat -L -c '%f %u %g %U %G %n' -- "$@" || [ $? -ne 124 ]
"""
"""A line of stat for each file; "!" names what could not be looked at."""

_LINE = re.compile(r"([0-9a-f]{1,8}) ([0-9]{1,10}) ([0-9]{1,10}) (\S+) (\S+) (/.*)")
_DIRECTORY, _FILE = "directory", "file"


def _sections(many: Sequence[FilesArgs]) -> tuple[Section, ...]:
    patterns = " ".join(sorted({glob for args in many for glob in args.glob}))
    shown = f"stat -L {patterns}"
    return (Section(key=_KEY, text=_TEXT.format(patterns=patterns), shown=shown, bounded=True),)


def _parse(args: FilesArgs, frames: Frames) -> Record:
    rows, unseen = _rows(answer(frames, _KEY))
    hidden = [path for path in unseen for glob in args.glob if path == glob or fits(path, glob)]
    if hidden:
        raise Unseen(Why.NEEDS_ROOT, f"needs root: {hidden[0]} cannot be looked at")
    mine = [row for path, row in rows.items() if any(fits(path, glob) for glob in args.glob)]
    return {"files": [dict(row) for row in mine], "count": len(mine)}


@lru_cache(maxsize=16)
def _rows(text: str) -> tuple[Mapping[str, Record], tuple[str, ...]]:
    lines = text.split("\n")
    rows: dict[str, Record] = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        mode = int(match[1], 16)
        kind = _DIRECTORY if stat.S_ISDIR(mode) else _FILE if stat.S_ISREG(mode) else "other"
        rows[match[6]] = {
            "path": match[6],
            "type": kind,
            "mode": f"{stat.S_IMODE(mode):04o}",
            "owner": match[4] if match[4] != "UNKNOWN" else match[2],
            "group": match[5] if match[5] != "UNKNOWN" else match[3],
        }
    return rows, tuple(line[1:] for line in lines if line.startswith("!"))


PROBE = ProbeType(
    name="files",
    via=Via.SSH,
    args=FilesArgs,
    doc=Text(
        id="Jenis, pemilik dan izin semua berkas yang cocok dengan suatu pola",
        en="Type, owner and mode of all files that fit a pattern",
    ),
    gives=record(
        "Berkas",
        "Files",
        {
            "files": table(
                "Berkas",
                "Files",
                "path",
                {
                    "path": leaf(Kind.TEXT, "Berkas", "File"),
                    "type": leaf(Kind.TEXT, "Jenis berkas", "File type"),
                    "mode": leaf(Kind.MODE, "Izin berkas", "File mode"),
                    "owner": leaf(Kind.TEXT, "Pemilik", "Owner"),
                    "group": leaf(Kind.TEXT, "Grup", "Group"),
                },
                may_be_empty=True,
            ),
            "count": leaf(Kind.INT, "Jumlah berkas", "Number of files"),
        },
    ),
    sections=_sections,
    parse=_parse,
)
