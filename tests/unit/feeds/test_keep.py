"""What is held: losses refused, damage survived, generations kept."""

import fcntl
import os
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from auditor.errors import ExitCode, LockedError, StoreError
from auditor.feeds import load_feeds, status
from auditor.feeds.database import Damaged, read_indexes
from auditor.feeds.keep import damage, keep
from auditor.model.feed import IndexEntry, SuiteIndex
from auditor.patch.deb_version import deb_key

DATE = datetime(2026, 11, 21, 0, 53, 2, tzinfo=UTC)
changed = msgspec.structs.replace


def index(release="bookworm", count=10, **fields):
    values = {
        "distribution": "debian",
        "suite": f"{release}-security",
        "arch": "amd64",
        "date": DATE,
        "valid_until": DATE + timedelta(days=7),
        "verified_by": "AB" * 20,
        "sha256": "0" * 64,
        "entries": dict(map(entry, range(count))),
        "fetched": DATE + timedelta(hours=2),
        "source": "http://mirror.lab/dists/x",
        "validator": '"a tag"',
    }
    return SuiteIndex(release=release, **(values | fields))


def entry(number):
    name, version = f"p{number:02}", f"1:2.{number}-3+deb12u1"
    found = IndexEntry(
        package=name, version=version, key=deb_key(version), source=f"s{number // 2}"
    )
    return name, found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"date": DATE - timedelta(seconds=1)}, "older than the one that is held"),
        ({"entries": dict(map(entry, range(7)))}, "has 7 packages, the last 10"),
        ({"entries": {}}, "has 0 packages"),
        ({"verified_by": ""}, "is verified, the new one is not"),
    ],
)
def test_a_loss_is_refused_and_what_was_held_stays(tmp_path, change, words):
    keep(tmp_path, index())
    before = (tmp_path / "feeds.db").read_bytes()

    refused = keep(tmp_path, index(**change))

    assert list(refused) == ["bookworm-security amd64"]
    assert words in str(refused["bookworm-security amd64"])
    assert (tmp_path / "feeds.db").read_bytes() == before


def test_one_that_is_refused_does_not_stop_the_others(tmp_path):
    keep(tmp_path, index(), index("trixie"))

    refused = keep(tmp_path, index(count=1), index("trixie", count=11))

    assert list(refused) == ["bookworm-security amd64"]
    held = load_feeds(tmp_path)
    assert held.index("debian", "bookworm", "amd64") == index()
    assert held.index("debian", "trixie", "amd64") == index("trixie", count=11)


def test_a_fifth_fewer_packages_are_still_believed(tmp_path):
    keep(tmp_path, index())

    assert keep(tmp_path, index(count=8)) == {}


@pytest.mark.parametrize("trusted", [False, True])
def test_a_verified_index_replaces_any_that_is_not(tmp_path, trusted):
    keep(tmp_path, index(verified_by="", trusted=trusted, date=DATE + timedelta(days=900)))

    assert keep(tmp_path, index(count=1)) == {}
    assert load_feeds(tmp_path).indexes == (index(count=1),)


def test_the_operator_may_trust_what_replaces_a_verified_index(tmp_path):
    keep(tmp_path, index())

    assert keep(tmp_path, index(verified_by="", trusted=True)) == {}


def test_what_is_kept_comes_back(tmp_path):
    bare = index("trixie", valid_until=None, fetched=None, verified_by="", validator="", source="")
    keep(tmp_path / "new" / "home", index(), bare)

    held = load_feeds(tmp_path / "new" / "home")

    assert held.indexes == (index(), bare)
    assert held.as_of == {"bookworm-security amd64": DATE, "trixie-security amd64": DATE}
    assert held.release("debian", "12").codename == "bookworm"
    assert load_feeds(tmp_path / "new" / "home", ("trixie", "sid")).indexes == (bare,)


def test_nothing_held_is_no_mistake(tmp_path):
    (tmp_path / "file").touch()

    for home in (tmp_path / "nowhere", tmp_path / "file"):
        assert load_feeds(home).indexes == ()
        assert status(home) == ()
        assert damage(home) == ""


def test_status_tells_of_each_feed(tmp_path):
    keep(tmp_path, index("trixie"), index())

    rows = status(tmp_path)

    assert [row.name for row in rows] == ["bookworm-security amd64", "trixie-security amd64"]
    assert rows[0].rows == 10
    assert rows[0].fetched == index().fetched
    assert rows[0].verified_by == index().verified_by


def test_the_database_orders_fixes_by_version(tmp_path):
    keep(tmp_path, index(count=12))

    with sqlite3.connect(tmp_path / "feeds.db") as database:
        found = database.execute(
            "SELECT version FROM fix WHERE fixkey > ? ORDER BY fixkey", (deb_key("1:2.8-9"),)
        ).fetchall()
    database.close()

    assert [version for (version,) in found] == [f"1:2.{n}-3+deb12u1" for n in (9, 10, 11)]


def spoil(path, how):
    if how == "not sqlite":
        path.write_bytes(b"damaged" * 1000)
    elif how == "cut":
        os.truncate(path, 8192)
    elif how == "empty":
        path.write_bytes(b"")
    else:
        with sqlite3.connect(path) as database:
            database.execute(how)
        database.close()


FAULTS = [
    "not sqlite",
    "cut",
    "empty",
    "PRAGMA user_version = 99",
    "DELETE FROM fix WHERE package = 'p03'",
    "UPDATE feed SET date = 'yesterday'",
    "DROP TABLE fix",
    "DROP TABLE feed",
]


@pytest.mark.parametrize("how", FAULTS)
def test_a_damaged_file_leaves_the_generation_before(tmp_path, how):
    keep(tmp_path, index())
    keep(tmp_path, index(count=11))
    spoil(tmp_path / "feeds.db", how)

    assert load_feeds(tmp_path).indexes == (index(),)
    assert str(tmp_path / "feeds.db") in damage(tmp_path)
    assert damage(tmp_path).isprintable()


def test_a_damaged_file_does_not_become_the_generation_before(tmp_path):
    keep(tmp_path, index())
    keep(tmp_path, index(count=11))
    spoil(tmp_path / "feeds.db", "cut")

    keep(tmp_path, index(count=12))

    assert read_indexes(tmp_path / "feeds.db") == (index(count=12),)
    assert read_indexes(tmp_path / "feeds.db.old") == (index(),)
    assert damage(tmp_path) == ""


def test_two_generations_are_kept_and_nothing_else(tmp_path):
    for count in (10, 11, 12):
        keep(tmp_path, index(count=count))

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "feeds.db",
        "feeds.db.old",
        "feeds.lock",
    ]
    assert read_indexes(tmp_path / "feeds.db.old") == (index(count=11),)


def test_leavings_of_a_run_that_was_killed_are_no_hindrance(tmp_path):
    keep(tmp_path, index())
    for name in ("feeds.db.new", "feeds.db.old.new"):
        (tmp_path / name).write_bytes(b"half")

    keep(tmp_path, index(count=11))

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "feeds.db",
        "feeds.db.old",
        "feeds.lock",
    ]


def test_a_kill_while_writing_leaves_what_was_held(tmp_path):
    keep(tmp_path, index())
    script = (
        "import os, signal\n"
        "from auditor.feeds import keep\n"
        "keep._sync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from pathlib import Path\n"
        f"home = Path({str(tmp_path)!r})\n"
        "keep.keep(home, *keep.held_indexes(home))\n"
    )

    subprocess.run([sys.executable, "-c", script], check=False)

    assert (tmp_path / "feeds.db.new").exists()
    assert load_feeds(tmp_path).indexes == (index(),)
    assert keep(tmp_path, index(count=11)) == {}


def test_a_full_disk_leaves_what_was_held(tmp_path):
    keep(tmp_path, index())
    script = (
        "import resource, signal\n"
        "from pathlib import Path\n"
        "from auditor.errors import StoreError\n"
        "from auditor.feeds.keep import held_indexes, keep\n"
        f"home = Path({str(tmp_path)!r})\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "try:\n"
        "    keep(home, *held_indexes(home))\n"
        "except StoreError as error:\n"
        "    print(error)\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout

    assert f"cannot keep {tmp_path / 'feeds.db'}" in said
    assert load_feeds(tmp_path).indexes == (index(),)
    assert not (tmp_path / "feeds.db.new").exists()


def test_what_was_not_written_as_it_is_does_not_get_in_place(tmp_path):
    keep(tmp_path, index())
    twisted = {f"other {name}": entry for name, entry in index().entries.items()}

    with pytest.raises(StoreError, match="does not hold what was written"):
        keep(tmp_path, index(entries=twisted))
    assert load_feeds(tmp_path).indexes == (index(),)


@pytest.mark.parametrize("name", ["feeds.db", "feeds.lock"])
def test_a_place_that_cannot_be_written_is_told(tmp_path, name):
    (tmp_path / name / "x").mkdir(parents=True)

    with pytest.raises(StoreError, match=r"cannot (keep|read) .*feeds.db") as caught:
        keep(tmp_path, index())
    assert caught.value.exit_code == ExitCode.STORE


def test_a_home_that_is_a_file_is_told(tmp_path):
    (tmp_path / "home").touch()

    with pytest.raises(StoreError, match="cannot keep"):
        keep(tmp_path / "home", index())


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "feeds.db").mkdir()

    with pytest.raises(StoreError, match="cannot read"):
        load_feeds(tmp_path)
    assert "feeds.db" in damage(tmp_path)


def test_two_updates_at_once_do_not_lose_data(tmp_path):
    keep(tmp_path, index())
    with (tmp_path / "feeds.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)

        with pytest.raises(LockedError):
            keep(tmp_path, index("trixie"))

    assert keep(tmp_path, index("trixie")) == {}


def test_a_missing_file_is_not_called_damaged(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_indexes(tmp_path / "feeds.db")
    (tmp_path / "feeds.db").write_bytes(b"")
    with pytest.raises(Damaged):
        read_indexes(tmp_path / "feeds.db")


def test_a_name_with_odd_characters_is_opened(tmp_path):
    home = tmp_path / "hasil audit #1?mode=rw&%41"
    keep(home, index())

    assert load_feeds(home).indexes == (index(),)


def test_loading_is_quick(tmp_path):
    big = {f"p{n}": changed(index().entries["p01"], package=f"p{n}") for n in range(10_000)}
    keep(tmp_path, index(entries=big), index("trixie", entries=big))

    began = time.process_time()
    load_feeds(tmp_path)

    assert time.process_time() - began < 2
