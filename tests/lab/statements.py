"""Offices of the demo answer their questions: some well, some not, some not at all."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from auditor.load.questionnaires import load_questionnaires
from auditor.model.attest import AnswerKind, Question

EVIDENCE = "keputusan.txt"


def fill(form: Path, evidence: Path, *, bad: int = 7, left: int = 11) -> int:
    """Fill a YAML form in and return the number of answers.

    Every `bad`-th is not what one hopes for; every `left`-th stays open.
    """
    today = datetime.now(UTC).date()
    questions = {q.id: q for one in load_questionnaires() for q in one.questions}
    filled = yaml.safe_load(form.read_text(encoding="utf-8"))
    filled["all"] = {
        "role": "Kepala Dinas",
        "date": str(today - timedelta(days=20)),
        "letter": "800/45/2026",
    }
    (evidence / EVIDENCE).write_text("Keputusan Kepala Dinas nomor 45 tahun 2026\n")
    answered = 0
    for number, (name, answer) in enumerate(filled["answers"].items(), 1):
        if number % left:
            answer["answer"] = _answer(questions[name], good=bool(number % bad))
            answer["evidence"] = [EVIDENCE] if questions[name].needs_evidence else []
            answered += 1
    form.write_text(yaml.safe_dump(filled, allow_unicode=True, sort_keys=False))
    return answered


def _answer(question: Question, *, good: bool) -> str | int:
    if question.kind is AnswerKind.YES_NO:
        return "ya" if good else "sebagian"
    if question.kind is AnswerKind.NUMBER:
        least = question.least or 0
        return least if good else max(0, least - 40)
    days = 30 if good else (question.within or 365) + 60
    return str(datetime.now(UTC).date() - timedelta(days=days))
