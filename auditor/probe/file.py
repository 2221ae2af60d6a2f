"""Type, owner, mode and, where asked, content of named files."""

import re
import stat
from collections.abc import Iterator, Sequence
from hashlib import sha256
from shlex import quote
from typing import Annotated, Literal, NamedTuple

import msgspec

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record

AbsolutePath = Annotated[str, msgspec.Meta(pattern=r"^/[^\x00\ud800-\udfff]*\Z", max_length=4096)]


class FileArgs(Args, frozen=True):
    """A file by its absolute path; `content` says whether and how its text is read."""

    path: AbsolutePath
    content: Literal["none", "lines", "kv"] = "none"


_KEY = "files"

_TEXT = r"""
set --
for p in {paths}; do
  if [ -L "$p" ]; then
    if [ -e "$p" ]; then
      set -- "$@" "$p"
      printf 'l '
    else
      printf 'd '
    fi
    readlink -- "$p" | tr '\n' '\001'
    printf '\n'
  elif [ -e "$p" ]; then
    set -- "$@" "$p"
    printf '+\n'
  else
    d=${{p%/*}}
    while [ -n "$d" ] && [ ! -e "$d" ] && [ ! -L "$d" ]; do d=${{d%/*}}; done
    if [ -d "${{d:-/}}" ] && [ ! -x "${{d:-/}}" ]; then printf '?\n'; else printf -- '-\n'; fi
  fi
done
printf '=\n'
[ $# -eq 0 ] || t 10 stat -L -c '%f %s %u %g %U %G' -- "$@"
"""
"""A line for each path in order (+ there, l a link to something there, d a link to nothing that
is visible, - absent, ? in a directory that may not be searched), then a line for each + and l.
"""

_FACTS = re.compile(r"([0-9a-f]{1,8}) ([0-9]+) ([0-9]+) ([0-9]+) (\S+) (\S+)")
_UNKNOWN = "UNKNOWN"
_TYPES = (
    (stat.S_ISREG, "file"),
    (stat.S_ISDIR, "directory"),
    (stat.S_ISCHR, "character device"),
    (stat.S_ISBLK, "block device"),
    (stat.S_ISFIFO, "fifo"),
    (stat.S_ISSOCK, "socket"),
)


class _Stat(NamedTuple):
    mode: int
    size: int
    owner: str
    group: str


def _content_key(path: str) -> str:
    return f"file:{sha256(path.encode()).hexdigest()[:16]}"


def _sections(many: Sequence[FileArgs]) -> tuple[Section, ...]:
    paths = _asked(many)
    words = " ".join(quote(path) for path in paths)
    meta = Section(
        key=_KEY, text=_TEXT.format(paths=words), shown=f"stat {words}", limit=2**20
    )
    wanted = dict.fromkeys(args.path for args in many if args.content != "none")
    return (meta, *(_content(path) for path in wanted))


def _asked(many: Sequence[FileArgs]) -> list[str]:
    return sorted({args.path for args in many})
