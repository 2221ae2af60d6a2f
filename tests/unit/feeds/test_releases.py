"""The shipped dates of releases."""

from datetime import date

from auditor.feeds.releases import shipped_releases


def test_every_shipped_release_has_a_name_and_sound_dates():
    releases = shipped_releases()

    assert {r.distribution for r in releases} == {"debian", "ubuntu"}
    for release in releases:
        ends = [end for end in (release.eol, release.eol_lts, release.eol_extended) if end]
        assert release.codename
        assert ends == sorted(ends)
        assert not ends or (release.released or date.min) < ends[0]


def test_dates_are_those_of_the_distributors():
    known = {(r.distribution, r.version): r for r in shipped_releases()}

    assert known["debian", "11"].eol_lts == date(2026, 8, 31)
    assert known["debian", "12"].codename == "bookworm"
    assert known["ubuntu", "22.04"].codename == "jammy"
    assert known["ubuntu", "22.04"].eol_extended is not None
    assert known["debian", "14"].eol is None
