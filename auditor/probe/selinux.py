"""SELinux: what runs, and what the next boot sets."""

import re
from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.model.shape import DEFAULT
from auditor.probe.base import Args, Frames, ProbeType, Record, Via
from auditor.probe.fields import leaf, record
from auditor.probe.texts import texts


class SELinuxArgs(Args, frozen=True):
    """Takes no arguments."""


_ENFORCE = "/sys/fs/selinux/enforce"
_CONFIG = "/etc/selinux/config"
_CMDLINE = "/proc/cmdline"
_SETTING = re.compile(r"\s*(SELINUX|SELINUXTYPE)\s*=\s*([A-Za-z0-9_-]+).*")


def _reads(_many: Sequence[SELinuxArgs]) -> tuple[str, ...]:
    return (_ENFORCE, _CONFIG, _CMDLINE)


def _parse(_args: SELinuxArgs, frames: Frames) -> Record:
    seen = texts(frames)
    enforce, config, cmdline = (seen.file(path) for path in (_ENFORCE, _CONFIG, _CMDLINE))
    told = [(n, m) for n, text in (config.lines if config else ()) if (m := _SETTING.match(text))]
    values = {"SELINUX": "disabled", "SELINUXTYPE": "none"}
    places = dict.fromkeys(("configured", "type"), DEFAULT)
    for number, match in told:
        values[match[1]] = match[2].lower()
        places["configured" if match[1] == "SELINUX" else "type"] = f"{_CONFIG}:{number}"
    words = {word for _, text in (cmdline.lines if cmdline else ()) for word in text.split()}
    on = enforce is not None and any(text.strip() == "1" for _, text in enforce.lines)
    return {
        "running": "disabled" if enforce is None else "enforcing" if on else "permissive",
        "configured": values["SELINUX"],
        "type": values["SELINUXTYPE"],
        "off_at_boot": bool(words & {"selinux=0", "enforcing=0"}),
        "places": places,
    }


PROBE = ProbeType(
    name="selinux",
    via=Via.SSH,
    args=SELinuxArgs,
    doc=Text(
        id="SELinux: mode yang berjalan, dan mode serta kebijakan di /etc/selinux/config",
        en="SELinux: the running mode, and mode and policy in /etc/selinux/config",
    ),
    gives=record(
        "SELinux",
        "SELinux",
        {
            "running": leaf(Kind.TEXT, "Mode sekarang", "Mode now"),
            "configured": leaf(Kind.TEXT, "Mode saat boot", "Mode at boot"),
            "type": leaf(Kind.TEXT, "Kebijakan SELinux", "SELinux policy"),
            "off_at_boot": leaf(
                Kind.BOOL, "Dimatikan oleh argumen kernel", "Switched off by the kernel's arguments"
            ),
        },
    ),
    reads=_reads,
    parse=_parse,
)
