"""Text from a target is inert, whatever it holds."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.text import REPLACEMENT, inert


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b",
        "\x00",
        "\r",
        "\x7f",
        "\x85",
        "\x9b",
        "\u202e",
        "\u2066",
        "\u2069",
        "\u2028",
        "\ud800",
    ],
    ids=ascii,
)
def test_what_steers_a_terminal_or_reorders_text_is_replaced(hostile):
    assert inert(f"a{hostile}b\n\tc") == f"a{REPLACEMENT}b\n\tc"
    assert inert(f"é{hostile}") == f"é{REPLACEMENT}"


@pytest.mark.parametrize("plain", ["", "a\n\tb", "<script>", "Walikota é 市", "]\\^-[é"])
def test_ordinary_text_stays_as_it_is(plain):
    assert inert(plain) == plain


def test_characters_that_mean_something_in_a_pattern_are_kept_beside_hostile_ones():
    assert inert("]^\\-é\u202e\x1b") == f"]^\\-é{REPLACEMENT}{REPLACEMENT}"


@given(st.text(alphabet=st.characters()))
def test_nothing_unsafe_is_left_and_no_character_is_lost(text):
    shown = inert(text)

    assert len(shown) == len(text)
    assert inert(shown) == shown
    shown.encode()
    assert not {unicodedata.category(c) for c in shown if c not in "\n\t"} & {"Cc", "Cf", "Cs"}
