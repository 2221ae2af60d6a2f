import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.evaluate import MOST_REASONS, evaluate
from auditor.model.base import Text
from auditor.model.check import Op
from auditor.model.fact import WAITING, Why
from auditor.model.result import Status
from tests.unit.evaluate.world import NOW, WEB, bound, each, gap, group, seen, that

YES = that("w.number", "eq", 1)
NO = that("w.word", "eq", "right")
UNSEEN = that("w.age", "max", 5)
WORLD = {"number": 1, "word": "wrong"}


def status(*expect, world=None, **more):
    return evaluate(bound(*expect, **more), WEB, seen(**(world or WORLD)), NOW).status


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ((YES,), Status.PASS),
        ((NO,), Status.FAIL),
        ((UNSEEN,), Status.ERROR),
        ((YES, UNSEEN), Status.ERROR),
        ((UNSEEN, NO), Status.FAIL),
        ((YES, NO), Status.FAIL),
        ((group("any", YES, NO),), Status.PASS),
        ((group("any", UNSEEN, YES),), Status.PASS),
        ((group("any", UNSEEN, NO),), Status.ERROR),
        ((group("any", NO),), Status.FAIL),
        ((group("none", NO),), Status.PASS),
        ((group("none", YES, NO),), Status.FAIL),
        ((group("none", UNSEEN, NO),), Status.ERROR),
        ((group("all", YES, group("any", NO, YES)),), Status.PASS),
    ],
)
def test_expectations_combine_with_three_values(parts, verdict):
    assert status(*parts) is verdict


@pytest.mark.parametrize(
    ("when", "verdict"),
    [(YES, Status.FAIL), (NO, Status.NOT_APPLICABLE), (UNSEEN, Status.ERROR)],
)
def test_a_check_has_a_meaning_only_when_its_facts_hold(when, verdict):
    asked = msgspec.structs.replace(bound(NO), when=(when, YES))

    result = evaluate(asked, WEB, seen(**WORLD), NOW)

    assert result.status is verdict
    assert {reason.status for reason in result.reasons} == {verdict}


def test_nothing_expected_is_not_a_pass():
    assert status() is Status.ERROR


@given(op=st.sampled_from(Op), why=st.sampled_from(Why), operand=st.sampled_from([True, 1, "a"]))
def test_what_was_not_seen_never_passes(op, why, operand):
    asked = bound(that("w.word", op, operand))

    unseen = Status.NOT_CHECKED if why in WAITING else Status.ERROR
    assert evaluate(asked, WEB, gap(why=why), NOW).status is unseen
    assert evaluate(asked, WEB, {}, NOW).status is Status.ERROR
    assert evaluate(asked, WEB, seen(), NOW).status is Status.ERROR


@pytest.mark.parametrize(
    ("other", "verdict"), [(UNSEEN, Status.ERROR), (NO, Status.FAIL), (YES, Status.NOT_CHECKED)]
)
def test_only_where_nobody_looked_at_anything_that_is_missing_is_it_not_checked(other, verdict):
    lapsed = {"gap": {"why": "expired", "detail": "sampai 2025"}}
    asked = bound(other, that("w.inner.number", "eq", 1))

    result = evaluate(asked, WEB, seen(**WORLD, inner=lapsed), NOW)

    assert result.status is verdict
    assert {reason.status for reason in result.reasons} == {verdict}


def test_gap_says_why():
    result = evaluate(bound(YES), WEB, gap(), NOW)

    assert result.reasons[0].message.id == "Dunia: tidak terlihat (perlu hak root)"
    assert result.reasons[0].detail == "perlu root"


@pytest.mark.parametrize(
    ("why", "detail", "words"),
    [
        ("other", "sebab lain", "(tidak ada data)"),
        ("timeout", "", "(tidak menjawab pada waktunya)"),
    ],
)
def test_a_gap_in_a_record_is_told_as_far_as_it_is_known(why, detail, words):
    world = {"inner": {"gap": {"why": why, "detail": detail}}}

    result = evaluate(bound(that("w.inner.number", "eq", 1)), WEB, seen(**world), NOW)

    assert words in result.reasons[0].message.id
    assert result.reasons[0].detail == detail


def test_a_gap_inside_a_record_explains_its_missing_leaves():
    world = {"inner": {"gap": {"why": "timeout", "detail": "terlalu lama"}}}

    result = evaluate(bound(that("w.inner.number", "eq", 1)), WEB, seen(**world), NOW)

    assert result.status is Status.ERROR
    assert "terlalu lama" in result.reasons[0].detail


@pytest.mark.parametrize("path", ["x.number", "w.nothing", "w.number.deeper", "w.users.name"])
def test_a_path_that_leads_nowhere_is_an_error(path):
    world = {"number": 1, "users": [{"name": "a"}]}

    assert status(that(path, "eq", 1), world=world) is Status.ERROR


def test_open_records_hold_keys_with_dots():
    world = {"kv": {"net.ipv4.ip_forward": "0"}}

    assert status(that("w.kv.net.ipv4.ip_forward", "eq", "0"), world=world) is Status.PASS


def test_a_program_that_refuses_its_configuration_fails_what_is_asserted_on_it():
    world = {"valid": False, "message": "line 12: bad"}

    result = evaluate(bound(YES), WEB, seen(**world), NOW)

    assert result.status is Status.FAIL
    assert "line 12: bad" in result.reasons[0].message.id
    assert status(that("w.valid", "eq", False), world=world) is Status.PASS
    assert status(each("all", "w.users", that=(YES,)), world=world) is Status.ERROR
    assert status(YES, world={"valid": False, "number": 1}) is Status.FAIL


def test_a_reason_names_the_place_to_mend():
    world = {"number": 2, "places": {"number": "/etc/world.conf:7"}}

    result = evaluate(bound(YES), WEB, seen(**world), NOW)

    assert result.reasons[0].place == "/etc/world.conf:7"


USERS = [
    {"name": "root", "uid": 0, "password": "yescrypt"},
    {"name": "twin", "uid": 0, "password": "empty"},
    {"name": "blind", "uid": 7, "gap": {"why": "needs_root", "detail": "perlu root"}},
]
ROOT, TWIN, BLIND = USERS
EMPTY = (that("password", "eq", "empty"),)
UID0 = (that("uid", "eq", 0),)


@pytest.mark.parametrize(
    ("users", "expectation", "verdict"),
    [
        ([ROOT], each("none", "w.users", where=EMPTY), Status.PASS),
        ([ROOT, TWIN], each("none", "w.users", where=EMPTY), Status.FAIL),
        ([ROOT, BLIND], each("none", "w.users", where=EMPTY), Status.ERROR),
        ([TWIN, BLIND], each("none", "w.users", where=EMPTY), Status.FAIL),
        ([ROOT], each("all", "w.users", that=UID0), Status.PASS),
        ([ROOT, BLIND], each("all", "w.users", that=UID0), Status.FAIL),
        ([ROOT, BLIND], each("all", "w.users", where=UID0, that=UID0), Status.PASS),
        ([BLIND], each("all", "w.users", that=EMPTY), Status.ERROR),
        ([BLIND], each("all", "w.users", where=EMPTY, that=UID0), Status.ERROR),
        ([BLIND], each("all", "w.users", where=EMPTY, that=(that("uid", "eq", 7),)), Status.PASS),
        ([ROOT, TWIN], each("any", "w.users", where=EMPTY), Status.PASS),
        ([ROOT], each("any", "w.users", where=EMPTY), Status.FAIL),
        ([ROOT, BLIND], each("any", "w.users", where=EMPTY), Status.ERROR),
        ([ROOT, TWIN], each("count", "w.users", where=UID0, most=2), Status.PASS),
        ([ROOT, TWIN], each("count", "w.users", where=UID0, most=1), Status.FAIL),
        ([ROOT], each("count", "w.users", where=UID0, least=2), Status.FAIL),
        ([TWIN, BLIND], each("count", "w.users", where=EMPTY, least=2), Status.ERROR),
        ([], each("none", "w.users", where=EMPTY), Status.ERROR),
        (["text"], each("all", "w.users", that=UID0), Status.ERROR),
        ("text", each("all", "w.users", that=UID0), Status.ERROR),
    ],
)
def test_tables_are_judged_item_by_item(users, expectation, verdict):
    assert status(expectation, world={"users": users}) is verdict


def test_a_table_that_may_be_empty_holds_nothing_against_the_target():
    assert status(each("none", "w.rows", where=UID0), world={"rows": []}) is Status.PASS


def test_a_table_that_was_not_seen_is_an_error():
    assert status(each("none", "w.rows", where=UID0)) is Status.ERROR


def test_each_failing_item_is_one_reason_under_its_own_name():
    asked = bound(each("none", "w.users", where=(*EMPTY, *UID0)))

    result = evaluate(asked, WEB, seen(users=USERS), NOW)

    assert [reason.item for reason in result.reasons] == ["twin"]
    assert result.reasons[0].message.id == "twin: Kata sandi: empty; UID: 0"


def test_records_in_items_are_reached_and_their_gaps_explained():
    asked = bound(each("all", "w.users", that=(that("cert.days_left", "min", 21),)))
    users = [{"name": "a", "cert": {"days_left": 3}}, {"name": "b", "cert": {}}]

    result = evaluate(asked, WEB, seen(users=users), NOW)

    assert [(r.item, r.status) for r in result.reasons] == [("a", Status.FAIL)]


def test_strays_in_items_carry_both_names():
    asked = bound(each("all", "w.users", that=(that("ports", "subset_of", ["22/tcp"]),)))

    result = evaluate(asked, WEB, seen(users=[{"name": "a", "ports": ["23/tcp"]}]), NOW)

    assert result.reasons[0].item == "a 23/tcp"


def test_reasons_beyond_the_limit_are_counted():
    ports = [f"{n}/tcp" for n in range(MOST_REASONS + 5)]

    result = evaluate(bound(that("w.ports", "subset_of", [])), WEB, seen(ports=ports), NOW)

    assert (len(result.reasons), result.more) == (MOST_REASONS, 5)


def test_an_excluded_check_is_not_asked():
    why = Text(id="tidak perlu", en="no need")

    result = evaluate(bound(NO, excluded=(Status.NOT_APPLICABLE, why)), WEB, seen(**WORLD), NOW)

    assert result.status is Status.NOT_APPLICABLE
    assert result.reasons[0].message == why


def test_only_telling_reasons_are_kept():
    result = evaluate(bound(YES, NO), WEB, seen(**WORLD), NOW)

    assert [reason.status for reason in result.reasons] == [Status.FAIL]


def test_results_keep_scalars_only():
    found = evaluate(bound(that("w.words", "contains", "x")), WEB, seen(words=["y"]), NOW)

    assert msgspec.json.decode(msgspec.json.encode(found.reasons[0].found)) == "['y']"


def test_a_name_that_items_do_not_have_is_an_error():
    rows = [{"name": "a", "uid": 1}]

    result = evaluate(
        bound(each("none", "w.users", where=[that("nothing", "eq", 1)])), WEB, seen(users=rows), NOW
    )

    assert result.status is Status.ERROR
    assert "there is no fact 'nothing'" in result.reasons[0].detail
