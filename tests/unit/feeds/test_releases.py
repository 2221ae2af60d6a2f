"""The shipped dates of releases."""

from datetime import date

from auditor.feeds.releases import merged, shipped_releases
from auditor.model.feed import Release


def test_every_shipped_release_has_a_name_and_sound_dates():
    releases = shipped_releases()

    assert {r.distribution for r in releases} >= {"debian", "ubuntu", "rhel", "rocky", "sles"}
    numbered = [(r.distribution, r.version) for r in releases if r.version]
    assert len(set(numbered)) == len(numbered)
    for release in releases:
        ends = [end for end in (release.eol, release.eol_lts, release.eol_extended) if end]
        assert bool(release.codename) == (release.distribution in ("debian", "ubuntu"))
        assert ends == sorted(ends)
        assert not ends or (release.released or date.min) < ends[0]


def test_dates_are_those_of_the_distributors():
    known = {(r.distribution, r.version): r for r in shipped_releases()}

    assert known["debian", "11"].eol_lts == date(2026, 8, 31)
    assert known["debian", "12"].codename == "bookworm"
    assert known["ubuntu", "22.04"].codename == "jammy"
    assert known["ubuntu", "22.04"].eol_extended is not None
    assert known["debian", "14"].eol is None
    assert known["almalinux", "8"].eol == date(2029, 5, 31)
    assert known["sles", "15"].eol == date(2019, 12, 31)
    assert known["ol", "10"].eol is None


def test_a_fetched_date_takes_the_place_of_a_shipped_one_and_names_stay():
    day = date(2031, 1, 1)
    told = {"distribution": "debian", "version": "12", "released": None, "eol": day}

    found = {
        (r.distribution, r.version): r
        for r in merged(
            shipped_releases(),
            [
                Release(codename="Bookworm", **told),
                Release(codename="x", **(told | {"distribution": "void"})),
            ],
        )
    }

    assert found["debian", "12"].codename == "bookworm"
    assert found["debian", "12"].eol == day
    assert found["debian", "12"].released == date(2023, 6, 10)
    assert found["void", "12"].codename == "x"
