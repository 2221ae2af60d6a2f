import json

import pytest

from auditor.errors import ExitCode


@pytest.mark.parametrize("kind", ["inventory", "check", "policy", "framework", "run"])
def test_a_schema_is_printed(auditor, kind):
    code, out, err = auditor("schema", kind)

    assert (code, err) == (0, "")
    assert json.loads(out)["$schema"].startswith("https://json-schema.org/")


def test_the_schema_of_checks_knows_every_probe(auditor):
    schema = json.loads(auditor("schema", "check").out)

    assert {"sshd", "file", "tls"} <= set(schema["$defs"]["Probe"]["properties"])


def test_another_kind_is_refused(auditor):
    assert auditor("schema", "other").code == ExitCode.USAGE


def test_the_help_has_an_example(auditor):
    assert "auditor schema inventory" in auditor("schema", "--help").out
