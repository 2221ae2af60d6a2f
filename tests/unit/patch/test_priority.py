"""Which update comes first, when it is due, and the sentence that says why."""

from datetime import date

import pytest

from auditor.model.base import Text
from auditor.model.priority import Band, Priorities
from tests.unit.probe.patching import OS, entry, feeds, fix, impact, index, join, package

TITLE = Text(id="kelompok", en="band")
BANDS = Priorities(
    name="Kota Batu",
    bands=(
        Band(id="now", title=TITLE, days=3, exposed=True, kev=True, examine=True),
        Band(id="kev", title=TITLE, days=14, kev=True),
        Band(id="soon", title=TITLE, days=14, exposed=True, automatable=True, total=True),
        Band(id="later", title=TITLE, days=60, exposed=True),
        Band(id="next", title=TITLE),
    ),
)
WEB = {
    "sockets": [
        {"port": "443/tcp", "public": True, "unit": "nginx.service", "process": "nginx",
         "packages": ["nginx"], "libraries": ["libssl3"]},
        {"port": "80/tcp", "public": True, "unit": "nginx.service", "process": "nginx",
         "packages": ["nginx"], "libraries": []},
        {"port": "5432/tcp", "public": False, "unit": "", "process": "postgres",
         "packages": ["postgresql-15"], "libraries": ["libssl3"]},
    ],
    "complete": True,
}  # fmt: skip
SEEN = {"numbers": ["443/tcp"], "vantage": "internet"}
LIBSSL = package("libssl3", "1", source="openssl")


def judge(*rows, listed=(LIBSSL,), serving=WEB, ports=SEEN, address="10.0.0.1", **more):
    held = feeds(*rows, indexes=(index(),), priorities=BANDS, **more)
    found = {k: v for k, v in (("serving", serving), ("ports", ports)) if v is not None}
    return join(list(listed), held, address=address, **found)["security"]


OPENSSL = fix("openssl", "2", "CVE-2026-1", issued=date(2026, 11, 10))


@pytest.mark.parametrize(
    ("more", "reach", "ports"),
    [
        ({}, "internet", ["443/tcp"]),
        ({"ports": SEEN | {"vantage": "zone batu"}}, "network", ["443/tcp"]),
        ({"ports": SEEN | {"vantage": "zone batu"}, "address": "9.9.9.9"}, "internet", ["443/tcp"]),
        ({"ports": SEEN | {"vantage": "z"}, "address": "a.batu.go.id"}, "network", ["443/tcp"]),
        ({"ports": None}, "network", ["443/tcp"]),
        ({"ports": None, "address": "9.9.9.9"}, "unknown", ["443/tcp"]),
        ({"ports": SEEN | {"numbers": []}, "address": "9.9.9.9"}, "network", ["443/tcp"]),
        ({"serving": None}, "unknown", []),
        ({"serving": {"gap": {"why": "needs_root", "detail": "x"}}}, "unknown", []),
        ({"serving": {"sockets": [], "complete": True}}, "none", []),
        ({"serving": {"sockets": [], "complete": False}}, "unknown", []),
        ({"serving": {"sockets": WEB["sockets"][2:], "complete": True}}, "loopback", ["5432/tcp"]),
    ],
)
def test_exposure_joins_inside_outside_and_the_package(more, reach, ports):
    (row,) = judge(OPENSSL, **more)

    assert (row["exposed"], row["ports"]) == (reach, ports)


def test_ports_that_reach_as_far_are_told_together_in_order():
    row = fix("nginx", "2")

    (action,) = judge(row, listed=[package("nginx", "1")], ports=None)

    assert action["ports"] == ["80/tcp", "443/tcp"]


@pytest.mark.parametrize(
    ("more", "band", "due"),
    [
        ({"kev": ["CVE-2026-1"]}, "now", "2026-11-13"),
        ({"kev": [("CVE-2026-1", date(2026, 11, 20), False)]}, "now", "2026-11-23"),
        (
            {"kev": ["CVE-2026-1"], "serving": {"sockets": [], "complete": True}},
            "kev",
            "2026-11-24",
        ),
        ({"impact": [impact("CVE-2026-1", True, True)]}, "soon", "2026-11-24"),
        ({"impact": [impact("CVE-2026-1", True, False)]}, "later", "2027-01-09"),
        ({"impact": [impact("CVE-2026-1", False, True)]}, "later", "2027-01-09"),
        ({}, "soon", "2026-11-24"),
        ({"serving": None}, "soon", "2026-11-24"),
        ({"serving": {"sockets": [], "complete": True}}, "next", ""),
    ],
)
def test_the_first_band_that_fits_gives_the_days(more, band, due):
    """What is not known is taken for yes; a mark of KEV counts from its own day."""
    (row,) = judge(OPENSSL, **more)

    assert (row["band"], row["due"][:10]) == (band, due)


@pytest.mark.parametrize(
    ("days", "overdue"), [("2026-11-20", True), ("2026-11-21", False), ("2026-11-22", False)]
)
def test_an_update_is_overdue_after_its_last_day(days, overdue):
    row = fix("openssl", "2", "CVE-2026-1", issued=date.fromisoformat(days))

    (action,) = judge(row, kev=[("CVE-2026-1", date(2026, 1, 1), False)])

    assert action["overdue"] is overdue


VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


@pytest.mark.parametrize(
    ("told", "answers"),
    [
        (impact("CVE-2026-1", vector=VECTOR, cvss=9.8), ("yes", "yes", True)),
        (impact("CVE-2026-1", vector=VECTOR.replace("PR:N", "PR:L")), ("no", "yes", True)),
        (impact("CVE-2026-1", vector=VECTOR.replace("/A:H", "/A:L")), ("yes", "no", True)),
        (impact("CVE-2026-1", False, vector=VECTOR), ("no", "yes", True)),
        (impact("CVE-2026-1", None, False, vector=VECTOR), ("yes", "no", True)),
        (impact("CVE-2026-1", True, False, vector=VECTOR), ("yes", "no", False)),
        (impact("CVE-2026-1"), ("unknown", "unknown", False)),
    ],
)
def test_what_ssvc_does_not_tell_is_read_from_the_vector_and_marked(told, answers):
    (row,) = judge(OPENSSL, impact=[told])

    assert (row["automatable"], row["total"], row["derived"]) == answers
    assert ("CVSS vector" in row["reason_en"]) is answers[2]
    assert row["cvss"] == ("9.8" if told.cvss else "")


def test_the_most_urgent_weakness_of_an_update_speaks_for_it():
    row = fix("openssl", "2", "CVE-2026-1", "CVE-2026-2", issued=date(2026, 11, 10))

    (action,) = judge(row, kev=[("CVE-2026-2", date(2026, 5, 6), True)], epss=[("CVE-2026-2", 0.5)])

    assert action["reason_en"].startswith(
        "CVE-2026-2: known to be exploited (KEV since 2026-05-06)"
    )
    assert "used by ransomware; exposed to the Internet on 443/tcp" in action["reason_en"]
    assert "sudah dieksploitasi" in action["reason_id"]
    assert (action["percentile"], action["ransomware"]) == (50, True)


def test_an_update_without_a_number_has_a_reason_too():
    held = feeds(indexes=(index(entry("libssl3", "2", "openssl")),), priorities=BANDS)

    (row,) = join([LIBSSL], held, serving=WEB, ports=SEEN)["security"]

    assert row["reason_en"] == (
        "a security update without a CVE: exposed to the Internet on 443/tcp"
    )
    assert (row["cves"], row["percentile"], row["band"]) == ([], -1, "soon")


def test_updates_come_by_band_then_day_then_ransomware_epss_cvss_and_name():
    day = date(2026, 11, 10)
    rows = [
        fix(name, "2", f"CVE-2026-{n}", issued=issued)
        for n, (name, issued) in enumerate(
            [("g", day), ("f", day), ("e", day), ("d", day), ("c", day), ("b", date(2026, 11, 9)),
             ("a", day)]
        )
    ]  # fmt: skip
    listed = [package(row.package, "1") for row in rows]
    nothing = {"sockets": [], "complete": True}

    found = judge(
        *rows,
        listed=listed,
        serving=None,
        kev=[("CVE-2026-6", day, False), ("CVE-2026-4", day, True)],
        epss=[("CVE-2026-3", 0.9), ("CVE-2026-2", 0.1)],
        impact=[impact("CVE-2026-1", cvss=9.0), impact("CVE-2026-0", cvss=8.0)],
    )

    assert [row["source"] for row in found] == ["c", "a", "b", "d", "e", "f", "g"]
    assert judge(*rows, listed=listed, serving=nothing)[0]["due"] == ""


def test_without_a_band_that_fits_the_last_one_counts():
    table = Priorities(
        bands=(Band(id="kev", title=TITLE, kev=True), Band(id="x", title=TITLE, kev=True))
    )
    held = feeds(OPENSSL, indexes=(index(),), priorities=table)

    assert join([LIBSSL], held, os=OS)["security"][0]["band"] == "x"


def test_alike_targets_get_the_same_answer_by_the_same_feeds():
    row = fix("openssl", "2", "CVE-2026-1", "CVE-2026-2", issued=date(2026, 11, 10))
    held = feeds(row, indexes=(index(),), priorities=BANDS, kev=["CVE-2026-1"])

    first, second = (
        join(listed, held, serving=WEB, ports=SEEN)["security"]
        for listed in ([LIBSSL], [LIBSSL, package("openssl", "1.5")])
    )
    again = join([LIBSSL], held, serving=WEB, ports=SEEN)["security"]

    assert first == again
    assert first[0]["reason_en"].startswith("CVE-2026-1: known")
    assert second[0]["packages"] == ["libssl3", "openssl"]
