"""The forms of a page as rows of the tables `forms` and `boxes`."""

from collections.abc import Iterable, Iterator

from auditor.probe.base import Record
from auditor.probe.crawl import Sheet
from auditor.probe.privacy_asked import IDENTITY, SENSITIVE, Asked
from auditor.probe.privacy_forms import Entry
from auditor.probe.privacy_pages import address_of, shown_place
from auditor.probe.site_url import Reference, foreign

_GOALS = 10
_CREDENTIALS = frozenset({Asked.PASSWORD})


def form_rows(site: str, sheet: Sheet, entries: Iterable[Entry]) -> Iterator[Record]:
    """Yield the forms that collect data of persons."""
    page = shown_place(sheet.place)
    for entry in entries:
        if entry.personal:
            yield {"page": page, "form": entry.name, **_row(site, entry, sheet)}


def _row(site: str, entry: Entry, sheet: Sheet) -> Record:
    away = [goal for goal in entry.goals if not _own(site, goal)]
    return {
        "purpose": entry.purpose.value,
        "asked": _words(entry.asked),
        "required": _words(entry.required - _CREDENTIALS),
        "identity": _words(entry.asked & IDENTITY),
        "sensitive": _words(entry.asked & SENSITIVE),
        "kept": _words(entry.kept),
        "secure": sheet.place.secure and all(goal.secure for goal in entry.goals),
        "away": sorted({address_of(goal.shown) for goal in away})[:_GOALS],
        "in_address": entry.get and bool(entry.sent),
    }


def _own(site: str, goal: Reference) -> bool:
    """The site's holder, or another part of the government."""
    return not foreign(site, goal.host) or goal.host.endswith(".go.id")


def _words(asked: Iterable[Asked]) -> list[str]:
    return sorted(kind.value for kind in asked)


def box_rows(sheet: Sheet, entries: Iterable[Entry]) -> Iterator[Record]:
    """Yield the boxes that ask for consent; of those with one name the worse counts."""
    page = shown_place(sheet.place)
    for entry in entries:
        names: dict[str, Record] = {}
        for box in entry.boxes:
            row = names.setdefault(
                box.name, {"page": page, "form": entry.name, "box": box.name or "?"}
            )
            row["ticked"] = box.ticked or row.get("ticked", False)
            row["bundled"] = box.bundled or row.get("bundled", False)
        yield from names.values()
