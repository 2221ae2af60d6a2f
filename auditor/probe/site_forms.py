"""Forms of a page: where a password goes, and how."""

from typing import TYPE_CHECKING

import msgspec

from auditor.probe.site_url import Place, Reference, refer

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_MOST = 500
"""Forms of a page that are read."""
_STEPS = 200
"""Elements between a field and its form at most."""
_TABLE = frozenset({"table", "tbody", "thead", "tfoot", "tr"})
_SUBMITS = frozenset({"submit", "image"})
_UNSENT = frozenset({"submit", "image", "button", "reset", "hidden"})


class Form(msgspec.Struct):
    """A form; `goals` are where its fields may be sent, the page itself where it does not say."""

    goals: list[Reference]
    get: bool
    """It can send its fields in the address."""
    password: bool = False
    """It has a field for a password."""
    sends_password: bool = False
    """That field has a name: the browser sends it, not only a script."""
    torn: bool = False
    """It stands between the rows of a table, so its fields are found outside of it."""
    filled: bool = False
    """It has a field that a visitor fills in."""


class FormReader:
    """Takes the elements of a page in order and puts fields to their forms."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._forms: dict[int, Form] = {}
        self._named: dict[str, Form] = {}
        self._last: Form | None = None
        self._loose: Form | None = None

    def done(self) -> list[Form]:
        """Return the forms, those fields last that stand in none."""
        return [*self._forms.values(), *([self._loose] if self._loose else [])]

    def take(
        self, node: "LexborNode", tag: str, attributes: dict[str, str | None], base: Place
    ) -> None:
        """Take the next element; relative addresses are read against `base`."""
        if tag == "form" and len(self._forms) < _MOST:
            self._open(node, attributes, base)
        elif tag in {"input", "button", "textarea", "select"}:
            self._field(node, tag, attributes, base)

    def _open(self, node: "LexborNode", attributes: dict[str, str | None], base: Place) -> None:
        torn = node.parent is not None and node.parent.tag in _TABLE
        form = Form(goals=[], get=not _posts(attributes.get("method")), torn=torn)
        self._goal(form, attributes.get("action"), base)
        self._forms[node.mem_id] = self._last = form
        if attributes.get("id"):
            self._named.setdefault(attributes["id"] or "", form)

    def _goal(self, form: Form, action: str | None, base: Place) -> None:
        own = not (action or "").strip()
        reference = refer(self._place, "") if own else refer(base, action or "")
        if reference is not None and len(form.goals) < _MOST:
            form.goals.append(reference)

    def _field(
        self, node: "LexborNode", tag: str, attributes: dict[str, str | None], base: Place
    ) -> None:
        form = self._owner(node, attributes)
        kind = (attributes.get("type") or "").strip().lower()
        if (tag == "button" and kind in {"", "submit"}) or kind in _SUBMITS:
            if "formaction" in attributes:
                self._goal(form, attributes["formaction"], base)
            if "formmethod" in attributes:
                form.get = form.get or not _posts(attributes["formmethod"])
        elif tag != "button" and kind not in _UNSENT:
            form.filled = True
            form.password |= kind == "password"
            form.sends_password |= kind == "password" and bool(attributes.get("name"))

    def _owner(self, node: "LexborNode", attributes: dict[str, str | None]) -> Form:
        named = self._named.get(attributes.get("form") or "")
        if named is not None:
            return named
        above = node.parent
        for _ in range(_STEPS):
            if above is None:
                break
            if above.mem_id in self._forms:
                return self._forms[above.mem_id]
            above = above.parent
        return self._outside()

    def _outside(self) -> Form:
        """A field in no form: a table has torn it from the last one, or a script reads it."""
        if self._last is not None and self._last.torn:
            return self._last
        if self._loose is None:
            self._loose = Form(goals=[], get=False)
            self._goal(self._loose, "", self._place)
        return self._loose


def _posts(method: str | None) -> bool:
    """A dialog sends nothing."""
    return (method or "").strip().lower() in {"post", "dialog"}
