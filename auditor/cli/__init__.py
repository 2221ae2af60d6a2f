"""The command line: options → one call → exit code.

Commands are imported when they are called, so that `auditor --help` stays quick.
"""

import importlib
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import click

from auditor import __version__
from auditor.errors import AuditorError, ExitCode

_COMMANDS = {
    "attest": "auditor.cli.attest:attest",
    "check": "auditor.cli.check:check",
    "doctor": "auditor.cli.doctor:doctor",
    "eval": "auditor.cli.evaluate:evaluate",
    "feeds": "auditor.cli.feeds:feeds",
    "framework": "auditor.cli.framework:framework",
    "init": "auditor.cli.init:init",
    "inventory": "auditor.cli.inventory:inventory",
    "letters": "auditor.cli.letters:letters",
    "pack": "auditor.cli.pack:pack",
    "patches": "auditor.cli.patches:patches",
    "plan": "auditor.cli.plan:plan",
    "policy": "auditor.cli.policy:policy",
    "report": "auditor.cli.report:report",
    "run": "auditor.cli.run:run",
    "scan": "auditor.cli.scan:scan",
    "schema": "auditor.cli.schema:schema",
    "sudoers": "auditor.cli.sudoers:sudoers",
    "trust": "auditor.cli.trust:trust",
}
_SHORT = {
    "attest": "Ask offices what no machine can see, and take their answers in.",
    "check": "List, show, lint and test checks.",
    "doctor": "Say what this machine lacks for an audit.",
    "eval": "Judge a stored run again by another policy, offline.",
    "feeds": "Update and show the data that patch levels are judged by.",
    "framework": "List and show the law as data, and what answers it.",
    "init": "Write a commented inventory to start from.",
    "inventory": "Lint, list and import inventories.",
    "letters": "Write the notices that revealed personal data ask for.",
    "pack": "Write evidence packs, one for each indicator.",
    "patches": "Show the updates and restarts that a run found due.",
    "plan": "Show what a scan would do, and the exact script.",
    "policy": "List, show and lint policies.",
    "report": "Make a report of a stored run.",
    "run": "List, show and compare stored runs.",
    "scan": "Visit the targets, judge them, write the report.",
    "schema": "Print JSON Schemas for editors and consumers.",
    "sudoers": "Write the reviewed script and the sudo rule that pins it.",
    "trust": "Show host keys and record those that you confirm.",
}


class _Lazy(click.Group):
    """A group whose commands are imported by name when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, _SHORT[name]) for name in sorted(_COMMANDS)])


@click.group(
    cls=_Lazy,
    context_settings={"auto_envvar_prefix": "AUDITOR", "help_option_names": ["-h", "--help"]},
    epilog="""\b
Exit codes: 0 policy met, 1 findings, 2 usage or configuration, 3 could not store or
render, 4 internal error, 5 incomplete (something was not seen), 75 another run is active.

\b
First steps:
  auditor scan --local                    audit this machine
  auditor init && auditor scan            audit the targets of inventory.yaml
""",
)
@click.version_option(__version__, prog_name="auditor")
def cli() -> None:
    """Audit a city's servers, sites and domains: agentless, read-only, mapped to the law."""


def main(args: Sequence[str] | None = None, prog_name: str = "auditor", **extra: Any) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(_run(args, prog_name, **extra))


def _run(args: Sequence[str] | None, prog_name: str, **extra: Any) -> int:
    try:
        code = cli.main(args=args, prog_name=prog_name, standalone_mode=False, **extra)
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except click.Abort:
        click.echo("auditor: stopped", err=True)
        return ExitCode.INCOMPLETE
    except AuditorError as error:
        click.echo(f"auditor: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return ExitCode.STORE
    except Exception:  # noqa: BLE001 - the outermost edge: a bug keeps its traceback
        traceback.print_exc()
        click.echo("auditor: internal error; please report the lines above", err=True)
        return ExitCode.INTERNAL
    return int(code or 0)
