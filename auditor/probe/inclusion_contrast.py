"""Text whose written colours contrast too little (axe: color-contrast).

Judged is only what the page itself states for both, text and ground; pictures, transparency and
style sheets that are fetched leave the answer open.
"""

import re
from collections.abc import Iterator, Mapping

from auditor.model.base import Value
from auditor.probe.inclusion_colour import Colour, colour, contrast
from auditor.probe.inclusion_style import Styles
from auditor.probe.inclusion_tree import Element, Page

_ENOUGH = 4.5
_ENOUGH_LARGE = 3.0
_LARGE = 24.0
_LARGE_BOLD = 18.66
_BOLD = 700
_SIZE = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)(px|pt|em|rem|%)")
_UNITS = {"px": 1.0, "pt": 4 / 3, "rem": 16.0}
_BIG = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h4": 1.0, "h5": 0.83, "h6": 0.67, "small": 0.83}
_STRONG = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "th"})
_OWN_COLOURS = frozenset({"a", "button", "input", "select", "textarea", "mark", "option"})
"""Elements that browsers colour themselves."""
_PASSED_ON = frozenset({"inherit", ""})
_NO_PICTURE = frozenset({"", "none"})


class Look(Value, frozen=True):
    """How text in an element looks; None is not stated or not certain. `size` is in pixels."""

    text: Colour | None = None
    ground: Colour | None = None
    size: float | None = 16.0
    bold: bool | None = False
    faint: bool = False
    """It or what it stands in is transparent."""


def faint_texts(page: Page, styles: Styles) -> Iterator[Element]:
    """Yield the elements whose own text is too faint."""
    looks: dict[int, Look] = {}
    for element in page.elements:
        above = looks[element.parent.index] if element.parent is not None else Look()
        look = _look(element, above, styles)
        looks[element.index] = look
        if look.text is None or look.ground is None or look.faint:
            continue
        if (
            any(element.texts)
            and _judged(element)
            and contrast(look.text, look.ground) < _least(look)
        ):
            yield element


def _judged(element: Element) -> bool:
    off = element.has("disabled") or element.value("aria-disabled").lower() == "true"
    return not (element.hidden or element.svg or off or element.tag == "option")


def _least(look: Look) -> float:
    """Return the ratio that is needed; where the size is not certain, that of large text."""
    if look.size is None or look.bold is None:
        return _ENOUGH_LARGE
    large = look.size >= (_LARGE_BOLD if look.bold else _LARGE)
    return _ENOUGH_LARGE if large else _ENOUGH


def _look(element: Element, above: Look, styles: Styles) -> Look:
    if styles.whole:
        said: Mapping[str, str] = styles.of.get(element.index, {})
    else:
        own = styles.inline.get(element.index, {})
        said = {name: declared.value for name, declared in own.items()}
        above = Look(size=None, bold=None, faint=above.faint)
    return Look(
        text=_text(element, above, said),
        ground=_ground(element, above, said),
        size=_size(element, above, said),
        bold=_bold(element, above, said),
        faint=above.faint or said.get("opacity", "1") not in {"1", "1.0"},
    )


def _text(element: Element, above: Look, said: Mapping[str, str]) -> Colour | None:
    written = said.get("color", "")
    if written not in _PASSED_ON:
        return colour(written)
    if element.tag in _OWN_COLOURS and not written:
        return None
    return above.text


def _ground(element: Element, above: Look, said: Mapping[str, str]) -> Colour | None:
    whole, own, picture = (
        said.get(name, "") for name in ("background", "background-color", "background-image")
    )
    if picture not in _NO_PICTURE:
        return None
    written = own or whole
    if written and written not in {"transparent", "none"}:
        return colour(written)
    lifted = said.get("position", "static") not in {"static", "relative", "sticky"}
    painted = element.tag in _OWN_COLOURS and element.tag != "a"
    return None if lifted or painted else above.ground


def _size(element: Element, above: Look, said: Mapping[str, str]) -> float | None:
    written = said.get("font-size", "")
    if "font" in said:
        return None
    if not written:
        return above.size * _BIG.get(element.tag, 1.0) if above.size is not None else None
    match = _SIZE.fullmatch(written)
    if match is None:
        return None
    number, unit = float(match[1]), match[2]
    if unit in _UNITS:
        return number * _UNITS[unit]
    if above.size is None:
        return None
    return above.size * number / (100 if unit == "%" else 1)


def _bold(element: Element, above: Look, said: Mapping[str, str]) -> bool | None:
    written = said.get("font-weight", "")
    if "font" in said:
        return None
    if written.isdecimal():
        return int(written) >= _BOLD
    if written in {"bold", "normal"}:
        return written == "bold"
    if written:
        return None
    return True if element.tag in _STRONG else above.bold
