"""`auditor feeds export` and `import`: feeds for a machine without a network."""

from pathlib import Path

import click

from auditor.cli import options
from auditor.errors import ExitCode


@click.command(
    epilog="""\b
Example:
  auditor feeds export feeds.tar --key ~/.ssh/id_ed25519
"""
)
@options.home
@click.argument("bundle", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Private key of OpenSSH that signs the bundle.",
)
def export(home: Path, bundle: Path, key: Path | None) -> None:
    """Write all feeds that are held into BUNDLE, signed, for a machine without a network.

    Without --key it is not signed: sign its SHA256SUMS with `ssh-keygen -Y sign -n auditor-feeds`
    and add SHA256SUMS.sig, or nobody can import it.
    """
    from auditor.feeds.bundle import export_bundle

    held = export_bundle(home, bundle, key)
    signed = "signed" if key else "NOT signed: it cannot be imported like this (see --key)"
    click.echo(f"{bundle}: {len(held.feeds)} feeds, {signed}")


@click.command(
    "import",
    epilog="""\b
Example:
  auditor feeds import feeds.tar --allowed-signers signers

\b
A line of the file of signers (see ALLOWED SIGNERS in ssh-keygen(1)):
  budi@kota.go.id namespaces="auditor-feeds" ssh-ed25519 AAAA...
""",
)
@options.home
@click.argument("bundle", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--allowed-signers",
    "signers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Keys that may sign bundles, as ssh-keygen reads them.",
)
@click.option("--allow-older", is_flag=True, help="Take it even where it is older or a loss.")
def import_(home: Path, bundle: Path, signers: Path, *, allow_older: bool) -> int:
    """Verify BUNDLE and hold its feeds in place of those that are held.

    Its signature is checked before anything in it is opened. What it brings is believed on the
    word of its signer. A bundle that is older than what is held, lacks a feed or a fifth of its
    rows, or brings an unbelieved one in place of a believed one, is refused.
    """
    from auditor.feeds.bundle import import_bundle
    from auditor.feeds.errors import FeedError

    try:
        held = import_bundle(home, bundle, signers, options.now(), allow_older=allow_older)
    except FeedError as error:
        click.echo(f"{error}" + (f" ({error.hint})" if error.hint else ""), err=True)
        click.echo("exit 5: the bundle is refused; what was held stays", err=True)
        return ExitCode.INCOMPLETE
    brought = held.bundle
    assert brought is not None  # noqa: S101 - an import notes it
    click.echo(
        f"{len(held.feeds)} feeds: imported bundle of {brought.date:%Y-%m-%d %H:%M} UTC, "
        f"signed by {brought.key}"
    )
    return ExitCode.MET
