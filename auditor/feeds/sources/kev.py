"""CISA's catalogue of exploited weaknesses (KEV): one JSON file."""

from collections.abc import Collection, Iterator
from pathlib import Path

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.bounded import load_json, opened
from auditor.feeds.sources.checked import Loose, cve, day, moment, shaped
from auditor.model.advisory import Dated, Exploited, Row

LIMIT = 64 * 2**20


class _Entry(
    Loose,
    frozen=True,
    rename={
        "cve": "cveID",
        "date_added": "dateAdded",
        "known_ransomware_campaign_use": "knownRansomwareCampaignUse",
    },
):
    cve: str
    date_added: str
    known_ransomware_campaign_use: str = ""


class _Catalogue(Loose, frozen=True, rename="camel"):
    date_released: str
    count: int
    vulnerabilities: list[_Entry]


def read(path: Path, wanted: Collection[tuple[str, str]]) -> Iterator[Row]:  # noqa: ARG001
    """Yield every weakness; the catalogue says how many, and fewer or more is `Unreadable`."""
    with opened(path, LIMIT) as stream:
        catalogue = shaped(load_json(stream, LIMIT), _Catalogue)
    names = {entry.cve for entry in catalogue.vulnerabilities}
    if not len(names) == len(catalogue.vulnerabilities) == catalogue.count != 0:
        raise Unreadable(f"has {len(names)} weaknesses where it says {catalogue.count}")
    yield Dated(date=moment(catalogue.date_released))
    for entry in catalogue.vulnerabilities:
        yield Exploited(
            cve=cve(entry.cve),
            added=day(entry.date_added),
            ransomware=entry.known_ransomware_campaign_use.strip().lower() == "known",
        )
