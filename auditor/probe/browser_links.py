"""Which page of a site is for complaints, by the words of the links on its front page."""

import re
from collections.abc import Iterable

from auditor.probe.site_url import Place, refer

_COMPLAINT = re.compile(
    r"pengaduan|\baduan|mengadu|\blapor\b|\blaporkan\b|keluhan|\bwbs\b|whistle|gratifikasi"
    r"|complaint"
)
_READ = 500
"""Links that are looked at."""
_TEXT = 120
_FILE = re.compile(r"\.(pdf|docx?|xlsx?|zip|rar|jpe?g|png|mp4)$", re.IGNORECASE)


def complaint_page(front: Place, links: Iterable[tuple[str, str]]) -> Place | None:
    """Return the first page of the same host that a link of (address, words) calls so."""
    for address, words in list(links)[:_READ]:
        reference = refer(front, address)
        if reference is None or reference.host != front.name or not reference.plain:
            continue
        if _FILE.search(reference.path) or reference.path == front.path.partition("?")[0]:
            continue
        if _COMPLAINT.search(words.casefold()[:_TEXT]) or _COMPLAINT.search(reference.path.lower()):
            return reference.place
    return None
