"""Which systems feeds are needed for: those of the last run, or those that are named."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import ConfigError

if TYPE_CHECKING:
    from auditor.feeds.readers import System

RELEASES = ("bullseye", "bookworm", "trixie")
"""Where no run has been and nothing is named."""


def systems(names: tuple[str, ...], home: Path, store_url: str | None) -> tuple["System", ...]:
    """Return (distribution, release) of what is named, else of the last run's targets."""
    if names:
        return tuple(dict.fromkeys(map(_named, names)))
    return seen_systems(home, store_url) or tuple(map(_named, RELEASES))


def _named(name: str) -> "System":
    from auditor.feeds.releases import shipped_releases
    from auditor.load.hint import did_you_mean
    from auditor.patch.ecosystem import family

    distribution, colon, release = name.partition(":")
    if colon:
        if family(distribution) is None or not release:
            raise ConfigError("--release", f"{name!r}: updates of it are not judged")
        return distribution, release
    codenames = {r.codename: r.distribution for r in shipped_releases() if r.codename}
    if name not in codenames:
        hint = did_you_mean(name, codenames) or "write a codename, or as in almalinux:9"
        raise ConfigError("--release", f"no release is called {name!r}", hint=hint)
    return codenames[name], name


def seen_systems(home: Path, store_url: str | None) -> tuple["System", ...]:
    """Return the systems that the last run saw, in order; none where nothing was kept yet."""
    from auditor.store import FILE, open_store

    if store_url is None and not (home / FILE).exists():
        return ()
    found: set[System] = set()
    with open_store(store_url or home, lock=False) as store:
        for run in store.runs()[:1]:
            for target in store.context(run.id).targets:
                found.update(
                    _system(o.value)
                    for o in store.observations(run.id, target)
                    if o.probe.partition("{")[0] == "os" and hasattr(o, "value")
                )
    return tuple(sorted(system for system in found if all(system)))


def _system(os: Any) -> "System":
    from auditor.patch.ecosystem import family, release_of

    texts = {name: os.get(name) for name in ("id", "version", "codename")}
    system = release_of({name: text for name, text in texts.items() if isinstance(text, str)})
    return system if family(system[0]) else ("", "")
