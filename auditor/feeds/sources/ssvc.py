"""CISA's decision points (SSVC) and severity (CVSS) of weaknesses: Vulnrichment.

Two shapes: the archive of the project's repository, a CVE record (JSON 5.1) a file; and a table
reduced from it (cve, exploitation, automatable, technical_impact, cvss, vector), which has no date.
Exploitation is left to KEV.
"""

from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.bounded import members, opened
from auditor.feeds.sources.checked import Loose, cve, decoded, moment, plain, shaped
from auditor.feeds.sources.table import lines, table
from auditor.model.advisory import Dated, Impact, Row

LIMIT = 256 * 2**20
MEMBER_LIMIT = 16 * 2**20
COLUMNS = ("cve", "exploitation", "automatable", "technical_impact", "cvss", "vector")
_TITLE = "CISA ADP Vulnrichment"
_AUTOMATABLE = {"yes": True, "no": False, "": None}
_TOTAL = {"total": True, "partial": False, "": None}
_WORST = 10.0
_DERIVABLE = "CVSS:3."
"""Vectors of other versions have other metrics; they are not handed on."""


class _Cvss(Loose, frozen=True, rename="camel"):
    base_score: float
    vector_string: str = ""


class _Other(Loose, frozen=True):
    type: str = ""
    content: Any = None


class _Metric(
    Loose,
    frozen=True,
    rename={"v31": "cvssV3_1", "v30": "cvssV3_0", "v40": "cvssV4_0", "other": "other"},
):
    v31: _Cvss | None = None
    v30: _Cvss | None = None
    v40: _Cvss | None = None
    other: _Other | None = None


class _Container(Loose, frozen=True):
    title: str = ""
    metrics: tuple[_Metric, ...] = ()


class _Containers(Loose, frozen=True):
    cna: _Container = _Container()
    adp: tuple[_Container, ...] = ()


class _Meta(Loose, frozen=True, rename="camel"):
    cve_id: str


class _Record(Loose, frozen=True, rename="camel"):
    cve_metadata: _Meta
    containers: _Containers


class _Points(Loose, frozen=True):
    options: list[dict[str, str]]
    timestamp: str = ""


def read(path: Path, wanted: Collection[tuple[str, str]]) -> Iterator[Row]:  # noqa: ARG001
    """Yield what is decided for every CVE; the archive's date is that of the newest decision."""
    with opened(path, LIMIT) as stream:
        is_table = stream.read(len(COLUMNS[0]) + 1) == f"{COLUMNS[0]}\t".encode()
    yield from _from_table(path) if is_table else _from_archive(path)


def _from_table(path: Path) -> Iterator[Row]:
    seen = False
    with opened(path, LIMIT) as stream:
        for row in table(lines(stream), COLUMNS, "\t"):
            seen = True
            name, _exploitation, automatable, total, score, vector = row
            yield Impact(
                cve=cve(name),
                automatable=_word(automatable, _AUTOMATABLE),
                total=_word(total, _TOTAL),
                cvss=_score(score) if score else None,
                vector=_vector(vector),
            )
    if not seen:
        raise Unreadable("holds no weaknesses")


def _from_archive(path: Path) -> Iterator[Row]:
    newest, seen = "", False
    found = members(path, wanted=_is_record, member_limit=MEMBER_LIMIT)
    for name, content in found:
        seen = True
        record = decoded(content, _Record, name)
        points = _points(record.containers)
        newest = max(newest, points.timestamp if points else "")
        yield _impact(record, points)
    if not seen:
        raise Unreadable("holds no CVE records")
    if newest:
        yield Dated(date=moment(newest))


def _is_record(name: str) -> bool:
    base = PurePosixPath(name).name
    return base.startswith("CVE-") and base.endswith(".json")


def _points(containers: _Containers) -> _Points | None:
    """Return CISA's newest decision of a record."""
    told = [
        shaped(metric.other.content, _Points)
        for container in containers.adp
        if container.title == _TITLE
        for metric in container.metrics
        if metric.other and metric.other.type == "ssvc"
    ]
    return max(told, key=lambda one: one.timestamp, default=None)


def _impact(record: _Record, points: _Points | None) -> Impact:
    options = {}
    for option in points.options if points else []:
        options.update({name.lower(): value for name, value in option.items()})
    severity = _severity(record.containers)
    return Impact(
        cve=cve(record.cve_metadata.cve_id),
        automatable=_word(options.get("automatable", ""), _AUTOMATABLE),
        total=_word(options.get("technical impact", ""), _TOTAL),
        cvss=_score(str(severity.base_score)) if severity else None,
        vector=_vector(severity.vector_string) if severity else "",
    )


def _severity(containers: _Containers) -> _Cvss | None:
    """Return the score that the CVE's own authority gave, else CISA's; the newest CVSS 3 first."""
    ours = [one for one in containers.adp if one.title == _TITLE]
    metrics = [metric for container in (containers.cna, *ours) for metric in container.metrics]
    told = [score for version in ("v31", "v30", "v40") for score in _given(metrics, version)]
    return told[0] if told else None


def _given(metrics: list[_Metric], version: str) -> list[_Cvss]:
    return [score for metric in metrics if (score := getattr(metric, version)) is not None]


def _word(text: str, words: dict[str, bool | None]) -> bool | None:
    told = text.strip().lower()
    if told not in words:
        raise Unreadable(f"{plain(text)[:60]!r} is none of {', '.join(filter(None, words))}")
    return words[told]


def _score(text: str) -> float:
    try:
        score = float(text)
    except ValueError as error:
        raise Unreadable(f"{plain(text)[:60]!r} is no CVSS score") from error
    if not 0 <= score <= _WORST:
        raise Unreadable(f"{plain(text)[:60]!r} is no CVSS score")
    return score


def _vector(text: str) -> str:
    return plain(text) if text.startswith(_DERIVABLE) else ""
