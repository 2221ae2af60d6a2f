"""A page as integrity sees it: what it says and to whom, where it leads, what it hides."""

import re
from typing import TYPE_CHECKING

import msgspec

from auditor.probe.crawl import MOST_LINKS, Sheet
from auditor.probe.integrity_css import Styles, Trick, colour, colour_behind, hidden_by
from auditor.probe.integrity_glyphs import MOST_TEXT
from auditor.probe.site_page import refreshed
from auditor.probe.site_url import Place, Reference, refer

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_PIECE = 300
"""Characters of a small text (a link's, a picture's) that are kept."""
_MOST = 500
_MOST_LABELS = 3_000
_MOST_SCRIPT = 300_000
"""Characters of all inline scripts of a page that are read."""
_DEPTH = 5
"""Tags of a path that tells a page's structure."""
_UNREAD = frozenset({"script", "style", "template", "head", "title", "svg", "textarea", "iframe"})
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "button", "caption", "center",
        "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure",
        "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "html", "label",
        "legend", "li", "main", "marquee", "nav", "ol", "option", "p", "pre", "section",
        "select", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_BREAKS = frozenset({"br", "hr", "img", "input"})
_FOLDED = re.compile(
    r"modal|dropdown|collaps|menu|nav|tab-?pane|tab-?content|popup|pop-up|offcanvas|canvas|drawer"
    r"|carousel|slide|swiper|slick|owl|wow|aos|animat|fade|lazy|accordion|dialog|tooltip|popover"
    r"|elementor-invisible|preload|loader|cookie|consent|lightbox|search|translate|lang",
    re.IGNORECASE,
)
"""Classes of what a visitor can unfold."""
_FOLDING = frozenset({"nav", "dialog", "details", "menu", "select", "datalist"})
_ROLES = frozenset(
    {"menu", "dialog", "tabpanel", "alertdialog", "listbox", "navigation", "tooltip"}
)
SOFT = frozenset(
    {Trick.UNDISPLAYED, Trick.INVISIBLE, Trick.TRANSPARENT, Trick.COLLAPSED, Trick.NOSCRIPT}
)
"""Ways of hiding that honest pages use for what can be unfolded."""
IDENTITY = ("canonical", "og:url")
ALTERNATE = ("hreflang", "amphtml")


class Out(msgspec.Struct):
    """A link or a frame; `folded`: it stands in what a visitor can unfold."""

    reference: Reference
    text: str = ""
    trick: Trick | None = None
    folded: bool = False


class View(msgspec.Struct):
    """What was read of a page; texts are as they came, not inert."""

    title: str = ""
    metas: list[str] = []
    """Description, keywords, and what is told to social networks."""
    headings: list[str] = []
    labels: list[str] = []
    """Alternative texts and titles of elements."""
    data: list[str] = []
    """Scripts: JSON-LD and others, as they are written."""
    visible: list[str] = []
    hidden: dict[str, list[str]] = {}
    """Trick → texts that it hides."""
    links: list[Out] = []
    frames: list[Out] = []
    pictures: int = 0
    scripts: list[Reference] = []
    claims: list[tuple[str, Reference]] = []
    """What the page says of itself: which address it is or others are ("canonical", …)."""
    base: Reference | None = None
    refresh: str = ""
    language: str = ""
    dark: bool = False
    paths: set[str] = set()
    """The tags that stand inside each other, such as "body>div>ul>li>a"."""
    more: bool = False
    """There is more than was read."""

    @property
    def text(self) -> str:
        """What a reader sees."""
        return " ".join("".join(self.visible).split())


class State(msgspec.Struct):
    """What an element hands down to those inside of it."""

    path: str = ""
    block: int = 0
    background: str = ""
    trick: Trick | None = None
    folded: bool = False
    unread: bool = False
    turned: bool = False
    heading: bool = False
    link: int = -1


def look(sheet: Sheet) -> View:
    """Read a page. Raises `Unseen` where it is none or too much to parse."""
    root = sheet.tree.root
    reader = _Reader(sheet)
    for node in root.traverse(include_text=True) if root is not None else ():
        reader.take(node)
    view = reader.view
    view.more = view.more or sheet.answer.cut
    view.refresh = view.refresh or refreshed(sheet.answer.value("refresh"))
    return view


class _Reader:
    """Takes the nodes of a page in order."""

    def __init__(self, sheet: Sheet) -> None:
        self.view = View()
        self._place: Place = sheet.base
        css = "\n".join(node.text() for node in sheet.tree.css("style")[:_MOST])
        self._styles = Styles(css)
        plain = not sheet.tree.css("link[rel=stylesheet]") and "background" not in css
        self._states: dict[int, State] = {}
        self._top = State(background="ffffff" if plain else "")
        self._block = 0
        self._length = 0
        self._scripts = 0

    def take(self, node: "LexborNode") -> None:
        parent = node.parent
        above = self._states.get(parent.mem_id, self._top) if parent is not None else self._top
        tag = node.tag or ""
        if tag == "-text":
            self._say(node.text_content or "", above)
        elif tag[:1].isalpha():
            attributes = node.attributes
            self._states[node.mem_id] = state = self._state(node, tag, attributes, above)
            self._break(tag)
            self._element(node, tag, attributes, state)

    def _state(
        self, node: "LexborNode", tag: str, attributes: dict[str, str | None], above: State
    ) -> State:
        said = self._styles.of(tag, attributes)
        trick = above.trick or _attributed(tag, attributes) or hidden_by(said, above.background)
        path = ">".join([*above.path.split(">")[1 - _DEPTH :], tag]) if above.path else tag
        self.view.paths.add(path)
        ground = "" if "background" in attributes else above.background
        ground = _written(attributes.get("bgcolor")) or ground
        background = colour_behind(said, ground)
        self.view.dark |= tag == "body" and background == "000000"
        return State(
            path=path,
            block=node.mem_id if tag in _BLOCKS else above.block,
            background=background,
            trick=trick,
            folded=above.folded or _folds(tag, attributes),
            unread=above.unread or tag in _UNREAD,
            turned=_turned(tag, attributes, said) or above.turned,
            heading=above.heading or tag in {"h1", "h2"},
            link=above.link,
        )

    def _break(self, tag: str) -> None:
        if tag in _BREAKS:
            self._block = -1

    def _say(self, text: str, state: State) -> None:
        if state.unread or self._length > MOST_TEXT:
            self.view.more |= self._length > MOST_TEXT
            return
        self._length += len(text)
        shown = f"\u202e{text}\u202c" if state.turned else text
        if state.link >= 0:
            out = self.view.links[state.link]
            out.text = (out.text + shown)[:_PIECE]
        if state.heading and state.trick is None:
            self._heading(shown)
        if state.trick is None:
            self.view.visible.append(shown if state.block == self._block else f" {shown}")
            self._block = state.block
        else:
            self.view.hidden.setdefault(state.trick.value, []).append(f"{shown} ")

    def _heading(self, text: str) -> None:
        if len(self.view.headings) < _MOST:
            self.view.headings.append(text.strip()[:_PIECE])

    def _element(
        self, node: "LexborNode", tag: str, attributes: dict[str, str | None], state: State
    ) -> None:
        match tag:
            case "a" | "area":
                self._link(attributes, state)
            case "script":
                self._script(node, attributes)
            case "meta":
                self._meta(attributes)
            case "link":
                self._relation(attributes)
            case _:
                self._other(node, tag, attributes, state)
        for name in ("alt", "title", "aria-label", "placeholder"):
            if attributes.get(name):
                self._label(attributes[name] or "")

    def _label(self, text: str) -> None:
        if len(self.view.labels) < _MOST_LABELS:
            self.view.labels.append(text[:_PIECE])
        else:
            self.view.more = True

    def _other(
        self, node: "LexborNode", tag: str, attributes: dict[str, str | None], state: State
    ) -> None:
        parent = node.parent
        if tag == "title" and not self.view.title and (parent is None or parent.tag != "svg"):
            self.view.title = " ".join(node.text().split())[:_PIECE]
        elif tag == "html":
            self.view.language = (attributes.get("lang") or "").strip().lower()[:20]
        elif tag == "base" and self.view.base is None:
            self.view.base = self._refer(attributes.get("href"))
        elif tag in {"iframe", "frame", "embed", "object"}:
            self._frame(attributes, state)
        self.view.pictures += tag == "img"

    def _link(self, attributes: dict[str, str | None], state: State) -> None:
        reference = self._refer(attributes.get("href"))
        if reference is None:
            return
        if len(self.view.links) == MOST_LINKS:
            self.view.more = True
            return
        state.link = len(self.view.links)
        self.view.links.append(Out(reference=reference, trick=state.trick, folded=state.folded))

    def _frame(self, attributes: dict[str, str | None], state: State) -> None:
        reference = self._refer(attributes.get("src") or attributes.get("data"))
        self.view.more |= len(self.view.frames) >= _MOST
        if reference is not None and len(self.view.frames) < _MOST:
            small = any(_small(attributes.get(side)) for side in ("width", "height"))
            trick = state.trick or (Trick.NO_SIZE if small else None)
            frame = Out(reference=reference, trick=trick, folded=state.folded)
            self.view.frames.append(frame)

    def _script(self, node: "LexborNode", attributes: dict[str, str | None]) -> None:
        source = self._refer(attributes.get("src"))
        if source is not None and len(self.view.scripts) < _MOST:
            self.view.scripts.append(source)
        text = node.text() or ""
        left = _MOST_SCRIPT - self._scripts
        self.view.more |= len(text) > left
        if text.strip() and left > 0:
            self.view.data.append(text[:left])
            self._scripts += len(text)

    def _meta(self, attributes: dict[str, str | None]) -> None:
        name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
        content = (attributes.get("content") or "")[:2000]
        if name == "og:url":
            self._claim("og:url", content)
        elif name in {"description", "keywords"} or name.startswith(("og:", "twitter:", "news_")):
            self._remember(content)
        elif (attributes.get("http-equiv") or "").strip().lower() == "refresh":
            self.view.refresh = self.view.refresh or refreshed(content)

    def _remember(self, content: str) -> None:
        if content.strip() and len(self.view.metas) < _MOST and "://" not in content[:10]:
            self.view.metas.append(content)

    def _relation(self, attributes: dict[str, str | None]) -> None:
        kinds = (attributes.get("rel") or "").lower().split()
        if "canonical" in kinds:
            self._claim("canonical", attributes.get("href"))
        elif "amphtml" in kinds:
            self._claim("amphtml", attributes.get("href"))
        elif "alternate" in kinds and attributes.get("hreflang"):
            self._claim("hreflang", attributes.get("href"))

    def _claim(self, name: str, address: str | None) -> None:
        reference = self._refer(address)
        if reference is not None and len(self.view.claims) < _MOST:
            self.view.claims.append((name, reference))

    def _refer(self, address: str | None) -> Reference | None:
        return refer(self._place, address) if address and address.strip() else None


def _written(bgcolor: str | None) -> str:
    text = (bgcolor or "").strip().lower()
    return colour(text) or colour(f"#{text}")


def _attributed(tag: str, attributes: dict[str, str | None]) -> Trick | None:
    """Return how an element hides what it holds without any style."""
    if tag == "noscript":
        return Trick.NOSCRIPT
    if "hidden" in attributes:
        return Trick.UNDISPLAYED
    if tag == "marquee" and any(_small(attributes.get(side)) for side in ("width", "height")):
        return Trick.MARQUEE
    return None


_SMALL = 5


def _small(text: str | None) -> bool:
    match = re.match(r"\s*(\d{1,6})(?:px)?\s*$", text or "")
    return match is not None and int(match[1]) <= _SMALL


def _folds(tag: str, attributes: dict[str, str | None]) -> bool:
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:500]
    return (
        tag in _FOLDING
        or (attributes.get("role") or "").strip().lower() in _ROLES
        or _FOLDED.search(names) is not None
    )


def _turned(tag: str, attributes: dict[str, str | None], said: dict[str, str]) -> bool:
    """Tell whether letters are shown in the other order."""
    if tag == "bdo":
        return (attributes.get("dir") or "").strip().lower() == "rtl"
    overrides = "override" in said.get("unicode-bidi", "")
    return overrides and said.get("direction") == "rtl"
