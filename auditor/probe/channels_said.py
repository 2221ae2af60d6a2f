"""What the pages of channels tell those who come: how long it takes, who is protected, whom to ask.

Only whether it is said is kept, never the words.
"""

import re
from collections.abc import Mapping

from auditor.model.fact import GAP, Why
from auditor.probe.base import Record
from auditor.probe.crawl import Crawl, Sheet, Topic

_READ = 200_000
_DAYS = r"\d{1,3}\s?(?:\([a-z\s]{2,25}\)\s?)?"
_SOON = r"paling lambat|paling lama|selambat|maksimal|jangka waktu|dalam waktu|within|no later than"
TIMES = re.compile(
    rf"{_DAYS}(?:hari kerja|working days?|x\s?24\s?jam)"
    rf"|(?:{_SOON})[^.]{{0,80}}?\b{_DAYS}(?:hari|jam|days?|hours?)\b"
)
ANONYMOUS = re.compile(
    r"\banonim|\banonymous|tanpa (?:nama|identitas)|\brahasia\b|dirahasiakan|kerahasiaan"
    r"|confidential"
)
PROTECTED = re.compile(
    r"\banonim|\banonymous|(?:me|di)lindungi|p(?:er|e)lindungan (?:terhadap )?(?:saksi|pelapor)"
    r"|(?:identitas|nama|data)[^.]{0,60}(?:dirahasiakan|rahasia|aman)|kerahasiaan[^.]{0,40}pelapor"
    r"|confidential"
)
RESULT = re.compile(
    r"(?:nilai|hasil|indeks|skor)[^.]{0,60}(?:\bikm\b|\bskm\b|kepuasan|survei)"
    r"|(?:\bikm\b|\bskm\b)[^.]{0,60}\d{2}[.,]\d"
)
RFC2350 = re.compile(r"rfc[ -]?2350")
CONTACT = re.compile(
    r"[\w.+-]{1,64}(?:@|\s?\[at\]\s?)[\w-]{1,63}\.[a-z]{2,}"
    r"|(?:\+62|\(0\d{2,3}\)|\b0\d{2,3})(?:[\s.-]{0,3}\d{2,5}){2,3}\b"
)

_SAID: Mapping[str, tuple[tuple[Topic, ...], Mapping[str, re.Pattern[str]]]] = {
    "complaint": ((Topic.COMPLAINT,), {"times": TIMES, "anonymous": ANONYMOUS}),
    "whistleblowing": ((Topic.WHISTLEBLOWING,), {"protected": PROTECTED}),
    "ppid": (
        (Topic.PPID, Topic.INFORMATION_REQUEST),
        {"times": TIMES, "contact": CONTACT},
    ),
    "survey": ((Topic.SURVEY,), {"result": RESULT}),
    "csirt": ((Topic.CSIRT,), {"rfc2350": RFC2350, "contact": CONTACT}),
}


def said(crawl: Crawl) -> Record:
    """Return a record for each of a few channels: `read` (a page of it was), and what it says."""
    return {name: _of(crawl, topics, asked) for name, (topics, asked) in _SAID.items()}


def _of(crawl: Crawl, topics: tuple[Topic, ...], asked: Mapping[str, re.Pattern[str]]) -> Record:
    pages = _pages(crawl, topics)
    missed = [one for topic in topics for one in crawl.missed_about(topic)]
    missed = [one for one in missed if one.why is not Why.SCOPE]
    gap = {"why": missed[0].why, "detail": missed[0].detail} if missed else None
    if not pages:
        return {GAP: gap} if gap else {"read": False}
    if any(page.answer.cut or len(page.text) > _READ for page in pages):
        gap = {"why": Why.CUT, "detail": "the page goes on beyond what was read"}
    text = " . ".join(f"{page.title} . {page.text[:_READ]} {_mailed(page)}" for page in pages)
    heard = {name: pattern.search(text.lower()) is not None for name, pattern in asked.items()}
    if gap is None:
        return {"read": True, **heard}
    return {"read": True, **{name: yes for name, yes in heard.items() if yes}, GAP: gap}


def _pages(crawl: Crawl, topics: tuple[Topic, ...]) -> list[Sheet]:
    return [sheet for sheet in crawl.sheets if not sheet.topics.isdisjoint(topics)]


def _mailed(page: Sheet) -> str:
    """Return the addresses that a page offers to write to, seen or not."""
    found = page.tree.css('a[href^="mailto:"]')[:_MAILS]
    return " ".join((node.attributes.get("href") or "")[:200] for node in found)


_MAILS = 50
