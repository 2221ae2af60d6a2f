"""What a form is for, told by its own words, else by the page that it stands on."""

import re
from collections.abc import Mapping
from enum import StrEnum

from auditor.model.base import Value
from auditor.probe.crawl import Topic
from auditor.probe.privacy_asked import IDENTITY, Asked, plain


class Purpose(StrEnum):
    """What citizens fill a form in for."""

    LOGIN = "login"
    ACCOUNT = "account"
    """To become a user."""
    SEARCH = "search"
    WHISTLEBLOWING = "whistleblowing"
    COMPLAINT = "complaint"
    INFORMATION_REQUEST = "information_request"
    OBJECTION = "objection"
    SURVEY = "survey"
    NEWSLETTER = "newsletter"
    COMMENT = "comment"
    CONTACT = "contact"
    SERVICE = "service"
    OTHER = "other"


_WORDS: Mapping[Purpose, re.Pattern[str]] = {
    purpose: re.compile(pattern)
    for purpose, pattern in {
        Purpose.WHISTLEBLOWING: r"whistle ?blow|\bwbs\b|\bkorupsi\b|\bpungli\b|gratifikasi",
        Purpose.OBJECTION: r"\bkeberatan\b|\bobjection",
        Purpose.INFORMATION_REQUEST: r"(permohonan|permintaan) informasi|information request",
        Purpose.COMPLAINT: r"\b(pengaduan|aduan|keluhan|lapor|laporan|laporkan|complaints?)\b",
        Purpose.SURVEY: r"\b(survei|survey|skm|ikm|kuesioner|polling|poll|jajak pendapat)\b",
        Purpose.NEWSLETTER: r"newsletter|\bberlangganan\b|\blangganan\b|\bsubscribe|\bmilis\b",
        Purpose.COMMENT: r"\bkomentar\b|\bcomments?\b",
        Purpose.CONTACT: r"\b(kontak|contact|hubungi|buku tamu|guest ?book|saran|kritik|pesan)\b",
        Purpose.SERVICE: r"\b(pendaftaran|daftar|registrasi|permohonan|pengajuan|antrian|antrean"
        r"|booking|reservasi|layanan)\b",
    }.items()
}
_OF_PAGE: Mapping[Topic, Purpose] = {
    Topic.WHISTLEBLOWING: Purpose.WHISTLEBLOWING,
    Topic.GRATIFICATION: Purpose.WHISTLEBLOWING,
    Topic.OBJECTION: Purpose.OBJECTION,
    Topic.INFORMATION_REQUEST: Purpose.INFORMATION_REQUEST,
    Topic.COMPLAINT: Purpose.COMPLAINT,
    Topic.SURVEY: Purpose.SURVEY,
    Topic.CONTACT: Purpose.CONTACT,
}
_SEARCH = re.compile(r"\b(search|cari|pencarian|telusur)\b|^(q|s|keyword|kata kunci)$")
_REPORTS = frozenset({Purpose.COMPLAINT, Purpose.CONTACT})
"""What a form on a page for whistleblowers may call itself."""
_LOGIN_MOST = 2
"""Kinds of data beside the password that a login asks at most."""


class FormWords(Value, frozen=True):
    """What a form says to its readers (heads, buttons), and what only its code says."""

    shown: tuple[str, ...] = ()
    code: tuple[str, ...] = ()


def purpose_of(
    words: FormWords, asked: frozenset[Asked], page: str, topics: frozenset[Topic]
) -> Purpose:
    """Return what a form is for; `page` are the words of the page's head."""
    shown, code = ([plain(word) for word in part] for part in (words.shown, words.code))
    if Asked.PASSWORD in asked:
        return Purpose.LOGIN if len(asked) <= 1 + _LOGIN_MOST else Purpose.ACCOUNT
    if any(map(_SEARCH.search, shown + code)) and IDENTITY.isdisjoint(asked):
        return Purpose.SEARCH
    of_page = next((purpose for topic, purpose in _OF_PAGE.items() if topic in topics), None)
    said = _said(shown) or _said(code)
    if of_page is Purpose.WHISTLEBLOWING and said in _REPORTS:
        return of_page
    return said or of_page or _said([plain(page)]) or Purpose.OTHER


def _said(texts: list[str]) -> Purpose | None:
    return next((p for p, words in _WORDS.items() if any(map(words.search, texts))), None)
