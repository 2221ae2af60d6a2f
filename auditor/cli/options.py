"""Options that several commands share, and the home folder behind them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.model.base import Lang

F = TypeVar("F", bound=Callable[..., Any])


def home(command: F) -> F:
    """`--home`: where the store, the feeds, known hosts and the lock live."""
    return click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="AUDITOR_HOME",
        default=Path("audit-out"),
        show_default=True,
        help="Folder of the store, the feeds and known hosts.",
    )(command)


def store(command: F) -> F:
    """`--store`: a database instead of the SQLite file in the home folder."""
    return click.option(
        "--store",
        "store_url",
        envvar="AUDITOR_STORE",
        metavar="URL",
        help="SQLAlchemy URL of the store; default: auditor.db in the home folder.",
    )(command)


def inventory(command: F) -> F:
    """`--inventory`: who is audited."""
    return click.option(
        "-i",
        "--inventory",
        "inventory_path",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="AUDITOR_INVENTORY",
        default=Path("inventory.yaml"),
        show_default=True,
        help="Inventory file.",
    )(command)


def policy(command: F) -> F:
    """`--policy`: what is asked."""
    return click.option(
        "-p",
        "--policy",
        "policy",
        envvar="AUDITOR_POLICY",
        default="spbe",
        show_default=True,
        help="Name of a shipped policy, or a file.",
    )(command)


def lang(command: F) -> F:
    """`--lang`: the language of what people read."""
    return click.option(
        "--lang",
        type=click.Choice([language.value for language in Lang]),
        envvar="AUDITOR_LANG",
        default=Lang.ID.value,
        show_default=True,
        callback=lambda _ctx, _param, value: Lang(value),
        help="Language of summaries and reports.",
    )(command)


def filters(command: F) -> F:
    """`--opd`, `--target`, `--tag`, `--check`: a part of the inventory or of the policy."""
    for option in (
        click.option("--check", "checks", multiple=True, metavar="ID", help="Only these checks."),
        click.option("--tag", "tags", multiple=True, help="Only targets with one of these tags."),
        click.option("--target", "targets", multiple=True, metavar="ID", help="Only these."),
        click.option("--opd", "opds", multiple=True, metavar="ID", help="Only targets of these."),
    ):
        command = option(command)
    return command


def now() -> datetime:
    """Return the time, in UTC: the one clock of the command line."""
    return datetime.now(UTC)
