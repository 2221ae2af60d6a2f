"""What a site asks of its visitors in robots.txt (RFC 9309): where not to go, and how slowly."""

import re

from auditor.model.fact import Why
from auditor.probe.http_talk import Answer, Heard, Mute
from auditor.probe.site_contact import MOST_LINES, Robots
from auditor.probe.site_page import is_html

MOST_DELAY = 5.0
"""Seconds between two requests that are kept at most; a site that asks for more is read less."""
BODY = 131_072
KEEP_AWAY = Mute(why=Why.DENIED, detail="robots.txt asks visitors to keep away")
_DELAY = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,3})?)\s*")
_SERVER_ERROR = 500
_LINE = 2_000


class Rules:
    """The rules of one host; where they could not be seen, all but the front page is barred."""

    def __init__(self, heard: Heard) -> None:
        self.unseen = _unseen(heard)
        self.text = _text(heard)
        self._robots = Robots(self.text.encode())
        self.delay, self.sitemaps = _read(self.text)

    def bars(self, path: str) -> bool:
        """Tell whether visitors are asked to keep away from a path."""
        return self.unseen is not None or self._robots.bars(path)

    @property
    def mute(self) -> Mute:
        """Why a path is barred: the site asks for it, or its rules could not be seen."""
        return self.unseen or KEEP_AWAY


def _unseen(heard: Heard) -> Mute | None:
    if isinstance(heard, Mute):
        return Mute(why=heard.why, detail=f"robots.txt: {heard.detail}")
    if heard.status >= _SERVER_ERROR:
        return Mute(why=Why.UNREADABLE, detail=f"robots.txt: status {heard.status}")
    return None


def _text(heard: Heard) -> str:
    if isinstance(heard, Mute) or heard.status not in range(200, 300) or _page(heard):
        return ""
    return heard.body.decode("utf-8", "replace")


def _page(answer: Answer) -> bool:
    return is_html(answer) or answer.body[:512].lstrip().startswith(b"<")


def _read(text: str) -> tuple[float, tuple[str, ...]]:
    """Return the delay that holds for us and the addresses of sitemaps."""
    delay, ours, naming, maps = 0.0, False, False, []
    for line in text.splitlines()[:MOST_LINES]:
        name, _, value = line[:_LINE].partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            ours = (ours and naming) or value.lower() in {"*", "auditor"}
            naming = True
        elif name == "sitemap":
            maps.append(value)
        elif name:
            naming = False
        if name == "crawl-delay" and ours and (match := _DELAY.fullmatch(value)):
            delay = max(delay, min(float(match[1]), MOST_DELAY))
    return delay, tuple(dict.fromkeys(maps))[:10]
