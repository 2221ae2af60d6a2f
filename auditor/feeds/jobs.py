"""What is to be fetched: the list of feeds, for the systems that are audited."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from auditor.feeds.readers import System
from auditor.feeds.releases import shipped_releases
from auditor.feeds.verify import KEYRING
from auditor.model.base import Value
from auditor.model.feed_list import Archive, FeedList, Source
from auditor.patch.ecosystem import Family, family

_ARCHS: Mapping[str, str] = {"amd64": "x86_64", "arm64": "aarch64", "i386": "i686"}
_UNRELEASED = ("debian", "sid")
"""Debian's list of what is not released yet: backports are judged by it."""
PACKAGE = "deb:"
"""How an address begins that names a package of the release's own archive."""


class Suite(Value, frozen=True):
    """A suite of an archive to get, for one architecture."""

    distribution: str
    release: str
    suite: str
    arch: str
    components: tuple[str, ...] = ("main",)
    keyring: Path = KEYRING
    mirror: str = ""

    @property
    def name(self) -> str:
        """Name of the feed, as in `SuiteIndex`."""
        return f"{self.suite} {self.arch}"

    @property
    def security(self) -> bool:
        """Whether it is where security updates come first."""
        return self.suite.endswith("-security")


class Files(Value, frozen=True):
    """The files of a feed to get; `covers` are the systems that its rows are wanted of."""

    source: Source
    urls: tuple[str, ...]
    covers: tuple[System, ...]
    release: str = ""
    """Empty: one file for all releases."""
    problem: str = ""
    """Why it cannot be got."""

    @property
    def name(self) -> str:
        """Name of the feed, for people: of one release, with it."""
        return f"{self.source.name} {self.release}".rstrip()

    def feed_name(self, system: System) -> str:
        """Return the name of the feed that a system's rows belong to."""
        if not self.source.by_release:
            return self.source.name
        return f"{self.source.name} {_told(self.source, system)}"

    @property
    def feed_names(self) -> tuple[str, ...]:
        """Return the names of all feeds that these files may fill."""
        if not self.source.by_release:
            return (self.source.name,)
        return tuple(dict.fromkeys(self.feed_name(system) for system in self.covers))


def suites(feeds: FeedList, systems: Collection[System], archs: Iterable[str]) -> Iterator[Suite]:
    """Yield the suites of all systems, release by release."""
    for archive in feeds.archives:
        for distribution, release in systems:
            if distribution == archive.distribution:
                for template in archive.suites:
                    for arch in archs:
                        yield _suite(archive, release, template.format(release=release), arch)


def _suite(archive: Archive, release: str, suite: str, arch: str) -> Suite:
    return Suite(
        distribution=archive.distribution,
        release=release,
        suite=suite,
        arch=arch,
        components=archive.components,
        keyring=Path(archive.keyring) if archive.keyring else KEYRING,
        mirror=archive.security if suite.endswith("-security") else archive.mirror,
    )


def files(feeds: FeedList, systems: Collection[System], archs: Iterable[str]) -> Iterator[Files]:
    """Yield the files of all feeds that any of the systems needs."""
    for source in feeds.feeds:
        fitting = [s for s in systems if not source.distributions or s[0] in source.distributions]
        if not fitting and source.distributions:
            continue
        if any(map(_is_of_release, source.urls)):
            for system in fitting:
                yield _files(source, (system,), system, archs)
        else:
            yield _files(source, _widened(fitting), ("", ""), archs)


def _widened(systems: list[System]) -> tuple[System, ...]:
    has_debian = any(distribution == "debian" for distribution, _ in systems)
    return (*systems, _UNRELEASED) if has_debian else tuple(systems)


def _is_of_release(url: str) -> bool:
    return url.startswith(PACKAGE) or "{release}" in url or "{version}" in url


def _files(
    source: Source, covers: tuple[System, ...], system: System, archs: Iterable[str]
) -> Files:
    problem = ""
    if not source.mirror and any("{mirror}" in url for url in source.urls):
        problem = "no mirror is named for it"
    distribution, release = system
    names = {
        "release": release,
        "version": _version(distribution, release),
        "mirror": source.mirror.rstrip("/"),
    }
    urls = dict.fromkeys(
        url.format(**names, arch=_arch(distribution, arch)) for url in source.urls for arch in archs
    )
    return Files(
        source=source,
        urls=tuple(urls),
        covers=covers,
        release=_told(source, system),
        problem=problem,
    )


def _told(source: Source, system: System) -> str:
    """Return what a release is called in names of feeds: with its distribution where in doubt."""
    return ":".join(system) if system[1] and len(source.distributions) > 1 else system[1]


def _arch(distribution: str, arch: str) -> str:
    return arch if family(distribution) is Family.DEB else _ARCHS.get(arch, arch)


def _version(distribution: str, release: str) -> str:
    found = (
        r.version
        for r in shipped_releases()
        if (r.distribution, r.codename) == (distribution, release)
    )
    return next(found, release)
