"""Ethics, culture and skill over the lab: real sites, statements, waivers; nothing leaves.

One site is exemplary, one is neglected: injected gambling, shown to search engines only as well,
trackers, a foreign form, a public list of NIK. Offices answer, and one answer is contradicted.
"""

import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
import yaml

from auditor.cli import _run
from auditor.model.result import Status, Visit
from auditor.store import FILE, Store, open_store
from tests.lab import Fault, TargetSpec
from tests.lab.statements import fill
from tests.lab.test_network import WEB, NetworkLab

SPECS = (
    TargetSpec("portal", sites=("portal.batu.lab",), ports=WEB, hardened=True),
    TargetSpec(
        "arsip",
        "dinkes",
        sites=("arsip.batu.lab",),
        ports=WEB,
        faults=frozenset({Fault.NEGLECTED}),
    ),
)
NOT_GO_ID = {"culture.go-id"}
"""What the lab's own domain cannot be."""
FAMILIES = ("channels.", "content.", "privacy.", "personal.", "inclusion.", "culture.", "browser.")
FOUND = {
    "content.cloaking-crawler",
    "content.gambling-hidden",
    "content.unshown-links",
    "personal.nik",
    "privacy.notice",
    "privacy.form-mother",
    "privacy.foreign-forms",
    "privacy.consent-preticked",
    "privacy.trackers-advertising",
    "channels.sp4n",
    "channels.wbs",
    "inclusion.field-label",
    "inclusion.language",
    "culture.fresh",
    "culture.official-mail",
    "browser.trackers-before-consent",
}
"""Among what is found on the neglected site."""
NIK = re.compile(rb"3579014503850\d{3}")


class Audited:
    """Two runs over one lab, their store still open."""

    def __init__(self, store: Store, home: Path, sent: int) -> None:
        self.store = store
        self.home = home
        self.sent = sent
        self.second, self.first = store.runs()

    def visit(self, target: str) -> Visit:
        return self.store.visit(self.second.id, target)

    def failing(self, target: str) -> set[str]:
        return {r.check for r in self.visit(target).results if r.status is Status.FAIL}

    def status(self, target: str, check: str) -> Status:
        return next(r.status for r in self.visit(target).results if r.check == check)


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Iterator[Audited]:
    """Audit, let the offices answer and waive, audit again."""
    home = tmp_path_factory.mktemp("ethics")
    with NetworkLab(SPECS) as lab:
        lab.make_home(home)
        where = ["-i", str(lab.write_inventory(home / "inventory.yaml")), "--home", str(home)]
        scan = ["scan", *where, "--policy", "ethics", "--quiet"]
        with lab.network():
            assert _run(scan, "auditor") == 1
            for office in ("kominfo", "dinkes"):
                form = home / f"{office}.yaml"
                assert _run(["attest", "form", *where, "--opd", office, "-o", str(form)], "a") == 0
                fill(form, home, left=5)
                assert _run(["attest", "import", str(form), *where], "auditor") == 0
            _waive(home / "waivers.yaml")
            assert _run(scan, "auditor") == 1
        sent = lab.sent_out()
    with open_store(home, lock=False) as store:
        yield Audited(store, home, sent)


def _waive(path: Path) -> None:
    today = datetime.now(UTC).date()
    path.write_text(
        yaml.safe_dump(
            [
                {
                    "id": "fresh",
                    "check": "culture.fresh",
                    "target": "arsip",
                    "reason": "Situs arsip dipindahkan",
                    "letter": "800/1/2026",
                    "role": "Sekretaris Daerah",
                    "date": str(today - timedelta(days=10)),
                    "until": str(today + timedelta(days=100)),
                }
            ]
        )
    )


def test_the_exemplary_site_has_no_fault(city):
    site = {check for check in city.failing("portal") if check.startswith(FAMILIES)}

    assert site == NOT_GO_ID


def test_the_neglected_site_is_found_out(city):
    assert city.failing("arsip") >= FOUND


def test_offices_are_asked_and_what_they_left_open_is_not_checked(city):
    results = city.visit("opd.dinkes").results
    statuses = {r.status for r in results if r.check.startswith("attest.")}

    assert {Status.PASS, Status.FAIL, Status.NOT_CHECKED} <= statuses
    assert Status.ERROR not in statuses
    silent = city.visit("opd.rsud").results
    assert {
        r.status
        for r in silent
        if r.check.startswith("attest.") and r.check != "attest.contradiction"
    } <= {Status.NOT_CHECKED, Status.NOT_APPLICABLE}


def test_a_statement_against_what_was_measured_is_a_finding_of_its_own(city):
    assert city.status("opd.dinkes", "attest.contradiction") is Status.FAIL
    told = next(r for r in city.visit("opd.dinkes").results if r.check == "attest.contradiction")
    assert any("arsip" in reason.message.id for reason in told.reasons)


def test_the_second_run_knows_the_first(city):
    """Nothing changed in between: drift is compared, and nothing is new."""
    statuses = {
        r.check: r.status for r in city.visit("portal").results if r.check.startswith("content.")
    }

    first = city.store.visit(city.first.id, "portal").results
    compared = [r.check for r in first if r.status is Status.NOT_APPLICABLE and "drift" in r.check]
    assert compared
    assert {statuses[check] for check in compared} == {Status.PASS}


def test_no_full_number_of_a_citizen_is_kept_or_shown(city):
    """The bytes of every file, and of every document that the store packs."""
    for path in city.home.rglob("*"):
        if path.is_file() and "lab" not in path.parts:
            assert not NIK.search(path.read_bytes()), path
    engine = sa.create_engine(f"sqlite:///{city.home / FILE}")
    with engine.connect() as connection:
        bodies = [
            zlib.decompress(body)
            for (body,) in connection.execute(sa.text("SELECT body FROM document"))
        ]
    engine.dispose()
    assert len(bodies) > 10
    assert not any(NIK.search(body) for body in bodies)


def test_the_report_counts_the_waiver_apart(city):
    report = (city.home / "report" / "opd" / "dinkes.html").read_text()

    assert "Situs arsip dipindahkan" in report
    context = city.store.context(city.second.id)
    assert [waiver.id for waiver in context.waivers] == ["fresh"]
    assert city.store.context(city.first.id).waivers == ()


def test_packs_and_letters_and_the_public_edition_are_made_of_the_run(city, tmp_path):
    home = ["--home", str(city.home)]
    made = tmp_path / "packs"
    framework = ["--framework", "pemdi-2026", "--control", "PEMDI-2026:I8"]

    assert _run(["pack", *home, *framework, "-o", str(made), "--zip"], "auditor") == 0
    assert _run(["letters", *home, "-o", str(tmp_path / "surat")], "auditor") == 0
    assert _run(["report", *home, "--edition", "public", "-o", str(tmp_path / "publik")], "a") == 0

    (pack,) = [path for path in made.iterdir() if path.is_dir()]
    assert (pack / "SHA256SUMS").is_file()
    assert list((tmp_path / "surat").iterdir())
    public = (tmp_path / "publik" / "index.html").read_text()
    assert "arsip" not in public
    assert "Dinas Kesehatan" not in public
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or not NIK.search(path.read_bytes()), path


def test_judging_again_gives_the_same_answers(city):
    assert msgspec.json.encode(city.visit("opd.dinkes").results)
    assert _run(["eval", "--home", str(city.home), "--policy", "ethics"], "auditor") == 1


def test_nothing_left_the_lab(city):
    assert city.sent == 0
