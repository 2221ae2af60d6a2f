from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import ConfigError
from auditor.load.decode import Written, decode, decode_each
from auditor.load.yaml import Document, parse_yaml
from auditor.model.base import Value
from auditor.model.check import Applies, Check
from auditor.model.inventory import Authority, Inventory, Opd, Target
from auditor.model.policy import Control, Entry, Policy
from auditor.probe.walk import WalkArgs


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Inner(Value, frozen=True):
    number: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1
    point: float = 0.5


class Outer(Value, frozen=True):
    inner: Inner | None = None
    open_: Mapping[str, Inner] = msgspec.field(name="open", default_factory=dict)
    nested: Mapping[str, Mapping[str, tuple[int, ...]]] = msgspec.field(default_factory=dict)
    kinds: tuple[Colour, ...] = ()
    words: tuple[Literal["a", "b"], ...] = ()
    by_colour: Mapping[Colour, int] = msgspec.field(default_factory=dict)
    short: Annotated[str, msgspec.Meta(max_length=2)] = ""
    odd: Annotated[str, msgspec.Meta(pattern="^x+$")] = "x"
    anything: Any = None


def mistake(text, kind):
    with pytest.raises(ConfigError) as caught:
        decode(parse_yaml(text, "a.yaml"), kind)
    return caught.value


@pytest.mark.parametrize(
    ("text", "place", "problem", "hint"),
    [
        ("innner: {}", (1, 1), "unknown key 'innner'", "did you mean 'inner'?"),
        ("inner:\n  nr: 1", (2, 3), "unknown key 'nr'", "known: number, point"),
        ("inner: {password: x}", (1, 9), "'password' is not read from a file", "AUDITOR_PASSWORD"),
        ("inner: {number: 0}", (1, 9), "number: 0 is too small", "at least 1"),
        ("inner: {number: 12}", (1, 9), "number: 12 is too large", "at most 9"),
        ("inner: {number: two}", (1, 9), "number: needs a number, not a text", "without quotes"),
        ("inner: {number: }", (1, 9), "number: has no value", "leave the key out"),
        ("inner: {point: [1]}", (1, 9), "point: needs a number with a point, not a list", ""),
        ("inner: 5", (1, 1), "inner: needs a mapping, not a number", ""),
        ("open: {a: {}, b: {number: 0}}", (1, 19), "number: 0 is too small", "at least 1"),
        ("open: {a: {}, b: {x: 0}}", (1, 19), "unknown key 'x'", "known: number, point"),
        ("nested: {a: {b: [1]}, c: {d: [1], e: [2, x]}}", (1, 42), "e: needs a number", ""),
        ("kinds: [red, blue]", (1, 14), "kinds: 'blue' is not possible here", "one of: red, green"),
        ("words: [c]", (1, 9), "words: 'c' is not possible here", "one of: a, b"),
        ("by_colour: {rde: 1}", (1, 13), "unknown key 'rde'", "did you mean 'red'?"),
        ("by_colour: {red: x}", (1, 13), "red: needs a number, not a text", ""),
        ("short: xxx", (1, 1), "short: 'xxx' does not have the right length", ""),
        ("odd: y", (1, 1), "odd: 'y' does not have the right form", "as in ^x+$"),
        ("odd: " + "y" * 99, (1, 1), f"odd: '{'y' * 59}… does not", "as in ^x+$"),
        ("- inner", (1, 1), "needs a mapping, not a list", "write a mapping"),
        ("kinds: red", (1, 1), "kinds: needs a list, not a text", "write a list: [a, b]"),
    ],
)
def test_a_misfit_is_told_with_place_problem_and_hint(text, place, problem, hint):
    error = mistake(text, Outer)

    assert (error.line, error.column) == place
    assert error.problem.startswith(problem)
    assert hint in error.hint


@pytest.mark.parametrize(
    ("text", "kind", "problem", "hint"),
    [
        ("{id: a, opd: b}", Target, "the key 'address' is missing", ""),
        ("{id: Web 1, opd: b, address: c}", Target, "id: 'Web 1' does not", "small letters"),
        ("{id: a, opd: b, address: http://c}", Target, "address: 'http://c'", "without http://"),
        ("{id: a, opd: b, address: c, ports: [22]}", Target, "ports: needs a text", "22/tcp"),
        ('{id: a, opd: b, address: c, ports: ["22"]}', Target, "ports: '22'", "22/tcp"),
        ("{id: a, opd: b, address: c, local: yes}", Target, "local: needs true", "true or false"),
        ("{id: a, opd: b, address: c, kind: vm}", Target, "kind: 'vm'", "server, site, domain"),
        ('{id: "a\\n", opd: b, address: c}', Target, "id: 'a\\n' does not", "small letters"),
        ('{id: a, opd: b, address: "c\\n"}', Target, "address: 'c\\n' does not", "without http"),
        ("{letter: '', date: a, valid_until: b, scope: {}}", Authority, "letter: is empty", ""),
        ("{letter: a, date: 1 May, valid_until: b, scope: {}}", Authority, "date: '1 May'", "2026"),
        ("{letter: a, date: 2026, valid_until: b, scope: {}}", Authority, "date: needs a", "2026"),
        ("{package: 3}", Applies, "package: needs a text or a list, not a number", "in quotes"),
        ("{for: {opd: x}}", Entry, "opd: needs a list, not a text", "write a list"),
        (
            "{id: x, title: {id: a, en: b}, checks: [], weights: {hihg: 1}}",
            Policy,
            "unknown",
            "'high'",
        ),
        (
            "{id: x:y, article: a, text: {id: a, en: b}, mark: unsure, source: s}",
            Control,
            "id: 'x:y' does not have the right form",
            "BSSN-4-2021:27.8.a",
        ),
    ],
)
def test_the_model_s_own_forms_have_their_words(text, kind, problem, hint):
    error = mistake(text, kind)

    assert error.problem.startswith(problem)
    assert hint in error.hint


def test_a_list_with_a_least_length_has_its_words():
    error = mistake("find: [suids]", WalkArgs)

    assert (error.line, error.column) == (1, 8)
    assert error.problem == "find: 'suids' is not possible here"
    assert "suid" in error.hint


def test_a_path_into_a_list_of_mappings_has_its_line():
    text = "- {}\n- inner:\n    number: x\n"
    document = parse_yaml(text, "a.yaml")

    with pytest.raises(ConfigError, match=r"a.yaml:3:5: number: needs a number"):
        decode(document, Outer, (1,))


def test_a_value_in_place_of_the_document_s_keeps_the_document_s_lines():
    document = parse_yaml("a: 1\ninner: {}\n", "a.yaml")

    with pytest.raises(ConfigError, match=r"a.yaml:2:1: inner: needs a mapping"):
        decode(document, Outer, (), {"inner": 5})


def test_what_stands_nowhere_in_the_document_points_to_the_nearest_above():
    document = parse_yaml("a:\n  b: 1\n", "a.yaml")

    with pytest.raises(ConfigError, match=r"a.yaml:1:1: inner: needs a mapping"):
        decode(document, Outer, ("a",), {"inner": 5})


def test_every_bad_item_of_a_list_is_told_and_the_good_ones_are_kept():
    document = parse_yaml("opds:\n- {id: a, name: A}\n- {id: B}\n- 7\n- {id: c, name: C}\n", "f")
    errors = []

    found = decode_each(document, Opd, ("opds",), document.value["opds"], errors)

    assert {number: opd.id for number, opd in found.items()} == {0: "a", 3: "c"}
    assert [(error.line, error.problem) for error in errors] == [
        (3, "id: 'B' does not have the right form"),
        (4, "opds: needs a mapping, not a number"),
    ]


def test_a_written_value_points_into_its_document():
    document = parse_yaml("- a: 1\n- b:\n    c: 2\n", "f")

    assert str(Written(None, document, (1,)).mistake(("b", "c"), "is odd")) == "f:3:5: is odd"


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "name", "opds", "inner", "open", "nested", "kinds", "ssh", "`x`"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(TREES, st.sampled_from([Outer, Inventory, Target, Check, Policy, Applies]))
def test_any_tree_becomes_a_value_or_a_mistake(tree, kind):
    try:
        decode(Document("a.yaml", tree), kind)
    except ConfigError as error:
        problem = error.problem
    else:
        problem = "none"

    assert problem
