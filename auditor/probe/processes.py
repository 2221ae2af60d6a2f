"""Names of the running processes, shared by the probes that ask which daemon runs."""

from auditor.model.fact import Why
from auditor.probe.base import Frames, Section, Unseen, answer

SECTION = Section(
    key="processes",
    shown="ps -eo comm",
    text=r"""
set +f
for f in /proc/[0-9]*/comm; do
  { IFS= read -r l <"$f" && printf '%s\n' "$l"; } 2>/dev/null
done
return 0
""",
    limit=512 * 1024,
)
"""Builtins only; the kernel cuts names at 15 characters."""

_SEEN_BY_ALL = 1
"""Processes that even an account sees which is shown only its own: itself."""


def running(frames: Frames) -> frozenset[str]:
    """Return the names; raises `Unseen` where the account is shown its own processes only."""
    names = answer(frames, SECTION.key).splitlines()
    if len(names) <= _SEEN_BY_ALL:
        raise Unseen(Why.DENIED, "the account sees no processes but its own (hidepid)")
    return frozenset(names)
