"""What runs a site and which script libraries it loads, with their versions, as its page shows it.

What is not shown is not guessed: names of cookies prove nothing, and a product whose version is not
shown has no version.
"""

import datetime as dt
import re
from collections.abc import Iterator

from auditor.model.base import Value
from auditor.model.fact import GAP, Why
from auditor.probe.base import Record
from auditor.probe.cms_libraries import libraries
from auditor.probe.cms_lifespans import Lifespans, judge
from auditor.probe.cms_page import Page

CMS = "cms"
FRAMEWORK = "framework"
LANGUAGE = "language"
LIBRARY = "library"
_VERSION = r"\s*v?(\d{1,3}(?:\.\d{1,3}){0,3})?"
_MADE_BY = tuple(
    (name, re.compile(pattern + _VERSION, re.IGNORECASE))
    for name, pattern in (
        ("WordPress", r"\bWordPress\b"),
        ("Joomla", r"\bJoomla!?"),
        ("Drupal", r"\bDrupal\b"),
        ("OJS", r"\bOpen Journal Systems\b"),
        ("SLiMS", r"\bSLiMS\b"),
        ("OpenSID", r"\bOpenSID\b"),
        ("Moodle", r"\bMoodle\b"),
        ("MediaWiki", r"\bMediaWiki\b"),
        ("TYPO3", r"\bTYPO3(?: CMS)?\b"),
    )
)
_TRACES = (
    ("WordPress", re.compile(r"/wp-(?:content|includes)/")),
    ("Joomla", re.compile(r"/media/jui/|joomla-script-options|/components/com_")),
    ("Drupal", re.compile(r"/sites/default/files/|drupal-settings-json|Drupal\.settings")),
    ("OJS", re.compile(r"/lib/pkp/|pkp_structure_page")),
    ("Moodle", re.compile(r"/lib/javascript\.php/|M\.cfg\s*=|/theme/yui_combo\.php")),
    (
        "SLiMS",
        re.compile(
            r"Senayan Library Management|/template/[a-z]{1,20}/[^\"']{0,40}slims", re.IGNORECASE
        ),
    ),
    ("OpenSID", re.compile(r"/desa/(?:upload|themes)/|OpenSID\s{0,3}v?\d\d\.\d", re.IGNORECASE)),
)
_VERSIONS = {
    "WordPress": re.compile(
        r"/wp-includes/(?:js/wp-embed|js/wp-emoji-release|css/dist/block-library/style)"
        r"[^\"'?\s]{0,20}\?ver=(\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)\b"
    ),
    "Joomla": re.compile(r"/media/jui/()"),
    "OpenSID": re.compile(r"OpenSID\s{0,3}v?(\d{2}\.\d{1,2})", re.IGNORECASE),
    "SLiMS": re.compile(r"SLiMS\s(\d{1,2})\b"),
    "OJS": re.compile(r"Open Journal Systems\s(\d\.\d\.\d\.\d)"),
}
_PHP = re.compile(r"PHP/(\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)(\S{0,60})")
_FRAMEWORKS = (
    ("Laravel", re.compile(r"\bLaravel v(\d{1,2}\.\d{1,3}(?:\.\d{1,3})?) \(PHP v")),
    ("CodeIgniter", re.compile(r"CodeIgniter Version <strong>(\d\.\d{1,2}(?:\.\d{1,2})?)")),
)
MANIFESTS = {
    "Joomla": (
        "/administrator/manifests/files/joomla.xml",
        re.compile(rb"<version>(\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)</version>"),
    ),
    "Moodle": ("/lib/upgrade.txt", re.compile(rb"^===\s*(\d{1,2}\.\d{1,2})", re.MULTILINE)),
}
"""Public files that tell a version which the page does not: path and pattern."""


class Product(Value, frozen=True):
    """A piece of software; `version` is "" where it is not shown, `note` why it is not judged."""

    name: str
    kind: str
    version: str
    where: str
    note: str = ""


def cms_of(page: Page) -> Product | None:
    """Return the content management system of a page, None where none is recognised."""
    for generator in page.generators:
        for name, pattern in _MADE_BY:
            if match := pattern.search(generator):
                version = match[1] or _shown(name, page)
                return Product(name=name, kind=CMS, version=version, where="generator")
    for name, pattern in _TRACES:
        if pattern.search(page.html):
            return Product(name=name, kind=CMS, version=_shown(name, page), where="page")
    return None


def products(page: Page) -> Iterator[Product]:
    """Yield language, frameworks and libraries of a page."""
    for powered in page.powered:
        if match := _PHP.match(powered):
            built = re.search(r"ubuntu|deb\d|\.el\d|\+", match[2]) is not None
            note = "a distributor's build, which the distributor mends" if built else ""
            yield Product(
                name="PHP", kind=LANGUAGE, version=match[1], where="X-Powered-By", note=note
            )
            break
    for name, pattern in _FRAMEWORKS:
        if match := pattern.search(page.html):
            yield Product(name=name, kind=FRAMEWORK, version=match[1], where="page")
    for one in libraries(page.links):
        yield Product(name=one.name, kind=LIBRARY, version=one.version, where=one.where)


def software(product: Product, known: Lifespans, today: dt.date) -> Record:
    """Return the record of a product; what is not known of its support is not seen."""
    record: Record = {
        "name": product.name,
        "kind": product.kind,
        "version": product.version,
        "where": product.where,
    }
    if product.note:
        return {**record, GAP: {"why": Why.NO_DATA, "detail": product.note}}
    verdict = judge(product.name, product.version, known, today)
    if verdict.eol is not None:
        record["eol"] = verdict.eol.isoformat()
    if verdict.supported is None:
        return {**record, GAP: {"why": Why.NO_DATA, "detail": verdict.why}}
    return {**record, "supported": verdict.supported}


def _shown(name: str, page: Page) -> str:
    pattern = _VERSIONS.get(name)
    match = pattern.search(page.html) if pattern else None
    if match is None:
        return ""
    return match[1] or ("3" if name == "Joomla" else "")
