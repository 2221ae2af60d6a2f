"""What new accounts get: the last line of a name counts, and what is no number does not."""

import pytest

from auditor.model.fact import Why
from auditor.probe import login_defs
from tests.unit.probe.asking import frame, parse, text_files, why


def ask(text, useradd=None):
    files = {"/etc/login.defs": text}
    if useradd is not None:
        files["/etc/default/useradd"] = useradd
    return parse(login_defs, None, frames=text_files(files))


def test_without_the_file_all_is_default():
    found = parse(login_defs, None, frames=text_files({"/etc/x": ""}))

    assert found["exists"] is False
    assert (found["pass_max_days"], found["umask"], found["encrypt_method"]) == (-1, "0022", "DES")
    assert set(found["places"].values()) == {"default"}
    assert set(login_defs.PROBE.reads(())) == {"/etc/login.defs", "/etc/default/useradd"}


@pytest.mark.parametrize(
    ("text", "name", "value", "place"),
    [
        ("PASS_MAX_DAYS 99\nPASS_MAX_DAYS\t365\n", "pass_max_days", 365, "/etc/login.defs:2"),
        ('PASS_MAX_DAYS "90"\n', "pass_max_days", 90, "/etc/login.defs:1"),
        ("PASS_MAX_DAYS 365 # a year\n", "pass_max_days", -1, "default"),
        ("PASS_MAX_DAYS\n", "pass_max_days", -1, "default"),
        ("#PASS_MIN_DAYS 1\n", "pass_min_days", -1, "default"),
        ("USERGROUPS_ENAB YES\n", "usergroups_enab", True, "/etc/login.defs:1"),
        ("DEFAULT_HOME no\n", "default_home", False, "/etc/login.defs:1"),
        ("UMASK 077\n", "grants", "0700", "/etc/login.defs:1"),
        ("UMASK 77\n", "umask", "0077", "/etc/login.defs:1"),
        ("UMASK 0987\n", "umask", "0022", "default"),
        ("UMASK 027\n", "home_mode", "0750", "/etc/login.defs:1"),
        ("UMASK 027\nHOME_MODE 0700\n", "home_mode", "0700", "/etc/login.defs:2"),
        ("HOME_MODE private\n", "home_mode", "0755", "default"),
        ("MD5_CRYPT_ENAB yes\n", "encrypt_method", "MD5", "/etc/login.defs:1"),
        ("MD5_CRYPT_ENAB no\n", "encrypt_method", "DES", "default"),
        (
            "MD5_CRYPT_ENAB yes\nENCRYPT_METHOD SHA512\n",
            "encrypt_method",
            "SHA512",
            "/etc/login.defs:2",
        ),
    ],
)
def test_lines_are_read_as_shadow_reads_them(text, name, value, place):
    found = ask(text)

    assert (found[name], found["places"][name]) == (value, place)


@pytest.mark.parametrize(
    ("text", "days", "place"),
    [
        ("INACTIVE=30\n", 30, "/etc/default/useradd:1"),
        ("INACTIVE=30\nINACTIVE=-1\n", -1, "/etc/default/useradd:2"),
        ("INACTIVE=30 # days\n", 30, "/etc/default/useradd:1"),
        ("# INACTIVE=30\n", -1, "default"),
        ("INACTIVE=soon\n", -1, "default"),
        (None, -1, "default"),
    ],
)
def test_when_new_accounts_close(text, days, place):
    found = ask("", text)

    assert (found["inactive_days"], found["places"]["inactive_days"]) == (days, place)


def test_a_file_that_was_not_read_says_nothing():
    assert why(login_defs, None, frames=frame("texts", "! /etc/login.defs\n")) is Why.NEEDS_ROOT
