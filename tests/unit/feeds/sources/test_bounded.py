"""Packed files, archives and JSON within limits: bombs, cuts and nonsense first."""

import bz2
import gzip
import io
import json
import lzma
import shutil
import subprocess
import sys
import tarfile
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.ar import ar_members
from auditor.feeds.sources.bounded import load_json, members, opened
from auditor.feeds.sources.json_objects import json_objects
from auditor.feeds.sources.table import lines, table
from auditor.feeds.sources.tar import tar_members
from auditor.feeds.sources.unpack import unpacked

MIB = 2**20
PACKERS = {"gzip": gzip.compress, "xz": lzma.compress, "bzip2": bz2.compress, "plain": bytes}


def unpack(data, limit=MIB):
    with unpacked(io.BytesIO(data), limit) as stream:
        return stream.read()


def tar_of(files, *, form=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def everything(_name):
    return True


def listed(path, **limits):
    return list(members(path, **limits))


@pytest.mark.parametrize("packer", PACKERS)
def test_what_is_packed_comes_out_as_it_went_in(packer):
    content = bytes(range(256)) * 999
    assert unpack(PACKERS[packer](content)) == content


@pytest.mark.parametrize("packer", ["gzip", "xz", "bzip2"])
def test_packed_streams_may_follow_each_other(packer):
    pack = PACKERS[packer]
    assert unpack(pack(b"one ") + pack(b"two")) == b"one two"


def test_xz_may_be_padded():
    assert unpack(lzma.compress(b"one") + b"\0" * 8) == b"one"


@pytest.mark.parametrize("packer", ["gzip", "xz", "bzip2"])
@pytest.mark.parametrize("keep", [0.2, 0.6, 0.99])
def test_a_cut_file_is_refused(packer, keep):
    data = PACKERS[packer](json.dumps(list(range(99_999))).encode())
    with pytest.raises(Unreadable, match="cannot be unpacked"):
        unpack(data[: int(len(data) * keep)])


@pytest.mark.parametrize("packer", ["gzip", "xz", "bzip2"])
def test_a_broken_file_is_refused(packer):
    data = bytearray(PACKERS[packer](json.dumps(list(range(99_999))).encode()))
    data[len(data) // 2 : len(data) // 2 + 64] = b"\x55" * 64
    with pytest.raises(Unreadable, match="cannot be unpacked"):
        unpack(bytes(data))


@pytest.mark.parametrize("packer", PACKERS)
def test_what_unpacks_to_more_than_the_limit_is_refused(packer):
    bomb = PACKERS[packer](bytes(64 * MIB))
    tracemalloc.start()
    with pytest.raises(Unreadable, match=f"more than {MIB} bytes"):
        unpack(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * MIB


def test_exactly_the_limit_is_taken():
    assert len(unpack(gzip.compress(bytes(MIB)))) == MIB


def test_an_xz_file_that_wants_much_memory_is_refused():
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    data = lzma.compress(b"x", filters=filters)
    with pytest.raises(Unreadable, match="cannot be unpacked"):
        unpack(data)


@pytest.mark.skipif(not shutil.which("zstd"), reason="the zstd command makes the file")
class TestZstd:
    def packed(self, content):
        return subprocess.run(
            ["zstd", "-cq"], input=content, capture_output=True, check=True
        ).stdout

    def test_it_is_unpacked_where_python_can(self):
        pytest.importorskip("backports.zstd")
        assert unpack(self.packed(b"zstd " * 999)) == b"zstd " * 999
        with pytest.raises(Unreadable, match="cannot be unpacked"):
            unpack(self.packed(bytes(range(256)) * 999)[:-9])
        with pytest.raises(Unreadable, match="cannot be unpacked"):
            unpack(self.packed(b"")[:4] + b"\xff" * 99)
        with pytest.raises(Unreadable, match="more than"):
            unpack(self.packed(bytes(2 * MIB)))

    def test_where_python_cannot_it_says_what_to_install(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "compression.zstd", None)
        monkeypatch.setitem(sys.modules, "backports.zstd", None)
        with pytest.raises(Unreadable, match=r"install the Python package backports\.zstd"):
            unpack(self.packed(b"zstd"))


def test_a_missing_file_is_unreadable(tmp_path):
    with pytest.raises(Unreadable, match="No such file"):
        opened(tmp_path / "none", 9)


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("packer", PACKERS)
def test_the_files_of_a_tar_are_given(tmp_path, form, packer):
    long = "folder/" * 20 + "é" * 20 if form != tarfile.USTAR_FORMAT else "folder/" * 20 + "name"
    files = {"a.json": b"{}", long: b"x" * 5000, "empty": b""}
    path = tmp_path / "archive"
    path.write_bytes(PACKERS[packer](tar_of(files, form=form)))
    assert dict(members(path)) == files


def test_a_real_tar_with_links_and_folders_gives_only_its_files(tmp_path):
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "file").write_bytes(b"content")
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "hard").hardlink_to(folder / "deep" / "file")
    subprocess.run(["tar", "-C", folder, "-cJf", tmp_path / "t.tar.xz", "."], check=True)
    found = dict(members(tmp_path / "t.tar.xz"))
    assert set(found.values()) == {b"content"}
    assert len(found) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is cut"),
        (b"<html>" + b" " * 999, "is no tar"),
        (b"{}", "is no tar"),
        (tar_of({"a": b"x" * 999})[:700], "is cut"),
        (tar_of({"a": b"x" * 512})[:1024], "is cut"),
        (tar_of({"a": b""})[:300], "is cut"),
        (tar_of({"a": b"x"}).replace(b"0000644", b"0000777"), "is no tar"),
        (tar_of({"a": b"x"}).replace(b"00000000001\x00", b"-0000000001\x00"), "is no tar"),
        (tar_of({"a": b"x" * 2 * MIB}), "larger than"),
        (b"PK\x03\x04" + b"\0" * 99, "cannot be unpacked"),
    ],
)
def test_what_is_no_archive_is_refused(tmp_path, data, words):
    path = tmp_path / "archive"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=words):
        listed(path, member_limit=MIB)


def headed(kind, size, content=b""):
    """A tar whose one header says what it likes."""
    info = tarfile.TarInfo("header")
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT) + content.ljust(-(-len(content) // 512) * 512, b"\0")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (headed(b"L", 2**30), "larger than"),
        (headed(b"x", 2**30), "larger than"),
        (headed(b"0", 2**36), "is no tar|larger than"),
        (headed(b"x", 24, b"24 GNU.sparse.major=1\n..."), "sparse or huge"),
        (headed(b"x", 20, b"20 size=99999999999\n"), "sparse or huge"),
        (headed(b"0", -1), "is no tar|larger"),
    ],
)
def test_a_header_gets_no_memory_by_asking_for_it(data, words):
    with pytest.raises(Unreadable, match=words):
        list(tar_members(io.BytesIO(data), MIB, everything))


def test_a_skipped_member_is_read_over_and_a_cut_one_is_noticed():
    data = tar_of({"big": b"x" * 3 * MIB, "small": b"y"})
    found = tar_members(io.BytesIO(data), MIB, lambda name: name == "small")
    assert dict(found) == {"big": None, "small": b"y"}
    with pytest.raises(Unreadable, match="is cut"):
        list(tar_members(io.BytesIO(data[:MIB]), MIB, lambda _: False))


def test_an_extended_header_without_a_path_changes_no_name():
    data = headed(b"x", 17, b"17 mtime=1234567\n") + tar_of({"a": b"x"})
    assert dict(tar_members(io.BytesIO(data), MIB, everything)) == {"a": b"x"}


def test_a_zip_whose_content_is_broken_is_told(tmp_path):
    path = tmp_path / "broken.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", "{}" * 1000)
    data = bytearray(path.read_bytes())
    data[36:40] = b"\xff" * 4
    path.write_bytes(data)

    with pytest.raises(Unreadable, match="cannot be unpacked"):
        list(members(path))


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_count_and_total_are_limited(tmp_path, kind):
    files = {f"file-{n}": b"x" * 1000 for n in range(50)}
    path = tmp_path / "archive"
    if kind == "tar":
        path.write_bytes(gzip.compress(tar_of(files)))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    assert dict(members(path)) == files
    assert listed(path, wanted=lambda name: name == "file-7") == [("file-7", b"x" * 1000)]
    with pytest.raises(Unreadable, match="more than 49 files"):
        listed(path, count_limit=49)
    with pytest.raises(Unreadable, match="bytes"):
        listed(path, total_limit=20_000)
    with pytest.raises(Unreadable, match="larger than 999 bytes"):
        listed(path, member_limit=999)


def test_a_zip_that_is_broken_locked_or_oddly_packed_is_refused(tmp_path):
    path = tmp_path / "archive"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.mkdir("folder")
        archive.writestr("folder/a", b"x")
    with pytest.raises(Unreadable, match="unusual way"):
        listed(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"content")
    path.write_bytes(path.read_bytes().replace(b"content", b"changed"))
    with pytest.raises(Unreadable, match="cannot be unpacked"):
        listed(path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no Debian package"),
        (b"<html>...", "no Debian package"),
        (b"!<arch>\nshort", "or is cut"),
        (b"!<arch>\n" + b"name".ljust(48) + b"12".ljust(10) + b"`\n" + b"short", "is cut"),
        (b"!<arch>\n" + b"name".ljust(48) + b"-1".ljust(10) + b"`\n", "or is cut"),
        (b"!<arch>\n" + b"name".ljust(48) + b"9999".ljust(10) + b"`\n", "larger than"),
        (b"!<arch>\n" + (b"name".ljust(48) + b"0".ljust(10) + b"`\n") * 99, "too many"),
    ],
)
def test_what_is_no_debian_package_is_refused(data, words):
    with pytest.raises(Unreadable, match=words):
        list(ar_members(io.BytesIO(data), 999))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no JSON"),
        ("<html>", "is no JSON"),
        ('{"a": 1', "or is cut"),
        ('{"a": 1, "a": 2}', "a key twice"),
        ('{"a": NaN}', "NaN for a number"),
        ("[Infinity]", "Infinity for a number"),
        ("[1e999]", "1e999 for a number"),
        ("[" + "9" * 5000 + "]", "for a number"),
        ("[" * 99_999, "too deep"),
        ('"' + "x" * MIB + '"', "larger than"),
    ],
)
def test_json_that_is_no_good_is_refused(text, words):
    with pytest.raises(Unreadable, match=words):
        load_json(io.BytesIO(text.encode()), MIB)


def test_json_in_another_coding_is_refused():
    with pytest.raises(Unreadable, match="not UTF-8"):
        load_json(io.BytesIO('"é"'.encode("latin-1")), MIB)
    assert load_json(io.BytesIO(b'\xef\xbb\xbf{"a": [1, 2.5, null]}'), MIB) == {"a": [1, 2.5, None]}


def in_parts(text, limit=MIB):
    return list(json_objects(io.BytesIO(text.encode()), limit))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no JSON object"),
        ("<html>", "is no JSON object"),
        ("[]", "is no JSON object"),
        ("{", "or is cut"),
        ('{"a"', "is cut"),
        ('{"a": {}', "is cut"),
        ('{"a": {} "b": {}}', "is cut"),
        ('{"a": {}, }', "not an object of objects"),
        ('{"a": 1}', "not an object of objects"),
        ('{"a": "b"}', "not an object of objects"),
        ('{{}: "b"}', "not an object of objects"),
        ('{{"x": 1}: {}}', "not an object of objects"),
        ('{"a": {"b": }}', "is no JSON"),
        ('{"a": {"b": NaN}}', "NaN for a number"),
        ('{"a": {"b": 1, "b": 2}}', "a key twice"),
        ('{"a": {}, "a": {}}', "'a' twice"),
        ('{"a": {}} {}', "goes on"),
        ('{"a": ' + '{"a": ' * 99_999, "too deep|too large|is cut"),
        ('{"a": {"b": "' + "x" * 3 * MIB + '"}}', "too large"),
        ('{"a": {"b": ' + " " * 3 * MIB + "}}", "too large"),
    ],
)
def test_a_large_object_that_is_no_good_is_refused(text, words):
    with pytest.raises(Unreadable, match=words):
        in_parts(text)


def test_a_large_object_in_another_coding_is_refused():
    for data in (b'{"\xe9": {}}', b'{"a": {}, "\xc3'):
        with pytest.raises(Unreadable, match="not UTF-8"):
            list(json_objects(io.BytesIO(data), MIB))


@given(
    st.dictionaries(
        st.text(max_size=9),
        st.dictionaries(st.text(max_size=9), st.text(max_size=40), max_size=5),
        max_size=9,
    ),
    st.sampled_from([None, 1]),
)
def test_a_large_object_read_in_parts_is_the_object(value, indent):
    text = json.dumps(value, indent=indent, ensure_ascii=False).encode("utf-8", "replace")
    expected = json.loads(text)
    assert dict(json_objects(_Drops(text), MIB)) == expected


class _Drops:
    """A stream that gives no more than seven bytes at once."""

    def __init__(self, data):
        self._stream = io.BytesIO(data)

    def read(self, size):
        return self._stream.read(min(size, 7))


def test_memory_stays_flat_however_large_the_object_is(tmp_path):
    path = tmp_path / "large.json"
    with path.open("w") as file:
        file.write("{")
        for number in range(30_000):
            file.write(f'"{number}": {{"text": "{"x" * 1000}"}},\n')
        file.write('"last": {}}')
    tracemalloc.start()
    with opened(path, 64 * MIB) as stream:
        count = sum(1 for _ in json_objects(stream, MIB))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 30_001
    assert peak < 16 * MIB < path.stat().st_size


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "begins with ''"),
        ("<html>\n", "begins with '<html>'"),
        ("a;b;c\n", "begins with"),
        ("a;b\n1\n", "has not 2 columns"),
        ("a;b\n1;2;3\n", "has not 2 columns"),
        ("a;b\n1;2\n1;3\n", "'1' twice"),
        ("a;b\n1;" + "x" * 9999, "a line of more than"),
        ("a;b\n1;é\n", "no plain text"),
    ],
)
def test_what_is_no_table_is_refused(text, words):
    with pytest.raises(Unreadable, match=words):
        list(table(lines(io.BytesIO(text.encode())), ("a", "b"), ";"))
