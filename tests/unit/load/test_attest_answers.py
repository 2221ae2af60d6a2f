import datetime as dt
import os

import pytest

from auditor.errors import ConfigError, ConfigErrors
from auditor.load.attest_answers import import_form, read_file
from auditor.load.attest_evidence import FILES_LIMIT, Folder
from auditor.load.attest_yaml import write_form
from auditor.model.attest import EVIDENCE_LIMIT, Answer, EvidenceFile
from auditor.model.base import Lang
from tests.unit.load.asking import NOW, TODAY, asked_of, form

HEAD = """form: auditor-attest/1
opd: dinkes
all: {role: Kepala Dinas, date: 2026-11-01, letter: 800/12}
answers:
"""


def answer(question="policy", said="yes", **more):
    given = {"role": "Kepala Dinas", "date": dt.date(2026, 11, 1), "letter": "800/12"}
    return Answer(question=question, said=said, **{**given, **more})


@pytest.fixture
def take(tmp_path):
    """Import a form in YAML: the lines below `answers`, or the whole."""

    def importing(text, *, whole=False, **asked):
        path = tmp_path / "form.yaml"
        path.write_text(text if whole else HEAD + text)
        return import_form(read_file(path), asked_of(**asked), Folder(tmp_path))

    return importing


def refused(take, text, problem, **more):
    with pytest.raises(ConfigError, match=problem) as caught:
        take(text, **more)
    return str(caught.value)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("polcy: {answer: ya}", "polcy: there is no such question"),
        ("policy: {answer: mungkin}", "policy: answer: 'mungkin' is no answer here"),
        ("policy: {answer: 1}", "'1' is no answer here"),
        ("policy: {answer: tidak berlaku, note: x}", "the duty holds for everyone"),
        ("policy: {note: x}", "policy: answer: is missing"),
        ("share: {answer: 101}", "'101' is no answer here"),
        ("share: {answer: -1}", "'-1' is no answer here"),
        ("share: {answer: 0.8}", "'0.8' is no answer here"),
        ("share: {answer: ٨٠}", "is no answer here"),
        ("share: {answer: 12345678901}", "is no answer here"),
        ("share: {answer: tidak berlaku}", "note: says why it does not apply"),
        ("drill: {answer: kemarin}", "'kemarin' is no answer here"),
        ("drill: {answer: 2026-02-30}", "is no answer here"),
        ("drill: {answer: 2026-11-25}", "answer: 2026-11-25 lies in the future"),
        ("city: {answer: ya}", "only the office that answers for the city is asked"),
        ("policy: {answer: ya, date: 2026-11-25}", "date: 2026-11-25 lies in the future"),
        ("policy: {answer: ya, date: besok}", "date: 'besok' is no date"),
        ("policy: {answer: ya, valid_until: 2026-10-31}", "lies before the statement"),
        ("policy: {answer: ya, valid_until: x}", "valid_until: 'x' is no date"),
        (f"policy: {{answer: ya, role: {'x' * 121}}}", "role: is longer than 120"),
        ("policy: {answer: ya, evidence: ../x.pdf}", "is no plain file name"),
        ("policy: {answer: ya, evidence: /etc/passwd}", "is no plain file name"),
        ("policy: {answer: ya, evidence: .env}", "is no plain file name"),
        ('policy: {answer: ya, evidence: ["a\\u202eb.pdf"]}', "is no plain file name"),
        ("policy: {answer: ya, evidence: none.pdf}", "cannot be read: No such file"),
        (f"policy: {{answer: ya, evidence: {'x;' * 11}}}", f"more than {FILES_LIMIT} files"),
        ("policy: {answer: [ya]}", "policy|answer"),
        ("policy: {anwser: ya}", "did you mean 'answer'"),
    ],
)
def test_a_mistake_is_told_with_its_line(take, line, problem):
    assert "form.yaml:5" in refused(take, f"  {line}\n", problem)


@pytest.mark.parametrize("part", ["role", "date", "letter"])
def test_who_when_and_by_which_letter_must_be_told(take, part):
    head = HEAD.replace(
        {"role": "Kepala Dinas", "date": "2026-11-01", "letter": "800/12"}[part], ""
    )

    text = refused(take, f"{head}  policy: {{answer: ya}}\n", f"{part}: is missing", whole=True)

    assert "form.yaml:5" in text


def test_all_mistakes_are_told_at_once(take):
    text = refused(take, "  policy: {answer: x}\n  rules:\n    answer: y\n", "policy")

    assert "form.yaml:5" in text
    assert "form.yaml:7:" in text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("opd: dinkes\nanswers: {}\n", "is no form"),
        ("form: auditor-attest/9\nopd: dinkes\nanswers: {}\n", "is no form"),
        ("- form", "is no form"),
        ("form: auditor-attest/1\nanswers: {}\n", "'opd' is missing"),
        ("form: auditor-attest/1\nopd: x\nanswers: []\n", "answers"),
    ],
)
def test_what_is_no_form_is_told(take, text, problem):
    refused(take, text, problem, whole=True)


def test_a_file_of_another_kind_is_told(tmp_path):
    with pytest.raises(ConfigError, match="neither"):
        read_file(tmp_path / "form.xlsm")


def test_links_devices_and_large_or_empty_files_are_no_evidence(take, tmp_path):
    (tmp_path / "real.pdf").write_bytes(b"x")
    (tmp_path / "link.pdf").symlink_to("real.pdf")
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "empty.pdf").touch()
    with (tmp_path / "large.pdf").open("wb") as file:
        file.truncate(EVIDENCE_LIMIT + 1)

    for name, problem in (
        ("link", "cannot be read"),
        ("pipe", "is no file|empty"),
        ("folder", "is no file|cannot be read"),
        ("empty", "is empty"),
        ("large", "larger than 20 MB"),
    ):
        refused(take, f"  policy: {{answer: ya, evidence: {name}.pdf}}\n", problem)


def test_answers_become_statements_by_questionnaire(take, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"abc")

    found = take(
        "  policy: {answer: Ya}\n"
        "  share: {answer: 85 %, role: Sekretaris}\n"
        "  drill: {answer: 1/10/2026, evidence: [a.pdf, a.pdf]}\n"
        "  count: {answer: 3}\n"
        "  rules: {answer: tidak_berlaku, note: belum ada pegawai, valid_until: 31-12-2026}\n"
        "  city:\n"
    )

    file = EvidenceFile(
        name="a.pdf",
        sha256="ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        size=3,
    )
    first, second = found.statements
    assert (first.questionnaire, second.questionnaire) == ("first", "second")
    assert first.imported == NOW
    assert first.imported.tzinfo is dt.UTC
    assert first.answers == (
        answer(),
        answer("share", 85, role="Sekretaris"),
        answer("drill", "2026-10-01", evidence=(file,)),
        answer("count", 3),
    )
    (rules,) = second.answers
    assert (rules.said, rules.valid_until) == ("not_applicable", dt.date(2026, 12, 31))
    assert (found.new, found.changed, found.same) == (5, 0, 0)
    assert found.files == {file.sha256: file}


def test_only_what_changed_is_added(take):
    before = [answer(), answer("rules", "no")]

    found = take("  policy: {answer: ya}\n  rules: {answer: ya}\n", before=before)

    assert (found.new, found.changed, found.same) == (0, 1, 1)
    ((rules,),) = [one.answers for one in found.statements]
    assert rules.question == "rules"


def test_evidence_that_is_kept_already_need_not_come_again(take, tmp_path):
    file = EvidenceFile(name="a.pdf", sha256="ab" * 32, size=3)
    before = [answer(evidence=(file,))]

    kept = take("  policy: {answer: sebagian, evidence: a.pdf}\n", before=before)
    (tmp_path / "a.pdf").write_bytes(b"abc")
    new = take("  policy: {answer: ya, evidence: a.pdf}\n", before=before)

    assert kept.statements[0].answers[0].evidence == (file,)
    assert list(Folder(tmp_path).contents(kept.files)) == []
    assert new.statements[0].answers[0].evidence != (file,)


def test_contents_are_read_once_more_and_must_be_the_same(tmp_path):
    folder = Folder(tmp_path)
    (tmp_path / "a.pdf").write_bytes(b"abc")
    file = folder.file("a.pdf", None)

    assert list(folder.contents({file.sha256: file})) == [b"abc"]
    (tmp_path / "a.pdf").write_bytes(b"abd")
    with pytest.raises(ConfigError, match="was changed"):
        list(folder.contents({file.sha256: file}))
    (tmp_path / "a.pdf").unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        list(folder.contents({file.sha256: file}))


def test_what_does_not_count_yet_is_noted(take):
    found = take("  drill: {answer: 2026-10-01}\n")

    (note,) = found.notes
    assert note.endswith("drill: counts only when its evidence is there")


def test_an_older_answer_that_replaces_a_newer_one_is_noted(take):
    found = take("  policy: {answer: tidak}\n", before=[answer(date=TODAY)])

    assert "is older than the answer of 2026-11-24" in found.notes[0]


def test_identity_numbers_and_odd_characters_do_not_get_in(take):
    found = take('  policy: {answer: ya, note: "3579014203950001 \\u202e \\u001b[31m"}\n')

    note = found.statements[0].answers[0].note
    assert "3579014203950001" not in note
    assert note.isprintable()


@pytest.mark.parametrize(
    "line",
    [
        "  policy: {answer: '3579014203950001'}\n",
        "  policy: {answer: ya, date: '3579014203950001'}\n",
        "  policy: {answer: ya, evidence: [KTP_3579014203950001.pdf]}\n",
    ],
)
def test_an_identity_number_is_refused_and_not_repeated(take, tmp_path, line):
    (tmp_path / "KTP_3579014203950001.pdf").write_bytes(b"x")

    with pytest.raises(ConfigErrors) as caught:
        take(line)

    assert "3579014203950001" not in str(caught.value)


def test_the_leading_office_is_asked_for_the_city(take):
    text = HEAD.replace("dinkes", "kominfo") + "  city: {answer: ya}\n"

    assert take(text, whole=True, opd="kominfo").new == 1


def test_a_day_begins_in_the_citys_time_zone(take):
    late = dt.datetime(2026, 11, 24, 23, tzinfo=NOW.tzinfo)

    assert take("  policy: {answer: ya, date: 2026-11-24}\n", now=late).new == 1


@pytest.mark.parametrize("lang", Lang)
def test_a_form_with_the_last_answers_comes_back_unchanged(take, lang):
    before = [
        answer(note='kata: "kutip" #1'),
        answer("share", 85, valid_until=dt.date(2027, 1, 1)),
        answer(
            "drill",
            "2026-10-01",
            evidence=(EvidenceFile(name="a b.pdf", sha256="ab" * 32, size=3),),
        ),
        answer("rules", "not_applicable", note="tidak: ada"),
    ]

    found = take(write_form(form(answers=before), lang), whole=True, before=before)

    assert (found.new, found.changed, found.same) == (0, 0, 4)


def test_a_form_asks_an_office_only_what_concerns_it():
    lead, other = (write_form(form(opd), Lang.EN) for opd in ("kominfo", "dinkes"))

    assert "  lead:\n" in lead
    assert "  lead:\n" not in other
    assert "Third" not in other
    assert max(map(len, other.splitlines())) <= 100
