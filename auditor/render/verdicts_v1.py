"""`auditor-verdicts/1`: every verdict on every package and weakness, as JSON and CSV.

A target of which nothing can be concluded has one line, `stale_or_missing_data`, with the reason.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from auditor.model.base import OpdId, TargetId
from auditor.model.result import Run
from auditor.model.text import inert
from auditor.render.csv_lines import line
from auditor.render.published import Part
from auditor.report.verdicts import Told

FORMAT = "auditor-verdicts/1"
Told1 = tuple[TargetId, OpdId, Told]
"""A verdict with its target and office."""


class VerdictV1(Part, frozen=True):
    """One verdict; `cve` is empty where the vendor names none, `want` where no version mends."""

    target: str
    opd: str
    source: str
    package: str
    have: str
    cve: str
    verdict: str
    want: str
    suite: str
    advisory: str
    since: dt.date | None
    note: str


class VerdictsV1(Part, frozen=True):
    """The whole document."""

    format: str
    run: str
    started: dt.datetime
    verdicts: list[VerdictV1]


_TAIL = b'"verdicts":[]}'


def document(run: Run, told: Iterable[Told1]) -> Iterator[bytes]:
    """Yield the JSON text, one verdict a line."""
    encoder = msgspec.json.Encoder()
    head = VerdictsV1(format=FORMAT, run=run.id, started=run.started, verdicts=[])
    yield encoder.encode(head).removesuffix(_TAIL) + b'"verdicts":['
    for number, row in enumerate(told):
        yield (b",\n" if number else b"\n") + encoder.encode(_verdict(row))
    yield b"]}\n"


def table(run: Run, told: Iterable[Told1]) -> Iterator[bytes]:
    """Yield CSV lines."""
    names = VerdictV1.__struct_fields__
    yield line(("format", "run", *names))
    for row in told:
        verdict = _verdict(row)
        yield line((FORMAT, run.id, *(getattr(verdict, name) for name in names)))


def listing(told: Iterable[Told1]) -> Iterator[str]:
    """Yield one line a verdict for a terminal."""
    for row in told:
        one = _verdict(row)
        change = f"{one.have} → {one.want}" if one.want else one.have
        what = f"{one.verdict:<22} {one.cve or '-':<16} {one.package or '-'} {change}"
        text = f"{one.target:<16} {what} {one.note}".rstrip()
        yield text.replace("\n", " ").replace("\t", " ")


def _verdict(row: Told1) -> VerdictV1:
    target, opd, told = row
    return VerdictV1(
        target=target,
        opd=opd,
        source=inert(told.source),
        package=inert(told.package),
        have=inert(told.have),
        cve=inert(told.cve),
        verdict=told.verdict,
        want=inert(told.want),
        suite=inert(told.suite),
        advisory=inert(told.advisory),
        since=told.since,
        note=inert(told.note),
    )


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the format."""
    return msgspec.json.schema(VerdictsV1)
