import pytest

from auditor.errors import ConfigError, ConfigErrors
from auditor.examples import run_example
from auditor.load import checks
from auditor.load.attest_checks import as_check
from auditor.load.attest_words import asked
from auditor.load.checks import load_checks, read_checks
from auditor.load.lint_questionnaires import lint_questionnaires
from auditor.load.questionnaires import load_questionnaires, read_folder, read_questionnaires
from auditor.model.base import Lang
from auditor.probe.catalogue import CATALOGUE
from tests.unit.load.asking import QUESTIONNAIRES

QUESTION = """
  - id: policy
    text: {id: a, en: b}
    help: {id: a, en: b}
    why: {id: a, en: b}
    fix: {id: a, en: b}
    severity: high
    refs: [LIT-ETHICS]
"""
HEAD = """id: first
title: {id: a, en: b}
intro: {id: a, en: b}
questions:"""


@pytest.fixture
def read(tmp_path):
    def reading(*texts):
        for number, text in enumerate(texts):
            (tmp_path / f"{number}.yaml").write_text(text)
        return read_folder(tmp_path)

    return reading


@pytest.mark.parametrize(
    ("part", "by", "line", "problem"),
    [
        ("id: policy", "id: Policy", 5, "id"),
        ("id: policy", "id: a.b", 5, "id"),
        ("severity: high", "severity: big", 10, "'big' is not possible"),
        ("severity: high", "severity: high\n    kind: words", 11, "'words' is not possible"),
        ("severity: high", "severity: high\n    least: 3", 11, "least does not go with"),
        ("severity: high", "severity: high\n    most: 3", 11, "most does not go with"),
        ("severity: high", "severity: high\n    within: 3", 11, "within does not go with"),
        ("severity: high", "severity: high\n    kind: number", 11, "a number needs least"),
        ("severity: high", "severity: high\n    kind: date", 11, "a date needs within"),
        ("severity: high", "severity: high\n    kind: number\n    least: 0", 12, "every number"),
        (
            "severity: high",
            "severity: high\n    kind: number\n    least: 5\n    most: 4",
            13,
            "no number is good",
        ),
        ("severity: high", "severity: high\n    valid: 0", 11, "too small"),
        ("severity: high", "severity: high\n    colour: red", 11, "unknown key 'colour'"),
        ("    refs: [LIT-ETHICS]\n", "", 5, "'refs' is missing"),
        ("text: {id: a, en: b}", "text: {id: a}", 6, "'en' is missing"),
    ],
)
def test_a_mistake_in_a_question_is_told_with_its_line(read, part, by, line, problem):
    with pytest.raises(ConfigErrors, match=problem) as caught:
        read(HEAD + QUESTION.replace(part, by))

    assert f"0.yaml:{line}" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- id: x", "has no list of questions"),
        ("id: first\ntitle: {id: a, en: b}\nintro: {id: a, en: b}\n", "has no list of questions"),
        (f"{HEAD} []", "questions"),
        (HEAD.replace("intro", "intr") + QUESTION, "intr"),
        ("id: [", "0.yaml:"),
    ],
)
def test_what_is_no_questionnaire_is_told(read, text, problem):
    with pytest.raises(ConfigErrors, match=problem):
        read(text)


def test_an_id_is_given_once(read):
    with pytest.raises(ConfigErrors) as caught:
        read(HEAD + QUESTION, HEAD + QUESTION)

    assert "1.yaml:1:1: the questionnaire 'first' is given twice" in str(caught.value)
    assert "1.yaml:5:5: the question 'policy' is given twice" in str(caught.value)
    assert "0.yaml:5" in str(caught.value)


@pytest.mark.parametrize(
    ("part", "by", "problem"),
    [
        ("title: {id: a, en: b}", "title: {id: a, en: a}", "first: title says the same"),
        ("text: {id: a, en: b}", 'text: {id: "", en: b}', "policy: text has no text in id"),
        ("help: {id: a, en: b}", "help: {id: a, en: a}", "policy: help says the same"),
        ("[LIT-ETHICS]", "[]", "no law or standard asks for it"),
        ("[LIT-ETHICS]", "[X]\n    against: [ssh.nothing]", "no check fits 'ssh.nothing'"),
        ("[LIT-ETHICS]", '[X]\n    against: ["attest.*"]', "is an answer too"),
    ],
)
def test_what_reading_alone_does_not_show_is_linted(read, part, by, problem):
    found = lint_questionnaires(read((HEAD + QUESTION).replace(part, by)), ["ssh.root-login"])

    assert any(problem in str(one) for one in found)


def test_a_question_may_name_checks_by_glob(read):
    text = HEAD + QUESTION.replace("[LIT-ETHICS]", '[X]\n    against: ["ssh.*", ssh.root-login]')

    assert lint_questionnaires(read(text), ["ssh.root-login"]) == ()


def test_the_shipped_questionnaires_have_no_mistake():
    assert lint_questionnaires(read_questionnaires(), load_checks()) == ()


def test_the_shipped_questions_are_many_and_cover_each_foundation():
    questions = [q for one in load_questionnaires() for q in one.questions]

    counts = {f: sum(q.foundation == f for q in questions) for f in ("ethics", "culture", "skill")}
    assert sum(counts.values()) >= 86
    assert min(counts.values()) >= 25


def test_management_of_information_security_is_asked_in_full():
    refs = {ref for one in load_questionnaires() for q in one.questions for ref in q.refs}
    wanted = (
        *("3", "4", "5", "6", "7.1.a", "7.1.b", "7.1.c", "7.2.a", "7.2.b", "7.2.c", "7.2.d", "8"),
        *("9.a", "9.b", "10.a", "10.b", "10.c", "11.2.a", "11.2.b", "13", "14.3", "14.4", "14.5"),
        *("12.a", "12.b", "12.c", "12.d", "12.e", "15.4", "16.2-3"),
    )

    assert {f"BSSN-4-2021:{locator}" for locator in wanted} <= refs


def test_questions_are_checks_among_the_others():
    found = read_checks()
    asked_for = [one for one in found if one.document.path.endswith("10-management.yaml")]

    assert "attest.mki-policy" in load_checks()
    line, _ = asked_for[0].document.place(asked_for[0].at)
    assert str(asked_for[0].mistake(("refs", 0), "x")).startswith(asked_for[0].document.path)
    assert line > 1


def test_a_broken_questionnaire_is_told_with_the_checks(monkeypatch):
    def broken():
        raise ConfigErrors((ConfigError("q.yaml", "is broken", line=3),))

    monkeypatch.setattr(checks, "read_questionnaires", broken)

    with pytest.raises(ConfigErrors, match=r"q\.yaml:3: is broken"):
        read_checks()


@pytest.mark.parametrize(
    "question",
    [question for one in QUESTIONNAIRES for question in one.questions],
    ids=lambda question: question.id,
)
def test_the_check_of_a_question_proves_itself(question):
    check, placed = as_check(question)

    assert check.id == f"attest.{question.id}"
    assert {one.expectation for one in placed} == {*check.expect, *check.when}
    for example in check.tests:
        assert run_example(check, example, CATALOGUE).status == example.verdict, example.name
    verdicts = {example.verdict for example in check.tests}
    assert {"pass", "fail", "not_checked"} <= verdicts


@pytest.mark.parametrize(
    ("number", "lang", "words"),
    [
        (0, Lang.ID, "ya, sebagian, tidak"),
        (1, Lang.EN, "a number from 0 to 100, not applicable"),
        (2, Lang.ID, "tanggal, misalnya 2026-12-31, tidak berlaku; berkas bukti wajib"),
        (3, Lang.EN, "a number"),
    ],
)
def test_a_form_says_how_a_question_is_answered(number, lang, words):
    assert asked(QUESTIONNAIRES[0].questions[number], lang) == words
