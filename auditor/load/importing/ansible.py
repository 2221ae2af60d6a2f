"""An Ansible inventory, YAML or INI: hosts with the variables that they have or inherit."""

import itertools
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.errors import ConfigError
from auditor.load.importing.ansible_ini import read_ini
from auditor.load.importing.ansible_yaml import read_groups
from auditor.load.importing.groups import Host
from auditor.load.importing.rows import Row, Sheet, cell, identifier
from auditor.load.importing.spreadsheet import number
from auditor.load.yaml import read_text

_YAML = (".yaml", ".yml", ".json")
_SECRETS = (
    "ansible_password",
    "ansible_ssh_pass",
    "ansible_become_password",
    "ansible_become_pass",
)
_SSH = ("ssh", "smart", "paramiko", "paramiko_ssh")


def read_ansible(path: Path) -> Sheet:
    """Read an inventory; group_vars and host_vars beside it are not read."""
    text = read_text(path)
    read = read_groups if path.suffix in _YAML else read_ini
    groups = read(text, str(path))
    notes: list[str] = []
    rows = [row for host in groups.hosts() if (row := _row(str(path), host, notes))]
    return Sheet(str(path), tuple(rows), tuple(dict.fromkeys(notes)))


def _row(path: str, host: Host, notes: list[str]) -> Row | None:
    said = {name: cell(value) for name, value in host.variables.items() if value is not None}
    if any(name in said for name in _SECRETS):
        notes.append("passwords were not copied: use --ask-password or AUDITOR_PASSWORD")
    connection = said.get("ansible_connection", "ssh")
    if connection == "local":
        notes.append(f"{host.name} was left out: it is the machine that Ansible runs on")
        return None
    for name, value in said.items():
        if "{{" in value and name not in _SECRETS:
            hint = "write the value itself; templates are not filled in"
            raise ConfigError(path, f"{host.name}: {name} is a template", line=host.line, hint=hint)
    values: dict[str, Any] = {
        "id": identifier(host.name),
        "address": _first(said, "ansible_host", "ansible_ssh_host") or host.name,
    }
    if connection.removeprefix("ansible.builtin.") not in _SSH:
        notes.append(f"{host.name} is not visited: its connection is {connection}")
        values["ssh"] = None
    elif ssh := _ssh(path, host, said, notes):
        values["ssh"] = ssh
    return Row(values=values, owners=host.levels, line=host.line)


def _first(said: Mapping[str, str], *names: str) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _ssh(path: str, host: Host, said: Mapping[str, str], notes: list[str]) -> dict[str, Any]:
    ssh: dict[str, Any] = {}
    if user := _first(said, "ansible_user", "ansible_ssh_user"):
        ssh["user"] = user
    if port := _first(said, "ansible_port", "ansible_ssh_port"):
        ssh["port"] = number(path, host.line, port)
    if key := _first(said, "ansible_private_key_file", "ansible_ssh_private_key_file"):
        ssh["key"] = key
    for name in ("ansible_ssh_common_args", "ansible_ssh_extra_args"):
        if jump := _jump(path, host, said.get(name, ""), notes):
            ssh["jump"] = jump
    return ssh


def _jump(path: str, host: Host, arguments: str, notes: list[str]) -> str:
    """Return the server that `-J x` or `-o ProxyJump=x` names, or nothing."""
    try:
        words = shlex.split(arguments)
    except ValueError as error:
        problem = f"{host.name}: its ssh arguments cannot be read ({error})"
        raise ConfigError(path, problem, line=host.line) from error
    for option, value in _options(words):
        name, _, jump = value.replace(" ", "=", 1).partition("=")
        if option == "-J":
            return value
        if name.lower() == "proxyjump":
            return jump.strip()
        if name.lower() == "proxycommand":
            notes.append(f"{host.name}: its ProxyCommand was not copied; write ssh.jump instead")
    return ""


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield `-o value` and `-J value`, written together or apart."""
    for word, after in itertools.pairwise([*words, ""]):
        option, value = word[:2], word[2:]
        if option in ("-o", "-J"):
            yield option, value or after
