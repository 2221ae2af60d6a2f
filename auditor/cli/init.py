"""`auditor init`: a commented inventory to start from."""

from importlib.resources import files
from pathlib import Path

import click

from auditor.errors import ConfigError, StoreError

NAME = "inventory.yaml"


@click.command(
    epilog="""\b
Examples:
  auditor init                  writes ./inventory.yaml
  auditor init audit-2026/      makes the folder where it is missing
"""
)
@click.argument(
    "folder", type=click.Path(file_okay=False, path_type=Path), default=".", metavar="[DIR]"
)
def init(folder: Path) -> None:
    """Write a commented inventory to start from.

    A file that is there already is never overwritten. The assignment letter is left blank on
    purpose: nothing can be scanned until its number, dates and scope are filled in.
    """
    text = (files("auditor.cli") / "inventory_template.yaml").read_text(encoding="utf-8")
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_new(path, text)
    except FileExistsError as error:
        hint = "choose another folder, or move the file away"
        raise ConfigError(str(error.filename), "is there already", hint=hint) from error
    except OSError as error:
        raise StoreError(f"{path} could not be written: {error.strerror}") from error
    click.echo(f"{path}")
    click.echo("isi yang bertanda ISI, lalu: auditor inventory lint", err=True)
    click.echo("fill in what is marked FILL IN, then: auditor inventory lint", err=True)


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; half a file is taken away again."""
    with path.open("x", encoding="utf-8") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            path.unlink()
            raise
