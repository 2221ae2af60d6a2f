import json

import pytest

from auditor.cli.framework import complete_any, complete_name
from auditor.errors import ExitCode
from auditor.load.frameworks import shipped_frameworks

OWN = """\
id: own
short: Perwali
title: {id: Perwali kota, en: The city's own rule}
note: {id: Contoh., en: An example.}
controls:
  - id: PERWALI-1-2026:3
    article: Pasal 3
    text: {id: Situs memakai HTTPS, en: Sites use HTTPS}
    mark: official
    source: Perwali 1/2026
    assurance: mixed
    properties: [kerahasiaan]
    refs: [PEMDI-I11]
    instrument: ["PERWALI-1-2026:K1"]
    checks: [site.hsts, tls.http-in-clear]
  - id: PERWALI-1-2026:4
    article: Pasal 4
    text: {id: Pimpinan bertanggung jawab, en: The head answers}
    mark: official
    source: Perwali 1/2026
    assurance: attested
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    return path


def test_list_names_every_framework_with_its_standing_and_marks(auditor):
    code, out, _ = auditor("framework", "list", "--lang", "en")

    assert code == ExitCode.MET
    assert all(name in out for name in shipped_frameworks())
    assert "47  Monitoring and evaluation of SPBE (PermenPANRB 59/2020), revoked" in out
    assert "revoked; secondary" in out


def test_list_as_json(auditor):
    said = json.loads(auditor("framework", "list", "--format", "json").out)

    (old,) = [one for one in said["frameworks"] if one["id"] == "spbe-2020"]
    assert said["format"] == "auditor-law/1"
    assert (old["controls"], old["standing"]) == (47, {"revoked": 47})


@pytest.mark.parametrize(
    ("name", "lang", "words"),
    [
        ("BSSN-4-2021:27.8.c", "id", ["resmi", "PK BSSN 15/2024 K45", "tls.version-min"]),
        ("PDP-27-2022:53", "en", ["UU-27-2022:53", "mark        official", "questions: "]),
        ("PEMDI-I8", "en", ["PEMDI-2026:I8", "secondary"]),
        ("SPBE-2020:I22", "en", ["standing    revoked"]),
        ("PK-BSSN-15-2024:MK8", "en", ["BSSN-4-2021:10.a", "BSSN-4-2021:10.c"]),
        ("GOID-HYGIENE", "id", ["aturan auditor sendiri"]),
        ("bssn-8-2024", "id", ["bukan Audit Keamanan SPBE oleh LATIK", "BSSN-8-2024:27"]),
    ],
)
def test_show(auditor, name, lang, words):
    code, out, _ = auditor("framework", "show", name, "--lang", lang)

    assert code == ExitCode.MET
    assert [word for word in words if word not in out] == []


def test_show_as_json(auditor):
    said = json.loads(auditor("framework", "show", "UU-ITE:27.2", "--format", "json").out)

    (one,) = said["controls"]
    assert (one["framework"], one["mark"], one["reach"]) == ("uu-ite", "secondary", "automated")
    assert "malware.gambling" in one["checks"]


def test_show_names_what_is_near(auditor):
    code, _, err = auditor("framework", "show", "BSSN-4-2021:27.8.x")

    assert code == ExitCode.USAGE
    assert "did you mean 'BSSN-4-2021:27.8." in err


def test_a_framework_of_one_s_own_can_be_shown_and_covered(auditor, own):
    shown = auditor("framework", "show", own, "--lang", "en").out
    covered = auditor("framework", "coverage", own, "--lang", "en").out

    assert "An example." in shown
    assert "machines and people (2 checks, 0 questions); no question yet" in shown
    assert (
        "own: 1 of 2 have a check or a question; 0 automated alone, 1 mixed, 0 attested" in covered
    )
    assert "nothing yet (0 checks, 0 questions); no question yet" in covered


def test_coverage_sums_up(auditor):
    out = auditor("framework", "coverage", "--lang", "en").out

    assert "Pasal 27: procedures: 75 of 75 have a check or a question" in out
    assert "foundation ethics: " in out


def test_coverage_by_the_checks_of_one_policy(auditor):
    said = json.loads(
        auditor("framework", "coverage", "uu-ite", "-p", "web-security", "--format", "json").out
    )

    (law,) = said["coverage"]
    reached = {one["id"]: one["reach"] for one in law["whole"]["controls"]}
    assert reached["UU-ITE:30"] == "nothing"
    assert all(name.startswith("site.") for name in said["foundations"]["culture"]["checks"])


def test_what_a_policy_drops_for_all_is_not_counted(auditor, tmp_path):
    policy = tmp_path / "own.yaml"
    policy.write_text(
        "id: own\ntitle: {id: Milik, en: Own}\nchecks:\n  - use: tls.*\n  - drop: tls.deep-*\n"
        "    why: x\n  - {drop: tls.tls13, for: {opd: [dinkes]}, why: x}\n"
    )
    said = json.loads(
        auditor("framework", "coverage", "bssn-4-2021", "-p", policy, "--format", "json").out
    )

    checks = said["foundations"]["security"]["checks"]
    assert "tls.tls13" in checks
    assert not any(name.startswith(("tls.deep", "ssh")) for name in checks)


def test_an_unknown_framework_is_a_mistake(auditor):
    assert auditor("framework", "coverage", "bssn-4-2022").code == ExitCode.USAGE


def test_names_are_offered_to_the_shell():
    assert complete_name(None, None, "uu-2") == ["uu-20-2023", "uu-27-2022"]
    assert "UU-27-2022:53" in complete_any(None, None, "UU-27-2022:5")
