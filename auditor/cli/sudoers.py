"""`auditor sudoers`: the audit account may run one reviewed script as root, and nothing else."""

from pathlib import Path
from typing import Any

import click

from auditor.cli import options
from auditor.cli.request import Choice, make_request
from auditor.errors import ConfigError, StoreError


@click.command(
    epilog="""\b
Examples:
  auditor sudoers web1                 write auditor-sudoers/ for one target
  auditor sudoers --opd dinkes         the same for all servers of an office
\b
Set `ssh: {sudo: pinned}` for these targets in the inventory, install the files as each
README.txt says, and run the command again when the policy or the auditor changes.
"""
)
@options.inventory
@options.policy
@options.filters
@options.home
@click.argument("names", nargs=-1, metavar="[TARGET]...")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("auditor-sudoers"),
    show_default=True,
    help="Folder to write into.",
)
def sudoers(*, names: tuple[str, ...], home: Any, out: Path, **rest: Any) -> None:
    """Write the script of a visit and the sudo rule that pins it by its SHA-256 digest.

    Targets that are asked the same share one script. A script that differs by one byte is refused
    by sudo; the visit then goes on without root and says so.
    """
    from auditor.plan import plan as make_plan
    from auditor.probe.base import Via
    from auditor.probe.catalogue import CATALOGUE
    from auditor.probe.script import Script, compile_script

    rest["targets"] = (*rest.get("targets", ()), *names)
    request = make_request(Choice(**rest, local=False), home, jobs=1, password=None)
    made = make_plan(
        request.settings.inventory, request.policies, request.checks, CATALOGUE, request.targets
    )
    scripts: dict[str, tuple[Script, str, list[str]]] = {}
    for task in made.tasks:
        (target, *_) = task.targets
        if task.via is Via.SSH and target.ssh is not None:
            script = compile_script(task.probes, "0" * 32)
            account = _account(target, request.settings)
            known = scripts.setdefault(f"{script.digest} {account}", (script, account, []))
            known[2].append(target.id)
    if not scripts:
        raise ConfigError("sudoers", "none of these targets is visited over SSH")
    for script, account, targets in scripts.values():
        folder = out / f"{account}-{script.digest[:16]}"
        try:
            _write(folder, script, account, targets)
        except OSError as error:
            raise StoreError(f"{folder}: {error.strerror}") from error
        click.echo(f"{folder}: {', '.join(targets)}")


def _account(target: Any, settings: Any) -> str:
    """Return the account that a visit logs in to, ssh_config included."""
    from auditor.collect.refusal import Refusal
    from auditor.collect.ssh_route import route

    try:
        return route(target, settings)[-1].user
    except Refusal as refusal:
        raise ConfigError(target.id, refusal.detail) from refusal


def _write(folder: Path, script: Any, account: str, targets: list[str]) -> None:
    from auditor.probe.bootstrap import FOLDER, pinned_path

    path = pinned_path(script.digest)
    name = path.rpartition("/")[2]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(script.pinned, encoding="utf-8")
    rule = (
        f"# Written by `auditor sudoers`: {account} may run this one reviewed script as root.\n"
        f'{account} ALL=(root) NOPASSWD: sha256:{script.digest} {path} ""\n'
    )
    (folder / "auditor-visit").write_text(rule, encoding="utf-8")
    (folder / "README.txt").write_text(
        f"For: {', '.join(targets)}\n\n"
        f"1. Read {name}: it is all that {account} will be able to do as root.\n"
        f"2. sudo install -D -o root -g root -m 0755 {name} {path}\n"
        "3. sudo visudo -cf auditor-visit && "
        "sudo install -o root -g root -m 0440 auditor-visit /etc/sudoers.d/auditor-visit\n"
        f"4. Remove older scripts from {FOLDER} and other sudo rules of {account}.\n",
        encoding="utf-8",
    )
