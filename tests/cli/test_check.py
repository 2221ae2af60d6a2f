import pytest

from auditor.cli.check import complete_id
from auditor.errors import ExitCode
from auditor.load.checks import load_checks
from auditor.load.frameworks import shipped_frameworks
from auditor.load.policies import shipped_policies

OWN = """\
- id: own.kernel
  title: {id: Kernel baru, en: The kernel is new}
  why: {id: Karena, en: Because}
  fix: {id: Perbaiki, en: Mend it}
  severity: low
  probe: {o: {os: {}}}
  expect: [{o.kernel: {starts_with: "6."}}]
  tests:
    - {name: six, given: {o: {kernel: 6.1.0-41-amd64}}, verdict: pass}
    - {name: five, given: {o: {kernel: 5.10.0-1-amd64}}, verdict: fail}
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    return path


def test_lint_names_file_line_and_hint(auditor, own):
    own.write_text(OWN.replace("o.kernel", "o.kernl"))

    code, out, err = auditor("check", "lint", own)

    assert (code, out) == (ExitCode.USAGE, "")
    assert (
        f"{own}:7:23: own.kernel: there is no fact 'o.kernl'\n  hint: did you mean 'kernel'?" in err
    )


def test_lint_finds_nothing_wrong_with_what_ships(auditor):
    code, out, err = auditor("check", "lint")

    assert (code, err) == (0, "")
    assert (
        out == f"{len(load_checks())} checks, {len(shipped_policies())} policies, "
        f"{len(shipped_frameworks())} frameworks: good\n"
    )


def test_a_wrong_verdict_is_told_and_counts(auditor, own):
    own.write_text(OWN.replace("verdict: pass", "verdict: error"))

    code, out, err = auditor("check", "test", "own.*", "--checks", own)

    assert (code, out) == (ExitCode.FINDINGS, "2 examples, 1 wrong\n")
    assert err.startswith("own.kernel, 'six': pass, not error (")


def test_every_example_of_the_shipped_checks_holds(auditor):
    code, out, err = auditor("check", "test")

    number = sum(len(check.tests) for check in load_checks().values())
    assert (code, err) == (0, "")
    assert out == f"{number} examples, 0 wrong\n"


def test_changes_that_no_example_notices_are_told_and_count(auditor, own):
    code, out, err = auditor("check", "test", "--mutate", "own.*", "--checks", own)

    assert (code, err) == (ExitCode.FINDINGS, "")
    assert out == (
        "2 examples, 0 wrong\n"
        "own.kernel: 1 of 3 survive\n"
        '  expect: {o.kernel: {starts_with: "6."}} -> {o.kernel: {starts_with: "6"}}\n'
        "3 mutants, 2 noticed: 66.7 %\n"
    )


def test_changes_that_the_examples_notice_are_counted(auditor, own):
    more = '- {name: sixty, given: {o: {kernel: "60"}}, verdict: fail}\n'
    own.write_text(f"{OWN}    {more}")

    code, out, _ = auditor("check", "test", "--mutate", "own.*", "--checks", own)

    assert (code, out) == (0, "3 examples, 0 wrong\n3 mutants, 3 noticed: 100.0 %\n")


def test_a_check_whose_examples_are_wrong_is_not_changed(auditor, own):
    own.write_text(OWN.replace("verdict: pass", "verdict: error"))

    code, out, _ = auditor("check", "test", "--mutate", "own.*", "--checks", own)

    assert (code, out) == (ExitCode.FINDINGS, "2 examples, 1 wrong\n")


def test_only_the_named_checks_are_tested(auditor, own):
    code, out, _ = auditor("check", "test", "own.kernel", "--checks", own)

    assert (code, out) == (0, "2 examples, 0 wrong\n")


def test_a_name_that_fits_no_check_is_a_mistake(auditor):
    code, _, err = auditor("check", "test", "shh.*")

    assert code == ExitCode.USAGE
    assert "no check fits 'shh.*'" in err


@pytest.mark.parametrize(
    ("lang", "title"),
    [("id", "Login root lewat SSH ditutup"), ("en", "SSH root login is disabled")],
)
def test_the_list_has_a_line_a_check(auditor, lang, title):
    lines = auditor("check", "list", "--lang", lang).out.splitlines()

    assert len(lines) == len(load_checks())
    assert f"ssh.root-login               high      security  {title}" in lines


def test_own_checks_are_listed_too(auditor, own):
    assert "own.kernel" in auditor("check", "list", "--checks", own).out


def test_show_says_all_of_a_check_with_its_law(auditor):
    out = auditor("check", "show", "ssh.root-login", "--lang", "en").out

    assert out.startswith("ssh.root-login (high, security)\nSSH root login is disabled\n")
    assert "  $ printf" in out
    assert "expect:\n- sshd.permitrootlogin: {in: $allowed, written: $explicit}\n" in out
    assert "BSSN-4-2021:33.2.h  Peraturan BSSN 4/2021 Pasal 33 ayat (2) huruf h: " in out
    assert "[official]" in out


def test_show_of_a_check_without_command_and_law(auditor, own):
    out = auditor("check", "show", "own.kernel", "--checks", own).out

    assert "Perbaiki\n" in out
    assert "$" not in out
    assert "law:" not in out


def test_show_of_an_unknown_check_suggests_one(auditor):
    code, _, err = auditor("check", "show", "ssh.rot-login")

    assert code == ExitCode.USAGE
    assert "there is no check 'ssh.rot-login'\n  hint: did you mean 'ssh.root-login'?" in err


def test_the_shell_completes_ids():
    assert complete_id(None, None, "ssh.ro") == ["ssh.root-login"]


def test_the_shell_completes_nothing_where_checks_cannot_be_read(tmp_path, monkeypatch):
    (tmp_path / "bad.yaml").write_text("[")
    monkeypatch.setattr("auditor.load.checks.shipped", lambda _kind: tmp_path)

    assert complete_id(None, None, "") == []


@pytest.mark.parametrize("command", ["list", "show", "lint", "test"])
def test_every_help_has_an_example(auditor, command):
    assert f"auditor check {command}" in auditor("check", command, "--help").out
