"""Read a PDF for personal data: text of pages, fields and notes; bounded in everything.

pypdf bounds what it unpacks and parses where it is told to (`apply_configuration`). Forms within
pages it would draw as often as they are named (300 times one form took 100 seconds), and drop
without a word where it cannot read them: it is told to leave them out, and each is read here once.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from auditor.model.fact import Why
from auditor.probe.base import Unseen
from auditor.probe.personal_find import Finder
from auditor.probe.personal_pdf_fonts import FontCosts, real

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MOST_PAGES = 400
MOST_OF_A_PAGE = 2**20
"""Bytes of the drawing instructions of one page, unpacked."""
MOST_FORMS = 300
MOST_NOTES = 500
_NEVER_PASSWORD = ""
_WORDY = 20
"""Characters from which on a page with pictures is not a picture of a page."""
LIMITS: Mapping[str, Any] = {
    "maximum_declared_stream_length": 32 * 2**20,
    "array_based_stream_maximum_output_length": 4 * 2**20,
    "array_maximum_element_count": 50_000,
    "dictionary_maximum_element_count": 20_000,
    "lzw_maximum_output_length": 4 * 2**20,
    "run_length_maximum_output_length": 4 * 2**20,
    "zlib_maximum_output_length": 8 * 2**20,
    "zlib_maximum_recovery_input_length": 500_000,
    "brotli_maximum_output_length": 4 * 2**20,
    "stream_filters_maximum_length": 4,
    "stream_decoding_work_maximum_length": 16 * 2**20,
    "stream_parsing_work_maximum_count": 100_000,
    "page_tree_maximum_entries": 20_000,
    "page_tree_maximum_depth": 50,
    "page_tree_maximum_page_entries": 400_000,
    "form_fields_maximum_entries": 5_000,
    "form_fields_maximum_depth": 20,
    "xform_maximum_invocations_per_extraction": 0,
    "jbig2dec_binary": None,
}
"""Of pypdf; the names are its own."""


class Purse:
    """What all documents of a site may cost together, in bytes of drawing instructions."""

    def __init__(self, left: int = 12 * 2**20) -> None:
        self.left = left

    def spend(self, size: int) -> None:
        """Take so much out. Raises `Unseen` where there is not enough in it."""
        self.left -= size
        if self.left < 0:
            raise Unseen(Why.CUT, "the documents of the site are more than is read")


def read_pdf(body: bytes, finder: Finder, purse: Purse) -> tuple[str, bool, list[Unseen]]:
    """Take in a PDF; return its author, whether it tells a place on earth, and what was not seen.

    Raises `Unseen` where it is no PDF or encrypted.
    """
    from pypdf import apply_configuration

    with apply_configuration(**LIMITS):
        reader = _opened(body)
        unseen: list[Unseen] = []
        pages = list(_pages(reader, unseen))
        pages_read = _Pages(finder, purse)
        for number, page in enumerate(pages, 1):
            try:
                pages_read.take(page, f"#page={number}")
            except Unseen as error:
                unseen.append(error)
        author, located = _described(reader, finder, unseen)
    return author, located, unseen


def faults() -> tuple[type[Exception], ...]:
    """Return what pypdf raises on broken documents: its own errors, and whatever else comes up."""
    from pypdf.errors import DependencyError, PyPdfError

    return (
        PyPdfError,
        DependencyError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        EOFError,
        LookupError,
        NotImplementedError,
        OSError,
        RecursionError,
        TypeError,
        ValueError,
        struct.error,
        zlib.error,
    )


def _why(error: Exception) -> Unseen:
    """Say what went wrong in our own words: pypdf's may quote the document."""
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    if isinstance(error, LimitReachedError | RecursionError):
        return Unseen(Why.CUT, "a part of it is more than is read")
    if isinstance(error, FileNotDecryptedError | DependencyError | NotImplementedError):
        return Unseen(Why.UNREADABLE, "it is encrypted")
    return Unseen(Why.UNREADABLE, "a part of it is broken")


def _opened(body: bytes) -> "PdfReader":
    from pypdf import PdfReader

    try:
        reader = PdfReader(
            BytesIO(body), root_object_recovery_limit=2_000, xref_stream_maximum_entries=200_000
        )
        if reader.is_encrypted and not reader.decrypt(_NEVER_PASSWORD):
            raise Unseen(Why.UNREADABLE, "it is encrypted")
    except faults() as error:
        raise _why(error) from error
    return reader


def _pages(reader: "PdfReader", unseen: list[Unseen]) -> Iterator["PageObject"]:
    try:
        number = len(reader.pages)
        if number == 0:
            unseen.append(Unseen(Why.UNREADABLE, "it has no pages"))
        if number > MOST_PAGES:
            unseen.append(Unseen(Why.CUT, f"more than {MOST_PAGES} pages"))
        for at in range(min(number, MOST_PAGES)):
            yield reader.pages[at]
    except faults() as error:
        unseen.append(_why(error))


class _Pages:
    """Takes the pages of one document; a form that stands on many is read once."""

    def __init__(self, finder: Finder, purse: Purse) -> None:
        self._finder = finder
        self._purse = purse
        self._fonts = FontCosts()
        self._forms: set[int] = set()

    def take(self, page: "PageObject", spot: str) -> None:
        """Take in a page, its forms and its notes. Raises `Unseen` where a part is not seen."""
        try:
            self._spend(page.get_contents(), page.get("/Resources"))
            damaged = any(map(_damaged, _streams(page.get("/Contents"))))
            forms, pictures = _inside(page, self._forms)
            if len(forms) > MOST_FORMS:
                raise Unseen(Why.CUT, f"a page of more than {MOST_FORMS} forms")
            text = page.extract_text()
            self._finder.lines(text, spot)
            _notes(page, self._finder, spot)
            for form in forms:
                damaged |= _damaged(form)
                self._spend(form, form.get("/Resources"))
                shown = page.extract_xform_text(form)
                self._finder.lines(shown, spot)
                text += shown
        except faults() as error:
            raise _why(error) from error
        if damaged:
            raise Unseen(Why.UNREADABLE, "a part of it is broken")
        if pictures and len("".join(text.split())) < _WORDY:
            raise Unseen(Why.NO_TOOL, "a page that is a picture")

    def _spend(self, content: Any, resources: Any) -> None:
        size = len(content.get_data()) if content is not None else 0
        if size > MOST_OF_A_PAGE:
            raise Unseen(Why.CUT, f"a page of more than {MOST_OF_A_PAGE} bytes")
        self._purse.spend(size + self._fonts.of(resources))


def _streams(contents: Any) -> list[Any]:
    contents = real(contents)
    return [real(part) for part in contents] if isinstance(contents, list) else [contents]


def _damaged(stream: Any) -> bool:
    """Tell whether packed data do not come out whole: pypdf goes on with what it gets of them."""
    from pypdf.generic import StreamObject

    if not isinstance(stream, StreamObject):
        return False
    how = real(stream.get("/Filter"))
    if how not in ("/FlateDecode", ["/FlateDecode"]):
        return False
    unpack = zlib.decompressobj()
    try:
        unpack.decompress(StreamObject.get_data(stream), MOST_OF_A_PAGE + 1)
    except zlib.error:
        return True
    return not unpack.eof and not unpack.unconsumed_tail


def _inside(page: "PageObject", seen: set[int]) -> tuple[list[Any], bool]:
    """Return the forms of a page that no page before it had, and whether it shows pictures."""
    found: list[Any] = []
    pictures = False
    waiting = [page.get("/Resources")]
    while waiting and len(found) <= MOST_FORMS:
        resources = real(waiting.pop())
        objects = real(resources.get("/XObject")) if isinstance(resources, dict) else None
        for part in list(objects.values() if isinstance(objects, dict) else ())[: MOST_FORMS + 1]:
            form = real(part)
            if not isinstance(form, dict):
                continue
            pictures |= form.get("/Subtype") == "/Image"
            if form.get("/Subtype") == "/Form" and id(form) not in seen:
                seen.add(id(form))
                found.append(form)
                waiting.append(form.get("/Resources"))
    return found, pictures


def _notes(page: "PageObject", finder: Finder, spot: str) -> None:
    """Take in what is filled in, noted, or linked on a page."""
    notes = real(page.get("/Annots"))
    for part in list(notes if isinstance(notes, list) else ())[:MOST_NOTES]:
        note = real(part)
        if not isinstance(note, dict):
            continue
        name = note.get("/T")
        for key in ("/Contents", "/V", "/TU"):
            value = real(note.get(key))
            if isinstance(value, str):
                finder.text(f"{name if isinstance(name, str) else ''}: {value}", spot)
        action = real(note.get("/A"))
        link = real(action.get("/URI")) if isinstance(action, dict) else None
        if isinstance(link, str):
            finder.text(link, spot, address=True)


def _described(reader: "PdfReader", finder: Finder, unseen: list[Unseen]) -> tuple[str, bool]:
    """Return the author, and whether the document tells where it was made."""
    try:
        about: Mapping[str, Any] = reader.metadata or {}
        for value in list(about.values())[:MOST_NOTES]:
            finder.text(str(real(value))[:1000])
        author = str(real(about.get("/Author")) or "")[:200]
        stream = real(reader.root_object.get("/Metadata"))
        packet = stream.get_data()[: 2**20] if hasattr(stream, "get_data") else b""
        attached = real(reader.root_object.get("/Names"))
        if isinstance(attached, dict) and "/EmbeddedFiles" in attached:
            unseen.append(Unseen(Why.UNSUPPORTED, "files are attached to it"))
    except faults() as error:
        unseen.append(_why(error))
        return "", False
    return author, b"GPSLatitude" in packet
