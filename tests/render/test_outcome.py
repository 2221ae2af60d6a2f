"""How a run ends at the command line, on a real store: report, summary, words, exit code."""

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from auditor.cli.evaluate import evaluate
from auditor.cli.outcome import conclude, most_unseen, say_exit
from auditor.cli.report import report
from auditor.cli.scan import ScanOptions
from auditor.errors import ConfigError, ExitCode, StoreError
from auditor.model.base import Lang
from auditor.model.result import RunState
from auditor.store import open_store
from auditor.store.context import Context
from tests.render.sample import (
    CHECKS,
    FRAMEWORKS,
    NOW,
    POLICIES,
    RUN,
    evidence,
    findings,
    inventory,
    visits,
)


@pytest.fixture
def home(tmp_path):
    """A store that holds one run of eight targets, one of them not visited."""
    place = tmp_path / "home"
    seen = visits()
    city = inventory()
    run = msgspec.structs.replace(RUN, state=RunState.RUNNING, ended=None)
    with open_store(place, lock=True) as store:
        store.begin(
            run,
            Context(
                inventory=city,
                policies=POLICIES,
                checks=tuple(CHECKS.values()),
                frameworks=FRAMEWORKS,
                targets=tuple(target.id for target in city.targets),
            ),
        )
        for visit in seen:
            store.put(run.id, visit, tuple(evidence(visit.target).values()))
        store.finish(run.id, RunState.INCOMPLETE, NOW, findings(seen))
    return place


def asked(home, **more):
    options = {
        "home": home, "store_url": None, "lang": Lang.ID, "fail_on": "low", "max_unseen": "0",
        "format": "text", "output": None, "resume": False, "quiet": True,
    }  # fmt: skip
    return ScanOptions(**options | more)


def concluded(home, **more):
    with open_store(home, lock=False) as store:
        return conclude(store, store.run("last"), asked(home, **more), stopped=False)


def called(command, *arguments):
    return CliRunner().invoke(
        command, [str(argument) for argument in arguments], standalone_mode=False
    )


def test_a_scan_leaves_a_report_and_its_json_and_says_the_exit_code_last(home, capsys):
    code = concluded(home)

    said = capsys.readouterr()
    assert code == ExitCode.FINDINGS
    assert said.err.splitlines()[-1] == "exit 1: ada temuan pada tingkat rendah ke atas"
    assert said.out.rstrip().endswith(str(home / "report" / "index.html"))
    written = json.loads((home / "report" / "run.json").read_text())
    assert len(written["targets"]) == 8
    assert len(written["run"]["digest"]) == 64


def test_json_on_stdout_is_what_the_report_holds(home, capsys):
    concluded(home, format="json", output=home / "elsewhere")

    assert capsys.readouterr().out == (home / "elsewhere" / "run.json").read_text()


@pytest.mark.parametrize("lang", Lang)
def test_the_summary_is_shown_even_where_the_report_cannot_be_written(home, capsys, lang):
    (home / "thesis.txt").write_text("x")

    with pytest.raises(StoreError, match="is no report"):
        concluded(home, output=home, lang=lang)
    assert "800/123" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "fail_on", "lang", "words"),
    [
        (ExitCode.FINDINGS, "new", Lang.ID, "exit 1: ada temuan baru atau kambuh"),
        (ExitCode.FINDINGS, "high", Lang.EN, "exit 1: findings at or above high"),
        (ExitCode.INCOMPLETE, "none", Lang.EN, "exit 5: incomplete: something was not seen"),
        (ExitCode.MET, "none", Lang.ID, "exit 0: kebijakan terpenuhi"),
    ],
)
def test_every_exit_code_has_words(capsys, code, fail_on, lang, words):
    say_exit(code, fail_on, lang)

    assert capsys.readouterr().err == f"{words}\n"


@pytest.mark.parametrize("text", ["", "%", "-1", "1.5", "two", "5 %", "\u0665x"])
def test_a_limit_that_is_no_number_is_refused(text):
    with pytest.raises(ConfigError, match="max-unseen"):
        most_unseen(text, 10)


def test_a_limit_is_a_number_or_a_share():
    assert most_unseen("3", 10) == 3
    assert most_unseen("25%", 10) == 2.5


def test_both_languages_are_written_side_by_side(home, tmp_path):
    out = tmp_path / "laporan"

    said = called(report, "--home", home, "--lang", "both", "-o", out)

    assert said.exit_code == 0
    for lang in Lang:
        assert f'<html lang="{lang}">' in (out / lang / "index.html").read_text()


def test_json_goes_to_stdout_or_whole_into_a_folder(home, tmp_path):
    printed = called(report, "--home", home, "--format", "json")
    for _ in range(2):
        told = called(report, "--home", home, "--format", "json", "-o", tmp_path / "out")

    path = Path(told.stdout.strip())
    assert path.read_text() == printed.stdout
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_told(home, tmp_path):
    (tmp_path / "file").write_text("")

    said = called(report, "--home", home, "--format", "json", "-o", tmp_path / "file" / "x")

    assert isinstance(said.exception, StoreError)


def test_a_stored_run_is_judged_by_another_policy_with_a_report(home, tmp_path):
    said = called(
        evaluate, "--home", home, "--policy", "spbe", "--lang", "en", "-o", tmp_path / "again"
    )

    assert said.exception is None
    assert said.return_value == ExitCode.INCOMPLETE
    assert "exit 5: incomplete" in said.output
    assert '<html lang="en">' in (tmp_path / "again" / "index.html").read_text()
    assert not (home / "report").exists()
