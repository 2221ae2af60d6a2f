"""Headings, landmarks, skip links, lists and ids (axe's rules of the same subjects)."""

from collections.abc import Iterator

from auditor.probe.inclusion_names import named
from auditor.probe.inclusion_tree import Element, Page

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FIRST_LINKS = 5
"""Links among which a skip link must stand."""
_LISTED = frozenset({"li", "script", "template"})
_UNDER_DL = frozenset({"dt", "dd", "script", "template"})
_NO_ROLE = frozenset({"", "none", "presentation", "list"})
MOST_NUMBERS = 4
"""Digits of a level or a tabindex that are read."""


def headings(page: Page) -> list[tuple[int, Element]]:
    """Return the headings that are heard, with their levels, in order."""
    found = []
    for element in page.heard:
        natural = element.tag in _HEADINGS and element.role in {"", "heading"}
        if natural or element.role == "heading":
            said = element.value("aria-level")
            usual = int(element.tag[1]) if element.tag in _HEADINGS else 2
            whole = said.isdecimal() and len(said) <= MOST_NUMBERS
            found.append((int(said) if whole else usual, element))
    return found


def no_first_heading(page: Page) -> Iterator[Element]:
    """axe: page-has-heading-one."""
    if all(level != 1 for level, _ in headings(page)):
        yield page.root


def skipped_levels(page: Page) -> Iterator[Element]:
    """axe: heading-order; the first heading may be of any level."""
    last = 0
    for level, element in headings(page):
        if last and level > last + 1:
            yield element
        last = level


def empty_headings(page: Page) -> Iterator[Element]:
    """axe: empty-heading."""
    for _, element in headings(page):
        if not (element.says or named(page, element)):
            yield element


def no_bypass(page: Page) -> Iterator[Element]:
    """axe: bypass: a page with links has a heading, a main part, or a link within itself."""
    links = [element for element in page.raw("a") if element.has("href")]
    inside = any(
        link.value("href").startswith("#") and link.value("href")[1:2] not in {"", "/", "!"}
        for link in links
        if not link.silent
    )
    if links and not (inside or headings(page) or _mains(page)):
        yield page.root


def _mains(page: Page) -> list[Element]:
    return [one for one in page.heard if one.role == "main" or (one.tag == "main" and not one.role)]


def no_main(page: Page) -> Iterator[Element]:
    """axe: landmark-one-main."""
    if not _mains(page):
        yield page.root


def no_skip_link(page: Page) -> Iterator[Element]:
    """A page with a menu offers, among its first links, one to its content that leads there."""
    if not any(one.tag == "nav" or one.role == "navigation" for one in page.heard):
        return
    first = [one for one in page.every("a") if one.has("href")][:_FIRST_LINKS]
    anchors = {one.value("name") for one in page.raw("a")}
    goals = {link.value("href")[1:] for link in first if link.value("href").startswith("#")}
    if not any(goal and (goal in page.ids or goal in anchors) for goal in goals):
        yield page.root


def double_ids(page: Page) -> Iterator[Element]:
    """axe: duplicate-id, duplicate-id-active, duplicate-id-aria: the second of each."""
    return (found[1] for found in page.ids.values() if len(found) > 1)


def tab_order(page: Page) -> Iterator[Element]:
    """axe: tabindex."""
    for element in page.heard:
        said = element.value("tabindex").lstrip("+")
        digits = said[: len(said) - len(said.lstrip("0123456789"))]
        if digits.strip("0"):
            yield element


def broken_lists(page: Page) -> Iterator[Element]:
    """axe: list, listitem, definition-list, dlitem."""
    for element in page.every("ul", "ol", "dl", "li", "dt", "dd"):
        if element.role:
            continue
        if element.tag in {"ul", "ol"}:
            broken = _loose(element)
        elif element.tag == "dl":
            broken = _ill_defined(element)
        else:
            broken = _astray(element)
        if broken:
            yield element


def _loose(element: Element) -> bool:
    strays = [one for one in element.elements if not (one.silent or _item(one))]
    items = [one for one in element.elements if not one.silent and one.tag == "li"]
    roles = [one for one in items if one.role in {"", "listitem"}]
    return bool(strays) or any(element.texts) or (bool(items) and not roles)


def _item(element: Element) -> bool:
    return element.tag in _LISTED or element.role == "listitem"


def _ill_defined(element: Element) -> bool:
    inside = [
        one
        for child in element.children
        for one in (
            child.children
            if isinstance(child, Element) and child.tag == "div" and not child.role
            else (child,)
        )
    ]
    elements = [one for one in inside if isinstance(one, Element) and not one.silent]
    strays = [one for one in elements if one.tag not in _UNDER_DL]
    loose = any(isinstance(one, str) and one.strip() for one in inside)
    return bool(strays) or loose or not _in_order(element)


def _in_order(element: Element) -> bool:
    """Tell whether a term stands before a description, where they are the list's own children."""
    tags = [one.tag for one in element.elements if one.tag in {"dt", "dd"}]
    return not tags or ("dt" in tags and "dd" in tags[tags.index("dt") :])


def _astray(element: Element) -> bool:
    parent = element.parent
    assert parent is not None  # noqa: S101 - the root is an html element
    if element.tag == "li":
        return not (
            parent.role in {"none", "presentation", "list"}
            or (parent.tag in {"ul", "ol", "menu"} and not parent.role)
        )
    if parent.tag == "div" and parent.role in {"", "none", "presentation"} and parent.parent:
        parent = parent.parent
    return not (parent.tag == "dl" and parent.role in _NO_ROLE)
