"""A package list as a stream: bombs, cuts and nonsense first."""

import io
import lzma
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.feeds import entries
from auditor.feeds.entries import Unreadable
from auditor.feeds.sources import unpack


def read_entries(data):
    return entries.read_entries(io.BytesIO(data))


def packed(text):
    return lzma.compress(text.encode())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is cut"),
        (b"not xz at all", "cannot be unpacked"),
        (packed("Package: a\nVersion: 1\n" * 500)[:-9], "is cut"),
        (lzma.compress(b"x" * 99, format=lzma.FORMAT_ALONE), "cannot be unpacked"),
        (packed("Odd: x\n"), "is no package"),
        (packed("Package: a\n\nPackage: b\nVersion: 1\n"), "is no package"),
        (packed("Package: A b\nVersion: 1\n"), "is no package"),
        (packed("Package: a\nVersion: 1\x1b[2J\n"), "is no package"),
        (packed("Package: a\nVersion: 1\nSource: <b>\n"), "is no package"),
        (packed("Package: a\nVersion: 1\nSource: é\n"), "is no package"),
    ],
)
def test_what_is_no_package_list_is_refused(data, words):
    with pytest.raises(Unreadable, match=words):
        read_entries(data)


def test_a_list_that_unpacks_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(entries, "UNPACKED_LIMIT", 3 * 2**20)

    with pytest.raises(Unreadable, match="unpacks to more than 3145728"):
        read_entries(packed("Package: a\nVersion: 1\n\n" * 200_000))


def test_an_entry_without_end_is_refused():
    with pytest.raises(Unreadable, match="larger than any package's"):
        read_entries(lzma.compress(b"x" * (entries.STANZA_LIMIT + 10)))


def test_an_unpacker_that_wants_much_memory_is_refused(monkeypatch):
    monkeypatch.setattr(unpack, "MEMORY_LIMIT", 2**20)

    with pytest.raises(Unreadable, match=r"(?i)memory"):
        read_entries(packed("Package: a\nVersion: 1\n"))


def test_a_bomb_takes_little_memory():
    script = (
        "import io, lzma, resource\n"
        "from auditor.feeds.entries import Unreadable, read_entries\n"
        "packer = lzma.LZMACompressor()\n"
        "bomb = b''.join(packer.compress(bytes(2**20)) for _ in range(300)) + packer.flush()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n"
        "    read_entries(io.BytesIO(bomb))\n"
        "except Unreadable:\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )

    grown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ
    ).stdout

    assert int(grown) < 40_000


def test_more_entries_than_any_list_has_are_refused(monkeypatch):
    monkeypatch.setattr(entries, "COUNT_LIMIT", 2)

    with pytest.raises(Unreadable, match="has more than 2 entries"):
        read_entries(packed("Package: a\nVersion: 1\n\n" * 3))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    try:
        read_entries(lzma.compress(data))
    except Unreadable:
        return


def test_of_several_versions_of_a_package_the_newest_counts():
    text = (
        "\n\nPackage: a\nVersion: 1-2\n\n\nPackage: a\nVersion: 1-10\nSource: b (3)\n\n"
        "Version: 1-9\nPackage: a\n\n"
    )

    found = read_entries(packed(text))

    assert list(found) == ["a"]
    assert (found["a"].version, found["a"].source) == ("1-10", "b")


def test_entries_are_whole_wherever_the_stream_is_split(monkeypatch):
    text = "".join(f"Package: p{n}\nVersion: {n}\n\n" for n in range(300))
    whole = read_entries(packed(text))

    for size in (1, 2, 3, 7):
        monkeypatch.setattr(entries, "CHUNK", size)
        assert read_entries(packed(text)) == whole
    assert len(whole) == 300
