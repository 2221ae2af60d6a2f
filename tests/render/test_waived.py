"""Waivers in a report: always shown, counted apart, loud when they lapse or fit nothing."""

from datetime import timedelta

import msgspec
import pytest

from auditor.cli.outcome import exit_code
from auditor.errors import ExitCode
from auditor.model.base import Lang
from auditor.model.result import FindingState
from auditor.model.waiver import Waiver
from auditor.render import json_v1
from auditor.render.html import _Pages
from auditor.report.problems import actions
from tests.render.sample import EVIL, NOW, findings, summary, visits

TODAY = NOW.date()


@pytest.fixture(scope="module")
def seen():
    return visits()


@pytest.fixture(scope="module")
def found(seen):
    return findings(seen)


def waiver(name, finding, *, until=30, whole=True):
    what = {"check": finding.check, "target": finding.target}
    return Waiver(
        id=name,
        reason=f"Diganti triwulan depan {EVIL}",
        letter="800/1/2026",
        role="Sekretaris Daerah",
        date=TODAY - timedelta(days=20),
        until=TODAY + timedelta(days=until),
        **what,
        **({} if whole else {"item": finding.item}),
    )


def test_what_is_waived_is_no_problem_and_is_shown_apart(seen, found):
    first = found[0]
    plain = summary(seen)
    made = summary(seen, waivers=(waiver("w1", first),))

    assert len(made.problems) == len(plain.problems) - 1
    (accepted,) = made.accepted
    assert (accepted.check.id, accepted.target.id) == (first.check, first.target)
    assert accepted.waiver.id == "w1"
    assert len(accepted.findings) == len(made.waivers.findings)
    assert made.score == plain.score, "a waiver changes no score"
    office = next(row for row in made.opds if row.opd.id == accepted.opd.id)
    for page in (_Pages(made, Lang.ID).index(), _Pages(made, Lang.ID).opd(office)):
        assert "Sekretaris Daerah" in page
        assert EVIL not in page


def test_one_item_may_be_waived_and_the_others_stand(seen, found):
    several = next(
        f for f in found if sum((f.check, f.target) == (g.check, g.target) for g in found) > 1
    )
    made = summary(seen, waivers=(waiver("w1", several, whole=False),))

    problem = next(
        p for p in made.problems if (p.check.id, p.target.id) == (several.check, several.target)
    )
    assert several.id not in {finding.id for finding in problem.findings}
    assert [f.id for one in made.accepted for f in one.findings] == [several.id]


def test_what_is_waived_and_no_longer_seen_is_still_shown(seen, found):
    gone = msgspec.structs.replace(found[0], state=FindingState.UNSEEN)
    made = summary(seen, found=(gone,), waivers=(waiver("w1", gone),))

    assert [f.id for one in made.accepted for f in one.findings] == list(made.waivers.findings)


def test_a_waiver_that_has_lapsed_is_loud_and_covers_nothing(seen, found):
    made = summary(seen, waivers=(waiver("lama", found[0], until=-1),))

    assert made.accepted == ()
    assert len(made.problems) == len(summary(seen).problems)
    page = _Pages(made, Lang.ID).index()
    assert "Pengecualian yang sudah berakhir" in page
    assert "lama (Sekretaris Daerah" in page


def test_a_waiver_that_fits_nothing_is_loud(seen, found):
    calm = [finding for finding in found if finding.check != found[0].check]
    made = summary(seen, found=tuple(calm), waivers=(waiver("salah", found[0]),))

    assert "tidak cocok dengan temuan mana pun" in _Pages(made, Lang.ID).index()
    assert "salah (Sekretaris Daerah" in _Pages(made, Lang.ID).index()


def test_what_is_waived_does_not_fail_the_run(seen, found):
    every = tuple(waiver(f"w{n}", finding) for n, finding in enumerate(found))
    made = summary(seen, waivers=every)

    assert made.problems == ()
    assert actions(made.problems) == ()
    code = exit_code(made, found, "low", "100%", stopped=False)
    assert code is ExitCode.MET
    assert exit_code(summary(seen), found, "low", "100%", stopped=False) is ExitCode.FINDINGS


def test_the_json_names_every_waiver_and_what_became_of_it(seen, found):
    waivers = (waiver("w1", found[0]), waiver("lama", found[1], until=-1))
    text = b"".join(json_v1.document(summary(seen, waivers=waivers), seen, found))

    document = msgspec.json.decode(text, type=json_v1.DocumentV1)
    assert {(one.id, one.state) for one in document.waivers} == {
        ("w1", "active"),
        ("lama", "expired"),
    }
    assert document.waivers[0].findings
