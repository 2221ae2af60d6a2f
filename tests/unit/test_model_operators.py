import pytest

from auditor.model.check import Op
from auditor.model.fact import Kind
from auditor.model.operators import OPERATORS, operators_for


def test_every_operator_says_which_kinds_it_takes():
    assert set(OPERATORS) == set(Op)
    assert all(OPERATORS.values())


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_can_be_asked_something(kind):
    assert Op.EXISTS in operators_for(kind)


@pytest.mark.parametrize(
    ("op", "kind", "fits"),
    [
        (Op.MODE_MAX, Kind.MODE, True),
        (Op.MODE_MAX, Kind.TEXT, False),
        (Op.MIN, Kind.DURATION, True),
        (Op.MIN, Kind.TEXT, False),
        (Op.EQ, Kind.TABLE, False),
        (Op.EQ, Kind.TEXTS, False),
        (Op.IN, Kind.DURATION, False),
        (Op.MATCHES, Kind.TEXTS, False),
        (Op.SUBSET_OF, Kind.PORTS, True),
        (Op.EMPTY, Kind.RECORD, False),
        (Op.OLDER_THAN, Kind.INT, False),
    ],
)
def test_an_operator_takes_only_kinds_that_it_can_judge(op, kind, fits):
    assert (op in operators_for(kind)) is fits
