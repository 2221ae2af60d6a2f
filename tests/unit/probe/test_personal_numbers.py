"""Numbers of persons: what cannot be one first, then every way of writing one."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.personal_find import Finder
from auditor.probe.personal_numbers import (
    born,
    candidates,
    hide,
    is_certain,
    is_family_card,
    is_number,
    masked,
    mobiles,
    plain,
    tax_numbers,
    wrapped,
)
from auditor.probe.personal_regions import known
from tests.unit.probe.personal_innocents import INNOCENTS, TABLES
from tests.unit.probe.personal_made import KKS, NIKS, NPWPS, TODAY, broken, kks, niks, written


def found(text, label=None):
    finder = Finder(TODAY)
    finder.text(text, label=label)
    finder.settle()
    return finder


@given(broken())
def test_what_is_wrong_in_one_thing_is_no_number(number):
    assert not is_number(number, TODAY)
    assert not found(f"NIK {number}").niks


@given(niks())
def test_what_is_right_in_all_is_one(number):
    assert is_number(number, TODAY)
    assert is_certain(number, TODAY)


@given(niks(), st.data())
def test_a_number_is_found_however_it_is_written(number, data):
    text = data.draw(st.sampled_from(written(number)))

    assert found(f"Atas nama Budi, NIK: {text}, alamat Jalan Melati 1").niks == {number}


@given(niks())
def test_usual_writing_needs_no_word(number):
    for text in written(number)[:7]:
        assert found(f"Budi {text} Junrejo").niks == {number}, text


@given(kks())
def test_a_family_card_is_told_by_its_name(number):
    finder = found(f"No. KK {number}")

    assert finder.kks == {number}
    assert not finder.niks


@pytest.mark.parametrize("text", INNOCENTS)
def test_no_false_alarm(text):
    finder = found(text)

    assert not finder.niks
    assert not finder.kks
    assert not finder.npwps


@pytest.mark.parametrize("text", INNOCENTS)
def test_no_false_alarm_in_lines(text):
    finder = Finder(TODAY)
    finder.lines(text, "#page=1")
    finder.settle()

    assert not finder.niks
    assert not finder.kks


@pytest.mark.parametrize("rows", TABLES)
def test_no_false_alarm_in_tables(rows):
    from auditor.probe.personal_csv import cell

    finder = Finder(TODAY)
    grid = finder.grid()
    for row in rows:
        grid.row((at, cell(text)) for at, text in enumerate(row))
    finder.settle()

    assert not finder.niks
    assert not finder.kks


@given(st.lists(st.integers(0, 10**16 - 1), min_size=400, max_size=400, unique=True))
def test_random_numbers_are_no_persons(numbers):
    assert not found("\n".join(f"{number:016}" for number in numbers)).niks


@pytest.mark.parametrize(
    ("digits", "birth"),
    [
        ("3579010101900001", date(1990, 1, 1)),
        ("3579014101900001", date(1990, 1, 1)),
        ("3579012902000001", date(2000, 2, 29)),
        ("3579012902990001", None),
        ("3579012411260001", date(2026, 11, 24)),
        ("3579012511260001", date(1926, 11, 25)),
        ("3579010001900001", None),
    ],
)
def test_births(digits, birth):
    assert born(digits, TODAY) == birth


@pytest.mark.parametrize(
    ("region", "there"),
    [
        *(("357901", True), ("357301", True), ("350711", True), ("310101", True)),
        *(("358001", False), ("357900", False), ("357961", False), ("353001", False)),
        *(("370101", False), ("310201", False), ("317001", False)),
    ],
)
def test_regions(region, there):
    assert known(region) is there


def test_a_family_card_adds_nothing_to_its_day():
    assert is_family_card("3579010502150003", TODAY)
    assert not is_family_card("3579014502150003", TODAY)
    assert found("KK 3579014502150003").niks == {"3579014502150003"}


def test_a_rounded_number_has_no_serial():
    assert is_number("3579010101900000", TODAY, serial=False)
    assert not is_number("3579010101900000", TODAY)


@pytest.mark.parametrize(
    ("text", "natural"),
    [
        ("3579010101900001", True),
        ("(3579010101900001)", True),
        ("x3579010101900001", False),
        ("3579010101900001y", False),
        ("12.3579010101900001", False),
        ("3579010101900001-12", False),
        ("3579 0101 0190 0001", True),
        ("1234 3579 0101 0190 0001", False),
        ("12 3579 0101 0190 0001 5", True),
        ("35790101 01900001", False),
        ("3579 01 0101900001", False),
    ],
)
def test_what_needs_a_word(text, natural):
    (one,) = [c for c in candidates(text) if c.digits == "3579010101900001"]

    assert one.natural is natural
    assert bool(found(text).niks) is natural
    assert found(f"NIK {text}").niks == {"3579010101900001"} or not natural


@pytest.mark.parametrize(
    "text", ["1 2 3", "12345678 123456789", "1" * 17, "123 456 78901234567", "a"]
)
def test_what_is_no_sequence_of_sixteen(text):
    assert list(candidates(text)) == []


def test_mixed_separators_are_no_group():
    assert [c.natural for c in candidates("3579 0101-0190 0001")] == [False]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("NIK 3507\n1112 1212 0005 dari", ["3507111212120005"]),
        ("35\n07111\n21212\n0007", ["3507111212120007"]),
        ("3507111212120005\n1", []),
        ("3507 1112\n", []),
        ("35071112121200051\n2", []),
    ],
)
def test_numbers_that_go_on_in_the_next_line(text, digits):
    assert [one.digits for one in wrapped(text)] == digits


def test_a_wrapped_number_needs_its_name():
    assert found("NIK 3507\n1112 1212 0005 dari").niks == {"3507111212120005"}
    assert not found("Data 3507\n1112 1212 0005 dari").niks
    assert not found("Rek 3507\n1112 1212 0005 dari").niks
    assert not found("NIK 3700\n1112 1212 0005 dari").niks


@pytest.mark.parametrize("text", NPWPS)
def test_taxpayers(text):
    digits = "".join(c for c in text if c.isdigit())

    assert [d for d, _, _ in tax_numbers(f"NPWP {text}.")] == [digits]
    assert [d for d, _, _ in tax_numbers(f"npwp: {digits}")] == [digits]
    assert [d for d, _, _ in tax_numbers(text.replace(".", " ").replace("-", " "))] == [digits]
    assert found(f"x {text}").npwps == {digits}


@pytest.mark.parametrize(
    "text", ["1.09.254.294.3-407.000", "09.254.294.3-407.000.1", "09.254.2943-407.000"]
)
def test_what_is_no_taxpayer(text):
    assert list(tax_numbers(text)) == []


def test_a_nik_that_serves_as_npwp_is_a_nik():
    assert found(f"NPWP16: 0{'9' * 15}, NPWP {NIKS[0]}").niks == {NIKS[0]}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "081234567890",
            "0812-3456-7890",
            "0812 3456 7890",
            "+6281234567890",
            "+62 812-3456-7890",
        ),
        *("6281234567890", "(+62) 812 3456 7890", "+62 (0)812 3456 7890", "0812.3456.7890"),
    ],
)
def test_mobile_numbers(text):
    assert set(mobiles(f"HP {text}, Budi")) == {"81234567890"}


@pytest.mark.parametrize(
    "text",
    ["0341512345", "(0341) 512345", "021-5551234", "08123", "1081234567890", "80812345678901234"],
)
def test_landlines_and_other_numbers_are_none(text):
    assert not list(mobiles(text))


@pytest.mark.parametrize("number", [*NIKS, *KKS])
def test_masks_show_the_region_only(number):
    assert masked(number) == number[:6] + "x" * 10
    for text in written(number):
        shown = plain(hide(text)).replace(" ", "").replace(".", "").replace("-", "")
        assert shown == number[:6] + "x" * 10, text


@given(niks(), st.text(max_size=30), st.text(max_size=30))
def test_hiding_leaves_no_number(number, before, after):
    assert number not in hide(f"{before} {number} {after}")


def test_hiding_keeps_what_is_around():
    text = "lihat 3579010101900001 dan 0812-3456-7890"

    assert hide(text) == "lihat 357901xxxxxxxxxx dan 0812-3456-7890"
    assert hide("biasa") == "biasa"
    assert hide("9" * 20) == "9" * 20
    assert hide("0.3579010101900001") == "0.3579010101900001"
    assert hide("1234567890 35 79 01 010190 0001") == "1234567890 35 79 01 xxxxxx xxxx"


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "1 ",
            "1.",
            "1\n",
            "3579 0101 0190 0001 ",
            "NIK 3579010101900001 ",
            "nik ",
            "1",
            "08",
            "08 1 ",
        ),
        *(
            "a" * 64 + "@",
            "a@",
            "+62 ",
            "npwp ",
            " ",
            "12345678 nik ",
            "3579010101900001\n",
            "-",
            "%35",
        ),
    ],
)
def test_hostile_text_costs_little(piece):
    text = piece * (300_000 // len(piece))
    finder = Finder(TODAY)
    begun = time.process_time()

    finder.text(text)
    finder.lines(text, "#page=1")

    assert time.process_time() - begun < 10
