"""Ansible's groups: which hosts are in them, and which variables reach a host."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from auditor.errors import ConfigError

ALL = "all"
HOSTS_LIMIT = 100_000
VARIABLES = frozenset(
    {
        "ansible_host", "ansible_ssh_host", "ansible_port", "ansible_ssh_port", "ansible_user",
        "ansible_ssh_user", "ansible_private_key_file", "ansible_ssh_private_key_file",
        "ansible_ssh_common_args", "ansible_ssh_extra_args", "ansible_connection",
        "ansible_password", "ansible_ssh_pass", "ansible_become_password", "ansible_become_pass",
    }
)  # fmt: skip
"""All that is looked at; every other variable may hold anything and is not kept."""


class Host(msgspec.Struct, frozen=True):
    """A host with the variables that hold for it; `levels` are its groups, nearest first."""

    name: str
    variables: Mapping[str, Any]
    levels: tuple[tuple[str, ...], ...]
    line: int


class Groups:
    """The groups of one inventory, filled while it is read."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lines: dict[str, int] = {}
        self._own: dict[str, dict[str, Any]] = {}
        self._groups: dict[str, list[str]] = {}
        self._parents: dict[str, list[str]] = {ALL: []}
        self._variables: dict[str, dict[str, Any]] = {}
        self._levels: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}

    def add_group(self, name: str, parent: str = ALL) -> None:
        """Note a group, and in which other it lies."""
        parents = self._parents.setdefault(name, [])
        if parent not in parents and parent != name:
            parents.append(parent)

    def add_variables(self, group: str, variables: Mapping[str, Any]) -> None:
        """Note what holds for every host of a group."""
        self._variables.setdefault(group, {}).update(_kept(variables))

    def add_host(self, name: str, group: str, variables: Mapping[str, Any], line: int) -> None:
        """Note a host in a group; a host may lie in several."""
        if len(self._own) >= HOSTS_LIMIT and name not in self._own:
            raise ConfigError(self._path, f"has more than {HOSTS_LIMIT} hosts", line=line)
        self._lines.setdefault(name, line)
        self._own.setdefault(name, {}).update(_kept(variables))
        groups = self._groups.setdefault(name, [])
        if group not in groups:
            groups.append(group)

    def hosts(self) -> Iterator[Host]:
        """Yield the hosts in the order of the file."""
        for name, own in self._own.items():
            levels = self._above(tuple(g for g in self._groups[name] if g != ALL) or (ALL,))
            variables: dict[str, Any] = {}
            for level in reversed(levels):
                for group in level:
                    variables.update(self._variables.get(group, {}))
            yield Host(name, {**variables, **own}, levels, self._lines[name])

    def _above(self, groups: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """Return groups, then their parents, and so on; each once, `all` last."""
        if groups not in self._levels:
            seen = {*groups, ALL}
            levels = [groups]
            while levels[-1]:
                parents = dict.fromkeys(p for g in levels[-1] for p in self._parents.get(g, ()))
                levels.append(tuple(p for p in parents if p not in seen))
                seen.update(levels[-1])
            last = [] if groups == (ALL,) else [(ALL,)]
            self._levels[groups] = (*levels[:-1], *last)
        return self._levels[groups]


def _kept(variables: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in variables.items() if name in VARIABLES}
