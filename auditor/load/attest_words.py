"""The words of a form, in both languages: columns, answers, and how an answer is written."""

import datetime as dt
import re
from collections.abc import Mapping
from enum import StrEnum

from auditor.model.attest import AnswerKind, Question, Said
from auditor.model.base import Lang, Text

FORM = "auditor-attest/1"
"""Marks a form; the number grows when its keys or columns change."""
COMMON = "*"
"""In place of a question: holds for all answers that do not say otherwise."""


class Part(StrEnum):
    """What a form asks for each question; the keys in YAML, the columns of a sheet in order."""

    ANSWER = "answer"
    ROLE = "role"
    DATE = "date"
    LETTER = "letter"
    VALID_UNTIL = "valid_until"
    EVIDENCE = "evidence"
    NOTE = "note"


PARTS: Mapping[Part, Text] = {
    Part.ANSWER: Text(id="Jawaban", en="Answer"),
    Part.ROLE: Text(id="Jabatan yang menyatakan", en="Function that states it"),
    Part.DATE: Text(id="Tanggal pernyataan", en="Date of the statement"),
    Part.LETTER: Text(id="Nomor surat atau dokumen", en="Number of the letter or document"),
    Part.VALID_UNTIL: Text(id="Berlaku sampai (bila ada)", en="Valid until (if it ends)"),
    Part.EVIDENCE: Text(id="Nama berkas bukti", en="Names of evidence files"),
    Part.NOTE: Text(id="Catatan", en="Note"),
}
WORDS: Mapping[Said, Text] = {
    Said.YES: Text(id="ya", en="yes"),
    Said.PARTLY: Text(id="sebagian", en="partly"),
    Said.NO: Text(id="tidak", en="no"),
    Said.NOT_APPLICABLE: Text(id="tidak berlaku", en="not applicable"),
}
GUIDE = (
    Text(
        id="Isi jabatan, bukan nama orang. Jangan menulis data pribadi.",
        en="Write functions, never names of persons. Write no personal data.",
    ),
    Text(
        id="Jawaban yang dikosongkan tetap belum dijawab. Jawaban yang lewat masa berlakunya "
        "harus dinyatakan ulang.",
        en="What is left empty stays unanswered. An answer whose time is over has to be given "
        "again.",
    ),
    Text(
        id="Jabatan, tanggal, dan nomor surat pada bagian untuk semua jawaban dipakai bila "
        "suatu jawaban tidak menyebutnya.",
        en="Function, date and letter in the part for all answers count where an answer does "
        "not give its own.",
    ),
    Text(
        id="Berkas bukti: tulis namanya saja, pisahkan dengan titik koma, dan kirim berkasnya "
        "bersama formulir ini.",
        en="Evidence: write the names of the files, separated by semicolons, and send the files "
        "along with this form.",
    ),
)

_SAID = {word: said for said, text in WORDS.items() for word in (text.id, text.en)}
_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


def asked(question: Question, lang: Lang) -> str:
    """Say how a question is answered."""
    words = [WORDS[said].in_(lang) for said in Said]
    never = [] if question.may_not_apply else [WORDS[Said.NOT_APPLICABLE].in_(lang)]
    if question.kind is AnswerKind.YES_NO:
        told = ", ".join(word for word in words if word not in never)
    else:
        text = _number(question) if question.kind is AnswerKind.NUMBER else _DATE
        told = ", ".join([text.in_(lang), *(words[-1:] if not never else [])])
    return f"{told}; {_NEEDED.in_(lang)}" if question.needs_evidence else told


def _number(question: Question) -> Text:
    if question.most is None:
        return Text(id="angka", en="a number")
    return Text(id=f"angka 0 sampai {question.most}", en=f"a number from 0 to {question.most}")


_DATE = Text(id="tanggal, misalnya 2026-12-31", en="a date, such as 2026-12-31")
_NEEDED = Text(id="berkas bukti wajib", en="evidence is needed")


def word(said: str | int, lang: Lang) -> str:
    """Return an answer as a form shows it."""
    return next((text.in_(lang) for one, text in WORDS.items() if one == said), str(said))


def said(text: str) -> Said | None:
    """Return the answer that a word of either language means."""
    return _SAID.get(" ".join(text.casefold().replace("_", " ").split()))


def day(text: str) -> dt.date | None:
    """Return the day of "2026-12-31" or "31-12-2026", None where a text is neither."""
    if match := _DAY.fullmatch(text):
        text = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
