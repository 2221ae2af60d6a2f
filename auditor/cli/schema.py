"""`auditor schema`: JSON Schemas for editors and for consumers of the JSON report."""

from typing import Any

import click
import msgspec

KINDS = (
    *("inventory", "check", "policy", "framework", "questionnaire", "waivers"),
    *("run", "patches", "verdicts"),
)


@click.command(
    epilog="""\b
Examples:
  auditor schema inventory > inventory.schema.json
  auditor schema run                  of the report's JSON, auditor-run/1
  auditor schema patches              of `auditor patches --format json`

\b
Editors with a YAML language server read the first line of a file:
  # yaml-language-server: $schema=./inventory.schema.json
"""
)
@click.argument("kind", type=click.Choice(KINDS))
def schema(kind: str) -> None:
    """Print the JSON Schema of a kind of file."""
    text = msgspec.json.format(msgspec.json.encode(_schema(kind)), indent=2)
    click.echo(text.decode())


def _schema(kind: str) -> dict[str, Any]:
    from auditor.load import schema as schemas

    if kind == "run":
        from auditor.render import json_v1

        return schemas.portable(json_v1.schema())
    if kind == "patches":
        from auditor.render import patches_v1

        return schemas.portable(patches_v1.schema())
    if kind == "verdicts":
        from auditor.render import verdicts_v1

        return schemas.portable(verdicts_v1.schema())
    if kind == "check":
        from auditor.probe.catalogue import CATALOGUE

        return schemas.check_schema(CATALOGUE)
    made: dict[str, Any] = getattr(schemas, f"{kind}_schema")()
    return made
