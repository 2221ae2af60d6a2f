"""A value that is right only by default passes and says so, unless it must be written."""

import msgspec
import pytest

from auditor.evaluate import evaluate
from auditor.model.result import Status
from tests.unit.evaluate.world import NOW, WEB, bound, each, gap, group, seen, that

LIMIT = that("w.number", "max", 4)


def judged(*expect, place=None, number=4):
    places = {} if place is None else {"places": {"number": place}}
    return evaluate(bound(*expect), WEB, seen(number=number, **places), NOW)


def english(result):
    return [(str(reason.status), reason.message.en) for reason in result.reasons]


def test_a_default_that_is_right_passes_and_says_so():
    result = judged(LIMIT, place="default")

    assert english(result) == [("pass", "Angka (en): 4 (default)")]
    assert result.reasons[0].message.id == "Angka: 4 (nilai bawaan)"


def test_a_default_that_is_wrong_says_so_too():
    result = judged(LIMIT, place="default", number=6)

    assert english(result) == [("fail", "Angka (en): 6 (default), at most 4")]
    assert result.reasons[0].message.id == "Angka: 6 (nilai bawaan), paling banyak 4"


def test_a_value_that_a_file_sets_is_no_default():
    result = judged(LIMIT, place="/etc/x:3")

    assert english(result) == [("pass", "Angka (en): 4")]
    assert result.reasons[0].place == "/etc/x:3"


WRITTEN = that("w.number", "written", True)


@pytest.mark.parametrize(
    ("place", "status", "message"),
    [
        ("/etc/x:3", Status.PASS, "Angka (en): 4"),
        (
            "default",
            Status.FAIL,
            "Angka (en): 4 (default), relies on the default; write it in the configuration file",
        ),
        (None, Status.ERROR, "Angka (en): not seen (no data)"),
    ],
)
def test_a_policy_may_demand_that_it_is_written(place, status, message):
    result = judged(WRITTEN, place=place)

    assert english(result) == [(str(status), message)]


def test_the_demand_is_made_beside_the_others():
    result = judged(LIMIT, WRITTEN, place="default")

    assert result.status is Status.FAIL
    assert result.reasons[0].message.id == (
        "Angka: 4 (nilai bawaan), bergantung pada nilai bawaan; "
        "tulis nilainya di berkas konfigurasi"
    )


def test_what_was_not_seen_is_not_written():
    assert evaluate(bound(WRITTEN), WEB, gap(), NOW).status is Status.ERROR
    assert judged(that("w.word", "written", True)).status is Status.ERROR


@pytest.mark.parametrize("place", ["/etc/x:3", "default", None])
def test_where_the_parameter_is_off_nothing_is_demanded(place):
    result = judged(LIMIT, that("w.number", "written", False), place=place)

    assert result.status is Status.PASS
    assert len(result.reasons) == 1


def test_the_place_of_a_row_is_the_place_of_its_facts():
    rows = [
        {"name": "a", "uid": 0, "place": "/etc/passwd:1"},
        {"name": "b", "uid": 1, "place": "/etc/passwd:2"},
        {"name": "c", "uid": 1, "place": "default"},
    ]
    same = each("none", "w.rows", where=(that("uid", "eq", 1),))

    result = evaluate(bound(same), WEB, seen(rows=rows), NOW)

    assert [(r.item, r.place) for r in result.reasons] == [
        ("b", "/etc/passwd:2"),
        ("c", "default"),
    ]
    assert result.reasons[1].message.en == "c: UID (en): 1 (default)"


def test_a_nearer_place_counts_and_a_group_may_ask_for_it():
    asked = msgspec.structs.replace(
        bound(group("any", that("w.inner.number", "written", True), LIMIT))
    )
    inner = {"number": 5, "places": {"number": "/etc/inner:1"}}

    result = evaluate(asked, WEB, seen(number=9, inner=inner, places={"inner": "default"}), NOW)

    assert result.status is Status.PASS
    assert result.reasons[0].place == "/etc/inner:1"
