"""Published data: may it be used, from when is it, what does it mean, can a machine read it."""

import re
from collections.abc import Sequence
from datetime import datetime

from auditor.probe.base import Record
from auditor.probe.crawl import Sheet
from auditor.probe.culture_dates import days_of
from auditor.probe.privacy_pages import own_words

_LICENCE = re.compile(
    r"\blisensi\b|\bberlisensi\b|\blicen[sc]e\b|creative commons|\bcc[ -]by\b|\bcc0\b"
    r"|open data commons|\bodc-by\b"
)
_NAMED_LICENCE = re.compile(r"creativecommons\.org|opendatacommons\.org|data\.go\.id/lisensi")
_META = {
    "source": re.compile(r"\bsumber\b|\bprodusen data\b|\bwalidata\b|\bsource\b|\bpublisher\b"),
    "period": re.compile(r"\bperiode\b|\bfrekuensi\b|\btahun data\b|\bcakupan\b|\bfrequency\b"),
    "meaning": re.compile(
        r"\bmetadata\b|\bsatuan\b|\bdefinisi\b|\bkamus data\b|\bketerangan (kolom|variabel)\b"
        r"|\bdata dictionary\b|\bunit\b"
    ),
}
_LEAST = 2
_FORMAT = re.compile(r"\.(csv|tsv|json|geojson|xml|xlsx|ods|kml|shp|rdf|pdf|docx?|jpe?g|png|xls)$")
_OPEN = frozenset({"csv", "tsv", "json", "geojson", "xml", "xlsx", "ods", "kml", "rdf"})


def data_record(sheets: Sequence[Sheet], now: datetime) -> Record:
    """Return what the pages of open data say; `files`: they lead to files at all."""
    if not sheets:
        return {"found": False}
    text = " ".join(own_words(sheet) for sheet in sheets).lower()
    links = [link.reference for sheet in sheets for link in sheet.links]
    matches = [_FORMAT.search(reference.path.lower()) for reference in links]
    formats = {match[1] for match in matches if match}
    named = any(_NAMED_LICENCE.search(f"{one.host}{one.path}"[:200]) for one in links)
    return {
        "found": True,
        "licence": named or _LICENCE.search(text) is not None,
        "dated": any(days_of(sheet, now) for sheet in sheets),
        "described": sum(sign.search(text) is not None for sign in _META.values()) >= _LEAST,
        "files": bool(formats),
        "formats": sorted(formats),
        "open": not _OPEN.isdisjoint(formats),
    }
