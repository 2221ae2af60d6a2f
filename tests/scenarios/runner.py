"""Run a scenario and judge its target by the shipped check, through the real script and parsers."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec

from auditor.bind import BoundCheck
from auditor.collect.visit import observations
from auditor.errors import ConfigError
from auditor.evaluate import evaluate
from auditor.examples import ORDINARY
from auditor.feeds.releases import shipped_releases
from auditor.load.checks import load_checks
from auditor.load.yaml import parse_yaml
from auditor.model.base import CheckId
from auditor.model.check import Check
from auditor.model.fact import Json, Why
from auditor.model.feed import Feeds
from auditor.model.inventory import Target
from auditor.model.result import Result, Status
from auditor.plan import Chosen, _expand, bind
from auditor.probe.base import Via
from auditor.probe.catalogue import CATALOGUE
from auditor.probe.script import compile_script, new_nonce, read_frames
from auditor.verdict import join
from tests.scenarios.stage import Stage

HERE = Path(__file__).parent
VERDICTS = ("pass", "fail", "not_applicable")
_NAME = re.compile(rf"(?P<case>.+)\.(?P<verdict>{'|'.join(VERDICTS)})\.sh")
_HEADER = re.compile(r"#\s*(params|packages|target)\s*[:=]\s*(.*)")


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """A script, the check that it is about and the verdict that its name demands."""

    name: str
    check: str
    verdict: Status
    script: str
    params: Mapping[str, Json]
    packages: tuple[str, ...]
    target: Mapping[str, Json]

    @property
    def shell(self) -> str:
        """The shell that its first line asks for."""
        return "bash" if self.script.startswith("#!") and "bash" in self.script[:40] else "sh"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; `result` is None where the script itself failed."""

    scenario: Scenario
    result: Result | None
    said: str

    @property
    def right(self) -> bool:
        """Whether the verdict is the one of the script's name."""
        return self.result is not None and self.result.status is self.scenario.verdict

    @property
    def words(self) -> str:
        """What was found and why, in English."""
        if self.result is None:
            return f"the script failed: {self.said.strip()[-600:]}"
        reasons = "; ".join(reason.message.en for reason in self.result.reasons)
        return f"{self.result.status}, not {self.scenario.verdict}: {reasons}"


def scenarios(folder: Path) -> Iterator[Path]:
    """Yield the scripts below a folder, in the order of their names."""
    yield from sorted(path for path in folder.glob("*/*.sh") if _NAME.fullmatch(path.name))


def read_scenario(
    path: Path, check: str = "", params: Mapping[str, Json] | None = None
) -> Scenario:
    """Read a script with its header; without `check` the folder's name is the check's id."""
    named = _NAME.fullmatch(path.name)
    if named is None:
        raise ConfigError(str(path), f"is not named CASE.({'|'.join(VERDICTS)}).sh")
    script = path.read_text(encoding="utf-8")
    header = {
        match[1]: match[2] for line in script.splitlines() if (match := _HEADER.fullmatch(line))
    }
    return Scenario(
        name=f"{path.parent.name}/{named['case']}.{named['verdict']}",
        check=check or path.parent.name,
        verdict=Status(named["verdict"]),
        script=script,
        params={**(params or {}), **_mapping(header.get("params", "{}"), path)},
        packages=tuple(part.strip() for part in header.get("packages", "").split(",") if part),
        target=_mapping(header.get("target", "{}"), path),
    )


def _mapping(text: str, path: Path) -> dict[str, Json]:
    value = parse_yaml(text, str(path)).value
    if not isinstance(value, dict):
        raise ConfigError(str(path), f"{text!r} is no mapping: write # params: {{name: value}}")
    return value


@cache
def _checks() -> Mapping[CheckId, Check]:
    return load_checks()


def known(name: str) -> bool:
    """Whether there is a check of that name."""
    return name in _checks()


@cache
def _feeds() -> Feeds:
    return Feeds(releases=shipped_releases())


def run(scenario: Scenario, stage: Stage, *, strict: bool = True) -> Verdict:
    """Play the script in a fresh target, ask the check's probes there, and judge."""
    bound, target = _bound(scenario)
    probes = _expand((bound,))
    asked = tuple(probe for probe in probes if probe.type.via is Via.SSH)
    script = compile_script(asked, new_nonce())
    played = stage.play(
        scenario.script,
        script.text,
        packages="".join(_paragraph(p) for p in scenario.packages if p not in _installed()),
        shell=scenario.shell,
        strict=strict,
    )
    if played.failed:
        return Verdict(scenario=scenario, result=None, said=played.said)
    now = datetime.now(UTC)
    frames = read_frames(played.output, script.nonce, script.sections)
    ended = (Why.INTERRUPTED, "the script ended early")
    seen = {o.probe: o for o in observations(target.id, asked, frames, now, ended)}
    derived = tuple(probe for probe in probes if probe.type.via is Via.DERIVED)
    joined = join(target, derived, seen, _feeds(), now)
    result = evaluate(bound, target.id, joined, now)
    return Verdict(scenario=scenario, result=result, said=played.said)


def _bound(scenario: Scenario) -> tuple[BoundCheck, Target]:
    check = _checks().get(CheckId(scenario.check))
    if check is None:
        raise ConfigError(scenario.name, f"there is no check {scenario.check!r}")
    fields = {**msgspec.to_builtins(ORDINARY), "local": True, **scenario.target}
    target = msgspec.convert(fields, Target)
    chosen = Chosen(check=check.id, params=scenario.params, severity=None)
    return bind(check, chosen, target, CATALOGUE), target


@cache
def _installed() -> frozenset[str]:
    """Return what this machine has installed: those need no pretending."""
    status = Path("/var/lib/dpkg/status").read_text(encoding="utf-8")
    paragraphs = (part for part in status.split("\n\n") if "\nStatus: install ok installed" in part)
    return frozenset(part.partition("\n")[0].removeprefix("Package: ") for part in paragraphs)


def _paragraph(name: str) -> str:
    """Return what dpkg's status says of an installed package; `name=version` gives a version."""
    package, _, version = name.partition("=")
    return (
        f"\nPackage: {package}\nStatus: install ok installed\nPriority: optional\n"
        f"Section: misc\nInstalled-Size: 1\nMaintainer: nobody <nobody@example.org>\n"
        f"Architecture: all\nVersion: {version or '1.0-1'}\nDescription: pretended\n"
    )
