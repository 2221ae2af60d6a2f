"""AppArmor: is it on, and what do its profiles do."""

import re
from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record


class AppArmorArgs(Args, frozen=True):
    """Takes no arguments."""


_SECTION = Section(
    key="apparmor",
    shown="cat /sys/module/apparmor/parameters/enabled /sys/kernel/security/apparmor/profiles",
    text=r"""
IFS= read -r l </sys/module/apparmor/parameters/enabled && printf 'enabled %s\n' "$l"
for f in /etc/apparmor.d/disable/*; do [ -e "$f" ] && printf 'off %s\n' "${f##*/}"; done
f=/sys/kernel/security/apparmor/profiles
if [ -e "$f" ]; then
  { while IFS= read -r l; do printf 'profile %s\n' "$l"; done; printf 'all\n'; } <"$f"
elif [ -d /sys/kernel/security/apparmor ]; then
  printf 'hidden\n'
else
  printf 'none\n'
fi
return 0
""",
    bounded=True,
)
_PROFILE = re.compile(r"profile (.*) \(([a-z]+)\)")
_MODES = ("enforce", "complain", "unconfined", "kill", "prompt")


def _sections(_many: Sequence[AppArmorArgs]) -> tuple[Section, ...]:
    return (_SECTION,)


def _parse(_args: AppArmorArgs, frames: Frames) -> Record:
    lines = answer(frames, _SECTION.key).split("\n")
    found: Record = {
        "enabled": "enabled Y" in lines,
        "switched_off": [line[4:] for line in lines if line.startswith("off ")],
    }
    if "all" in lines or "none" in lines:
        modes: dict[str, list[str]] = {mode: [] for mode in _MODES}
        for line in lines:
            if match := _PROFILE.fullmatch(line):
                modes.setdefault(match[2], []).append(match[1])
        found |= {mode: modes[mode] for mode in _MODES}
        found["profiles"] = sum(map(len, modes.values()))
    else:
        detail = "needs root: the kernel does not show AppArmor's profiles"
        found[GAP] = {"why": Why.NEEDS_ROOT, "detail": detail}
    return found


PROBE = ProbeType(
    name="apparmor",
    via=Via.SSH,
    args=AppArmorArgs,
    doc=Text(
        id="AppArmor: menyala atau tidak, dan profil menurut modenya",
        en="AppArmor: on or off, and its profiles by mode",
    ),
    gives=record(
        "AppArmor",
        "AppArmor",
        {
            "enabled": leaf(Kind.BOOL, "AppArmor menyala", "AppArmor is on"),
            "profiles": leaf(Kind.INT, "Jumlah profil", "Number of profiles"),
            "enforce": leaf(Kind.TEXTS, "Profil ditegakkan", "Enforced", may_be_empty=True),
            "complain": leaf(Kind.TEXTS, "Profil hanya mencatat", "Only logged", may_be_empty=True),
            "unconfined": leaf(
                Kind.TEXTS, "Profil tanpa batasan", "Unconfined profiles", may_be_empty=True
            ),
            "kill": leaf(Kind.TEXTS, "Profil mematikan", "Killing profiles", may_be_empty=True),
            "prompt": leaf(Kind.TEXTS, "Profil bertanya", "Asking profiles", may_be_empty=True),
            "switched_off": leaf(
                Kind.TEXTS, "Profil dinonaktifkan", "Profiles switched off", may_be_empty=True
            ),
        },
    ),
    sections=_sections,
    parse=_parse,
)
