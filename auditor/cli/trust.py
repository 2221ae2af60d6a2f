"""`auditor trust`: show host keys, record those that are confirmed."""

import time
from pathlib import Path
from threading import Event

import click

from auditor.cli import options
from auditor.errors import ConfigError, ExitCode
from auditor.model.inventory import Inventory, Target

WAIT = 60.0
"""Seconds for all keys of one target."""


@click.command(
    epilog="""\b
Examples:
  auditor trust                      go through all targets, ask for each
  auditor trust web1 --yes           record without asking (compare by other means first)
  auditor trust web1 --replace       after a planned key change
"""
)
@click.argument("targets", nargs=-1)
@options.inventory
@options.home
@click.option("--yes", is_flag=True, help="Record without asking.")
@click.option("--replace", is_flag=True, help="Forget the keys that were recorded before.")
def trust(
    targets: tuple[str, ...], inventory_path: Path, home: Path, *, yes: bool, replace: bool
) -> int:
    """Show the fingerprints of the targets' host keys and record those that you confirm.

    A key is what tells a target from an impostor: compare the fingerprint with the one that the
    target's keeper reads out on its own console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub).
    """
    from auditor.load.inventory import check_authority, load_inventory

    inventory = load_inventory(inventory_path)
    chosen = _chosen(inventory, targets, inventory_path)
    check_authority(inventory, chosen, options.now().date(), str(inventory_path))
    unseen = 0
    for target in chosen:
        unseen += not _trust_one(inventory, target, home / "known_hosts", yes=yes, replace=replace)
    return ExitCode.INCOMPLETE if unseen else ExitCode.MET


def _chosen(inventory: Inventory, names: tuple[str, ...], path: Path) -> tuple[Target, ...]:
    for name in names:
        if inventory.target(name) is None:
            raise ConfigError(str(path), f"there is no target {name!r}")
    return tuple(
        target
        for target in inventory.targets
        if target.ssh is not None and not target.local and (not names or target.id in names)
    )


def _trust_one(
    inventory: Inventory, target: Target, path: Path, *, yes: bool, replace: bool
) -> bool:
    """Return whether the target's keys were seen."""
    from auditor.collect import Limit, Settings
    from auditor.collect.known_hosts import (
        Standing,
        fingerprint,
        forget,
        read_known_hosts,
        record,
    )
    from auditor.collect.refusal import Refusal
    from auditor.collect.ssh_login import known_as, shown_keys
    from auditor.collect.ssh_route import config_files

    settings = Settings(
        inventory=inventory,
        known_hosts=(path,),
        ssh_config=config_files(Path.home()),
        now=options.now,
    )
    try:
        address, port = known_as(target, settings)
        keys = shown_keys(target, settings, Limit(WAIT, Event(), time.monotonic))
    except Refusal as refusal:
        click.echo(f"{target.id}: {refusal.detail}", err=True)
        return False
    known = read_known_hosts([path])
    recorded = known.types(address, port)
    fresh = [
        (kind, blob)
        for kind, blob in keys
        if known.standing(address, port, blob) is not Standing.KNOWN
    ]
    click.echo(f"{target.id} ({address} port {port})")
    for kind, blob in keys:
        mark = "new" if (kind, blob) in fresh else "recorded"
        click.echo(f"  {kind:<22} {fingerprint(blob)}  {mark}")
    if not fresh:
        return True
    if any(kind in recorded for kind, _ in fresh) and not replace:
        click.echo("  NOT the recorded key: find out why, then use --replace", err=True)
        return True
    if yes or click.confirm("  record the new keys?", default=False):
        if replace:
            forget(path, address, port)
            fresh = keys
        record(path, address, port, fresh)
        click.echo(f"  recorded in {path}")
    return True
