"""What a stored run saw of its targets' packages, and what the feeds say of them today."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from auditor.errors import ConfigError
from auditor.model.base import TargetId
from auditor.model.fact import Fact, Gap, Observation, Why
from auditor.model.feed import Feeds, Library
from auditor.model.inventory import Target, TargetKind
from auditor.model.result import Run
from auditor.patch.ecosystem import release_of
from auditor.patch.system import Installed
from auditor.patch.verdict import Verdict
from auditor.probe.base import Derivation, Unseen
from auditor.probe.patches_rulings import NEEDED, installed_of, rulings_of
from auditor.render.cyclonedx import Content, Package
from auditor.render.patches_v1 import Named
from auditor.render.verdicts_v1 import Told1
from auditor.report.patch import UNVISITED, Level, Word, level_of
from auditor.report.verdicts import Told, apart, judged, stored, unseen
from auditor.store import Store

Look = Callable[[TargetId], Iterable[Observation]]


class Seen(msgspec.Struct, frozen=True):
    """The chosen targets of a run; each method reads one target at a time."""

    run: Run
    city: str
    targets: tuple[Target, ...]
    look: Look

    def levels(self) -> Iterator[Named]:
        """Yield the targets that were asked for their patch level."""
        for target, _, level in self._each():
            yield target.id, target.opd, level

    def verdicts(self, home: Path) -> Iterator[Told1]:
        """Yield every verdict, judged anew by the feeds of a home folder."""
        library = _library(home)
        for target, observations, level in self._each():
            given = _given(self.run, target, observations, library)
            for told in _told(given, level):
                yield target.id, target.opd, told

    def contents(self, home: Path | None, most: int) -> Iterator[Content]:
        """Yield bills of materials, `most` of them; verdicts from the store where no home is."""
        library = _library(home) if home else None
        for number, (target, observations, level) in enumerate(self._each()):
            if number == most:
                return
            yield _content(self.run, target, observations, level, library)

    def _each(self) -> Iterator[tuple[Target, tuple[Observation, ...], Level]]:
        asked = False
        for target in self.targets:
            observations = tuple(self.look(target.id))
            level = level_of(observations)
            if level is None and not observations and target.kind is TargetKind.SERVER:
                level = Level(word=Word.UNSEEN, reason=UNVISITED)
            if level is not None:
                asked = True
                yield target, observations, level
        if not asked:
            raise ConfigError(
                "run",
                f"run {self.run.id} asked no chosen target for its patch level",
                hint="scan by a policy with the checks patch.*",
            )


def seen(store: Store, run: Run, names: tuple[str, ...]) -> Seen:
    """Return a run's targets, or those of them that are named; an unknown name is a mistake."""
    from auditor.cli.outcome import looking

    context = store.context(run.id)
    for name in names:
        if name not in context.targets:
            raise ConfigError("--target", f"run {run.id} has no {name!r}")
    return Seen(
        run=run,
        city=context.inventory.city.name,
        targets=tuple(
            target
            for target in context.inventory.targets
            if target.id in context.targets and (not names or target.id in names)
        ),
        look=looking(store, run),
    )


def _library(home: Path) -> Library:
    from auditor.cli.request import priorities
    from auditor.feeds import open_library

    return open_library(home, priorities(home))


def _given(
    run: Run, target: Target, observations: Iterable[Observation], library: Library | None
) -> Derivation:
    """Return what verdicts are made of, as of the run's time."""
    facts = {o.probe: o.value for o in observations if isinstance(o, Fact)}
    gaps = dict.fromkeys(NEEDED, (Why.NO_DATA, "not collected"))
    gaps |= {o.probe: (o.why, o.detail) for o in observations if isinstance(o, Gap)}
    feeds = library.of(*release_of(_texts(facts.get(NEEDED[0], {})))) if library else Feeds()
    return Derivation(target=target, facts=facts, gaps=gaps, feeds=feeds, now=run.started)


def _texts(value: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: part for name, part in value.items() if isinstance(part, str)}


def _told(given: Derivation, level: Level) -> Iterator[Told]:
    """Yield a target's verdicts; one line with the reason where nothing can be concluded."""
    try:
        yield from judged(rulings_of(given))
    except Unseen as gap:
        yield unseen(f"{gap.why}: {gap.detail}")
    yield from apart(level)


def _content(
    run: Run,
    target: Target,
    observations: Iterable[Observation],
    level: Level,
    library: Library | None,
) -> Content:
    given = _given(run, target, observations, library)
    os = _texts(given.facts.get(NEEDED[0], {}))
    reason = level.reason.en
    try:
        packages = tuple(_package(one, os.get("arch", "")) for one in installed_of(given))
    except Unseen as gap:
        packages, reason = (), f"{gap.why}: {gap.detail}"
    told = tuple(_told(given, level)) if library else tuple(stored(level))
    missing = next((one.note for one in told if one.verdict is Verdict.STALE_OR_MISSING_DATA), "")
    kernel = given.facts.get(NEEDED[2], {}).get("kernel_packages", ())
    return Content(
        target=target.id,
        distribution=os.get("id", ""),
        version=os.get("version", ""),
        packages=packages,
        told=told,
        kernel=frozenset(name.partition(":")[0] for name in kernel),
        kev=frozenset(cve for action in level.actions for cve in action.kev or ()),
        reason=reason or missing,
    )


def _package(one: Installed, arch: str) -> Package:
    """Return a package without what the probe wrote into its name."""
    name, _, foreign = one.name.partition(":")
    older = f"-{one.version.rpartition(':')[2]}"
    return Package(
        name=name.removesuffix(older),
        version=one.version,
        arch=foreign or arch,
        source=one.source or name,
    )
