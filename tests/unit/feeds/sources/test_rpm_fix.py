"""Versions, dates and names as lists of rpm packages write them."""

from datetime import UTC, datetime

import pytest

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.rpm_fix import (
    day_of,
    el_release,
    moment,
    version_of,
    whole_version,
)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1:3.0.7-28.el9_4", "1:3.0.7-28.el9_4"),
        ("0:2.34-100.el9", "2.34-100.el9"),
        ("01:2-3", "1:2-3"),
        ("2.34-100.el9", "2.34-100.el9"),
        ("2.34", "2.34"),
    ],
)
def test_epoch_zero_is_left_out(text, version):
    assert whole_version(text) == version


@pytest.mark.parametrize("text", ["", ":1-2", "x:1-2", "1:", "1-", "-1", "1-2-3", None, 7, "1 2-3"])
def test_what_is_no_version_is_refused(text):
    with pytest.raises(Unreadable):
        whole_version(text)


def test_versions_are_put_together():
    assert version_of(None, "1", "2") == "1-2"
    assert version_of(3, "1", "2") == "3:1-2"
    assert version_of("", "1~rc1", "2^git") == "1~rc1-2^git"


@pytest.mark.parametrize(
    ("version", "release"),
    [
        ("3.0.7-28.el9_4", "9"),
        ("1-1.module_el8.10.0+1+ab", "8"),
        ("1-1.module+el8.10.0+1+ab", "8"),
        ("1-1.el10", "10"),
        ("1-1", ""),
        ("1-1.elf2", ""),
    ],
)
def test_builds_name_their_release(version, release):
    assert el_release(version) == release


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-02T00:00:00Z",
        "2025-01-02",
        "2025-01-02 00:00:00",
        "2025-01-02T07:00:00+07:00",
        "1735776000",
        1735776000,
        1735776000.0,
        {"$date": 1735776000000},
        {"$date": "2025-01-02T00:00:00Z"},
    ],
)
def test_every_spelling_of_a_time(text):
    assert moment(text) == datetime(2025, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", None, True, [], {}, 10**30, "1970-01-01", "9999-01-01"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(Unreadable):
        moment(text)


def test_no_day_is_none():
    assert day_of("") is None
    assert day_of(None) is None
