"""auditd's settings and the rules of the kernel's audit."""

import pytest

from auditor.model.fact import Why
from auditor.probe import audit
from auditor.probe.base import Frame
from tests.unit.probe.asking import parse, text_files, why

CONF = "/etc/audit/auditd.conf"
PLAIN = "/etc/audit/audit.rules"
PART = "/etc/audit/rules.d/50-a.rules"
UNIT = "/usr/lib/systemd/system/auditd.service"
_ARCHED = "-a always,exit -F arch={} -F path=/etc/sudoers -F perm=wa"
AUID = ("auid>=1000", "auid!=unset")


def ask(files, loaded="enabled 1\n=\n", rc=0, **args):
    frames = text_files(files) | {
        "audit_loaded": Frame(key="audit_loaded", text=loaded, rc=rc),
    }
    return parse(audit, None, args=audit.AuditArgs(**args), frames=frames)


def written(rules, **args):
    found = ask({PART: rules}, **args)["asked"]
    return [row["written"] for row in found]


@pytest.mark.parametrize(
    ("rule", "is_watched"),
    [
        ("-w /etc/sudoers -p wa -k scope", True),
        ("-w /etc/sudoers -p rwxa", True),
        ("-w /etc/sudoers", True),
        ("-p wa -w /etc/sudoers", True),
        ("-w /etc/sudoers -p w", False),
        ("-w /etc/sudoers.d -p wa", False),
        ("-w /etc -p wa", True),
        ("-w / -p wa", True),
        ("-a always,exit -F path=/etc/sudoers -F perm=wa", True),
        ("-a exit,always -F perm=wa -F path=/etc/sudoers -F key=a", True),
        ("-a always,exit -F path=/etc/sudoers", True),
        ("-a always,exit -S all -F path=/etc/sudoers -F perm=wa", True),
        ("-a always,exit -S open -F path=/etc/sudoers -F perm=wa", False),
        ("-a always,exit -F dir=/etc/ -F perm=wa", True),
        ("-a always,exit -F path=/etc -F perm=wa", False),
        ("-a never,exit -F path=/etc/sudoers -F perm=wa", False),
        ("-a always,user -F path=/etc/sudoers -F perm=wa", False),
        ("-a always,exit -F path=/etc/sudoers -F perm=wa -F auid>=1000", False),
        ("-a always,exit -F arch=b64 -F path=/etc/sudoers -F perm=wa", False),
        (f"{_ARCHED.format('b64')}\n{_ARCHED.format('b32')}", True),
        ("#-w /etc/sudoers -p wa", False),
        ("-a always -w", False),
        ("-w '/etc/sudoers", False),
        ('-w "/etc/sudoers" -p wa', True),
        ("-A exit,always -F path=/etc/sudoers -F perm=wa", True),
    ],
)
def test_a_rule_watches_a_path_in_any_of_its_forms(rule, is_watched):
    assert written(rule, watch=("/etc/sudoers",)) == [is_watched]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("-a always,exit -F arch=b64 -S chmod,chown -F auid>=1000 -F auid!=unset", [1, 1]),
        ("-a always,exit -F arch=x86_64 -S chmod -S chown -F auid!=-1 -F auid>=1000", [1, 1]),
        ("-a always,exit -F arch=b64 -S chmod -F auid>=1000 -F auid!=4294967295", [1, 0]),
        ("-a always,exit -S chmod,chown", [1, 1]),
        ("-a always,exit -F arch=b64 -S all", [1, 1]),
        ("-a always,exit -F arch=b32 -S chmod,chown", [0, 0]),
        ("-a always,exit -F arch=b64 -S chmod,chown -F success=1", [0, 0]),
        ("-a always,exit -F arch=b64 -S chmod,chown -F nonsense", [0, 0]),
        ("-a always,exit -F arch=b64 -S chmod,chown -C euid!=uid", [0, 0]),
        ("-a always,exit -F path=/etc/x -F perm=wa", [0, 0]),
        ("-a always,exit -F perm=wa -S chmod,chown", [0, 0]),
        ("-a always,exit -F arch!=b64 -S chmod,chown", [1, 1]),
    ],
)
def test_a_rule_records_system_calls_unless_it_leaves_out_more(rule, found):
    args = {"syscalls": ("chmod", "chown"), "arch": ("b64",), "filters": AUID}

    assert written(rule, **args) == [bool(one) for one in found]


def test_two_fields_are_compared_in_either_order():
    rule = "-a always,exit -F arch=b64 -C uid!=euid -S execve -F euid=0"
    args = {"syscalls": ("execve",), "arch": ("b64",)}

    assert written(rule, filters=("C:euid!=uid", "euid=0"), **args) == [True]
    assert written(rule, filters=("C:euid=uid", "euid=0"), **args) == [False]


def test_errors_by_number_are_errors_by_name():
    rule = "-a always,exit -F arch=b64 -S open -F exit=-13"

    args = {"syscalls": ("open",), "arch": ("b64",)}
    assert written(rule, filters=("exit=-EACCES",), **args) == [True]


def test_the_loader_says_which_file_counts():
    good, other = "-w /etc/sudoers -p wa", "-w /etc/passwd -p wa"
    auditctl = "[Service]\nExecStartPost=-/sbin/auditctl -R /etc/audit/audit.rules"
    augenrules = "[Service]\nExecStartPost=-/sbin/augenrules --load"
    sudoers = {"watch": ("/etc/sudoers",)}

    def first(files):
        return ask(files, **sudoers)["asked"][0]["written"]

    assert first({UNIT: auditctl, PART: good, PLAIN: other}) is False
    assert first({UNIT: auditctl, PART: other, PLAIN: good}) is True
    assert first({UNIT: auditctl, PART: good}) is False
    assert first({UNIT: augenrules, PART: other, PLAIN: good}) is False
    assert first({UNIT: augenrules, PLAIN: good}) is True
    assert first({PART: other, PLAIN: good}) is False
    assert first({UNIT: "[Service]\nExecStart=/sbin/auditd", PLAIN: good}) is True


def test_rules_are_obeyed_in_the_order_of_their_files():
    auditctl = {UNIT: "ExecStartPost=/sbin/auditctl -R x"}
    sudoers = {"watch": ("/etc/sudoers",)}
    deleted = ask({**auditctl, PLAIN: "-w /etc/sudoers -p wa\n-D"}, **sudoers)
    late = ask({**auditctl, PLAIN: "-e 2\n-w /etc/sudoers -p wa"}, **sudoers)
    merged = ask({PART: "-e 2\n-w /etc/sudoers -p wa\n-D\n-e 1"}, **sudoers)
    natural = ask({"/etc/audit/rules.d/10-a.rules": "-e 2", "/etc/audit/rules.d/9-a.rules": "-e 1"})

    assert [row["written"] for row in (*deleted["asked"], *late["asked"])] == [False, False]
    assert late["immutable"] is True
    assert (merged["asked"][0]["written"], merged["immutable"]) == (True, False)
    assert merged["places"] == {"immutable": f"{PART}:4"}
    assert natural["immutable"] is True
    assert ask({PART: "-e"})["immutable"] is False


def test_the_kernel_is_compared_with_the_files():
    rules = "-w /etc/sudoers -p wa -k a\n-w /etc/passwd -p wa"
    loaded = "enabled 1\nbacklog_limit 8192\nfailure 1\npid 7\n=\n-w /etc/sudoers -p wa -k b\n"
    found = ask({PART: rules}, loaded, watch=("/etc/sudoers", "/etc/passwd"))

    assert found["not_loaded"] == [f"{PART}:2"]
    assert (found["enabled"], found["backlog_limit"], found["failure"]) == (1, 8192, 1)
    assert [row["loaded"] for row in found["asked"]] == [True, False]
    assert found["asked"][0]["place"] == f"{PART}:1"
    assert found["rules"] == 2


@pytest.mark.parametrize(("rc", "reason"), [(127, Why.NO_DATA), (1, Why.UNREADABLE)])
def test_what_the_kernel_has_is_not_known_without_auditctl(rc, reason):
    found = ask({PART: "-w /etc/sudoers -p wa"}, "", rc=rc, watch=("/etc/sudoers",))

    assert found["gap"]["why"] == reason
    assert "not_loaded" not in found
    assert found["asked"][0]["written"] is True
    assert found["asked"][0]["gap"]["why"] == reason


@pytest.mark.parametrize(
    ("rules", "off"),
    [
        ("-a never,task", True),
        ("-a task,never", True),
        ("-a never,task -F uid=0", False),
        ("", False),
    ],
)
def test_one_rule_may_turn_all_recording_off(rules, off):
    assert ask({PART: rules})["off"] is off


def test_settings_have_auditds_defaults():
    text = (
        "log_file = /x/y\nSPACE_LEFT_ACTION = Email\nmax_log_file = 8\nnum_logs = many\nodd\nx = 1"
    )
    conf = ask({CONF: text})["conf"]

    assert (conf["log_file"], conf["space_left_action"], conf["max_log_file"]) == (
        "/x/y",
        "email",
        8,
    )
    assert conf["places"]["space_left_action"] == f"{CONF}:2"
    assert conf["places"]["disk_full_action"] == "default"
    assert conf["num_logs"] == 0
    assert ask({})["conf"]["max_log_file"] == 0
    assert ask({})["conf"]["disk_error_action"] == "syslog"


def test_a_folder_of_rules_that_may_not_be_searched_proves_nothing():
    frames = {"audit_loaded": Frame(key="audit_loaded", text="=\n")}
    frames |= {"texts": Frame(key="texts", text="? /etc/audit/rules.d/*.rules\n")}

    assert why(audit, None, args=audit.AuditArgs(), frames=frames) is Why.NEEDS_ROOT
