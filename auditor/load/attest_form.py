"""What goes into a form: the questions that concern an office, with its last answers."""

from collections.abc import Iterable, Mapping

import msgspec

from auditor.load.attest_words import Part, word
from auditor.model.attest import Answer, Question, Questionnaire, concerns
from auditor.model.base import Lang, Text
from auditor.model.inventory import Inventory, Opd
from auditor.model.text import inert


class Row(msgspec.Struct, frozen=True):
    """A question with the answer that counts so far."""

    question: Question
    answer: Answer | None

    def told(self, lang: Lang) -> Mapping[Part, str]:
        """Return the parts of the answer that are not empty, its evidence left out."""
        if self.answer is None:
            return {}
        until = self.answer.valid_until
        parts = {
            Part.ANSWER: word(self.answer.said, lang),
            Part.ROLE: self.answer.role,
            Part.DATE: self.answer.date.isoformat(),
            Part.LETTER: self.answer.letter,
            Part.VALID_UNTIL: until.isoformat() if until else "",
            Part.NOTE: self.answer.note,
        }
        return {part: inert(text) for part, text in parts.items() if text}

    @property
    def evidence(self) -> tuple[str, ...]:
        """The names of the files of the answer."""
        return tuple(file.name for file in self.answer.evidence) if self.answer else ()


class Form(msgspec.Struct, frozen=True):
    """A form for an office."""

    opd: Opd
    title: Text
    parts: tuple[tuple[Questionnaire, tuple[Row, ...]], ...]


def form_of(
    inventory: Inventory,
    opd: Opd,
    questionnaires: Iterable[Questionnaire],
    answers: Mapping[str, Answer],
) -> Form:
    """Return the form of an office; `answers` are its last ones."""
    leads = inventory.lead is not None and inventory.lead.id == opd.id
    parts = []
    for questionnaire in questionnaires:
        rows = tuple(
            Row(question, answers.get(question.id))
            for question in questionnaire.questions
            if concerns(question, leads=leads)
        )
        parts += [(questionnaire, rows)] if rows else []
    name = inert(f"{opd.name} ({opd.id}), {inventory.city.name}")
    title = Text(id=f"Pernyataan {name}", en=f"Statements of {name}")
    return Form(opd, title, tuple(parts))
