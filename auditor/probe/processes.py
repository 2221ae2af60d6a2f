"""Names of the running processes, shared by the probes that ask which daemon runs."""

from auditor.model.fact import Why
from auditor.probe.base import Frames, Section, Unseen, answer, take

_HIDDEN = 77

SECTION = Section(
    key="processes",
    shown="ps -eo comm",
    text=rf"""
IFS= read -r l </proc/1/comm || return {_HIDDEN}
for f in /proc/[0-9]*/comm; do
  IFS= read -r l <"$f" && printf '%s\n' "$l"
done
return 0
""",
    bounded=True,
    volatile=("",),
)
"""Builtins only; the kernel cuts names at 15 characters.

Where /proc is mounted with hidepid, an account does not see the first process: then none of the
others' either, and not to find a daemon means nothing.
"""


def running(frames: Frames) -> frozenset[str]:
    """Return the names; raises `Unseen` where the account is shown its own processes only."""
    if take(frames, SECTION.key).rc == _HIDDEN:
        raise Unseen(Why.NEEDS_ROOT, "needs root: the account sees no processes but its own")
    return frozenset(answer(frames, SECTION.key).split("\n"))
