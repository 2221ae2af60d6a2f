"""Links that a page hides, and how many strangers it leads to."""

from collections.abc import Iterable

from auditor.model.text import inert
from auditor.probe.integrity_hosts import domain, stranger
from auditor.probe.integrity_page import SOFT, View

_MOST = 30


def strangers(view: View, site: str) -> set[str]:
    """Return the domains of strangers that a page links to."""
    return {domain(out.reference.host) for out in view.links if stranger(site, out.reference.host)}


def tricked(view: View, site: str) -> list[str]:
    """Return strangers that are linked in a way that no honest page uses, each with the way."""
    return _shown(
        (domain(out.reference.host), out.trick.value)
        for out in view.links
        if out.trick is not None and out.trick not in SOFT and stranger(site, out.reference.host)
    )


def unshown(view: View, site: str) -> list[str]:
    """Return strangers that are linked where nothing shows them and nothing unfolds them."""
    return _shown(
        (domain(out.reference.host), out.trick.value)
        for out in view.links
        if out.trick in SOFT and not out.folded and stranger(site, out.reference.host)
    )


def hidden_frames(view: View, site: str) -> list[str]:
    """Return strangers whose content is loaded unseen."""
    return _shown(
        (domain(frame.reference.host), frame.trick.value)
        for frame in view.frames
        if frame.trick is not None and not frame.folded and stranger(site, frame.reference.host)
    )


def open_frames(view: View, site: str) -> list[str]:
    """Return strangers whose content is shown."""
    return sorted(
        {
            inert(domain(frame.reference.host))[:100]
            for frame in view.frames
            if (frame.trick is None or frame.folded) and stranger(site, frame.reference.host)
        }
    )[:_MOST]


def _shown(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return sorted({f"{inert(host)[:100]} ({way})" for host, way in pairs})[:_MOST]
