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
from auditor.feeds import keep as keeping
from auditor.feeds import open_library, status
from auditor.feeds.database import Damaged, read_indexes
from auditor.feeds.keep import damage, good, keep
from auditor.model.feed import IndexEntry, SuiteIndex
from auditor.patch.deb_version import deb_key

DATE = datetime(2026, 11, 21, 0, 53, 2, tzinfo=UTC)
changed = msgspec.structs.replace


def held(home):
    """All indexes that are held, by name."""
    path = good(home)
    return {index.name: index for index in read_indexes(path)} if path else {}


def kept(wanted):
    """An index as it comes back: each version since the index's date."""
    day = wanted.date.date()
    return changed(
        wanted, entries={n: changed(e, since=e.since or day) for n, e in wanted.entries.items()}
    )


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
        ({"entries": dict(map(entry, range(7)))}, "has 7 rows, the last 10"),
        ({"entries": {}}, "has 0 rows"),
        ({"date": DATE + timedelta(days=9)}, "which is yet to come"),
        ({"verified_by": ""}, "is believed, and nothing vouches for the new one"),
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
    library = open_library(tmp_path)
    for wanted in (kept(index()), kept(index("trixie", count=11))):
        assert library.of("debian", wanted.release).indexes == (wanted,)


def test_a_fifth_fewer_packages_are_still_believed(tmp_path):
    keep(tmp_path, index())

    assert keep(tmp_path, index(count=8)) == {}


@pytest.mark.parametrize("trusted", [False, True])
def test_a_verified_index_replaces_any_that_is_not(tmp_path, trusted):
    keep(tmp_path, index(verified_by="", trusted=trusted, date=DATE + timedelta(hours=9)))

    assert keep(tmp_path, index(count=1)) == {}
    assert list(held(tmp_path).values()) == [kept(index(count=1))]


def test_the_operator_may_trust_what_replaces_a_verified_index(tmp_path):
    keep(tmp_path, index())

    assert keep(tmp_path, index(verified_by="", trusted=True)) == {}


def test_what_is_kept_comes_back(tmp_path):
    bare = index("trixie", valid_until=None, fetched=None, verified_by="", validator="", source="")
    keep(tmp_path / "new" / "home", index(), bare)

    library = open_library(tmp_path / "new" / "home")

    assert list(held(tmp_path / "new" / "home").values()) == [kept(index()), kept(bare)]
    assert library.of("debian", "trixie").indexes == (kept(bare),)
    assert library.of("debian", "trixie") is library.of("debian", "trixie")
    assert library.of("debian", "sarge").indexes == ()
    assert library.of("debian", "sarge").release("debian", "12").codename == "bookworm"
    assert library.of("", "") is library.of("debian", "sarge")


def test_a_version_keeps_the_day_on_which_it_was_first_seen(tmp_path):
    keep(tmp_path, index())
    later = index(count=11, date=DATE + timedelta(days=2), fetched=DATE + timedelta(days=2))
    version = "1:2.3-3+deb12u2"
    newer = changed(entry(3)[1], version=version, key=deb_key(version))
    keep(tmp_path, changed(later, entries=later.entries | {"p03": newer}))
    keep(tmp_path, changed(later, date=DATE + timedelta(days=3)))

    since = {name: e.since for name, e in held(tmp_path)[later.name].entries.items()}

    first, second, third = (DATE.date() + timedelta(days=n) for n in (0, 2, 3))
    assert since["p00"] == first
    assert since["p03"] == third
    assert since["p10"] == second


def test_nothing_held_is_no_mistake(tmp_path):
    (tmp_path / "file").touch()

    for home in (tmp_path / "nowhere", tmp_path / "file"):
        assert open_library(home).of("debian", "bookworm").indexes == ()
        assert open_library(home).of("debian", "bookworm").releases
        assert status(home).feeds == ()
        assert damage(home) == ""


def test_status_tells_of_each_feed(tmp_path):
    keep(tmp_path, index("trixie"), index())

    rows = status(tmp_path).feeds

    assert [row.name for row in rows] == ["bookworm-security amd64", "trixie-security amd64"]
    assert rows[0].rows == 10
    assert rows[0].fetched == index().fetched
    assert rows[0].verified_by == index().verified_by
    listed = msgspec.json.decode((tmp_path / "feeds.json").read_bytes(), type=keeping.FeedsFile)
    assert listed.held.feeds == rows


def test_the_database_orders_fixes_by_version(tmp_path):
    keep(tmp_path, index(count=12))

    with sqlite3.connect(tmp_path / "feeds.db") as database:
        found = database.execute(
            "SELECT version FROM entry WHERE fixkey > ? ORDER BY fixkey", (deb_key("1:2.8-9"),)
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
    "DELETE FROM entry WHERE package = 'p03'",
    "UPDATE feed SET date = 'yesterday'",
    "DROP TABLE entry",
    "DROP TABLE feed",
]


@pytest.mark.parametrize(
    "how",
    [
        "CREATE TRIGGER t AFTER INSERT ON feed BEGIN SELECT 1; END",
        "CREATE VIEW v AS SELECT * FROM feed",
        "CREATE TABLE more (x)",
        "INSERT INTO bundle VALUES ('yesterday', 'k', 'today')",
    ],
)
def test_what_does_not_belong_into_a_file_is_damage(tmp_path, how):
    keep(tmp_path, index())
    spoil(tmp_path / "feeds.db", how)

    assert damage(tmp_path)


@pytest.mark.parametrize("how", FAULTS)
def test_a_damaged_file_leaves_the_generation_before(tmp_path, how):
    keep(tmp_path, index())
    keep(tmp_path, index(count=11))
    spoil(tmp_path / "feeds.db", how)

    assert open_library(tmp_path).of("debian", "bookworm").indexes == (kept(index()),)
    assert str(tmp_path / "feeds.db") in damage(tmp_path)
    assert list(held(tmp_path).values()) == [kept(index())]
    assert damage(tmp_path).isprintable()


def test_a_damaged_file_does_not_become_the_generation_before(tmp_path):
    keep(tmp_path, index())
    keep(tmp_path, index(count=11))
    spoil(tmp_path / "feeds.db", "cut")

    keep(tmp_path, index(count=12))

    assert read_indexes(tmp_path / "feeds.db") == (kept(index(count=12)),)
    assert read_indexes(tmp_path / "feeds.db.old") == (kept(index()),)
    assert damage(tmp_path) == ""


def test_two_generations_are_kept_and_nothing_else(tmp_path):
    for count in (10, 11, 12):
        keep(tmp_path, index(count=count))

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "feeds.db",
        "feeds.db.old",
        "feeds.json",
        "feeds.lock",
    ]
    assert read_indexes(tmp_path / "feeds.db.old") == (kept(index(count=11)),)


def test_leavings_of_a_run_that_was_killed_are_no_hindrance(tmp_path):
    keep(tmp_path, index())
    for name in ("feeds.db.new", "feeds.db.old.new"):
        (tmp_path / name).write_bytes(b"half")
    (tmp_path / "feeds.tmp").mkdir()
    (tmp_path / "feeds.tmp" / "half a download").touch()

    keep(tmp_path, index(count=11))

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "feeds.db",
        "feeds.db.old",
        "feeds.json",
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
        "from auditor.feeds.database import read_indexes\n"
        "keep.keep(home, *read_indexes(home / 'feeds.db'))\n"
    )

    subprocess.run([sys.executable, "-c", script], check=False)

    assert (tmp_path / "feeds.db.new").exists()
    assert list(held(tmp_path).values()) == [kept(index())]
    assert keep(tmp_path, index(count=11)) == {}


def test_a_full_disk_leaves_what_was_held(tmp_path):
    keep(tmp_path, index())
    script = (
        "import resource, signal\n"
        "from pathlib import Path\n"
        "from auditor.errors import StoreError\n"
        "from auditor.feeds.database import read_indexes\n"
        "from auditor.feeds.keep import keep\n"
        f"home = Path({str(tmp_path)!r})\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "try:\n"
        "    keep(home, *read_indexes(home / 'feeds.db'))\n"
        "except StoreError as error:\n"
        "    print(error)\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout

    assert f"cannot keep {tmp_path / 'feeds.db'}" in said
    assert list(held(tmp_path).values()) == [kept(index())]
    assert not (tmp_path / "feeds.db.new").exists()


def test_what_was_not_written_whole_does_not_get_in_place(tmp_path, monkeypatch):
    keep(tmp_path, index())
    cut = "UPDATE feed SET rows = 99"
    whole = keeping.check

    def check(path):
        if path.name.endswith(".new"):
            spoil(path, cut)
        whole(path)

    monkeypatch.setattr(keeping, "check", check)

    with pytest.raises(StoreError, match="11 of 99 rows"):
        keep(tmp_path, index(count=11))
    monkeypatch.undo()
    assert list(held(tmp_path).values()) == [kept(index())]


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
        open_library(tmp_path)
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

    assert list(held(home).values()) == [kept(index())]


def test_loading_is_quick(tmp_path):
    big = {f"p{n}": changed(index().entries["p01"], package=f"p{n}") for n in range(10_000)}
    keep(tmp_path, index(entries=big), index("trixie", entries=big))

    began = time.process_time()
    open_library(tmp_path).of("debian", "bookworm")

    assert time.process_time() - began < 2
