import csv
import json
import os
import stat
from datetime import UTC, datetime

import pytest

from auditor.cli import options
from auditor.errors import ExitCode
from auditor.load.inventory import load_inventory
from tests.cli.small_disk import small_disk
from tests.unit.load.written import INVENTORY, broken


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(options, "now", lambda: datetime(2026, 5, 5, tzinfo=UTC))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "inventory.yaml"
    path.write_text(INVENTORY)
    return path


def test_lint_tells_every_mistake_with_its_line(auditor, path):
    path.write_text(broken(broken(INVENTORY, "opd: dinkes", "opd: x"), "db1.batu.lab", "db1.lab"))

    code, out, err = auditor("inventory", "lint", path)

    assert (code, out) == (ExitCode.USAGE, "")
    assert f"{path}:14:5: web1: there is no OPD 'x'" in err
    assert f"{path}:20:5: db1: db1.lab lies outside the authority's scope" in err


@pytest.mark.parametrize(
    ("part", "by", "problem"),
    [
        ("2026-12-31", "2026-05-04", "ended on 2026-05-04"),
        ("2026-01-02", "2026-05-06", "only from"),
    ],
)
def test_lint_refuses_what_a_scan_would_refuse_today(auditor, path, part, by, problem):
    path.write_text(broken(INVENTORY, part, by))

    code, _, err = auditor("inventory", "lint", path)

    assert code == ExitCode.USAGE
    assert problem in err


def test_lint_says_what_is_odd_and_passes(auditor, path):
    path.write_text(f"{INVENTORY}  - {{id: web2, opd: kominfo, address: 10.0.0.1}}\n")

    code, out, err = auditor("inventory", "lint", path)

    assert code == 0
    assert err.startswith(f"warning: {path}:21:30: web2 and web1 are both reached")
    assert "3 targets of 2 OPDs, good; letter 094/7/2026 until 2026-12-31" in out


def test_a_missing_inventory_says_how_to_begin(auditor, tmp_path):
    code, _, err = auditor("inventory", "lint", tmp_path / "none.yaml")

    assert code == ExitCode.USAGE
    assert "`auditor init` writes a first one" in err


def test_the_list_is_a_line_a_target(auditor, path):
    assert auditor("inventory", "list", "-i", path).out.splitlines() == [
        "dinkes/web1                     server  10.0.0.1",
        "kominfo/db1                      server  db1.batu.lab",
    ]


TAGGED = """\
  - id: all
    opd: dinkes
    address: 10.0.0.3
    name: "=cmd()"
    roles: [web, db]
    tags: {kategori_se: tinggi, iiv: true, data_pribadi: true, other: [pilot]}
"""


def test_the_list_as_json_holds_the_targets(auditor, path):
    path.write_text(INVENTORY + TAGGED)

    targets = json.loads(auditor("inventory", "list", "-i", path, "--format", "json").out)

    assert [target["id"] for target in targets] == ["web1", "db1", "all"]
    assert targets[2]["tags"]["kategori_se"] == "tinggi"


def test_the_list_as_csv_has_no_formula(auditor, path):
    path.write_text(INVENTORY + TAGGED)

    text = auditor("inventory", "list", "-i", path, "--format", "csv").out

    rows = list(csv.DictReader(text.splitlines()))
    assert rows[0]["ports"] == "22/tcp 443/tcp"
    assert rows[2]["name"] == "'=cmd()"
    assert rows[2]["tags"] == "tinggi iiv data_pribadi pilot"


def test_text_shows_roles_and_tags(auditor, path):
    path.write_text(INVENTORY + TAGGED)

    assert auditor("inventory", "list", "-i", path).out.endswith(
        "web db tinggi iiv data_pribadi pilot\n"
    )


LIST = "Nama Server;Alamat IP;OPD\nServer Baru;10.0.0.7;Dinkes\nweb1;10.0.0.1;Dinkes\n"


@pytest.fixture
def sheet(tmp_path):
    sheet = tmp_path / "daftar.csv"
    sheet.write_text(LIST)
    return sheet


def test_an_import_shows_what_is_new_and_writes_nothing(auditor, path, sheet):
    code, out, err = auditor("inventory", "import", sheet, "--from", "csv", "-i", path)

    assert code == 0
    assert "+  - id: server-baru\n" in out
    assert err == (
        f"note: {path}:13: web1: name is '', not web1\n"
        "1 new, 1 differences, 0 the same; nothing written (--apply writes)\n"
    )
    assert path.read_text() == INVENTORY


def test_an_import_writes_when_it_is_told_to(auditor, path, sheet):
    path.chmod(0o640)
    os.chown(path, 12, 34)

    code, _, err = auditor("inventory", "import", sheet, "--from", "csv", "-i", path, "--apply")

    assert code == 0
    assert f"written to {path}" in err
    assert [target.id for target in load_inventory(path).targets] == ["web1", "db1", "server-baru"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert (path.stat().st_uid, path.stat().st_gid) == (12, 34)
    assert sorted(p.name for p in path.parent.iterdir()) == ["daftar.csv", "inventory.yaml"]


def test_the_same_import_again_adds_nothing(auditor, path, sheet):
    for _ in range(2):
        said = auditor("inventory", "import", sheet, "--from", "csv", "-i", path, "--apply")

    assert said.out == ""
    assert said.err.endswith("0 new, 1 differences, 1 the same; nothing written\n")


def test_a_bad_row_stops_the_whole_import(auditor, path, sheet):
    sheet.write_text(f"{LIST}lain;192.0.2.1;Dinkes\nlagi;10.0.0.8;Dinas Antah\n")

    code, out, err = auditor("inventory", "import", sheet, "--from", "csv", "-i", path, "--apply")

    assert (code, out) == (ExitCode.USAGE, "")
    assert f"{sheet}:4:1: lain: 192.0.2.1 lies outside" in err
    assert f"{sheet}:5: lagi: there is no OPD 'Dinas Antah'" in err
    assert path.read_text() == INVENTORY


def test_ansible_s_groups_become_offices_by_the_map(auditor, path, tmp_path):
    hosts = tmp_path / "hosts"
    hosts.write_text("[web]\nw7 ansible_host=10.0.0.7 ansible_password=x\n")

    code, out, err = auditor(
        "inventory", "import", hosts, "--from", "ansible", "-i", path, "--opd-map", "web=kominfo"
    )

    assert code == 0
    assert "+    opd: kominfo\n" in out
    assert "passwords were not copied" in err


@pytest.mark.parametrize("pair", ["web", "=kominfo", "web="])
def test_a_map_is_a_name_and_an_id(auditor, path, sheet, pair):
    code, _, err = auditor("inventory", "import", sheet, "--from", "csv", "--opd-map", pair)

    assert code == ExitCode.USAGE
    assert "write NAME=ID" in err


def test_a_full_disk_leaves_the_inventory_as_it_was(auditor, path, sheet):
    with small_disk(100):
        said = auditor("inventory", "import", sheet, "--from", "csv", "-i", path, "--apply")

    assert said.code == ExitCode.STORE
    assert f"{path} could not be written: File too large" in said.err
    assert path.read_text() == INVENTORY
    assert sorted(p.name for p in path.parent.iterdir()) == ["daftar.csv", "inventory.yaml"]
