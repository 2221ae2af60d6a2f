"""How far an index is believed, and how feeds are looked up."""

from datetime import UTC, datetime, timedelta

import pytest

from auditor.model.feed import Feeds, Freshness, Release, SuiteIndex, freshness

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("age", "left", "want"),
    [
        (timedelta(days=7) + SECOND, None, Freshness.STALE),
        (timedelta(days=1), -SECOND, Freshness.STALE),
        (-timedelta(days=1) - SECOND, timedelta(days=7), Freshness.STALE),
        (timedelta(days=7), None, Freshness.AGEING),
        (timedelta(days=3) + SECOND, timedelta(days=1), Freshness.AGEING),
        (timedelta(days=3), timedelta(0), Freshness.FRESH),
        (timedelta(0), None, Freshness.FRESH),
        (-timedelta(days=1), None, Freshness.FRESH),
    ],
)
def test_an_index_is_judged_by_its_own_dates(age, left, want):
    until = None if left is None else NOW + left

    assert freshness(NOW - age, until, NOW) is want


def index(**fields):
    values = {
        "distribution": "debian", "release": "bookworm", "suite": "bookworm-security",
        "arch": "amd64", "date": NOW, "valid_until": None, "verified_by": "AB", "sha256": "",
        "entries": {},
    }  # fmt: skip
    return SuiteIndex(**(values | fields))


def test_only_what_is_signed_or_trusted_is_believed():
    assert index().believed
    assert index(verified_by="", trusted=True).believed
    assert not index(verified_by="").believed


def test_feeds_are_found_by_release_and_architecture():
    arm = index(arch="arm64")
    feeds = Feeds(indexes=(index(), arm))

    assert feeds.index("debian", "bookworm", "arm64") is arm
    assert arm.name == "bookworm-security arm64"
    for wanted in (("debian", "bookworm", "i386"), ("debian", "sid", "amd64"), ("u", "x", "amd64")):
        assert feeds.index(*wanted) is None


def test_releases_are_found_by_version():
    release = Release(distribution="debian", codename="x", version="12", released=None, eol=None)
    feeds = Feeds(releases=(release,))

    assert feeds.release("debian", "12") is release
    assert feeds.release("debian", "1") is None
    assert feeds.release("ubuntu", "12") is None
