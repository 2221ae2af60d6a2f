"""End of life, stale, missing and unbelieved data never pass."""

from datetime import date, timedelta

import pytest

from auditor.model.fact import Why
from auditor.model.feed import FeedKind, Release, Trust
from auditor.probe.base import Unseen
from tests.unit.probe.patching import (
    ALMA,
    IMAGE,
    LISTS,
    NOW,
    OS,
    changed,
    entry,
    feed,
    feeds,
    fix,
    index,
    join,
    package,
    rpm,
    system,
)

BULLSEYE = system("debian", "11", "bullseye")
LIFE = Release(
    distribution="debian", codename="bullseye", version="11", released=None,
    eol=date(2024, 8, 14), eol_lts=date(2026, 8, 31),
)  # fmt: skip


def unseen(*args, **more):
    with pytest.raises(Unseen) as caught:
        join(*args, **more)
    return caught.value


def test_a_release_past_its_support_never_passes():
    held = feeds(indexes=(index(os=BULLSEYE),), releases=(LIFE,))

    gap = unseen([package("zlib1g", "1")], held, os=BULLSEYE)

    assert gap.why is Why.UNSUPPORTED
    assert "ended on 2026-08-31" in gap.detail


@pytest.mark.parametrize("eol", [None, date(2026, 11, 24)])
def test_the_last_day_of_support_is_support(eol):
    life = Release(distribution="debian", codename="bullseye", version="11", released=None, eol=eol)
    held = feeds(indexes=(index(os=BULLSEYE),), releases=(life,))

    assert join([package("zlib1g", "1")], held, os=BULLSEYE)["security"] == []


def test_a_release_of_unknown_support_never_passes():
    held = feeds(indexes=(index(),), releases=(LIFE,))

    gap = unseen([package("zlib1g", "1")], held)

    assert gap.why is Why.NO_DATA
    assert "the support of Debian 12 is not known" in gap.detail


def test_a_list_of_exploited_weaknesses_that_nobody_vouches_for_marks_nothing():
    held = (feed(), feed(FeedKind.KEV, trust=Trust.NONE), feed(FeedKind.SUPPORT))

    found = join([package("zlib1g", "1")], feeds(indexes=(index(),), held=held))

    assert "marked" not in found


def test_a_server_whose_kernel_was_not_seen_never_passes():
    gaps = {"reboot": (Why.NO_DATA, "it is of no installed package")}
    held = feeds(indexes=(index(entry("zlib1g", "2")),))

    gap = unseen([package("zlib1g", "2")], held, gaps=gaps)
    found = join([package("zlib1g", "1")], held, gaps=gaps)

    assert gap.why is Why.NO_DATA
    assert gap.detail == "the running kernel was not compared: it is of no installed package"
    assert (found["count"], "sure" in found) == (1, False)


def test_a_container_needs_no_kernel():
    gaps = {"reboot": (Why.NO_DATA, "not told")}

    found = join(
        [package("zlib1g", "1")], feeds(indexes=(index(),)), OS | {"container": True}, gaps
    )

    assert found["sure"] is True


@pytest.mark.parametrize(
    ("container", "parts", "names"),
    [(False, (), ["docker-ce", "kernel"]), (True, (), ["docker-ce"]),
     (False, (IMAGE,), ["docker-ce"])],
)  # fmt: skip
def test_a_kernel_of_no_package_is_not_the_distributors(container, parts, names):
    held = feeds(indexes=(index(), index(entry("zlib1g", "1"), suite="bookworm")))
    told = {"kernel_packages": list(parts), "running": "6.6.87-own"}
    listed = [package("zlib1g", "1"), package("docker-ce", "5")]

    found = join(listed, held, OS | {"container": container}, reboot=told)

    assert [row["name"] for row in found["third_party"]] == names
    assert found["verdicts"]["not_covered"] == len(names)
    assert (found["packages"], found["covered"]) == (2, 1)


@pytest.mark.parametrize(
    ("told", "reached"),
    [
        ({"security_suite": True, "pockets": []}, True),
        ({"security_suite": True}, False),
        ({"pockets": []}, False),
    ],
)
def test_what_a_target_can_get_is_known_where_its_sources_were_seen(told, reached):
    main = index(suite="bookworm")

    found = join([package("zlib1g", "1")], feeds(indexes=(index(), main)), updates=told)

    assert found.get("reached", False) is reached
    assert found["sure"] is True
    assert ("sources" if reached else "was not seen") in found.get("gap", {}).get(
        "detail", "sources"
    )


def test_backports_are_not_compared_without_the_list_of_the_unstable_release():
    listed = [package("openssh", "9.9p1-3~bpo12+1")]
    lists = [feed(release="bookworm"), feed(FeedKind.KEV), feed(FeedKind.SUPPORT)]
    sid = feed(release="sid", name="sid")

    gap = unseen(listed, feeds(indexes=(index(),), held=lists))
    none = unseen(listed, feeds(indexes=(index(),), held=[*lists, changed(sid, trust=Trust.NONE)]))
    found = join(listed, feeds(indexes=(index(),), held=[*lists, sid]))

    assert gap.detail.startswith("backports were not compared")
    assert none.detail == gap.detail
    assert found["sure"] is True


def test_what_is_pending_is_found_on_a_release_past_its_support():
    held = feeds(indexes=(index(entry("zlib1g", "2"), os=BULLSEYE),), releases=(LIFE,))

    assert join([package("zlib1g", "1")], held, os=BULLSEYE)["count"] == 1


@pytest.mark.parametrize(
    ("held", "why", "words"),
    [
        ((), Why.NO_DATA, "no list of weaknesses for almalinux 9"),
        ((feed(trust=Trust.NONE),), Why.NO_DATA, "feeds update"),
        ((feed(age=15),), Why.STALE, "too old"),
        ((feed(), feed(age=15, name="old")), Why.STALE, "the list old"),
        ((feed(age=-2),), Why.STALE, "clock is behind"),
    ],
)
def test_without_fresh_errata_nothing_is_clean(held, why, words):
    gap = unseen([rpm("bash", "5-1")], feeds(held=held), os=ALMA)

    assert (gap.why, words in gap.detail) == (why, True)


@pytest.mark.parametrize(
    ("held", "sure", "marked"),
    [
        (LISTS, True, True),
        ((feed(age=15), *LISTS[1:]), False, False),
        (LISTS[:1], True, False),
    ],
)
def test_what_the_data_cannot_show_is_a_missing_leaf(held, sure, marked):
    found = join([rpm("bash", "5-1")], feeds(fix("bash", "6-1", os=ALMA), held=held), os=ALMA)

    assert (found.get("sure", False), found.get("marked", False)) == (sure, marked)
    assert ("gap" in found) is not (sure and marked)


def test_old_errata_still_prove_what_is_missing():
    row = fix("bash", "6-1", os=ALMA)

    found = join([rpm("bash", "5-1")], feeds(row, held=(feed(age=15),)), os=ALMA)

    assert (found["count"], found["stale"]) == (1, True)


@pytest.mark.parametrize(
    ("held", "detail"),
    [
        ((), "no list of weaknesses"),
        ((feed(),), "no catalogue of exploited weaknesses"),
        ((feed(), feed(FeedKind.KEV, age=11)), "the list kev is of"),
        ((feed(age=15), feed(FeedKind.KEV)), "the list advisories is of"),
    ],
)
def test_no_mark_of_kev_is_no_proof_without_fresh_lists(held, detail):
    held = feeds(indexes=(index(entry("zlib1g", "2")),), held=held)

    (row,) = join([package("zlib1g", "1")], held)["security"]

    assert "kev" not in row
    assert detail in row["gap"]["detail"]


def test_a_mark_of_kev_stands_whatever_its_age():
    held = feeds(
        fix("zlib1g", "2", "CVE-2026-4"), indexes=(index(),), held=(feed(age=15),),
        kev=["CVE-2026-4"],
    )  # fmt: skip

    (row,) = join([package("zlib1g", "1")], held)["security"]

    assert row["kev"] == ["CVE-2026-4"]


def test_feeds_are_told_with_their_age_and_trust():
    found = join([package("zlib1g", "1")], feeds(indexes=(index(),)))

    assert [(f["name"], f["state"], f["trust"]) for f in found["feeds"]] == [
        ("bookworm-security amd64", "fresh", "signed"),
        ("advisories", "fresh", "tls"),
        ("kev", "fresh", "tls"),
        ("support", "fresh", "tls"),
    ]
    assert found["feeds"][0]["age"] == timedelta(days=1).total_seconds()


def test_every_verdict_has_its_number():
    found = join([package("zlib1g", "1")], feeds(indexes=(index(),)))

    assert len(found["verdicts"]) == 11
    assert LISTS[0].freshness(NOW) == "fresh"
    assert OS["id"] == "debian"
