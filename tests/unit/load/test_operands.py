import pytest

from auditor.load.operands import operand_mistake
from auditor.model.check import Op
from auditor.model.fact import Kind
from auditor.model.operators import OPERATORS

PAIRS = [
    (op, kind) for op, kinds in OPERATORS.items() for kind in sorted(kinds, key=lambda k: k.value)
]


@pytest.mark.parametrize(("op", "kind"), PAIRS)
def test_nothing_is_never_an_operand(op, kind):
    assert operand_mistake(op, kind, None)
    assert operand_mistake(op, kind, {})


@pytest.mark.parametrize(
    ("op", "kind", "operand"),
    [
        ("eq", Kind.INT, 0),
        ("eq", Kind.BOOL, False),
        ("eq", Kind.TEXT, ""),
        ("ne", Kind.MODE, "0640"),
        ("in", Kind.TEXT, ["no", "yes"]),
        ("not_in", Kind.INT, [0]),
        ("max", Kind.INT, -1),
        ("min", Kind.DURATION, "7d"),
        ("min", Kind.DURATION, 60),
        ("matches", Kind.TEXT, r"^(a|b)+\.c$"),
        ("not_matches", Kind.VERSION, "[(]x+[)]"),
        ("starts_with", Kind.TEXT, "/"),
        ("contains", Kind.TEXTS, "x"),
        ("contains", Kind.PORTS, "22/tcp"),
        ("contains_all", Kind.TEXTS, ["x"]),
        ("subset_of", Kind.PORTS, []),
        ("subset_of", Kind.PORTS, ["53/udp"]),
        ("empty", Kind.TABLE, True),
        ("exists", Kind.RECORD, False),
        ("mode_max", Kind.MODE, "0640"),
        ("version_min", Kind.VERSION, "TLSv1.2"),
        ("older_than", Kind.TIME, "now"),
        ("written", Kind.TABLE, True),
        ("newer_than", Kind.TIME, "7d"),
        ("newer_than", Kind.TIME, 3600),
        ("newer_than", Kind.TIME, "2026-12-31"),
        ("newer_than", Kind.TIME, "2026-12-31T10:00:00+07:00"),
    ],
)
def test_what_fits_is_let_through(op, kind, operand):
    assert operand_mistake(Op(op), kind, operand) == ""


@pytest.mark.parametrize(
    ("op", "kind", "operand", "problem"),
    [
        ("eq", Kind.INT, "5", "needs a number"),
        ("eq", Kind.INT, True, "needs a number"),
        ("eq", Kind.BOOL, 1, "needs true or false"),
        ("eq", Kind.TEXT, 22, "needs a text (in quotes"),
        ("eq", Kind.TEXT, False, "needs a text (in quotes"),
        ("eq", Kind.MODE, "640", 'needs a mode: "0640"'),
        ("eq", Kind.MODE, 640, 'needs a mode: "0640"'),
        ("mode_max", Kind.MODE, "rw-r--r--", 'needs a mode: "0640"'),
        ("in", Kind.TEXT, "no", "needs a list"),
        ("in", Kind.TEXT, [], "a list that is not empty"),
        ("in", Kind.TEXT, ["no", 0], "needs a text"),
        ("not_in", Kind.TEXT, [], "a list that is not empty"),
        ("contains_none", Kind.TEXTS, [], "a list that is not empty"),
        ("contains_all", Kind.TEXTS, [], "a list that is not empty"),
        ("subset_of", Kind.PORTS, [22], "needs ports: 22/tcp"),
        ("subset_of", Kind.PORTS, "22/tcp", "needs a list"),
        ("contains", Kind.PORTS, "22", "needs ports"),
        ("max", Kind.DURATION, "7 days", "needs a duration"),
        ("max", Kind.DURATION, True, "needs a duration"),
        ("max", Kind.INT, 1.5, "needs a number"),
        ("matches", Kind.TEXT, "", "a text that is not empty"),
        ("matches", Kind.TEXT, "(", "needs a pattern (missing )"),
        ("matches", Kind.TEXT, "(a+)+$", "without a repetition inside a repetition"),
        ("not_matches", Kind.TEXT, "^(x*y?){2,}", "without a repetition inside"),
        ("matches", Kind.TEXT, 5, "a text that is not empty"),
        ("starts_with", Kind.TEXT, "", "a text that is not empty"),
        ("version_min", Kind.VERSION, 12, "a version in quotes"),
        ("version_min", Kind.VERSION, "latest", "a version in quotes"),
        ("empty", Kind.TEXTS, "yes", "needs true or false"),
        ("older_than", Kind.TIME, "soon", "needs an age"),
        ("written", Kind.TEXT, "yes", "needs true or false"),
        ("older_than", Kind.TIME, True, "needs an age"),
    ],
)
def test_what_does_not_fit_is_told(op, kind, operand, problem):
    assert problem in operand_mistake(Op(op), kind, operand)
