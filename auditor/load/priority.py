"""The table of due dates: shipped, or a city's own in its place."""

import re
from collections.abc import Iterator
from importlib.resources import as_file
from itertools import pairwise, product
from pathlib import Path

from auditor.errors import ConfigError
from auditor.load.decode import decode
from auditor.load.refuse import refuse
from auditor.load.yaml import Document, read_yaml
from auditor.model.priority import Band, Priorities
from auditor.patch.priority import Signals, band_of
from auditor.resources import shipped

LONGEST = 3650
"""Days; a date must stay within the calendar."""
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_EVERY = tuple(Signals(*answers) for answers in product((True, False), repeat=4))
"""All sixteen answers to the four questions."""


def load_priorities(path: Path | None = None) -> Priorities:
    """Return the table of a file, or the shipped one; raises `ConfigError` for what is wrong.

    Refused is, too, what would put an update that is known to be exploited behind one that is not.
    """
    if path is not None:
        return _checked(read_yaml(path))
    with as_file(shipped("policies") / "data" / "priority.yaml") as file:
        return _checked(read_yaml(file))


def _checked(document: Document) -> Priorities:
    table = decode(document, Priorities)
    refuse(_missing(document, table))
    refuse(_wrong_bands(document, table))
    refuse(_wrong_order(document, table))
    return table


def _missing(document: Document, table: Priorities) -> Iterator[ConfigError]:
    """Yield what the model would fill in, but an operator must decide."""
    for name, hint in (
        ("name", "whose table it is, as in: name: Kota Batu 2026"),
        ("source", "where the days stand, as in: source: SE Wali Kota 12/2026"),
    ):
        if not getattr(table, name).strip():
            yield document.mistake((name,), f"{name} is missing or empty", hint)
    if not document.value.get("bands"):
        hint = "a list of {id: …, title: {id: …, en: …}, days: …}, the most urgent first"
        yield document.mistake(("bands",), "there are no bands", hint)


def _wrong_bands(document: Document, table: Priorities) -> Iterator[ConfigError]:
    """Yield what is wrong with single bands."""
    seen = set[str]()
    for number, band in enumerate(table.bands):
        at = ("bands", number)
        if not _ID.fullmatch(band.id):
            hint = "small letters, digits and dashes, as in kev-exposed"
            yield document.mistake((*at, "id"), f"id: {band.id!r} is no name of a band", hint)
        if band.id in seen:
            yield document.mistake((*at, "id"), f"two bands have the id {band.id!r}")
        seen.add(band.id)
        for lang in ("id", "en"):
            if not getattr(band.title, lang).strip():
                yield document.mistake((*at, "title", lang), f"title: {lang} is empty")
        if band.days is not None and not 1 <= band.days <= LONGEST:
            hint = "leave days out for: with the next upgrade"
            problem = f"days: {band.days} is not from 1 to {LONGEST}"
            yield document.mistake((*at, "days"), problem, hint)


def _wrong_order(document: Document, table: Priorities) -> Iterator[ConfigError]:
    """Yield why the bands do not make one order of haste."""
    if _signals(table.bands[-1]) != (None,) * 4:
        hint = "add a last band with an id and a title alone"
        at = ("bands", len(table.bands) - 1)
        yield document.mistake(at, "the last band does not fit every weakness", hint)
        return
    fits = {signals: band_of(signals, table) for signals in _EVERY}
    for number, band in enumerate(table.bands):
        if number not in fits.values():
            problem = f"{band.id}: no weakness can come here, the bands above take them all"
            yield document.mistake(("bands", number), problem, "move it up, or remove it")
    for number, (one, other) in enumerate(pairwise(table.bands), 1):
        if _days(other) < _days(one):
            problem = f"{other.id}: has fewer days than {one.id} above it"
            hint = "bands stand in order of haste"
            yield document.mistake(("bands", number), problem, hint)
    first = min(rank for signals, rank in fits.items() if not signals.kev)
    late = sorted({rank for signals, rank in fits.items() if signals.kev and rank >= first})
    for rank in late:
        problem = (
            f"{table.bands[rank].id}: takes exploited weaknesses (KEV) after others, or beside"
        )
        hint = "begin with bands of kev: true that take all of them"
        yield document.mistake(("bands", rank), problem, hint)


def _signals(band: Band) -> tuple[bool | None, ...]:
    return band.exposed, band.kev, band.automatable, band.total


def _days(band: Band) -> int:
    return LONGEST + 1 if band.days is None else band.days
