"""Policies by name or file, those that they extend before them."""

from importlib.resources import as_file
from pathlib import Path

import msgspec

from auditor.errors import ConfigError
from auditor.load.decode import Written, decode
from auditor.load.hint import did_you_mean
from auditor.load.yaml import read_yaml
from auditor.model.policy import Policy
from auditor.resources import shipped

SUFFIXES = (".yaml", ".yml")


def load_policy(name: str) -> tuple[Policy, ...]:
    """Return the policies behind a name or a file, the one that was asked for last."""
    return tuple(written.value for written in read_policy(name))


def read_policy(name: str) -> tuple[Written[Policy], ...]:
    """Return the same with their places.

    A name with the suffix .yaml is a file: relative to the working folder, in `extends` and
    `frameworks` relative to the policy that names it. Every other name is a shipped policy.
    """
    found: dict[Path, Written[Policy]] = {}
    _add(_read(name), found, ())
    return tuple(found.values())


def shipped_policies() -> tuple[str, ...]:
    """Return the names of the shipped policies."""
    names = (entry.name for entry in shipped("policies").iterdir() if entry.is_file())
    return tuple(sorted(n.removesuffix(".yaml") for n in names if n.endswith(".yaml")))


def _add(
    written: Written[Policy], found: dict[Path, Written[Policy]], above: tuple[Path, ...]
) -> None:
    """Put the policies that this one extends before it; each file once, however it is named."""
    here = _file_of(written)
    for number, base in enumerate(written.value.extends):
        below = _base(written, number, base)
        if _file_of(below) in (*above, here):
            problem = f"policies extend each other: {base!r} leads back here"
            raise written.mistake(("extends", number), problem)
        _add(below, found, (*above, here))
    if here in found:
        return
    for other in found.values():
        if other.value.id == written.value.id:
            problem = f"two policies have the id {written.value.id!r}"
            raise written.mistake(("id",), problem, f"the other is {other.document.path}")
    found[here] = written


def _base(written: Written[Policy], number: int, name: str) -> Written[Policy]:
    """Read a policy that another extends; one that is missing points to the other."""
    try:
        return _read(_beside(name, written.document.path))
    except ConfigError as error:
        if error.line:
            raise
        raise written.mistake(("extends", number), error.problem, error.hint) from error


def _file_of(written: Written[Policy]) -> Path:
    return Path(written.document.path).resolve()


def _beside(name: str, path: str) -> str:
    """Return a file name as seen from the folder of the policy at `path`."""
    return str(Path(path).parent / name) if name.endswith(SUFFIXES) else name


def _read(name: str) -> Written[Policy]:
    if name.endswith(SUFFIXES):
        return _file(Path(name))
    if name not in shipped_policies():
        hint = did_you_mean(name, shipped_policies())
        raise ConfigError("--policy", f"there is no policy {name!r}", hint=hint)
    with as_file(shipped("policies") / f"{name}.yaml") as path:
        return _file(path)


def _file(path: Path) -> Written[Policy]:
    document = read_yaml(path)
    policy = decode(document, Policy)
    frameworks = tuple(_beside(name, str(path)) for name in policy.frameworks)
    return Written(msgspec.structs.replace(policy, frameworks=frameworks), document)
