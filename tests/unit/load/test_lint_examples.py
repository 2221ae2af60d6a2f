import pytest

from auditor.load.checks import read_document
from auditor.load.lint_examples import lint_examples
from tests.unit.evaluate.world import WORLD
from tests.unit.load.written import CHECK, broken, document


def linted(text):
    errors = []
    (written,) = read_document(document(text), errors)
    assert not errors
    return list(lint_examples(written, {"w": WORLD}))


def given(words):
    return broken(CHECK, "{w: {number: 3}}", words)


@pytest.mark.parametrize(
    "words",
    [
        "{w: {number: 3, word: x, words: [], ports: [22/tcp], mode: '0640', kv: {any: x}}}",
        "{w: {users: [{name: a, uid: 0}], rows: [], inner: {number: 1}}}",
        "{w: {gap: needs_root}}",
        "{w: {number: 3, gap: {why: timeout, detail: slow}}}",
        "{w: {number: 3, inner: {gap: {why: timeout, detail: slow}}}}",
        "{w: {number: 3, places: {number: '/etc/x:3'}}}",
        "{w: {seen: '2026-11-24T01:00:00+00:00', age: 60}}",
        "{}",
    ],
)
def test_what_the_probe_could_answer_is_let_through(words):
    assert linted(given(words)) == []


@pytest.mark.parametrize(
    ("words", "problem", "hint"),
    [
        ("{v: {number: 3}}", "'v' is no probe of this check", "known: w"),
        ("{w: {numbr: 3}}", "there is no fact 'w.numbr'", "did you mean 'number'?"),
        ("{w: {number: '3'}}", "w.number is missing or not of type int", ""),
        ("{w: {mode: '640'}}", "w.mode is missing or not of type mode", ""),
        ("{w: {seen: yesterday}}", "w.seen is missing or not of type time", ""),
        ("{w: {ports: [22]}}", "w.ports is missing or not of type ports", ""),
        ("{w: {users: [{uid: 1}]}}", "w.users[0].name is missing or not of type text", ""),
        ("{w: {users: [{name: a, x: 1}]}}", "there is no fact 'w.users[0].x'", "known: cert"),
        ("{w: {users: [{name: a}, {name: b, uid: x}]}}", "w.users[1].uid is missing or not", ""),
        ("{w: {inner: {x: 1}}}", "there is no fact 'w.inner.x'", "known: number"),
        ("{w: {inner: 5}}", "w.inner is missing or not of type record", ""),
        ("{w: [1]}", "w is missing or not of type record", ""),
        ("{w: 5}", "w is missing or not of type record", ""),
        ("{w: {gap: nedes_root}}", "there is no gap 'nedes_root'", "'needs_root'?"),
        ("{w: {gap: timeout, number: 3}}", "a gap stands alone", "{gap: {why: …"),
        ("{w: {gap: {why: x}}}", "there is no fact 'w.gap'", ""),
    ],
)
def test_what_the_probe_could_not_answer_is_told(words, problem, hint):
    (error,) = linted(given(words))

    assert (error.line, error.problem.split(": ")[0]) == (11, "world.number")
    assert problem in error.problem
    assert hint in error.hint


@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_both_verdicts_are_shown(verdict):
    text = broken(CHECK, f"verdict: {verdict}", "verdict: error")

    (error,) = linted(text)

    assert (error.line, error.column) == (10, 3)
    assert f"there is no example with verdict {verdict}" in error.problem


def test_a_check_without_examples_is_told_twice():
    text = CHECK[: CHECK.index("  tests:")]

    assert [error.line for error in linted(text)] == [1, 1]


def test_examples_have_names_of_their_own():
    (error,) = linted(broken(CHECK, "name: many", "name: few"))

    assert (error.line, error.column) == (12, 8)
    assert "'few' is given twice" in error.problem


@pytest.mark.parametrize(
    ("more", "problem", "hint"),
    [
        ("params: {mots: 3}", "unknown parameter 'mots'", "the check knows: most"),
        ("params: {most: x}", "'x' is not of type int", ""),
        ("target: {prts: []}", "unknown key 'prts'", "'ports'?"),
        ("target: {ports: [22]}", "ports: needs a text", "22/tcp"),
    ],
)
def test_parameters_and_target_of_an_example_are_looked_at(more, problem, hint):
    (error,) = linted(broken(CHECK, "name: few", f"name: few, {more}"))

    assert error.line == 11
    assert problem in error.problem
    assert hint in error.hint
