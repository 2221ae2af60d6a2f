"""Which weaknesses of the running kernel are mended in memory, without a reboot."""

import re
from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record


class LivepatchArgs(Args, frozen=True):
    """Takes no arguments."""


_STATUS = r"""
{ text = text $0 }
END {
  while (match(text, /"(Running|State|Name|Patched)": *("[A-Za-z0-9-]*"|true|false)/)) {
    part = substr(text, RSTART + 1, RLENGTH - 1)
    text = substr(text, RSTART + RLENGTH)
    key = part
    sub(/".*/, "", key)
    sub(/^[^:]*: */, "", part)
    gsub(/"/, "", part)
    if (key == "Running") runs = part == "true"
    if (key == "Name") name = part
    if (runs && key == "State") print "state " part
    if (runs && key == "Patched" && part == "true") print "fix " name
  }
}
"""
"""Awk: of the status in JSON what is said of the running kernel; the machine's id stays there."""

SECTION = Section(
    key="livepatch",
    shown="ls /sys/kernel/livepatch; canonical-livepatch status --format json",
    text=rf"""
for f in /sys/kernel/livepatch/*; do
  [ -d "$f" ] && printf 'module %s\n' "${{f##*/}}"
done
f=/snap/canonical-livepatch
if [ -h "$f/current" ]; then
  r=$(readlink "$f/current")
  if [ "$U" != 0 ]; then
    printf 'root\n'
  elif [ -d "/root$f/$r" ]; then
    t 20 env HOME=/root /snap/bin/canonical-livepatch status --format json | awk '{_STATUS}'
  else
    printf 'unasked\n'
  fi
fi
return 0
""",
    bounded=True,
)
"""A program of snap makes a folder in the home of whoever runs it for the first time: it is asked
only where root's is there.
"""

_CVE = re.compile(r"cve-[0-9]{4}-[0-9]{4,9}", re.IGNORECASE)
_UNTOLD = {
    "root": (Why.NEEDS_ROOT, "needs root: only root may ask canonical-livepatch"),
    "unasked": (
        Why.NO_DATA,
        (
            "canonical-livepatch was not asked, for it would write into root's home: run "
            "`sudo canonical-livepatch status` there once"
        ),
    ),
    "loaded": (
        Why.NO_DATA,
        "live patches are loaded, but nothing tells which weaknesses they mend",
    ),
}


def _sections(_args: Sequence[LivepatchArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def _parse(_args: LivepatchArgs, frames: Frames) -> Record:
    rows = [line.partition(" ") for line in answer(frames, SECTION.key).split("\n")]
    modules = [value for word, _, value in rows if word == "module"]
    state = next((value for word, _, value in rows if word == "state"), "")
    untold = next((word for word, _, _ in rows if word in _UNTOLD), "")
    if not untold and not state and modules:
        untold = "loaded"
    found: Record = {"modules": modules, "state": state or ("loaded" if modules else "none")}
    if untold:
        why, detail = _UNTOLD[untold]
        return found | {GAP: {"why": why, "detail": detail}}
    fixes = {value.upper() for word, _, value in rows if word == "fix" and _CVE.fullmatch(value)}
    return found | {"fixes": sorted(fixes) if state == "applied" else []}


PROBE = ProbeType(
    name="livepatch",
    via=Via.SSH,
    args=LivepatchArgs,
    doc=Text(
        id="Celah kernel yang ditambal tanpa muat ulang",
        en="Weaknesses of the kernel that are mended without a reboot",
    ),
    gives=record(
        "Tambalan kernel langsung",
        "Live patches",
        {
            "state": leaf(Kind.TEXT, "Keadaan", "State"),
            "fixes": leaf(Kind.TEXTS, "Celah yang ditambal", "CVEs mended", may_be_empty=True),
            "modules": leaf(Kind.TEXTS, "Modul tambalan", "Patch modules", may_be_empty=True),
        },
    ),
    sections=_sections,
    parse=_parse,
)
