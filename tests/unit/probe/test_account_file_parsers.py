"""Parsers of the probes about accounts and files: what a broken or lying target may send."""

import pytest

from auditor.model.fact import Why
from auditor.probe import accounts, file
from tests.unit.probe.asking import frame, parse, text_files, why

PASSWD = "u:root:x:0:0:/root:/bin/bash\nu:open:empty:5:5:/:\ng:root:0:\n"


@pytest.mark.parametrize(
    ("shadow", "reason"),
    [
        ({"denied": True}, "needs_root"),
        ({"cut": True}, "cut"),
        ({"rc": 2}, "unreadable"),
        ({"rc": 124}, "timeout"),
    ],
)
def test_without_shadow_only_what_passwd_shows_is_known(shadow, reason):
    found = parse(accounts, "", frames=frame("accounts", PASSWD), **shadow)

    root, open_account = found["users"]
    assert "password" not in root
    assert open_account["password"] == "empty"
    assert {user["gap"]["why"] for user in found["users"]} == {reason}
    assert open_account["shell"] == "/bin/sh"
    assert open_account["login"] is True


@pytest.mark.parametrize(
    "line",
    [
        "u:root:x:nan:0:/:/bin/sh",
        "u:root:x:0:0:/",
        "u::x:0:0:/:/bin/sh",
        "u:root:x:0:99999999999:/:/bin/sh",
        "garbage",
        "",
    ],
)
def test_passwd_without_a_single_account_is_not_believed(line):
    assert why(accounts, "", frames=frame("accounts", f"{line}\n")) is Why.UNREADABLE


def test_of_two_lines_of_shadow_the_first_counts_and_odd_ones_do_not():
    text = "root:sha512:90\nroot:empty:1\nopen:strange:1\nshort\n"

    root, open_account = parse(accounts, text, frames=frame("accounts", PASSWD))["users"]

    assert (root["password"], root["max_days"]) == ("sha512", 90)
    assert (open_account["password"], open_account["max_days"]) == ("empty", accounts.NEVER)


ARGS = file.FileArgs(path="/etc/x")
(SECTION,) = file.PROBE.sections([ARGS])
ID = SECTION.text.split()[2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=\n",
        f"{ID} +\n=\n",
        f"{ID} +\n=\nnonsense\n",
        f"{ID} +\n=\n81a4 1 0 0 root root\n81a4 1 0 0 root root\n",
        "0123456789abcdef +\n=\n81a4 1 0 0 root root\n",
    ],
)
def test_an_answer_that_does_not_fit_the_question_is_not_believed(text):
    assert why(file, text, args=ARGS) is Why.UNREADABLE


@pytest.mark.parametrize(
    ("row", "stats", "expected"),
    [
        ("-", "", {"exists": False}),
        ("+", "41ed 0 0 0 root root", {"type": "directory", "mode": "0755"}),
        ("+", "81a4 3 7 8 UNKNOWN UNKNOWN", {"owner": "7", "group": "8", "size": 3}),
        ("+", "f1a4 3 7 8 a b", {"type": "other"}),
        ("l to\ufffd", "8fff 3 0 0 a b", {"type": "symlink", "target": "to", "mode": "7777"}),
        ("d away\ufffd", "", {"type": "symlink", "target": "away", "exists": True}),
    ],
)
def test_what_stat_says_becomes_facts(row, stats, expected):
    found = parse(file, f"{ID} {row}\n=\n{stats}\n", args=ARGS)

    assert expected.items() <= found.items()


@pytest.mark.parametrize(
    ("text", "more", "reason"),
    [
        ("! /etc/x\n", {}, "needs_root"),
        ("+ /etc/x\n/etc/x\n", {}, "cut"),
        ("", {"rc": 124}, "timeout"),
        ("", {}, "no_data"),
    ],
)
def test_content_that_was_not_read_is_missing_and_the_rest_stays(text, more, reason):
    args = file.FileArgs(path="/etc/x", content="lines")
    content = frame("texts", text, **more)

    found = parse(file, f"{ID} +\n=\n81a0 3 0 0 root root\n", args=args, frames=content)

    assert found["mode"] == "0640"
    assert "lines" not in found
    assert found["gap"]["why"] == reason


def test_a_name_of_an_ini_file_has_its_section_and_its_line():
    args = file.FileArgs(path="/etc/x", content="ini")
    text = 'top = 0\n[ main ]\na = 1\n; a = 2\n# b = 3\n[other]\na: "two"\nplaces = x\n'

    found = parse(
        file,
        f"{ID} +\n=\n81a4 3 0 0 root root\n",
        args=args,
        frames=text_files({"/etc/x": text}),
    )

    assert found["kv"] == {
        "top": "0",
        "main.a": "1",
        "other.a": "two",
        "other.places": "x",
        "places": {
            "top": "/etc/x:1",
            "main.a": "/etc/x:3",
            "other.a": "/etc/x:7",
            "other.places": "/etc/x:8",
        },
    }
