"""Many questions become one POSIX sh script for one channel."""

import re
import secrets
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

from auditor.model.base import Value
from auditor.probe import texts
from auditor.probe.base import Args, Probe, ProbeType, Section
from auditor.probe.bootstrap import bootstrap
from auditor.probe.frames import read_frames
from auditor.probe.texts import KEY

__all__ = ["Script", "bootstrap", "compile_script", "new_nonce", "read_frames", "sections_of"]

_KEY = re.compile(r"[A-Za-z0-9_.,:=@%+/-]{1,700}")
_NONCE = re.compile(r"[0-9a-f]{32}")

BUSY = 4
"""Load for each processor at which file systems are not walked."""

_FUNCTIONS = r"""
t() {
  if [ -n "$T" ]; then
    timeout -k 1 "$@"
    r=$?
    case $r in 137|143) return 124 ;; esac
    return "$r"
  fi
  shift
  "$@"
}
now() {
  n=0.00
  read -r n _ 2>/dev/null </proc/uptime
  n=${n%.*}${n#*.}
  while :; do case $n in 0?*) n=${n#0} ;; *) break ;; esac; done
}
frame() {
  printf '\n@%s > %s\n%s\n@%s < %s 0 0 %s\n' "$N" "$1" "$2" "$N" "$1" "$3" || exit 1
}
busy() {
  A_l=0 A_c=0
  read -r A_l _ </proc/loadavg
  while read -r n _; do case $n in cpu[0-9]*) A_c=$((A_c + 1)) ;; esac; done </proc/stat
  A_l=${A_l%%.*}
  case $A_l in ''|*[!0-9]*) return 1 ;; esac
  [ "$A_c" -gt 0 ] && [ "$A_l" -ge "$((A_c * @BUSY@))" ]
}
run() {
  if [ "$3" = root ] && [ "$U" != 0 ]; then
    frame "$1" '' root
    return
  fi
  if [ "$5" = walk ] && busy; then
    frame "$1" '' busy
    return
  fi
  now
  A_b=$n
  printf '\n@%s > %s\n' "$N" "$1" || exit 1
  if [ "$2" = - ]; then
    A_f=- A_r=0
    "$4" </dev/null 2>/dev/null || A_r=$?
  else
    A_f=piped A_r=0
    { "$4" </dev/null 2>/dev/null; printf '\n%s' "$((1000 + $?))"; } | head -c "$(($2 + 6))"
  fi
  now
  printf '\n@%s < %s %s %s %s\n' "$N" "$1" "$A_r" "$(((n - A_b) * 10))" "$A_f" || exit 1
}
""".lstrip().replace("@BUSY@", str(BUSY))
"""t: a command with a time limit; now: uptime in 1/100 s; run KEY LIMIT|- root|any FUNCTION
[walk].

A section goes out as it comes, between a line that opens its frame and one that closes it with
its status. Where it is cut at a limit its status travels behind its text ("\n1000" is 0), since a
pipeline has but one; a text that is too long loses it. Cutting costs two processes.
"""

_START = """
  umask 077
  LC_ALL=C LANG=C PATH=/usr/sbin:/usr/bin:/sbin:/bin IFS=' \t
'
  export LC_ALL LANG PATH
  unset ENV BASH_ENV CDPATH HISTFILE TZ POSIXLY_CORRECT GREP_OPTIONS LD_PRELOAD LD_LIBRARY_PATH
  unset APT_CONFIG DPKG_ADMINDIR DPKG_ROOT AWKPATH AWKLIBPATH GAWK_READ_TIMEOUT
  T=1
  U=$(timeout -k 1 5 id -u 2>/dev/null) || { T= U=$(id -u); }
  renice -n 10 -p $$ </dev/null >/dev/null 2>&1
  frame uid "$U" -
""".lstrip("\n")


_GATHER = "dd ibs=4096 obs=32768 2>/dev/null"
"""Sends what the quick sections print in few packets: each write would be one of its own."""
_IDLE = "  ionice -c 3 -p $$ </dev/null >/dev/null 2>&1\n"


class Script(Value, frozen=True):
    """The script of a visit and the sections that it will answer.

    Everything stands in functions before a last line that calls them: a script that arrives cut
    does nothing. `body` is the same on every visit that asks the same.
    """

    body: str
    nonce: str
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """The script as it is sent to a shell."""
        return f"N={self.nonce}\n{self.body}"

    @property
    def pinned(self) -> str:
        """The script as a file that a sudo rule pins by its digest: it reads its nonce first."""
        return f"{_PINNED}{self.body}"

    @property
    def digest(self) -> str:
        """SHA-256 of that file, hexadecimal."""
        return sha256(self.pinned.encode()).hexdigest()


_PINNED = """\
#!/bin/sh
# Read-only visit of the auditor; `auditor sudoers` wrote this file and its digest.
IFS= read -r N || exit 1
case $N in *[!0-9a-f]*) exit 1 ;; esac
[ "${#N}" = 32 ] || exit 1
"""


def new_nonce() -> str:
    """Return 128 random bits as hexadecimal digits."""
    return secrets.token_hex(16)


def compile_script(probes: Iterable[Probe], nonce: str) -> Script:
    """Merge probes of one type, keep one of each section, put walks last, write the script.

    Raises ValueError for a nonce that is too short and for sections that break their contract.
    """
    if not _NONCE.fullmatch(nonce):
        raise ValueError("a nonce is 32 hexadecimal digits")
    body, sections = _compiled(tuple(probes))
    return Script(body=body, nonce=nonce, sections=sections)


@lru_cache(maxsize=64)
def _compiled(probes: tuple[Probe, ...]) -> tuple[str, tuple[Section, ...]]:
    """Return the body of the script; targets that are asked the same share it."""
    sections = _sections(probes)
    functions = [f"s{number}() {{\n{s.text.strip()}\n}}" for number, s in enumerate(sections)]
    quick = "".join(_call(n, s) for n, s in enumerate(sections) if not s.walk)
    walks = "".join(_call(n, s) for n, s in enumerate(sections) if s.walk)
    gather = f"  {{\n  :\n{quick}  }} | {_GATHER}\n"
    main = f"{_START}{gather}{_IDLE if walks else ''}{walks}  frame end '' -\n"
    parts = (_FUNCTIONS.rstrip(), *functions, f"main() {{\n{main}}}", "main\n")
    return "\n".join(parts), sections


def _sections(probes: Iterable[Probe]) -> tuple[Section, ...]:
    asked: dict[str, tuple[ProbeType, dict[Args, None]]] = {}
    for probe in probes:
        _, args = asked.setdefault(probe.type.name, (probe.type, {}))
        args.setdefault(probe.args)
    sections: dict[str, Section] = {}
    patterns: set[str] = set()
    for kind, many in asked.values():
        patterns.update(kind.reads(tuple(many)) if kind.reads else ())
        for section in sections_of(kind, tuple(many)):
            if not _KEY.fullmatch(section.key):
                raise ValueError(f"{section.key!r} cannot be the key of a section")
            if sections.setdefault(section.key, section) != section:
                raise ValueError(f"two sections differ but have the key {section.key!r}")
    if patterns:
        sections[KEY] = texts.section(patterns)
    return tuple(sorted(sections.values(), key=lambda section: section.walk))


def sections_of(kind: ProbeType, args: tuple[Args, ...]) -> tuple[Section, ...]:
    """Return the sections that answer a type's arguments, without the text files that it reads."""
    if kind.sections is None and kind.reads is None:
        raise ValueError(f"{kind.name} is not asked by a script")
    return kind.sections(args) if kind.sections else ()


def _call(number: int, section: Section) -> str:
    need = "root" if section.root else "any"
    limit = "-" if section.bounded else section.limit
    walk = " walk" if section.walk else ""
    return f"  run {section.key} {limit} {need} s{number}{walk}\n"
