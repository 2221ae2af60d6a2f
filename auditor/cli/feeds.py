"""`auditor feeds`: fetch, verify and show the data that patch levels are judged by."""

from pathlib import Path

import click

from auditor.cli import options
from auditor.errors import ExitCode

RELEASES = ("bullseye", "bookworm", "trixie")


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
def update(
    home: Path, releases: tuple[str, ...], archs: tuple[str, ...], mirror: str, folder: Path | None
) -> int:
    """Fetch signed security indexes and keep those whose signature and hashes are good.

    A feed that fails keeps its old data with its old date; the command then exits 5.
    """
    from auditor.feeds.fetch import apt_proxy, fetch_suite, new_client, own_mirror, read_suite
    from auditor.feeds.keep import keep
    from auditor.feeds.verify import FeedError

    failed = 0
    base = "" if folder else (own_mirror() if mirror == "auto" else mirror)
    with new_client(apt_proxy() if mirror == "auto" else None) as client:
        for release in releases:
            for arch in archs:
                try:
                    index = (
                        read_suite(folder, release, arch)
                        if folder
                        else fetch_suite(base, release, arch, client=client)
                    )
                    keep(home, index)
                except FeedError as error:
                    failed += 1
                    click.echo(f"{release} {arch}: {error}", err=True)
                    continue
                signed = (
                    f"signed by {index.verified_by[-16:]}" if index.verified_by else "UNVERIFIED"
                )
                click.echo(
                    f"{index.suite} {arch}: {len(index.entries)} packages of "
                    f"{index.date:%Y-%m-%d %H:%M} UTC, {signed}"
                )
    return ExitCode.INCOMPLETE if failed else ExitCode.MET


@feeds.command(
    epilog="""\b
Example:
  auditor feeds status
"""
)
@options.home
def status(home: Path) -> None:
    """Show every feed that is held: how old by its own date, by whom it was signed."""
    from auditor.feeds import status as held

    rows = held(home)
    if not rows:
        click.echo("nothing is held: run `auditor feeds update`")
    for row in rows:
        age = options.now() - row.date
        word = "stale" if age.days > 7 else "ageing" if age.days > 3 else "fresh"  # noqa: PLR2004
        signed = row.verified_by[-16:] or "UNVERIFIED"
        click.echo(
            f"{row.name:<28} {row.date:%Y-%m-%d %H:%M} UTC  {age.days:>3} days  {word:<6} "
            f"{row.rows:>6} packages  {signed}"
        )
