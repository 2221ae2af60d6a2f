"""`auditor feeds`: fetch, verify and show the data that patch levels are judged by."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options
from auditor.errors import ExitCode
from auditor.model.feed import freshness

if TYPE_CHECKING:
    from auditor.feeds.update import Outcome

RELEASES = ("bullseye", "bookworm", "trixie")
_ROW = "{:<28} {:<17} {:>5}  {:<6}  {:<17} {:<17} {:>8}"


@click.group()
def feeds() -> None:
    """Update and show the data that patch levels are judged by."""


@feeds.command(
    epilog="""\b
Examples:
  auditor feeds update                               Debian's security indexes, from apt's mirror
  auditor feeds update --release bookworm --arch arm64
  auditor feeds update --from /media/usb/indexes     verified copies, without a network
"""
)
@options.home
@click.option("--release", "releases", multiple=True, default=RELEASES, help="Debian codename.")
@click.option("--arch", "archs", multiple=True, default=("amd64",), help="Debian architecture.")
@click.option(
    "--mirror", default="auto", show_default=True, help="Base address; auto: as apt does."
)
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with CODENAME-security.InRelease and .Packages.xz.",
)
@click.option(
    "--keyring",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Keys that may sign, as gpgv reads them; default: Debian's archive keyring.",
)
@click.option(
    "--trust-unverified", "trust", is_flag=True, help="Believe what no key could be checked of."
)
def update(  # noqa: PLR0913 - one for each option
    *,
    home: Path,
    releases: tuple[str, ...],
    archs: tuple[str, ...],
    mirror: str,
    folder: Path | None,
    keyring: Path | None,
    trust: bool,
) -> int:
    """Fetch signed security indexes and keep those whose signature and hashes are good.

    A feed that fails keeps its old data with its old date; the command then exits 5. So it does
    where no signature can be checked (gpgv or the keyring is missing).
    """
    from auditor.feeds.apt import Mirror, own_mirror
    from auditor.feeds.fetch import Wanted
    from auditor.feeds.releases import shipped_releases
    from auditor.feeds.update import load_directory
    from auditor.feeds.update import update as fetch
    from auditor.feeds.verify import KEYRING

    keys = keyring or KEYRING
    wanted = [Wanted(release=release, arch=arch) for release in releases for arch in archs]
    if folder:
        outcomes = load_directory(
            home, folder, wanted, now=options.now(), keyring=keys, trust=trust
        )
    else:
        known = {r.codename for r in shipped_releases() if r.distribution == "debian"}
        place = own_mirror(known) if mirror == "auto" else Mirror(base=mirror)
        outcomes = fetch(home, place, wanted, now=options.now(), keyring=keys, trust=trust)
    return _told(outcomes)


def _told(outcomes: Iterable["Outcome"]) -> int:
    """Print what became of each feed, the exit code in words last."""
    failed = []
    for outcome in outcomes:
        index = outcome.index
        if index is None:
            click.echo(f"{outcome.name}: {outcome.problem}", err=True)
            failed.append(outcome.name)
            continue
        if not index.believed:
            mend = "install gpgv and debian-archive-keyring, or name a --keyring"
            click.echo(f"{outcome.name}: its signature could not be checked: {mend}", err=True)
            failed.append(outcome.name)
        fresh = freshness(index.date, index.valid_until, options.now())
        click.echo(
            f"{index.name}: {len(index.entries)} packages of {index.date:%Y-%m-%d %H:%M} UTC, "
            f"{fresh}, {_signed(index.verified_by, trusted=index.trusted)}"
        )
    if failed:
        click.echo(f"exit 5: incomplete: {', '.join(failed)}", err=True)
        return ExitCode.INCOMPLETE
    click.echo("exit 0: every feed is up to date", err=True)
    return ExitCode.MET


def _signed(fingerprint: str, *, trusted: bool) -> str:
    if fingerprint:
        return f"signed by {fingerprint[-16:]}"
    return "unverified, trusted" if trusted else "unverified"


@feeds.command(
    epilog="""\b
Example:
  auditor feeds status
"""
)
@options.home
def status(home: Path) -> None:
    """Show every feed that is held: how old by its own date, by whom it was signed.

    fresh: up to 3 days; ageing: up to 7; stale: older, or past the date that it names itself.
    A stale index still proves what is missing, but never that nothing is.
    """
    from auditor.feeds.keep import damage
    from auditor.feeds.keep import status as held

    if wrong := damage(home):
        click.echo(f"{wrong}; the generation before serves: run `auditor feeds update`", err=True)
    rows = held(home)
    if not rows:
        click.echo("nothing is held: run `auditor feeds update`")
        return
    click.echo(
        _ROW.format("feed", "as of (UTC)", "days", "state", "fetched", "signed by", "packages")
    )
    for row in rows:
        now = options.now()
        signed = row.verified_by[-16:] or _signed("", trusted=row.trusted)
        fetched = f"{row.fetched:%Y-%m-%d %H:%M}" if row.fetched else "-"
        state = freshness(row.date, row.valid_until, now)
        click.echo(
            _ROW.format(
                row.name,
                f"{row.date:%Y-%m-%d %H:%M}",
                (now - row.date).days,
                state,
                fetched,
                signed,
                row.rows,
            )
        )
