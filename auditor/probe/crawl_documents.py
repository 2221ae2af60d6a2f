"""Documents that pages link to: which are fetched, and of what kind they are."""

import codecs
import re
from collections.abc import Iterable

from auditor.probe.crawl import DocumentKind, Link, Sheet
from auditor.probe.http_talk import Answer
from auditor.probe.site_page import is_html
from auditor.probe.site_url import Place

MOST = 8
BODY = 4 * 2**20
ALL_BODIES = 12 * 2**20
_NAME = re.compile(r"\.(pdf|xlsx|csv)$", re.IGNORECASE)
_TELLING = re.compile(
    r"daftar|rekap|data|penerima|bantuan|peserta|hasil|seleksi|lampiran|keputusan|laporan|pegawai"
    r"|siswa|\bdip\b",
    re.IGNORECASE,
)
_CSV_TYPES = frozenset({"text/csv", "application/csv", "text/comma-separated-values"})
_PLAIN = frozenset({"text/plain", "application/octet-stream", "application/vnd.ms-excel", ""})
_HEAD = 1_024
_LISTING = 4_096


def named(path: str) -> bool:
    """Tell whether an address says that it leads to a document."""
    return _NAME.search(path.partition("?")[0]) is not None


def kind_of(place: Place, answer: Answer) -> DocumentKind | None:
    """Return what an answer is, None where it is no document that is read."""
    head = answer.body[:_HEAD]
    said = answer.value("content-type").partition(";")[0].strip().lower()
    if b"%PDF-" in head:
        return DocumentKind.PDF
    if head.startswith(b"PK\x03\x04"):
        book = "spreadsheetml" in said or place.path.lower().partition("?")[0].endswith(".xlsx")
        inside = b"xl/" in answer.body or b"[Content_Types]" in answer.body[:_LISTING]
        return DocumentKind.XLSX if book and inside else None
    if said in _CSV_TYPES or (said in _PLAIN and place.path.lower().endswith(".csv")):
        wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = (
            (wide or b"\0" not in head)
            and not head.lstrip().startswith(b"<")
            and not is_html(answer)
        )
        return DocumentKind.CSV if text else None
    return None


class Shelf:
    """Links to documents, as they are found; the same address stands here once."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[Place, list[str]]] = {}

    def __len__(self) -> int:
        return len(self._found)

    def add(self, sheet: Sheet, links: Iterable[Link]) -> None:
        """Take in links; what leads to them is the link's text and the page's title."""
        for link in links:
            place = link.reference.place
            if len(self._found) == _MOST_KEPT and place.url not in self._found:
                break
            words = self._found.setdefault(place.url, (place, []))[1]
            if len(words) < _MOST_WORDS:
                words.extend(word for word in (link.text, sheet.title) if word)

    def ranked(self) -> list[tuple[Place, tuple[str, ...]]]:
        """Return the documents, those first whose words tell of lists of people and reports."""
        every = [(place, tuple(dict.fromkeys(words))) for place, words in self._found.values()]
        return sorted(every, key=lambda one: -_interest(*one))


_MOST_KEPT = 1_000
_MOST_WORDS = 6


def _interest(place: Place, words: tuple[str, ...]) -> int:
    return len({word.lower() for word in _TELLING.findall(" ".join((*words, place.path[-200:])))})
