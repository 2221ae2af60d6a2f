import os
import subprocess

import pytest

from auditor.probe import modules
from tests.unit.probe.asking import frame, parse, text_files
from tests.unit.probe.test_texts import HELPERS, SHELLS

ARGS = modules.ModuleArgs(name="usb-storage")


def ask(files=None, told="", args=ARGS):
    return parse(modules, told, args=args, frames=text_files(files or {}))


@pytest.mark.parametrize(
    ("told", "absent", "builtin"),
    [
        ("", False, False),
        ("known\n", True, False),
        ("known\ndep usb_storage\n", False, False),
        ("known\nbuiltin usb_storage\n", False, True),
        ("known\ndep other\nnoise\n", True, False),
    ],
)
def test_what_the_running_kernel_has(told, absent, builtin):
    found = ask(told=told)

    assert (found["absent"], found["builtin"]) == (absent, builtin)


@pytest.mark.parametrize(
    ("text", "refused", "blacklisted"),
    [
        ("", False, False),
        ("install usb-storage /bin/false\nblacklist usb_storage", True, True),
        ("install usb_storage /usr/bin/true", True, False),
        ("install usb-storage /sbin/nologin # why", True, False),
        ("install usb-storage \\\n  /bin/false", True, False),
        ("#install usb-storage /bin/false", False, False),
        ("install usb-storage /bin/false\ninstall usb-storage /sbin/modprobe x", False, False),
        ("install usb-storage", False, False),
        ("install other /bin/false\nblacklist other", False, False),
        ("options usb-storage a=b\nblacklist usb-storage \\", False, True),
    ],
)
def test_what_modprobe_is_told(text, refused, blacklisted):
    found = ask({"/etc/modprobe.d/a.conf": text})

    assert (found["refused"], found["blacklisted"]) == (refused, blacklisted)
    assert set(found["places"]) <= {"refused", "blacklisted"}


def test_a_file_of_the_administrator_replaces_the_shipped_one_of_its_name():
    files = {
        "/etc/modprobe.d/a.conf": "blacklist other",
        "/usr/lib/modprobe.d/a.conf": "install usb-storage /bin/false",
        "/usr/lib/modprobe.d/b.conf": "\nblacklist usb-storage",
    }

    found = ask(files)

    assert found["refused"] is False
    assert found["places"] == {"blacklisted": "/usr/lib/modprobe.d/b.conf:2"}


@pytest.mark.parametrize(
    ("line", "loaded"), [("usb_storage 81920 0 - Live", True), ("usb 1", False)]
)
def test_what_is_loaded(line, loaded):
    assert ask({"/proc/modules": line})["loaded"] is loaded


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_real_kernels_list_is_searched_for_the_asked_names(tmp_path, shell):
    folder = tmp_path / os.uname().release
    folder.mkdir()
    (folder / "modules.dep").write_text(
        "kernel/a/usb-storage.ko.xz: kernel/b/scsi.ko\nk/other.ko:\n"
    )
    (folder / "modules.builtin").write_text("kernel/fs/squashfs.ko\n")
    many = [ARGS, modules.ModuleArgs(name="squashfs"), modules.ModuleArgs(name="hfs")]
    (section,) = modules.PROBE.sections(many)
    text = section.text.replace("/lib/modules", str(tmp_path))
    done = subprocess.run(
        [*shell, "-c", f"{HELPERS}s() {{\n{text}\n}}\ns\n"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split("\n") == ["known", "dep usb_storage", "builtin squashfs", ""]
    answers = frame("modules", done.stdout)
    found = [modules.PROBE.parse(one, {**answers, **text_files({})}) for one in many]
    assert [one["absent"] for one in found] == [False, False, True]
    assert [one["builtin"] for one in found] == [False, True, False]
