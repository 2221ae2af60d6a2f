"""The order of versions: dpkg itself is the judge."""

import subprocess
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.patch.deb_version import LONGEST, deb_key

ORDERED = [
    "0~", "0", "0.1~rc1-1", "0.1-1~bpo12+1", "0.1-1", "0.1-1+b1", "0.1-1+deb12u1", "0.1-1.1",
    "0.1-2", "0.1a-1", "0.1+dfsg-1", "0.1.1-1", "0.9", "0.10", "6.1.192-1", "6.1.192-2", "1:0.1",
    "2:0",
]  # fmt: skip
versions = st.builds(
    lambda epoch, digit, rest: (epoch + digit + rest).rstrip("-"),
    st.sampled_from(["", "", "0:", "1:"]),
    st.sampled_from("0129"),
    st.text(alphabet="0129aZ.+~-", max_size=7),
)


@pytest.mark.parametrize(("older", "newer"), list(pairwise(ORDERED)))
def test_published_order_holds(older, newer):
    assert deb_key(older) < deb_key(newer)


@pytest.mark.parametrize(
    ("one", "other"), [("1", "1-0"), ("1", "0:1"), ("1.0", "1.00"), ("x:1", "1"), ("1", "1-")]
)
def test_equal_versions_have_equal_keys(one, other):
    assert deb_key(one) == deb_key(other)


def test_a_text_that_is_no_version_has_a_key_all_the_same():
    assert deb_key("") < deb_key("1")
    assert deb_key("99999999999:1") > deb_key("1:é")


def test_of_a_flood_only_the_beginning_counts():
    assert deb_key("9" * LONGEST) == deb_key("9" * 10**6)
    assert len(deb_key("a" * 10**6)) < 2 * LONGEST


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_has_a_key_and_a_tilde_makes_it_older(text, end):
    assert deb_key(f"{text}~{end}") < deb_key(text) or "-" in end or ":" in text + end


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(versions, versions), min_size=40, max_size=40))
def test_the_order_is_dpkgs(pairs):
    script = "\n".join(
        f"dpkg --compare-versions '{a}' lt '{b}' && echo lt || "
        f"{{ dpkg --compare-versions '{a}' eq '{b}' && echo eq || echo gt; }}"
        for a, b in pairs
    )
    said = subprocess.run(
        ["sh"], input=script, text=True, capture_output=True, check=True
    ).stdout.split()

    for (a, b), word in zip(pairs, said, strict=True):
        one, other = deb_key(a), deb_key(b)
        ours = "lt" if one < other else "eq" if one == other else "gt"
        assert ours == word, (a, b)
