"""`auditor inventory`: lint, list and import inventories."""

import contextlib
import csv
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import click

from auditor.cli import options
from auditor.errors import StoreError
from auditor.model.inventory import Inventory, Target

COLUMNS = ("id", "opd", "kind", "address", "zone", "name", "roles", "sites", "ports", "tags")


@click.group()
def inventory() -> None:
    """Lint, list and import inventories."""


@inventory.command(
    epilog="""\b
Examples:
  auditor inventory lint                     ./inventory.yaml
  auditor inventory lint audit-2026/inventory.yaml
"""
)
@click.argument(
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    default="inventory.yaml",
    envvar="AUDITOR_INVENTORY",
    metavar="[FILE]",
)
def lint(path: Path) -> None:
    """Refuse what a scan would refuse, with file, line and a hint; say what looks odd.

    Looked at: keys and values, ids given twice, OPDs and zones that do not exist, the assignment
    letter and its dates, addresses and names outside its scope, ports, jump hosts.
    """
    from auditor.load.inventory import HINT, check_authority, parse_inventory
    from auditor.load.yaml import read_yaml

    written = parse_inventory(read_yaml(path, HINT))
    for warning in written.warnings:
        click.echo(f"warning: {warning}", err=True)
    made = written.value
    check_authority(made, made.targets, options.now().date(), str(path))
    click.echo(
        f"{path}: {len(made.targets)} targets of {len(made.opds)} OPDs, good; "
        f"letter {made.authority.letter} until {made.authority.valid_until}"
    )


@inventory.command(
    "list",
    epilog="""\b
Examples:
  auditor inventory list
  auditor inventory list --format csv > targets.csv
""",
)
@options.inventory
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="How to write the list.",
)
def list_(inventory_path: Path, form: str) -> None:
    """List the targets."""
    from auditor.load.inventory import load_inventory

    click.echo(_FORMS[form](load_inventory(inventory_path)), nl=form == "text")


def _text(made: Inventory) -> str:
    lines = []
    for target in made.targets:
        words = " ".join([*target.roles, *_tags(target)])
        lines.append(f"{target.opd}/{target.id:<24} {target.kind:<7} {target.address:<22} {words}")
    return "\n".join(line.rstrip() for line in lines)


def _json(made: Inventory) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(made.targets), indent=2).decode() + "\n"


def _csv(made: Inventory) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for target in made.targets:
        values = {name: getattr(target, name) for name in COLUMNS if name != "tags"}
        values["tags"] = _tags(target)
        writer.writerow([_cell(values[name]) for name in COLUMNS])
    return text.getvalue()


def _tags(target: Target) -> list[str]:
    tags = target.tags
    flags = [name for name in ("iiv", "data_pribadi") if getattr(tags, name)]
    return [*([tags.kategori_se] if tags.kategori_se else []), *flags, *tags.other]


def _cell(value: object) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    text = " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


_FORMS: Mapping[str, Callable[[Inventory], str]] = {"text": _text, "json": _json, "csv": _csv}


def _pairs(
    _ctx: click.Context, _param: click.Parameter, values: Iterable[str]
) -> Mapping[str, str]:
    pairs = [value.rpartition("=") for value in values]
    for name, equals, opd in pairs:
        if not (name and equals and opd):
            raise click.BadParameter("write NAME=ID")
    return {name: opd for name, _, opd in pairs}


@inventory.command(
    "import",
    epilog="""\b
Examples:
  auditor inventory import daftar-server.csv --from csv
  auditor inventory import hosts.ini --from ansible --opd-map web=kominfo --apply
""",
)
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--from",
    "kind",
    type=click.Choice(["csv", "ansible"]),
    required=True,
    help="csv: a list with headings such as Nama Server, Alamat IP, OPD; ansible: YAML or INI.",
)
@click.option(
    "--opd-map",
    "names",
    multiple=True,
    metavar="NAME=ID",
    callback=_pairs,
    help="What an office or a group is called in the list, and the id of its OPD.",
)
@click.option("--apply", is_flag=True, help="Write; without it only the difference is shown.")
@options.inventory
def import_(
    source: Path, kind: str, names: Mapping[str, str], inventory_path: Path, *, apply: bool
) -> None:
    """Add the targets of a list to the inventory: new ones only, after showing what is new.

    Targets that are there already (by id or address) are never changed; where the list says
    otherwise, it is told with the line to look at. Passwords are never copied.
    """
    from auditor.load.importing.ansible import read_ansible
    from auditor.load.importing.merge import merge
    from auditor.load.importing.rows import targets_of
    from auditor.load.importing.spreadsheet import read_spreadsheet
    from auditor.load.inventory import HINT, parse_inventory
    from auditor.load.yaml import parse_yaml, read_text

    text = read_text(inventory_path, HINT)
    written = parse_inventory(parse_yaml(text, str(inventory_path)))
    sheet = read_spreadsheet(source) if kind == "csv" else read_ansible(source)
    merged = merge(written, text, targets_of(sheet, written.value, names))
    click.echo(merged.diff, nl=False)
    for line in (*sheet.notes, *merged.differing):
        click.echo(f"note: {line}", err=True)
    said = f"{len(merged.added)} new, {len(merged.differing)} differences, {merged.same} the same"
    if merged.added and apply:
        parse_inventory(parse_yaml(merged.text, f"{inventory_path} (with the new targets)"))
        _write(inventory_path, merged.text)
        click.echo(f"{said}; written to {inventory_path}", err=True)
    else:
        click.echo(f"{said}; nothing written{'' if apply else ' (--apply writes)'}", err=True)


def _write(path: Path, text: str) -> None:
    """Replace a file at once: whoever reads it sees the old text or the new one."""
    path = path.resolve()
    try:
        with tempfile.NamedTemporaryFile(
            "wb", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            try:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
                shutil.copymode(path, file.name)
                with contextlib.suppress(PermissionError):
                    os.chown(file.name, path.stat().st_uid, path.stat().st_gid)
                Path(file.name).replace(path)
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise StoreError(f"{path} could not be written: {error.strerror}") from error
