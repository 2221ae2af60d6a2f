"""Whether a control, a link or a picture has a name that a screen reader can say (axe's checks)."""

from collections.abc import Iterator

from auditor.probe.inclusion_tree import Element, Page, named_itself

_NO_FIELD = frozenset({"hidden", "image", "button", "submit", "reset"})
_PUSHED = frozenset({"button", "submit", "reset"})
_MUTE_ROLES = frozenset({"none", "presentation"})
_PICTURE_ROLES = frozenset({"img", "graphics-symbol"})


def named(page: Page, element: Element) -> bool:
    """Tell whether an attribute names an element: aria-label, title, or ids that hold text."""
    pointed = element.value("aria-labelledby").split()[:20]
    return named_itself(element) or any(
        target.holds or named_itself(target) or bool(target.value("alt"))
        for id_ in pointed
        for target in page.ids.get(id_, ())[:1]
    )


def _decorative(element: Element) -> bool:
    """Tell whether it says that it means nothing, and nobody can get there by keyboard."""
    return element.role in _MUTE_ROLES and not element.has("tabindex")


def pictures(page: Page) -> Iterator[Element]:
    """axe: image-alt, svg-img-alt, role-img-alt."""
    for element in page.every("img"):
        alt = element.attributes.get("alt")
        blank = alt is not None and bool(alt) and not alt.strip()
        if blank or (alt is None and not _decorative(element) and not named(page, element)):
            yield element
    for element in page.heard:
        if element.role in _PICTURE_ROLES and element.tag not in {"img", "area", "input", "object"}:
            titled = any(one.tag == "title" and one.holds for one in element.elements)
            if not (named(page, element) or (element.svg and titled)):
                yield element


def picture_controls(page: Page) -> Iterator[Element]:
    """axe: input-image-alt, area-alt, object-alt."""
    for element in page.every("input", "area", "object"):
        kind = element.value("type").lower()
        if element.tag == "input" and kind != "image":
            continue
        if element.tag == "area" and not (element.has("href") and element.mapped):
            continue
        described = element.tag != "object" and bool(element.value("alt"))
        silent = element.tag == "object" and _decorative(element)
        if not (described or silent or named(page, element)):
            yield element


def fields(page: Page) -> Iterator[Element]:
    """Yield the form fields that ask for something (axe: label, select-name)."""
    for element in page.every("input", "textarea", "select"):
        if element.tag != "input" or element.value("type").lower() not in _NO_FIELD:
            yield element


def unlabelled(page: Page) -> Iterator[Element]:
    """Fields without any name; a placeholder is one for axe, and has a rule of its own here."""
    for element in fields(page):
        if not (_labelled(page, element) or element.value("placeholder")):
            yield element


def placeholders(page: Page) -> Iterator[Element]:
    """Fields whose placeholder, gone with the first letter, is their only name."""
    for element in fields(page):
        if element.value("placeholder") and not _labelled(page, element):
            yield element


def _labelled(page: Page, element: Element) -> bool:
    if named(page, element):
        return True
    around = element.label
    if around is not None and not around.silent and around.says:
        return True
    id_ = element.value("id")
    return bool(id_) and any(
        label.says or named_itself(label) for label in _labels(page).get(id_, ())
    )


def _labels(page: Page) -> dict[str, list[Element]]:
    """Return the labels by the field that they are for, made once for a page."""
    if page.labels is None:
        page.labels = {}
        for label in page.every("label"):
            page.labels.setdefault(label.value("for"), []).append(label)
    return page.labels


def buttons(page: Page) -> Iterator[Element]:
    """axe: button-name, input-button-name."""
    for element in page.every("button", "input"):
        if element.tag == "button":
            if not (element.says or named(page, element)):
                yield element
            continue
        kind = element.value("type").lower()
        if kind not in _PUSHED:
            continue
        default = kind != "button" and not element.has("value")
        if not (default or element.value("value") or named(page, element)):
            yield element


def links(page: Page) -> Iterator[Element]:
    """axe: link-name."""
    for element in page.every("a"):
        if element.has("href") and not (element.says or named(page, element)):
            yield element


def frames(page: Page) -> Iterator[Element]:
    """axe: frame-title."""
    for element in page.every("iframe", "frame"):
        if not (named(page, element) or _decorative(element)):
            yield element
