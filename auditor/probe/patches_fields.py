"""The shape of the fact `patches`, and its rows made of actions and rulings."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from auditor.model.advisory import Support
from auditor.model.fact import GAP, Field, Kind, Why
from auditor.model.feed import Feed
from auditor.patch.actions import Action
from auditor.patch.system import Installed
from auditor.patch.verdict import Ruling, Verdict
from auditor.probe.base import Record
from auditor.probe.fields import leaf, record, table

_WORD = {True: "yes", False: "no", None: "unknown"}
LISTED = (Verdict.OPEN_MINOR, Verdict.OPEN_NO_FIX, Verdict.UNDETERMINED)
"""What no update mends, listed apart."""


def action_row(action: Action, now: datetime, unsure: str) -> Record:
    """Return an action as a row; `unsure` says why no mark of KEV would prove nothing."""
    one, weight = action.weighed, action.weighed.weight
    row: Record = {
        "source": action.source,
        "packages": list(action.packages),
        "have": action.have,
        "want": action.want,
        "suite": action.suite,
        "verdict": action.verdict.value,
        "held": action.held,
        "cves": list(action.cves),
        "kev": list(action.kev),
        "ransomware": action.ransomware,
        "advisories": list(action.advisories),
        "since": _moment(action.since),
        "age": max(0, int((now - _start(action.since)).total_seconds())),
        "exposed": action.exposure.reach.value,
        "ports": list(action.exposure.ports),
        "automatable": _WORD[weight.signals.automatable],
        "total": _WORD[weight.signals.total],
        "derived": weight.derived,
        "percentile": -1 if weight.percentile is None else int(100 * weight.percentile),
        "cvss": "" if weight.cvss is None else f"{weight.cvss:.1f}",
        "band": weight.band.id,
        "due": _moment(one.due) if one.due else "",
        "overdue": one.due is not None and now.date() > one.due,
        "reason_id": action.reason.id,
        "reason_en": action.reason.en,
    }
    if unsure and not action.kev:
        del row["kev"], row["ransomware"]
        row[GAP] = {"why": Why.NO_DATA, "detail": unsure}
    return row


def open_rows(told: Iterable[Ruling], exploited: Iterable[str]) -> list[Record]:
    """Return what no update mends, one row a source package and verdict."""
    known = frozenset(exploited)
    rows: dict[tuple[str, Verdict], Record] = {}
    for ruling in told:
        if ruling.verdict in LISTED:
            row = rows.setdefault(
                (ruling.source, ruling.verdict),
                {
                    "source": ruling.source,
                    "verdict": ruling.verdict.value,
                    "have": ruling.have,
                    "cves": set(),
                    "note": set(),
                },
            )
            row["cves"].update(ruling.cves)
            row["note"].update({ruling.note} - {""})
    for row in rows.values():
        row["kev"] = sorted(row["cves"] & known)
        row["cves"] = sorted(row["cves"])
        row["note"] = ", ".join(sorted(row["note"]))
    return [rows[key] for key in sorted(rows)]


def support_row(support: Support, packages: Iterable[str]) -> Record:
    """Return a package whose support ended before its release's, or is limited."""
    return {
        "packages": list(packages),
        "ended": _moment(support.ended) if support.ended else "",
        "limited": support.limited,
        "note": support.note,
    }


def foreign_row(package: Installed) -> Record:
    """Return a package that the distributor does not give."""
    return {
        "name": package.name,
        "version": package.version,
        "source": package.source or package.name,
    }


def feed_row(feed: Feed, now: datetime) -> Record:
    """Return what is told of a feed that the verdicts were made with."""
    return {
        "name": feed.name,
        "kind": feed.kind.value,
        "date": feed.date.isoformat(),
        "age": max(0, int((now - feed.date).total_seconds())),
        "state": feed.freshness(now).value,
        "trust": feed.trust.value,
        "signed_by": feed.verified_by,
        "sha256": feed.sha256,
    }


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _moment(day: date) -> str:
    return _start(day).isoformat()


def _empty(kind: Kind, id_: str, en: str) -> Field:
    return leaf(kind, id_, en, may_be_empty=True)


_ACTION = {
    "source": leaf(Kind.TEXT, "Paket sumber", "Source package"),
    "packages": leaf(Kind.TEXTS, "Paket", "Packages"),
    "have": leaf(Kind.TEXT, "Terpasang", "Installed"),
    "want": leaf(Kind.TEXT, "Diperbaiki di", "Fixed in"),
    "suite": _empty(Kind.TEXT, "Tersedia di", "To be had in"),
    "verdict": leaf(Kind.TEXT, "Putusan", "Verdict"),
    "held": leaf(Kind.BOOL, "Ditahan", "Held"),
    "cves": _empty(Kind.TEXTS, "CVE", "CVEs"),
    "kev": _empty(Kind.TEXTS, "CVE yang dieksploitasi (KEV)", "Exploited CVEs (KEV)"),
    "ransomware": leaf(Kind.BOOL, "Dipakai ransomware", "Used by ransomware"),
    "advisories": _empty(Kind.TEXTS, "Imbauan", "Advisories"),
    "since": leaf(Kind.TIME, "Perbaikan tersedia sejak", "Fix available since"),
    "age": leaf(Kind.DURATION, "Umur perbaikan", "Age of the fix"),
    "exposed": leaf(Kind.TEXT, "Keterpaparan", "Exposure"),
    "ports": _empty(Kind.PORTS, "Terpapar lewat port", "Exposed through ports"),
    "automatable": leaf(Kind.TEXT, "Dapat diotomatisasi", "Automatable"),
    "total": leaf(Kind.TEXT, "Kendali penuh", "Total impact"),
    "derived": leaf(Kind.BOOL, "Dibaca dari vektor CVSS", "Read from the CVSS vector"),
    "percentile": leaf(Kind.INT, "Persentil EPSS", "EPSS percentile"),
    "cvss": _empty(Kind.TEXT, "CVSS", "CVSS"),
    "band": leaf(Kind.TEXT, "Kelompok prioritas", "Priority band"),
    "due": _empty(Kind.TEXT, "Jatuh tempo", "Due"),
    "overdue": leaf(Kind.BOOL, "Lewat tenggat", "Overdue"),
    "reason_id": leaf(Kind.TEXT, "Alasan (Indonesia)", "Reason (Indonesian)"),
    "reason_en": leaf(Kind.TEXT, "Alasan (Inggris)", "Reason (English)"),
}

GIVES = record(
    "Tingkat tambalan",
    "Patch level",
    {
        "release": leaf(Kind.TEXT, "Rilis", "Release"),
        "sure": leaf(Kind.BOOL, "Data cukup untuk menyimpulkan", "The data suffices to conclude"),
        "marked": leaf(
            Kind.BOOL, "Tanda eksploitasi (KEV) mutakhir", "Marks of exploitation (KEV) are current"
        ),
        "reached": leaf(
            Kind.BOOL, "Sumber pembaruan target terlihat", "The target's sources were seen"
        ),
        "count": leaf(Kind.INT, "Jumlah paket tertunda", "Packages pending"),
        "security": table(
            "Pembaruan keamanan tertunda",
            "Security updates pending",
            "source",
            _ACTION,
            may_be_empty=True,
        ),
        "restart": table(
            "Terpasang tetapi belum berjalan",
            "Installed, not running",
            "source",
            _ACTION,
            may_be_empty=True,
        ),
        "open": table(
            "Celah tanpa pembaruan",
            "Weaknesses without an update",
            ("source", "verdict"),
            {
                "source": leaf(Kind.TEXT, "Paket sumber", "Source package"),
                "verdict": leaf(Kind.TEXT, "Putusan", "Verdict"),
                "have": leaf(Kind.TEXT, "Terpasang", "Installed"),
                "cves": _empty(Kind.TEXTS, "CVE", "CVEs"),
                "kev": _empty(Kind.TEXTS, "CVE yang dieksploitasi (KEV)", "Exploited CVEs (KEV)"),
                "note": _empty(Kind.TEXT, "Keterangan distributor", "The vendor's note"),
            },
            may_be_empty=True,
        ),
        "unsupported": table(
            "Paket yang dukungannya berakhir",
            "Packages past their support",
            "source",
            {
                "source": leaf(Kind.TEXT, "Paket sumber", "Source package"),
                "packages": leaf(Kind.TEXTS, "Paket", "Packages"),
                "ended": _empty(Kind.TEXT, "Dukungan berakhir", "Support ended"),
                "limited": leaf(Kind.BOOL, "Dukungan terbatas", "Limited support"),
                "note": _empty(Kind.TEXT, "Keterangan distributor", "The vendor's note"),
            },
            may_be_empty=True,
        ),
        "third_party": table(
            "Paket pihak ketiga",
            "Third-party packages",
            "name",
            {
                "name": leaf(Kind.TEXT, "Paket", "Package"),
                "version": leaf(Kind.TEXT, "Versi", "Version"),
                "source": leaf(Kind.TEXT, "Paket sumber", "Source package"),
            },
            may_be_empty=True,
        ),
        "packages": leaf(Kind.INT, "Paket terpasang", "Packages installed"),
        "covered": leaf(Kind.INT, "Paket dari distributor", "Packages of the distributor"),
        "coverage": leaf(Kind.INT, "Cakupan (persen)", "Coverage (percent)"),
        "verdicts": record(
            "Jumlah per putusan",
            "Number by verdict",
            {},
            others=leaf(Kind.INT, "Jumlah", "Number"),
        ),
        "feeds": table(
            "Data yang dipakai",
            "Data used",
            "name",
            {
                "name": leaf(Kind.TEXT, "Nama data", "Feed"),
                "kind": leaf(Kind.TEXT, "Jenis data", "Kind"),
                "date": leaf(Kind.TIME, "Data per", "Data as of"),
                "age": leaf(Kind.DURATION, "Umur data", "Age"),
                "state": leaf(Kind.TEXT, "Kesegaran", "Freshness"),
                "trust": leaf(Kind.TEXT, "Kepercayaan", "Trust"),
                "signed_by": _empty(Kind.TEXT, "Kunci penanda tangan", "Signed by"),
                "sha256": _empty(Kind.TEXT, "SHA-256", "SHA-256"),
            },
        ),
        "priorities": _empty(Kind.TEXT, "Tabel tenggat", "Table of due dates"),
        "index_date": leaf(Kind.TIME, "Tanggal data", "Date of the data"),
        "index_age": leaf(Kind.DURATION, "Umur data", "Age of the data"),
        "stale": leaf(Kind.BOOL, "Data usang", "The data is stale"),
        "verified_by": _empty(Kind.TEXT, "Kunci penanda tangan", "Key that signed"),
    },
)
"""Rows of `security` and `restart` are in order of haste."""
