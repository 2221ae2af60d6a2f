"""Policies by name or file, with those that they extend before them."""

from collections.abc import Iterator
from importlib.resources import as_file
from pathlib import Path

from auditor.errors import ConfigError
from auditor.load.decode import decode
from auditor.load.yaml import read_yaml
from auditor.model.policy import Policy
from auditor.resources import shipped


def load_policy(name: str) -> tuple[Policy, ...]:
    """Return the policies behind a name or a file, the one that was asked for last."""
    found: dict[str, Policy] = {}
    _add(name, found, ())
    return tuple(found.values())


def shipped_policies() -> tuple[str, ...]:
    """Return the names of the shipped policies."""
    return tuple(sorted(_shipped_names()))


def _shipped_names() -> Iterator[str]:
    for entry in shipped("policies").iterdir():
        if entry.is_file() and entry.name.endswith(".yaml"):
            yield entry.name.removesuffix(".yaml")


def _add(name: str, found: dict[str, Policy], above: tuple[str, ...]) -> None:
    if name in above:
        raise ConfigError(above[0], f"policies extend each other: {' → '.join((*above, name))}")
    policy = _read(name)
    for base in policy.extends:
        _add(base, found, (*above, name))
    found.setdefault(policy.id, policy)


def _read(name: str) -> Policy:
    if name in shipped_policies():
        with as_file(shipped("policies") / f"{name}.yaml") as path:
            return decode(read_yaml(path), Policy)
    if Path(name).suffix in (".yaml", ".yml"):
        return decode(read_yaml(Path(name)), Policy)
    raise ConfigError(
        "--policy", f"there is no policy {name!r}", hint=f"shipped: {', '.join(shipped_policies())}"
    )
