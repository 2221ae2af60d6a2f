"""The law as data: the frameworks that policies name."""

from collections.abc import Iterable
from importlib.resources import as_file

from auditor.errors import ConfigError
from auditor.load.decode import decode
from auditor.load.yaml import read_yaml
from auditor.model.policy import Framework, Policy
from auditor.resources import shipped


def load_frameworks(policies: Iterable[Policy]) -> tuple[Framework, ...]:
    """Return the frameworks that policies name, each once, in that order."""
    names = dict.fromkeys(name for policy in policies for name in policy.frameworks)
    return tuple(load_framework(name) for name in names)


def load_framework(name: str) -> Framework:
    """Return a shipped framework."""
    source = shipped("policies") / "frameworks" / f"{name}.yaml"
    if not source.is_file():
        raise ConfigError("frameworks", f"there is no framework {name!r}")
    with as_file(source) as path:
        return decode(read_yaml(path), Framework)
