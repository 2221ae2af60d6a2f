"""The law as data: the frameworks that ship, and those that policies name."""

from collections.abc import Iterable
from importlib.resources import as_file
from pathlib import Path

import msgspec

from auditor.errors import ConfigError
from auditor.load.decode import Written, decode
from auditor.load.hint import did_you_mean
from auditor.load.policies import SUFFIXES
from auditor.load.yaml import read_yaml
from auditor.model.policy import Framework, Policy
from auditor.model.reference import resolved
from auditor.resources import shipped


def load_frameworks(policies: Iterable[Policy]) -> tuple[Framework, ...]:
    """Return the frameworks that policies name, each once, in that order."""
    names = dict.fromkeys(name for policy in policies for name in policy.frameworks)
    return tuple(load_framework(name) for name in names)


def load_framework(name: str) -> Framework:
    """Return a shipped framework, or that of a file (its name ends in .yaml)."""
    return read_framework(name).value


def read_framework(name: str) -> Written[Framework]:
    """Return the same with its place."""
    if name.endswith(SUFFIXES):
        return _file(Path(name))
    if name not in shipped_frameworks():
        hint = did_you_mean(name, shipped_frameworks())
        raise ConfigError("frameworks", f"there is no framework {name!r}", hint=hint)
    with as_file(shipped("policies") / "frameworks" / f"{name}.yaml") as path:
        return _file(path)


def read_frameworks(policies: Iterable[Written[Policy]]) -> tuple[Written[Framework], ...]:
    """Return the frameworks that policies name; one that is missing points to its policy."""
    found: dict[str, Written[Framework]] = {}
    for policy in policies:
        for number, name in enumerate(policy.value.frameworks):
            if name in found:
                continue
            try:
                found[name] = read_framework(name)
            except ConfigError as error:
                if error.line:
                    raise
                at = ("frameworks", number)
                raise policy.mistake(at, error.problem, error.hint) from error
    return tuple(found.values())


def read_law(policies: Iterable[Written[Policy]] = ()) -> tuple[Written[Framework], ...]:
    """Return the frameworks that policies name, then every other that ships.

    A reference is good where any of them knows it, whether or not a policy reports on it.
    """
    named = read_frameworks(policies)
    ids = {one.value.id for one in named}
    return (*named, *(read_framework(name) for name in shipped_frameworks() if name not in ids))


def shipped_frameworks() -> tuple[str, ...]:
    """Return the names of the shipped frameworks."""
    names = (entry.name for entry in (shipped("policies") / "frameworks").iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in names if n.endswith(".yaml")))


def _file(path: Path) -> Written[Framework]:
    document = read_yaml(path)
    framework = decode(document, Framework)
    controls = tuple(
        msgspec.structs.replace(control, refs=tuple(map(resolved, control.refs)))
        for control in framework.controls
    )
    return Written(msgspec.structs.replace(framework, controls=controls), document)
