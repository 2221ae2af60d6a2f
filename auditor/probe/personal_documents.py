"""Read a document of any kind for personal data, and say what of it was not read."""

import re

import msgspec

from auditor.model.fact import Why
from auditor.probe.base import Unseen
from auditor.probe.crawl import Document, DocumentKind
from auditor.probe.personal_csv import read_csv
from auditor.probe.personal_find import Finder
from auditor.probe.personal_pdf import Purse, read_pdf
from auditor.probe.personal_xlsx import read_xlsx

_NAME = re.compile(r"[^\W\d_][\w.'\u2019-]*(?:,? +[^\W\d_][\w.'\u2019-]*){1,5}")
_NO_NAME = re.compile(
    r"(?i)dinas|badan|kantor|bagian|bidang|sub|sekretariat|kecamatan|kelurahan|desa|kota|kabupaten"
    r"|pemerintah|pemkot|pemkab|ppid|humas|admin|user|pengguna|operator|komputer|computer|laptop"
    r"|windows|microsoft|office|libre|adobe|canon|epson|scan|printer|home|lenovo|asus|acer|dell"
    r"|toshiba|hewlett|axioo|team|tim|unit|uptd?|rsud|puskesmas|sekolah|smpn?|sdn?\b|excel|word|pc\b"
    r"|perpustakaan|inspektorat|bappe\w*|bkpsdm|setda|diskominfo|dukcapil|openpyxl|python|apache|poi"
)


class Reading(msgspec.Struct, frozen=True):
    """What a document says of itself, and what of it was not seen."""

    author: bool = False
    """It names a person as its author."""
    located: bool = False
    """It tells where on earth it was made."""
    unseen: tuple[Unseen, ...] = ()


def read_document(document: Document, finder: Finder, purse: Purse) -> Reading:
    """Take in a document; whatever goes wrong is in the answer."""
    author, located = "", False
    unseen: list[Unseen] = []
    if document.cut:
        unseen.append(Unseen(Why.CUT, "the document is longer than is fetched"))
    try:
        if document.kind is DocumentKind.PDF:
            author, located, more = read_pdf(document.body, finder, purse)
            unseen += more
        elif document.kind is DocumentKind.XLSX:
            author, more = read_xlsx(document.body, finder)
            unseen += more
        elif left := read_csv(document.body, finder):
            unseen.append(Unseen(Why.CUT, left))
    except Unseen as error:
        unseen.append(error)
    return Reading(author=is_person(author), located=located, unseen=tuple(unseen))


def is_person(author: str) -> bool:
    """Tell whether one of the names that a document gives reads like that of a person."""
    names = (name.strip() for name in author.split(";"))
    return any(_NAME.fullmatch(name) and not _NO_NAME.search(name) for name in names)
