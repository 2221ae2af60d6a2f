"""What a target told of its package manager's setting, and what of it was not told."""

import pytest

from auditor.model.fact import Why
from auditor.probe import updates
from tests.unit.probe.asking import parse, why

LISTS = "list 1790000000\nlist 1780000000\n"
CONF = "conf status 0\n"


def apt(text):
    return parse(updates, f"manager apt\n{LISTS}{text}{CONF}")


def of(manager, text):
    return parse(updates, f"manager {manager}\n{text}")


@pytest.mark.parametrize("text", ["", "manager pacman\n", "noise\n", "manager \n"])
def test_a_manager_that_is_not_known_is_a_gap(text):
    assert why(updates, text) is Why.UNREADABLE


def test_settings_that_are_too_long_are_a_gap():
    assert why(updates, "manager dnf\nrepo a 1 1\ncut\n") is Why.CUT


def test_a_system_without_a_manager_is_not_judged():
    assert why(updates, "", rc=127) is Why.UNSUPPORTED


def test_lines_that_are_cut_or_odd_are_not_believed():
    odd = "release a\tb\nrepo x\napply\nwants\nlist 9e9\nlist\nrevision 1\nconf apt::periodic\n"

    for manager in ("apt", "dnf", "zypper", "apk"):
        found = of(manager, odd)
        assert "lists_time" not in found
        assert "lists_date" not in found
        assert found.get("automatic", False) is False


@pytest.mark.parametrize(
    ("suites", "secure"),
    [
        (("bookworm", "bookworm-security"), True),
        (("buster", "buster/updates"), True),
        (("jammy-updates", "jammy-backports"), False),
        (("security",), False),
    ],
)
def test_a_security_suite_goes_by_its_name(suites, secure):
    found = apt("".join(f"suite {suite}\n" for suite in suites))

    assert found["suites"] == list(suites)
    assert found["security_suite"] is secure
    assert found["lists_time"] == "2026-09-21T14:13:20+00:00"


def test_a_source_that_cannot_be_read_may_be_the_security_source():
    hidden = "hidden /etc/apt/sources.list.d/private.list\n"

    unsure = apt(f"suite bookworm\n{hidden}")
    sure = apt(f"suite bookworm-security\n{hidden}")

    assert "security_suite" not in unsure
    assert sure["security_suite"] is True
    assert not {"suites", "unsigned", "check_valid_until"} & set(sure)
    assert "private.list" in sure["gap"]["detail"]


@pytest.mark.parametrize(
    ("text", "automatic"),
    [
        ('tool\nconf apt::periodic::unattended-upgrade "1";\n', True),
        ('tool\nconf apt::periodic::unattended-upgrade "always";\n', True),
        ('tool\nconf apt::periodic::unattended-upgrade "0";\n', False),
        ('conf apt::periodic::unattended-upgrade "1";\n', False),
        ('tool\nmasked\nconf apt::periodic::unattended-upgrade "1";\n', False),
        (
            'tool\nconf apt::periodic::enable "0";\nconf apt::periodic::unattended-upgrade "1";\n',
            False,
        ),
        ("tool\n", False),
    ],
)
def test_updates_are_automatic_where_the_tool_is_there_and_switched_on(text, automatic):
    assert apt(text)["automatic"] is automatic


@pytest.mark.parametrize(
    "text", ["", "conf status 100\n", "sealed /etc/apt/apt.conf.d/9\nconf status 0\n"]
)
def test_settings_that_were_not_seen_whole_are_a_gap(text):
    found = of("apt", f"{LISTS}tool\n{text}")

    assert not {"automatic", "check_valid_until", "unsigned"} & set(found)
    assert found["gap"]["why"] == "no_data"


def test_lists_that_were_never_fetched_are_a_gap():
    found = of("apt", f"list soon\n{CONF}")

    assert "lists_time" not in found
    assert "never fetched" in found["gap"]["detail"]
    assert found["security_suite"] is False


def test_lists_in_a_closed_folder_do_not_pass_for_none():
    found = of("dnf", "unlisted /var/cache/dnf\n")

    assert "/var/cache/dnf cannot be read" in found["gap"]["detail"]
    assert "never fetched" not in found["gap"]["detail"]


SECURITY = (
    "release bookworm-security\toldstable-security\tDebian-Security\t"
    "Sat, 21 Nov 2026 00:53:02 UTC\tSat, 28 Nov 2026 00:53:02 UTC\n"
)
MAIN = "release bookworm\toldstable\tDebian\tSat, 11 Jul 2026 09:00:00 UTC\t\n"
UBUNTU = "release jammy\tjammy-security\tUbuntu\tFri, 20 Nov 2026 10:00:00 UTC\t\n"
OLD = "release buster\toldoldstable\tDebian-Security\tSat, 21 Nov 2026 00:53:02 UTC\tsoon\n"


@pytest.mark.parametrize(
    ("text", "date", "until"),
    [
        (MAIN + SECURITY, "2026-11-21T00:53:02+00:00", "2026-11-28T00:53:02+00:00"),
        (MAIN, "2026-07-11T09:00:00+00:00", None),
        (MAIN + UBUNTU, "2026-11-20T10:00:00+00:00", None),
        (OLD, "2026-11-21T00:53:02+00:00", None),
        ("release a\tb\tc\tSat, 32 Nov 2026 00:53:02 UTC\tnever\n", None, None),
        ("release a\tb\tc\tSat, 21 Nov 2026 00:53:02 -0000\t\n", None, None),
        ("release a\tb\tc\tSat, 21 Nov 99999999999 00:53:02 UTC\t\n", None, None),
        ("", None, None),
    ],
)
def test_the_security_lists_own_dates_count(text, date, until):
    found = apt(text)

    assert found.get("lists_date") == date
    assert found.get("lists_valid_until") == until


def test_what_is_not_checked_is_told():
    checked = apt("")
    loose = apt(
        "unsigned /etc/apt/sources.list:3\nunchecked /etc/apt/sources.list:4\n"
        'conf acquire::allowinsecurerepositories "true";\n'
    )
    off = apt('conf acquire::check-valid-until "false";\n')

    assert (checked["unsigned"], checked["check_valid_until"]) == ([], True)
    assert loose["unsigned"] == ["/etc/apt/sources.list:3", "Acquire::AllowInsecureRepositories"]
    assert loose["check_valid_until"] is off["check_valid_until"] is False


def test_pins_and_services_are_told_unless_their_files_are_closed():
    seen = apt("pin nginx: release a=x = 1001\npocket esm-infra\npocket esm-apps\n")
    closed = apt(
        "unpinned /etc/apt/preferences\nunattached /var/lib/ubuntu-advantage/status.json\n"
    )

    assert seen["pinned"] == ["nginx: release a=x = 1001"]
    assert seen["pockets"] == ["esm-infra", "esm-apps"]
    assert not {"pinned", "pockets"} & set(closed)


@pytest.mark.parametrize(
    ("names", "secure"),
    [
        (("baseos", "appstream"), True),
        (("rhel-9-for-x86_64-baseos-rpms",), True),
        (("rhel-8-for-x86_64-appstream-eus-rpms",), True),
        (("ol9_baseos_latest",), True),
        (("ol7_latest",), True),
        (("updates",), True),
        (("amzn2-core",), True),
        (("epel", "docker-ce-stable"), False),
        ((), False),
    ],
)
def test_a_distributions_repository_brings_security_updates(names, secure):
    found = of("dnf", LISTS + "".join(f"repo {name} 1 1\n" for name in names))

    assert found["suites"] == list(names)
    assert found["security_suite"] is secure


def test_repositories_that_are_off_do_not_count():
    text = "repo baseos 0 1\nrepo epel 1 0\nrepo crb 0 0\nrepo rhel-9-baseos-e4s-rpms 1 1\n"

    found = of("dnf", LISTS + text + "revision 1790000001\nrevision 1780000000\n")

    assert found["suites"] == ["epel", "rhel-9-baseos-e4s-rpms"]
    assert found["unsigned"] == ["epel"]
    assert found["pockets"] == ["e4s"]
    assert found["lists_date"] == "2026-09-21T14:13:21+00:00"


INSTALL = "apply /etc/dnf/automatic.conf apply_updates=yes\n"


@pytest.mark.parametrize(
    ("text", "automatic"),
    [
        (f"wants dnf-automatic.timer\n{INSTALL}", True),
        ("wants dnf-automatic.timer\n", False),
        (INSTALL, False),
        (f"wants dnf-automatic.timer\nmasked dnf-automatic.timer\n{INSTALL}", False),
        ("wants dnf-automatic.timer\napply /etc/dnf/automatic.conf apply_updates=no\n", False),
        ("wants dnf-automatic-install.timer\n", True),
        ("wants yum-cron.service\napply /etc/yum/yum-cron.conf apply_updates=yes\n", True),
        (
            (
                "wants dnf5-automatic.timer\n"
                "apply /usr/share/dnf5/dnf5-plugins/automatic.conf apply_updates=yes\n"
                "apply /etc/dnf/dnf5-plugins/automatic.conf apply_updates=no\n"
            ),
            False,
        ),
        ("wants something.timer\n", False),
    ],
)
def test_dnf_installs_by_itself_where_a_timer_runs_and_applies(text, automatic):
    assert of("dnf", text)["automatic"] is automatic


def test_closed_files_of_dnf_leave_gaps():
    found = of("yum", f"{LISTS}hidden /etc/yum.repos.d/a.repo\nsealed /etc/dnf/automatic.conf\n")

    assert found["manager"] == "yum"
    assert not {"suites", "security_suite", "unsigned", "pockets", "automatic"} & set(found)
    assert "/etc/yum.repos.d/a.repo cannot be read" in found["gap"]["detail"]


@pytest.mark.parametrize(
    ("text", "secure"),
    [
        ("repo SLE-Module-Basesystem15-SP5-Updates 1 1\n", True),
        ("repo repo-sle-update 1 1\n", True),
        ("repo SLE-Product-SLES15-SP5-Pool 1 1\n", False),
        ("repo updated-by-hand 1 1\n", False),
        ("repo repo-update 0 1\n", False),
    ],
)
def test_suse_has_repositories_for_updates(text, secure):
    assert of("zypper", text)["security_suite"] is secure


@pytest.mark.parametrize(
    ("text", "automatic"),
    [
        ("wants online_update\n", True),
        ("wants transactional-update.timer\n", True),
        ("wants os-update.timer\nmasked os-update.timer\n", False),
        ("", False),
    ],
)
def test_suse_updates_itself_by_a_timer_or_cron(text, automatic):
    assert of("zypper", text)["automatic"] is automatic


@pytest.mark.parametrize(
    ("suites", "secure"),
    [(("v3.19/main", "v3.19/community"), True), (("edge/main",), True), (("apks/main",), False)],
)
def test_alpine_mends_in_the_main_of_a_branch(suites, secure):
    found = of("apk", LISTS + "".join(f"suite {suite}\n" for suite in suites))

    assert found["suites"] == list(suites)
    assert found["security_suite"] is secure
    assert found["unsigned"] == []


@pytest.mark.parametrize(
    ("text", "automatic"),
    [("wants apk-upgrade\ncrond\n", True), ("wants apk-upgrade\n", False), ("crond\n", False)],
)
def test_alpine_upgrades_by_cron(text, automatic):
    assert of("apk", text)["automatic"] is automatic


def test_a_closed_crontab_of_alpine_may_upgrade():
    found = of("apk", f"{LISTS}sealed /etc/crontabs/root\nhidden /etc/apk/repositories\n")

    assert not {"automatic", "suites", "security_suite"} & set(found)
