"""A page as assistive technology meets it: elements in order, who is hidden, who says something."""

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from auditor.probe.crawl import Sheet
from auditor.probe.http_talk import told

Child: TypeAlias = "Element | str"
_UNREAD = frozenset({"noscript", "template"})
"""Elements whose content is no part of the page in a browser that runs scripts."""
_NEVER_SHOWN = frozenset({"head", "script", "style", "title", "template", "noscript", "datalist"})
_MOST_STEPS = 500
_PLACES = ("id", "name", "src", "href")
_TELLABLE = re.compile(r"[\w./:%~+-]{1,90}")
_PERSONAL = re.compile(r"\d{6,}|\d{3,}[-.]\d{3,}|^(?!https?:)[a-z]+:", re.IGNORECASE)
_WHITE = re.compile(r"[ \t\r\n\f]+")


class Element:
    """An element; `children` are elements and texts in order.

    `hidden` is not shown to anyone, `silent` not to assistive technology. `says`: something in it
    is spoken, so that it lends its parent a name; `holds`: there is text in it, shown or not.
    `label` is the label that it stands in; `mapped`: it stands in the map of a picture.
    """

    __slots__ = (
        "attributes",
        "children",
        "hidden",
        "holds",
        "index",
        "label",
        "mapped",
        "parent",
        "says",
        "silent",
        "svg",
        "tag",
    )

    def __init__(
        self, tag: str, attributes: dict[str, str], parent: "Element | None", index: int
    ) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.index = index
        self.children: list[Child] = []
        self.svg: bool = tag == "svg" or (parent is not None and parent.svg)
        self.mapped: bool = parent is not None and (parent.tag == "map" or parent.mapped)
        self.label: Element | None = None
        if parent is not None:
            self.label = parent if parent.tag == "label" else parent.label
        self.hidden = self.silent = self.says = self.holds = False

    def value(self, name: str) -> str:
        """Return an attribute without spaces around it, "" where it is missing."""
        return self.attributes.get(name, "").strip()

    def has(self, name: str) -> bool:
        """Tell whether it has an attribute, be it empty."""
        return name in self.attributes

    @property
    def role(self) -> str:
        """The role that is written down, "" for none."""
        return self.value("role").lower().split(" ")[0]

    @property
    def elements(self) -> Iterator["Element"]:
        """The elements directly in it."""
        return (child for child in self.children if isinstance(child, Element))

    @property
    def texts(self) -> Iterator[str]:
        """The texts directly in it that are more than white space."""
        return (child for child in self.children if isinstance(child, str) and child.strip())

    @property
    def shown(self) -> str:
        """What it is called in a finding: its tag and one attribute that tells nobody's data."""
        for name in _PLACES:
            text = told(self.value(name)) if self.tag != "form" else ""
            if text and _TELLABLE.fullmatch(text) and not _PERSONAL.search(text):
                return f'{self.tag}[{name}="{text}"]'
        return self.tag


class Page:
    """The elements of a page in order, by tag and by id; `sheet` is where they come from."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.elements = _elements(sheet)
        self.root = self.elements[0]
        self._tags: dict[str, list[Element]] = {}
        self.ids: dict[str, list[Element]] = {}
        self.labels: dict[str, list[Element]] | None = None
        for element in self.elements:
            self._tags.setdefault(element.tag, []).append(element)
            if element.value("id"):
                self.ids.setdefault(element.value("id"), []).append(element)

    def every(self, *tags: str) -> list[Element]:
        """Return the elements of some tags that assistive technology meets, in order."""
        found = [one for tag in tags for one in self._tags.get(tag, ()) if not one.silent]
        return found if len(tags) == 1 else sorted(found, key=lambda one: one.index)

    def raw(self, tag: str) -> list[Element]:
        """Return all elements of a tag, hidden ones too."""
        return self._tags.get(tag, [])

    @property
    def heard(self) -> Iterator[Element]:
        """The elements that assistive technology meets."""
        return (element for element in self.elements if not element.silent)

    def hide(self, styles: Mapping[int, Mapping[str, str]]) -> None:
        """Settle who is hidden and who speaks; `styles` holds declarations by index."""
        for element in self.elements:
            style = styles.get(element.index, {})
            parent = element.parent
            element.hidden = _gone(element, style) or (parent is not None and parent.hidden)
            muted = element.value("aria-hidden").lower() == "true"
            above = parent is not None and parent.silent
            element.silent = element.hidden or muted or above
        for element in reversed(self.elements):
            element.holds = any(element.texts) or any(one.holds for one in element.elements)
            element.says = any(element.texts) or any(map(_lends, element.elements))


def _elements(sheet: Sheet) -> list[Element]:
    found: list[Element] = []
    known: dict[int, Element] = {}
    root = sheet.tree.root
    for node in root.traverse(include_text=True) if root is not None else ():
        above = node.parent
        parent = known.get(above.mem_id) if above is not None else None
        if node.tag == "-text":
            if parent is not None:
                parent.children.append(node.text_content or "")
        elif (node.tag or "-")[0].isalpha() and (parent is not None or not found):
            attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
            element = Element(node.tag or "", attributes, parent, len(found))
            found.append(element)
            if parent is not None:
                parent.children.append(element)
            if element.tag not in _UNREAD:
                known[node.mem_id] = element
    return found or [Element("html", {}, None, 0)]


def _gone(element: Element, style: Mapping[str, str]) -> bool:
    """Tell whether nobody sees an element, by its own doing."""
    if style.get("display") == "none" or style.get("visibility") in {"hidden", "collapse"}:
        return True
    if element.tag in _NEVER_SHOWN and not (element.tag == "title" and element.svg):
        return True
    closed = element.tag == "dialog" and not element.has("open")
    field = element.tag == "input" and element.value("type").lower() == "hidden"
    return closed or field or (element.has("hidden") and "display" not in style)


def _lends(element: Element) -> bool:
    """Tell whether an element lends its parent a name."""
    if element.silent or element.tag in {"select", "textarea", "iframe", "object", "audio"}:
        return not element.silent and named_itself(element)
    picture = element.tag in {"img", "area"} and bool(element.value("alt"))
    return element.says or picture or named_itself(element)


def named_itself(element: Element) -> bool:
    """Tell whether an attribute of its own names an element."""
    return bool(element.value("aria-label") or element.value("title"))


def words_of(element: Element, most: int = 200) -> str:
    """Return the text in an element as it is spoken, in one line, the first characters of it."""
    parts: list[str] = []
    stack: list[Child] = [element]
    left, steps = most, 0
    while stack and left > 0 and steps < _MOST_STEPS:
        here = stack.pop()
        steps += 1
        if isinstance(here, str):
            parts.append(_WHITE.sub(" ", here[: 4 * most]))
            left -= len(parts[-1].strip())
        elif not here.silent:
            if here.tag == "img":
                stack.append(f" {here.value('alt')} ")
            stack.extend(reversed(here.children))
    return " ".join("".join(parts).split())[:most]
