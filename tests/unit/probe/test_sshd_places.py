import pytest

from auditor.probe.sshd_places import places
from tests.unit.probe.asking import frame, text_files

MAIN = "/etc/ssh/sshd_config"
DROP = "/etc/ssh/sshd_config.d/10-a.conf"
INCLUDE = "Include /etc/ssh/sshd_config.d/*.conf"


def place(files, value="no", keyword="permitrootlogin"):
    return places(text_files(files), {keyword: value}).get(keyword)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({MAIN: "# nothing"}, "default"),
        ({MAIN: "#PermitRootLogin no\n\nPermitRootLogin no"}, f"{MAIN}:3"),
        ({MAIN: "permitrootlogin=NO"}, f"{MAIN}:1"),
        ({MAIN: 'PermitRootLogin "no"'}, f"{MAIN}:1"),
        ({MAIN: f"{INCLUDE}\nPermitRootLogin yes", DROP: "PermitRootLogin no"}, f"{DROP}:1"),
        ({MAIN: f"PermitRootLogin no\n{INCLUDE}", DROP: "PermitRootLogin no"}, f"{MAIN}:1"),
        ({MAIN: "PermitRootLogin yes\nMatch User a\n PermitRootLogin no"}, f"{MAIN}:3"),
        ({MAIN: "Match User a\nPermitRootLogin yes\nMatch all\nPermitRootLogin bad"}, f"{MAIN}:4"),
        ({MAIN: "Match User a\nPermitRootLogin yes"}, f"{MAIN}:2"),
        ({MAIN: "Include sshd_config.d/*.conf", DROP: "PermitRootLogin no"}, f"{DROP}:1"),
        ({MAIN: "Include /opt/x.conf"}, None),
        ({MAIN: f"Include {MAIN}"}, None),
        ({MAIN: "PermitRootLogin"}, "default"),
        ({}, "default"),
        ({"/usr/etc/ssh/sshd_config": "PermitRootLogin no"}, "/usr/etc/ssh/sshd_config:1"),
    ],
)
def test_the_line_that_sets_the_value_in_effect_is_found(files, expected):
    assert place(files) == expected


def test_lists_are_compared_as_lists():
    files = {MAIN: "Ciphers a\nCiphers aes256-ctr,aes128-ctr"}

    assert place(files, ["aes256-ctr", "aes128-ctr"], "ciphers") == f"{MAIN}:2"


def test_an_old_name_of_a_keyword_is_known():
    files = {MAIN: "ChallengeResponseAuthentication no"}

    assert place(files, keyword="kbdinteractiveauthentication") == f"{MAIN}:1"


@pytest.mark.parametrize("text", [f"! {MAIN}\n", "? /etc/ssh/sshd_config.d/*.conf\n@x"])
def test_what_was_not_read_is_not_called_a_default(text):
    marks = text if text[0] == "!" else f"+ {MAIN}\n{text[:-2]}@{MAIN}\n1:{INCLUDE}\n"

    assert places(frame("texts", marks), {"permitrootlogin": "no"}) == {}
