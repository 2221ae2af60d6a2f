"""Is a version new enough: dpkg and rpm themselves are the judges."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.evaluate.versions import version_min
from tests.unit.patch.orders import said_by_rpm


@pytest.mark.parametrize(
    ("value", "least", "holds"),
    [
        ("1:9.2p1-2+deb12u3", "9.2p1", True),
        ("1:9.2p1-2+deb12u3", "9.3", False),
        ("1:9.2p1-2+deb12u3", "1:9.2p1-2+deb12u2", True),
        ("1:9.2p1-2+deb12u3", "2:1.0", False),
        ("9.2p1", "1:9.2p1", False),
        ("3.0.11-1~deb12u2", "3.0.11-1", False),
        ("3.0.11-1~deb12u2", "3.0.11", True),
        ("2.4~rc1-1", "2.4", False),
        ("8.7p1-38.el9", "8.7p1", True),
        ("8.7p1-38.el9", "8.8", False),
        ("32:9.16.23-14.el9_3", "9.16.23", True),
        ("32:9.16.23-14.el9_3", "9.18", False),
        ("1.0^20240101-1.fc39", "1.0", True),
        ("1.0^20240101-1.fc39", "1.0.1", False),
        ("9.6_p1-r0", "9.6", True),
        ("9.6_p1-r0", "9.6.1", False),
        ("1.37.0_rc1-r0", "1.37.0", False),
        ("1.37.0-r0", "1.37.0_rc1", True),
        ("3.1_git2024-r1", "3.1", True),
        ("3.1_git2024-r1", "3.1_git2025", False),
        ("1.1.1w-r1", "1.1.1", True),
        ("1.1.1w-r1", "1.1.2", False),
        ("8.2.001-r0", "8.2.1", False),
        ("9.6_p1-r0", "9.6p1", True),
        ("9.5_p1-r0", "9.6p1", False),
        ("3.0.12-r4", "3.0.12-r5", False),
        ("3.0.12-r4", "3.0.12-r4", True),
        ("10.2", "9.10", True),
        ("", "1", False),
        ("TLSv1.2", "TLSv1.2", True),
        ("SSLv3", "TLSv1", False),
    ],
)
def test_what_the_operand_names_is_what_counts(value, least, holds):
    assert version_min(value, least) is holds


@pytest.mark.parametrize(("value", "least"), [("1.0.0-1", "1.0+1"), ("1..0-1", "1.0-2")])
def test_where_dpkg_and_rpm_differ_nothing_is_judged(value, least):
    with pytest.raises(ValueError, match="do not agree"):
        version_min(value, least)


versions = st.builds(
    lambda head, rest, release: f"1:{head}{rest}-{release}",
    st.sampled_from("0129"),
    st.text(alphabet="0129aZ.+~", max_size=7),
    st.text(alphabet="0129a.+~", min_size=1, max_size=4),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(versions, versions), min_size=40, max_size=40))
def test_it_says_what_both_say_and_nothing_where_they_differ(pairs):
    script = "\n".join(f"dpkg --compare-versions '{a}' ge '{b}'; echo $?" for a, b in pairs)
    done = subprocess.run(["sh"], input=script, text=True, capture_output=True, check=True)
    by_dpkg = [word == "0" for word in done.stdout.split()]
    by_rpm = [word != "<" for word in said_by_rpm(pairs)]

    for (value, least), deb, rpm in zip(pairs, by_dpkg, by_rpm, strict=True):
        try:
            assert version_min(value, least) is deb is rpm, (value, least)
        except ValueError:
            assert deb is not rpm, (value, least)
