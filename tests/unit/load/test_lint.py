import pytest

from auditor.load.checks import read_document
from auditor.load.decode import Written, decode
from auditor.load.lint import lint
from auditor.model.policy import Framework, Policy
from tests.unit.load.catalogue import CATALOGUE
from tests.unit.load.written import CHECK, FRAMEWORK, POLICY, broken, document


def linted(text, policy=POLICY, framework=FRAMEWORK):
    errors = []
    checks = list(read_document(document(text), errors))
    assert not errors
    policies = [Written(decode(document(policy), Policy), document(policy))]
    frameworks = [Written(decode(document(framework), Framework), document(framework))]
    return lint(checks, CATALOGUE, policies, frameworks)


def only(text, **more):
    (error,) = linted(text, **more)
    return error


def test_a_good_check_has_no_mistake():
    assert linted(CHECK) == ()


@pytest.mark.parametrize(
    ("part", "by", "line", "problem", "hint"),
    [
        ("{id: Angka wajar, en: The number is fair}", "{id: '', en: b}", 2, "no text in id", ""),
        ("{id: Karena, en: Because}", "{id: a, en: ' '}", 3, "why has no text in en", ""),
        ("{id: Perbaiki, en: Mend it}", "{id: x, en: x}", 4, "fix says the same in id and en", ""),
        ("{most: {type: int, default: 4}}", '{most: {type: int, default: "4"}}', 6, "type int", ""),
        ("default: 4}}", "default: 4, max: 3}}", 6, "4 is above 3", ""),
        ("default: 4}}", "default: 4, choices: [4, x]}}", 6, "'x' is not of type int", ""),
        ("default: 4}}", "default: 4}, b: {type: int, default: 1}}", 6, "'b' is not used", ""),
        ("{w: {world: {}}}", "{w: {wrld: {}}}", 7, "there is no probe 'wrld'", "'world'?"),
        ("{w: {world: {}}}", "{w: {world: {whch: x}}}", 7, "unknown key 'whch'", "'which'?"),
        ("{w: {world: {}}}", "{w: {world: {which: 5}}}", 7, "which: needs a text", "in quotes"),
        ("{w: {world: {}}}", "{w: {world: {which: $x}}}", 7, "'$x' is neither a param", "fields"),
        ("{w: {world: {}}}", "{w: {world: {which: $most}}}", 7, "which: needs a text", ""),
        ("{w: {world: {}}}", "{w: {world: {}}, v: {world: {}}}", 7, "nothing is expected", ""),
        ("{w: {world: {}}}", "{w: {}}", 7, "an alias has exactly one probe", "{alias: {type"),
        ("{w: {world: {}}}", "{w: {world: {}, os: {}}}", 7, "has exactly one probe", ""),
        ("{w: {world: {}}}", "{w: {world: {}}, W: {world: {}}}", 7, "'W' cannot be an alias", ""),
        ("{w: {world: {}}}", "{w: {world: {}}, all: {world: {}}}", 7, "'all' cannot be", ""),
        (
            "severity: high",
            "severity: high\n  applies: {os: [Debian 12]}",
            6,
            "no operating",
            "20.04",
        ),
        ("severity: high", "severity: high\n  applies: {kind: [servr]}", 6, "'servr'", "'server'?"),
        (
            "severity: high",
            "severity: high\n  applies: {unless: {os: ['debian>=x']}}",
            6,
            "'debian>=x' is no operating system",
            "",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(part, by, line, problem, hint):
    error = only(broken(CHECK, part, by))

    assert error.line == line
    assert error.problem.startswith(("world.number: ", "unknown key", "which: "))
    assert problem in error.problem
    assert hint in error.hint


@pytest.mark.parametrize("id_", ["World.number", "world", "world.", "world..x", "1.x", "world.X y"])
def test_an_id_is_dotted_words(id_):
    text = broken(CHECK, "id: world.number", f"id: {id_}")

    errors = linted(text, policy=broken(POLICY, "world.*", "'*'"))

    assert [error.problem for error in errors] == [f"{id_}: the id does not have the right form"]


def test_a_check_that_asks_nothing_is_refused():
    text = broken(
        broken(CHECK, "{w: {world: {}}}", "{}"), "params: {most: {type: int, default: 4}}", ""
    )
    text = text.replace("{max: $most}", "{max: 4}")

    problems = [error.problem for error in linted(text)]

    assert problems[0] == "world.number: asks nothing"
    assert "world.number: there is no fact 'w.number'" in problems


def test_a_check_that_no_policy_uses_is_refused():
    error = only(CHECK, policy=broken(POLICY, "world.*", "other.*").replace("world.number", "x.y"))

    assert (error.line, error.problem) == (1, "world.number: no policy uses this check")


def test_a_dropped_check_is_not_used():
    policy = broken(POLICY, "- use: world.*", "- drop: world.*")

    assert (
        "no policy uses"
        in only(CHECK, policy=policy.replace("use: world.number", "drop: x")).problem
    )


@pytest.mark.parametrize(
    ("refs", "problem", "hint"),
    [
        ("[BSSN-4-2021]", "'BSSN-4-2021' is no reference", "NORM:locator"),
        ("['bssn-4-2021:27']", "'bssn-4-2021:27' is no reference", "NORM:locator"),
        ("['BSSN-4-2021:27.1.b']", "no framework knows 'BSSN-4-2021:27.1.b'", "27.1.a'?"),
        ("['OLD-1-2000:1']", "'OLD-1-2000:1' is revoked and cannot come first", "in force"),
        ("['LIT-SAFETY.9']", "no framework knows 'LIT-SAFETY.9'", ""),
    ],
)
def test_a_reference_must_be_known_and_in_force(refs, problem, hint):
    error = only(broken(CHECK, '["BSSN-4-2021:27.1.a"]', refs))

    assert error.line == 9
    assert problem in error.problem
    assert hint in error.hint


def test_a_revoked_norm_may_follow_and_a_pillar_needs_no_norm():
    refs = '["BSSN-4-2021:27.1.a", "OLD-1-2000:1", LIT-SKILLS]'

    assert linted(broken(CHECK, '["BSSN-4-2021:27.1.a"]', refs)) == ()


def test_what_applies_asks_may_be_given_in_examples():
    text = broken(
        CHECK, "severity: high", "severity: high\n  applies: {unless: {package: x}, os: [a]}"
    )
    given = "{w: {number: 3}, os: {id: a}, package: {packages: []}}"

    assert linted(broken(text, "{w: {number: 3}}", given)) == ()


def test_what_applies_names_may_be_right():
    applies = "severity: high\n  applies: {kind: [server, site], os: [debian, 'ubuntu>=20.04']}"

    assert linted(broken(CHECK, "severity: high", applies)) == ()


def test_an_alias_that_only_a_group_asks_is_used():
    text = broken(
        CHECK, "[{w.number: {max: $most}}]", "[{any: [{all: [{w.number: {max: $most}}]}]}]"
    )

    assert linted(text) == ()


def test_durations_and_lists_are_bound_as_the_judge_sees_them():
    text = broken(CHECK, "{type: int, default: 4}", "{type: duration, default: 4d}")
    text = broken(text, "w.number: {max", "w.age: {max")
    text = text.replace("{number: 3}", "{age: 3}").replace("{number: 5}", "{age: 5}")

    assert linted(text) == ()
