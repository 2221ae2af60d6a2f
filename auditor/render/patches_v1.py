"""`auditor-patches/1`: what is to be done on each target, as JSON and CSV.

A target that is not known to the full is there with status `error` and why: no row of it means
"nothing is missing". One target a line; a big city never stands in memory whole.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from auditor.model.base import OpdId, TargetId
from auditor.model.result import Run
from auditor.model.text import inert
from auditor.render.csv_lines import line
from auditor.render.published import Part, TextV1, inert_all, text_v1
from auditor.report.patch import Action, Level, Open, Unsupported, Word
from auditor.report.patch_sums import Mended, Totals

FORMAT = "auditor-patches/1"
Named = tuple[TargetId, OpdId, Level]
"""A target with its office and patch level."""


class ActionV1(Part, frozen=True):
    """An update (`kind` update) or a restart of what is installed already (restart).

    Null: not known. `days`: age of the fix; `due` null: with the next upgrade.
    """

    kind: str
    source: str
    packages: list[str]
    have: str
    want: str
    suite: str
    verdict: str
    held: bool
    cves: list[str]
    kev: list[str] | None
    ransomware: bool | None
    advisories: list[str]
    since: dt.date | None
    days: int | None
    exposed: str
    ports: list[str]
    automatable: str
    total: str
    derived: bool
    epss_percentile: int | None
    cvss: float | None
    band: str
    due: dt.date | None
    overdue: bool | None
    reason: TextV1


class OpenV1(Part, frozen=True):
    """Weaknesses that no update mends."""

    source: str
    verdict: str
    have: str
    cves: list[str]
    kev: list[str]
    note: str


class EndedV1(Part, frozen=True):
    """A package whose support ended early, or is limited."""

    source: str
    packages: list[str]
    ended: dt.date | None
    limited: bool
    note: str


class FeedV1(Part, frozen=True):
    """Data that the verdicts were made with."""

    name: str
    kind: str
    date: dt.datetime
    state: str
    trust: str
    signed_by: str
    sha256: str


class LevelV1(Part, frozen=True):
    """One target. `status` is `ok` only where all of it was seen on fresh data; else `error`."""

    status: str
    word: str
    reason: TextV1
    system: str
    supported: bool | None
    support_until: dt.date | None
    reboot: bool | None
    lists_time: dt.datetime | None
    automatic: bool | None
    data_as_of: dt.datetime | None
    packages: int | None
    covered: int | None
    verdicts: dict[str, int]
    priorities: str
    actions: list[ActionV1]
    open: list[OpenV1] | None
    unsupported: list[EndedV1] | None
    third_party: int | None
    feeds: list[FeedV1]


class TargetV1(Part, frozen=True):
    """One target with its office."""

    target: str
    opd: str
    patch: LevelV1


class PatchesV1(Part, frozen=True):
    """The whole document; times in UTC."""

    format: str
    run: str
    started: dt.datetime
    targets: list[TargetV1]


class MendedV1(Part, frozen=True):
    """How many days updates took."""

    number: int
    mean: float
    median: float


class SumsV1(Part, frozen=True):
    """Sums of patch levels; those of which a number is not known are counted, not taken for 0."""

    totals: dict[str, int]
    before: dict[str, int] | None
    mended: MendedV1 | None


_TAIL = b'"targets":[]}'


def document(run: Run, levels: Iterable[Named]) -> Iterator[bytes]:
    """Yield the JSON text in chunks."""
    encoder = msgspec.json.Encoder()
    head = PatchesV1(format=FORMAT, run=run.id, started=run.started, targets=[])
    yield encoder.encode(head).removesuffix(_TAIL) + b'"targets":['
    for number, (target, opd, level) in enumerate(levels):
        row = TargetV1(target=target, opd=opd, patch=level_v1(level))
        yield (b",\n" if number else b"\n") + encoder.encode(row)
    yield b"]}\n"


def level_v1(level: Level) -> LevelV1:
    """Return a target's patch level as it is published."""
    found, life = level.patches, level.lifecycle
    return LevelV1(
        status=status_of(level),
        word=level.word,
        reason=text_v1(level.reason),
        system=inert(life.release if life else found.release if found else ""),
        supported=life.supported if life else None,
        support_until=life.eol.date() if life else None,
        reboot=level.reboot,
        lists_time=level.lists_time,
        automatic=level.automatic,
        data_as_of=found.index_date if found else None,
        packages=found.packages if found else None,
        covered=found.covered if found else None,
        verdicts={str(v): n for v, n in found.verdicts.items()} if found else {},
        priorities=inert(found.priorities) if found else "",
        actions=[action_v1(action) for action in level.actions],
        open=_each(_open, found.open) if found else None,
        unsupported=_each(_ended, found.unsupported) if found else None,
        third_party=len(found.third_party) if found and found.third_party is not None else None,
        feeds=[
            FeedV1(
                name=inert(feed.name),
                kind=inert(feed.kind),
                date=feed.date,
                state=feed.state,
                trust=feed.trust,
                signed_by=inert(feed.signed_by),
                sha256=inert(feed.sha256),
            )
            for feed in (found.feeds if found else ())
        ],
    )


def status_of(level: Level) -> str:
    """Return `ok` or `error`."""
    return "ok" if level.word is Word.COMPLETE else "error"


def _each(make: Any, rows: "tuple[Any, ...] | None") -> Any:
    return None if rows is None else [make(row) for row in rows]


def _open(row: Open) -> OpenV1:
    return OpenV1(
        source=inert(row.source),
        verdict=row.verdict,
        have=inert(row.have),
        cves=inert_all(row.cves) or [],
        kev=inert_all(row.kev) or [],
        note=inert(row.note),
    )


def _ended(row: Unsupported) -> EndedV1:
    return EndedV1(
        source=inert(row.source),
        packages=inert_all(row.packages) or [],
        ended=row.day,
        limited=row.limited,
        note=inert(row.note),
    )


def action_v1(action: Action) -> ActionV1:
    """Return an action as it is published."""
    return ActionV1(
        kind="restart" if action.restart else "update",
        source=inert(action.source),
        packages=inert_all(action.packages) or [],
        have=inert(action.have),
        want=inert(action.want),
        suite=inert(action.suite),
        verdict=action.verdict,
        held=action.held,
        cves=inert_all(action.cves) or [],
        kev=inert_all(action.kev),
        ransomware=action.ransomware,
        advisories=inert_all(action.advisories) or [],
        since=action.since.date() if action.since else None,
        days=action.days,
        exposed=action.exposed,
        ports=inert_all(action.ports) or [],
        automatable=inert(action.automatable),
        total=inert(action.total),
        derived=action.derived,
        epss_percentile=action.percentile if action.percentile >= 0 else None,
        cvss=action.score if action.score >= 0 else None,
        band=inert(action.band),
        due=action.day,
        overdue=action.overdue,
        reason=text_v1(action.reason),
    )


def sums_v1(totals: Totals, before: Totals | None, mended: Mended | None) -> SumsV1:
    """Return the sums of a city or an office as they are published."""
    return SumsV1(
        totals=msgspec.structs.asdict(totals),
        before=msgspec.structs.asdict(before) if before else None,
        mended=MendedV1(**msgspec.structs.asdict(mended)) if mended else None,
    )


COLUMNS = ("format", "run", "target", "opd", "status", "word", "why", *ActionV1.__struct_fields__)


def table(run: Run, levels: Iterable[Named]) -> Iterator[bytes]:
    """Yield CSV lines: one an action, and one for each target that is not known to the full."""
    yield line(COLUMNS)
    for target, opd, level in levels:
        head = (FORMAT, run.id, target, opd, status_of(level), level.word, level.reason.en)
        actions = [action_v1(action) for action in level.actions]
        if not actions or level.word is not Word.COMPLETE:
            yield line((*head, *[""] * len(ActionV1.__struct_fields__)))
        for action in actions:
            yield line((*head, *(getattr(action, name) for name in ActionV1.__struct_fields__)))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the format."""
    return msgspec.json.schema(PatchesV1)
