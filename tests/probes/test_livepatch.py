"""How each awk reads the status of canonical-livepatch. No snap runs here: a program is played that
prints a status in the documented shape, written for this test.
"""

import json

import pytest

from auditor.probe import livepatch
from tests.probes.capture import understood
from tests.probes.overlay import as_account, asked, frames, run

ID = "0123456789abcdef"


def fix(name, *, patched=True):
    return {"Name": name, "Description": "a {brace}", "Bug": "", "Patched": patched}


def kernel(version, *, running, state="applied", fixes=()):
    return {
        "Kernel": version,
        "Running": running,
        "Livepatch": {
            "CheckState": "checked", "State": state, "Version": "104.1", "Fixes": list(fixes),
        },
    }  # fmt: skip


STATUS = {
    "Client-Version": "10.8.3",
    "Machine-Id": ID,
    "Architecture": "x86_64",
    "Status": [
        kernel("5.15.0-100.110-generic", running=False, fixes=[fix("cve-2020-0001")]),
        kernel(
            "5.15.0-119.129-generic",
            running=True,
            fixes=[fix("cve-2024-26581"), fix("cve-2023-6931", patched=False)],
        ),
    ],
}
SNAP = """
mkdir -p snap/bin snap/canonical-livepatch/281 root/snap/canonical-livepatch/281
ln -s 281 snap/canonical-livepatch/current
cat >srv/status <<'END'
{}
END
printf '#!/bin/sh\ncat /srv/status\n' >snap/bin/canonical-livepatch
chmod 755 snap/bin/canonical-livepatch
"""


def visit(tmp_path, prepare, *shell, awk="mawk"):
    (probe,), script = asked((livepatch.PROBE, {}))
    other = f"rm -f usr/bin/awk; printf '#!/bin/sh\nexec {awk} \"$@\"' >usr/bin/awk"
    done = run(
        tmp_path,
        *(shell or ("sh", "-s")),
        text=script.text,
        prepare=f"{prepare}\n{other}; chmod +x usr/bin/awk",
    )
    assert ID.encode() not in done.output
    assert done.written == []
    return understood(probe, frames(done, script))["record"]


@pytest.mark.parametrize("awk", ["mawk", "gawk", "busybox awk"])
@pytest.mark.parametrize("indent", [None, 2])
def test_only_what_is_mended_in_the_running_kernel_counts(tmp_path, awk, indent):
    found = visit(tmp_path, SNAP.format(json.dumps(STATUS, indent=indent)), awk=awk)

    assert (found["state"], found["fixes"]) == ("applied", ["CVE-2024-26581"])


def test_without_root_it_is_not_asked(tmp_path):
    found = visit(tmp_path, SNAP.format(json.dumps(STATUS)), *as_account(65534, "sh", "-s"))

    assert found["gap"]["why"] == "needs_root"


def test_it_is_not_asked_where_snap_would_make_a_folder(tmp_path):
    found = visit(tmp_path, SNAP.format(json.dumps(STATUS)) + "rm -r root/snap")

    assert "it would write into root's home" in found["gap"]["detail"]


def test_where_there_is_no_snap_nothing_is_asked(tmp_path):
    assert visit(tmp_path, ":") == {"modules": [], "state": "none", "fixes": []}
