"""AppArmor and SELinux."""

import pytest

from auditor.model.fact import Why
from auditor.probe import apparmor, selinux
from tests.unit.probe.asking import parse, text_files


def test_profiles_are_told_by_their_mode():
    text = (
        "enabled Y\noff usr.bin.man\nprofile /usr/sbin/sshd (enforce)\nprofile a (b) (complain)\n"
        "profile x (unconfined)\nprofile y (newmode)\nprofile odd\nall\n"
    )
    found = parse(apparmor, text)

    assert found["enabled"] is True
    assert found["enforce"] == ["/usr/sbin/sshd"]
    assert found["complain"] == ["a (b)"]
    assert found["unconfined"] == ["x"]
    assert found["profiles"] == 4
    assert found["switched_off"] == ["usr.bin.man"]


def test_where_there_is_no_apparmor_there_are_no_profiles():
    found = parse(apparmor, "none\n")

    assert (found["enabled"], found["profiles"]) == (False, 0)


@pytest.mark.parametrize("text", ["enabled Y\nhidden\n", "enabled Y\nprofile a (enforce)\n"])
def test_profiles_that_only_root_sees_are_a_gap(text):
    found = parse(apparmor, text)

    assert "profiles" not in found
    assert found["gap"]["why"] == Why.NEEDS_ROOT


@pytest.mark.parametrize(
    ("files", "running", "configured", "kind"),
    [
        ({}, "disabled", "disabled", "none"),
        (
            {
                "/sys/fs/selinux/enforce": "1",
                "/etc/selinux/config": "# a\nSELINUX=Enforcing\nSELINUXTYPE=targeted # x\nodd",
            },
            "enforcing", "enforcing", "targeted",
        ),
        ({"/sys/fs/selinux/enforce": "0"}, "permissive", "disabled", "none"),
    ],
)  # fmt: skip
def test_what_runs_and_what_is_configured_are_two_facts(files, running, configured, kind):
    found = parse(selinux, None, frames=text_files(files))

    assert (found["running"], found["configured"], found["type"]) == (running, configured, kind)


@pytest.mark.parametrize(
    ("cmdline", "off"),
    [
        ("ro quiet", False),
        ("ro selinux=0", True),
        ("enforcing=0 ro", True),
        ("noselinux=0x", False),
    ],
)
def test_the_kernels_arguments_may_overrule(cmdline, off):
    found = parse(selinux, None, frames=text_files({"/proc/cmdline": cmdline}))

    assert found["off_at_boot"] is off


def test_places_name_the_lines():
    files = {"/etc/selinux/config": "# a\nSELINUX=permissive\nSELINUXTYPE=mls"}
    places = parse(selinux, None, frames=text_files(files))["places"]

    assert places == {"configured": "/etc/selinux/config:2", "type": "/etc/selinux/config:3"}
