"""The facts of a visit as single questions, for tools that ask one after another."""

from collections.abc import Callable, Mapping

from auditor.model.fact import Json
from auditor.plan import Task
from auditor.probe.base import Probe

Question = tuple[str, str]
"""Kind and subject: what testinfra or an Ansible module can ask."""


def questions(task: Task) -> list[Question]:
    """Return one question for each subject that the policy's probes look at; none twice."""
    return list(dict.fromkeys(one for probe in task.probes for one in _of(probe)))


def _of(probe: Probe) -> list[Question]:
    args = {name: getattr(probe.args, name) for name in probe.args.__struct_fields__}
    name = probe.type.name
    if name in _SUBJECTS:
        kind, subjects = _SUBJECTS[name]
        return [(kind, subject) for subject in subjects(args)]
    return [("command", _COMMANDS.get(name, "cat /etc/login.defs"))] if name != "session" else []


_SUBJECTS: Mapping[str, tuple[str, Callable[[Mapping[str, Json]], list[str]]]] = {
    "file": ("file", lambda args: [args["path"]]),
    "files": ("file", lambda args: [glob.replace("*", "x") for glob in args["glob"]]),
    "sysctl": ("sysctl", lambda args: [args["key"]]),
    "mounts": ("mount", lambda args: [args["path"]]),
    "package": ("package", lambda args: list(args["name"])),
    "modules": ("command", lambda args: [f"modprobe -n -v {args['name']}"]),
    "systemd": ("service", lambda args: [unit for units in args.values() for unit in units]),
}
_COMMANDS = {
    "sshd": "sshd -T -C user=root,host=a,addr=192.0.2.1",
    "sudoers": "cat /etc/sudoers",
    "accounts": "getent passwd",
    "packages": "dpkg-query -W",
    "listening": "ss -Htulnp",
    "os": "cat /etc/os-release",
    "time": "date -u +%s",
    "logging": "cat /etc/rsyslog.conf",
    "pam": "cat /etc/pam.d/common-auth",
    "apt": "apt-config dump",
}
"""One command for a whole probe: less than the probe looks at, so the comparison favours others."""
