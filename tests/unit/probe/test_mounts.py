import pytest

from auditor.model.fact import Why
from auditor.probe import mounts
from tests.unit.probe.asking import parse, text_files, why

ROOT = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
TMP = "30 22 0:40 / /tmp rw,nosuid,nodev shared:9 - tmpfs tmp\\040fs rw,size=1g\n"
OWN, SHIPPED = "/etc/systemd/system/tmp.mount", "/usr/lib/systemd/system/tmp.mount"
ARGS = mounts.MountArgs(path="/tmp")


def ask(kernel, files=None, args=ARGS):
    return parse(
        mounts, None, args=args, frames=text_files({mounts.MOUNTED: kernel, **(files or {})})
    )


def test_what_is_mounted_is_told_with_its_options():
    found = ask(ROOT + TMP)

    assert found["separate"] is True
    assert found["options"] == ["rw", "nosuid", "nodev"]
    assert (found["type"], found["source"]) == ("tmpfs", "tmp fs")
    assert found["written"] is False


def test_the_latest_mount_on_a_directory_counts():
    later = "31 30 0:41 / /tmp rw - tmpfs later rw\n"

    assert ask(ROOT + TMP + later)["options"] == ["rw"]


@pytest.mark.parametrize("odd", ["", "nonsense", "30 22 0:40 / /tmp rw", "1 2 3 / /tmp - tmpfs"])
def test_a_line_that_says_nothing_is_passed_over(odd):
    found = ask(f"{ROOT}{odd}\n")

    assert found["separate"] is False
    assert found["gap"]["why"] == Why.NO_DATA


@pytest.mark.parametrize(
    ("files", "options", "place"),
    [
        (
            {"/etc/fstab": "# a\ntmpfs /tmp/ tmpfs nodev,noexec 0 0"},
            ["nodev", "noexec"],
            "/etc/fstab:2",
        ),
        ({"/etc/fstab": "a /tmp x a,b\nb /tmp x c"}, ["c"], "/etc/fstab:2"),
        ({"/etc/fstab": "tmpfs /tmp"}, ["defaults"], "/etc/fstab:1"),
        ({"/etc/fstab": "tmpfs /t\\155p tmpfs ro"}, ["ro"], "/etc/fstab:1"),
        (
            {SHIPPED: "[Mount]\nWhere=/tmp\nOptions = nosuid,nodev"},
            ["nosuid", "nodev"],
            f"{SHIPPED}:3",
        ),
        (
            {SHIPPED: "Where=/tmp\nOptions=a", "/etc/fstab": "t /tmp t b"},
            ["b"],
            "/etc/fstab:1",
        ),
        (
            {OWN: "Where=/tmp\nOptions=a", "/etc/fstab": "t /tmp t b"},
            ["a"],
            f"{OWN}:2",
        ),
        (
            {
                OWN: "Where=/tmp",
                SHIPPED: "Where=/tmp\nOptions=a",
            },
            [],
            f"{OWN}:1",
        ),
    ],
)
def test_what_the_next_boot_mounts_is_told_with_its_place(files, options, place):
    found = ask(ROOT + TMP, files)

    assert (found["persisted"], found["places"]["persisted"]) == (options, place)


@pytest.mark.parametrize(
    "files",
    [
        {"/etc/fstab": "a /var x b\nlonely"},
        {"/etc/systemd/system/x.mount": "Where=/var\nOptions=a\nnoise"},
    ],
)
def test_other_directories_do_not_count(files):
    assert ask(ROOT + TMP, files)["written"] is False


@pytest.mark.parametrize("text", ["", f"e {mounts.MOUNTED}\n"])
def test_without_the_kernels_word_nothing_is_told(text):
    assert why(mounts, text, args=ARGS) is Why.NO_DATA
