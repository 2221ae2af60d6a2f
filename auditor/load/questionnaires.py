"""Questionnaires as they ship; every mistake names its file and line."""

from collections.abc import Iterable, Iterator
from importlib.resources import as_file
from pathlib import Path

from auditor.errors import ConfigError
from auditor.load.decode import Written, decode, decode_each
from auditor.load.refuse import refuse
from auditor.load.yaml import Document, Steps, read_yaml
from auditor.model.attest import AnswerKind, Question, Questionnaire
from auditor.resources import shipped

WrittenQuestionnaire = Written[Questionnaire]


def load_questionnaires() -> tuple[Questionnaire, ...]:
    """Return the shipped questionnaires, in the order of their files."""
    return tuple(written.value for written in read_questionnaires())


def read_questionnaires() -> tuple[WrittenQuestionnaire, ...]:
    """Return the same with their places; raises `ConfigErrors` with every mistake."""
    with as_file(shipped("policies") / "questionnaires") as folder:
        return read_folder(folder)


def read_folder(folder: Path) -> tuple[WrittenQuestionnaire, ...]:
    """Read every questionnaire (*.yaml) of a folder."""
    errors: list[ConfigError] = []
    found = [written for path in sorted(folder.glob("*.yaml")) for written in _file(path, errors)]
    errors += _twice(found)
    refuse(errors)
    return tuple(found)


def _file(path: Path, errors: list[ConfigError]) -> Iterator[WrittenQuestionnaire]:
    """Yield the questionnaire of a file; each question that cannot be read adds an error."""
    try:
        document = read_yaml(path)
        questionnaire, questions = _decoded(document, errors)
    except ConfigError as error:
        errors.append(error)
        return
    before = len(errors)
    for number, question in questions.items():
        for key, problem in _odd(question):
            at = ("questions", number, key)
            errors.append(document.mistake(at, f"{question.id}: {problem}"))
    if len(errors) == before:
        yield Written(questionnaire, document)


def _decoded(
    document: Document, errors: list[ConfigError]
) -> tuple[Questionnaire, dict[int, Question]]:
    raw = document.value
    if not isinstance(raw, dict) or not isinstance(raw.get("questions"), list):
        hint = "a questionnaire is a mapping: id, title, intro, questions"
        raise document.mistake((), "has no list of questions", hint)
    questions = decode_each(document, Question, ("questions",), raw["questions"], errors)
    return decode(document, Questionnaire), questions


def _odd(question: Question) -> Iterator[tuple[str, str]]:
    """Yield what a question says that does not go with its kind."""
    number, date = question.kind is AnswerKind.NUMBER, question.kind is AnswerKind.DATE
    for key, fits in (("least", number), ("most", number), ("within", date)):
        if getattr(question, key) is not None and not fits:
            yield key, f"{key} does not go with kind {question.kind}"
    if number and question.least is None:
        yield "kind", "a number needs least: the smallest that is good"
    if date and question.within is None:
        yield "kind", "a date needs within: the days that it may lie back"
    if question.least is not None and question.least < 1:
        yield "least", "every number is good: least is 1 or more"
    if None not in (question.least, question.most) and question.least > question.most:  # type: ignore[operator]
        yield "most", "no number is good: most lies below least"


def _twice(found: Iterable[WrittenQuestionnaire]) -> Iterator[ConfigError]:
    """Yield ids that are given twice: of questionnaires, and of questions over all files."""
    seen: dict[tuple[str, str], str] = {}
    for written in found:
        named: list[tuple[Steps, str, str]] = [(("id",), "questionnaire", written.value.id)]
        for number, question in enumerate(written.value.questions):
            named.append((("questions", number, "id"), "question", question.id))
        for at, what, name in named:
            here = f"{written.document.path}:{written.document.place(at)[0]}"
            first = seen.setdefault((what, name), here)
            if first is not here:
                problem = f"the {what} {name!r} is given twice"
                yield written.mistake(at, problem, f"first in {first}")
