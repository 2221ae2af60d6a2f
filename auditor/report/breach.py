"""Personal data that lay open: the clock of the law, and what a notice of it must say.

UU 27/2022 Ps 46: within three times 24 hours, in writing, to the data subjects and to the
institution: which data, when and how, what is being done. The clock begins when an audit first sees
it; taking a document down does not stop it. Whether it is a failure that has to be notified a
person decides; nothing is sent from here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from auditor.model.base import CheckId, OpdId, Text, Value
from auditor.model.inventory import Inventory, Opd, Target
from auditor.model.result import Finding, FindingState

NOTICE = timedelta(hours=72)
"""UU-27-2022:46."""
INCIDENT = timedelta(hours=24)
"""BSSN-1-2024:15.5, for vital information infrastructure."""
REVEALS: Mapping[CheckId, Text] = {
    CheckId("personal.nik"): Text(
        id="Nomor Induk Kependudukan (NIK)", en="population number (NIK)"
    ),
    CheckId("personal.kk"): Text(id="nomor Kartu Keluarga", en="family card number (KK)"),
    CheckId("personal.npwp"): Text(id="NPWP perseorangan", en="taxpayer number of a person"),
    CheckId("personal.children"): Text(
        id="data anak (data pribadi spesifik)", en="data of children (specific personal data)"
    ),
    CheckId("personal.specific"): Text(
        id="data kesehatan, anak, atau keuangan (data pribadi spesifik)",
        en="data on health, children or money (specific personal data)",
    ),
    CheckId("personal.link-number"): Text(
        id="NIK di dalam alamat tautan", en="population number in the address of a link"
    ),
    CheckId("personal.hidden-cells"): Text(
        id="nomor orang di bagian tersembunyi lembar kerja",
        en="numbers of persons in hidden parts of a spreadsheet",
    ),
    CheckId("personal.phones"): Text(id="daftar nomor seluler", en="list of mobile numbers"),
    CheckId("personal.mails"): Text(id="daftar surel pribadi", en="list of private mail addresses"),
}
"""Checks whose failure means that personal data were revealed, and which."""


class Revealed(Value, frozen=True):
    """One kind of data in one place; `place` is an address, `site` its site."""

    kind: Text
    site: str
    place: str
    message: Text
    first_seen: datetime
    gone: datetime | None
    """When an audit first found it no longer there."""


class Breach(Value, frozen=True):
    """What lay open on the targets of one office; `revealed` is never empty, oldest first."""

    opd: Opd
    targets: tuple[Target, ...]
    revealed: tuple[Revealed, ...]

    @property
    def detected(self) -> datetime:
        """When an audit first saw any of it."""
        return self.revealed[0].first_seen

    @property
    def due(self) -> datetime:
        """When the notices are due."""
        return self.detected + NOTICE

    @property
    def report_due(self) -> datetime | None:
        """When the incident is to be reported, where a target is vital infrastructure."""
        vital = any(target.tags.iiv for target in self.targets)
        return self.detected + INCIDENT if vital else None

    @property
    def kinds(self) -> tuple[Text, ...]:
        """The kinds of data, each once."""
        return tuple(dict.fromkeys(one.kind for one in self.revealed))

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites, each once."""
        return tuple(dict.fromkeys(one.site for one in self.revealed))

    @property
    def gone(self) -> datetime | None:
        """Since when nothing of it is seen any more, None where some still is."""
        ends = [one.gone for one in self.revealed if one.gone is not None]
        return max(ends) if len(ends) == len(self.revealed) else None


def breaches(findings: Iterable[Finding], inventory: Inventory) -> tuple[Breach, ...]:
    """Return what was revealed by office, the one that is due first at the top."""
    targets = {target.id: target for target in inventory.targets}
    mine: dict[OpdId, list[Finding]] = {}
    for finding in findings:
        if finding.check in REVEALS and finding.target in targets:
            mine.setdefault(targets[finding.target].opd, []).append(finding)
    found = []
    for opd in inventory.opds:
        if theirs := mine.get(opd.id):
            names = sorted({finding.target for finding in theirs})
            revealed = sorted(map(_revealed, theirs), key=lambda one: (one.first_seen, one.place))
            found.append(
                Breach(
                    opd=opd,
                    targets=tuple(targets[name] for name in names),
                    revealed=tuple(revealed),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.due, one.opd.id)))


def _revealed(finding: Finding) -> Revealed:
    site, _, address = finding.item.partition(" ")
    return Revealed(
        kind=REVEALS[finding.check],
        site=site or finding.target,
        place=finding.place or address or site or finding.target,
        message=finding.message,
        first_seen=finding.first_seen,
        gone=finding.fixed_at if finding.state is FindingState.FIXED else None,
    )
