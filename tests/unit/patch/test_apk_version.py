"""The order of Alpine's versions: no apk is to be had here, so its rules are the judge."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.patch.apk_version import LONGEST, apk_key, is_apk_version
from tests.unit.patch.orders import sign, vectors

WORDS = ("alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p")
numbers = st.integers(0, 10**25)
cores = st.lists(numbers, min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
suffixes = st.lists(
    st.builds("_{}{}".format, st.sampled_from(WORDS), st.one_of(st.just(""), numbers)), max_size=2
).map("".join)
versions = st.builds(
    lambda core, letter, suffix, commit, revision: core + letter + suffix + commit + revision,
    cores,
    st.sampled_from(["", "", "a", "b", "z"]),
    suffixes,
    st.sampled_from(["", "", "~0a", "~ff12"]),
    st.one_of(st.just(""), numbers.map("-r{}".format)),
)


@pytest.mark.parametrize(
    "text",
    ["", "-", "_p1", "~a", "r1", "\0", "é", "\udcff", "٣", "1٣", "1.٣", "1 ", "1\n", "1-r٣", "1.0A",
     "1.0aa", "1..2", "1.0-1", "1:1.0", "1.0_P1", "1.0~", "1.0~G", "1.0-r1-r2", "1.0~a~b",
     "1.0-r1_p1"],
)  # fmt: skip
def test_what_is_no_version_has_a_key_all_the_same(text):
    assert not is_apk_version(text)
    assert apk_key(text) <= apk_key(f"{text}~z")
    assert apk_key(text) < apk_key("2")


def test_two_texts_that_are_no_versions_are_not_equal():
    assert apk_key("1.0^1") != apk_key("1.0^2")


def test_of_a_flood_only_the_beginning_counts():
    assert apk_key("9" * LONGEST) == apk_key("9" * 10**6)
    assert not is_apk_version("9" * 10**6)
    assert len(apk_key("1.1" * 10**6)) < 4 * LONGEST
    assert len(apk_key("_p1" * 10**6)) < 4 * LONGEST


@pytest.mark.parametrize(("rule", "one", "said", "other"), vectors("apk"))
def test_a_published_rule_holds(rule, one, said, other):
    assert sign(apk_key(one), apk_key(other)) == said, rule


@given(versions)
def test_a_version_stands_where_its_parts_say(version):
    assert is_apk_version(version)
    bare = version.partition("-r")[0]
    ends = [f"{bare}_rc1", bare, f"{bare}-r0", f"{bare}-r1", f"{bare}-r10"]
    if "~" in version:
        ends = ends[1:]
    assert all(apk_key(older) < apk_key(newer) for older, newer in pairwise(ends))


@given(st.lists(numbers, min_size=2, max_size=2), st.sampled_from(["{}", "1.{}-r0", "1_p{}"]))
def test_numbers_of_any_length_are_compared_as_numbers(two, form):
    one, other = (apk_key(form.format(number)) for number in two)
    if form == "1.{}-r0" and 0 in two:
        return

    assert sign(one, other) == sign(*two)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_has_a_key(one, other):
    assert sign(apk_key(one), apk_key(other)) in "<=>"
