"""What moves, sounds, sends away or resists being enlarged (axe's rules of the same subjects)."""

import re
from collections.abc import Iterator

from auditor.probe.inclusion_tree import Element, Page

_NUMBER = re.compile(r"[+-]?\d{0,6}(?:\.\d{1,6})?")
_PIECES = re.compile(r"[;,]")
_LEAST_SCALE = 2.0
_REFRESH = re.compile(r"\s*0*(?:\.0*)?\s*(?:[;,].*)?", re.DOTALL)


def no_zoom(page: Page) -> Iterator[Element]:
    """axe: meta-viewport."""
    for element in page.raw("meta"):
        if element.value("name").lower() == "viewport" and _stuck(element.value("content")[:2000]):
            yield element


def _stuck(content: str) -> bool:
    said = {}
    for piece in _PIECES.split(content):
        name, _, value = piece.partition("=")
        if value.strip():
            said[name.strip().lower()] = value.strip().lower()
    scalable = said.get("user-scalable", "")
    by = _number(scalable)
    if scalable == "no" or (by is not None and -1 < by < 1):
        return True
    most = said.get("maximum-scale", "")
    limit = 1.0 if most == "yes" else _number(most)
    return limit is not None and 0 <= limit < _LEAST_SCALE


def _number(text: str) -> float | None:
    match = _NUMBER.match(text)
    digits = match[0] if match else ""
    return float(digits) if digits.strip("+-.") else None


def refreshes(page: Page) -> Iterator[Element]:
    """axe: meta-refresh: the page is replaced while it is read."""
    for element in page.raw("meta"):
        content = element.value("content")[:2000]
        refresh = element.value("http-equiv").lower() == "refresh"
        if refresh and content and not _REFRESH.fullmatch(content):
            yield element


def moving(page: Page) -> Iterator[Element]:
    """axe: marquee, blink."""
    return iter(page.every("marquee", "blink"))


def self_playing(page: Page) -> Iterator[Element]:
    """axe: no-autoplay-audio, where nothing says how long it is."""
    for element in page.every("audio", "video"):
        if element.has("autoplay") and not (element.has("muted") or element.has("controls")):
            yield element


def uncaptioned(page: Page) -> Iterator[Element]:
    """axe: video-caption; a film without sound needs none."""
    for element in page.every("video"):
        kinds = {one.value("kind").lower() for one in element.elements if one.tag == "track"}
        if not element.has("muted") and "captions" not in kinds:
            yield element
