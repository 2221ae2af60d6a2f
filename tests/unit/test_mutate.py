import re
from itertools import pairwise

import pytest

from auditor.load.checks import load_checks
from auditor.model.check import Example, Op, Param, ParamType
from auditor.model.fact import Kind
from auditor.model.operators import OPERATORS
from auditor.mutate import mutants, mutate
from auditor.mutate.normal import normal
from auditor.mutate.operands import altered, other_operators
from auditor.mutate.words import flow, written
from auditor.probe.catalogue import CATALOGUE as SHIPPED
from tests.unit.evaluate.world import check, each, group, that
from tests.unit.load.catalogue import CATALOGUE


def example(verdict, given=None, **more):
    return Example(name=f"{verdict} {given}", verdict=verdict, given={"w": given or {}}, **more)


def proved(*expect, good=(), bad=(), tests=(), **more):
    """Return a check with passing and failing facts as its examples."""
    cases = [example("pass", one) for one in good] + [example("fail", one) for one in bad]
    return check(*expect, tests=(*cases, *tests), **more)


def survivors(one):
    return list(mutate(one, CATALOGUE).survivors)


def words(one):
    return [mutant.words for mutant in mutants(one, CATALOGUE)]


MOST = that("w.number", "max", 4)


def test_a_bound_needs_examples_on_both_sides_of_it():
    loose = proved(MOST, good=[{"number": 3}], bad=[{"number": 6}])
    tight = proved(MOST, good=[{"number": 3}, {"number": 4}], bad=[{"number": 5}])

    assert survivors(loose) == [
        "expect: {w.number: {max: 4}} -> {w.number: {max: 5}}",
        "expect: {w.number: {max: 4}} -> {w.number: {max: 3}}",
    ]
    assert survivors(tight) == []
    assert mutate(tight, CATALOGUE).number == 4


def test_a_bound_that_is_an_equality_is_told():
    one = proved(MOST, good=[{"number": 4}], bad=[{"number": 5}])

    assert survivors(one) == ["expect: {w.number: {max: 4}} -> {w.number: {eq: 4}}"]


def test_an_assertion_that_no_example_needs_is_told():
    one = proved(
        MOST,
        that("w.flag", "eq", True),
        good=[{"number": 4, "flag": True}, {"number": 3, "flag": True}],
        bad=[{"number": 5, "flag": True}],
    )

    assert survivors(one) == ["expect: {w.flag: {eq: true}} dropped"]


def test_a_when_that_no_example_needs_is_told():
    when = (that("w.flag", "eq", True),)
    facts = [{"number": n, "flag": True} for n in (3, 4, 5)]
    one = proved(MOST, good=facts[:2], bad=facts[2:], when=when)
    idle = example("not_applicable", {"number": 4, "flag": False})

    assert survivors(one) == ["when: {w.flag: {eq: true}} dropped"]
    assert (
        survivors(
            proved(MOST, good=facts[:2], bad=facts[2:], when=when, tests=(idle,)),
        )
        == []
    )


def test_the_default_of_a_parameter_is_an_operand():
    most = {"most": Param(type=ParamType.INT, default=4, min=1, max=5)}
    expect = that("w.number", "max", "$most")
    one = proved(expect, good=[{"number": 3}, {"number": 4}], bad=[{"number": 9}], params=most)
    own = example("fail", {"number": 5}, params={"most": 4})
    at = example("fail", {"number": 5})

    assert survivors(one) == ["params: {most: {default: 4}} -> 5"]
    assert survivors(proved(expect, good=[{"number": 4}], params=most, tests=(own,))) == [
        "expect: {w.number: {max: $most}} -> {w.number: {eq: $most}}",
        "params: {most: {default: 4}} -> 5",
    ]
    assert (
        survivors(proved(expect, good=[{"number": 3}, {"number": 4}], params=most, tests=(at,)))
        == []
    )


@pytest.mark.parametrize(
    ("param", "operand", "told"),
    [
        (Param(type=ParamType.STR, default="a", choices=("a", "b", "c")), "$x", ["b", "c"]),
        (Param(type=ParamType.STR, default="a"), "$x", ["ax"]),
        (Param(type=ParamType.STR, default="a"), ["$x", "b"], ["ax"]),
    ],
)
def test_a_parameter_with_choices_takes_the_others(param, operand, told):
    op = "in" if isinstance(operand, list) else "eq"
    one = check(group("all", that("w.word", op, operand)), params={"x": param})

    assert [w.rpartition(" -> ")[2] for w in words(one) if w.startswith("params")] == told


def test_a_parameter_that_is_no_operand_is_left_alone():
    one = check(MOST, params={"under": Param(type=ParamType.STRINGS, default=["/etc"])})

    assert not [w for w in words(one) if w.startswith("params")]


def test_a_parameter_inside_a_table_and_used_twice_is_changed_once():
    limit = that("uid", "max", "$most")
    one = check(
        each("all", "w.rows", that=(limit,)),
        that("w.number", "max", "$most"),
        params={"most": Param(type=ParamType.INT, default=4)},
    )

    assert [w for w in words(one) if w.startswith("params")] == [
        "params: {most: {default: 4}} -> 5",
        "params: {most: {default: 4}} -> 3",
    ]


def test_durations_change_in_their_own_unit():
    age = {"age": Param(type=ParamType.DURATION, default="3d")}
    days = [{"age": 86_400 * n} for n in (2, 3, 4)]
    one = proved(that("w.age", "max", "$age"), good=days[:2], bad=days[2:], params=age)

    assert survivors(one) == []
    assert 'params: {age: {default: "3d"}} -> "4d"' in words(one)


def test_elements_go_and_come():
    weak = that("w.words", "contains_none", ["cbc", "md5"])
    bad = [{"words": ["cbc"]}, {"words": ["md5"]}]

    assert survivors(proved(weak, good=[{"words": ["ctr"]}], bad=bad[:1])) == [
        "expect: {w.words: {contains_none: [cbc, md5]}} without md5"
    ]
    assert survivors(proved(weak, good=[{"words": []}], bad=bad)) == [
        "expect: {w.words: {contains_none: [cbc, md5]}} with another"
    ]
    assert survivors(proved(weak, good=[{"words": ["ctr"]}], bad=bad)) == []


def test_one_of_the_forms_of_a_change_is_enough():
    mode = that("w.mode", "mode_max", "0640")
    good = [{"mode": "0640"}, {"mode": "0600"}]

    assert survivors(proved(mode, good=good, bad=[{"mode": "0660"}, {"mode": "0641"}])) == []
    assert survivors(proved(mode, good=good, bad=[{"mode": "0666"}])) == [
        'expect: {w.mode: {mode_max: "0640"}} -> {w.mode: {mode_max: "0660"}}',
        'expect: {w.mode: {mode_max: "0640"}} -> {w.mode: {mode_max: "0644"}}',
    ]


def rows(*uids):
    return {"rows": [{"name": f"u{n}", "uid": uid} for n, uid in enumerate(uids)]}


def test_a_table_s_quantifier_needs_a_mixed_table():
    same = each("all", "w.rows", that=(that("uid", "min", 1000),))
    good, bad = [rows(1000, 1001)], [rows(999)]
    same_words = "{each: w.rows, that: [{uid: {min: 1000}}]}"

    assert survivors(proved(same, good=good, bad=bad)) == [
        f"expect: {{all: {same_words}}} -> {{any: {same_words}}}"
    ]
    assert survivors(proved(same, good=good, bad=[rows(999, 1000)])) == []


def test_a_clause_that_chooses_nothing_is_told():
    twin = each("none", "w.rows", where=(that("uid", "eq", 0), that("name", "ne", "root")))
    root = {"rows": [{"name": "root", "uid": 0}]}
    other = {"rows": [{"name": "budi", "uid": 1}]}
    bad = {"rows": [{"name": "toor", "uid": 0}]}

    assert survivors(proved(twin, good=[root], bad=[bad])) == [
        "expect: none: {each: w.rows}, where: {uid: {eq: 0}} dropped",
        "expect: none: {each: w.rows}, where: {uid: {eq: 0}} -> {uid: {min: 0}}",
    ]
    assert survivors(proved(twin, good=[root, other], bad=[bad])) == []


def test_what_only_chose_is_demanded_of_all():
    one = check(each("none", "w.rows", where=(that("uid", "eq", 0),)))

    assert (
        "expect: {none: {each: w.rows, where: [{uid: {eq: 0}}]}}"
        " -> {all: {each: w.rows, that: [{uid: {eq: 0}}]}}"
    ) in words(one)


def test_bounds_of_a_count_move_but_not_below_nought():
    one = check(each("count", "w.rows", least=0, most=2))
    two = check(each("count", "w.rows", most=0, where=(that("uid", "eq", 0),)))

    assert [w for w in words(one) if "count" in w] == [
        "expect: count: {each: w.rows}, min: 0 -> 1",
        "expect: count: {each: w.rows}, max: 2 -> 3",
        "expect: count: {each: w.rows}, max: 2 -> 1",
    ]
    assert "expect: count: {each: w.rows}, where: {uid: {eq: 0}} dropped" in words(two)
    assert "expect: count: {each: w.rows}, max: 0 -> 1" in words(two)


def test_a_group_changes_its_quantifier_and_loses_its_parts():
    one = check(group("any", MOST, that("w.flag", "eq", True)))

    told = words(one)

    assert "expect: any: {w.number: {max: 4}} dropped" in told
    assert sum(" -> {all: [" in w or " -> {none: [" in w for w in told) == 2


def test_a_group_of_one_is_that_one():
    told = words(check(group("any", that("w.flag", "eq", True))))

    assert told == [
        "expect: {any: [{w.flag: {eq: true}}]} -> {none: [{w.flag: {eq: true}}]}",
        "expect: any: {w.flag: {eq: true}} -> {w.flag: {ne: true}}",
    ]


def test_a_field_of_the_target_is_emptied():
    told = words(check(that("w.ports", "subset_of", "$target.ports")))

    assert told == [
        "expect: {w.ports: {subset_of: $target.ports}} -> {w.ports: {contains_all: $target.ports}}",
        "expect: {w.ports: {subset_of: $target.ports}} -> {w.ports: {subset_of: []}}",
    ]


def test_a_fact_of_the_target_s_own_naming_is_text():
    assert "expect: {w.kv.a.b: {eq: no}} -> {w.kv.a.b: {eq: nox}}".replace(
        "no}", '"no"}', 1
    ) in words(check(that("w.kv.a.b", "eq", "no")))
    assert words(check(that("v.x", "exists", True))) == [
        "expect: {v.x: {exists: true}} -> {v.x: {exists: false}}"
    ]


ALTERED = [
    ("eq", Kind.TEXT, "no", [("nox",)]),
    ("eq", Kind.BOOL, True, [(False,)]),
    ("eq", Kind.INT, 3, [(4,), (2,)]),
    ("ne", Kind.TEXT, "none", [("nonex",)]),
    ("eq", Kind.DURATION, "soon", []),
    ("contains", Kind.PORTS, "22/tcp", [("22/tcpx",)]),
    ("empty", Kind.TEXTS, True, [(False,)]),
    ("exists", Kind.TEXT, False, [(True,)]),
    ("written", Kind.TEXT, True, [(False,)]),
    ("starts_with", Kind.TEXT, "/v", [("/vx",), ("/",)]),
    ("max", Kind.DURATION, "7d", [("8d",), ("6d",)]),
    ("max", Kind.DURATION, 60, [(61,), (59,)]),
    ("max", Kind.DURATION, "0s", [("1s",)]),
    ("version_min", Kind.VERSION, "TLSv1.2", [("TLSv1.3",), ("TLSv1.1",)]),
    ("version_min", Kind.VERSION, "1.0", [("1.1",)]),
    ("version_min", Kind.VERSION, "none", []),
    ("newer_than", Kind.TIME, "now", [("1d",)]),
    ("newer_than", Kind.TIME, 3600, [(3601,), (3599,)]),
    ("older_than", Kind.TIME, "12h", [("13h",), ("11h",)]),
    (
        "older_than",
        Kind.TIME,
        "2026-11-30",
        [("2026-12-01T00:00:00",), ("2026-11-29T00:00:00",)],
    ),
    ("in", Kind.TEXT, ["a", "b", "b"], [(["b", "b"],), (["a", "b", "b", "another"],)]),
    ("in", Kind.INT, [1], [([],), ([1, "another"],)]),
    (
        "mode_max",
        Kind.MODE,
        "0037",
        [("0077",), ("0033",), ("0035",), ("0036",), ("0017",), ("0027",)],
    ),
    (
        "mode_max",
        Kind.MODE,
        "4400",
        [("4440", "4420", "4410"), ("4404", "4402", "4401"), ("4000",)],
    ),
    ("eq", Kind.MODE, "0077", [("0073",), ("0075",), ("0076",), ("0037",), ("0057",), ("0067",)]),
]


@pytest.mark.parametrize(("op", "kind", "operand", "families"), ALTERED)
def test_operands_have_neighbours(op, kind, operand, families):
    assert list(altered(Op(op), kind, operand, ())) == families


def test_elements_that_examples_show_are_added():
    (_, more) = altered(Op.IN, Kind.TEXT, ["a"], ("a", "b", True, "c"))

    assert more == (["a", "b"], ["a", "c"])


PATTERNS = [
    ("^a$", ["a$", "^a"]),
    (r"\bno\b", [r"no\b", r"\bno"]),
    ("a|b|c", ["b|c", "a|c", "a|b"]),
    ("^(x|y)$", ["(x|y)$", "^(x|y)", "^(y)$", "^(x)$"]),
    ("(?:x|y|z)w", ["(?:y|z)w", "(?:x|z)w", "(?:x|y)w"]),
    ("(?P<n>x|y)", ["(?P<n>y)", "(?P<n>x)"]),
    ("[|^$]", []),
    ("[]|^]x|y", ["y", "[]|^]x"]),
    ("[^]|]x", []),
    (r"a\|b", []),
    (r"a\)|b", ["b", r"a\)"]),
]


@pytest.mark.parametrize(("pattern", "others"), PATTERNS)
def test_patterns_lose_anchors_and_alternatives(pattern, others):
    found = [family[0] for family in altered(Op.MATCHES, Kind.TEXT, pattern, ())]

    assert found == ["(?!)", "", *others]
    for one in found:
        re.compile(one)


def test_a_pattern_that_would_not_compile_is_no_mutant():
    found = [family[0] for family in altered(Op.MATCHES, Kind.TEXT, "(a)(?(1)b|c)", ())]

    assert all(re.compile(one) for one in found)
    assert altered_texts(")")[:2] == ["(?!)", ""]


def altered_texts(pattern):
    return [family[0] for family in altered(Op.MATCHES, Kind.TEXT, pattern, ())]


@pytest.mark.parametrize("op", list(Op))
def test_other_operators_fit_the_fact(op):
    for kind in OPERATORS[op]:
        for other, operand in other_operators(op, kind, 1):
            assert other is not op
            assert kind in OPERATORS[other]
            assert operand == ([1] if op is Op.CONTAINS else 1)


def test_at_most_nought_is_no_neighbour_of_nought():
    assert [op for op, _ in other_operators(Op.EQ, Kind.INT, 0)] == [Op.NE, Op.MIN]
    assert [op for op, _ in other_operators(Op.EQ, Kind.INT, 1)] == [Op.NE, Op.MIN, Op.MAX]
    assert [op for op, _ in other_operators(Op.MAX, Kind.DURATION, 0)] == [Op.MIN]


SAME = [
    (that("a", "in", ["x"]), that("a", "eq", "x")),
    (that("a", "in", [1, "1"]), that("a", "eq", "1"), that("a", "eq", 1)),
    (that("a", "not_in", ["x"]), that("a", "ne", "x")),
    (that("a", "in", ["x", "y"]), that("a", "in", ["y", "x", "x"])),
    (that("a", "contains", "x"), that("a", "contains_all", ["x"])),
    (that("a", "ne", True), that("a", "eq", False)),
    (that("a", "eq", 1), group("all", that("a", "eq", 1)), group("any", that("a", "eq", 1))),
    (
        group("any", that("a", "eq", 1), that("b", "eq", 1)),
        group("any", that("b", "eq", 1), that("a", "eq", 1), that("b", "eq", 1)),
    ),
    (
        each("none", "t", where=(that("a", "eq", 1),), that=(that("b", "eq", 1),)),
        each("none", "t", where=(that("b", "eq", 1), that("a", "eq", 1))),
    ),
    (each("count", "t", least=0, most=2), each("count", "t", most=2)),
]
OTHER = [
    (that("a", "eq", True), that("a", "eq", 1)),
    (that("a", "subset_of", [1]), that("a", "subset_of", ["1"])),
    (that("a", "contains_none", ["x"]), that("a", "contains_all", ["x"])),
    (that("a", "min", 1), that("a", "max", 1)),
    (that("a", "empty", True), that("a", "empty", False)),
    (that("a", "exists", True), that("b", "exists", True)),
    (that("a", "eq", 1), group("none", that("a", "eq", 1))),
    (
        each("all", "t", where=(that("a", "eq", 1),), that=(that("b", "eq", 1),)),
        each("all", "t", that=(that("a", "eq", 1), that("b", "eq", 1))),
    ),
    (each("count", "t", least=1), each("count", "t", least=2)),
]


@pytest.mark.parametrize("alike", SAME)
def test_what_holds_in_the_same_cases_has_one_form(alike):
    assert all(normal((a,)) == normal((b,)) for a, b in pairwise(alike))
    assert normal((alike[0], alike[0])) == normal((alike[1],))


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_differs_has_another_form(one, other):
    assert normal((one,)) != normal((other,))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("no", '"no"'),
        ("0640", '"0640"'),
        ("$most", "$most"),
        ("/etc/ssh", "/etc/ssh"),
        ('a "b" \\', '"a \\"b\\" \\\\"'),
        ("", '""'),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (["a", 1], "[a, 1]"),
        ({"a": ["b"]}, "{a: [b]}"),
    ],
)
def test_values_are_written_as_in_the_file(value, text):
    assert flow(value) == text


def test_expectations_are_written_as_in_the_file():
    one = each("count", "t", where=(that("a", "eq", 1),), least=1, most=2)

    assert written(one) == "{count: {each: t, where: [{a: {eq: 1}}], min: 1, max: 2}}"
    assert written(group("any", that("a", "eq", 1))) == "{any: [{a: {eq: 1}}]}"
    assert len(written(that("a", "in", ["word"] * 99))) == 121


def test_the_shipped_checks_are_proved():
    told = {one.id: mutate(one, SHIPPED).survivors for one in load_checks().values()}

    assert {check: left for check, left in told.items() if left} == {}
