"""What a page's own style sheets and style attributes say of its elements, as far as it is certain.

Read are selectors of one step (tag, class, id) in style elements. What is written under a condition
or with more steps makes what it touches uncertain. Sheets that are fetched are not known.
"""

import re
from collections.abc import Iterator, Mapping

from auditor.model.base import Value
from auditor.probe.inclusion_tree import Element, Page

UNKNOWN = "?"
"""The value of a property about which the page leaves doubt."""
MOST_RULES = 400
_MOST_TEXT = 200_000
_MOST_TESTS = 400_000
PROPERTIES = frozenset(
    {
        *("color", "background", "background-color", "background-image", "display", "visibility"),
        *("font-size", "font-weight", "font", "position", "opacity"),
    }
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_BRACE = re.compile(r"[{};]")
_ONE_STEP = re.compile(r"(\*|[a-z][a-z0-9]*)?((?:[.#][A-Za-z0-9_-]+)*)", re.IGNORECASE)
_STEPS = re.compile(r"[\s>+~]+")
_STATE = re.compile(
    r":(?:hover|focus|focus-within|focus-visible|active|visited|target|:?before|:?after"
    r"|:placeholder|:selection|:marker|:-[\w-]+|disabled|invalid|checked)\b",
    re.IGNORECASE,
)
_EXTRA = re.compile(r"\[[^\]]*\]|::?[\w-]+(?:\([^)]*\))?")
_NAME = re.compile(r"[.#][A-Za-z0-9_-]+")


class Declared(Value, frozen=True):
    """A value with what decides between several: importance and weight of the selector."""

    value: str
    important: bool = False


class Rule(Value, frozen=True):
    """Declarations for elements of a tag ("" = any) with all these classes and ids."""

    tag: str
    names: tuple[str, ...]
    certain: bool
    declarations: tuple[tuple[str, Declared], ...]

    @property
    def weight(self) -> tuple[int, int, int]:
        """Ids count more than classes, classes more than tags."""
        ids = sum(name[0] == "#" for name in self.names)
        return ids, len(self.names) - ids, int(bool(self.tag))

    def takes(self, tag: str, names: frozenset[str]) -> bool:
        """Tell whether it is about an element."""
        return self.tag in {"", tag} and names.issuperset(self.names)


class Styles:
    """The styles of a page by the index of its elements.

    `whole`: the page says all of it itself, nothing is fetched and nothing was too much to read.
    """

    def __init__(self, page: Page) -> None:
        text = "\n".join(_source(one) for one in page.raw("style"))
        rules = list(_rules(text[:_MOST_TEXT]))
        fetched = "@import" in text or any(map(_fetched, page.raw("link")))
        tests = len(rules) * len(page.elements)
        too_much = len(text) > _MOST_TEXT or len(rules) > MOST_RULES or tests > _MOST_TESTS
        self.whole = not (fetched or too_much)
        self.inline: dict[int, Mapping[str, Declared]] = {}
        self.of: dict[int, Mapping[str, str]] = {}
        used = () if too_much else _by_weight(rules)
        for element in page.elements:
            own = dict(_declarations(element.attributes.get("style", "")[:4096]))
            if own:
                self.inline[element.index] = own
            found = _settle(element, used, own)
            if found:
                self.of[element.index] = found


def _source(element: Element) -> str:
    return "".join(child for child in element.children if isinstance(child, str))


def _fetched(link: Element) -> bool:
    return "stylesheet" in link.value("rel").lower().split()


def _by_weight(rules: list[Rule]) -> tuple[Rule, ...]:
    """Return rules in the order in which they win; doubt comes last, for its weight is unknown."""
    return tuple(sorted(rules, key=lambda rule: (not rule.certain, rule.weight)))


def _settle(
    element: Element, rules: tuple[Rule, ...], own: Mapping[str, Declared]
) -> dict[str, str]:
    names = frozenset(
        (
            *(f".{name}" for name in element.value("class").split()[:50]),
            f"#{element.value('id')}",
        )
    )
    found: dict[str, Declared] = {}
    for rule in rules:
        if rule.takes(element.tag, names):
            for name, declared in rule.declarations:
                value = declared if rule.certain else Declared(UNKNOWN, declared.important)
                _put(found, name, value)
    for name, declared in own.items():
        _put(found, name, declared)
    return {name: declared.value for name, declared in found.items()}


def _put(found: dict[str, Declared], name: str, declared: Declared) -> None:
    """Let a later value win, unless the earlier one is more important."""
    known = found.get(name)
    if known is not None and known.important and not declared.important:
        return
    found[name] = declared


def _rules(css: str) -> Iterator[Rule]:
    """Yield the rules in order, a few more than `MOST_RULES` at most."""
    count = 0
    for selector, body, certain in _blocks(_COMMENT.sub(" ", css)):
        for rule in _of(selector, body, certain=certain):
            yield rule
            count += 1
        if count > MOST_RULES:
            return


def _blocks(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield selector, declarations, and whether no condition stands around them."""
    conditions = start = 0
    selector: str | None = None
    for match in _BRACE.finditer(text):
        piece, sign = text[start : match.start()].strip(), match[0]
        if sign == ";" and selector is not None:
            continue
        if sign == "{" and piece.startswith("@"):
            conditions += 1
        elif sign == "{":
            selector = piece
        elif sign == "}" and selector is not None:
            yield selector, piece, not conditions
            selector = None
        elif sign == "}":
            conditions = max(0, conditions - 1)
        start = match.end()


def _of(selectors: str, body: str, *, certain: bool) -> Iterator[Rule]:
    declarations = tuple(_declarations(body))
    if not declarations or len(selectors) > 4096:  # noqa: PLR2004
        return
    for selector in selectors.split(",")[:100]:
        one = selector.strip()
        if _STATE.search(one):
            continue
        last = _STEPS.split(one)[-1]
        bare = _EXTRA.sub("", last)
        match = _ONE_STEP.fullmatch(bare)
        tag = (match[1] or "").lower() if match else ""
        names = tuple(_NAME.findall(match[2])) if match else ()
        plain = bare == one and match is not None
        yield Rule(
            tag="" if tag == "*" else tag,
            names=names,
            certain=certain and plain,
            declarations=declarations,
        )


def _declarations(body: str) -> Iterator[tuple[str, Declared]]:
    for part in body.split(";")[:100]:
        name, colon, value = part.partition(":")
        name = name.strip().lower()
        if colon and name in PROPERTIES:
            said = value.strip().lower()[:200]
            important = said.endswith("!important")
            yield name, Declared(said.removesuffix("!important").strip(), important)
