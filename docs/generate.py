"""Write the pages that the code gives: `python -m docs.generate`, with `--check` only compare."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from auditor.cli import cli
from auditor.load.checks import load_checks
from auditor.load.frameworks import load_frameworks
from auditor.load.policies import load_policy
from auditor.model.fact import Field, Kind
from auditor.model.operators import OPERATORS
from auditor.probe.catalogue import CATALOGUE
from auditor.report.law_refs import law_of

HERE = Path(__file__).parent


def commands() -> str:
    """Return the help of every command: the manual."""
    parts = ["# Commands\n\nMade from the program's own help.\n"]
    for path, command in _commands(cli, ()):
        context = click.Context(command, info_name=" ".join(("auditor", *path)))
        context.max_content_width = context.terminal_width = 90
        help_ = command.get_help(context).replace("\b\n", "")
        parts.append(f"\n## auditor {' '.join(path)}\n\n```text\n{help_.rstrip()}\n```\n")
    return "".join(parts)


def _commands(
    group: click.Group, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                yield from _commands(command, (*path, name))
            elif command is not None:
                yield (*path, name), command


def checks() -> str:
    """Return every check with its law, and every probe with its facts."""
    known = load_checks()
    law = law_of(load_frameworks(load_policy("spbe")), known.values())
    rows = ["# Checks\n\nMade from `checks/`.\n\n"]
    rows += ["| check | severity | what is required | law |\n", "|---|---|---|---|\n"]
    for check in known.values():
        refs = ", ".join(ref.id for ref in law.get(check.id, ()))
        rows.append(f"| `{check.id}` | {check.severity} | {check.title.en} | {refs} |\n")
    return "".join(rows)


def probes() -> str:
    """Return every probe type with its facts, and the operators with the kinds they take."""
    parts = ["# Probes and operators\n\nMade from the catalogue. "]
    parts.append("A check asks probes and states what it expects of their facts.\n")
    for kind in CATALOGUE.values():
        parts.append(f"\n## {kind.name}\n\n{kind.doc.en}. Asked via {kind.via}.\n\n")
        parts += [
            f"- `{path}` ({field.kind}): {field.label.en}\n" for path, field in _facts(kind.gives)
        ]
    parts.append("\n## Operators\n\n| operator | kinds of facts |\n|---|---|\n")
    for op, kinds in OPERATORS.items():
        parts.append(f"| `{op}` | {', '.join(sorted(kinds))} |\n")
    return "".join(parts)


def _facts(field: Field, path: str = "") -> Iterator[tuple[str, Field]]:
    for name, inner in field.fields.items():
        here = f"{path}{name}"
        yield here, inner
        if inner.kind in (Kind.TABLE, Kind.RECORD):
            yield from _facts(inner, f"{here}{'[].' if inner.kind is Kind.TABLE else '.'}")


PAGES = {"commands.md": commands, "checks.md": checks, "probes.md": probes}


def main() -> int:
    """Write the pages, or say which of them are not what the code gives."""
    stale = []
    for name, make in PAGES.items():
        path, text = HERE / name, make()
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    for name in stale:
        click.echo(f"docs/{name} is not what the code gives: run `python -m docs.generate`")
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
