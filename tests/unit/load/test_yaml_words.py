import pytest

from auditor.errors import ConfigError
from auditor.load.yaml import parse_yaml


@pytest.mark.parametrize(
    ("text", "place", "problem", "hint"),
    [
        ('a: "b\nc: d\n', (1, 4), "the quote that opens here is not closed", "close it"),
        ('a: "x\n---\n', (1, 4), "the quote that opens here is not closed", "close it"),
        ("a: [b, c\nd: e\n", (1, 4), "the bracket that opens here is not closed", "line 2"),
        ("a: {b: c\nd: e\n", (1, 4), "the bracket that opens here is not closed", "line 2"),
        ("a:\n\t- b", (2, 1), "a tab stands where only spaces may", "spaces, not with tabs"),
        ("a:\n  b: c\n\td: e", (3, 1), "a tab stands where", "spaces, not with tabs"),
        ("a: b: c", (1, 5), "a colon stands inside a text", "in quotes"),
        ("url: see: http://x", (1, 9), "a colon stands inside a text", "in quotes"),
        ("a:b\nc: d", (2, 2), "a key cannot begin here", "a space after the colon in line 1"),
        ("a: b\n c: d", (2, 3), "a key cannot begin here", "in the same column"),
        ("a: x\n\tb: c\n", (2, 1), "a tab stands where", "spaces, not with tabs"),
        ("a: x\n \tb: c\n", (2, 4), "a key cannot begin here", "line 2 is indented with a tab"),
        ("- b:\t- c\n", (1, 6), "a list cannot begin here", "a line of its own"),
        ("a: @b", (1, 4), "a text cannot begin with '@'", "put it in quotes"),
        ("a: `b`", (1, 4), "a text cannot begin with '`'", "put it in quotes"),
        ("use: *.x", (1, 6), "a text cannot begin with '*'", "put it in quotes"),
        ("a: &", (1, 4), "a text cannot begin with '&'", "put it in quotes"),
        ('a: "\\d"', (1, 5), "unknown escape in double quotes", r"\\ for a backslash"),
        ('a: "b" c', (1, 8), "does not fit to the lines above", 'after the closing "'),
        ("a: [1]]", (1, 7), "does not fit to the lines above", "after the closing ]"),
        ("a:\n  - b: 1\n c: 2", (3, 2), "does not fit to the lines above", "the same column"),
        ("- a\nb: c", (2, 1), "does not fit to the lines above", "the same column"),
        ("a: b\nc", (2, 1), "neither `key: value` nor `- item`", "is a colon missing?"),
        ("}", (1, 1), "a text cannot begin with '}'", "put it in quotes"),
        ("[a", (1, 1), "the bracket that opens here is not closed", "line 2"),
        ("a: [\n", (2, 1), "the text ends too early", "a bracket or a quote"),
        ("%FOO\n", (1, 5), "is not YAML", "in quotes"),
        ("a: b\nc: \x07", (2, 0), "the control character U+0007", "remove it"),
        ("é: b\nc: \ud800", (2, 0), "half a character", ""),
    ],
)
def test_a_mistake_is_told_in_plain_words(text, place, problem, hint):
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, "a.yaml")

    assert (caught.value.line, caught.value.column) == place
    assert problem in caught.value.problem
    assert hint in caught.value.hint


def test_a_line_of_8_megabytes_is_explained_at_once():
    with pytest.raises(ConfigError, match="a key cannot begin here"):
        parse_yaml("a" * 4_000_000 + ": " + "b", "a.yaml")
