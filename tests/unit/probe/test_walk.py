import os
import subprocess

import pytest

from auditor.model.fact import Why
from auditor.probe import walk
from tests.unit.probe.asking import frame, parse, text_files, why
from tests.unit.probe.test_texts import HELPERS, SHELLS

MORE = ("ungrouped", "unsticky", "odd_names", "temp_executables", "suid_files", "pam_modules")
NO_FILES = text_files({})


def asked(text, *find, files=None):
    args = walk.WalkArgs(find=find)
    return parse(walk, text, args=args, frames=text_files(files or {}))


def test_one_find_answers_all(tmp_path):
    every = walk.WalkArgs(find=MORE, under=("/",))
    few = walk.WalkArgs(find=("suid",), under=("/srv",))
    (section,) = walk.PROBE.sections([every, few])

    assert section.text.count("find ") == 1
    assert "/dev/shm" in section.text
    assert "-path /dev -o" in section.text
    (section,) = walk.PROBE.sections([few])
    assert "dpkg" not in section.text
    assert "-nogroup -printf 'g" not in section.text
    (section,) = walk.PROBE.sections([walk.WalkArgs(find=MORE, under=("/srv",))])
    assert "/dev/shm -ignore" not in section.text
    assert walk.PROBE.reads([few]) == ()
    assert walk.PROBE.reads([few, every]) == ("/var/lib/dpkg/statoverride",)


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize("awk", ["mawk", "gawk", "busybox awk"])
def test_a_real_folder_is_walked(tmp_path, shell, awk):
    for name, mode in {"open": 0o777, "sticky": 0o1777, "...": 0o755, "x ": 0o755}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(mode)
    (tmp_path / ".profile").write_text("")
    for name in ("own", "foreign"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o4755)
    (tmp_path / "lost").write_text("")
    os.chown(tmp_path / "lost", 0, 4711)
    (tmp_path / "pack:amd64.list").write_text(f"/\n{tmp_path}/own\n")
    args = walk.WalkArgs(find=MORE, under=(str(tmp_path),))
    (section,) = walk.PROBE.sections([args])
    text = section.text.replace("/var/lib/dpkg/info", str(tmp_path)).replace("awk '", f"{awk} '")
    text = text.replace("/tmp/*", f"{tmp_path}/*")
    done = subprocess.run(
        [*shell, "-c", f"{HELPERS}s() {{\n{text}\n}}\ns\n"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = parse(walk, done.stdout, args=args, frames=NO_FILES)

    assert found["unsticky"] == [f"{tmp_path}/open"]
    assert found["ungrouped"] == [f"{tmp_path}/lost"]
    assert sorted(found["odd_names"]) == [f"{tmp_path}/...", f"{tmp_path}/x "]
    assert sorted(found["temp_executables"]) == [f"{tmp_path}/foreign", f"{tmp_path}/own"]
    assert {row["path"]: row["package"] for row in found["suid_files"]} == {
        f"{tmp_path}/own": "pack",
        f"{tmp_path}/foreign": "",
    }
    assert found["pam_modules"] == []
    assert "gap" not in found


def test_packages_of_files_with_and_without_usr():
    text = (
        "s/usr/bin/su\ns/opt/python3.11\nL\nP/usr/bin/su\t/var/lib/dpkg/info/util-linux.list\n#0\n"
    )
    override = "root root 4755 /opt/python3.11"
    found = asked(text, "suid_files", files={"/var/lib/dpkg/statoverride": override})

    assert found["suid_files"] == [
        {"path": "/usr/bin/su", "program": "su", "package": "util-linux", "overridden": False},
        {"path": "/opt/python3.11", "program": "python", "package": "", "overridden": True},
    ]
    assert found["suid_files_count"] == 2


def test_without_a_package_database_nobody_owns_a_file():
    args = walk.WalkArgs(find=("suid_files",))

    assert why(walk, "s/bin/su\n#0\n", args=args, frames=NO_FILES) is Why.UNSUPPORTED
    assert why(walk, "#0\n", args=args, frames={**NO_FILES, **frame("walk", "")}) is (
        Why.UNSUPPORTED
    )
