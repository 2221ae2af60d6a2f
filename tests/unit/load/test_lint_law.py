import pytest

from auditor.load.decode import Written, decode
from auditor.load.lint_law import lint_law
from auditor.model.policy import Framework
from tests.unit.load.written import FRAMEWORK, broken, document


def written(text):
    return Written(decode(document(text), Framework), document(text))


def linted(*texts):
    return lint_law([written(text) for text in texts], ["world.number"])


def test_a_good_framework_has_no_mistake():
    assert linted(FRAMEWORK) == ()


@pytest.mark.parametrize(
    ("part", "by", "line", "problem", "hint"),
    [
        (
            "[world.*]",
            "[world.*, wrld.number]",
            12,
            "no check fits 'wrld.number'",
            "'world.number'?",
        ),
        ("id: OLD-1-2000:1", "id: BSSN-4-2021:27.1.a", 13, "is given twice", "first in law"),
        ("en: Use password management", "en: ' '", 8, "there is no text in en", ""),
        ("id: Lama", "id: ''", 15, "OLD-1-2000:1: there is no text in id", ""),
        (
            "    checks: [world.*]",
            "    refs: [OLD-1-2000:1]",
            12,
            "is revoked and cannot",
            "before it",
        ),
        ("    checks: [world.*]", "    refs: ['CIS-8.1:1', x]", 12, "'x' is no reference", "NORM:"),
        ("    checks: [world.*]", "    refs: ['UU-1-2000:1']", 12, "no framework knows", ""),
    ],
)
def test_a_mistake_is_told_with_its_line(part, by, line, problem, hint):
    (error,) = linted(broken(FRAMEWORK, part, by))

    assert error.line == line
    assert problem in error.problem
    assert hint in error.hint


def test_two_frameworks_do_not_share_a_control():
    errors = linted(FRAMEWORK, broken(FRAMEWORK, "id: law", "id: other"))

    assert [error.hint for error in errors] == ["first in law", "first in law"]
