"""`auditor scan`: visit, judge, store, report."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Any

import click
import msgspec

from auditor.cli import options
from auditor.cli.progress import Progress
from auditor.cli.remembered import remembering
from auditor.cli.request import Choice, make_request
from auditor.errors import ConfigError
from auditor.model.base import Lang
from auditor.model.inventory import Inventory

if TYPE_CHECKING:
    from auditor.audit import Request
    from auditor.store.context import Context

PASSWORD = "AUDITOR_PASSWORD"  # noqa: S105 - the variable's name


class ScanOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the shell asked for, besides the choice of targets and checks."""

    home: Path
    store_url: str | None
    lang: Lang
    fail_on: str
    max_unseen: str
    format: str
    output: Path | None
    resume: bool
    quiet: bool


@click.command(
    epilog="""\b
Examples:
  auditor scan --local                         this machine, no file needed before
  auditor scan                                 all targets of inventory.yaml
  auditor scan --opd dinkes --fail-on high     one office; exit 1 from high upwards
  auditor scan --resume                        finish the run that was stopped
  auditor scan --quiet --format json           for cron: JSON on stdout, words only on errors
"""
)
@options.inventory
@options.policy
@options.filters
@options.home
@options.store
@options.lang
@click.option("--local", is_flag=True, help="Audit this machine, without SSH and inventory.")
@click.option(
    "--fail-on",
    type=click.Choice(["none", "info", "low", "medium", "high", "critical", "new"]),
    default="low",
    show_default=True,
    help="Exit 1 from this severity upwards; new: only what was not there last time.",
)
@click.option(
    "--max-unseen",
    default="0",
    show_default=True,
    metavar="N|P%",
    help="Targets that may stay unseen or partly seen without exit 5.",
)
@click.option(
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What goes to stdout.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the report; default: report in the home folder.",
)
@click.option(
    "--waivers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Findings that are accepted for a time; default: waivers.yaml beside the inventory.",
)
@click.option("-j", "--jobs", type=click.IntRange(1, 256), default=16, show_default=True)
@click.option("--resume", is_flag=True, help="Finish the last run that was stopped.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors and the summary.")
@click.option("--ask-password", is_flag=True, help=f"Ask for the password (else ${PASSWORD}).")
def scan(*, jobs: int, ask_password: bool, **rest: Any) -> int:
    """Visit the targets read-only, judge what was seen, store it and write the report.

    Nothing outside the inventory's authority is touched. Results go to stdout, progress and
    errors to stderr; the last line says the exit code in words.
    """
    choice = Choice(**{name: rest.pop(name) for name in Choice.__struct_fields__})
    return _scan(choice, ScanOptions(**rest), jobs, _password(ask=ask_password))


def _password(*, ask: bool) -> str | None:
    if ask:
        answer: str = click.prompt("Password of the audit account", hide_input=True, err=True)
        return answer
    return os.environ.pop(PASSWORD, None)


def _scan(choice: Choice, asked: ScanOptions, jobs: int, password: str | None) -> int:
    from auditor.audit import scan as run_scan
    from auditor.cli.outcome import conclude
    from auditor.store import open_store

    request = make_request(choice, asked.home, jobs, password)
    inventory: Inventory = request.settings.inventory
    with (
        open_store(asked.store_url or asked.home, lock=True) as store,
        Progress(inventory, asked.lang, quiet=asked.quiet) as progress,
        _stopping() as stopped,
    ):
        resumed = store.unfinished(request.scope) if asked.resume else None
        if asked.resume and resumed is None:
            raise ConfigError("--resume", "there is no stopped run with these targets and checks")
        if resumed is not None:
            _must_be_as_begun(request, store.context(resumed.id))
        asking = remembering(request, store, resumed)
        run = run_scan(asking, store, stopped, progress, resumed)
    with open_store(asked.store_url or asked.home, lock=False) as store:
        return conclude(store, run, asked, stopped=stopped.is_set())


def _must_be_as_begun(request: "Request", context: "Context") -> None:
    """Refuse to go on by other rules than those that the run's report will name."""
    now = (
        request.settings.inventory,
        request.policies,
        tuple(request.checks.values()),
        tuple(target.id for target in request.targets),
    )
    begun = (context.inventory, context.policies, context.checks, context.targets)
    if msgspec.json.encode(now, order="sorted") != msgspec.json.encode(begun, order="sorted"):
        problem = "inventory, policy or checks were changed since that run began"
        raise ConfigError("--resume", problem, hint="begin a new run, without --resume")


@contextmanager
def _stopping() -> Iterator[Event]:
    """Give an event that Ctrl-C or a service manager's TERM sets; a second Ctrl-C ends at once."""
    stopped = Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()
        click.echo("\nstopping: what was seen is kept (again: stop at once)", err=True)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
