"""The forms of a page: what they ask of a person, for what, and where it goes."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from auditor.probe.crawl import Sheet
from auditor.probe.privacy_asked import IDENTITY, Asked, FieldWords, asked_by
from auditor.probe.privacy_consent import Box, box_of
from auditor.probe.privacy_pages import shown
from auditor.probe.privacy_purpose import FormWords, Purpose, purpose_of
from auditor.probe.site_forms import Form, FormReader
from auditor.probe.site_url import Place, Reference

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

Attributes = dict[str, str | None]
_FIELDS = frozenset({"input", "select", "textarea"})
_UNASKED = frozenset({"hidden", "submit", "image", "button", "reset"})
_CHOICES = frozenset({"checkbox", "radio"})
_HEADS = "legend, h1, h2, h3, h4, h5, h6, button, caption"
_MOST_HEADS = 20
_MOST_LABELS = 2_000
MOST_FIELDS = 500
"""Fields of one page that are read."""
_MOST_BOXES = 50
_UP = 4
"""Elements between a field and the label around it at most."""
_TEXT = 300
_NODES = 100
"""Nodes of a label or heading that are looked at for its words: one may hold the whole page."""
_NAME = 40
_OFF = frozenset({"off", "new-password", "one-time-code"})


class Entry(msgspec.Struct, kw_only=True):
    """A form that visitors fill in; `name` tells it from the others of its page."""

    name: str
    goals: list[Reference]
    get: bool
    purpose: Purpose = Purpose.OTHER
    asked: set[Asked] = set()
    required: set[Asked] = set()
    kept: set[Asked] = set()
    """What identifies a person and browsers may keep for whoever comes next."""
    sent: set[Asked] = set()
    """What the browser itself sends: the field has a name."""
    boxes: list[Box] = []

    @property
    def personal(self) -> bool:
        """It collects data of persons."""
        return bool(self.asked) and self.purpose is not Purpose.SEARCH


def forms_of(sheet: Sheet) -> list[Entry]:
    """Return the forms of a page that ask something; raises `Unseen` where it is not readable."""
    reader = _Reader(sheet.place, _labels(sheet))
    root = sheet.tree.root
    for node in root.traverse() if root is not None else ():
        reader.take(node, node.tag or "", node.attributes, sheet.base)
    page = f"{sheet.title} {_first(sheet, 'h1')}"
    return [_purposed(entry, words, page, sheet) for entry, words in reader.entries()]


def _purposed(entry: Entry, words: FormWords, page: str, sheet: Sheet) -> Entry:
    entry.purpose = purpose_of(words, frozenset(entry.asked), page, sheet.topics)
    return entry


def _first(sheet: Sheet, css: str) -> str:
    node = sheet.tree.css_first(css)
    return " ".join(node.text().split())[:_TEXT] if node is not None else ""


def _labels(sheet: Sheet) -> dict[str, str]:
    """Return the words of labels by the id of their field."""
    labels = sheet.tree.css("label[for]")[:_MOST_LABELS]
    return {node.attributes.get("for") or "": _words(node) for node in labels}


def _words(node: "LexborNode") -> str:
    inside = islice(node.traverse(include_text=True), _NODES)
    texts = ((one.text_content or "")[: 4 * _TEXT] for one in inside if one.tag == "-text")
    return " ".join(" ".join(texts).split())[:_TEXT]


class _Asking(msgspec.Struct):
    """What is gathered of a form."""

    form: Form
    node: "LexborNode | None"
    entry: Entry
    words: list[str] = []


class _Reader(FormReader):
    """Puts what fields ask to the forms that they belong to."""

    def __init__(self, place: Place, labels: dict[str, str]) -> None:
        super().__init__(place)
        self._labels = labels
        self._asking: dict[int, _Asking] = {}
        self._nodes: dict[int, LexborNode] = {}
        self._fields = 0

    def take(self, node: "LexborNode", tag: str, attributes: Attributes, base: Place) -> None:
        super().take(node, tag, attributes, base)
        if tag == "form" and node.mem_id in self._forms:
            self._nodes[id(self._forms[node.mem_id])] = node
        elif tag in _FIELDS and self._fields < MOST_FIELDS:
            self._fields += 1
            self._ask(node, tag, attributes)

    def _ask(self, node: "LexborNode", tag: str, attributes: Attributes) -> None:
        kind = (attributes.get("type") or "").strip().lower() if tag == "input" else tag
        if kind in _UNASKED:
            return
        asking = self._of(self._owner(node, attributes))
        label = self._labels.get(attributes.get("id") or "") or _around(node)
        if kind in _CHOICES:
            self._choice(asking.entry, attributes, label)
            return
        texts = [attributes.get(key) or "" for key in ("name", "id", "placeholder", "aria-label")]
        if kind == "search" or tag == "input":
            asking.words += [attributes.get("name") or "", kind]
        autocomplete = attributes.get("autocomplete") or ""
        field = FieldWords(kind=kind, autocomplete=autocomplete, texts=(*texts, label))
        _add(asking.entry, asked_by(field), attributes)

    def _of(self, form: Form) -> _Asking:
        known = self._asking.get(id(form))
        if known is None:
            entry = Entry(name="", goals=form.goals, get=False)
            known = _Asking(form=form, node=self._nodes.get(id(form)), entry=entry)
            self._asking[id(form)] = known
        return known

    def _choice(self, entry: Entry, attributes: Attributes, label: str) -> None:
        name = shown(attributes.get("name") or attributes.get("id") or "", _NAME)
        ticked = "checked" in attributes and "disabled" not in attributes
        box = box_of(name, label, ticked=ticked)
        if box is not None and len(entry.boxes) < _MOST_BOXES:
            entry.boxes.append(box)

    def entries(self) -> Iterator[tuple[Entry, FormWords]]:
        """Yield what the forms ask, with the words that tell what they are for."""
        names: set[str] = set()
        for number, asking in enumerate(self._asking.values(), start=1):
            entry = asking.entry
            entry.get = asking.form.get
            entry.name = _named(asking.node, number, names)
            yield entry, _said(asking.node, asking.words)


def _add(entry: Entry, asked: frozenset[Asked], attributes: Attributes) -> None:
    entry.asked |= asked
    if "required" in attributes:
        entry.required |= asked
    if attributes.get("name"):
        entry.sent |= asked
    if (attributes.get("autocomplete") or "").strip().lower() not in _OFF:
        entry.kept |= asked & (IDENTITY - {Asked.ID_SCAN})


def _around(node: "LexborNode") -> str:
    above = node.parent
    for _ in range(_UP):
        if above is None:
            break
        if above.tag == "label":
            return _words(above)
        above = above.parent
    return ""


def _named(node: "LexborNode | None", number: int, names: set[str]) -> str:
    """Return a name that no other form of the page has."""
    attributes = node.attributes if node is not None else {}
    said = (attributes.get("id") or attributes.get("name") or "").strip()
    name = shown(said, _NAME) or f"#{number}"
    if name in names:
        name = f"{name}#{number}"
    names.add(name)
    return name


def _said(node: "LexborNode | None", fields: list[str]) -> FormWords:
    """Return the words of a form; `fields` are those of its fields."""
    if node is None:
        return FormWords(code=tuple(fields))
    attributes = node.attributes
    keys = ("id", "name", "class", "action", "aria-label", "role")
    heads = [_words(head) for head in node.css(_HEADS)[:_MOST_HEADS]]
    sends = [one.attributes.get("value") or "" for one in node.css("input[type=submit]")[:2]]
    code = (*(attributes.get(key) or "" for key in keys), *fields)
    return FormWords(shown=(*heads, *sends), code=code)
