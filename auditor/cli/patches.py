"""`auditor patches`: what is to be done on the targets of a stored run, soonest due first."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from auditor.cli import options
from auditor.errors import ConfigError, StoreError
from auditor.model.base import Lang

if TYPE_CHECKING:
    from auditor.cli.patches_seen import Seen


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How the shell wants it."""

    kind: str
    whole: bool
    lang: Lang
    home: Path


@click.command(
    epilog="""\b
Examples:
  auditor patches                              the last run, on the screen
  auditor patches --target web1 --lang en
  auditor patches --format csv -o patches.csv
  auditor patches --all --format json          fixed and not affected ones, too
  auditor patches --target web1 --format cyclonedx --all -o web1.cdx.json
""",
)
@click.argument("run_id", default="last")
@options.home
@options.store
@options.lang
@click.option("--target", "targets", multiple=True, metavar="ID", help="Only these.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "json", "csv", "cyclonedx"]),
    default="text",
    show_default=True,
    help="cyclonedx: a bill of materials with VEX; needs pip install 'auditor[sbom]'.",
)
@click.option(
    "--all",
    "whole",
    is_flag=True,
    help="Every package, weakness and verdict, judged anew by the feeds of the home folder.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, whole or not at all; default: stdout.",
)
def patches(  # noqa: PLR0913 - one for each option
    *,
    run_id: str,
    home: Path,
    store_url: str | None,
    lang: Lang,
    targets: tuple[str, ...],
    kind: str,
    whole: bool,
    output: Path | None,
) -> None:
    """Show the updates and restarts that a stored run found due, without a connection.

    One line an action: when it is due, on which target, which package, from which version to
    which. Targets that are not known to the full are named with the reason: their silence
    proves nothing.
    """
    from auditor.cli.patches_seen import seen
    from auditor.store import open_store

    asked = Asked(kind=kind, whole=whole, lang=lang, home=home)
    with open_store(store_url or home, lock=False) as store:
        found = seen(store, store.run(run_id), targets)
        chunks = _chunks(found, asked)
        if output is None:
            for chunk in chunks:
                click.echo(chunk, nl=False)
        else:
            _write(chunks, output)
            click.echo(str(output))


def _chunks(found: "Seen", asked: Asked) -> Iterable[bytes]:
    if asked.kind == "cyclonedx":
        return _bill(found, asked)
    return _verdicts(found, asked) if asked.whole else _actions(found, asked)


def _actions(found: "Seen", asked: Asked) -> Iterable[bytes]:
    from auditor.render import patches_text, patches_v1

    if asked.kind == "json":
        return patches_v1.document(found.run, found.levels())
    if asked.kind == "csv":
        return patches_v1.table(found.run, found.levels())
    return _lines(patches_text.listing(found.levels(), asked.lang))


def _verdicts(found: "Seen", asked: Asked) -> Iterable[bytes]:
    from auditor.render import verdicts_v1

    told = found.verdicts(asked.home)
    if asked.kind == "json":
        return verdicts_v1.document(found.run, told)
    if asked.kind == "csv":
        return verdicts_v1.table(found.run, told)
    return _lines(verdicts_v1.listing(told))


def _bill(found: "Seen", asked: Asked) -> Iterable[bytes]:
    from auditor.render import cyclonedx

    contents = list(found.contents(asked.home if asked.whole else None, cyclonedx.MOST + 1))
    return [cyclonedx.document(found.run, found.city, contents).encode()]


def _lines(lines: Iterable[str]) -> Iterator[bytes]:
    return (f"{line}\n".encode() for line in lines)


def _write(chunks: Iterable[bytes], path: Path) -> None:
    """Write a file whole or not at all."""
    if not path.parent.is_dir():
        raise ConfigError("--output", f"there is no folder {path.parent}", hint="make it first")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".patches-") as name:
            fresh = Path(name) / path.name
            with fresh.open("wb") as file:
                file.writelines(chunks)
            fresh.replace(path)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error
