"""What a page's own styles keep from its reader: inline, and rules of simple selectors."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from auditor.model.base import Value

MOST_CSS = 262_144
"""Characters of a page's style elements that are read."""
_MOST_RULES = 3_000
_MOST_DECLARATIONS = 2_000
_SIMPLE = re.compile(r"([a-z][a-z0-9]{0,20})?([.#][a-z_][\w-]{0,80})?", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BRACE = re.compile(r"[{};]")
_NUMBER = re.compile(r"(-?\d{0,6}(?:\.\d{1,6})?)(px|em|rem|%|vw|vh|pt|in|cm)?")
_FAR = {
    "px": 500,
    "pt": 400,
    "em": 40,
    "rem": 40,
    "%": 100,
    "vw": 100,
    "vh": 100,
    "in": 5,
    "cm": 13,
}
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})[^)]{0,20}\)")
_NAMED = {
    "white": "ffffff",
    "black": "000000",
    "red": "ff0000",
    "yellow": "ffff00",
    "blue": "0000ff",
}
_MOVED = re.compile(r"(?:translate[xy3d]{0,2}\(\s*-\d{4,}|scale\(\s*0\s*\))")
_CLIPPED = re.compile(
    r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01]|inset\(\s*(?:50|100)%"
)
_GROUNDS = ("background-color", "background", "background-image")
_SIDES = ("left", "top", "right", "bottom")


class Trick(StrEnum):
    """How an element is kept from its reader."""

    UNDISPLAYED = "display"
    """Not shown: menus and dialogs do so too."""
    INVISIBLE = "visibility"
    TRANSPARENT = "opacity"
    COLLAPSED = "collapsed"
    NOSCRIPT = "noscript"
    OFF_SCREEN = "off-screen"
    TINY = "font-size"
    INDENTED = "text-indent"
    NO_SIZE = "no-size"
    CLIPPED = "clip"
    SAME_COLOUR = "colour"
    MARQUEE = "marquee"


Declarations = Mapping[str, str]


class Rule(Value, frozen=True):
    """Declarations for elements of a tag, a class or an id; "" stands for any."""

    tag: str
    name: str
    """With its dot or hash."""
    declared: Declarations


def declarations(text: str) -> dict[str, str]:
    """Return what a style says: property → value, both in small letters."""
    found = {}
    for part in text[:MOST_CSS].split(";")[:_MOST_DECLARATIONS]:
        name, colon, value = part.partition(":")
        if colon:
            value = value.replace("!important", "").strip().lower()
            found[name.strip().lower()] = value[:200]
    return found


def hidden_by(said: Declarations, background: str) -> Trick | None:
    """Return how a style hides its element; `background` is the colour behind it, "" unknown."""
    if said.get("display") == "none":
        return Trick.UNDISPLAYED
    if said.get("visibility") in {"hidden", "collapse"}:
        return Trick.INVISIBLE
    if _size(said.get("opacity")) is not None and (_size(said.get("opacity")) or 0) <= _FAINT:
        return Trick.TRANSPARENT
    return _displaced(said) or _shrunk(said) or _coloured(said, background)


_FAINT = 0.05


def _displaced(said: Declarations) -> Trick | None:
    if _far(said.get("text-indent")):
        return Trick.INDENTED
    placed = said.get("position") in {"absolute", "fixed", "relative"}
    if placed and any(_far(said.get(side)) for side in _SIDES):
        return Trick.OFF_SCREEN
    if any(_far(said.get(f"margin-{side}")) for side in _SIDES):
        return Trick.OFF_SCREEN
    if _MOVED.search(said.get("transform", "")):
        return Trick.OFF_SCREEN
    return None


def _shrunk(said: Declarations) -> Trick | None:
    font = _size(said.get("font-size"))
    if font is not None and font <= 1 and not said["font-size"].endswith(("em", "%", "vw")):
        return Trick.TINY
    if font == 0:
        return Trick.TINY
    if _CLIPPED.search(said.get("clip", "") + said.get("clip-path", "")):
        return Trick.CLIPPED
    clipped = said.get("overflow", "").startswith(("hidden", "clip"))
    if clipped and _size(said.get("max-height")) == 0:
        return Trick.COLLAPSED
    sizes = (_size(said.get("height")), _size(said.get("width")))
    if clipped and any(size is not None and size <= 1 for size in sizes):
        return Trick.NO_SIZE
    return None


def _coloured(said: Declarations, background: str) -> Trick | None:
    own = colour(said.get("color", ""))
    behind = colour_behind(said, background)
    return Trick.SAME_COLOUR if own and own == behind else None


def colour_behind(said: Declarations, inherited: str) -> str:
    """Return the colour behind an element's text as six digits, "" where it is not known."""
    grounds = [said[name] for name in _GROUNDS if name in said]
    return next(filter(None, map(colour, grounds)), "") if grounds else inherited


def colour(text: str) -> str:
    """Return a colour as six hexadecimal digits, "" where it is none that is known."""
    text = text.strip()
    first = text.split(" ", 1)[0]
    if first.startswith("#") and re.fullmatch(r"[0-9a-f]{3}|[0-9a-f]{6}", first[1:]):
        return first[1:] if len(first) == 7 else "".join(2 * char for char in first[1:])  # noqa: PLR2004
    match = _RGB.match(text)
    if match:
        return "".join(f"{min(int(part), 255):02x}" for part in match.groups())
    return _NAMED.get(first, "")


def _size(text: str | None) -> float | None:
    match = _NUMBER.fullmatch(text or "")
    if match is None or match[1] in {"", "-"}:
        return None
    return float(match[1])


def _far(text: str | None) -> bool:
    match = _NUMBER.fullmatch(text or "")
    size = _size(text)
    return match is not None and size is not None and size <= -_FAR[match[2] or "px"]


def read_rules(css: str) -> tuple[Rule, ...]:
    """Return the rules that hold on any screen; those inside of conditions are left out."""
    css = _COMMENT.sub(" ", css[:MOST_CSS])
    return tuple(rule for _, rule in zip(range(_MOST_RULES), _rules(css), strict=False))


def _rules(css: str) -> Iterator[Rule]:
    depth, start, head, barred = 0, 0, "", 0
    for brace in _BRACE.finditer(css):
        here = css[start : brace.start()].strip()
        if brace[0] == ";":
            start = start if head else brace.end()
            continue
        start = brace.end()
        if brace[0] == "{":
            depth += 1
            head = here
            if not barred and _conditional(here):
                barred = depth
            continue
        if head and not barred:
            yield from _rule(head, here)
        head = ""
        barred = 0 if depth <= barred else barred
        depth = max(0, depth - 1)


def _conditional(head: str) -> bool:
    """Tell whether a block counts for some screens or moments alone."""
    name = head.lower()
    if name.startswith("@media"):
        return "(" in name or "print" in name
    return name.startswith(("@keyframes", "@-", "@font", "@page", "@container", "@property"))


def _rule(head: str, body: str) -> Iterator[Rule]:
    said = declarations(body)
    for selector in head.split(",")[:50]:
        match = _SIMPLE.fullmatch(selector.strip())
        if match and match[0] and said:
            tag = (match[1] or "").lower()
            yield Rule(tag=tag, name=match[2] or "", declared=said)


class Styles:
    """The rules of a page by what they are for."""

    def __init__(self, css: str) -> None:
        self._rules: dict[str, list[Rule]] = {}
        self.cut = len(css) > MOST_CSS
        for rule in read_rules(css):
            self._rules.setdefault(rule.name or rule.tag, []).append(rule)

    def of(self, tag: str, attributes: Mapping[str, str | None]) -> dict[str, str]:
        """Return what the page's own styles say of an element, inline last."""
        said: dict[str, str] = {}
        names = [tag]
        if self._rules:
            classes = (attributes.get("class") or "").split()[:_MOST_CLASSES]
            names += [f".{name}" for name in classes]
            names += [f"#{attributes.get('id')}"] if attributes.get("id") else []
        for name in names:
            for rule in self._rules.get(name, [])[:_MOST_CLASSES]:
                if rule.tag in {"", tag}:
                    said.update(rule.declared)
        inline = attributes.get("style")
        if inline:
            said.update(declarations(inline))
        return said


_MOST_CLASSES = 40
