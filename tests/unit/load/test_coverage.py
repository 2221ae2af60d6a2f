"""How far the shipped checks and questions reach the shipped law: acceptance of the audit."""

import re

import pytest

from auditor.load.checks import load_checks
from auditor.load.frameworks import load_framework, shipped_frameworks
from auditor.load.policies import load_policy, shipped_policies
from auditor.model.check import Foundation
from auditor.model.policy import Standing
from auditor.report.law import controls_behind, is_question
from auditor.report.law_coverage import Reach, coverage

FRAMEWORKS = tuple(load_framework(name) for name in shipped_frameworks())
CHECKS = load_checks()
CONTROLS = {control.id: control for one in FRAMEWORKS for control in one.controls}
FOUND = coverage(FRAMEWORKS, CHECKS.values())
BY_NAME = {one.framework.id: one for one in FOUND.frameworks}


def part(framework, number):
    return BY_NAME[framework].parts[number]


def reached(part):
    return {one.id for one in part.covered if one.reach is not Reach.NOTHING}


def test_all_75_procedures_of_pasal_27_have_a_check_or_a_question():
    procedures = part("bssn-4-2021", 2)

    assert (len(procedures.covered), procedures.reached) == (75, 75)
    assert procedures.count(Reach.AUTOMATED) >= 49
    assert [
        one.id for one in procedures.covered if one.reach is Reach.MIXED and not one.signals
    ] == []


def test_what_people_must_tell_of_pasal_27_is_asked():
    attested = ["27.4.a", "27.4.e", "27.10.a", "27.10.b", "27.12.e"]
    covered = {one.id: one for one in part("bssn-4-2021", 2).covered}

    assert all(covered[f"BSSN-4-2021:{one}"].questions for one in attested)


def test_the_facts_count_49_automated_21_mixed_and_5_attested():
    kinds = [one.assurance for one in part("bssn-4-2021", 2).covered]

    assert [kinds.count(kind) for kind in ("automated", "mixed", "attested")] == [49, 21, 5]


def test_all_known_letters_of_pasal_33():
    first, second = part("bssn-4-2021", 3), part("bssn-4-2021", 4)

    assert (len(first.covered), first.reached) == (4, 4)
    assert (len(second.covered), second.reached) == (12, 12)


def test_management_of_information_security_14_of_14_and_72_controls_of_the_instrument():
    management, standards = part("bssn-4-2021", 0), part("bssn-4-2021", 1)

    assert [one.id for one in management.covered] == [
        f"PK-BSSN-15-2024:MK{number}" for number in range(1, 15)
    ]
    assert management.reached == 14
    assert {one.id for one in standards.covered} == {
        f"PK-BSSN-15-2024:K{number}" for number in range(1, 73)
    }


def test_pemdi_8_to_12_19_and_20_have_evidence():
    assert len(reached(part("pemdi-2026", 0))) == 5
    assert len(reached(part("pemdi-2026", 1))) == 2


@pytest.mark.parametrize("foundation", Foundation)
def test_each_foundation_has_at_least_twelve_automated_signals(foundation):
    assert len(FOUND.foundations[foundation].signals) >= 12
    assert FOUND.foundations[foundation].questions


def test_enough_checks_and_questions_beside_security():
    beside = [one for one in CHECKS.values() if one.foundation is not Foundation.SECURITY]
    questions = [one for one in beside if is_question(one)]

    assert len(questions) >= 80
    assert len(beside) - len(questions) >= 90


def test_no_check_rests_on_revoked_law_alone():
    old = {name for name, one in CONTROLS.items() if one.status is Standing.REVOKED}
    main = {
        check: behind[0] for check, behind in controls_behind(FRAMEWORKS, CHECKS.values()).items()
    }

    assert {check: ref for check, ref in main.items() if ref in old} == {}


def test_every_check_beyond_the_benchmark_speaks_for_some_law():
    behind = controls_behind(FRAMEWORKS, CHECKS.values())

    assert [name for name in CHECKS if name not in behind] == []


def test_marks_and_sources_are_told_of_every_control():
    assert [name for name, one in CONTROLS.items() if not one.source or not one.article] == []
    unknown = [
        n for n, one in CONTROLS.items() if "belum dibaca" in one.source and one.mark == "official"
    ]
    assert unknown == []


def test_locators_in_words_stand_where_no_article_was_read():
    numbered = [
        name
        for name, one in CONTROLS.items()
        if "belum dibaca" in one.source and re.search(r":\d", name)
    ]

    assert numbered == []


@pytest.mark.parametrize("name", shipped_policies())
def test_a_policy_names_law_in_force_first(name):
    for policy in load_policy(name):
        law = [load_framework(one) for one in policy.frameworks]
        revoked = [all(c.status is Standing.REVOKED for c in one.controls) for one in law]
        assert revoked == sorted(revoked)
