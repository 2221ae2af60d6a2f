"""Evidence for the incident team: what was seen where, short and inert, without personal data."""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256

from auditor.model.base import Value
from auditor.model.text import inert
from auditor.probe.base import Record
from auditor.probe.crawl import Sheet
from auditor.probe.http_talk import told

MOST = 30
_EXCERPT = 300
_DIGITS = re.compile(r"\d(?:[\s.()-]{0,2}\d){4,40}")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,100}")


class Exhibit(Value, frozen=True):
    """One thing seen in a page; `guise` is "visitor" where the auditor came as itself."""

    sheet: Sheet | None
    guise: str
    place: str
    what: str
    said: str = ""


def exhibits(found: Iterable[Exhibit], front: Sheet, seen_at: str) -> list[Record]:
    """Return the table, at most `MOST` rows, each thing once."""
    rows: dict[tuple[str, ...], Record] = {}
    for exhibit in found:
        sheet = exhibit.sheet or front
        row: Record = {
            "page": shown(told(sheet.place.url)),
            "guise": exhibit.guise,
            "place": exhibit.place,
            "what": masked(exhibit.what)[:_EXCERPT],
            "excerpt": masked(exhibit.said)[:_EXCERPT],
            "sha256": sha256(sheet.answer.body).hexdigest(),
            "time": seen_at,
        }
        rows.setdefault((row["page"], row["guise"], row["place"], row["what"]), row)
        if len(rows) == MOST:
            break
    return list(rows.values())


def masked(text: str) -> str:
    """Return a text in one line, inert, with long numbers and mail addresses left out."""
    line = inert(" ".join(text[:2_000].split()))
    return _MAIL.sub("…@…", _DIGITS.sub("…", line))


def shown(address: str) -> str:
    """Return an address for a list."""
    return inert(address)[:160]


def listed(pairs: Sequence[tuple[Sheet, str]], most: int = 50) -> list[str]:
    """Return "address: what" for each, once, in order."""
    found = (f"{shown(told(sheet.place.url))}: {masked(what)}"[:300] for sheet, what in pairs)
    return list(dict.fromkeys(found))[:most]
