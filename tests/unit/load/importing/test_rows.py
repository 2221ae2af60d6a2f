import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import ConfigError, ConfigErrors
from auditor.load.importing.rows import Row, Sheet, cell, identifier, targets_of
from auditor.load.inventory import parse_inventory
from tests.unit.load.written import INVENTORY, document

MADE = parse_inventory(document(INVENTORY)).value


def row(line=5, owners=(("dinkes",),), **values):
    return Row(values={"id": "new", "address": "10.0.0.7", **values}, owners=owners, line=line)


def raws(*rows, names=None):
    return targets_of(Sheet("list.csv", rows), MADE, names or {})


def mistakes(*rows):
    with pytest.raises(ConfigErrors) as caught:
        raws(*rows)
    return [(error.line, error.problem) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"address": "11.0.0.1"}, "new: 11.0.0.1 lies outside the authority's scope"),
        ({"address": "10.0.0.300"}, "new: '10.0.0.300' is neither an IP address nor a name"),
        ({"address": "http://x"}, "address: 'http://x' does not have the right form"),
        ({"sites": ["www.other.id"]}, "new: www.other.id lies outside the authority's scope"),
        ({"id": ""}, "id: '' does not have the right form"),
        ({"ports": ["ssh/tcp"]}, "ports: 'ssh/tcp' does not have the right form"),
        ({"ports": ["0/tcp"]}, "new: '0/tcp' is no port"),
        ({"zone": "dmz"}, "new: there is no zone 'dmz'"),
        ({"ssh": {"jump": "-o x"}}, "jump: '-o x' names no server"),
        (
            {"tags": {"kategori_se": "sangat tinggi"}},
            "kategori_se: 'sangat tinggi' is not possible here",
        ),
    ],
)
def test_a_row_that_the_inventory_would_refuse_is_told_with_its_line(values, problem):
    assert mistakes(row(**values)) == [(5, problem)]


def test_all_rows_are_looked_at():
    rows = (
        row(2, address="x y"),
        row(3, id="other", owners=(("Dinas Pu",),)),
        row(4),
        row(9),
    )

    assert [line for line, _ in mistakes(*rows)] == [2, 3, 9]


@pytest.mark.parametrize(
    "name", ["dinkes", "Dinas Kesehatan", "DINAS  kesehatan", "dinkes ", "Dinas_Kesehatan"]
)
def test_an_office_is_known_by_id_name_and_alias(name):
    assert raws(row(owners=((name,),)))[0]["opd"] == "dinkes"


def test_the_nearest_name_that_is_known_counts():
    owners = (("web", "linux"), ("kominfo", "blok-a"), ("dinkes",))

    assert raws(row(owners=owners))[0]["opd"] == "kominfo"


def test_two_offices_at_once_are_refused():
    (told,) = mistakes(row(owners=(("web",), ("kominfo", "dinkes"))))

    assert told == (5, "new belongs to several OPDs: dinkes, kominfo")


def test_an_unknown_office_gets_a_suggestion():
    with pytest.raises(ConfigErrors) as caught:
        raws(row(owners=(("Dinas Kesehtan",),)))

    (error,) = caught.value.errors
    assert error.problem == "new: there is no OPD 'Dinas Kesehtan'"
    assert (
        error.hint == "did you mean 'dinas kesehatan'? (or map it: --opd-map 'Dinas Kesehtan'=ID)"
    )


@pytest.mark.parametrize("owners", [(), (("",),), ((" ",), ())])
def test_a_row_without_an_office_is_refused(owners):
    ((_, problem),) = mistakes(row(owners=owners))

    assert problem == "new: names no OPD"


def test_the_operator_s_map_wins():
    names = {"Web Servers": "kominfo", "dinkes": "kominfo"}

    assert raws(row(owners=(("web-servers",),)), names=names)[0]["opd"] == "kominfo"
    assert raws(row(), names=names)[0]["opd"] == "kominfo"


def test_a_map_to_an_unknown_office_is_refused():
    with pytest.raises(
        ConfigError, match="--opd-map: there is no OPD 'dinkse'\n  hint: did you mean"
    ):
        raws(row(), names={"x": "dinkse"})


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Server Web  Utama", "server-web-utama"),
        ("  web_1.batu.go.id ", "web_1.batu.go.id"),
        ("(Baru) SIMPEG/2", "baru-simpeg-2"),
        ("日本", ""),
        ("a" * 62 + "--b", "a" * 62),
        ("...", ""),
    ],
)
def test_a_name_becomes_an_id(name, id_):
    assert identifier(name) == id_


@given(st.text(max_size=100))
def test_any_name_becomes_an_id_that_the_model_takes_or_nothing(name):
    made = identifier(name)

    assert made == "" or raws(row(id=made))[0]["id"] == made


def test_a_cell_is_one_line_without_control_characters():
    assert cell("a\n b\x85c\x1b") == "a b c\ufffd"
