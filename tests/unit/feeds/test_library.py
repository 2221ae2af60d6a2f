"""Rows of every kind, from a reader's hands over the file into the library."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from auditor.feeds import open_library, readers, status
from auditor.feeds.keep import keep
from auditor.feeds.sources import Unreadable
from auditor.feeds.update import Order, update
from auditor.model.advisory import (
    Dated,
    Exploited,
    Fix,
    FixState,
    Impact,
    Likelihood,
    Support,
)
from auditor.model.feed import FeedKind, Release
from auditor.model.feed_list import FeedList, Source
from auditor.model.priority import Priorities
from auditor.patch.deb_version import deb_key
from tests.unit.probe.patching import entry, index

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
DATED = Dated(date=datetime(2026, 11, 23, tzinfo=UTC))
SYSTEMS = (("debian", "bookworm"), ("debian", "trixie"))
ADVISORIES = {"kind": FeedKind.ADVISORIES, "distributions": ("debian",)}


@pytest.fixture
def take(tmp_path, monkeypatch):
    """Update from a folder by a reader that yields given rows."""
    folder = tmp_path / "copies"
    folder.mkdir()

    def go(rows, name="tiny", now=NOW, file="tiny.json", **fields):
        def read(path, wanted):
            assert path.read_bytes() == b"{}"
            yield from (row for row in rows)

        monkeypatch.setitem(readers._MODULES, "tiny", "tiny")
        monkeypatch.setattr(readers, "import_module", lambda _: SimpleNamespace(read=read))
        (folder / file).write_bytes(b"{}")
        values = {"source": "tiny", "files": (f"{name}*.json",), "kind": FeedKind.KEV}
        source = Source(name=name, **(values | fields))
        listed[name] = source
        order = Order(
            feeds=FeedList(feeds=tuple(listed.values())),
            systems=SYSTEMS,
            folder=folder,
            trust=True,
            only=(name,),
        )
        return {one.name: one for one in update(tmp_path / "home", order, now)}

    listed: dict[str, Source] = {}
    return go


def fix(package="openssl", **fields):
    values = {
        "distribution": "debian",
        "release": "bookworm",
        "state": FixState.FIXED,
        "version": "3.0-2",
        "cves": ("CVE-2026-1001",),
    }
    return Fix(package=package, **(values | fields))


def keyed(one):
    import msgspec

    key = deb_key(one.version) if one.state is FixState.FIXED else b""
    return msgspec.structs.replace(one, key=key)


def test_fixes_come_back_as_they_were_each_with_its_key(take, tmp_path):
    rows = [
        fix(),
        fix(
            version="3.0-10",
            cves=("CVE-2026-1002", "CVE-2026-1003"),
            advisory="DSA-1-1",
            issued=date(2026, 11, 1),
        ),
        fix(state=FixState.MINOR, version="", note="no-dsa", cves=("CVE-2026-1004",)),
        fix("nodejs", pocket="esm-infra", stream="nodejs:20", inferred=True, cves=()),
        fix("curl", release="trixie"),
        fix("curl", release="sid", version="9-1"),
        fix("curl", release="forky", version="9-1"),
    ]

    outcomes = take([DATED, *rows], **ADVISORIES)

    assert {name: one.feed.rows for name, one in outcomes.items()} == {
        "tiny bookworm": 4,
        "tiny trixie": 1,
        "tiny sid": 1,
    }
    feeds = open_library(tmp_path / "home").of("debian", "bookworm")
    assert set(feeds.fixes) == {"openssl", "nodejs"}
    assert set(feeds.fixes["openssl"]) == set(map(keyed, rows[:3]))
    assert [one.version for one in feeds.fixes["openssl"]] == ["3.0-2", "3.0-10", ""]
    assert feeds.fixes["nodejs"] == (keyed(rows[3]),)
    assert feeds.unreleased == {"curl": (keyed(rows[5]),)}
    assert [feed.name for feed in feeds.feeds] == ["tiny bookworm", "tiny sid"]


def test_the_same_row_twice_is_one(take, tmp_path):
    outcomes = take([DATED, fix(), fix(), fix(release="trixie"), fix(release="sid")], **ADVISORIES)

    assert outcomes["tiny bookworm"].feed.rows == 1


def test_facts_on_weaknesses_come_for_those_that_fixes_name(take, tmp_path):
    named = [f"CVE-2026-{n}" for n in range(1000, 2200)]
    take([DATED, fix(cves=tuple(named)), fix(release="trixie"), fix(release="sid")], **ADVISORIES)
    other = "CVE-1999-1"
    day = date(2026, 11, 1)
    kev = [Exploited(cve=one, added=day, ransomware=True) for one in (named[0], other)]
    epss = [Likelihood(cve=one, epss=0.25, percentile=0.5) for one in (named[1199], other)]
    ssvc = [
        Impact(cve=named[1], automatable=True, total=False, cvss=9.8, vector="CVSS:3.1/AV:N"),
        Impact(cve=named[2]),
        Impact(cve=other),
    ]
    take([DATED, *kev], "kev", file="kev.json")
    take([DATED, *epss], "epss", file="epss.json", kind=FeedKind.EPSS)
    take([DATED, *ssvc], "ssvc", file="ssvc.json", kind=FeedKind.SSVC)

    feeds = open_library(tmp_path / "home").of("debian", "bookworm")

    assert feeds.exploited == {named[0]: kev[0]}
    assert feeds.likelihood == {named[1199]: epss[0]}
    assert feeds.impact == {named[1]: ssvc[0], named[2]: ssvc[1]}
    assert {feed.kind for feed in feeds.feeds} == {
        FeedKind.ADVISORIES,
        FeedKind.KEV,
        FeedKind.EPSS,
        FeedKind.SSVC,
    }


def test_support_that_ends_early_comes_back(take, tmp_path):
    told = {"distribution": "debian", "release": "bookworm"}
    rows = [
        Support(package="pdns", ended=date(2026, 1, 1), note="x", **told),
        Support(package="php-horde*", limited=True, **told),
        Support(package="other", distribution="debian", release="forky"),
    ]

    outcomes = take([DATED, *rows], kind=FeedKind.SUPPORT, distributions=("debian",))

    feeds = open_library(tmp_path / "home").of("debian", "bookworm")
    assert feeds.support == tuple(rows[:2])
    assert outcomes["tiny trixie"].feed.rows == 0, "a release may have no such package"


def test_dates_of_releases_are_joined_with_the_shipped_ones(take, tmp_path):
    told = {"distribution": "rocky", "codename": "", "released": None}
    rows = [
        Release(version="9", eol=date(2033, 1, 1), **told),
        Release(version="11", eol=None, eol_lts=date(2040, 1, 1), **told),
    ]

    take([DATED, *rows], kind=FeedKind.LIFECYCLE)

    feeds = open_library(tmp_path / "home").of("rocky", "9")
    assert feeds.release("rocky", "9").eol == date(2033, 1, 1)
    assert feeds.release("rocky", "11").eol_lts == date(2040, 1, 1)
    assert feeds.release("rocky", "8").eol == date(2029, 5, 31)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "it says nothing"),
        ([DATED], "it says nothing"),
        ([DATED, fix(version="")], "fixed, but in no version"),
        ([DATED, fix(version="", package="\ud800")], "fixed, but in no version"),
        ([DATED, fix("\ud800")], "surrogates not allowed"),
        ([DATED, "no row"], "not what this feed publishes"),
        ([fix(), fix(release="trixie"), fix(release="sid")], "nothing says of which date"),
    ],
)
def test_rows_that_cannot_be_are_refused_and_leave_nothing(take, tmp_path, rows, words):
    for outcome in take(rows, **ADVISORIES).values():
        assert outcome.feed is None
        assert words in outcome.problem
        assert outcome.hint
    assert status(tmp_path / "home").feeds == ()


def test_a_reader_that_gives_up_on_the_way_leaves_what_was_held(take, tmp_path):
    good = [DATED, fix(), fix(release="trixie"), fix(release="sid")]
    take(good, **ADVISORIES)

    def half():
        yield from good
        raise Unreadable("it is cut")

    outcomes = take(half(), **ADVISORIES)

    assert all("it is cut" in one.problem for one in outcomes.values())
    assert open_library(tmp_path / "home").of("debian", "trixie").fixes


def test_rows_without_end_are_refused(take, monkeypatch):
    monkeypatch.setattr("auditor.feeds.sink.ROW_LIMIT", 100)

    (outcome,) = take(Exploited(cve=f"C-{n}", added=NOW.date()) for n in range(200)).values()

    assert "has more than 100 rows" in outcome.problem


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("tiny-2026-11-20.json", datetime(2026, 11, 20, tzinfo=UTC)),
        ("tiny-2026-11.json", datetime(2026, 11, 1, tzinfo=UTC)),
        ("tiny-2026-99.json", datetime(2026, 10, 2, tzinfo=UTC)),
    ],
)
def test_a_copys_date_is_that_of_its_name_else_of_its_newest_advisory(take, name, day):
    rows = [fix(issued=date(2026, 10, 1)), fix(issued=date(2026, 10, 2), version="1")]
    rest = [fix(release=one, issued=date(2026, 10, 2)) for one in ("trixie", "sid")]

    assert take([*rows, *rest], file=name, **ADVISORIES)["tiny bookworm"].feed.date == day


def test_of_several_copies_the_last_by_name_counts(take, tmp_path):
    take([DATED, fix()], file="tiny-2026-01-01.json", **ADVISORIES)

    rows = [fix(release=one) for one in ("bookworm", "trixie", "sid")]
    outcome = take(rows, file="tiny-2026-02-01.json", **ADVISORIES)["tiny bookworm"]

    assert outcome.problem.startswith("the new one is of 2026-02-01")


def test_a_copy_that_cannot_be_read_is_told(take, tmp_path):
    (tmp_path / "copies" / "tiny_9.json").symlink_to("/proc/self/mem")
    assert "Input/output error" in take([DATED, fix()], **ADVISORIES)["tiny bookworm"].problem
    (tmp_path / "copies" / "tiny_9.json").unlink()
    (tmp_path / "copies" / "tiny_9.json").mkdir()
    assert "Is a directory" in take([DATED, fix()], **ADVISORIES)["tiny bookworm"].problem


def test_priorities_are_handed_on(tmp_path):
    assert open_library(tmp_path, Priorities(name="kota")).of("x", "y").priorities.name == "kota"


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM fix WHERE package = 'openssl'",
        "DELETE FROM notice",
        "UPDATE fix SET state = 'mended'",
        "UPDATE notice SET issued = 'yesterday'",
    ],
)
def test_a_release_that_is_damaged_is_read_from_the_generation_before(take, tmp_path, damage):
    rows = [fix(), fix(release="trixie"), fix(release="sid")]
    take([DATED, *rows], **ADVISORIES)
    take([DATED, *rows, fix("curl")], now=NOW + timedelta(hours=1), **ADVISORIES)
    with closing(sqlite3.connect(tmp_path / "home" / "feeds.db")) as database:
        database.execute(damage)
        database.commit()

    feeds = open_library(tmp_path / "home").of("debian", "bookworm")

    assert set(feeds.fixes) == {"openssl"}


def test_a_file_that_vanishes_on_the_way_is_no_data(take, tmp_path):
    take([DATED, fix(), fix(release="trixie"), fix(release="sid")], **ADVISORIES)
    library = open_library(tmp_path / "home")
    (tmp_path / "home" / "feeds.db").unlink()

    assert library.of("debian", "bookworm").fixes == {}


def test_a_large_list_is_quickly_kept_and_loaded(take, tmp_path):
    rows = [
        fix(
            f"p{n % 4000}",
            version=f"{n}.{n % 7}-1",
            cves=(f"CVE-2026-{n // 8}",),
            advisory=f"D-{n // 8}",
        )
        for n in range(60_000)
    ]
    rest = [fix(release="trixie"), fix(release="sid")]

    began = time.process_time()
    take([DATED, *rows, *rest], **ADVISORIES)
    kept = time.process_time()
    feeds = open_library(tmp_path / "home").of("debian", "bookworm")

    assert len(feeds.fixes) == 4000
    assert kept - began < 15, "measured: 1.5"
    assert time.process_time() - kept < 3, "measured: 0.15"


def test_what_nothing_is_held_of_is_looked_for_once(tmp_path):
    keep(tmp_path, index(entry("zlib1g", "1")))
    library = open_library(tmp_path)
    first = library.of("debian", "buster")
    (tmp_path / "feeds.db").unlink()

    assert library.of("slackware", "15") is library.of("debian", "buster") is first
    assert first.indexes == ()
