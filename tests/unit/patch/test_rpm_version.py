"""The order of rpm's versions: rpm itself is the judge."""

import subprocess
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.patch.rpm_version import LONGEST, rpm_key

ORDERED = [
    "0~rc1-1", "0-1", "1.0~rc1-1.el9", "1.0-1.el9", "1.0-1.el9_3", "1.0-2.el9", "1.0^20240101-1",
    "1.0.1-1", "1.0.10-1", "1.1a-1", "1.1b-1", "1.1.0-1", "5.14.0-362.8.1.el9_3",
    "5.14.0-362.24.1.el9_3", "5.14.0-427.13.1.el9_4", "1:0.1-1",
]  # fmt: skip
versions = st.builds(
    lambda epoch, head, release: f"{epoch}{head}{release}",
    st.sampled_from(["", "", "0:", "1:"]),
    st.text(alphabet="0129aZb.+~^_", min_size=1, max_size=8),
    st.one_of(st.just(""), st.text(alphabet="019el.~^_", min_size=1, max_size=5).map("-{}".format)),
)


def judged_by_rpm(pairs):
    """Return -1, 0 or 1 for each pair, of one process of rpm."""
    calls = " ".join(f"print(rpm.vercmp('{a}', '{b}'), '')" for a, b in pairs)
    command = ["rpm", "--eval", f"%{{lua:{calls}}}"]
    done = subprocess.run(command, text=True, capture_output=True, check=True)
    return [int(word) for word in done.stdout.split()]


def ours(one, other):
    return (one > other) - (one < other)


@pytest.mark.parametrize(("older", "newer"), list(pairwise(ORDERED)))
def test_published_order_holds(older, newer):
    assert rpm_key(older) < rpm_key(newer)


@pytest.mark.parametrize(
    ("one", "other"), [("1-1", "0:1-1"), ("1.0-1", "1.00-1"), ("1.0_-1", "1.0-1"), (":1", "1")]
)
def test_equal_versions_have_equal_keys(one, other):
    assert rpm_key(one) == rpm_key(other)


def test_no_release_is_older_than_any():
    assert rpm_key("1") < rpm_key("1-~")


def test_a_text_that_is_no_version_has_a_key_all_the_same():
    assert rpm_key("") < rpm_key("1")
    assert rpm_key("99999999999:1") > rpm_key("1:é")


def test_of_a_flood_only_the_beginning_counts():
    assert rpm_key("9" * LONGEST) == rpm_key("9" * 10**6)
    assert len(rpm_key("a.1" * 10**6)) < 4 * LONGEST


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(versions, versions), min_size=60, max_size=60))
def test_the_order_is_rpms(pairs):
    for (a, b), word in zip(pairs, judged_by_rpm(pairs), strict=True):
        assert ours(rpm_key(a), rpm_key(b)) == word, (a, b)
