import subprocess

import pytest

from auditor.model.fact import Why
from auditor.probe import backup, backup_script
from tests.unit.probe.asking import parse, why
from tests.unit.probe.test_texts import HELPERS, SHELLS

ROOT = "state\t40\text4\t755\troot\t0\t/\n"
CRON = "job\tschedule\tfiles\trestic\t/etc/cron.d/x:1"
CALL = "call\t/etc/cron.d/x:1\t/usr/local/bin/b.sh\n"
DUMP = "job\tscript\tdatabase\tmysqldump\t/usr/local/bin/b.sh:3\t/backup\n"


def state(path, newest=0, device="40", kind="ext4", mode="700"):
    return f"state\t{device}\t{kind}\t{mode}\troot\t{newest}\t{path}\n"


def test_no_backup_is_a_fact():
    found = parse(backup, ROOT)

    assert (
        found
        | {
            "exists": False,
            "off_host": False,
            "databases": False,
            "jobs": [],
            "agents": [],
            "destinations": [],
        }
        == found
    )
    assert found["gap"]["why"] is Why.NO_DATA


@pytest.mark.parametrize(
    ("goal", "away"),
    [
        ("sftp:nas.batu.go.id:/vol", True),
        ("nas:/vol", True),
        ("s3:https://x/y", True),
        ("/backup", False),
        ("/mnt/nas/x", True),
        ("/mnt/nasty", False),
    ],
)
def test_a_destination_is_elsewhere_by_its_name_or_its_file_system(goal, away):
    text = f"{CRON}\t{goal}\n{ROOT}{state('/backup')}{state('/mnt/nas', kind='nfs4', device='9')}"
    found = parse(backup, text)

    assert found["exists"] is True
    assert found["off_host"] is away
    assert found["jobs"][0]["off_host"] is away
    assert [row["same_disk"] for row in found["destinations"]] == [True, False]


def test_a_script_counts_where_something_calls_it():
    assert parse(backup, f"{DUMP}{ROOT}")["exists"] is False
    found = parse(backup, f"{CALL}{DUMP}{ROOT}{state('/backup', 1795132800)}")

    assert (found["exists"], found["databases"], found["off_host"]) == (True, True, False)
    assert found["newest"] == "2026-11-20T00:00:00+00:00"
    assert found["destinations"][0]["newest"] == found["newest"]


def test_a_unit_counts_where_its_timer_is_enabled():
    unit = "job\tunit\tfiles\tborg\t/etc/systemd/system/borg.service:2\tssh://x/y\n"
    assert parse(backup, f"{unit}{ROOT}")["exists"] is False
    found = parse(backup, f"{unit}timer\tborg.timer\n{ROOT}")

    assert (found["exists"], found["off_host"]) == (True, True)


def test_copies_alone_and_agents_are_backups():
    copy = "job\tschedule\ttransfer\trsync\t/etc/crontab:9\tnas:/vol\n"
    found = parse(backup, f"{copy}{ROOT}")
    assert (found["exists"], found["off_host"], found["databases"]) == (True, True, False)

    found = parse(backup, f"agent\tbareos\nagent\tbareos\nagent\tproxmox-guest\n{ROOT}")
    assert found["agents"] == ["bareos"]
    assert found["off_host"] is True
    assert parse(backup, f"agent\tproxmox-guest\n{ROOT}")["exists"] is False


def test_settings_of_a_tool_tell_where_it_writes():
    to = "to\t/etc/borgmatic/config.yaml:4\tssh://x/./repo\n"
    assert parse(backup, f"{CRON}\n{to}{ROOT}")["off_host"] is True
    assert parse(backup, f"{to}{ROOT}")["off_host"] is False


def test_odd_lines_are_passed_over():
    text = "job\tx\nto\tx\ncall\nagent\nstate\t1\ntimer\nstate\t1\te\tx\tr\t1\t/p\nnonsense\n"

    assert parse(backup, text)["destinations"] == []
    assert parse(backup, state("/b", 99999999999))["destinations"][0]["same_disk"] is False
    assert why(backup, "", rc=2) is Why.UNREADABLE


MACHINE = {
    "etc/cron.d/x": "PATH=/bin\n0 2 * * * root /usr/local/bin/b.sh >/dev/null\n"
    "# 0 3 * * * root borg create /other::x\n"
    "0 3 * * * root rsync -a --password-file=/root/.pw /backup/ u:rahasia@nas.id:/vol/x\n",
    "usr/local/bin/b.sh": "#!/bin/sh\nBACKUP_DIR=/backup/db\n"
    "mysqldump -uroot -pRAHASIA --all | gzip > $BASE/backup/db/$(date +%F).sql.gz\n"
    "tar xf /tmp/x.tar\ntar -czf $BASE/backup/etc.tgz /etc\n",
    "usr/local/bin/other": "borg create /x::y\n",
    "etc/systemd/system/borg.service": "[Service]\n"
    "ExecStart=-/usr/bin/borg create ssh://u:rahasia@store.id/./repo::x /srv\n",
    "etc/borgmatic/config.yaml": "repositories:\n    - path: ssh://u:rahasia@b.id/./r\n"
    "      label: x\n",
    "etc/default/restic": "RESTIC_REPOSITORY=rest:https://u:rahasia@c.id/r\n"
    "RESTIC_PASSWORD=rahasia\n",
}


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize("awk", ["mawk", "gawk", "busybox awk"])
def test_commands_are_judged_where_they_stand(tmp_path, shell, awk):
    for name, text in MACHINE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("$BASE", str(tmp_path)))
    (tmp_path / "backup/db").mkdir(parents=True)
    (tmp_path / "backup/db/a.sql.gz").write_text("x")
    script = backup_script.TEXT.replace("awk -v", f"{awk} -v").replace("| awk", f"| {awk}")
    for folder in ("etc", "usr/local", "root", "opt", "home", "var/spool", "usr/lib"):
        script = script.replace(f" /{folder}/", f" {tmp_path}/{folder}/")
    text = f"{HELPERS}s() {{\n{script}\n}}\ns\n"
    done = subprocess.run([*shell, "-c", text], capture_output=True, text=True, check=True)

    assert "rahasia" not in done.stdout.lower()
    lines = done.stdout.replace(str(tmp_path), "").splitlines()
    assert sorted(line for line in lines if line.startswith(("job", "to"))) == [
        "job\tschedule\ttransfer\trsync\t/etc/cron.d/x:4\tnas.id:/vol/x",
        "job\tscript\tdatabase\tmysqldump\t/usr/local/bin/b.sh:3\t/backup/db",
        "job\tscript\tfiles\ttar\t/usr/local/bin/b.sh:5\t/backup/etc.tgz",
        "job\tunit\tfiles\tborg\t/etc/systemd/system/borg.service:2\tssh://store.id/./repo::x",
        "to\t/etc/borgmatic/config.yaml:2\tssh://b.id/./r",
        "to\t/etc/default/restic:1\trest:https://c.id/r",
        "to\t/usr/local/bin/b.sh:2\t/backup/db",
    ]
    newest = (tmp_path / "backup/db/a.sql.gz").stat().st_mtime
    states = {line.split("\t")[-1]: line.split("\t")[-2] for line in lines if "state" in line}
    assert states["/backup/db"] == str(int(newest))
    assert "/" in states
