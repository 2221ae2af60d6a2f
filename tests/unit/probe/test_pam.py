"""PAM as PAM reads it: includes, jumps, fallbacks, and which of several settings counts."""

import pytest

from auditor.model.fact import Why
from auditor.probe import pam
from tests.unit.probe.asking import frame, parse, text_files, why

COMMON = {
    "/etc/pam.d/common-auth": "auth [success=1 default=ignore] pam_unix.so nullok\n"
    "auth requisite pam_deny.so\nauth required pam_permit.so\n",
    "/etc/pam.d/common-password": "# remark\npassword requisite pam_pwquality.so retry=3\n"
    "password requisite pam_pwhistory.so remember=24 use_authtok\n"
    "password [success=1 default=ignore] pam_unix.so obscure use_authtok yescrypt\n",
    "/etc/pam.d/login": "@include common-auth\n-session optional pam_systemd.so\n",
    "/etc/pam.d/passwd": "@include common-password\n",
    "/etc/pam.d/other": "@include common-auth\naccount required pam_unix.so\n"
    "session required pam_unix.so\n@include common-password\n",
}


def ask(files, service="passwd"):
    return parse(pam, None, args=pam.PamArgs(service=service), frames=text_files(files))


def rows(found, kind):
    return [(row["module"], row["place"]) for row in found["rows"] if row["type"] == kind]


def test_includes_stand_in_their_place_and_other_fills_what_a_service_lacks():
    found = ask(COMMON, "login")

    assert rows(found, "auth")[0] == ("pam_unix.so", "/etc/pam.d/common-auth:1")
    assert rows(found, "session") == [("pam_systemd.so", "/etc/pam.d/login:2")]
    assert rows(found, "account") == [("pam_unix.so", "/etc/pam.d/other:2")]
    assert found["unix"]["enabled"] is False
    assert found["unix"]["nullok"] is True
    assert found["unix"]["places"]["nullok"] == "/etc/pam.d/common-auth:1"


def test_everything_that_pam_reads_is_asked_for():
    asked = pam.PROBE.reads((pam.PamArgs(),))

    assert {"/etc/pam.d/*", "/etc/pam.conf", "/etc/security/pwquality.conf.d/*.conf"} <= {*asked}


def test_a_service_that_has_no_file_is_other():
    assert ask(COMMON, "unheard-of")["rows"] == ask(COMMON, "other")["rows"]
    assert ask(COMMON, "other")["unix"]["enabled"] is True


def test_an_earlier_folder_hides_later_ones():
    files = {
        "/etc/pam.d/passwd": "password required pam_unix.so\n",
        "/usr/lib/pam.d/passwd": "password required pam_permit.so\n",
        "/usr/lib/pam.d/su": "auth required pam_wheel.so\n",
    }

    assert rows(ask(files), "password") == [("pam_unix.so", "/etc/pam.d/passwd:1")]
    assert rows(ask(files, "su"), "auth") == [("pam_wheel.so", "/usr/lib/pam.d/su:1")]
    assert len(ask(files, "*")["rows"]) == 2


def test_without_folders_the_single_file_counts():
    files = {
        "/etc/pam.conf": "PASSWD password required pam_unix.so sha512\nsu auth required x.so\n"
    }

    found = ask(files)

    assert rows(found, "password") == [("pam_unix.so", "/etc/pam.conf:1")]
    assert found["unix"]["hash"] == "sha512"
    assert ask(files, "*")["configured"] is False
    assert ask({}, "*")["configured"] is False


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("password required pam_unix.so sha512 # md5", ["sha512"]),
        ("password required \\\n  pam_unix.so sha512", ["sha512"]),
        ("password required pam_unix.so [a=b c] \\", ["a=b c"]),
        ("PASSWORD REQUIRED /lib/security/pam_unix.so", []),
        ("nonsense required pam_unix.so", None),
        ("password required", None),
        ("password include nowhere", None),
        ("@include", None),
    ],
)
def test_lines_are_read_as_pam_reads_them(line, expected):
    found = ask({"/etc/pam.d/passwd": line})

    mine = [row for row in found["rows"] if row["module"] == "pam_unix.so"]
    assert [row["arguments"] for row in mine] == ([] if expected is None else [expected])


@pytest.mark.parametrize("line", ["@include /srv/pam", "auth include ../x"])
def test_what_lies_outside_of_the_folders_was_not_seen(line):
    assert why(pam, None, frames=text_files({"/etc/pam.d/login": line})) is Why.UNREADABLE


def test_a_bomb_of_includes_and_too_many_rows_are_cut():
    twice = {"/etc/pam.d/login": "@include a\n@include a\n"}
    twice |= {f"/etc/pam.d/{c}": f"@include {d}\n@include {d}\n" for c, d in ("ab", "bc", "ca")}
    many = {"/etc/pam.d/login": "auth required pam_x.so\n" * 2001}

    assert why(pam, None, frames=text_files(twice)) is Why.CUT
    assert why(pam, None, frames=text_files(many)) is Why.CUT
    assert why(pam, None, args=pam.PamArgs(service="*"), frames=text_files(many)) is Why.CUT
    assert why(pam, None, frames=frame("texts", "! /etc/pam.d/login\n")) is Why.NEEDS_ROOT


def test_quality_is_argument_before_main_file_before_folder():
    files = COMMON | {
        "/etc/security/pwquality.conf.d/a.conf": "minlen = 10\nminclass=1\ndifok = 3\n",
        "/etc/security/pwquality.conf.d/b.conf": "minlen = 12 # twelve\ndcredit = -1\n",
        "/etc/security/pwquality.conf": "minlen = 14\n# maxrepeat = 3\nmaxsequence = many\n"
        "enforce_for_root\nunheard = 1\n",
        "/etc/pam.d/common-password": "password requisite pam_pwquality.so retry=3 difok=5\n",
    }

    found = ask(files)["pwquality"]

    assert found["enabled"] is True
    assert (found["minlen"], found["difok"]) == (14, 5)
    assert (found["minclass"], found["dcredit"], found["maxrepeat"]) == (1, -1, 0)
    assert (found["maxsequence"], found["enforce_for_root"]) == (0, True)
    assert found["places"]["minlen"] == "/etc/security/pwquality.conf:1"
    assert found["places"]["difok"] == "/etc/pam.d/common-password:1"
    assert found["places"]["dcredit"] == "/etc/security/pwquality.conf.d/b.conf:2"
    assert found["places"]["maxrepeat"] == found["places"]["maxsequence"] == "default"


def test_of_a_module_that_nobody_calls_only_what_is_written_is_there():
    found = ask({"/etc/pam.d/passwd": "", "/etc/security/pwquality.conf": "difok = 2\n"})

    assert (found["pwquality"]["difok"], found["pwquality"]["minlen"]) == (2, 0)
    assert found["pwquality"]["places"] == {"difok": "/etc/security/pwquality.conf:1"}
    assert (found["pwhistory"]["remember"], found["pwhistory"]["places"]) == (0, {})


def test_a_length_below_what_the_library_takes_is_its_least():
    files = COMMON | {"/etc/security/pwquality.conf": "minlen = 2\n"}

    assert ask(files)["pwquality"]["minlen"] == 6


@pytest.mark.parametrize(
    ("lines", "enabled"),
    [
        ("password requisite pam_pwquality.so\npassword required pam_unix.so", True),
        ("password required pam_pwquality.so", True),
        ("password [success=ok default=die] pam_pwquality.so", True),
        ("password [success=ok] pam_pwquality.so", True),
        ("password optional pam_pwquality.so", False),
        ("password sufficient pam_pwquality.so", False),
        ("password [default=ignore] pam_pwquality.so", False),
        ("password required pam_unix.so\npassword requisite pam_pwquality.so", False),
        ("auth requisite pam_pwquality.so", False),
        ("", False),
    ],
)
def test_quality_counts_where_it_can_refuse_before_pam_unix(lines, enabled):
    assert ask({"/etc/pam.d/passwd": lines})["pwquality"]["enabled"] is enabled


def test_history_and_what_pam_unix_keeps():
    found = ask(COMMON)

    assert found["pwhistory"]["enabled"] is True
    assert (found["pwhistory"]["remember"], found["pwhistory"]["use_authtok"]) == (24, True)
    assert found["pwhistory"]["enforce_for_root"] is False
    assert found["pwhistory"]["places"]["remember"] == "/etc/pam.d/common-password:3"
    assert found["unix"]["hash"] == "yescrypt"
    assert found["unix"]["use_authtok"] is True
    assert found["unix"]["remember"] == 0


def test_history_comes_from_its_file_and_another_file_is_not_believed():
    rows_ = {"/etc/pam.d/passwd": "password required pam_pwhistory.so\n"}
    conf = {"/etc/security/pwhistory.conf": "remember = 30\nenforce_for_root\n"}
    other = {"/etc/pam.d/passwd": "password required pam_pwhistory.so conf=/srv/x\n"}

    found = ask(rows_ | conf)["pwhistory"]

    assert (found["remember"], found["enforce_for_root"]) == (30, True)
    assert found["places"]["remember"] == "/etc/security/pwhistory.conf:1"
    hidden = ask(other | conf)["pwhistory"]
    assert hidden["gap"]["why"] == "unsupported"
    assert "remember" not in hidden


@pytest.mark.parametrize(
    ("defs", "arguments", "expected"),
    [
        ("ENCRYPT_METHOD SHA512\n", "", ("sha512", "/etc/login.defs:1")),
        ("ENCRYPT_METHOD SHA512\n", "md5 yescrypt", ("yescrypt", "/etc/pam.d/passwd:1")),
        ("MD5_CRYPT_ENAB yes\n", "", ("md5", "/etc/login.defs:1")),
        ("", "", ("des", "default")),
    ],
)
def test_the_hash_is_that_of_the_row_else_of_login_defs(defs, arguments, expected):
    files = {
        "/etc/login.defs": defs,
        "/etc/pam.d/passwd": f"password required pam_unix.so {arguments}",
    }

    found = ask(files)["unix"]

    assert (found["hash"], found["places"]["hash"]) == expected


def test_pam_unix_that_remembers_and_is_not_there():
    kept = ask({"/etc/pam.d/passwd": "password required pam_unix.so remember=5\n"})["unix"]
    odd = ask({"/etc/pam.d/passwd": "password required pam_unix.so remember=x\n"})["unix"]

    assert (kept["remember"], kept["places"]["remember"]) == (5, "/etc/pam.d/passwd:1")
    assert odd["remember"] == 0
    assert ask({"/etc/pam.d/passwd": ""})["unix"]["use_authtok"] is False


LOCK = """auth requisite pam_faillock.so preauth {before}
auth [success=2 default=ignore] pam_unix.so
auth [default=die] pam_faillock.so authfail {after}
auth sufficient pam_faillock.so authsucc
account required pam_faillock.so
"""


def lock(before="", after="", conf=None, text=LOCK):
    files = {"/etc/pam.d/login": text.format(before=before, after=after)}
    if conf is not None:
        files["/etc/security/faillock.conf"] = conf
    return ask(files, "login")["faillock"]


def test_the_lock_by_default_and_from_its_file():
    plain = lock()

    assert all(plain[name] for name in ("enabled", "preauth", "authfail", "account"))
    assert (plain["deny"], plain["unlock_time"], plain["root_unlock_time"]) == (3, 600, 600)
    assert plain["places"]["deny"] == plain["places"]["root_unlock_time"] == "default"
    assert plain["places"]["enabled"] == "/etc/pam.d/login:1"

    told = lock(conf="deny = 5\nunlock_time=never\neven_deny_root\nsilent\n")
    assert (told["deny"], told["unlock_time"], told["even_deny_root"]) == (5, 0, True)
    assert told["places"]["deny"] == "/etc/security/faillock.conf:1"


@pytest.mark.parametrize(
    ("before", "after", "conf", "expected"),
    [
        ("deny=4", "deny=4", "deny = 9\n", 4),
        ("deny=4", "deny=10", "", 9 + 1),
        ("deny=0", "deny=4", "", 0),
        ("deny=4", "", "deny = 2\n", 4),
        ("deny=x", "deny=4", "", 4),
    ],
)
def test_of_rows_that_differ_the_weakest_number_of_tries_counts(before, after, conf, expected):
    assert lock(before, after, conf)["deny"] == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("unlock_time=900", "unlock_time=60", 60),
        ("unlock_time=0", "unlock_time=900", 900),
        ("unlock_time=never unlock_time=0", "unlock_time=0", 0),
    ],
)
def test_of_rows_that_differ_the_shortest_lock_counts(before, after, expected):
    assert lock(before, after)["unlock_time"] == expected


@pytest.mark.parametrize(
    ("conf", "time", "root"),
    [
        ("root_unlock_time = 60\n", 60, True),
        ("even_deny_root\nroot_unlock_time = never\n", 0, True),
        ("even_deny_root\nroot_unlock_time = soon\n", 600, True),
        ("unlock_time = 900\n", 900, False),
    ],
)
def test_how_long_root_is_locked(conf, time, root):
    found = lock(conf=conf)

    assert (found["root_unlock_time"], found["even_deny_root"]) == (time, root)


@pytest.mark.parametrize(
    ("text", "enabled"),
    [
        (LOCK, True),
        (LOCK.replace("requisite", "optional"), False),
        (LOCK.replace("preauth", ""), False),
        (LOCK.replace("authfail", ""), False),
        (LOCK + "auth sufficient pam_unix.so\n", False),
        ("auth sufficient pam_unix.so\n" + LOCK, False),
        (LOCK.replace("pam_unix", "pam_sss"), True),
        ("auth required pam_unix.so\n", False),
    ],
)
def test_a_lock_stands_on_both_sides_of_every_pam_unix(text, enabled):
    assert lock(text=text)["enabled"] is enabled


def test_a_lock_with_another_file_of_settings_is_not_believed():
    found = lock(before="conf=/srv/x", conf="deny = 4\n")

    assert found["enabled"] is True
    assert "deny" not in found
    assert found["gap"]["why"] == "unsupported"


@pytest.mark.parametrize(
    ("lines", "enabled", "group"),
    [
        (
            "auth sufficient pam_rootok.so\nauth required pam_wheel.so use_uid group=sugroup",
            True,
            "sugroup",
        ),
        ("auth requisite pam_wheel.so use_uid", True, ""),
        ("auth include inner\nauth required pam_wheel.so use_uid group=a", False, "a"),
        ("auth substack inner\nauth required pam_wheel.so use_uid group=a", True, "a"),
        ("auth [success=done default=die] x.so\nauth required pam_wheel.so", False, ""),
        ("auth sufficient pam_wheel.so trust", False, ""),
        ("auth required pam_wheel.so deny group=nosu", False, "nosu"),
        ("# auth required pam_wheel.so use_uid", False, ""),
    ],
)
def test_su_is_closed_where_nothing_before_lets_others_in(lines, enabled, group):
    files = {"/etc/pam.d/su": lines, "/etc/pam.d/inner": "auth sufficient pam_unix.so\n"}

    found = ask(files, "su")["wheel"]

    assert (found["enabled"], found["group"]) == (enabled, group)
    assert found["use_uid"] is ("use_uid" in lines and not lines.startswith("#"))


RHEL = {
    "/etc/pam.d/password-auth": "auth required pam_env.so\n"
    "auth required pam_faillock.so preauth silent\n"
    "auth sufficient pam_unix.so nullok\n"
    "auth required pam_faillock.so authfail\n"
    "auth required pam_deny.so\n"
    "account required pam_faillock.so\naccount required pam_unix.so\n"
    "password requisite pam_pwquality.so local_users_only\n"
    "password sufficient pam_unix.so sha512 shadow nullok use_authtok\n"
    "password required pam_deny.so\n"
    "session required pam_unix.so\n",
    "/etc/pam.d/sshd": "auth substack password-auth\nauth include postlogin\n"
    "account include password-auth\npassword include password-auth\n"
    "session include password-auth\n",
    "/etc/pam.d/su": "auth sufficient pam_rootok.so\nauth required pam_wheel.so use_uid\n"
    "auth substack password-auth\n",
    "/etc/security/faillock.conf": "deny = 4\nunlock_time = 900\neven_deny_root\n",
    "/etc/security/pwquality.conf": "minlen = 14\n",
}


def test_the_stacks_of_the_red_hat_family():
    found = ask(RHEL, "sshd")

    assert found["faillock"]["enabled"] is True
    assert (found["faillock"]["deny"], found["faillock"]["even_deny_root"]) == (4, True)
    assert found["faillock"]["places"]["preauth"] == "/etc/pam.d/password-auth:2"
    assert (found["pwquality"]["enabled"], found["pwquality"]["minlen"]) == (True, 14)
    assert (found["unix"]["enabled"], found["unix"]["hash"]) == (True, "sha512")
    assert found["unix"]["nullok"] is True
    assert ask(RHEL, "su")["wheel"]["enabled"] is True
