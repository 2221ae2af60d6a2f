"""Text files: read by real shells from real folders, and any answer at all."""

import os
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.fact import Why
from auditor.probe import texts
from auditor.probe.base import Unseen
from tests.unit.probe.asking import frame

SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "sh"]]
DASH = shutil.which("dash")
HELPERS = 't() { shift; "$@"; }\n'


def ask(*patterns, shell=("dash",), **more):
    text = f"{HELPERS}s() {{\n{texts.section(patterns).text}\n}}\ns\n"
    done = subprocess.run([*shell, "-c", text], capture_output=True, check=False, **more)
    assert done.returncode == 0
    return texts.texts(frame(texts.KEY, done.stdout.decode("utf-8", "replace")))


@pytest.fixture
def folder(tmp_path):
    tmp_path.chmod(0o755)
    (tmp_path / "b.conf").write_text("# remark\n\n  key = 1\n\t# more\nlast")
    (tmp_path / "a.conf").write_text("@/etc/shadow\n1:forged\n! x\n")
    (tmp_path / "empty.conf").write_text("")
    (tmp_path / ".hidden.conf").write_text("x\n")
    (tmp_path / "dir.conf").mkdir()
    (tmp_path / "off.conf").symlink_to("/dev/null")
    (tmp_path / "gone.conf").symlink_to("nowhere")
    return tmp_path


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_files_come_with_the_numbers_of_the_lines_that_say_something(folder, shell):
    seen = ask(f"{folder}/b.conf", f"{folder}/none", f"{folder}/a.conf", shell=shell)

    assert seen.file(f"{folder}/b.conf").lines == ((3, "  key = 1"), (5, "last"))
    assert seen.file(f"{folder}/a.conf").lines == ((1, "@/etc/shadow"), (2, "1:forged"), (3, "! x"))
    assert seen.file(f"{folder}/none") is None
    assert seen.file("/etc/shadow") is None
    assert seen.excerpt(f"{folder}/b.conf:5") == "last"
    assert seen.excerpt(f"{folder}/b.conf:4") == seen.excerpt("default") == ""


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_pattern_gives_its_files_in_order(folder, shell):
    (folder / "dir.conf").rmdir()

    seen = ask(f"{folder}/*.conf", shell=shell).glob(f"{folder}/*.conf")

    names = [file.path.rpartition("/")[2] for file in seen]
    assert names == ["a.conf", "b.conf", "empty.conf", "off.conf"]
    assert [len(file.lines) for file in seen] == [3, 2, 0, 0]


def test_what_is_no_file_is_not_taken_for_an_empty_one(folder):
    with pytest.raises(Unseen, match="is no file"):
        ask(f"{folder}/*.conf").glob(f"{folder}/*.conf")


def test_a_file_that_is_too_long_is_cut_and_the_others_stay(folder):
    (folder / "a.conf").write_text("x" * texts.FILE_LIMIT + "\n")

    seen = ask(f"{folder}/a.conf", f"{folder}/b.conf")

    assert len(seen.file(f"{folder}/b.conf").lines) == 2
    with pytest.raises(Unseen) as caught:
        seen.file(f"{folder}/a.conf")
    assert caught.value.why is Why.CUT


def test_a_line_without_end_is_not_read_into_memory(folder):
    with (folder / "a.conf").open("wb") as file:
        file.truncate(4 * 2**30)

    seen = ask(f"{folder}/a.conf", f"{folder}/b.conf")

    assert seen.file(f"{folder}/b.conf")
    assert seen.unseen[f"{folder}/a.conf"][0] is Why.CUT


def test_files_that_are_too_long_together_are_all_unseen(folder):
    many = folder / "many"
    many.mkdir()
    for number in range(18):
        (many / f"{number:02}.conf").write_text("y" * 249 * 1024 + "\n")

    seen = ask(f"{many}/*.conf")

    assert {why for why, _ in seen.unseen.values()} == {Why.CUT}
    assert len(seen.unseen) == 18


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_without_the_right_to_read_nothing_is_taken_for_absent(folder, shell):
    (folder / "a.conf").chmod(0o600)
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    patterns = (f"{folder}/a.conf", f"{closed}/x", f"{closed}/*.conf", f"{folder}/no.conf")
    for parent in folder.parents[:-1]:
        if parent.stat().st_uid == os.getuid() and not parent.stat().st_mode & 1:
            parent.chmod(parent.stat().st_mode | 0o111)

    seen = ask(*patterns, shell=shell, user=65534, group=65534, extra_groups=())

    assert seen.file(f"{folder}/no.conf") is None
    for look in (lambda: seen.file(patterns[0]), lambda: seen.file(patterns[1])):
        with pytest.raises(Unseen, match="needs root"):
            look()
    with pytest.raises(Unseen, match="needs root"):
        seen.glob(f"{closed}/*.conf")


@pytest.mark.parametrize("lost", ["awk", "find"])
def test_a_file_that_no_tool_read_is_not_taken_for_an_empty_one(folder, lost, tmp_path_factory):
    tools = tmp_path_factory.mktemp("tools")
    for name in {"awk", "find"} - {lost}:
        (tools / name).symlink_to(shutil.which(name))

    seen = ask(f"{folder}/b.conf", f"{folder}/empty.conf", env={"PATH": str(tools)}, shell=(DASH,))

    assert seen.file(f"{folder}/empty.conf").lines == ()
    with pytest.raises(Unseen) as caught:
        seen.file(f"{folder}/b.conf")
    assert caught.value.why is Why.UNREADABLE


def test_a_name_with_a_newline_is_not_read(folder):
    (folder / "a.conf\n@x").mkdir()
    (folder / "z\n+ y.conf").write_text("forged\n")

    seen = ask(f"{folder}/z*")

    assert seen.files == {}
    assert list(seen.unseen) == [f"{folder}/z?+ y.conf"]


def test_a_pattern_that_a_shell_would_execute_is_refused():
    with pytest.raises(ValueError, match="cannot be a pattern"):
        texts.section(["/etc/$(id)*"])
    assert "'/etc/$(id)'" in texts.section(["/etc/$(id)"]).text


def test_a_wildcard_stops_where_a_shells_does():
    assert texts.fits("/etc/a.d/x.conf", "/etc/a.d/*.conf")
    assert not texts.fits("/etc/a.d/.x.conf", "/etc/a.d/*.conf")
    assert texts.fits("/etc/a.d/.x.conf", "/etc/a.d/.*.conf")
    assert not texts.fits("/etc/a.d/b/x.conf", "/etc/a.d/*.conf")


ODD = ["+ /a\n", "@/a\n", "1:x\n", "!\n", "/a\n", "0 /b\n"]


@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(["+ /a\n", "@/a\n", "1:x\n", "!\n", "/a\n", "0 /b\n"]), max_size=9
    ).map("".join)
)
def test_any_answer_is_read_or_unseen(text):
    try:
        seen = texts.texts(frame(texts.KEY, text))
        seen.glob("/*")
        seen.file("/a")
    except Unseen:
        pass
