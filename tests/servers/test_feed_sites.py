"""Feeds of files from a server that plays their sites, over the whole way into the library."""

import gzip
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from auditor.errors import StoreError
from auditor.feeds import http, open_library, packages, status
from auditor.feeds.update import Order, update
from auditor.model.feed import FeedKind, Trust
from auditor.model.feed_list import Archive, FeedList, Source
from tests.cli.small_disk import small_disk
from tests.servers.feed_mirror import DATA, running
from tests.servers.test_feeds import cut, dripping, endless, page, to

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SAMPLES = Path("tests/data/feeds")
DATED = "Mon, 23 Nov 2026 00:00:00 GMT"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """Forget the environment's proxies."""
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def site():
    """A site that has KEV, and Alpine's lists of three branches."""
    with running() as made:
        made.headers |= {"Last-Modified": DATED, "ETag": '"1"'}
        made.answers = {"kev.json": kev(10)}
        made.answers |= {
            f"/v{branch}/{repository}.json": secdb(branch, repository)
            for branch in ("3.18", "3.19")
            for repository in ("main", "community")
        }
        made.base = made.base.removesuffix("/debian-security")
        yield made


def kev(count, date="2026-11-23T00:00:00.000Z"):
    entries = [{"cveID": f"CVE-2026-{1000 + n}", "dateAdded": "2026-11-01"} for n in range(count)]
    return json.dumps({"dateReleased": date, "count": count, "vulnerabilities": entries}).encode()


def secdb(branch, repository, count=10):
    told = [
        {"pkg": {"name": f"{repository}{n}", "secfixes": {f"1.{n}-r0": [f"CVE-2026-{1000 + n}"]}}}
        for n in range(count)
    ]
    return json.dumps(
        {"distroversion": f"v{branch}", "reponame": repository, "packages": told}
    ).encode()


def the_list(site, **kev_fields):
    return FeedList(
        feeds=(
            Source(
                **{
                    "name": "kev",
                    "kind": FeedKind.KEV,
                    "source": "kev",
                    "urls": (f"{site.base}/kev.json",),
                    "megabytes": 1,
                }
                | kev_fields
            ),
            Source(
                name="alpine",
                kind=FeedKind.ADVISORIES,
                source="alpine",
                urls=tuple(f"{site.base}/v{{release}}/{r}.json" for r in ("main", "community")),
                distributions=("alpine",),
            ),
        )
    )


@pytest.fixture
def bring(site, tmp_path):
    """Update from the site into a home; what was fetched without TLS is believed there."""

    def go(feeds=None, now=NOW, **fields):
        order = Order(
            feeds=feeds or the_list(site),
            systems=fields.pop("systems", (("alpine", "3.19"),)),
            **fields,
        )
        return {one.name: one for one in update(tmp_path / "home", order, now)}

    return go


@pytest.fixture
def secure(monkeypatch):
    """Let loopback without TLS count as TLS, so that what it brings is believed."""
    from auditor.feeds import files

    real = files._came
    monkeypatch.setattr(
        files, "_came", lambda *args, **rest: real(*args, **(rest | {"trust": Trust.TLS}))
    )


def test_feeds_come_into_the_library(bring, secure, tmp_path):
    outcomes = bring()

    assert {name: one.problem for name, one in outcomes.items()} == {"kev": "", "alpine 3.19": ""}
    feeds = open_library(tmp_path / "home").of("alpine", "3.19")
    assert [feed.name for feed in feeds.feeds] == ["alpine 3.19", "kev"]
    assert len(feeds.fixes) == 20
    assert feeds.fixes["main3"][0].version == "1.3-r0"
    assert set(feeds.exploited) == {f"CVE-2026-{1000 + n}" for n in range(10)}
    alpine, known = feeds.feeds
    assert alpine.date == datetime(2026, 11, 23, tzinfo=UTC)
    assert (alpine.distribution, alpine.release, alpine.rows) == ("alpine", "3.19", 20)
    assert (known.trust, known.verified_by) == (Trust.TLS, "")
    assert known.sha256 == hashlib.sha256(kev(10)).hexdigest()
    assert not [path for path in (tmp_path / "home").iterdir() if "tmp" in path.name]


def test_the_operator_may_believe_what_came_without_tls(bring, tmp_path):
    outcomes = bring(trust=True)

    assert {one.feed.trust for one in outcomes.values()} == {Trust.OPERATOR}
    assert len(open_library(tmp_path / "home").of("alpine", "3.19").fixes) == 20


@pytest.mark.parametrize("change", [{}, {"trust": True}])
def test_what_is_believed_gives_way_to_nothing_that_is_not(
    bring, secure, site, tmp_path, monkeypatch, change
):
    bring()
    monkeypatch.undo()
    (tmp_path / "kev-2026-11-24.json").write_bytes(kev(11, "2026-11-24T00:00:00Z"))

    outcome = bring(the_list(site, files=("kev*.json",)), folder=tmp_path, **change)["kev"]

    assert ("nothing vouches for the new one" in outcome.problem) is not bool(change)
    held = {feed.name: feed for feed in status(tmp_path / "home").feeds}["kev"]
    assert (held.rows, held.trust) == ((11, Trust.OPERATOR) if change else (10, Trust.TLS))


@pytest.mark.parametrize("repository", ["main", "community"])
def test_a_file_of_another_release_fails_its_feed(bring, secure, site, tmp_path, repository):
    site.answers[f"/v3.19/{repository}.json"] = secdb("3.18", repository)

    outcome = bring()["alpine 3.19"]

    assert "one of its files says nothing of this release" in outcome.problem
    assert "alpine 3.19" not in {feed.name for feed in status(tmp_path / "home").feeds}


@pytest.mark.parametrize("there", ["main", "community"])
def test_one_of_two_repositories_in_a_folder_is_not_the_feed(bring, site, tmp_path, there):
    names = tuple(f"alpine-{{release}}-{name}*.json" for name in ("main", "community"))
    feeds = FeedList(feeds=(msgspec.structs.replace(the_list(site).feeds[1], files=names),))
    (tmp_path / f"alpine-3.19-{there}-2026-11-23.json").write_bytes(secdb("3.19", there))

    (outcome,) = bring(feeds, folder=tmp_path).values()

    other = "community" if there == "main" else "main"
    assert outcome.problem.endswith(f"and no alpine-3.19-{other}*.json")
    assert "copy that, too" in outcome.hint


def test_dates_of_releases_stay_where_others_are_updated(bring, secure, site, tmp_path):
    site.answers["eol.json"] = (SAMPLES / "endoflife-v1.json").read_bytes()
    lifecycle = Source(
        name="lifecycle",
        kind=FeedKind.LIFECYCLE,
        source="endoflife",
        urls=(f"{site.base}/eol.json",),
    )
    feeds = FeedList(feeds=(lifecycle,))
    before = bring(feeds, systems=(("debian", "bookworm"), ("alpine", "3.19")))["lifecycle"].feed
    site.headers["ETag"] = '"2"'

    after = bring(feeds, systems=(("ubuntu", "jammy"),))["lifecycle"]

    assert (after.problem, after.feed.rows) == ("", before.rows)


@pytest.mark.parametrize(
    "modified", ["Fri, 31 Dec 9999 23:59:59 -1200", "Mon, 99 Jan 2026 00:00:00 GMT", "x" * 5000]
)
def test_a_date_that_cannot_be_is_none(bring, secure, site, modified):
    site.headers["Last-Modified"] = modified

    outcomes = bring()

    assert outcomes["kev"].problem == ""
    assert "nothing says of which date it is" in outcomes["alpine 3.19"].problem


def test_what_came_without_tls_is_held_and_not_believed(bring, tmp_path):
    outcomes = bring()

    assert outcomes["alpine 3.19"].feed.trust is Trust.NONE
    feeds = open_library(tmp_path / "home").of("alpine", "3.19")
    assert (feeds.fixes, feeds.exploited) == ({}, {})
    assert {feed.trust for feed in feeds.feeds} == {Trust.NONE}


def test_what_is_unchanged_is_asked_for_and_not_fetched(bring, secure, site, tmp_path):
    bring()
    before = open_library(tmp_path / "home").of("alpine", "3.19")
    site.asked.clear()
    served = dict(site.answers)
    site.answers = dict.fromkeys((name.rpartition("/")[2] for name in served), 304)

    outcomes = bring(now=NOW + timedelta(hours=1))

    assert {headers["If-None-Match"] for _, headers in site.asked} == {'"1"'}
    assert not any(one.problem for one in outcomes.values())
    after = open_library(tmp_path / "home").of("alpine", "3.19")
    assert after.fixes == before.fixes
    assert {feed.fetched for feed in after.feeds} == {NOW + timedelta(hours=1)}
    assert [feed.date for feed in after.feeds] == [feed.date for feed in before.feeds]


def test_where_one_of_two_files_changed_both_are_fetched(bring, secure, site, tmp_path):
    bring()
    site.answers["/v3.19/main.json"] = secdb("3.19", "main", 12)
    unchanged = site.answers["/v3.19/community.json"]

    def conditional(handler):
        if handler.headers["If-None-Match"]:
            handler.send_response(304)
            handler.end_headers()
        else:
            site.send(handler, unchanged)

    site.answers["/v3.19/community.json"] = conditional

    assert bring()["alpine 3.19"].feed.rows == 22


def test_a_new_release_is_fetched_though_the_other_is_held(bring, secure, tmp_path):
    bring()

    outcomes = bring(systems=(("alpine", "3.18"), ("alpine", "3.19")))

    assert outcomes["alpine 3.18"].feed.rows == 20
    library = open_library(tmp_path / "home")
    assert len(library.of("alpine", "3.18").fixes) == 20


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (404, "HTTP 404"),
        (410, "HTTP 410"),
        (500, "HTTP 500"),
        (304, "HTTP 304"),
        (page, "web page"),
        (cut, "(complete|closed)"),
        (endless, "more than 1048576 bytes"),
        (dripping(b"HTTP/1.1 200 OK\r\n\r\n"), "not there within 0 s"),
        (to(""), "(?i)redirect"),
        (to("file:///etc/passwd"), "protocol"),
        (b"", "not what this feed publishes"),
        (b"[]", "not what this feed publishes"),
        (b"\x00\xff" * 1000, "not what this feed publishes"),
        (b"[" * 100_000, "not what this feed publishes"),
        (kev(10)[:-200], "not what this feed publishes"),
        (kev(4), "has 4 rows, the last 10"),
        (kev(10, "2026-11-20T00:00:00Z"), "older than the one that is held"),
        (kev(10, "2027-11-20T00:00:00Z"), "which is yet to come"),
    ],
)
def test_a_site_that_errs_leaves_what_was_held(  # noqa: PLR0917 - most of them fixtures
    bring, secure, site, tmp_path, monkeypatch, answer, words
):
    bring()
    before = open_library(tmp_path / "home").of("alpine", "3.19")
    site.answers["kev.json"] = answer
    site.answers["/v3.19/main.json"] = secdb("3.19", "main", 11)
    monkeypatch.setattr("auditor.feeds.files._validators", lambda job, *_: [""] * len(job.urls))
    if words.startswith("not there"):
        real = http.Bounds
        monkeypatch.setattr(
            "auditor.feeds.files.Bounds", lambda size, **_: real(size=size, seconds=0.3)
        )

    outcomes = bring()

    assert_says(outcomes["kev"], words)
    after = open_library(tmp_path / "home").of("alpine", "3.19")
    assert after.exploited == before.exploited
    assert after.feeds[1] == before.feeds[1]
    assert after.feeds[0].rows == 21


def assert_says(outcome, words):
    assert outcome.feed is None
    assert re.search(words, outcome.problem), outcome.problem
    assert outcome.hint


def test_the_operator_may_accept_a_loss(bring, secure, site):
    bring()
    site.answers["kev.json"] = kev(4)
    site.headers["ETag"] = '"2"'

    assert bring()["kev"].feed is None
    assert bring(accept=("kev",))["kev"].feed.rows == 4


def test_a_release_that_a_site_drops_stays_as_it_was(bring, secure, site, tmp_path):
    feeds = the_list(site)
    tracker = msgspec.structs.replace(
        feeds.feeds[1],
        name="one",
        urls=(f"{site.base}/all.json",),
        source="almalinux_osv",
        distributions=("almalinux",),
    )
    systems = (("almalinux", "8"), ("almalinux", "9"))
    site.answers["all.json"] = reduced(8, 9)
    bring(FeedList(feeds=(tracker,)), systems=systems)
    site.answers["all.json"] = reduced(9)
    site.headers["ETag"] = '"2"'

    outcomes = bring(FeedList(feeds=(tracker,)), systems=(*systems, ("almalinux", "10")), now=NOW)

    assert "says nothing of this release any more" in outcomes["one 8"].note
    assert outcomes["one 9"].note == ""
    assert outcomes["one 10"].problem == "it says nothing of this release"
    library = open_library(tmp_path / "home")
    assert library.of("almalinux", "8").fixes
    assert library.of("almalinux", "8").feeds[0].date == library.of("almalinux", "9").feeds[0].date


def reduced(*releases):
    return json.dumps(
        {
            "source": "x",
            "licence": "MIT",
            "advisories": {"ALSA-2026:1": ["2026-11-20", "Important", ["CVE-2026-1001"]]},
            "fixed": {
                f"AlmaLinux:{release}": {"p": [[f"1-1.el{release}", "ALSA-2026:1"]]}
                for release in releases
            },
        }
    ).encode()


def test_a_feed_that_the_list_names_no_more_is_dropped(bring, secure, site, tmp_path):
    bring()
    feeds = the_list(site)

    outcomes = bring(FeedList(feeds=feeds.feeds[:1]))

    assert "dropped" in outcomes["alpine 3.19"].note
    assert [feed.name for feed in status(tmp_path / "home").feeds] == ["kev"]


def test_only_what_is_named_is_fetched_and_the_rest_stays(bring, secure, site, tmp_path):
    bring()
    site.asked.clear()

    bring(only=("kev",))

    assert site.files == ["kev.json"]
    assert len(status(tmp_path / "home").feeds) == 2


def test_a_mirror_that_nobody_named_is_asked_for(bring, site):
    rocky = Source(
        name="rocky",
        kind=FeedKind.ADVISORIES,
        source="updateinfo",
        urls=("{mirror}/{release}/BaseOS/{arch}/os/repodata/repomd.xml",),
        distributions=("rocky",),
    )

    (outcome,) = bring(FeedList(feeds=(rocky,)), systems=(("rocky", "9"),)).values()

    assert outcome.problem == "no mirror is named for it"
    assert "set `mirror` of rocky" in outcome.hint


UPDATEINFO = gzip.compress(
    b"""<updates><update type="security"><id>RLSA-2026:1</id><title>x</title>
<issued date="2026-11-20 00:00:00"/><updated date="2026-11-20 00:00:00"/><references>
<reference href="x" id="CVE-2026-1001" type="cve"/></references><pkglist><collection>
<package name="p" version="1" release="2.el9" epoch="0" arch="x86_64" src="p-1-2.el9.src.rpm">
<filename>p-1-2.el9.x86_64.rpm</filename></package></collection></pkglist></update></updates>"""
)


UPDATES = hashlib.sha256(UPDATEINFO).hexdigest()


def repomd(sha256=UPDATES, href="repodata/updateinfo.xml.gz"):
    return f"""<?xml version="1.0"?>
<repomd xmlns="x"><data type="primary"><location href="no"/></data>
<data type="updateinfo"><checksum type="sha256">{sha256}</checksum><open-checksum type="sha256">0
</open-checksum><location href="{href}"/></data></repomd>""".encode()


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (repomd(), ""),
        (repomd("0" * 64), "not the one that its repository names"),
        (repomd(href="../../etc/passwd"), "names no list of updates"),
        (repomd(href="http://other.lab/x"), "names no list of updates"),
        (repomd(sha256=""), "names no list of updates"),
        (b"<repomd/>", "names no list of updates"),
        (b"<repomd", "is no XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><repomd/>', "declares a document type"),
    ],
)
def test_a_repository_leads_to_its_list_of_updates(bring, secure, site, tmp_path, listed, words):
    site.answers |= {"repomd.xml": listed, "updateinfo.xml.gz": UPDATEINFO}
    rocky = Source(
        name="rocky",
        kind=FeedKind.ADVISORIES,
        source="updateinfo",
        urls=("{mirror}/{release}/BaseOS/{arch}/os/repodata/repomd.xml",),
        mirror=f"{site.base}/rocky/",
        distributions=("rocky",),
    )

    (outcome,) = bring(FeedList(feeds=(rocky,)), systems=(("rocky", "9"),)).values()

    if words:
        assert words in outcome.problem
        return
    assert (outcome.problem, outcome.feed.rows) == ("", 1)
    assert [path for path, _ in site.asked] == [
        "/rocky/9/BaseOS/x86_64/os/repodata/repomd.xml",
        "/rocky/9/BaseOS/x86_64/os/repodata/updateinfo.xml.gz",
    ]
    site.answers["repomd.xml"] = 304
    site.asked.clear()
    assert bring(FeedList(feeds=(rocky,)), systems=(("rocky", "9"),))["rocky 9"].problem == ""
    assert site.files == ["repomd.xml"]


@pytest.mark.parametrize(
    ("name", "words"), [(b"kev-1.json\n", ""), (b"../x", "names no file"), (b"", "names no file")]
)
def test_a_pointer_leads_to_the_newest_archive(bring, secure, site, name, words):
    site.answers |= {"archive_latest.txt": name, "kev-1.json": kev(10)}

    (outcome, *_) = bring(the_list(site, urls=(f"{site.base}/a/archive_latest.txt",))).values()

    assert words in outcome.problem
    if not words:
        asked = [path for path, _ in site.asked if path.startswith("/a/")]
        assert asked == ["/a/archive_latest.txt", "/a/kev-1.json"]


def test_a_full_disk_leaves_what_was_held_and_says_so(bring, secure, site, tmp_path):
    bring()
    before = (tmp_path / "home" / "feeds.db").read_bytes()
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    site.headers["ETag"] = '"2"'
    try:
        with small_disk(300), pytest.raises(StoreError, match=r"cannot write .*feeds.tmp"):
            bring()
        with small_disk(9000), pytest.raises(StoreError, match="cannot keep"):
            bring()
    finally:
        signal.signal(signal.SIGXFSZ, old)

    assert (tmp_path / "home" / "feeds.db").read_bytes() == before
    assert bring()["kev"].problem == ""


def test_a_kill_on_the_way_leaves_the_generation_before(bring, secure, site, tmp_path):
    bring()
    before = (tmp_path / "home" / "feeds.db").read_bytes()
    site.answers["kev.json"] = lambda _: site.ended.wait(60)
    script = (
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from auditor.feeds.update import Order, update\n"
        "from auditor.model.feed_list import FeedList, Source\n"
        f"feed = Source(name='kev', kind='kev', source='kev', urls=('{site.base}/kev.json',))\n"
        "order = Order(feeds=FeedList(feeds=(feed,)), systems=(('alpine', '3.19'),))\n"
        f"update(Path('{tmp_path / 'home'}'), order, datetime.now(UTC))\n"
    )
    site.asked.clear()
    with subprocess.Popen([sys.executable, "-c", script]) as run:
        until = time.monotonic() + 20
        while not site.asked and time.monotonic() < until:
            time.sleep(0.02)
        run.kill()

    assert site.asked
    assert (tmp_path / "home" / "feeds.tmp").exists()
    assert (tmp_path / "home" / "feeds.db").read_bytes() == before
    site.answers["kev.json"] = kev(11)
    assert bring()["kev"].feed.rows == 11
    assert not (tmp_path / "home" / "feeds.tmp").exists()


def test_a_package_is_found_by_the_signed_lists_and_checked_by_them(bring, site):
    """The lab's list names no package of Debian's support data: another stands for it."""
    site.answers = {}
    feeds = FeedList(
        archives=(
            Archive(distribution="debian", security=site.base, suites=("{release}-security",)),
        ),
        feeds=(
            Source(
                name="support",
                kind=FeedKind.SUPPORT,
                source="debian_support",
                urls=("deb:nginx-common",),
                distributions=("debian",),
            ),
        ),
    )

    outcomes = bring(feeds, systems=(("debian", "bookworm"),))

    assert "HTTP 404" in outcomes["support bookworm"].problem
    assert "/pool/updates/main/n/nginx/nginx-common_" in site.asked[-1][0]
    place = site.asked[-1][0].rpartition("/")[2]
    site.answers[place] = b"x" * 100
    site.asked.clear()
    again = bring(feeds, systems=(("debian", "bookworm"),))["support bookworm"].problem
    assert "is not the one that was signed" in again
    assert any(path.endswith("Packages.xz") for path, _ in site.asked), "fetched as none is held"
    listed = next(packages.named(_lists(), "nginx-common"))
    assert listed.listed.size > 1000
    site.answers = {}
    bad = bring(feeds, systems=(("debian", "trixie"),), only=("support",))["support trixie"]
    assert "no list of trixie that came names the package" in bad.problem


def _lists():
    return {"main": DATA / "bookworm-security.Packages.xz"}
