import re

import msgspec
import pytest

from auditor.model.fact import Why
from auditor.probe import command
from auditor.probe.command import CommandArgs
from tests.unit.probe.asking import parse, why


def asked(text, **more):
    args = CommandArgs(argv=("tool", "-x"), **more)
    return parse(command, text, args=args, rc=3)


def test_words_are_passed_as_they_are():
    one = CommandArgs(argv=("tool", "a b", "$(x)", "'"), timeout=5)
    (section,) = command.PROBE.sections([one, msgspec.structs.replace(one, parser="kv")])
    assert section.text == "t 5 tool 'a b' '$(x)' ''\"'\"''"
    assert section.root is False

    two = msgspec.structs.replace(one, root=True)
    assert [s.root for s in command.PROBE.sections([one, two])] == [False, True]


@pytest.mark.parametrize(
    "argv",
    [
        ["sh", "-c", "x"],
        ["/bin/bash"],
        ["env", "x"],
        ["sudo", "x"],
        ["python3.11"],
        ["busybox"],
        ["A=b", "x"],
        ["-x"],
        [],
        [""],
        ["a\nb"],
        ["x"] * 41,
    ],
)
def test_what_runs_other_programs_is_refused(argv):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"argv": argv}, CommandArgs)


@pytest.mark.parametrize(
    ("parser", "pattern"),
    [("lines", "x"), ("regex", ""), ("regex", "("), ("regex", "(a+)+"), ("regex", "(a*)*b")],
)
def test_patterns_that_mean_nothing_or_never_end_are_refused(parser, pattern):
    words = {"argv": ["x"], "parser": parser, "pattern": pattern}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(words, CommandArgs)


def test_the_parsers():
    assert asked("a\n\n b\n") == {"status": 3, "lines": ["a", " b"]}
    assert asked("a = 1\nb: x y\n???\n", parser="kv")["values"] == {"a": "1", "b": "x y"}
    nested = '{"a": {"b": [1, "x"]}, "c": null, "d": true}'
    assert asked(nested, parser="json")["values"] == {
        "a.b.0": "1",
        "a.b.1": "x",
        "c": "null",
        "d": "true",
    }
    deep = '{"a":' * 10 + "1" + "}" * 10
    assert asked(deep, parser="json")["values"] == {}
    assert asked("id=7\nno\nid=", parser="regex", pattern="id=(.)?")["matches"] == ["7", ""]
    assert asked("x1 x2", parser="regex", pattern="x[0-9]")["matches"] == ["x1"]


@pytest.mark.parametrize("text", ["{", "[" * 100_000, ""])
def test_no_json_is_not_taken_for_an_empty_one(text):
    args = CommandArgs(argv=("x",), parser="json")

    assert why(command, text, args=args) is Why.UNREADABLE


def test_what_is_missing_or_endless_was_not_seen():
    args = CommandArgs(argv=("x",))

    assert why(command, "", args=args, rc=127) is Why.UNSUPPORTED
    assert why(command, "", args=args, rc=124) is Why.TIMEOUT
    assert why(command, "x\n" * (command.MOST + 1), args=args) is Why.CUT
    assert re.fullmatch("command_[0-9a-f]{16}", command.PROBE.sections([args])[0].key)
