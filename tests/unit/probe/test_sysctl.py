import pytest

from auditor.model.fact import Why
from auditor.probe import sysctl
from tests.unit.probe.asking import frame, parse, text_files, why

KEY = "net.ipv4.conf.all.rp_filter"
KERNEL = "/proc/sys/net/ipv4/conf/all/rp_filter"
A = "/etc/sysctl.d/a.conf"
UFW, UFW_KERNEL = "/etc/ufw/ufw.conf", "/etc/ufw/sysctl.conf"
ARGS = sysctl.SysctlArgs(key=KEY)


def ask(files, running="1", args=ARGS):
    kernel = {} if running is None else {KERNEL: running}
    return parse(sysctl, None, args=args, frames=text_files({**kernel, **files}))


def persisted(files):
    found = ask(files)
    return found.get("persisted"), found["places"].get("persisted")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, (1, "default")),
        ({A: "# x\nnet.ipv4.conf.all.rp_filter=2"}, (2, f"{A}:2")),
        ({A: f"{KEY} = 2\n;{KEY} = 3\n#{KEY}=4"}, (2, f"{A}:1")),
        ({A: f"{KEY} = 2\n{KEY} = 0"}, (0, f"{A}:2")),
        ({A: "net/ipv4/conf/all/rp_filter = 2"}, (2, f"{A}:1")),
        ({A: f"-{KEY} = 2"}, (2, f"{A}:1")),
        ({A: "net.ipv4.conf.*.rp_filter = 2"}, (2, f"{A}:1")),
        (
            {A: f"{KEY} = 2\nnet.ipv4.conf.*.rp_filter = 0"},
            (2, f"{A}:1"),
        ),
        ({A: f"-{KEY}\nnet.ipv4.conf.*.rp_filter = 0"}, (1, "default")),
        ({A: f"{KEY}\n = 3\nnoise"}, (1, "default")),
        ({A: "net.ipv4.conf.default.rp_filter = 0"}, (1, "default")),
        (
            {"/etc/sysctl.d/90-a.conf": f"{KEY}=2", "/usr/lib/sysctl.d/50-b.conf": f"{KEY}=0"},
            (2, "/etc/sysctl.d/90-a.conf:1"),
        ),
        (
            {"/etc/sysctl.d/10-a.conf": f"{KEY}=2", "/usr/lib/sysctl.d/50-b.conf": f"{KEY}=0"},
            (0, "/usr/lib/sysctl.d/50-b.conf:1"),
        ),
        (
            {"/etc/sysctl.d/50-b.conf": "x.y=1", "/usr/lib/sysctl.d/50-b.conf": f"{KEY}=0"},
            (1, "default"),
        ),
        (
            {"/etc/sysctl.d/10-z.conf": f"{KEY}=2", "/etc/sysctl.conf": f"{KEY}=0"},
            (2, "/etc/sysctl.d/10-z.conf:1"),
        ),
        ({"/etc/sysctl.conf": f"{KEY}=0"}, (0, "/etc/sysctl.conf:1")),
        (
            {"/etc/sysctl.d/99-sysctl.conf": "x.y=1", "/etc/sysctl.conf": f"{KEY}=0"},
            (0, "/etc/sysctl.conf:1"),
        ),
        (
            {
                "/etc/alpine-release": "3.20.0",
                "/etc/sysctl.d/99-z.conf": f"{KEY}=2",
                "/etc/sysctl.conf": f"{KEY}=0",
            },
            (0, "/etc/sysctl.conf:1"),
        ),
        (
            {
                "/etc/sysctl.d/99-sysctl.conf": f"{KEY}=0",
                "/etc/sysctl.d/99-z.conf": f"{KEY}=2",
                "/etc/sysctl.conf": f"{KEY}=0",
            },
            (2, "/etc/sysctl.d/99-z.conf:1"),
        ),
        (
            {UFW: "ENABLED=yes", UFW_KERNEL: "net/ipv4/conf/all/rp_filter=0"},
            (0, f"{UFW_KERNEL}:1"),
        ),
        ({UFW: "ENABLED=no", UFW_KERNEL: f"{KEY}=0"}, (1, "default")),
        ({UFW: "ENABLED=yes"}, (1, "default")),
        ({A: f"{KEY} = many words"}, (None, f"{A}:1")),
    ],
)
def test_the_next_boot_obeys_the_file_that_systemd_reads_last(files, expected):
    assert persisted(files) == expected


def test_the_running_value_is_the_kernels():
    found = ask({A: f"{KEY}=2"}, running="0")

    assert (found["running"], found["persisted"], found["written"]) == (0, 2, True)


def test_a_value_that_is_no_number_is_text():
    found = ask({}, running="3\t4\t1\t7")

    assert found["running_text"] == found["persisted_text"] == "3 4 1 7"
    assert "running" not in found


def test_dots_in_the_name_of_an_interface_are_not_parts_of_the_key():
    line = {A: "net/ipv4/conf/eth0.1/rp_filter = 2"}
    assert persisted(line) == (1, "default")


def test_a_key_that_the_kernel_does_not_have_is_absent():
    found = ask({A: f"{KEY}=2"}, running=None)

    assert (found["exists"], found["persisted"]) == (False, 2)
    assert "running" not in found
    assert found["gap"]["why"] == Why.NO_DATA


def test_a_value_that_the_kernel_keeps_to_itself_is_not_seen():
    assert ask({}, running="")["gap"]["why"] == Why.UNREADABLE


def test_files_that_were_not_read_leave_the_running_value():
    frames = text_files({KERNEL: "1"})
    text = frames["texts"].text.replace("@/proc", "! /etc/sysctl.d/a.conf\n@/proc")

    found = parse(sysctl, None, args=ARGS, frames=frame("texts", text))

    assert found["running"] == 1
    assert "persisted" not in found
    assert found["gap"]["why"] == Why.NEEDS_ROOT


def test_a_kernel_value_that_was_not_read_is_unseen():
    assert why(sysctl, f"! {KERNEL}\n", args=ARGS) is Why.NEEDS_ROOT
