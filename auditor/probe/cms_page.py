"""The parts of a page that tell what made it: generators, scripts, style sheets. Only parsing."""

import re

from auditor.model.base import Value
from auditor.model.text import inert
from auditor.probe.html_bombs import bomb
from auditor.probe.http_talk import Answer

LINKS = 200
"""Scripts and style sheets of a page that are looked at."""
_SHOWN = 300
_GENERATORS = 10


class Page(Value, frozen=True):
    """`links` are addresses as they are written; `html` is the page's source, as far as read."""

    generators: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    html: str = ""
    powered: tuple[str, ...] = ()
    """What X-Powered-By says, one product each."""
    unread: str = ""
    """Why the page, or the rest of it, was not read."""


def read_page(answer: Answer) -> Page:
    """Take in an answer; one without a page gives what its header fields say."""
    powered = tuple(
        inert(part.strip())[:_SHOWN]
        for value in answer.values("x-powered-by")
        for part in value.split(",")[:_GENERATORS]
    )
    said = tuple(inert(value)[:_SHOWN] for value in answer.values("x-generator"))
    if not answer.body:
        return Page(generators=said, powered=powered)
    from selectolax.lexbor import LexborHTMLParser

    html = answer.body.decode("utf-8", "replace")
    if why := bomb(html):
        return Page(generators=said, powered=powered, unread=why)
    tree = LexborHTMLParser(html)
    metas = tree.css("meta[name]")[:LINKS]
    generators = [
        _text(meta.attributes.get("content"))
        for meta in metas
        if (meta.attributes.get("name") or "").lower() == "generator"
    ]
    scripts = [_text(node.attributes.get("src")) for node in tree.css("script[src]")[:LINKS]]
    sheets = [_text(node.attributes.get("href")) for node in tree.css("link[href]")[:LINKS]]
    return Page(
        generators=(*said, *generators[:_GENERATORS]),
        links=tuple(link for link in (*scripts, *sheets) if link)[:LINKS],
        html=html,
        powered=powered,
        unread=f"a page of more than {len(answer.body)} bytes" if answer.cut else "",
    )


def _text(value: str | None) -> str:
    return inert(re.sub(r"\s+", " ", (value or "")[:_SHOWN]).strip())
