"""Records are held against the types that their probes promise."""

import pytest

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.model.shape import conforms, misfits

LABEL = Text(id="a", en="b")


def field(kind, **more):
    return Field(kind=kind, label=LABEL, **more)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Kind.BOOL, [True, False], [0, "yes", None]),
        (Kind.INT, [0, -1], [True, "1", 1.5]),
        (Kind.DURATION, [3600], [True, "1h"]),
        (Kind.TEXT, ["", "a"], [None, 1, ["a"]]),
        (Kind.VERSION, ["1.2"], [1.2]),
        (Kind.TEXTS, [[], ["a"]], ["a", [1], ("a",), None]),
        (Kind.PORTS, [[], ["22/tcp", "53/udp"]], [["22"], ["tcp/22"], "22/tcp", [22]]),
        (Kind.MODE, ["0640", "4755"], ["640", "0888", 640]),
        (Kind.TIME, ["2026-11-24T01:00:00+00:00"], ["2026-11-24T01:00:00", "soon", 1]),
    ],
)
def test_leaves_have_the_type_of_their_field(kind, good, bad):
    assert [value for value in good if not conforms(value, field(kind))] == []
    assert [value for value in bad if conforms(value, field(kind))] == []


RECORD = field(
    Kind.RECORD,
    fields={
        "n": field(Kind.INT),
        "rows": field(Kind.TABLE, key=("name",), fields={"name": field(Kind.TEXT)}),
    },
)


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        ({}, []),
        ({"n": 1, "rows": [{"name": "a"}]}, []),
        ({"n": "1"}, ["n"]),
        ({"other": 1}, ["other"]),
        ([], [""]),
        ({"rows": {}}, ["rows"]),
        ({"rows": ["a"]}, ["rows[0]"]),
        ({"rows": [{"name": "a"}, {}, {"name": 1}]}, ["rows[1].name", "rows[2].name"]),
        ({"gap": {"why": "needs_root", "detail": "x"}}, []),
        ({"rows": [{"name": "a", "gap": {"why": "cut", "detail": ""}}]}, []),
        ({"gap": {"why": "because", "detail": "x"}}, ["gap"]),
        ({"gap": {"why": "cut"}}, ["gap"]),
        ({"gap": {"why": "cut", "detail": 1}}, ["gap"]),
        ({"gap": "cut"}, ["gap"]),
        ({"places": {"n": "/etc/x:1"}}, []),
        ({"places": {"n": 1}}, ["places"]),
        ({"places": "x"}, ["places"]),
    ],
)
def test_every_misfit_is_named_by_its_path(value, paths):
    assert list(misfits(value, RECORD)) == paths


def test_open_names_have_the_type_of_the_others():
    open_record = field(Kind.RECORD, others=field(Kind.TEXT))

    assert conforms({"anything": "x"}, open_record)
    assert not conforms({"anything": 1}, open_record)
