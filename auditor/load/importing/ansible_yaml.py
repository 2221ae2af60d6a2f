"""Ansible's YAML inventory: groups with hosts, children and vars."""

from collections.abc import Mapping
from typing import Any

from auditor.load.importing.groups import ALL, Groups
from auditor.load.yaml import Document, Steps, parse_yaml

_KEYS = ("hosts", "children", "vars")


def read_groups(text: str, path: str) -> Groups:
    """Read an inventory; raises `ConfigError` where it is none."""
    document = parse_yaml(text, path, tags=True)
    groups = Groups(path)
    for name, body in _mapping(document, (), document.value).items():
        _group(document, groups, (name,), ALL, body)
    return groups


def _group(document: Document, groups: Groups, at: Steps, parent: str, body: Any) -> None:
    name = str(at[-1])
    groups.add_group(name, parent)
    written = _mapping(document, at, body)
    for key in written:
        if key not in _KEYS:
            hint = "a group holds hosts, children and vars"
            raise document.mistake((*at, key), f"group {name}: unknown key {key!r}", hint)
    groups.add_variables(name, _mapping(document, (*at, "vars"), written.get("vars")))
    hosts = _mapping(document, (*at, "hosts"), written.get("hosts"))
    for host, variables in hosts.items():
        here = (*at, "hosts", host)
        line, _ = document.place(here)
        groups.add_host(host, name, _mapping(document, here, variables), line)
    children = _mapping(document, (*at, "children"), written.get("children"))
    for child, inner in children.items():
        _group(document, groups, (*at, "children", child), name, inner)


def _mapping(document: Document, at: Steps, value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        what = f"{at[-1]} is" if at else "an Ansible inventory is"
        raise document.mistake(at, f"{what} a mapping", "write `name:` on a line of its own")
    return value
