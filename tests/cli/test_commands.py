import json
import os
import stat
import subprocess
import sys

import click
import msgspec
import pytest

from auditor import cli
from auditor.cli import _COMMANDS, _SHORT, progress
from auditor.cli.outcome import exit_code
from auditor.errors import ConfigError, ConfigErrors, ExitCode
from auditor.load import checks
from auditor.model.base import Lang
from auditor.model.check import Applies, Assertion, Op, Severity
from auditor.model.result import FindingState
from tests.render.sample import RUN, findings, inventory, summary, visit, visits


def commands(group, path=()):
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            yield (*path, name), command
            if isinstance(command, click.Group):
                yield from commands(command, (*path, name))


ALL = dict(commands(cli.cli))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_helps_with_an_example(auditor, path):
    said = auditor(*path, "--help")

    assert said.code == 0
    if not isinstance(ALL[path], click.Group):
        assert f"auditor {' '.join(path)}" in said.out
        assert "Example" in said.out


def test_the_short_list_of_commands_is_complete(auditor):
    assert set(_COMMANDS) == set(_SHORT)
    said = auditor("--help")
    assert all(name in said.out for name in _COMMANDS)


@pytest.mark.parametrize("args", [("nonsense",), ("scan", "--nonsense"), ("scan", "--jobs", "0")])
def test_usage_that_is_wrong_exits_2(auditor, args):
    said = auditor(*args)

    assert (said.code, said.out) == (2, "")
    assert "Error" in said.err


def test_a_missing_inventory_is_told_with_what_to_do(auditor):
    said = auditor("scan")

    assert said.code == 2
    assert "inventory.yaml" in said.err
    assert "init" in said.err


def test_a_bug_keeps_its_traceback(auditor, monkeypatch):
    monkeypatch.setitem(_COMMANDS, "doctor", "auditor.cli.nothing:doctor")

    said = auditor("doctor")

    assert said.code == 4
    assert "Traceback" in said.err


@pytest.mark.parametrize(
    ("error", "code"),
    [(click.Abort(), 5), (BrokenPipeError(), 3)],
)
def test_an_end_from_outside_has_its_code(monkeypatch, error, code):
    def raising(**_):
        raise error

    closed = []
    monkeypatch.setattr(cli.cli, "main", raising)
    monkeypatch.setattr(sys.stderr, "close", lambda: closed.append(1))

    assert cli._run([], "auditor") == code


def test_the_program_leaves_with_its_code():
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "nonsense"], capture_output=True, check=False
    )

    assert done.returncode == 2


def test_several_mistakes_are_told_at_once():
    errors = (ConfigError("a", "one", line=3, column=5, hint="do it"), ConfigError("b", "two"))

    assert str(ConfigErrors(errors)) == "a:3:5: one\n  hint: do it\nb: two"
    assert str(ConfigError("a", "x", line=2)) == "a:2: x"


def test_checks_are_listed_and_shown(auditor):
    assert "ssh.root-login" in auditor("check", "list").out
    assert "SSH root login" in auditor("check", "list", "--lang", "en").out
    said = auditor("check", "show", "ssh.root-login")
    assert "PermitRootLogin" in said.out
    assert auditor("check", "show", "nothing").code == 2


def test_shipped_checks_pass_their_own_lint_and_examples(auditor):
    assert auditor("check", "lint").code == 0
    said = auditor("check", "test")
    assert (said.code, "0 wrong" in said.out) == (0, True)


def test_policies_are_listed_shown_and_linted(auditor):
    assert "spbe" in auditor("policy", "list").out
    assert "tls.certificate-days" in auditor("policy", "show", "spbe").out
    assert auditor("policy", "lint").code == 0
    assert auditor("policy", "show", "nothing").code == 2


@pytest.mark.parametrize("kind", ["inventory", "check", "policy", "framework", "run"])
def test_schemas_are_json(auditor, kind):
    assert "$defs" in json.loads(auditor("schema", kind).out)


def test_doctor_says_what_is_missing(auditor, tmp_path):
    said = auditor("doctor")

    assert "nmap" in said.out
    assert "no inventory.yaml" in said.out
    assert "feeds update" in said.out
    assert said.code in (0, 1)


def test_doctor_judges_keys_hosts_and_inventory(auditor, tmp_path):
    assert auditor("init").code == 0
    home = tmp_path / "audit-out"
    home.mkdir()
    (home / "known_hosts").write_text("")
    (home / "known_hosts").chmod(0o666)

    said = auditor("doctor", "--policy", "nothing")

    assert "MEND  inventory" in said.out
    assert "chmod 600" in said.out
    assert "MEND  policy" in said.out
    assert said.code == 1


def test_an_empty_store_has_no_runs(auditor):
    assert auditor("run", "list").out == ""
    assert auditor("run", "show").code == 2
    assert auditor("report").code == 2


def test_feeds_are_empty_at_first(auditor):
    assert "feeds update" in auditor("feeds", "status").out


def test_a_plan_for_this_machine_shows_its_script(auditor):
    said = auditor("plan", "--local")
    script = auditor("plan", "--local", "--script", "localhost")

    assert "localhost" in said.out
    assert "dpkg-query" in script.out
    assert auditor("plan", "--local", "--script", "other").code == 2
    assert subprocess.run(["sh", "-n"], input=script.out.encode(), check=False).returncode == 0


def test_a_plan_names_the_programs_that_its_policy_lets_run(auditor, monkeypatch, tmp_path):
    first = msgspec.structs.replace(
        checks.load_checks()["ssh.root-login"],
        probe={"c": {"command": {"argv": ["uname", "-r"]}}},
        expect=(Assertion(path="c.status", op=Op.EQ, operand=0),),
        params={},
        applies=Applies(),
    )
    monkeypatch.setattr(checks, "load_checks", lambda: {first.id: first})
    policy = tmp_path / "small.yaml"
    policy.write_text("id: small\ntitle: {id: Kecil, en: Small}\nchecks: [{use: '*'}]\n")

    assert auditor("plan", "--local", "--policy", policy).code == 2
    policy.write_text(f"{policy.read_text()}allow_commands: true\n")
    assert "allows: uname -r" in auditor("plan", "--local", "--policy", policy).out


def test_this_machine_is_audited_without_any_file_before(auditor, tmp_path):
    said = auditor("scan", "--local", "--check", "accounts.*", "--check", "files.shadow")

    assert said.code in (0, 1)
    assert (tmp_path / "audit-out" / "report" / "index.html").exists()
    assert stat.S_IMODE((tmp_path / "audit-out").stat().st_mode) == 0o700
    assert said.err.splitlines()[-1].startswith("exit ")
    again = auditor("scan", "--local", "--check", "files.shadow", "--format", "json", "--quiet")
    assert json.loads(again.out)["format"] == "auditor-run/1"
    assert auditor("scan", "--local", "--check", "nothing.*").code == 2
    assert auditor("scan", "--local", "--resume").code == 2
    assert auditor("scan", "--local", "--opd", "x").code == 2
    assert auditor("scan", "--local", "--tag", "x").code == 2
    assert auditor("scan", "--local", "--check", "files.shadow", "--max-unseen", "x").code == 2


def test_a_stored_run_is_shown_compared_judged_again_and_reported(auditor, tmp_path):
    for _ in range(2):
        auditor("scan", "--local", "--check", "logging.*", "--check", "files.shadow")

    assert len(auditor("run", "list").out.splitlines()) == 2
    assert "localhost" in auditor("run", "show", "--lang", "en").out
    assert auditor("run", "diff").code == 0
    assert auditor("eval", "--policy", "spbe").code in (0, 1, 5)
    assert auditor("report", "--lang", "both", "-o", tmp_path / "out").code == 0
    assert (tmp_path / "out" / "en" / "index.html").exists()
    assert json.loads(auditor("report", "--format", "json").out)["city"] == "Komputer ini"


@pytest.mark.parametrize(
    ("fail_on", "most", "stopped", "code"),
    [
        ("low", "0", False, ExitCode.FINDINGS),
        ("new", "0", False, ExitCode.FINDINGS),
        ("none", "0", False, ExitCode.INCOMPLETE),
        ("none", "100%", False, ExitCode.MET),
        ("none", "8", False, ExitCode.MET),
        ("none", "8", True, ExitCode.INCOMPLETE),
    ],
)
def test_findings_weigh_more_than_gaps_and_gaps_more_than_nothing(fail_on, most, stopped, code):
    seen = visits()

    assert exit_code(summary(seen), findings(seen), fail_on, most, stopped=stopped) is code


def test_only_what_stands_and_is_grave_enough_fails():
    import msgspec

    found = findings(visits())[:1]
    fixed = tuple(msgspec.structs.replace(f, state=FindingState.FIXED) for f in found)
    low = tuple(msgspec.structs.replace(f, severity=Severity.LOW) for f in found)

    assert exit_code(summary([], found=()), fixed, "low", "9", stopped=False) is ExitCode.MET
    assert exit_code(summary([], found=()), low, "high", "9", stopped=False) is ExitCode.MET


@pytest.mark.parametrize("lang", Lang)
def test_progress_on_a_terminal_and_under_cron(lang, capsys, monkeypatch):
    for tty in (True, False):
        monkeypatch.setattr(sys.stderr, "isatty", lambda tty=tty: tty)
        with progress.Progress(inventory(), lang, quiet=False) as shown:
            shown.begun(RUN, 8, 8)
            for number in range(3):
                shown.visited(visit(number))
            assert shown._line().plain.startswith("3/8")
    said = capsys.readouterr().err

    assert RUN.id in said
    assert "web1" in said
    assert "\x1b[31m" not in said


def test_quiet_progress_says_nothing(capsys):
    with progress.Progress(inventory(), Lang.ID, quiet=True) as shown:
        shown.begun(RUN, 8, 8)
        shown.visited(visit(1))

    assert capsys.readouterr().err == ""


def test_the_password_comes_from_the_environment_and_leaves_it(monkeypatch):
    from auditor.cli.scan import PASSWORD, _password

    monkeypatch.setenv(PASSWORD, "rahasia")

    assert _password(ask=False) == "rahasia"
    assert PASSWORD not in os.environ
