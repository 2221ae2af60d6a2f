import os
import subprocess

import pytest

from auditor.model.fact import Why
from auditor.probe import files
from tests.unit.probe.asking import parse, why
from tests.unit.probe.test_texts import HELPERS, SHELLS

ARGS = files.FilesArgs(glob=("/etc/*.conf",))


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_real_files_are_listed_with_owner_and_mode(tmp_path, shell):
    (tmp_path / "a.conf").write_text("")
    (tmp_path / "a.conf").chmod(0o640)
    (tmp_path / "d.conf").mkdir(mode=0o755)
    (tmp_path / "odd\nname.conf").write_text("")
    os.chown(tmp_path / "d.conf", 4711, 4712)
    args = files.FilesArgs(glob=(f"{tmp_path}/?.conf", f"{tmp_path}/none/*"))
    (section,) = files.PROBE.sections([args])
    text = f"{HELPERS}s() {{\n{section.text}\n}}\ns\n"
    done = subprocess.run([*shell, "-c", text], capture_output=True, text=True, check=True)

    found = parse(files, done.stdout, args=args)

    assert [tuple(row.values())[1:] for row in found["files"]] == [
        ("file", "0640", "root", "root"),
        ("directory", "0755", "4711", "4712"),
    ]
    assert found["count"] == 2
    wide = files.FilesArgs(glob=(f"{tmp_path}/*.conf",))
    (section,) = files.PROBE.sections([wide])
    text = f"{HELPERS}s() {{\n{section.text}\n}}\ns\n"
    done = subprocess.run([*shell, "-c", text], capture_output=True, text=True, check=True)
    assert why(files, done.stdout, args=wide) is Why.NEEDS_ROOT


@pytest.mark.parametrize("line", ["!/etc/*.conf", "!/etc/a?b.conf"])
def test_what_could_not_be_looked_at_is_not_taken_for_absent(line):
    assert why(files, f"{line}\n", args=ARGS) is Why.NEEDS_ROOT


def test_lines_of_other_patterns_and_nonsense_are_passed_over():
    text = "81a4 0 0 root root /etc/x.conf\nnonsense\nc1ed 7 8 UNKNOWN UNKNOWN /etc/y.conf\n"
    text += "81a4 0 0 root root /opt/x.conf\n"

    found = parse(files, text, args=ARGS)

    assert [row["path"] for row in found["files"]] == ["/etc/x.conf", "/etc/y.conf"]
    assert found["files"][1] | {"type": "other", "owner": "7", "group": "8"} == found["files"][1]
