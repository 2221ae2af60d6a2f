"""Many questions become one POSIX sh script for one channel."""

import re
import secrets
from collections.abc import Iterable

from auditor.model.base import Value
from auditor.probe.base import Args, Probe, ProbeType, Section
from auditor.probe.bootstrap import bootstrap
from auditor.probe.frames import read_frames

__all__ = ["Script", "bootstrap", "compile_script", "new_nonce", "read_frames"]

_KEY = re.compile(r"[A-Za-z0-9_.,:=@%+/-]{1,700}")
_NONCE = re.compile(r"[0-9a-f]{32}")

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
  printf '@%s %s %s %s %s %s\n%s\n@%s .\n' "$N" "$1" "$2" "$3" "${#5}" "$4" "$5" "$N" || exit 1
}
run() {
  if [ "$3" = root ] && [ "$U" != 0 ]; then
    frame "$1" 0 0 root ''
    return
  fi
  now
  b=$n
  o=$({ "$4" </dev/null 2>/dev/null; printf '\n%s' "$((1000 + $?))"; } | head -c "$(($2 + 6))")
  now
  m=$(((n - b) * 10))
  [ "$m" -ge 0 ] || m=0
  if [ "${#o}" -gt "$(($2 + 5))" ]; then
    frame "$1" -1 "$m" cut "$o"
    return
  fi
  r=${o##*[!0-9]}
  case $r in
  1???) frame "$1" "$((r - 1000))" "$m" - "${o%?????}" ;;
  *) frame "$1" -1 "$m" cut "$o" ;;
  esac
}
""".lstrip()
"""t: a command with a time limit; now: uptime in 1/100 s; run KEY LIMIT root|any FUNCTION.

The status of a section travels behind its text ("\n1000" is 0), since a pipeline has but one; a
text longer than its limit loses it. A section costs three processes besides its own commands.
"""

_START = """
  umask 077
  LC_ALL=C LANG=C PATH=/usr/sbin:/usr/bin:/sbin:/bin IFS=' \t
'
  export LC_ALL LANG PATH
  unset ENV BASH_ENV CDPATH HISTFILE TZ POSIXLY_CORRECT GREP_OPTIONS LD_PRELOAD LD_LIBRARY_PATH
  unset APT_CONFIG DPKG_ADMINDIR DPKG_ROOT AWKPATH AWKLIBPATH GAWK_READ_TIMEOUT
  U=$(id -u)
  T=
  timeout -k 1 5 true </dev/null >/dev/null 2>&1 && T=1
  renice -n 10 -p $$ </dev/null >/dev/null 2>&1
  printf '\\n'
  frame uid 0 0 - "$U"
""".lstrip("\n")


class Script(Value, frozen=True):
    """The script of a visit and the sections that it will answer.

    Everything stands in functions before a last line that calls them: a script that arrives cut
    does nothing.
    """

    text: str
    nonce: str
    sections: tuple[Section, ...]


def new_nonce() -> str:
    """Return 128 random bits as hexadecimal digits."""
    return secrets.token_hex(16)


def compile_script(probes: Iterable[Probe], nonce: str) -> Script:
    """Merge probes of one type, keep one of each section, put walks last, write the script.

    Raises ValueError for a nonce that is too short and for sections that break their contract.
    """
    if not _NONCE.fullmatch(nonce):
        raise ValueError("a nonce is 32 hexadecimal digits")
    sections = _sections(probes)
    functions = [f"s{number}() {{\n{s.text.strip()}\n}}" for number, s in enumerate(sections)]
    main = _START + "".join(_calls(sections)) + "  frame end 0 0 - ''\n"
    parts = (f"N={nonce}", _FUNCTIONS.rstrip(), *functions, f"main() {{\n{main}}}", "main\n")
    return Script(text="\n".join(parts), nonce=nonce, sections=sections)


def _sections(probes: Iterable[Probe]) -> tuple[Section, ...]:
    asked: dict[str, tuple[ProbeType, list[Args]]] = {}
    for probe in probes:
        _, args = asked.setdefault(probe.type.name, (probe.type, []))
        if probe.args not in args:
            args.append(probe.args)
    sections: dict[str, Section] = {}
    for kind, args in asked.values():
        if kind.sections is None:
            raise ValueError(f"{kind.name} is not asked by a script")
        for section in kind.sections(args):
            if not _KEY.fullmatch(section.key):
                raise ValueError(f"{section.key!r} cannot be the key of a section")
            if sections.setdefault(section.key, section) != section:
                raise ValueError(f"two sections differ but have the key {section.key!r}")
    return tuple(sorted(sections.values(), key=lambda section: section.walk))


def _calls(sections: tuple[Section, ...]) -> Iterable[str]:
    walking = False
    for number, section in enumerate(sections):
        if section.walk and not walking:
            walking = True
            yield "  ionice -c 3 -p $$ </dev/null >/dev/null 2>&1\n"
        need = "root" if section.root else "any"
        yield f"  run {section.key} {section.limit} {need} s{number}\n"
