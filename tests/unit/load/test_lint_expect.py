import pytest

from auditor.examples import ORDINARY
from auditor.load.checks import read_document
from auditor.load.lint_expect import Known, lint_expect, look
from tests.unit.evaluate.world import WORLD
from tests.unit.load.written import CHECK, broken, document

PARAMS = {"most": 4, "names": ["a"], "none": [], "age": 86_400, "explicit": False}


def linted(expect):
    text = broken(CHECK, "[{w.number: {max: $most}}]", expect)
    errors = []
    (written,) = read_document(document(text), errors)
    assert not errors
    return list(lint_expect(written, Known(facts={"w": WORLD}, params=PARAMS, target=ORDINARY)))


@pytest.mark.parametrize(
    "expect",
    [
        "[{w.number: {max: $most, min: 1}}, {w.inner.number: {in: [1, 2]}}]",
        "[{w.ports: {subset_of: $target.ports}}, {w.words: {contains_none: $names}}]",
        "[{w.seen: {newer_than: 3d}}, {w.seen: {older_than: now}}, {w.age: {max: $age}}]",
        "[{any: [{w.flag: {eq: true}}, {w.word: {matches: '^a+$'}}]}]",
        "[{all: {each: w.users, where: {uid: {eq: 0}}, that: {cert.days_left: {min: 3}}}}]",
        "[{count: {each: w.rows, max: 0}}, {w.kv.anything: {eq: x}}, {w.kv: {exists: true}}]",
        "[{w.number: {min: 1, written: $explicit}}, {w.word: {written: true}}]",
        "[{w.words: {subset_of: $none}}, {w.users: {empty: false}}]",
    ],
)
def test_what_fits_is_let_through(expect):
    assert linted(expect) == []


@pytest.mark.parametrize(
    ("expect", "column", "problem", "hint"),
    [
        ("[{w.numbr: {eq: 1}}]", 23, "there is no fact 'w.numbr'", "did you mean 'number'?"),
        ("[{v.number: {eq: 1}}]", 24, "there is no fact 'v.number'", "known: w"),
        ("[{w: {eq: 1}}]", 17, "w is of type record, eq does not fit it", "fitting: exists"),
        ("[{w.number.x: {eq: 1}}]", 26, "there is no fact", "w.number is of type int and has no"),
        ("[{w.users.name: {eq: x}}]", 28, "there is no fact", "w.users is a table: ask it by each"),
        ("[{w.kv.a.b: {eq: x}}]", 24, "there is no fact", "w.kv.a is of type text and has no"),
        (
            "[{w.number: {matches: x}}]",
            24,
            "of type int, matches does not fit",
            "eq, ne, in, not_in",
        ),
        ("[{w.number: {max: x}}]", 24, "w.number: max needs a number, not 'x'", ""),
        ("[{w.number: {max: $least}}]", 24, "'$least' is neither a parameter", "$target.ports"),
        ("[{w.words: {contains_none: $none}}]", 23, "needs a list that is not empty, not []", ""),
        ("[{none: {each: w.user, that: {x: {eq: 1}}}}]", 13, "no fact 'w.user'", "'users'?"),
        ("[{none: {each: w.word, that: {x: {eq: 1}}}}]", 13, "w.word is no table but of", ""),
        ("[{none: {each: w.users, that: {nam: {eq: x}}}}]", 48, "no fact 'nam'", "'name'?"),
        ("[{w.word: {written: false}}]", 22, "written: false demands nothing", "such as $explicit"),
        ("[{any: [{w.flag: {eq: yes}}]}]", 29, "eq needs true or false, not 'yes'", ""),
    ],
)
def test_what_does_not_fit_is_told_at_its_place(expect, column, problem, hint):
    (error,) = linted(expect)

    assert (error.line, error.column) == (8, column)
    assert problem in error.problem
    assert hint in error.hint


def test_every_part_of_a_statement_is_looked_at():
    errors = linted(
        "[{none: {each: w.users, where: [{x: {eq: 1}}, {uid: {eq: y}}], that: {z: {eq: 1}}}}, "
        "{all: [{w.q: {eq: 1}}, {any: [{w.r: {eq: 1}}]}]}]"
    )

    assert [error.problem.split(": ", 1)[1] for error in errors] == [
        "there is no fact 'x'",
        "uid: eq needs a number, not 'y'",
        "there is no fact 'z'",
        "there is no fact 'w.q'",
        "there is no fact 'w.r'",
    ]


def test_an_empty_path_is_no_fact():
    assert look({"w": WORLD}, "") == (None, "known: w")
    assert look({"w": WORLD}, "w.")[0] is None
