"""What elements load: what can change the page (active), and what is only shown (passive)."""

import re
from collections.abc import Mapping

_ACTIVE = {
    "script": ("src", "href", "xlink:href"),
    "iframe": ("src",),
    "frame": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "use": ("href", "xlink:href"),
}
_PASSIVE = {
    "img": ("src",),
    "image": ("href", "xlink:href"),
    "audio": ("src",),
    "video": ("src", "poster"),
    "source": ("src",),
    "track": ("src",),
    "body": ("background",),
}
_SETS = {"img": "srcset", "source": "srcset"}
ACTIVE_LINKS = frozenset({"modulepreload", "preload", "manifest"})
"""Words of a link's rel that load what may run; pictures that are preloaded count as well."""
_MOST = 200
"""Addresses of one set or style that are read."""
_STYLE_LIMIT = 262_144
_IMPORT = re.compile(
    r"@import[ \t\r\n]{0,20}(?:url\([ \t]{0,20})?[\"']?([^\"'\s)]{1,4096})", re.IGNORECASE
)
_URL = re.compile(r"url\([ \t\r\n]{0,20}[\"']?([^\"'\s)]{1,4096})", re.IGNORECASE)


def loaded(tag: str, attributes: Mapping[str, str | None]) -> tuple[list[str], list[str]]:
    """Return the addresses that an element's attributes load, active and passive."""
    active = _written(attributes, _ACTIVE.get(tag, ()))
    passive = _written(attributes, _PASSIVE.get(tag, ()))
    if tag == "input" and (attributes.get("type") or "").strip().lower() == "image":
        passive += _written(attributes, ("src",))
    if tag in _SETS:
        passive += candidates(attributes.get(_SETS[tag]) or "")
    style = attributes.get("style")
    return active, passive + (in_style(style)[1] if style else [])


def _written(attributes: Mapping[str, str | None], names: tuple[str, ...]) -> list[str]:
    return [value for name in names if (value := attributes.get(name))]


def candidates(text: str) -> list[str]:
    """Return the addresses of a srcset: "a.png 1x, b.png 2x" holds two."""
    found: list[str] = []
    described = False
    for word in text.split():
        rest = word.partition(",")[2] if described else word
        address = rest.strip(",")
        if address and len(found) < _MOST:
            found.append(address)
        described = not rest.endswith(",") if rest else described and "," not in word
    return found


def in_style(text: str) -> tuple[list[str], list[str]]:
    """Return the addresses in a style sheet: other sheets, and pictures and fonts."""
    text = text[:_STYLE_LIMIT]
    sheets = [match[1] for match in _IMPORT.finditer(text)][:_MOST]
    return sheets, [one for one in _URL.findall(text) if one not in sheets][:_MOST]
