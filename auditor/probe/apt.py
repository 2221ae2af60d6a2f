"""Whether a target keeps itself up to date: its lists, its sources, automatic updates."""

import re
from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record
from auditor.probe.os_release import moment


class AptArgs(Args, frozen=True):
    """Takes no arguments."""


_SUITES = r"""
function stanza(  words, n, i) {
  n = split(suites, words, /[ \t]+/)
  if (types ~ /(^|[ \t])deb([ \t]|$)/ && on)
    for (i = 1; i <= n; i++) if (words[i] != "") print "suite " words[i]
  types = suites = name = ""
  on = 1
}
FNR == 1 { stanza() }
/^[ \t]*#/ { next }
FILENAME ~ /\.sources$/ {
  if ($0 ~ /^[ \t]*$/) { stanza(); next }
  value = $0
  if ($0 !~ /^[ \t]/) {
    name = tolower(substr($0, 1, index($0, ":") - 1))
    value = substr($0, index($0, ":") + 1)
  }
  if (name == "types") types = types " " value
  if (name == "suites") suites = suites " " value
  if (name == "enabled" && tolower(value) ~ /^[ \t]*(no|false|off|without|disable|0)[ \t]*$/) on = 0
  next
}
{
  gsub(/\[[^]]*\]/, "")
  if ($1 == "deb") print "suite " $3
}
END { stanza() }
"""
"""Awk: the suites of all enabled binary sources in both formats; addresses may hold passwords."""

SECTION = Section(
    key="apt",
    shown="ls -l /var/lib/apt/lists; cat /etc/apt/sources.list*; apt-config dump",
    text=rf"""
command -v apt-get >/dev/null || return 127
set --
for f in /var/lib/apt/lists/*Release /var/lib/apt/lists/*Packages* \
  /var/lib/apt/periodic/update-success-stamp; do
  [ -f "$f" ] && set -- "$@" "$f"
done
[ $# -eq 0 ] || stat -c 'list %Y' "$@"
set --
for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  if [ -f "$f" ] && [ -r "$f" ]; then
    set -- "$@" "$f"
  elif [ -e "$f" ]; then
    printf 'hidden %s\n' "$f"
  fi
done
f=/etc/apt/sources.list.d
[ ! -d "$f" ] || {{ [ -r "$f" ] && [ -x "$f" ]; }} || printf 'hidden %s\n' "$f"
[ $# -eq 0 ] || awk '{_SUITES}' "$@" || return
[ -x /usr/bin/unattended-upgrade ] && printf 'tool\n'
[ -c /etc/systemd/system/apt-daily-upgrade.timer ] && printf 'masked\n'
for f in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
  [ ! -e "$f" ] || [ -r "$f" ] || printf 'sealed %s\n' "$f"
done
{{ t 10 apt-config dump; printf 'status %s\n' "$?"; }} | while IFS= read -r l; do
  case $l in 'status '*|APT::Periodic::*) printf 'conf %s\n' "$l" ;; esac
done
return 0
""",
    bounded=True,
)
"""A unit that is a device is masked: a link to /dev/null. apt-config only reads, and passes over
files that it may not read.
"""

_LIST = re.compile(r"list ([0-9]{1,10})")
_PERIODIC = re.compile(r'conf APT::Periodic::(Enable|Unattended-Upgrade) "([^"]*)";')


def _sections(_args: Sequence[AptArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def _parse(_args: AptArgs, frames: Frames) -> Record:
    lines = answer(frames, SECTION.key).split("\n")
    suites, hidden, sealed = (_told(lines, word) for word in ("suite ", "hidden ", "sealed "))
    times = [moment(match[1]) for line in lines if (match := _LIST.fullmatch(line))]
    secure = any(suite.endswith("-security") or "/updates" in suite for suite in suites)
    found: Record = {"manager": "apt"}
    gaps = []
    if times:
        found["lists_time"] = max(times).isoformat()
    else:
        gaps.append("there are no package lists: they were never fetched")
    if secure or not hidden:
        found["security_suite"] = secure
    if hidden:
        gaps.append(f"{hidden[0]} cannot be read")
    else:
        found["suites"] = list(dict.fromkeys(suites))
    if sealed:
        gaps.append(f"{sealed[0]} cannot be read")
    elif "conf status 0" in lines:
        found["automatic"] = _is_automatic(lines)
    else:
        gaps.append("apt-config gives no answer")
    if gaps:
        found[GAP] = {"why": Why.NO_DATA, "detail": "; ".join(gaps)}
    return found


def _told(lines: Sequence[str], word: str) -> list[str]:
    return [line.removeprefix(word) for line in lines if line.startswith(word)]


def _is_automatic(lines: Sequence[str]) -> bool:
    """Tell whether unattended-upgrades is there, switched on, and its timer not masked.

    The configuration is apt's own reading of all its files; an interval of 0 switches off.
    """
    told = {m[1]: m[2] for line in lines if (m := _PERIODIC.fullmatch(line))}
    wanted = told.get("Enable", "1") != "0" and told.get("Unattended-Upgrade", "0") not in ("", "0")
    return wanted and "tool" in lines and "masked" not in lines


PROBE = ProbeType(
    name="apt",
    via=Via.SSH,
    args=AptArgs,
    doc=Text(
        id="Kesehatan pembaruan: daftar paket, sumber, pembaruan otomatis",
        en="Update health: package lists, sources, automatic updates",
    ),
    gives=record(
        "Pembaruan mandiri",
        "Update health",
        {
            "manager": leaf(Kind.TEXT, "Pengelola paket", "Package manager"),
            "lists_time": leaf(Kind.TIME, "Daftar paket diperbarui", "Lists refreshed"),
            "suites": leaf(Kind.TEXTS, "Rangkaian sumber", "Suites", may_be_empty=True),
            "security_suite": leaf(
                Kind.BOOL, "Sumber keamanan tercantum", "Security source listed"
            ),
            "automatic": leaf(Kind.BOOL, "Pembaruan otomatis", "Automatic updates"),
        },
    ),
    sections=_sections,
    parse=_parse,
)
