import pytest

from auditor.evaluate import evaluate
from auditor.model.result import Status
from tests.unit.evaluate.world import NOW, WEB, bound, seen, that

CASES = [
    ("word", "eq", "no", "no", "yes"),
    ("number", "eq", 3, 3, 4),
    ("number", "eq", "3", 3, 4),
    ("flag", "eq", True, True, False),
    ("flag", "eq", False, False, True),
    ("word", "ne", "none", "rsyslog", "none"),
    ("word", "in", ["a", "b"], "b", "c"),
    ("word", "not_in", ["a", "b"], "c", "a"),
    ("number", "min", 5, 5, 4),
    ("number", "max", 5, 5, 6),
    ("age", "max", "7d", 3600, 8 * 86_400),
    ("word", "matches", "^a.c$", "abc", "abcd"),
    ("word", "not_matches", "^auditor", "budi", "auditor ALL"),
    ("words", "contains", "x", ["x", "y"], ["y"]),
    ("words", "contains_all", ["x", "y"], ["x", "y", "z"], ["x"]),
    ("words", "contains_none", ["cbc", "md5"], ["ctr"], ["ctr", "cbc"]),
    ("ports", "subset_of", ["22/tcp"], ["22/tcp"], ["22/tcp", "21/tcp"]),
    ("words", "empty", True, [], ["x"]),
    ("words", "empty", False, ["x"], []),
    ("word", "exists", True, "x", None),
    ("word", "exists", False, None, "x"),
    ("word", "starts_with", "/var", "/var/log", "/tmp"),
    ("mode", "mode_max", "0640", "0600", "0644"),
    ("mode", "mode_max", "0640", "0640", "1640"),
    ("version", "version_min", "TLSv1.2", "TLSv1.2", "TLSv1.1"),
    ("version", "version_min", "TLSv1.2", "TLSv1.3", "SSLv3"),
    ("version", "version_min", "20.04", "22.04", "18.04"),
    ("version", "version_min", "3.9", "3.10", "3.2"),
    ("seen", "older_than", "7d", "2026-11-10T00:00:00+00:00", "2026-11-23T00:00:00+00:00"),
    ("seen", "newer_than", "7d", "2026-11-23T00:00:00", "2026-11-10T00:00:00"),
    ("seen", "newer_than", 3600, "2026-11-24T00:30:00+00:00", "2026-11-23T00:00:00+00:00"),
    ("seen", "newer_than", "now", "2026-12-24T00:00:00+00:00", "2026-11-23T00:00:00+00:00"),
    ("seen", "newer_than", "2026-11-01", "2026-11-02T00:00:00+00:00", "2026-10-31T00:00:00+00:00"),
]


@pytest.mark.parametrize(("path", "op", "operand", "good", "bad"), CASES)
def test_operator_tells_good_from_bad(path, op, operand, good, bad):
    asked = bound(that(f"w.{path}", op, operand))

    assert evaluate(asked, WEB, seen(**{path: good}), NOW).status is Status.PASS
    assert evaluate(asked, WEB, seen(**{path: bad}), NOW).status is Status.FAIL


@pytest.mark.parametrize(
    ("path", "op", "operand", "value"),
    [
        ("number", "max", 5, "many"),
        ("mode", "mode_max", "0640", "rwxr"),
        ("seen", "newer_than", "7d", "yesterday"),
        ("words", "contains", "x", 7),
    ],
)
def test_value_of_the_wrong_shape_is_an_error(path, op, operand, value):
    result = evaluate(bound(that(f"w.{path}", op, operand)), WEB, seen(**{path: value}), NOW)

    assert result.status is Status.ERROR


SENTENCES = [
    (
        "seen",
        "newer_than",
        259_200,
        "2026-10-15T00:00:00+00:00",
        "Waktu: 2026-10-15T00:00:00+00:00, seharusnya lebih baru dari 3 hari",
        "Waktu (en): 2026-10-15T00:00:00+00:00, expected newer than 3 days",
    ),
    ("number", "max", 4, 6, "Angka: 6, paling banyak 4", "Angka (en): 6, at most 4"),
    ("flag", "eq", False, True, "Tanda: ya, seharusnya tidak", "Tanda (en): yes, expected no"),
    (
        "words",
        "contains_none",
        ["cbc"],
        ["ctr", "cbc"],
        "Daftar kata: cbc, tidak boleh ada",
        "Daftar kata (en): cbc, must be absent",
    ),
    (
        "words",
        "contains_all",
        ["a", "b"],
        ["a"],
        "Daftar kata: a, belum memuat b",
        "Daftar kata (en): a, lacks b",
    ),
    (
        "words",
        "empty",
        False,
        [],
        "Daftar kata: (kosong), tidak boleh kosong",
        "Daftar kata (en): (none), must not be empty",
    ),
    (
        "age",
        "max",
        "7d",
        8 * 86_400,
        "Umur: 8 hari, paling banyak 7d",
        "Umur (en): 8 days, at most 7d",
    ),
    (
        "age",
        "max",
        86_400,
        129_600,
        "Umur: 1,5 hari, paling banyak 1 hari",
        "Umur (en): 1.5 days, at most 1 day",
    ),
    (
        "age",
        "max",
        30,
        45,
        "Umur: 45 detik, paling banyak 30 detik",
        "Umur (en): 45 seconds, at most 30 seconds",
    ),
    (
        "word",
        "eq",
        "x",
        "a\n  b" + "c" * 300,
        f"Kata: a b{'c' * 197}…, seharusnya x",
        f"Kata (en): a b{'c' * 197}…, expected x",
    ),
]


@pytest.mark.parametrize(("path", "op", "operand", "value", "indonesian", "english"), SENTENCES)
def test_failure_says_what_was_found_and_expected(path, op, operand, value, indonesian, english):
    result = evaluate(bound(that(f"w.{path}", op, operand)), WEB, seen(**{path: value}), NOW)

    assert result.reasons[0].message.id == indonesian
    assert result.reasons[0].message.en == english


def test_long_lists_are_shown_in_part():
    words = [f"w{n}" for n in range(13)]

    result = evaluate(bound(that("w.words", "contains", "x")), WEB, seen(words=words), NOW)

    assert "w9, dan 3 lagi, harus memuat x" in result.reasons[0].message.id
    assert "w9, and 3 more, must contain x" in result.reasons[0].message.en


def test_each_stray_element_is_a_reason_of_its_own():
    asked = bound(that("w.ports", "subset_of", ["22/tcp"]))

    result = evaluate(asked, WEB, seen(ports=["21/tcp", "22/tcp", "23/tcp"]), NOW)

    assert [reason.item for reason in result.reasons] == ["21/tcp", "23/tcp"]


def test_a_table_that_should_be_empty_fails_without_naming_records():
    asked = bound(that("w.rows", "empty", True))

    result = evaluate(asked, WEB, seen(rows=[{"name": "a"}]), NOW)

    assert (result.status, [r.item for r in result.reasons]) == (Status.FAIL, [""])
