"""How real shells and awks read the settings of apt, dnf, zypper and apk; that nothing is written,
and that passwords in addresses stay where they are. apt-config is real. The files of the other
managers are written here after their manual pages, not captured.
"""

import json

import pytest

from auditor.probe import updates
from tests.probes.capture import understood
from tests.probes.overlay import as_account, asked, frames, run

NOBODY = 65534
SECRET = b"RAHASIA"
AWKS = ["mawk", "gawk", "busybox awk"]
SOURCES = r"""
rm -rf etc/apt/sources.list etc/apt/sources.list.d; mkdir -p etc/apt/sources.list.d
cat >etc/apt/sources.list <<'END'
# deb https://h/debian commented main
deb [arch=amd64 signed-by=/k.gpg] https://u:RAHASIA@h/debian bookworm main
deb [ trusted=yes arch=amd64 ] https://u:RAHASIA@h/own loose main
deb-src [trusted=yes] https://h/debian only-source main
deb [check-valid-until=no] https://h/debian unbound main
END
cat >etc/apt/sources.list.d/a.sources <<'END'
Types: deb deb-src
URIs: https://u:RAHASIA@h/a https://u:RAHASIA@h/b
# a comment
Suites: bookworm-security
 bookworm-updates
Components: main

Types: deb
Enabled: no
Trusted: yes
Suites: switched-off

Types: deb-src
Suites: source-only

# of our own
Types: deb
Suites: unsigned
Trusted: yes
Check-Valid-Until: no
END
printf 'Types: deb\nSuites: last' >etc/apt/sources.list.d/b.sources
rm -rf etc/apt/apt.conf.d etc/apt/preferences*; mkdir etc/apt/apt.conf.d etc/apt/preferences.d
echo 'APT { Periodic { Unattended-Upgrade "1"; }; };' >etc/apt/apt.conf.d/20auto
printf 'Explanation: x\nPackage: nginx*\nPin: release n=x\nPin-Priority: -1\n\n\n' \
  >etc/apt/preferences.d/satu
printf 'Package: *\nPin: origin h\nPin-Priority: 900' >etc/apt/preferences.d/dua.pref
printf 'Package: ignored\n' >etc/apt/preferences.d/tiga.bak
"""


def facts(tmp_path, prepare, *command, awk="mawk"):
    (probe,), script = asked((updates.PROBE, {}))
    other = f"rm -f usr/bin/awk; printf '#!/bin/sh\nexec {awk} \"$@\"' >usr/bin/awk"
    visit = run(
        tmp_path,
        *(command or ("sh", "-s")),
        text=script.text,
        prepare=f"{prepare}\n{other}; chmod +x usr/bin/awk",
    )
    told = understood(probe, frames(visit, script))
    assert SECRET not in visit.output
    assert b"://" not in visit.output
    assert visit.written == []
    return told.get("record", told), visit


@pytest.mark.parametrize("awk", AWKS)
def test_sources_are_told_and_their_addresses_are_not(tmp_path, awk):
    found, _ = facts(tmp_path, SOURCES, awk=awk)

    assert found["manager"] == "apt"
    assert found["suites"] == [
        "bookworm", "loose", "unbound", "bookworm-security", "bookworm-updates", "unsigned", "last",
    ]  # fmt: skip
    assert found["security_suite"] is True
    assert found["unsigned"] == ["/etc/apt/sources.list:3", "/etc/apt/sources.list.d/a.sources:17"]
    assert found["check_valid_until"] is False
    assert found["pinned"] == ["*: origin h = 900", "nginx*: release n=x = -1"]


TOOL = "printf '#!/bin/sh\n' >usr/bin/unattended-upgrade; chmod +x usr/bin/unattended-upgrade"
MASK = "cd etc/systemd/system && ln -sf /dev/null apt-daily-upgrade.timer; cd ../../.."


@pytest.mark.parametrize(
    ("prepare", "automatic"),
    [
        (TOOL, True),
        ("rm -f usr/bin/unattended-upgrade", False),
        (f"{TOOL}; echo 'APT::Periodic::Unattended-Upgrade \"0\";' >etc/apt/apt.conf.d/99", False),
        (f"{TOOL}; echo 'APT::Periodic::Enable \"0\";' >etc/apt/apt.conf.d/99", False),
        (f"{TOOL}; {MASK}", False),
    ],
    ids=["on", "no tool", "switched off later", "all off", "masked"],
)
def test_updates_are_automatic_only_where_everything_is_in_place(tmp_path, prepare, automatic):
    found, _ = facts(tmp_path, f"{SOURCES}\n{prepare}")

    assert found["automatic"] is automatic


def test_a_configuration_that_apt_refuses_says_nothing(tmp_path):
    found, _ = facts(tmp_path, f"{SOURCES}\necho 'APT {{ x' >etc/apt/apt.conf.d/99")

    assert "automatic" not in found
    assert "apt-config" in found["gap"]["detail"]


@pytest.mark.parametrize("setting", ["Acquire::Check-Valid-Until", "Acquire::check-valid-until"])
def test_apt_itself_reads_its_settings(tmp_path, setting):
    only = "rm -r etc/apt/sources.list*; echo 'deb http://h/ a main' >etc/apt/sources.list"
    off = f"echo '{setting} \"false\";' >etc/apt/apt.conf.d/99"

    found, _ = facts(tmp_path, f"{SOURCES}\n{only}\n{off}")

    assert found["check_valid_until"] is False
    assert found["unsigned"] == []


def test_what_an_account_may_not_read_of_apt_is_a_gap(tmp_path):
    prepare = "echo >etc/apt/apt.conf.d/99; rm etc/apt/sources.list.d/a.sources; "
    prepare += "chmod 600 etc/apt/sources.list etc/apt/apt.conf.d/99 etc/apt/preferences.d/satu; "
    prepare += "mkdir -p var/lib/ubuntu-advantage; : >var/lib/ubuntu-advantage/status.json; "
    prepare += "chmod 600 var/lib/ubuntu-advantage/status.json; chmod 700 var/lib/apt/lists"

    found, _ = facts(tmp_path, f"{SOURCES}\n{prepare}", *as_account(NOBODY, "sh", "-s"))

    assert set(found) == {"manager", "gap"}
    for path in (
        "/etc/apt/sources.list",
        "/etc/apt/apt.conf.d/99",
        "/etc/apt/preferences.d/satu",
        "/var/lib/ubuntu-advantage/status.json",
        "/var/lib/apt/lists",
    ):
        assert f"{path} cannot be read" in found["gap"]["detail"]


RELEASE = """\
-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

Origin: Debian
Label: Debian-Security
Suite: oldstable-security
Codename: bookworm-security
Date: Sat, 21 Nov 2026 00:53:02 UTC
Valid-Until: Sat, 28 Nov 2026 00:53:02 UTC
SHA256:
 00 1 main/binary-amd64/Packages
Date: Sat, 21 Nov 2099 00:53:02 UTC
"""


@pytest.mark.parametrize("awk", AWKS)
def test_lists_tell_their_own_dates(tmp_path, awk):
    lists = "var/lib/apt/lists"
    prepare = f"rm -rf {lists}; mkdir -p {lists}; cat >{lists}/h_InRelease <<'END'\n{RELEASE}END\n"
    prepare += f"head -c 200000 /dev/zero >{lists}/odd_InRelease; : >{lists}/empty_Release\n"
    prepare += f"touch -d @1790000000 {lists}/*; rm -rf var/lib/apt/periodic"

    found, _ = facts(tmp_path, f"{SOURCES}\n{prepare}", awk=awk)

    assert found["lists_time"] == "2026-09-21T14:13:20+00:00"
    assert found["lists_date"] == "2026-11-21T00:53:02+00:00"
    assert found["lists_valid_until"] == "2026-11-28T00:53:02+00:00"


@pytest.mark.parametrize("stamp", ["update-stamp", "update-success-stamp"])
def test_lists_that_did_not_change_were_refreshed_all_the_same(tmp_path, stamp):
    """A list bears the mirror's time; apt's own daily run leaves a stamp."""
    lists, place = "var/lib/apt/lists", "var/lib/apt/periodic"
    prepare = f"rm -rf {lists} {place}; mkdir -p {lists} {place}; : >{lists}/h_InRelease\n"
    prepare += f"touch -d @1790000000 {lists}/*; touch -d @1790086400 {place}/{stamp}"

    found, _ = facts(tmp_path, f"{SOURCES}\n{prepare}")

    assert found["lists_time"] == "2026-09-22T14:13:20+00:00"


def service(name, status, *, blocked=(), ordered=True):
    one = {
        "name": name,
        "description": "Expanded Security Maintenance",
        "entitled": "yes",
        "status": status,
        "status_details": "",
        "description_override": None,
        "available": "yes",
        "blocked_by": list(blocked),
        "warning": None,
    }
    return dict(sorted(one.items())) if ordered else one


@pytest.mark.parametrize("awk", AWKS)
@pytest.mark.parametrize("ordered", [True, False])
def test_ubuntu_pro_tells_its_services_and_nothing_of_the_contract(tmp_path, awk, ordered):
    blocked = [{"name": "livepatch", "reason_code": "x", "reason": "y"}]
    status = {
        "account": {"id": "RAHASIA", "name": "RAHASIA", "external_account_ids": []},
        "attached": True,
        "contract": {"id": "RAHASIA", "name": "RAHASIA", "products": ["free"]},
        "execution_status": "inactive",
        "machine_token": "RAHASIA",
        "services": [
            service("anbox-cloud", "disabled", ordered=ordered),
            service("esm-apps", "enabled", ordered=ordered),
            service("esm-infra", "enabled", ordered=ordered),
            service("fips", "disabled", blocked=blocked, ordered=ordered),
            service("livepatch", "enabled", ordered=ordered),
        ],
    }
    folder = "var/lib/ubuntu-advantage"
    prepare = f"mkdir -p {folder}; cat >{folder}/status.json <<'END'\n{json.dumps(status)}\nEND\n"

    found, _ = facts(tmp_path, f"{SOURCES}\n{prepare}", awk=awk)

    assert found["pockets"] == ["esm-apps", "esm-infra", "livepatch"]


NOT_DEBIAN = (
    "rm var/lib/dpkg/info/base-files.list; rm -rf etc/dnf etc/yum* etc/zypp var/cache/dnf\n"
)
RED_HAT = r"""
mkdir -p etc/yum.repos.d etc/dnf/plugins var/cache/dnf/baseos-1/repodata
printf '[main]\ngpgcheck=1\nexclude=kernel* php\ninstallonly_limit=3\n' >etc/dnf/dnf.conf
cat >etc/yum.repos.d/a.repo <<'END'
# made by hand
[baseos]
name=Base
baseurl=https://u:RAHASIA@h/$releasever
metalink = https://h/?token=RAHASIA
enabled = 1

[appstream]
enabled=True
gpgcheck=0
[off]
enabled=0
END
printf '[rhel-8-for-x86_64-baseos-eus-rpms]\nsslclientkey=/RAHASIA\ngpgcheck = yes' \
  >etc/yum.repos.d/redhat.repo
printf '# x\nbash-0:5.1.8-6.el9.*\n' >etc/dnf/plugins/versionlock.list
printf '[commands]\napply_updates = yes\n' >etc/dnf/automatic.conf
printf '<repomd>\n  <revision>1790000000</revision>\n' >var/cache/dnf/baseos-1/repodata/repomd.xml
touch -d @1790000123 var/cache/dnf/baseos-1/repodata/repomd.xml
mkdir -p etc/systemd/system/timers.target.wants
ln -s /usr/lib/systemd/system/dnf-automatic.timer etc/systemd/system/timers.target.wants
"""


@pytest.mark.parametrize("awk", AWKS)
def test_dnf_is_read_from_its_files(tmp_path, awk):
    found, _ = facts(tmp_path, NOT_DEBIAN + RED_HAT, awk=awk)

    assert found.pop("gap")["detail"] == "only apt's lists tell until when they are valid"
    assert found == {
        "manager": "dnf",
        "lists_time": "2026-09-21T14:15:23+00:00",
        "lists_date": "2026-09-21T14:13:20+00:00",
        "suites": ["baseos", "appstream", "rhel-8-for-x86_64-baseos-eus-rpms"],
        "security_suite": True,
        "unsigned": ["appstream"],
        "pockets": ["eus"],
        "automatic": True,
        "pinned": ["exclude=kernel* php", "bash-0:5.1.8-6.el9.*"],
    }


def test_dnf_without_a_default_checks_no_signature(tmp_path):
    found, _ = facts(tmp_path, f"{NOT_DEBIAN}{RED_HAT}\n: >etc/dnf/dnf.conf")

    assert found["unsigned"] == ["baseos", "appstream"]


def test_caches_that_only_root_may_read_are_a_gap(tmp_path):
    closed = "chmod 700 var/cache/dnf; chmod 600 etc/yum.repos.d/a.repo"

    found, _ = facts(tmp_path, f"{NOT_DEBIAN}{RED_HAT}\n{closed}", *as_account(NOBODY, "sh", "-s"))

    assert not {"lists_time", "suites", "security_suite", "unsigned"} & set(found)
    assert "/var/cache/dnf cannot be read" in found["gap"]["detail"]


def test_yum_where_there_is_no_dnf(tmp_path):
    old = r"""
rm -f usr/bin/dnf* usr/bin/microdnf; printf '#!/bin/sh\n' >usr/bin/yum; chmod +x usr/bin/yum
mkdir -p etc/yum.repos.d etc/yum var/cache/yum/x86_64/7/updates
printf '[main]\ngpgcheck=1\n' >etc/yum.conf
printf '[updates]\nbaseurl=https://u:RAHASIA@h/\n' >etc/yum.repos.d/CentOS-Base.repo
printf 'apply_updates = yes\n' >etc/yum/yum-cron.conf
mkdir -p etc/systemd/system/multi-user.target.wants
ln -s /usr/lib/systemd/system/yum-cron.service etc/systemd/system/multi-user.target.wants
: >var/cache/yum/x86_64/7/updates/repomd.xml
"""
    found, _ = facts(tmp_path, NOT_DEBIAN + old)

    assert found["manager"] == "yum"
    assert (found["security_suite"], found["automatic"]) == (True, True)
    assert "lists_time" in found


SUSE = r"""
mkdir -p etc/zypp/repos.d etc/cron.daily var/cache/zypp/raw/a/repodata
cat >etc/zypp/repos.d/a.repo <<'END'
[SLE-Module-Basesystem15-SP5-Updates]
enabled=1
baseurl=https://h/SUSE/?RAHASIA
[own]
enabled=1
gpgcheck=0
END
printf '\ntype: package\nsolvable_name: bash\nmatch_type: glob\n' >etc/zypp/locks
ln -s /usr/lib/online_update etc/cron.daily/opensuse.org-online_update
printf '<repomd><revision>1790000000</revision>\n' >var/cache/zypp/raw/a/repodata/repomd.xml
"""


@pytest.mark.parametrize("awk", AWKS)
def test_zypper_is_read_from_its_files(tmp_path, awk):
    online = "printf '#!/bin/sh\n' >usr/lib/online_update"
    found, _ = facts(tmp_path, f"{NOT_DEBIAN}{SUSE}\n{online}", awk=awk)

    assert found["manager"] == "zypper"
    assert found["suites"] == ["SLE-Module-Basesystem15-SP5-Updates", "own"]
    assert found["unsigned"] == ["own"]
    assert (found["security_suite"], found["automatic"]) == (True, True)
    assert found["pinned"] == ["bash"]
    assert found["lists_date"] == "2026-09-21T14:13:20+00:00"


ALPINE = r"""
mkdir -p lib/apk/db etc/apk etc/crontabs etc/runlevels/default var/cache/apk etc/periodic/daily
: >lib/apk/db/installed
cat >etc/apk/repositories <<'END'
#/media/cdrom/apks
https://u:RAHASIA@h/alpine/v3.19/main
http://h/alpine/v3.19/community/
@edge https://u:RAHASIA@h/alpine/edge/testing
END
printf 'musl\nnginx=1.24.0-r15\nopenssl>3\n' >etc/apk/world
printf '# apk upgrade\n0 2 * * * apk -U --no-progress upgrade\n' >etc/crontabs/root
ln -s /etc/init.d/crond etc/runlevels/default/crond
: >etc/init.d/crond
: >var/cache/apk/APKINDEX.0f.tar.gz
touch -d @1790000000 var/cache/apk/APKINDEX.0f.tar.gz
"""


@pytest.mark.parametrize("awk", AWKS)
def test_apk_is_read_from_its_files(tmp_path, awk):
    found, _ = facts(tmp_path, NOT_DEBIAN + ALPINE, awk=awk)

    assert found.pop("gap")["why"] == "no_data"
    assert found == {
        "manager": "apk",
        "lists_time": "2026-09-21T14:13:20+00:00",
        "suites": ["v3.19/main", "v3.19/community", "edge/testing"],
        "security_suite": True,
        "unsigned": [],
        "automatic": True,
        "pockets": [],
        "pinned": ["nginx=1.24.0-r15", "openssl>3"],
    }


def test_busybox_reads_the_same(tmp_path):
    found, _ = facts(tmp_path, NOT_DEBIAN + ALPINE, "busybox", "sh", "-s", awk="busybox awk")

    assert found["suites"] == ["v3.19/main", "v3.19/community", "edge/testing"]


def test_a_crontab_of_alpine_that_only_root_may_read_is_a_gap(tmp_path):
    found, _ = facts(
        tmp_path,
        f"{NOT_DEBIAN}{ALPINE}\nchmod 600 etc/crontabs/root",
        *as_account(NOBODY, "sh", "-s"),
    )

    assert "automatic" not in found
    assert "/etc/crontabs/root cannot be read" in found["gap"]["detail"]


def test_a_system_without_a_manager_is_not_judged(tmp_path):
    none = "rm -f usr/bin/apt-get usr/bin/dnf* usr/bin/microdnf usr/bin/yum usr/bin/rpm"

    found, _ = facts(tmp_path, NOT_DEBIAN + none)

    assert found == {"unseen": "unsupported"}


def test_sources_without_end_are_cut_and_only_they(tmp_path):
    endless = "seq -f 'deb http://h/ panjang%.0f main' 200000 >etc/apt/sources.list"

    found, visit = facts(tmp_path, f"{SOURCES}\n{endless}")

    assert found == {"unseen": "cut"}
    assert len(visit.output) < 100_000


def test_repositories_without_end_are_cut_and_only_they(tmp_path):
    endless = "seq -f '[r%.0f]' 200000 >etc/yum.repos.d/b.repo"

    found, visit = facts(tmp_path, f"{NOT_DEBIAN}{RED_HAT}\n{endless}")

    assert found == {"unseen": "cut"}
    assert len(visit.output) < 100_000
