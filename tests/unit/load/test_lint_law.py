import pytest

from auditor.load.decode import Written, decode
from auditor.load.lint_law import lint_law
from auditor.model.policy import Framework
from tests.unit.load.written import FRAMEWORK, broken, document

CHECKS = "    checks: [world.*]"
PART = "parts: [{{title: {{id: Bagian, en: Part}}, controls: [{}]{}}}]\ncontrols:"


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
            11,
            "no check fits 'wrld.number'",
            "'world.number'?",
        ),
        ("id: OLD-1-2000:1", "id: BSSN-4-2021:27.1.a", 12, "is given twice", "first in law"),
        ("en: Use password management", "en: ' '", 7, "there is no text in en", ""),
        ("id: Lama", "id: ''", 14, "OLD-1-2000:1: there is no text in id", ""),
        (CHECKS, "    refs: [OLD-1-2000:1]", 11, "is revoked and cannot", "before it"),
        (CHECKS, "    refs: [LIT-SKILLS, x]", 11, "'x' is no reference", "NORM:"),
        (CHECKS, "    refs: ['UU-1-2000:1']", 11, "no framework knows", ""),
        (CHECKS, "    refs: ['BSSN-4-2021:27.1.a']", 11, "refers to itself", ""),
        (CHECKS, "    instrument: ['x']", 11, "'x' is no reference", "PK-BSSN-15-2024:K43"),
        ("controls:", PART.format("'OLD-*', 'NEW-*'", ""), 4, "fits 'NEW-*'", ""),
        ("controls:", PART.format("'OLD-*'", ", area: true"), 4, "no control of this", "K1"),
    ],
)
def test_a_mistake_is_told_with_its_line(part, by, line, problem, hint):
    (error,) = linted(broken(FRAMEWORK, part, by))

    assert error.line == line
    assert problem in error.problem
    assert hint in error.hint


def test_an_area_names_the_instrument():
    official = broken(FRAMEWORK, CHECKS, "    instrument: ['PK-BSSN-15-2024:K1']")
    area = PART.format("'BSSN-4-2021:27.*'", ", area: true")

    assert linted(broken(official, "\ncontrols:", "\n" + area)) == ()


def test_two_frameworks_do_not_share_a_control():
    errors = linted(FRAMEWORK, broken(FRAMEWORK, "id: law", "id: other"))

    assert [error.hint for error in errors] == ["first in law"] * 3


def test_a_reference_may_lead_into_another_framework():
    other = FRAMEWORK.replace("id: law", "id: other").replace("BSSN-4-2021", "NEW-1-2026")
    other = other.replace("OLD-1-2000", "OLD-2-2000").replace("LIT-SKILLS", "LIT-ETHICS")
    leading = broken(FRAMEWORK, CHECKS, "    refs: ['NEW-1-2026:27.1.a']")

    assert linted(leading, other) == ()
    assert "no framework knows" in linted(leading)[0].problem
