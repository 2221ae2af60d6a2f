"""`auditor sudoers`: what an administrator installs is what a visit will run."""

import hashlib
import re
import shutil
import subprocess

import pytest

INVENTORY = """
city: {name: Kota Batu}
authority:
  letter: 800/1/2026
  date: 2026-01-01
  valid_until: 2099-01-01
  scope: {networks: [192.0.2.0/24], domains: [batu.lab]}
opds: [{id: kominfo, name: Diskominfo}]
targets:
  - {id: web1, opd: kominfo, address: 192.0.2.1, ssh: {sudo: pinned}}
  - {id: web2, opd: kominfo, address: 192.0.2.2, ssh: {sudo: pinned}}
  - {id: dns1, opd: kominfo, address: 192.0.2.3, roles: [router], ssh: {sudo: pinned, user: audit2}}
  - {id: site, opd: kominfo, address: batu.lab, kind: site, ssh: null}
"""


@pytest.fixture
def inventory(tmp_path):
    (tmp_path / "inventory.yaml").write_text(INVENTORY)


def folders(tmp_path):
    return sorted((tmp_path / "auditor-sudoers").iterdir())


@pytest.mark.usefixtures("inventory")
def test_targets_that_are_asked_the_same_share_one_script(auditor, tmp_path):
    said = auditor("sudoers")

    assert said.code == 0
    assert re.search(r"auditor-[0-9a-f]{16}: web1, web2\n", said.out)
    assert re.search(r"audit2-[0-9a-f]{16}: dns1\n", said.out)
    assert len(folders(tmp_path)) == 2


@pytest.mark.usefixtures("inventory")
def test_the_rule_pins_the_script_that_lies_beside_it(auditor, tmp_path):
    assert auditor("sudoers", "web1").code == 0
    (folder,) = folders(tmp_path)
    rule = (folder / "auditor-visit").read_text()
    (script,) = folder.glob("visit-*")

    digest = hashlib.sha256(script.read_bytes()).hexdigest()
    assert f'NOPASSWD: sha256:{digest} /usr/local/lib/auditor/{script.name} ""' in rule
    assert script.name == f"visit-{digest[:16]}"
    assert script.name in (folder / "README.txt").read_text()
    if shutil.which("visudo"):
        done = subprocess.run(
            ["visudo", "-cf", folder / "auditor-visit"], capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("inventory")
def test_it_is_the_script_that_a_plan_shows(auditor, tmp_path):
    auditor("sudoers", "web1")
    (folder,) = folders(tmp_path)
    (script,) = folder.glob("visit-*")
    shown = auditor("plan", "--script", "web1").out

    assert script.read_text().split("\nt() {", 1)[1].strip() in shown
    assert f"sudo -k -n /usr/local/lib/auditor/{script.name}" in shown


@pytest.mark.usefixtures("inventory")
def test_what_is_not_visited_over_ssh_has_no_script(auditor):
    said = auditor("sudoers", "site")

    assert said.code == 2
    assert "none of these targets is visited over SSH" in said.err


@pytest.mark.usefixtures("inventory")
def test_a_folder_that_cannot_be_written_is_our_own_trouble(auditor, tmp_path):
    (tmp_path / "auditor-sudoers").mkdir()
    (tmp_path / "full").write_text("")

    said = auditor("sudoers", "web1", "--out", tmp_path / "full" / "deep")

    assert said.code == 3
    assert "deep" in said.err
