"""Whom a page brings in: what its elements load, and the hosts that its own scripts name."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from auditor.model.base import Value
from auditor.probe.crawl import Sheet
from auditor.probe.site_loads import in_style, loaded
from auditor.probe.site_url import Reference, refer

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_MOST = 2_000
"""Loads of one page that are kept."""
_SCRIPT = 524_288
"""Characters of inline scripts of one page that are read."""
_HOSTS = 300
_HOST = re.compile(
    r"(?:https?:)?\\?/\\?/([a-z0-9][a-z0-9.-]{2,99})((?:\\?/[A-Za-z0-9_.-]{1,60}){0,4})"
)
_NO_SCRIPT = re.compile(r"json|plain|template|html", re.IGNORECASE)
_LINKS = {
    "stylesheet": "style",
    "icon": "image",
    "preconnect": "preconnect",
    "dns-prefetch": "preconnect",
    "prefetch": "preconnect",
    "prerender": "preconnect",
    "preload": "preload",
    "modulepreload": "script",
    "manifest": "preload",
}
_TAGS = {
    "script": "script",
    "iframe": "frame",
    "frame": "frame",
    "embed": "frame",
    "object": "frame",
    "audio": "media",
    "video": "media",
    "source": "media",
    "track": "media",
}
_TINY = frozenset({"0", "1", "0px", "1px"})


class Resource(StrEnum):
    """As what a page loads something."""

    SCRIPT = "script"
    STYLE = "style"
    FRAME = "frame"
    IMAGE = "image"
    PIXEL = "pixel"
    """A picture that nobody can see."""
    MEDIA = "media"
    PRELOAD = "preload"
    PRECONNECT = "preconnect"
    INLINE = "inline"
    """A script in the page names it."""


class Load(Value, frozen=True):
    """One thing that a page loads."""

    resource: Resource
    reference: Reference


class Loads(Value, frozen=True):
    """What a page loads, each once, and the text of its own scripts."""

    every: tuple[Load, ...]
    scripts: str
    whole: bool = True
    """There was no more than is read."""


def loads_of(sheet: Sheet) -> Loads:
    """Read a page; raises `Unseen` where it cannot be parsed.

    A script that a consent tool holds back (type "text/plain") is not loaded. What stands in
    noscript is: some browsers load it, and it tells what the scripts beside it do.
    """
    found: dict[Load, None] = {}
    scripts: list[str] = []
    root = sheet.tree.root
    for node in root.traverse() if root is not None else ():
        tag, attributes = node.tag or "", node.attributes
        if tag == "script" and _NO_SCRIPT.search(attributes.get("type") or ""):
            continue
        if tag == "script" and not attributes.get("src"):
            scripts.append(node.text())
        for resource, written in _written(node, tag, attributes):
            reference = refer(sheet.base, written)
            if reference is not None and len(found) < _MOST:
                found[Load(resource=resource, reference=reference)] = None
    text = "\n".join(scripts)
    named = _named(sheet, text[:_SCRIPT])
    whole = len(found) < _MOST and len(named) < _HOSTS and len(text) <= _SCRIPT
    for reference in named:
        found.setdefault(Load(resource=Resource.INLINE, reference=reference))
    return Loads(every=tuple(found), scripts=text[:_SCRIPT], whole=whole)


def _written(
    node: "LexborNode", tag: str, attributes: dict[str, str | None]
) -> Iterator[tuple[Resource, str]]:
    if tag == "link":
        yield from _link(attributes)
        return
    active, passive = loaded(tag, attributes)
    if tag == "style":
        sheets, pictures = in_style(node.text())
        yield from ((Resource.STYLE, address) for address in sheets)
        passive = passive + pictures
    resource = Resource(_TAGS.get(tag, "image"))
    if tag == "img" and _tiny(attributes):
        resource = Resource.PIXEL
    yield from ((resource, address) for address in (*active, *passive))


def _tiny(attributes: dict[str, str | None]) -> bool:
    sides = (attributes.get("width"), attributes.get("height"))
    return all((side or "").strip().lower() in _TINY for side in sides)


def _link(attributes: dict[str, str | None]) -> Iterator[tuple[Resource, str]]:
    href = attributes.get("href")
    kinds = (attributes.get("rel") or "").lower().split()
    known = next((kind for kind in kinds if kind in _LINKS), None)
    if href and known:
        yield Resource(_LINKS[known]), href


def _named(sheet: Sheet, scripts: str) -> list[Reference]:
    """Return the addresses in scripts; which of them are loaded nobody can tell from here."""
    seen: dict[str, Reference] = {}
    for match in _HOST.finditer(scripts):
        host, path = match[1].lower().strip(".-"), match[2].replace("\\", "")
        reference = refer(sheet.base, f"https://{host}{path}")
        if reference is not None and len(seen) < _HOSTS:
            seen[f"{host}{path}"] = reference
    return list(seen.values())
