"""A notice about cookies that a page shows, and whether one may say no where one may say yes."""

import re
from typing import TYPE_CHECKING

from auditor.model.base import Value
from auditor.probe.crawl import Sheet

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_BANNER = re.compile(r"cookie|consent|gdpr|\bkuki\b|cc-?banner|cc-?window", re.IGNORECASE)
_BOXES = frozenset({"div", "section", "aside", "dialog", "form", "footer"})
_BUTTONS = "button, a, input[type=button], input[type=submit], [role=button]"
_MOST = 30
_WORDS = 120
_ACCEPT = re.compile(
    r"\b(terima|setuju|saya setuju|izinkan|accept|allow|agree|mengerti|paham|oke?|got it)\b",
    re.IGNORECASE,
)
_REJECT = re.compile(
    r"\b(tolak|menolak|tidak setuju|hanya yang (perlu|diperlukan|wajib)|reject|decline|refuse|deny"
    r"|(only )?(necessary|essential)( only)?)\b",
    re.IGNORECASE,
)


class Banner(Value, frozen=True):
    """What was found; `refusable` says nothing where there is no banner."""

    present: bool = False
    refusable: bool = False


def banner_of(sheet: Sheet) -> Banner:
    """Return the banner of a page: a box named after cookies, with a button to accept them."""
    looked = 0
    root = sheet.tree.root
    for node in root.traverse() if root is not None else ():
        if node.tag not in _BOXES or not _called(node):
            continue
        looked += 1
        words = [_words(button) for button in node.css(_BUTTONS)[:_MOST]]
        if any(_accepts(word) for word in words):
            refusable = any(_REJECT.search(word) for word in words)
            return Banner(present=True, refusable=refusable)
        if looked == _MOST:
            break
    return Banner()


def _called(node: "LexborNode") -> bool:
    attributes = node.attributes
    named = " ".join((attributes.get(key) or "")[:200] for key in ("id", "class", "aria-label"))
    return _BANNER.search(named) is not None


def _words(button: "LexborNode") -> str:
    attributes = button.attributes
    said = button.text() or attributes.get("value") or attributes.get("aria-label") or ""
    return " ".join(said.split())[:_WORDS]


def _accepts(words: str) -> bool:
    return _ACCEPT.search(words) is not None and _REJECT.search(words) is None
