"""`auditor attest`: forms for offices, and the answers that come back."""

from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click
import msgspec

from auditor.cli import options
from auditor.errors import ConfigError, StoreError
from auditor.model.base import Lang

if TYPE_CHECKING:
    from auditor.load.attest_answers import Asked
    from auditor.load.attest_form import Form
    from auditor.model.inventory import Inventory, Opd
    from auditor.store import Store

_FORMATS = ("yaml", "xlsx")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where inventory and store are."""

    inventory_path: Path
    home: Path
    store_url: str | None

    def inventory(self) -> "Inventory":
        """Read the inventory."""
        from auditor.load.inventory import load_inventory

        return load_inventory(self.inventory_path)

    def store(self) -> "Store":
        """Open the store, which others may use at the same time."""
        from auditor.store import open_store

        return open_store(self.store_url or self.home, lock=False)


@click.group()
def attest() -> None:
    """Ask offices what no machine can see, and take their answers in.

    A form lists the questions that concern an office, with its last answers. What comes back is
    kept with role, date, letter and evidence; an answer lapses when its time is over.
    """


@attest.command(
    epilog="""\b
Examples:
  auditor attest form --opd dinkes                      attest-dinkes.xlsx, to be filled in
  auditor attest form --opd dinkes --format yaml -o -   on stdout
""",
)
@options.inventory
@options.home
@options.store
@options.lang
@click.option("--opd", "opd_id", required=True, metavar="ID", help="The office that is asked.")
@click.option("--format", "kind", type=click.Choice(_FORMATS), help="Default: the file's, or xlsx.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: attest-OPD."
)
def form(*, lang: Lang, opd_id: str, kind: str | None, output: Path | None, **places: Any) -> None:
    """Write the form of an office: all questions that concern it, its last answers filled in.

    A file that is there already is never overwritten.
    """
    place = Place(**places)
    kind = kind or ("yaml" if output and output.suffix in (".yaml", ".yml") else "xlsx")
    inventory = place.inventory()
    opd = _office(inventory, opd_id, "--opd")
    with place.store() as store:
        made = _form(inventory, opd, store)
    data = _rendered(made, kind, lang)
    if output == Path("-"):
        click.echo(data, nl=False)
        return
    path = output or Path(f"attest-{opd.id}.{kind}")
    _write_new(path, data)
    number = sum(len(rows) for _, rows in made.parts)
    click.echo(f"{path}: {number} questions for {opd.name}", err=True)


def _office(inventory: "Inventory", opd_id: str, where: str) -> "Opd":
    from auditor.load.hint import did_you_mean

    opd = inventory.opd(opd_id)
    if opd is None:
        hint = did_you_mean(opd_id, [one.id for one in inventory.opds])
        raise ConfigError(where, f"the inventory has no office {opd_id[:60]!r}", hint=hint)
    return opd


def _form(inventory: "Inventory", opd: "Opd", store: "Store") -> "Form":
    from auditor.load.attest_form import form_of
    from auditor.load.questionnaires import load_questionnaires
    from auditor.model.attest import latest

    answers = latest(store.statements(opd.id))
    return form_of(inventory, opd, load_questionnaires(), answers)


def _rendered(made: "Form", kind: str, lang: Lang) -> bytes:
    if kind == "yaml":
        from auditor.load.attest_yaml import write_form

        return write_form(made, lang).encode()
    from auditor.load.attest_sheet import write_sheet

    return write_sheet(made, lang)


def _write_new(path: Path, data: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        hint = "it may hold answers: name another file with -o"
        raise ConfigError(str(path), "is there already", hint=hint) from error
    except OSError as error:
        raise StoreError(f"{path} could not be written: {error.strerror}") from error


@attest.command(
    "import",
    epilog="""\b
Examples:
  auditor attest import attest-dinkes.xlsx --evidence bukti/
  auditor attest import attest-dinkes.yaml              evidence lies beside the form
""",
)
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--evidence",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the evidence files; default: the folder of the form.",
)
@options.inventory
@options.home
@options.store
def import_(*, source: Path, folder: Path | None, **places: Any) -> None:
    """Take a filled form in, all of it or nothing.

    Every mistake is told with its line or row. Evidence is hashed and copied into the store.
    What was answered before stays in the store; the answer that was imported last counts.
    """
    from auditor.load.attest_answers import import_form, read_file
    from auditor.load.attest_evidence import Folder

    place = Place(**places)
    inventory = place.inventory()
    filled = read_file(source)
    opd = _office(inventory, filled.opd, f"{filled.path}:{filled.line}")
    files = Folder(folder or source.parent)
    with place.store() as store:
        found = import_form(filled, _asked(inventory, opd, store), files)
        if found.statements:
            store.keep_statements(found.statements, files.contents(found.files))
    for note in found.notes:
        click.echo(f"note: {note}", err=True)
    click.echo(
        f"{opd.id}: {found.new} new answers, {found.changed} changed, {found.same} the same, "
        f"{len(found.files)} files of evidence"
    )


def _asked(inventory: "Inventory", opd: "Opd", store: "Store") -> "Asked":
    from auditor.load.attest_answers import Asked
    from auditor.load.questionnaires import load_questionnaires
    from auditor.model.attest import latest

    return Asked(
        questionnaires=load_questionnaires(),
        opd=opd.id,
        leads=inventory.lead == opd,
        before=latest(store.statements(opd.id)),
        now=options.now().astimezone(ZoneInfo(inventory.city.tz)),
    )


@attest.command(
    "list",
    epilog="""\b
Examples:
  auditor attest list                    how each office stands
  auditor attest list --opd dinkes       each of its questions
""",
)
@options.inventory
@options.home
@options.store
@options.lang
@click.option("--opd", "opd_id", metavar="ID", help="Only this office, question by question.")
def list_(*, lang: Lang, opd_id: str | None, **places: Any) -> None:
    """List what is answered, ends within 30 days, has lapsed, or is missing."""
    from auditor.cli.attest_list import counts, questions

    place = Place(**places)
    inventory = place.inventory()
    opds = (_office(inventory, opd_id, "--opd"),) if opd_id else inventory.opds
    today = options.now().astimezone(ZoneInfo(inventory.city.tz)).date()
    with place.store() as store:
        for opd in opds:
            made = _form(inventory, opd, store)
            lines = questions(made, today, lang) if opd_id else (counts(made, today, lang),)
            for line in lines:
                click.echo(line)


@attest.command(
    epilog="""\b
Examples:
  auditor attest show restore-drill --opd dinkes
  auditor attest show restore-drill --opd dinkes --save bukti-audit/
""",
)
@click.argument("question")
@click.option("--opd", "opd_id", required=True, metavar="ID", help="The office.")
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the evidence of the answer that counts into this folder.",
)
@options.inventory
@options.home
@options.store
@options.lang
def show(*, question: str, opd_id: str, save: Path | None, lang: Lang, **places: Any) -> None:
    """Show a question and all answers of an office to it, the newest first."""
    from auditor.cli.attest_list import history
    from auditor.load.hint import did_you_mean

    place = Place(**places)
    inventory = place.inventory()
    opd = _office(inventory, opd_id, "--opd")
    with place.store() as store:
        made = _form(inventory, opd, store)
        rows = {row.question.id: row for _, rows in made.parts for row in rows}
        if question not in rows:
            hint = did_you_mean(question, rows)
            raise ConfigError("QUESTION", f"{opd.id} is not asked {question!r}", hint=hint)
        for line in history(rows[question].question, store.statements(opd.id), lang):
            click.echo(line)
        answer = rows[question].answer
        for file in answer.evidence if save and answer else ():
            _save(save or Path(), file.name, store.evidence(file.sha256))


def _save(folder: Path, name: str, content: bytes) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be made: {error.strerror}") from error
    _write_new(folder / name, content)
    click.echo(f"{folder / name}: {len(content)} bytes", err=True)
