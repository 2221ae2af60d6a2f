import pytest

from auditor.cli.policy import complete_policy
from auditor.errors import ExitCode

OWN = """\
id: own
title: {id: Milik sendiri, en: Our own}
extends: [spbe]
checks:
  - {use: ssh.max-auth-tries, params: {most: 3}, severity: high, for: {opd: [dinkes]}, why: x}
  - {drop: time.zone, why: servers of two zones}
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    return path


@pytest.mark.parametrize(
    ("part", "by", "problem"),
    [
        ("ssh.max-auth-tries", "ssh.max-auth-tris", ":5:6: no check fits 'ssh.max-auth-tris'"),
        ("most: 3", "mots: 3", ":5:40: ssh.max-auth-tries: unknown parameter 'mots'"),
        ("most: 3", "most: 99", ":5:40: ssh.max-auth-tries: parameter 'most': 99 is above 10"),
        ("extends: [spbe]", "extends: [sbpe]", ":3:11: there is no policy 'sbpe'"),
        ("extends", "frameworks: [none]\nextends", ":3:14: there is no framework 'none'"),
    ],
)
def test_lint_names_file_line_and_problem(auditor, own, part, by, problem):
    own.write_text(OWN.replace(part, by))

    code, out, err = auditor("policy", "lint", own)

    assert (code, out) == (ExitCode.USAGE, "")
    assert f"{own}{problem}" in err


def test_lint_counts_what_a_good_policy_asks(auditor, own):
    code, out, _ = auditor("policy", "lint", own)

    assert code == 0
    assert out.startswith("own: ")
    assert out.endswith(" checks, 17 frameworks: good\n")


def test_the_shipped_policy_is_good(auditor):
    assert auditor("policy", "lint").code == 0


@pytest.mark.parametrize(
    ("lang", "title"),
    [("id", "Keamanan dan etika layanan"), ("en", "Security and ethics of the")],
)
def test_the_list_has_names_and_titles(auditor, lang, title):
    assert f"spbe                 {title}" in auditor("policy", "list", "--lang", lang).out


def test_show_says_the_entries_in_order_bases_first(auditor, own):
    lines = auditor("policy", "show", own, "--lang", "en").out.splitlines()

    assert [line.split(":")[0] for line in lines if line[0] != " "] == [
        "bssn-host",
        "ethics",
        "spbe",
        "own",
    ]
    assert lines[1] == "  frameworks: pemdi-2026, bssn-4-2021"
    assert lines[-4:] == [
        "own: Our own",
        "  frameworks: -",
        "  use ssh.max-auth-tries; params most=3; severity: high; for opd=('dinkes',); why: x",
        "  drop time.zone; why: servers of two zones",
    ]


def test_an_unknown_policy_gets_a_hint(auditor):
    code, _, err = auditor("policy", "show", "sbpe")

    assert code == ExitCode.USAGE
    assert "did you mean 'spbe'?" in err


def test_the_shell_completes_names():
    assert complete_policy(None, None, "sp") == ["spbe"]


@pytest.mark.parametrize("command", ["list", "show", "lint"])
def test_every_help_has_an_example(auditor, command):
    assert f"auditor policy {command}" in auditor("policy", command, "--help").out
