import re
from pathlib import Path

import jsonschema
import pytest

from auditor.load.schema import (
    check_schema,
    framework_schema,
    inventory_schema,
    policy_schema,
    questionnaire_schema,
    waivers_schema,
)
from auditor.load.yaml import parse_yaml, read_yaml
from auditor.probe.catalogue import CATALOGUE
from tests.unit.load.written import CHECK, FRAMEWORK, INVENTORY, POLICY, broken

ROOT = Path(__file__).parents[3]
SCHEMAS = {
    "inventory": inventory_schema(),
    "policy": policy_schema(),
    "framework": framework_schema(),
    "questionnaire": questionnaire_schema(),
    "waivers": waivers_schema(),
    "check": check_schema(CATALOGUE),
}


def mistakes(kind, value):
    validator = jsonschema.Draft202012Validator(SCHEMAS[kind])
    return [error.message for error in validator.iter_errors(value)]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_one(kind):
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[kind])


def patterns(part):
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "pattern" and isinstance(value, str):
                yield value
            else:
                yield from patterns(value)
    if isinstance(part, list):
        for one in part:
            yield from patterns(one)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_patterns_are_such_that_javascript_knows(kind):
    for pattern in patterns(SCHEMAS[kind]):
        assert "\\Z" not in pattern
        assert re.compile(pattern)


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("check", "checks/**/*.yaml"),
        ("policy", "policies/*.yaml"),
        ("framework", "policies/frameworks/*.yaml"),
        ("questionnaire", "policies/questionnaires/*.yaml"),
    ],
)
def test_what_ships_fits_its_schema(kind, files):
    found = sorted(ROOT.glob(files))

    assert found
    for path in found:
        assert mistakes(kind, read_yaml(path).value) == [], path


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("inventory", INVENTORY),
        ("inventory", f"defaults: {{ssh: {{user: ops}}, zone: default}}\n{INVENTORY}"),
        ("policy", POLICY),
        ("framework", FRAMEWORK),
    ],
)
def test_what_is_read_fits_its_schema(kind, text):
    assert mistakes(kind, parse_yaml(text, "f").value) == []


@pytest.mark.parametrize(
    ("kind", "text", "part", "by"),
    [
        ("inventory", INVENTORY, "opd: dinkes", "opdd: dinkes"),
        ("inventory", INVENTORY, "443/tcp", "443"),
        ("inventory", INVENTORY, "id: web1", "id: Web 1"),
        ("policy", POLICY, "checks:", "cheks:"),
        ("framework", FRAMEWORK, "mark: official\n    source: K1", "mark: sure\n    source: K1"),
    ],
)
def test_what_is_refused_does_not_fit(kind, text, part, by):
    assert mistakes(kind, parse_yaml(broken(text, part, by), "f").value)


def a_check(probe, expect):
    text = broken(CHECK, "{w: {world: {}}}", probe)
    return parse_yaml(broken(text, "[{w.number: {max: $most}}]", expect), "f").value


@pytest.mark.parametrize(
    ("probe", "expect"),
    [
        ("{f: {file: {path: /etc/x, content: kv}}}", "{f.mode: {mode_max: '0640'}}"),
        ("{f: {file: {path: $path}}}", "[{any: [{f.exists: {eq: false}}, {f.size: {max: 3}}]}]"),
        ("{p: {package: {name: [a]}}}", "[{none: {each: p.packages, where: {x: {eq: 1}}}}]"),
        ("{p: {os: {}}, q: {sshd: {}}}", "[{count: {each: p.t, min: 1, max: 3}}]"),
    ],
)
def test_the_grammar_of_checks_is_in_the_schema(probe, expect):
    assert mistakes("check", a_check(probe, expect)) == []


@pytest.mark.parametrize(
    ("probe", "expect"),
    [
        ("{f: {fil: {}}}", "[{f.x: {eq: 1}}]"),
        ("{f: {file: {pth: x}}}", "[{f.x: {eq: 1}}]"),
        ("{f: {file: {path: relative}}}", "[{f.x: {eq: 1}}]"),
        ("{f: {file: {path: /x, content: all}}}", "[{f.x: {eq: 1}}]"),
        ("{f: {os: {}, sshd: {}}}", "[{f.x: {eq: 1}}]"),
        ("{}", "[{f.x: {eq: 1}}]"),
        ("{f: {os: {}}}", "[]"),
        ("{f: {os: {}}}", "[{f.x: {eqq: 1}}]"),
        ("{f: {os: {}}}", "[{f.x: {}}]"),
        ("{f: {os: {}}}", "[{f.x: {in: a}}]"),
        ("{f: {os: {}}}", "[{f.x: {exists: maybe}}]"),
        ("{f: {os: {}}}", "[{any: []}]"),
        ("{f: {os: {}}}", "[{none: {where: {x: {eq: 1}}}}]"),
        ("{f: {os: {}}}", "[{count: [{f.x: {eq: 1}}]}]"),
        ("{f: {os: {}}}", "[{any: {each: f.t, min: 3}}]"),
    ],
)
def test_what_the_grammar_does_not_know_is_refused(probe, expect):
    assert mistakes("check", a_check(probe, expect))


def test_editors_show_what_a_probe_asks():
    probe = SCHEMAS["check"]["$defs"]["Probe"]["properties"]["package"]

    assert " / " in probe["description"]
