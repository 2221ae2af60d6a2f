"""JSON Schemas of the files that people write, for editors; made from the model and the probes."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from auditor.load.inventory import InventoryFile
from auditor.model.attest import Questionnaire
from auditor.model.check import Check, Op
from auditor.model.policy import Framework, Policy
from auditor.model.waiver import Waiver
from auditor.plan import Catalogue
from auditor.probe.base import ProbeType

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_REF = "#/$defs/{name}"
_PARAM: Schema = {"type": "string", "pattern": r"^\$", "description": "$param or $target.field"}
_EXPECT_TYPES = ("Assertion", "Group", "Each")


def inventory_schema() -> Schema:
    """Return the schema of inventory.yaml."""
    return _schema(InventoryFile, "Inventory of the auditor")


def policy_schema() -> Schema:
    """Return the schema of a policy."""
    return _schema(Policy, "Policy of the auditor")


def framework_schema() -> Schema:
    """Return the schema of a framework."""
    return _schema(Framework, "Framework of the auditor")


def questionnaire_schema() -> Schema:
    """Return the schema of a questionnaire."""
    return _schema(Questionnaire, "Questionnaire of the auditor")


def waivers_schema() -> Schema:
    """Return the schema of waivers.yaml."""
    return _schema(tuple[Waiver, ...], "Waivers of the auditor")


def check_schema(catalogue: Catalogue) -> Schema:
    """Return the schema of a file of checks: a list, with the arguments of every probe type."""
    kinds = [probe.args for probe in catalogue.values()]
    _, defs = msgspec.json.schema_components((Check, *kinds), ref_template=_REF)
    for name in _EXPECT_TYPES:
        defs.pop(name, None)
    for kind in kinds:
        defs[kind.__name__] = _with_params(defs[kind.__name__])
    check = defs["Check"]["properties"]
    check["expect"] = check["when"] = {"$ref": "#/$defs/Expect"}
    check["probe"] = {
        "type": "object",
        "minProperties": 1,
        "description": "alias: {probe type: arguments}",
        "additionalProperties": {"$ref": "#/$defs/Probe"},
    }
    defs["Probe"] = _probe(catalogue.values())
    defs |= _grammar()
    top = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Check"}}
    return _finished(top, defs, "Checks of the auditor")


def _schema(kind: Any, title: str) -> Schema:
    (top,), defs = msgspec.json.schema_components((kind,), ref_template=_REF)
    return _finished(top, defs, title)


def _finished(top: Schema, defs: Mapping[str, Schema], title: str) -> Schema:
    return portable({"title": title, **top, "$defs": dict(defs)})


def portable(schema: Schema) -> Schema:
    """Return a schema that says its dialect and that every language's validator can read."""
    return {"$schema": DIALECT, **_portable(schema)}


def _portable(part: Any) -> Any:
    r"""Rewrite patterns for JavaScript, which knows no `\Z`, and docstrings for editors."""
    if isinstance(part, dict):
        return {key: _portable_entry(key, value) for key, value in part.items()}
    return [_portable(one) for one in part] if isinstance(part, list) else part


def _portable_entry(key: str, value: Any) -> Any:
    if key == "pattern" and isinstance(value, str):
        return value.replace(r"\Z", "$")
    if key == "description" and isinstance(value, str):
        return inspect.cleandoc(value)
    return _portable(value)


def _with_params(args: Schema) -> Schema:
    """Return the schema of arguments, each of which may be a parameter."""
    properties = {
        name: {"anyOf": [schema, _PARAM]} for name, schema in args.get("properties", {}).items()
    }
    return {**args, "properties": properties}


def _probe(types: Iterable[ProbeType]) -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": {
            one.name: {
                "$ref": _REF.format(name=one.args.__name__),
                "description": f"{one.doc.id} / {one.doc.en}",
            }
            for one in types
        },
    }


def _grammar() -> Mapping[str, Schema]:
    """Return the forms of `expect`."""
    expect: Schema = {"$ref": "#/$defs/Expect"}
    table: Schema = {"type": "string", "minLength": 1, "description": "alias.table"}
    number: Schema = {"type": "integer", "minimum": 0}
    each: Schema = {"each": table, "where": expect, "that": expect}
    some: Schema = {"anyOf": [_list_of_expectations(), {"$ref": "#/$defs/Each"}]}
    return {
        "Expect": {"anyOf": [_list_of_expectations(), {"$ref": "#/$defs/Expectation"}]},
        "Expectation": {
            "type": "object",
            "minProperties": 1,
            "properties": {
                "all": some,
                "any": some,
                "none": some,
                "count": {"$ref": "#/$defs/Count"},
            },
            "additionalProperties": {"$ref": "#/$defs/Operators"},
        },
        "Operators": {
            "type": "object",
            "minProperties": 1,
            "properties": {op.value: _operand(op) for op in Op},
            "additionalProperties": False,
        },
        "Each": _record(each, ["each"]),
        "Count": _record({**each, "min": number, "max": number}, ["each"]),
    }


def _list_of_expectations() -> Schema:
    return {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Expectation"}}


def _record(properties: Schema, required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _operand(op: Op) -> Schema:
    if op in (Op.EMPTY, Op.EXISTS, Op.WRITTEN):
        return {"anyOf": [{"type": "boolean"}, _PARAM]}
    if op in (Op.IN, Op.NOT_IN, Op.CONTAINS_ALL, Op.CONTAINS_NONE, Op.SUBSET_OF):
        return {"anyOf": [{"type": "array"}, _PARAM]}
    if op in (Op.EQ, Op.NE, Op.MIN, Op.MAX, Op.OLDER_THAN, Op.NEWER_THAN):
        return {"type": ["string", "integer", "boolean"]}
    return {"type": "string"}
