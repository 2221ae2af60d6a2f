"""What is in a page: what it loads and from whom, its forms, its policies, where it leads.

The parser is lexbor: it builds the tree that browsers build.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from auditor.model.fact import Why
from auditor.probe.base import Unseen
from auditor.probe.html_bombs import bomb
from auditor.probe.http_talk import Answer
from auditor.probe.site_forms import Form, FormReader
from auditor.probe.site_loads import ACTIVE_LINKS, in_style, loaded
from auditor.probe.site_url import Place, Reference, foreign, refer

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MOST_SHOWN = 50
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_META_BYTES = 1024
_GUESSED = frozenset({"", "*/*", "unknown/unknown", "application/unknown"})
"""Types that make browsers look at the content."""
_CODECS = re.compile(
    r"utf-8|ascii|iso-?8859-\d+|latin-?1|windows-\d+|cp125\d|koi8-[ru]|gbk|gb18030|gb2312|big5"
    r"|shift_jis|euc-jp|euc-kr|tis-620",
    re.IGNORECASE,
)
_REFRESH = re.compile(
    r"\s*(\d{1,4})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']*)", re.IGNORECASE
)
_SOON = 10
"""Seconds within which a refresh is a redirect."""
_LOGIN = re.compile(
    r"/(?:wp-)?(?:log-?in|sign-?in|masuk|auth|administrator|admin)(?:[./?]|$)", re.IGNORECASE
)
_LOGINS = 10
_LOGOUT = re.compile(r"log-?out|sign-?out|keluar", re.IGNORECASE)
_HASH = re.compile(r"sha(?:256|384|512)-[A-Za-z0-9+/_-]+={0,2}(?:\?\S*)?")


class Page(msgspec.Struct):
    """What was found in a page; lists are in order and may hold an address twice."""

    active: list[Reference] = []
    passive: list[Reference] = []
    unsealed_scripts: list[Reference] = []
    unsealed_styles: list[Reference] = []
    policies: list[str] = []
    """Content Security Policies in the head, before any script."""
    late_policy: bool = False
    """One more stands where it comes too late."""
    referrer: list[str] = []
    refresh: str = ""
    """Where the page sends its reader soon, "" for nowhere."""
    logins: list[Reference] = []
    """What reads like a link to a login page, the first few."""
    handlers: int = 0
    """Attributes that hold script."""
    forms: list[Form] = []


def is_html(answer: Answer) -> bool:
    """Tell whether browsers show the answer as a page."""
    said = ",".join(answer.values("content-type"))
    kind = said.rpartition(",")[2].partition(";")[0].strip().lower()
    if kind in _GUESSED:
        return answer.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return kind in {"text/html", "application/xhtml+xml"}


def text_of(answer: Answer) -> str:
    """Decode a page as browsers do: mark, header, meta; UTF-7 and the unknown are Latin text."""
    body = answer.body
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    said = _CHARSET.search(answer.value("content-type")[:200])
    if said and re.fullmatch(r"utf-?16(le|be)?", said[1], re.IGNORECASE):
        return body.decode(
            "utf-16-be" if said[1].lower().endswith("be") else "utf-16-le", "replace"
        )
    said = said or _CHARSET.search(body[:_META_BYTES].decode("latin-1"))
    name = said[1].lower() if said else "utf-8"
    if name.startswith("utf-16"):
        name = "utf-8"
    return body.decode(name if _CODECS.fullmatch(name) else "cp1252", "replace")


def read_page(answer: Answer, place: Place) -> Page:
    """Parse a page that stands at `place`. Raises `Unseen` where it is too much to parse."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    text = text_of(answer)
    if why := bomb(text):
        raise Unseen(Why.CUT, why)
    try:
        root = LexborHTMLParser(text).root
    except (SelectolaxError, ValueError) as error:
        raise Unseen(Why.UNREADABLE, "a page that cannot be parsed") from error
    reader = _Reader(place)
    for node in root.traverse() if root is not None else ():
        reader.take(node)
    reader.page.forms = reader.forms.done()
    return reader.page


def refreshed(text: str) -> str:
    """Return where a refresh soon leads, "" for nowhere; of a header field or a meta element."""
    match = _REFRESH.match(text[:4096])
    return match[2].strip() if match and int(match[1]) <= _SOON else ""


class _Reader:
    """Takes the elements of a page in order."""

    def __init__(self, place: Place) -> None:
        self.page = Page()
        self.forms = FormReader(place)
        self._site = place.name
        self._place = place
        self._base = place
        self._based = False
        self._script_seen = False

    def take(self, node: "LexborNode") -> None:
        tag = node.tag or ""
        parent = node.parent
        if parent is not None and parent.tag == "noscript":
            return
        attributes = node.attributes
        self.page.handlers += sum(name.startswith("on") for name in attributes)
        if tag == "base" and not self._based and attributes.get("href"):
            self._rebase(attributes["href"] or "")
        elif tag == "meta":
            self._meta(attributes, in_head=parent is not None and parent.tag == "head")
        elif tag == "link":
            self._link(attributes)
        elif tag == "a":
            self._anchor(attributes)
        self._load(node, tag, attributes)
        self.forms.take(node, tag, attributes, self._base)

    def _rebase(self, href: str) -> None:
        self._based = True
        base = refer(self._place, href)
        if base is not None:
            self._base = base.place

    def _meta(self, attributes: dict[str, str | None], *, in_head: bool) -> None:
        content = attributes.get("content") or ""
        kind = (attributes.get("http-equiv") or "").strip().lower()
        if kind == "content-security-policy" and content.strip():
            if in_head and not self._script_seen:
                self.page.policies.append(content)
            else:
                self.page.late_policy = True
        elif kind == "refresh" and not self.page.refresh:
            self.page.refresh = refreshed(content)
        elif (attributes.get("name") or "").strip().lower() == "referrer":
            self.page.referrer.append(content[:100])

    def _link(self, attributes: dict[str, str | None]) -> None:
        kinds = (attributes.get("rel") or "").lower().split()
        reference = self._refer(attributes.get("href"))
        if reference is None:
            return
        if "stylesheet" in kinds:
            self._keep(self.page.active, reference)
            self._seal(self.page.unsealed_styles, reference, attributes)
        elif "icon" in kinds:
            self._keep(self.page.passive, reference)
        elif not ACTIVE_LINKS.isdisjoint(kinds):
            picture = (attributes.get("as") or "").strip().lower() == "image"
            self._keep(self.page.passive if picture else self.page.active, reference)

    def _load(self, node: "LexborNode", tag: str, attributes: dict[str, str | None]) -> None:
        self._script_seen |= tag == "script"
        active, passive = loaded(tag, attributes)
        if tag == "style":
            more, seen = in_style(node.text())
            active, passive = active + more, passive + seen
        for reference in filter(None, map(self._refer, active)):
            self._keep(self.page.active, reference)
            if tag == "script":
                self._seal(self.page.unsealed_scripts, reference, attributes)
        for reference in filter(None, map(self._refer, passive)):
            self._keep(self.page.passive, reference)

    def _keep(self, where: list[Reference], reference: Reference) -> None:
        """Keep what is loaded in clear."""
        if not reference.secure:
            where.append(reference)

    def _seal(
        self, where: list[Reference], reference: Reference, attributes: dict[str, str | None]
    ) -> None:
        """Keep what is another's and carries no hash of its content."""
        sealed = any(map(_HASH.fullmatch, (attributes.get("integrity") or "")[:2000].split()))
        if not sealed and foreign(self._site, reference.host):
            where.append(reference)

    def _anchor(self, attributes: dict[str, str | None]) -> None:
        href = (attributes.get("href") or "")[:4096]
        logins = self.page.logins
        if len(logins) == _LOGINS or not _LOGIN.search(href) or _LOGOUT.search(href):
            return
        reference = self._refer(attributes.get("href"))
        if reference is not None and reference not in logins:
            logins.append(reference)

    def _refer(self, text: str | None) -> Reference | None:
        return refer(self._base, text) if text else None


def shown(references: Iterable[Reference]) -> list[str]:
    """Return addresses for a finding: each once, sorted, at most `MOST_SHOWN`."""
    return sorted({reference.shown for reference in references})[:MOST_SHOWN]


def loads(page: Page) -> Iterator[Reference]:
    """Yield everything that the page loads in clear."""
    yield from page.active
    yield from page.passive
