"""`auditor plan`: what a scan would do, without doing it."""

import shlex
from collections import Counter
from typing import Any

import click

from auditor.cli import options
from auditor.cli.request import Choice, make_request
from auditor.errors import ConfigError


@click.command(
    epilog="""\b
Examples:
  auditor plan                       visits and checks for every target
  auditor plan --script web1         the exact text that would run on web1
"""
)
@options.inventory
@options.policy
@options.filters
@options.home
@click.option("--local", is_flag=True, help="Plan for this machine.")
@click.option("--script", metavar="TARGET", help="Print the script that would visit this target.")
def plan(*, home: Any, script: str | None, **rest: Any) -> None:
    """Show which target would be visited how, and by which checks it would be judged."""
    from auditor.plan import plan as make_plan
    from auditor.probe.base import Via
    from auditor.probe.catalogue import CATALOGUE
    from auditor.probe.command import CommandArgs

    request = make_request(Choice(**rest), home, jobs=1, password=None)
    made = make_plan(
        request.settings.inventory, request.policies, request.checks, CATALOGUE, request.targets
    )
    if script is None:
        visits = Counter((target.id, task.via) for task in made.tasks for target in task.targets)
        for target in request.targets:
            checks = made.checks[target.id]
            asked = sum(bound.excluded is None for bound in checks)
            ways = ", ".join(via for via in Via if visits[target.id, via])
            click.echo(f"{target.opd}/{target.id}: {asked} of {len(checks)} checks, by {ways}")
        programs = {
            shlex.join(probe.args.argv): None
            for task in made.tasks
            for probe in task.probes
            if isinstance(probe.args, CommandArgs)
        }
        for line in programs:
            click.echo(f"runs, as the policy allows: {line}")
        return
    probes = [
        probe
        for task in made.tasks
        if task.via is Via.SSH and task.targets[0].id == script
        for probe in task.probes
    ]
    if not probes:
        raise ConfigError("--script", f"no script would visit {script!r}")
    from auditor.model.inventory import Sudo
    from auditor.probe.script import bootstrap, compile_script

    shown = compile_script(probes, "0" * 32)
    ssh = next(t.ssh for t in request.targets if t.id == script)
    sudo = ssh.sudo if ssh is not None else Sudo.AUTO
    click.echo(f"# sent to the command: {bootstrap(sudo, shown.digest)}")
    click.echo("# (the nonce of a real run is random)")
    click.echo(shown.text)
