import contextlib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import ConfigError
from auditor.load.yaml import DEPTH_LIMIT, FILE_LIMIT, NODE_LIMIT, parse_yaml, read_yaml


def value(text):
    return parse_yaml(text, "a.yaml").value


def mistake(text):
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, "a.yaml")
    return caught.value


def test_a_deep_nest_is_refused_where_it_gets_too_deep():
    error = mistake("[" * 100_000)

    assert "nested deeper" in error.problem
    assert (error.line, error.column) == (1, DEPTH_LIMIT + 1)


@pytest.mark.parametrize("opening", ["- ", "{a: ", "[{b: "])
def test_no_kind_of_nest_exhausts_the_stack(opening):
    assert "nested deeper" in mistake(opening * 50_000).problem


def test_a_deep_nest_within_the_limit_is_read():
    assert value("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT) is not None


def test_an_alias_bomb_is_refused_at_its_first_alias():
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"

    error = mistake(bomb)

    assert "aliases" in error.problem
    assert (error.line, error.column) == (2, 8)


def test_more_values_than_any_inventory_has_are_refused():
    assert "more than" in mistake("[" + "a," * (NODE_LIMIT + 1) + "]").problem


def test_a_second_document_is_refused():
    error = mistake("a: 1\n---\nb: 2\n")

    assert (error.line, error.problem) == (2, "a second document begins (---)")


@pytest.mark.parametrize("text", ["a: !!python/object/apply:os.system [id]", "a: !x b", "!!map {}"])
def test_tags_are_refused(text):
    assert "tags" in mistake(text).problem


def test_tags_of_foreign_files_make_no_difference():
    document = parse_yaml("a: !vault |\n  66\nb: !x [1]\n", "a.yaml", tags=True)

    assert document.value == {"a": "66\n", "b": [1]}


def test_a_key_given_twice_names_both_lines():
    error = mistake("a: 1\nb: 2\na: 3\n")

    assert (error.line, error.problem, error.hint) == (3, "'a' is given twice", "first in line 1")


@pytest.mark.parametrize(
    ("text", "problem"), [("? [a]\n: b", "a word"), ("? ? a", "a word"), ('"": b', "missing")]
)
def test_a_key_is_a_word(text, problem):
    assert problem in mistake(text).problem


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("1.10", "1.10"),
        ("022", "022"),
        ("0x1F", "0x1F"),
        ("12:30:00", "12:30:00"),
        ("1_000", "1_000"),
        ("2026-01-02", "2026-01-02"),
        ("1e3", "1e3"),
        ("+5", "+5"),
        ("-0", "-0"),
        ("~", "~"),
        ("Null", "Null"),
        (".inf", ".inf"),
        ("<<", "<<"),
        ("9" * 5000, "9" * 5000),
        ("0", 0),
        ("-17", -17),
        ("4294967296", 4294967296),
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ('"true"', "true"),
        ("'5'", "5"),
        ('""', ""),
        ('"\\u00e9"', "é"),
    ],
)
def test_a_plain_value_means_what_it_says(written, read):
    assert value(f"a: {written}") == {"a": read}
    assert type(value(f"a: {written}")["a"]) is type(read)


def test_blocks_of_text_keep_their_lines():
    assert value("a: |\n  5\n  no\nb: >\n  x\n  y\n") == {"a": "5\nno\n", "b": "x y\n"}


@pytest.mark.parametrize("text", ["", "# nothing\n", "\n\n"])
def test_an_empty_file_holds_nothing(text):
    document = parse_yaml(text, "a.yaml")

    assert document.value is None
    assert str(document.mistake(("a", 1), "is empty")) == "a.yaml:1:1: is empty"


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ((), (1, 1)),
        (("a",), (1, 1)),
        (("b",), (2, 1)),
        (("b", 0), (3, 5)),
        (("b", 0, "c"), (3, 5)),
        (("b", 1, "c"), (4, 6)),
        (("b", 1, "c", 1), (4, 14)),
        (("b", 1, "c", 2), (4, 6)),
        (("b", 1, "unknown"), (4, 5)),
        (("b", 7), (2, 1)),
        (("a", "inside a text"), (1, 1)),
        (("unknown", 3, "x"), (1, 1)),
    ],
)
def test_every_path_has_its_line_and_column(at, place):
    document = parse_yaml("a: text\nb:\n  - c: 1\n  - {c: [xy, 5]}\n", "a.yaml")

    assert document.place(at) == place


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match="there is no such file\n  hint: make one"):
        read_yaml(tmp_path / "none.yaml", "make one")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        read_yaml(tmp_path)


def test_a_name_that_no_system_takes_is_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read: embedded null byte"):
        read_yaml(tmp_path / "a\0b")


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "huge.yaml"
    path.write_bytes(b"#" * (FILE_LIMIT + 1))

    with pytest.raises(ConfigError, match="longer than 8 MB"):
        read_yaml(path)


def test_an_endless_file_is_not_read(tmp_path):
    path = tmp_path / "endless.yaml"
    path.symlink_to("/dev/zero")

    with pytest.raises(ConfigError, match="longer than 8 MB"):
        read_yaml(path)


def test_bytes_that_are_no_utf_8_name_their_line(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: b\nname: caf\xe9\n")

    with pytest.raises(ConfigError, match=r"latin.yaml:2: is not UTF-8 text\n  hint: save"):
        read_yaml(path)


def test_a_byte_order_mark_is_ignored(tmp_path):
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")

    assert read_yaml(path).value == {"a": 1}


ANY_TEXT = st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore"))


@given(st.binary(max_size=200) | ANY_TEXT)
def test_any_bytes_give_a_value_or_a_mistake(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)

    with contextlib.suppress(ConfigError):
        read_yaml(path)


SIGNS = " \n\t-:,[]{}#&*!|>'\"%@`?abc0159.~<=\r\x85\x00é"


@given(st.text(st.sampled_from(SIGNS), max_size=60))
def test_any_mixture_of_signs_gives_a_value_or_a_mistake(text):
    breaks = sum(text.count(sign) for sign in "\n\r\x85")
    try:
        parse_yaml(text, "a.yaml")
        line = 1
    except ConfigError as error:
        line = error.line

    assert 1 <= line <= breaks + 2


WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x85\u2028\u2029"), max_size=20
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(WORDS.filter(bool), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(TREES)
def test_what_is_written_as_yaml_is_read_back(tree):
    text = yaml.safe_dump(tree, allow_unicode=True)

    assert parse_yaml(text, "a.yaml").value == tree
