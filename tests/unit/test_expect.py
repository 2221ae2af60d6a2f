import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.check import Assertion, Each, Group, Op, Quantifier
from auditor.model.expect import ExpectError, place_expect, read_expect


def that(path, op, operand):
    return Assertion(path=path, op=Op(op), operand=operand)


@pytest.mark.parametrize("nothing", [[], {}, None, "", "sshd.port", 22, [[]], [{}], [None], ["x"]])
def test_an_expectation_of_nothing_is_refused(nothing):
    with pytest.raises(ExpectError):
        read_expect(nothing)


@pytest.mark.parametrize(
    ("raw", "at", "problem"),
    [
        ([], (), "expects nothing"),
        ([{"a.b": {"eq": 1}}, {}], (1,), "is no expectation"),
        ([{"": {"eq": 1}}], (0, ""), "name of a fact is missing"),
        ([{"a.b": {}}], (0, "a.b"), "an operator is missing"),
        ([{"a.b": 5}], (0, "a.b"), "an operator is missing"),
        ([{"a.b": {"equals": 5}}], (0, "a.b", "equals"), "there is no operator 'equals'"),
        ([{"a.b": {"eq": None}}], (0, "a.b", "eq"), "no value to compare with"),
        ([{"any": []}], (0, "any"), "expects nothing"),
        ([{"any": {}}], (0, "any"), "any needs {each: alias.table, …} or a list"),
        ([{"all": {"a.b": {"eq": 1}}}], (0, "all"), "all needs {each"),
        ([{"none": "x"}], (0, "none"), "none needs {each"),
        ([{"count": [{"a.b": {"eq": 1}}]}], (0, "count"), "count needs {each: alias.table, …}"),
        ([{"any": [{"a.b": {"eq": 1}}, 3]}], (0, "any", 1), "is no expectation"),
        ([{"any": {"each": "a.t"}}], (0, "any"), "any needs where or that"),
        ([{"none": {"each": "a.t"}}], (0, "none"), "none needs where or that"),
        ([{"all": {"each": "a.t", "where": {"x": {"eq": 1}}}}], (0, "all"), "all needs that"),
        ([{"none": {"each": "a.t", "where": {}}}], (0, "none", "where"), "is no expectation"),
        ([{"none": {"each": "a.t", "that": []}}], (0, "none", "that"), "expects nothing"),
        ([{"none": {"each": 5, "that": {"x": {"eq": 1}}}}], (0, "none", "each"), "names a table"),
        ([{"none": {"each": "", "that": {"x": {"eq": 1}}}}], (0, "none", "each"), "names a table"),
        ([{"none": {"each": "a", "when": {}}}], (0, "none", "when"), "unknown key 'when'"),
        (
            [{"none": {"each": "a", "where": {"x": {"eq": 1}}, "max": 1}}],
            (0, "none"),
            "min and max go with count",
        ),
        (
            [{"any": {"each": "a", "where": {"x": {"eq": 1}}, "min": 1}}],
            (0, "any"),
            "min and max go with count",
        ),
        ([{"count": {"each": "a"}}], (0, "count"), "count needs max, or min from 1"),
        ([{"count": {"each": "a", "min": 0}}], (0, "count"), "could not fail"),
        ([{"count": {"each": "a", "min": 3, "max": 2}}], (0, "count"), "at least 3 and at most 2"),
        ([{"count": {"each": "a", "min": "3"}}], (0, "count", "min"), "a number from 0"),
        ([{"count": {"each": "a", "max": True}}], (0, "count", "max"), "a number from 0"),
        ([{"count": {"each": "a", "max": -1}}], (0, "count", "max"), "a number from 0"),
        ([{"count": {"each": "a", "max": None}}], (0, "count", "max"), "a number from 0"),
    ],
)
def test_a_mistake_is_told_with_its_place(raw, at, problem):
    with pytest.raises(ExpectError) as caught:
        read_expect(raw)

    assert caught.value.at == at
    assert problem in caught.value.problem


@pytest.mark.parametrize(
    ("written", "hint"),
    [("contain", "did you mean 'contains'?"), ("zzz", "operators: eq, ne, in")],
)
def test_an_unknown_operator_gets_a_hint(written, hint):
    with pytest.raises(ExpectError) as caught:
        read_expect({"a.b": {written: 1}})

    assert hint in caught.value.hint


def test_several_operators_and_several_paths_are_several_assertions():
    raw = [{"a.b": {"min": 1, "max": "$most"}, "a.c": {"eq": "no"}}, {"a.d": {"in": ["x"]}}]

    assert read_expect(raw) == (
        that("a.b", "min", 1),
        that("a.b", "max", "$most"),
        that("a.c", "eq", "no"),
        that("a.d", "in", ["x"]),
    )


def test_a_mapping_is_a_list_of_one():
    assert read_expect({"a.b": {"eq": False}}) == read_expect([{"a.b": {"eq": False}}])


@pytest.mark.parametrize("quantifier", ["all", "any", "none"])
def test_groups_hold_lists(quantifier):
    raw = [{quantifier: [{"a.b": {"eq": 1}}, {"any": [{"a.c": {"eq": 2}}]}]}]

    assert read_expect(raw) == (
        Group(
            quantifier=Quantifier(quantifier),
            of=(
                that("a.b", "eq", 1),
                Group(quantifier=Quantifier.ANY, of=(that("a.c", "eq", 2),)),
            ),
        ),
    )


def test_each_speaks_of_the_items_of_a_table():
    raw = {"all": {"each": "a.t", "where": {"x": {"eq": 1}}, "that": [{"y": {"max": 2}}]}}

    assert read_expect(raw) == (
        Each(
            quantifier=Quantifier.ALL,
            path="a.t",
            where=(that("x", "eq", 1),),
            that=(that("y", "max", 2),),
        ),
    )


@pytest.mark.parametrize(
    ("bounds", "least", "most"),
    [({"min": 1}, 1, None), ({"max": 0}, None, 0), ({"min": 0, "max": 3}, 0, 3)],
)
def test_count_has_bounds_and_needs_no_condition(bounds, least, most):
    assert read_expect({"count": {"each": "a.t", **bounds}}) == (
        Each(quantifier=Quantifier.COUNT, path="a.t", least=least, most=most),
    )


def test_every_part_knows_its_place():
    raw = [
        {"a.b": {"min": 1, "max": 2}},
        {"any": [{"none": {"each": "a.t", "where": {"x": {"eq": 1}}, "that": [{"y": {"eq": 2}}]}}]},
    ]

    least, most, group = place_expect(raw, ("expect",))
    (each,) = group.parts
    where, then = each.parts

    assert least.at == ("expect", 0, "a.b", "min")
    assert most.at == ("expect", 0, "a.b", "max")
    assert group.at == ("expect", 1, "any")
    assert each.at == ("expect", 1, "any", 0, "none")
    assert where.at == ("expect", 1, "any", 0, "none", "where", "x", "eq")
    assert then.at == ("expect", 1, "any", 0, "none", "that", 0, "y", "eq")
    assert (where.expectation.path, then.expectation.path) == ("x", "y")


WORDS = st.sampled_from(
    ["all", "any", "none", "count", "each", "where", "that", "min", "eq", "a.b"]
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=15,
)


@given(TREES)
def test_any_tree_gives_expectations_or_a_mistake_at_a_place_in_it(tree):
    try:
        found = read_expect(tree)
    except ExpectError as error:
        reached = tree
        for step in error.at:
            reached = reached[step]
        return

    assert found
