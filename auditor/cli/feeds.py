"""`auditor feeds`: fetch, verify, show and carry the data that patch levels are judged by."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from auditor.cli import options
from auditor.cli.feeds_bundle import export, import_
from auditor.cli.feeds_wanted import RELEASES, systems
from auditor.errors import ConfigError, ExitCode
from auditor.model.feed import Feed, FeedKind, Trust
from auditor.model.feed_list import FeedList

if TYPE_CHECKING:
    from auditor.feeds import Held
    from auditor.feeds.arrivals import Outcome

OWN = "feeds.yaml"
"""An operator's own list, in the home folder."""
_ROW = "{:<34} {:<10} {:<17} {:<16} {:>5}  {:<7} {:<9} {:>7}  {}"


@click.group()
def feeds() -> None:
    """Update, show and carry the data that patch levels are judged by."""


feeds.add_command(export)
feeds.add_command(import_)


@feeds.command(
    epilog="""\b
Examples:
  auditor feeds update                               for the systems that the last run saw
  auditor feeds update --release bookworm --release almalinux:9
  auditor feeds update --feed kev --feed epss        only these
  auditor feeds update --from /media/usb/copies      copies, without a network
"""
)
@options.home
@options.store
@click.option(
    "--feeds",
    "list_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"List of feeds; default: {OWN} in the home folder, else the shipped one.",
)
@click.option("--feed", "only", multiple=True, metavar="NAME", help="Only these feeds or suites.")
@click.option(
    "--release",
    "releases",
    multiple=True,
    metavar="NAME",
    help="Codename, or as in almalinux:9; default: what the last run saw, "
    f"else {', '.join(RELEASES)}.",
)
@click.option("--arch", "archs", multiple=True, default=("amd64",), help="As Debian names it.")
@click.option("--mirror", help="Base address of Debian's security archive; auto: as apt does.")
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with copies in place of the network: SUITE.InRelease, SUITE.Packages.xz, files.",
)
@click.option(
    "--keyring",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Keys that may sign suites, as gpgv reads them; default: those of the list.",
)
@click.option("--trust-unverified", "trust", is_flag=True, help="Believe what nothing vouches for.")
@click.option(
    "--accept",
    multiple=True,
    metavar="FEED",
    help="Take this one over though it lost rows, lacks a component or is older.",
)
def update(  # noqa: PLR0913 - one for each option
    *,
    home: Path,
    store_url: str | None,
    list_path: Path | None,
    only: tuple[str, ...],
    releases: tuple[str, ...],
    archs: tuple[str, ...],
    mirror: str | None,
    folder: Path | None,
    keyring: Path | None,
    trust: bool,
    accept: tuple[str, ...],
) -> int:
    """Fetch what the audited systems need and keep what may be believed.

    Suites are verified by their distributor's signature, other feeds come over TLS. A feed that
    fails, has lost a fifth of its rows, lacks a component or is older than the one that is held
    keeps its old data with its old date; the command then exits 5. So it does where no signature
    can be checked.
    """
    from auditor.feeds.update import Order
    from auditor.feeds.update import update as bring

    order = Order(
        feeds=_told(_list(home, list_path), mirror, keyring),
        systems=systems(releases, home, store_url),
        archs=archs,
        only=only,
        folder=folder,
        trust=trust,
        accept=accept,
    )
    if not order.jobs():
        hint = "see the names in the list of feeds, and --release"
        raise ConfigError("--feed", "nothing of that name is to be fetched", hint=hint)
    now = options.now()
    came = bring(home, order, now)
    if not came:
        hint = "see `files` of each feed in the list of feeds: the names of copies"
        raise ConfigError(str(folder), "holds no file of what is to be updated", hint=hint)
    return _say(came, now)


def _list(home: Path, path: Path | None) -> FeedList:
    from auditor.feeds.readers import READERS
    from auditor.load.feed_list import load_feed_list

    own = home / OWN
    return load_feed_list(READERS, path or (own if own.exists() else None))


def _told(feeds: FeedList, mirror: str | None, keyring: Path | None) -> FeedList:
    """Put what the options say in the place of what the list says."""
    from auditor.load.feed_list import is_address

    if mirror not in (None, "auto") and not is_address(str(mirror)):
        hint = "http://… or https://…, or auto"
        raise ConfigError("--mirror", f"{mirror!r} is no address", hint=hint)
    archives = []
    for archive in feeds.archives:
        if mirror is not None and archive.distribution == "debian":
            archive = msgspec.structs.replace(archive, security=mirror)  # noqa: PLW2901
        if keyring is not None:
            archive = msgspec.structs.replace(archive, keyring=str(keyring))  # noqa: PLW2901
        archives.append(archive)
    return msgspec.structs.replace(feeds, archives=tuple(archives))


def _say(outcomes: Sequence["Outcome"], now: datetime) -> int:
    """Print what became of each feed, the exit code in words last."""
    failed = []
    for outcome in outcomes:
        feed = outcome.feed
        if feed is None:
            failed.append(outcome.name)
            _complain(outcome.name, outcome.problem, outcome.hint)
            continue
        if feed.trust is Trust.NONE:
            failed.append(outcome.name)
            _complain(feed.name, *_doubt(feed))
        note = f"; {outcome.note}" if outcome.note else ""
        click.echo(
            f"{feed.name}: {feed.rows} {_things(feed)} of {feed.date:%Y-%m-%d %H:%M} UTC, "
            f"{feed.freshness(now)}, {_trust(feed)}{note}"
        )
    if failed:
        click.echo(f"exit 5: incomplete: {', '.join(failed)}", err=True)
        return ExitCode.INCOMPLETE
    click.echo("exit 0: every feed is up to date", err=True)
    return ExitCode.MET


def _complain(name: str, problem: str, hint: str) -> None:
    click.echo(f"{name}: {problem}" + (f" ({hint})" if hint else ""), err=True)


def _doubt(feed: Feed) -> tuple[str, str]:
    if feed.kind in (FeedKind.SUITE, FeedKind.PACKAGES):
        keys = "ubuntu-keyring" if feed.distribution == "ubuntu" else "debian-archive-keyring"
        return (
            "its signature could not be checked",
            f"install gpgv and {keys}, or name a --keyring",
        )
    return (
        "nothing vouches for it: it came from a folder or without TLS",
        "fetch it by https, import a signed bundle, or say --trust-unverified",
    )


def _things(feed: Feed) -> str:
    return "packages" if feed.kind in (FeedKind.SUITE, FeedKind.PACKAGES) else "rows"


def _trust(feed: Feed) -> str:
    match feed.trust:
        case Trust.SIGNED:
            return f"signed by {feed.verified_by[-16:]}"
        case Trust.BUNDLE:
            return "by a bundle"
        case Trust.TLS:
            return "by TLS"
        case Trust.OPERATOR:
            return "unverified, trusted"
        case Trust.NONE:
            return "unverified"


@feeds.command(
    epilog="""\b
Examples:
  auditor feeds status
  auditor feeds status --json
"""
)
@options.home
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def status(home: Path, *, as_json: bool) -> None:
    """Show every feed that is held: how old by its own date, on whose word.

    A feed is fresh, ageing or stale by its own date: a suite ages from 3 days on and is stale from
    7, advisories from 3 and 14, KEV from 3 and 10; a suite is stale, too, past the date that it
    names itself. What is stale still proves what is missing, but never that nothing is.
    """
    from auditor.feeds.keep import damage
    from auditor.feeds.keep import status as held_in

    if wrong := damage(home):
        click.echo(f"{wrong}; the generation before serves: run `auditor feeds update`", err=True)
    held, now = held_in(home), options.now()
    if as_json:
        click.echo(_json(held, now))
        return
    if not held.feeds:
        click.echo("nothing is held: run `auditor feeds update`")
        return
    heads = ("feed", "kind", "release", "as of (UTC)", "days", "state", "trust", "rows", "by")
    click.echo(_ROW.format(*heads))
    for feed in held.feeds:
        click.echo(_ROW.format(*_cells(feed, now)).rstrip())
    if held.bundle and any(feed.trust is Trust.BUNDLE for feed in held.feeds):
        bundle = held.bundle
        click.echo(
            f"imported bundle of {bundle.date:%Y-%m-%d %H:%M} UTC, signed by {bundle.key}, "
            f"on {bundle.imported:%Y-%m-%d}"
        )


def _cells(feed: Feed, now: datetime) -> tuple[str | int, ...]:
    return (
        feed.name,
        feed.kind,
        f"{feed.distribution} {feed.release}".strip() or "-",
        f"{feed.date:%Y-%m-%d %H:%M}",
        (now - feed.date).days,
        feed.freshness(now),
        feed.trust,
        feed.rows,
        feed.verified_by[-16:],
    )


def _json(held: "Held", now: datetime) -> str:
    told = msgspec.to_builtins(held)
    for row, feed in zip(told["feeds"], held.feeds, strict=True):
        row["age_days"] = (now - feed.date).days
        row["state"] = feed.freshness(now)
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()
