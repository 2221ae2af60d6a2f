"""Which pages of a site are read next: for each topic its best link first, few of any.

Links that a site makes without end (calendars, sorted lists, session numbers) cost nothing: what
counts is what a link is about, and each topic is read a few times only.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from auditor.probe.crawl import Link, Topic
from auditor.probe.crawl_topics import topics_of
from auditor.probe.site_url import Place

_ORDER = (
    Topic.PRIVACY,
    Topic.COMPLAINT,
    Topic.WHISTLEBLOWING,
    Topic.PPID,
    Topic.INFORMATION_REQUEST,
    Topic.OBJECTION,
    Topic.INFORMATION_LIST,
    Topic.INFORMATION_REPORT,
    Topic.CONTACT,
    Topic.GRATIFICATION,
    Topic.SURVEY,
    Topic.STANDARDS,
    Topic.NEWS,
    Topic.FORM,
    Topic.PERIODIC,
    Topic.CSIRT,
    Topic.JDIH,
    Topic.PROFILE,
    Topic.OPEN_DATA,
    Topic.PROCUREMENT,
    Topic.ACCESSIBILITY,
    Topic.IMMEDIATE,
    Topic.OTHER,
)
"""First comes what a citizen has most to lose by."""
_RANK = {topic: at for at, topic in enumerate(_ORDER)}
_PAGES: Mapping[Topic, int] = {
    Topic.PRIVACY: 2,
    Topic.COMPLAINT: 3,
    Topic.WHISTLEBLOWING: 3,
    Topic.PPID: 2,
    Topic.INFORMATION_REQUEST: 2,
    Topic.STANDARDS: 2,
    Topic.NEWS: 3,
    Topic.FORM: 3,
    Topic.OTHER: 2,
}
"""Pages that are read of a topic, 1 of those that are not named."""
_FIRST = {Topic.PRIVACY: 1, Topic.COMPLAINT: 1, Topic.WHISTLEBLOWING: 1}
"""Pages of a topic that are read beside the first round."""
_ENDINGS = re.compile(
    r"\.(jpe?g|png|gif|webp|svg|ico|mp[34]|avi|mov|webm|zip|rar|7z|gz|apk|exe|docx?|pptx?|xls|odt|ods"
    r"|css|js|json|xml|rss|txt|ics)$",
    re.IGNORECASE,
)
_LEAVES = re.compile(r"log-?out|sign-?out|keluar|/wp-login|/wp-admin", re.IGNORECASE)
_SESSION = re.compile(
    r"(phpsessid|jsessionid|aspsessionid\w*|sid|session_?id|cfid|cftoken|_?token|utm_\w+|fbclid"
    r"|gclid)=[^&]*(&|$)",
    re.IGNORECASE,
)
_MOST_KEPT = 800
_MOST_OTHERS = 100
"""Pages about nothing that is known that are kept: of 2,000 links few tell."""
_MOST_WORDS = 10
_MOST_TEXT = 120


class Candidate(msgspec.Struct, kw_only=True):
    """A page that may be read; `depth` 0 stands on the front page."""

    place: Place
    topics: dict[Topic, int]
    words: list[str]
    depth: int
    at: int


class Choice:
    """The pages that a site leads to, and how many of each topic have been read."""

    def __init__(self, site: str, front: Place) -> None:
        self._site = site
        self._front = address_key(front)
        self._waiting: dict[str, Candidate] = {}
        self._gone: dict[str, Candidate] = {}
        self._read: Counter[Topic] = Counter()
        self._others = 0
        self.crowded: set[Topic] = set()
        """Topics of pages for which there was no room on the list."""

    def add(self, links: Iterable[Link], depth: int) -> None:
        """Take in links to pages of the site; what is about nothing counts on the front page."""
        for link in links:
            place = tidy(link.reference.place)
            path = place.path.partition("?")[0]
            if _ENDINGS.search(path) or _LEAVES.search(place.path):
                continue
            key = address_key(place)
            if key == self._front:
                continue
            topics = dict(topics_of(self._site, link.reference, link.text))
            if not topics and depth == 0 and "?" not in place.path:
                topics = {Topic.OTHER: 1}
            if topics:
                self._keep(key, place, topics, link.text, depth)

    def _keep(
        self, key: str, place: Place, topics: dict[Topic, int], text: str, depth: int
    ) -> None:
        known = self._waiting.get(key) or self._gone.get(key)
        if known is None:
            if not self._room(topics):
                return
            at = len(self._waiting) + len(self._gone)
            known = Candidate(place=place, topics={}, words=[], depth=depth, at=at)
            self._waiting[key] = known
        for topic, weight in topics.items():
            known.topics[topic] = max(weight, known.topics.get(topic, 0))
        if len(known.topics) > 1:
            known.topics.pop(Topic.OTHER, None)
        if text and text not in known.words and len(known.words) < _MOST_WORDS:
            known.words.append(text[:_MOST_TEXT])

    def _room(self, topics: dict[Topic, int]) -> bool:
        if topics.keys() == {Topic.OTHER}:
            self._others += 1
            return self._others <= _MOST_OTHERS
        if len(self._waiting) < _MOST_KEPT:
            return True
        self.crowded |= topics.keys()
        return False

    def next(self) -> Candidate | None:
        """Return what is to be read next and take it off the list, None where all is read."""
        best: tuple[tuple[int, ...], str] | None = None
        for key, candidate in self._waiting.items():
            for topic, weight in candidate.topics.items():
                urgency = self._urgency(candidate, topic, weight)
                if urgency is not None and (best is None or urgency < best[0]):
                    best = (urgency, key)
        if best is None:
            return None
        candidate = self._waiting.pop(best[1])
        self._gone[best[1]] = candidate
        return candidate

    def _urgency(self, candidate: Candidate, topic: Topic, weight: int) -> tuple[int, ...] | None:
        read = self._read[topic]
        if read >= _PAGES.get(topic, 1):
            return None
        later = max(0, read - _FIRST.get(topic, 0))
        return (later, _RANK[topic], -weight, candidate.depth, candidate.at)

    def count(self, candidate: Candidate) -> None:
        """Note that a page was read, or would have been with more room."""
        self._read.update(candidate.topics.keys())


def tidy(place: Place) -> Place:
    """Return an address without session numbers and marks of campaigns."""
    path, _, query = place.path.partition("?")
    path = path.partition(";")[0] or "/"
    query = _SESSION.sub("", query).rstrip("&")
    whole = f"{path}?{query}" if query else path
    return Place(secure=place.secure, name=place.name, path=whole)


def address_key(place: Place) -> str:
    """Return what tells one page from another: www, scheme and a last slash do not."""
    name = place.name.lower().removeprefix("www.")
    path, mark, query = place.path.partition("?")
    path = re.sub(r"/index\.(html?|php)$", "/", path)
    return f"{name}{path.rstrip('/') or '/'}{mark}{query}"
