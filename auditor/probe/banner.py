"""What a person reads before or after logging in, and whether it gives the system away."""

import re
from collections.abc import Sequence
from typing import Literal

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record

_FILES = ("/etc/motd", "/etc/issue", "/etc/issue.net")
_MOST_LINES = 200
_LONGEST = 1000
_OS_NAME = "ID "


class BannerArgs(Args, frozen=True):
    """Which text."""

    path: Literal["/etc/motd", "/etc/issue", "/etc/issue.net"] = "/etc/issue"


SECTION = Section(
    key="banners",
    text=rf"""
for f in {" ".join(_FILES)}; do
  if [ ! -e "$f" ]; then
    printf '%s\n' "-$f"
  elif [ ! -f "$f" ] || [ ! -r "$f" ]; then
    printf '%s\n' "?$f"
  else
    printf '%s\n' "+$f"
    n=0
    while IFS= read -r l || [ -n "$l" ]; do
      n=$((n + 1))
      [ "$n" -le {_MOST_LINES} ] || {{ printf '!\n'; break; }}
      printf ':%.{_LONGEST}s\n' "$l"
    done <"$f"
  fi
done
for f in /etc/os-release /usr/lib/os-release; do
  [ -r "$f" ] || continue
  while IFS= read -r l; do
    case $l in ID=*|NAME=*) printf 'ID %.100s\n' "${{l#*=}}" ;; esac
  done <"$f"
  break
done
return 0
""",
    shown=f"cat {' '.join(_FILES)}",
    bounded=True,
)
"""+, - or ? and a file's name, its lines after a colon, "!" where there are too many; then the
names of the system. Comments are part of a banner.
"""

_ESCAPE = re.compile(r"\\(?:S\{[A-Z_]*\}|[mrsvS])")
_WORD = re.compile(r"[A-Za-z0-9]{2,40}")
_COMMON = frozenset({"linux", "gnu", "enterprise", "server", "os", "stream"})


def _sections(_many: Sequence[BannerArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def _parse(args: BannerArgs, frames: Frames) -> Record:
    lines = answer(frames, SECTION.key).split("\n")
    mark, text = _text(lines, args.path)
    if mark == "?":
        raise Unseen(Why.UNREADABLE, f"{args.path} cannot be read")
    if mark == "-":
        return {"exists": False, GAP: {"why": Why.NO_DATA, "detail": "there is no such file"}}
    if "!" in text:
        raise Unseen(Why.CUT, f"{args.path} is longer than {_MOST_LINES} lines")
    said = "\n".join(line[1:] for line in text).strip()
    words = {word.lower() for word in _WORD.findall(said)}
    names = {
        word.lower()
        for line in lines
        if line.startswith(_OS_NAME)
        for word in _WORD.findall(line.removeprefix(_OS_NAME))
    }
    return {
        "exists": True,
        "text": said,
        "escapes": list(dict.fromkeys(match[0] for match in _ESCAPE.finditer(said))),
        "names": sorted(words & (names - _COMMON)),
        "places": dict.fromkeys(("text", "escapes", "names"), args.path),
    }


def _text(lines: list[str], path: str) -> tuple[str, list[str]]:
    """Return the mark of a file and what follows it up to the next."""
    for mark in "+-?":
        if f"{mark}{path}" in lines:
            at = lines.index(f"{mark}{path}") + 1
            rest = lines[at:]
            end = next((n for n, line in enumerate(rest) if line[:1] not in (":", "!")), len(rest))
            return mark, rest[:end]
    raise Unseen(Why.UNREADABLE, f"nothing was said of {path}")


PROBE = ProbeType(
    name="banner",
    via=Via.SSH,
    args=BannerArgs,
    doc=Text(
        id="Teks sebelum atau sesudah masuk: isi, dan apakah ia membocorkan sistem operasi",
        en="The text before or after login: what it says, and whether it names the system",
    ),
    gives=record(
        "Teks pembuka",
        "Banner",
        {
            "exists": leaf(Kind.BOOL, "Berkas ada", "File exists"),
            "text": leaf(Kind.TEXT, "Isi", "Text", may_be_empty=True),
            "escapes": leaf(
                Kind.TEXTS, "Sandi tentang sistem", "Escapes about the system", may_be_empty=True
            ),
            "names": leaf(
                Kind.TEXTS, "Nama sistem operasi", "Names of the system", may_be_empty=True
            ),
        },
    ),
    sections=_sections,
    parse=_parse,
)
