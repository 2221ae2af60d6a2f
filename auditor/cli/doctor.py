"""`auditor doctor`: what this machine lacks for an audit."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from auditor.cli import options
from auditor.errors import AuditorError, ExitCode
from auditor.model.feed import FeedKind, Freshness, Trust

LEAST_FREE = 200 * 2**20
"""Bytes that the store may need for some nights."""


class Sign(msgspec.Struct, frozen=True):
    """One thing that was looked at: is it well, and what to do if not."""

    well: bool
    about: str
    words: str
    needed: bool = True


@click.command(
    epilog="""\b
Example:
  auditor doctor && auditor scan
"""
)
@options.inventory
@options.policy
@options.home
def doctor(inventory_path: Path, policy: str, home: Path) -> int:
    """Look at this machine, the inventory and the data; exit 1 where something must be mended."""
    signs = [
        *_tools(),
        _browser(),
        *_home(home),
        *_inventory(inventory_path),
        *_policy(policy),
        *_feeds(home),
    ]
    for sign in signs:
        mark = "ok  " if sign.well else ("MEND" if sign.needed else "note")
        click.echo(f"{mark}  {sign.about:<12} {sign.words}")
    return ExitCode.FINDINGS if any(s.needed and not s.well for s in signs) else ExitCode.MET


def _tools() -> Iterator[Sign]:
    for name, package, needed in (
        ("nmap", "nmap", True),
        ("gpgv", "gpgv", True),
        ("ssh-keygen", "openssh-client", False),
    ):
        path = shutil.which(name)
        yield Sign(bool(path), name, path or f"not found: apt install {package}", needed)
    root = os.geteuid() == 0
    yield Sign(
        root, "privilege", "root: SYN scan" if root else "no root: connect scan", needed=False
    )


def _browser() -> Sign:
    from auditor.collect.browser_tools import find_tools
    from auditor.probe.base import Unseen

    try:
        tools = find_tools()
    except Unseen as error:
        return Sign(well=False, about="browser", words=error.detail, needed=False)
    return Sign(well=True, about="browser", words=tools.chromium)


def _home(home: Path) -> Iterator[Sign]:
    there = next(p for p in (home, *home.resolve().parents) if p.exists())
    yield Sign(os.access(there, os.W_OK), "home", f"{home} (writable: {os.access(there, os.W_OK)})")
    free = shutil.disk_usage(there).free
    yield Sign(free > LEAST_FREE, "disk", f"{free // 2**20} MB free")
    known = home / "known_hosts"
    if known.exists():
        safe = not known.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        yield Sign(safe, "known_hosts", str(known) if safe else f"chmod 600 {known}")
    else:
        yield Sign(well=False, about="known_hosts", words="none yet: auditor trust", needed=False)


def _inventory(path: Path) -> Iterator[Sign]:
    if not path.exists():
        yield Sign(well=False, about="inventory", words=f"no {path}: auditor init", needed=False)
        return
    from auditor.load.inventory import check_authority, load_inventory

    try:
        inventory = load_inventory(path)
        check_authority(inventory, inventory.targets, options.now().date(), str(path))
    except AuditorError as error:
        yield Sign(well=False, about="inventory", words=str(error))
        return
    until = inventory.authority.valid_until
    yield Sign(well=True, about="inventory", words=f"{len(inventory.targets)} targets")
    yield Sign(well=True, about="authority", words=f"{inventory.authority.letter} until {until}")
    for key in sorted({t.ssh.key for t in inventory.targets if t.ssh and t.ssh.key}):
        yield _key(Path(key).expanduser())


def _key(path: Path) -> Sign:
    if not path.is_file():
        return Sign(well=False, about="key", words=f"{path} is missing")
    open_to_others = bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    return Sign(not open_to_others, "key", f"chmod 600 {path}" if open_to_others else str(path))


def _policy(name: str) -> Iterator[Sign]:
    from auditor.load.checks import load_checks
    from auditor.load.policies import load_policy

    try:
        policies = load_policy(name)
        words = f"{policies[-1].id}, {len(load_checks())} checks known"
    except AuditorError as error:
        yield Sign(well=False, about="policy", words=str(error))
        return
    yield Sign(well=True, about="policy", words=words)


def _feeds(home: Path) -> Iterator[Sign]:
    from auditor.feeds.keep import damage, status

    if wrong := damage(home):
        yield Sign(well=False, about="feeds", words=f"{wrong}: auditor feeds update", needed=False)
    feeds = status(home).feeds
    if not any(feed.kind is FeedKind.SUITE for feed in feeds):
        words = "no security index: auditor feeds update"
        yield Sign(well=False, about="feeds", words=words, needed=False)
    for feed in feeds:
        state = feed.freshness(options.now())
        age = (options.now() - feed.date).days
        words = f"{feed.name}: {age} days old, {state}"
        well = state is not Freshness.STALE and feed.trust is not Trust.NONE
        yield Sign(well, "feeds", words, needed=False)
