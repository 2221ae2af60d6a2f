"""Every verdict of a target: what the vendor closed, what he left open, what his list adds."""

import pytest

from auditor.model.advisory import FixState
from auditor.model.fact import Why
from auditor.model.inventory import Target
from auditor.patch.verdict import Verdict
from auditor.probe.base import Derivation, Unseen
from auditor.probe.patches_rulings import NEEDED, installed_of, rulings_of
from tests.unit.probe.patching import NOW, OS, entry, feeds, fix, index, package


def given(listed, held, os=OS, gaps=None, **facts):
    known = {"os": os, "packages": {"packages": listed}} | facts
    return Derivation(
        target=Target(id="web1", opd="kominfo", address="10.0.0.1"),
        facts={name: value for name, value in known.items() if name not in (gaps or {})},
        gaps=gaps or {},
        feeds=held,
        now=NOW,
    )


def test_the_needed_facts_have_the_names_that_the_store_gives_them():
    assert NEEDED == ("os", "packages", "reboot")


def test_packages_that_were_not_seen_give_no_verdict():
    dark = given([], feeds(), gaps={"packages": (Why.CUT, "too long")})

    with pytest.raises(Unseen, match="too long"):
        list(rulings_of(dark))
    with pytest.raises(Unseen, match="too long"):
        installed_of(dark)


def test_nothing_is_concluded_without_an_index():
    with pytest.raises(Unseen, match="no security index"):
        list(rulings_of(given([package("zlib", "1")], feeds())))


def test_every_verdict_is_told_and_the_index_adds_what_has_no_number():
    listed = [
        package("openssl", "3.0.11-1"), package("zlib", "1.2.13"), package("curl", "7.88"),
        package("vim", "9.0"), package("gone", "1", "rc"),
    ]  # fmt: skip
    held = feeds(
        fix("openssl", "3.0.17-1", "CVE-2025-1"),
        fix("openssl", "3.0.9-1", "CVE-2023-1"),
        fix("zlib", "", "CVE-2023-2", state=FixState.MINOR),
        fix("vim", "", "CVE-2023-3", state=FixState.NOT_AFFECTED),
        indexes=(index(entry("openssl", "3.0.17-1"), entry("curl", "7.99")),),
    )

    told = {(r.source, r.cves): r for r in rulings_of(given(listed, held))}

    assert {key: ruling.verdict for key, ruling in told.items()} == {
        ("openssl", ("CVE-2025-1",)): Verdict.UPDATE_PENDING,
        ("openssl", ("CVE-2023-1",)): Verdict.FIXED,
        ("zlib", ("CVE-2023-2",)): Verdict.OPEN_MINOR,
        ("vim", ("CVE-2023-3",)): Verdict.NOT_AFFECTED,
        ("curl", ()): Verdict.UPDATE_PENDING,
    }
    assert told["curl", ()].want == "7.99"


def test_a_target_without_the_security_suite_needs_it_first():
    listed = [package("curl", "7.88")]
    held = feeds(indexes=(index(entry("curl", "7.99")),))

    (ruling,) = rulings_of(given(listed, held, updates={"security_suite": False}))

    assert ruling.verdict is Verdict.UPDATE_NOT_ENABLED
