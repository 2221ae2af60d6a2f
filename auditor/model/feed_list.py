"""The list of feeds: what the auditor fetches, from where, within which bounds."""

from typing import Annotated, Literal

import msgspec

from auditor.model.base import Value
from auditor.model.feed import FeedKind

Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}\Z")]
Template = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Distribution = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9._-]{1,40}\Z")]
AUTO = "auto"


class Archive(Value, frozen=True):
    """A distribution's archive of signed suites, as apt knows them."""

    distribution: Literal["debian", "ubuntu"]
    mirror: str = AUTO
    """Base address that has `dists/`; `auto`: as this machine's own apt."""
    security: str = AUTO
    """The same for the security suites."""
    suites: tuple[Template, ...] = ("{release}-security", "{release}-updates", "{release}")
    components: tuple[Name, ...] = ("main",)
    keyring: str = ""
    """File of the keys that may sign."""


class Source(Value, frozen=True):
    """A feed of files that a site publishes."""

    name: Name
    kind: FeedKind
    source: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}\Z")]
    """Which reader understands it."""
    urls: Annotated[tuple[Template, ...], msgspec.Meta(max_length=20)] = ()
    """May hold {release}, {version} (by number, "12"), {arch}, {mirror}.

    With a release in it, one file a release, else one for all. An address that ends with
    repomd.xml stands for the list of updates that the repository names, one that ends with
    _latest.txt for the file that it names; deb:NAME is a package of the release's archive.
    None: only copies from a folder.
    """
    distributions: tuple[Distribution, ...] = ()
    """IDs of os-release that its rows are of; empty: of no distribution."""
    mirror: str = ""
    """Base address for {mirror}."""
    megabytes: Annotated[int, msgspec.Meta(ge=1, le=8192)] = 100
    """No file may be larger."""
    minutes: Annotated[int, msgspec.Meta(ge=1, le=240)] = 10
    """No file may take longer."""
    files: tuple[Template, ...] = ()
    """Names that its file may have in a folder (`--from`); * stands for anything.

    Of a feed with several addresses, one name for the file of each: all must be there.
    """

    @property
    def in_parts(self) -> bool:
        """Whether it consists of several files, none of which may be missing."""
        return len(self.urls) > 1

    @property
    def by_release(self) -> bool:
        """Whether its rows are of releases, each of which is a feed of its own."""
        return self.kind in (FeedKind.ADVISORIES, FeedKind.SUPPORT)


class FeedList(Value, frozen=True):
    """All feeds; `proxy` is used for what has no other, empty: what the environment says."""

    archives: tuple[Archive, ...] = ()
    feeds: tuple[Source, ...] = ()
    proxy: str = ""
