import pytest

from auditor.load.checks import read_document
from auditor.load.decode import Written, decode
from auditor.load.lint_policy import asked, lint_policies
from auditor.model.policy import Entry, Policy
from tests.unit.load.written import CHECK, POLICY, broken, document

CHECKS = {
    written.value.id: written.value
    for written in read_document(document(CHECK + CHECK.replace("number", "other")), [])
}


def linted(text):
    policy = Written(decode(document(text), Policy), document(text))
    return lint_policies([policy], CHECKS)


def entry(words):
    return broken(POLICY, "- use: world.*", f"- {words}")


def test_a_good_policy_has_no_mistake():
    assert linted(POLICY) == ()


def test_a_drop_with_a_reason_is_good():
    assert linted(entry("{drop: world.other, why: not here}")) == ()


@pytest.mark.parametrize(
    ("words", "column", "problem", "hint"),
    [
        ("use: wrld.*", 5, "no check fits 'wrld.*'", "known: world.number"),
        ("{drop: zzz, why: x}", 6, "no check fits 'zzz'", "known: world.number, world.other"),
        ("why: nothing", 5, "an entry has either use or drop", "ssh.*"),
        ("{use: world.*, drop: world.*}", 5, "an entry has either use or drop", "ssh.*"),
        ("{drop: world.*}", 5, "drop: world.* does not say why", "write why"),
        ("{drop: world.*, why: ' '}", 5, "does not say why", "write why"),
        ("{drop: world.*, why: x, params: {most: 1}}", 5, "takes no params", ""),
        ("{drop: world.*, why: x, severity: low}", 5, "takes no params and no severity", ""),
        ("{use: world.*, params: {mots: 1}}", 29, "world.number: unknown parameter", "most"),
        ("{use: world.*, params: {most: x}}", 29, "world.number: parameter 'most'", ""),
        ("{use: world.*, for: {kind: [servr]}}", 26, "for: there is no kind 'servr'", "'server'?"),
        ("{use: world.*, for: {kategori_se: [x]}}", 26, "no kategori_se 'x'", "known: rendah"),
    ],
)
def test_a_mistake_in_an_entry_is_told_at_its_place(words, column, problem, hint):
    (error,) = linted(entry(words))

    assert (error.line, error.column) == (5, column)
    assert problem in error.problem
    assert hint in error.hint


OTHER = CHECK.replace("number", "other").replace("  params: {most: {type: int, default: 4}}\n", "")


def test_the_params_of_a_glob_are_for_the_checks_that_know_them():
    other = broken(OTHER, "max: $most", "max: 4")
    checks = {
        written.value.id: written.value for written in read_document(document(CHECK + other), [])
    }

    def told(words):
        policy = Written(decode(document(entry(words)), Policy), document(entry(words)))
        return [error.problem for error in lint_policies([policy], checks)]

    assert told("{use: world.*, params: {most: 3}}") == []
    assert "world.number: parameter 'most'" in told("{use: world.*, params: {most: x}}")[0]
    assert "unknown parameter 'least'" in told("{use: world.*, params: {least: 3}}")[0]
    assert "unknown parameter 'most'" in told("{use: world.other, params: {most: 3}}")[0]


COMMAND = broken(CHECK, "{world: {}}", "{command: {argv: [uname, -r]}}")


def test_a_check_that_runs_a_program_needs_leave():
    checks = {one.value.id: one.value for one in read_document(document(COMMAND), [])}

    def told(text):
        written = Written(decode(document(text), Policy), document(text))
        return [(e.line, e.problem) for e in lint_policies([written], checks)]

    assert told(POLICY) == [
        (5, "world.number runs a program on targets"),
        (6, "world.number runs a program on targets"),
    ]
    assert told(f"{POLICY}allow_commands: true\n") == []


def test_a_weight_below_nothing_is_refused():
    (error,) = linted(f"{POLICY}weights: {{high: -1, low: 0}}\n")

    assert (error.line, error.problem) == (7, "the weight of high is below 0")


def test_an_entry_asks_the_checks_that_its_glob_fits():
    assert asked(Entry(use="*.o*"), CHECKS) == ["world.other"]
