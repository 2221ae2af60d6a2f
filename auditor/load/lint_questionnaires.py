"""Questions are written in both languages, name a law, and are compared with checks that exist."""

from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase

from auditor.errors import ConfigError
from auditor.load.hint import did_you_mean
from auditor.load.lint import text_mistake
from auditor.load.questionnaires import WrittenQuestionnaire
from auditor.load.yaml import Steps
from auditor.model.attest import CHECKS, Question, Questionnaire


def lint_questionnaires(
    found: Iterable[WrittenQuestionnaire], checks: Collection[str]
) -> tuple[ConfigError, ...]:
    """Return what reading alone does not show: texts in both languages, checks that exist.

    The references of questions are linted with those of the checks that they become.
    """
    return tuple(
        written.mistake(at, problem, hint)
        for written in found
        for at, problem, hint in _lint(written.value, checks)
    )


_Mistake = tuple[Steps, str, str]


def _lint(questionnaire: Questionnaire, checks: Collection[str]) -> Iterator[_Mistake]:
    for name in ("title", "intro"):
        if problem := text_mistake(name, getattr(questionnaire, name)):
            yield (name,), f"{questionnaire.id}: {problem}", ""
    for number, question in enumerate(questionnaire.questions):
        for at, problem, hint in _question(question, checks):
            yield ("questions", number, *at), f"{question.id}: {problem}", hint


def _question(question: Question, checks: Collection[str]) -> Iterator[_Mistake]:
    for name in ("text", "help"):
        if problem := text_mistake(name, getattr(question, name)):
            yield (name,), problem, ""
    if not question.refs:
        yield ("refs",), "no law or standard asks for it", "name it"
    for place, pattern in enumerate(question.against):
        if problem := _unfit(pattern, checks):
            yield ("against", place), problem, did_you_mean(pattern, checks)


def _unfit(pattern: str, checks: Collection[str]) -> str:
    if pattern.startswith(CHECKS):
        return f"{pattern!r} is an answer too: nothing was measured"
    known = pattern in checks or any(fnmatchcase(check, pattern) for check in checks)
    return "" if known else f"no check fits {pattern!r}"
