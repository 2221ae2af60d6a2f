"""Where a site offers each channel: its own page, another official site, or nothing."""

import re
from collections.abc import Iterator, Mapping

from auditor.model.base import Value
from auditor.model.fact import GAP, Why
from auditor.model.text import inert
from auditor.probe.base import Record
from auditor.probe.channels_dates import newest
from auditor.probe.crawl import Crawl, Link, Missed, Sheet, Topic
from auditor.probe.crawl_topics import topics_of
from auditor.probe.crawl_visit import bare
from auditor.probe.http_talk import told
from auditor.probe.site_url import Place

CHANNELS: Mapping[str, Topic] = {
    "complaint": Topic.COMPLAINT,
    "whistleblowing": Topic.WHISTLEBLOWING,
    "gratification": Topic.GRATIFICATION,
    "ppid": Topic.PPID,
    "information_list": Topic.INFORMATION_LIST,
    "information_report": Topic.INFORMATION_REPORT,
    "information_request": Topic.INFORMATION_REQUEST,
    "objection": Topic.OBJECTION,
    "periodic": Topic.PERIODIC,
    "immediate": Topic.IMMEDIATE,
    "survey": Topic.SURVEY,
    "standards": Topic.STANDARDS,
    "jdih": Topic.JDIH,
    "procurement": Topic.PROCUREMENT,
    "open_data": Topic.OPEN_DATA,
    "csirt": Topic.CSIRT,
    "profile": Topic.PROFILE,
    "contact": Topic.CONTACT,
}
CHANNEL_TOPICS = frozenset(CHANNELS.values())
SP4N = "sp4n"
PLEDGE = "pledge"
_AT_HOME = frozenset({Topic.PROFILE, Topic.CONTACT})
"""Channels that are the site's own: a link to elsewhere is none."""
_LAPOR = re.compile(r"((www|prod)\.)?lapor\.go\.id")
_OFFICIAL = re.compile(r"(.+\.)?(go\.id|inaproc\.id)")
_SOCIAL = re.compile(
    r"(.+\.)?(facebook\.com|fb\.com|instagram\.com|twitter\.com|x\.com|youtube\.com|youtu\.be"
    r"|tiktok\.com|threads\.net|linkedin\.com|whatsapp\.com|wa\.me|t\.me|telegram\.me|google\.com"
    r"|goo\.gl|apple\.com|creativecommons\.org|w3\.org)"
)
_FORMS = re.compile(r"(docs|forms)\.google\.com|forms\.gle")
"""Of these hosts, those that are channels nevertheless."""
_PLEDGE = re.compile(r"maklumat|service charter|janji layanan", re.IGNORECASE)
_MOST_LINKS = 6_000
_MOST = 40
_SHOWN = 160
_NOT_ASKED = {"why": Why.SCOPE, "detail": "stands on another site, which is not asked"}


class Lead(Value, frozen=True):
    """A link that leads to a channel; `own`: a page of this site."""

    link: Link
    own: bool

    @property
    def host(self) -> str:
        """The host that it leads to."""
        return self.link.reference.host

    @property
    def secure(self) -> bool:
        """It is encrypted."""
        return self.link.reference.secure

    @property
    def address(self) -> str:
        """The address, as it may be kept."""
        return _address(self.link.reference.place)


class Leads:
    """All links of a crawl to channels, by topic."""

    def __init__(self, crawl: Crawl) -> None:
        self.crawl = crawl
        self._by: dict[Topic, list[Lead]] = {}
        hosts = {bare(crawl.site), *(bare(sheet.place.name) for sheet in crawl.sheets)}
        known: set[tuple[str, str]] = set()
        for sheet in crawl.sheets:
            for link in sheet.links:
                key = (link.reference.place.url, link.text)
                if key in known or len(known) == _MOST_LINKS:
                    continue
                known.add(key)
                own = bare(link.reference.host) in hosts
                if own or not social(link.reference.host):
                    self._add(Lead(link=link, own=own))

    def _add(self, lead: Lead) -> None:
        for topic in topics_of(self.crawl.site, lead.link.reference, lead.link.text):
            if lead.own or topic not in _AT_HOME:
                self._by.setdefault(topic, []).append(lead)

    def to(self, topic: Topic, *, own: bool) -> list[Lead]:
        """Return the links to a channel on this site, or on others."""
        return [lead for lead in self._by.get(topic, ()) if lead.own is own]

    def every(self) -> Iterator[Lead]:
        """Yield every link to a channel."""
        for topic in CHANNELS.values():
            yield from self._by.get(topic, ())


def official(host: str) -> bool:
    """Tell whether a host stands under a domain of the government."""
    return _OFFICIAL.fullmatch(host) is not None


def social(host: str) -> bool:
    """Tell whether a host is a social network's or the like, which is no channel of its own."""
    return _SOCIAL.fullmatch(host) is not None and _FORMS.fullmatch(host) is None


def rows(leads: Leads) -> list[Record]:
    """Return the `channels` table."""
    found = [_row(name, topic, leads) for name, topic in CHANNELS.items()]
    return [*found, _sp4n(leads), _pledge(leads)]


def _row(name: str, topic: Topic, leads: Leads) -> Record:
    crawl = leads.crawl
    if pages := crawl.about(topic):
        return _page(name, pages, leads.to(topic, own=True), crawl)
    others = sorted(leads.to(topic, own=False), key=lambda lead: not official(lead.host))
    if others:
        return _elsewhere(name, others[0])
    papers = [doc for doc in crawl.documents if topic in _told_topics(crawl, doc.linked, doc.place)]
    if papers:
        return (
            _at(name, papers[0].place) | {"alive": True} | _aged(" ".join(papers[0].linked), crawl)
        )
    if missed := crawl.missed_about(topic):
        return {"name": name, **_gap(missed[0])}
    dead = [one for one in crawl.dead if topic in one.topics]
    if dead:
        return {"name": name, "found": False, "url": dead[0].address, "alive": False}
    return {"name": name, "found": False, "url": ""}


def _told_topics(crawl: Crawl, words: tuple[str, ...], place: Place) -> set[Topic]:
    reference_path = place.path.partition("?")[0]
    from auditor.probe.site_url import Reference

    reference = Reference(secure=place.secure, host=place.name, path=reference_path, plain=True)
    return {topic for text in words or ("",) for topic in topics_of(crawl.site, reference, text)}


def _page(name: str, pages: tuple[Sheet, ...], leads: list[Lead], crawl: Crawl) -> Record:
    page = pages[0]
    text = ". ".join(part for one in pages for part in (one.title, *one.linked, one.content))
    secure = page.place.secure and all(lead.secure for lead in leads)
    return _at(name, page.place) | {"alive": True, "secure": secure} | _aged(text, crawl)


def _elsewhere(name: str, lead: Lead) -> Record:
    return {
        "name": name,
        "found": True,
        "own": False,
        "url": lead.address,
        "host": inert(lead.host)[:_SHOWN],
        "secure": lead.secure,
        "official": official(lead.host),
        GAP: _NOT_ASKED,
    }


def _at(name: str, place: Place) -> Record:
    return {
        "name": name,
        "found": True,
        "own": True,
        "url": _address(place),
        "host": inert(place.name)[:_SHOWN],
        "secure": place.secure,
        "official": official(place.name),
    }


def _aged(text: str, crawl: Crawl) -> Record:
    """A page without any date is one; a date to come counts for nothing."""
    day = newest(text, crawl.now)
    return {"dated": True, "updated": day.isoformat()} if day else {"dated": False}


def _sp4n(leads: Leads) -> Record:
    found = [lead for lead in leads.to(Topic.COMPLAINT, own=False) if _LAPOR.fullmatch(lead.host)]
    if found:
        best = min(found, key=lambda lead: not lead.secure)
        return _elsewhere(SP4N, best) | {"secure": all(lead.secure for lead in found)}
    if missed := leads.crawl.missed_about(Topic.COMPLAINT):
        return {"name": SP4N, **_gap(missed[0])}
    return {"name": SP4N, "found": False, "url": ""}


def _pledge(leads: Leads) -> Record:
    crawl = leads.crawl
    for sheet in crawl.about(Topic.STANDARDS):
        if _PLEDGE.search(sheet.title + sheet.text):
            return _at(PLEDGE, sheet.place) | {"alive": True} | _aged(sheet.content, crawl)
    for lead in leads.to(Topic.STANDARDS, own=True) + leads.to(Topic.STANDARDS, own=False):
        if _PLEDGE.search(lead.link.text):
            return _elsewhere(PLEDGE, lead) | {"own": lead.own}
    if missed := crawl.missed_about(Topic.STANDARDS):
        return {"name": PLEDGE, **_gap(missed[0])}
    return {"name": PLEDGE, "found": False, "url": ""}


def _gap(missed: Missed) -> Record:
    return {GAP: {"why": missed.why, "detail": f"{missed.address}: {missed.detail}"[:300]}}


def _address(place: Place) -> str:
    return inert(told(place.url))[:_SHOWN]


def broken(crawl: Crawl) -> list[str]:
    """Return the links to channels that lead to nothing."""
    dead = (one for one in crawl.dead if not CHANNEL_TOPICS.isdisjoint(one.topics))
    return sorted({one.address for one in dead})[:_MOST]


def insecure(leads: Leads) -> list[str]:
    """Return the links to channels that are not encrypted."""
    return sorted({lead.address for lead in leads.every() if not lead.secure})[:_MOST]


def unofficial(leads: Leads) -> list[str]:
    """Return hosts of channels that stand under no domain of the government."""
    hosts = {lead.host for lead in leads.every() if not lead.own and not official(lead.host)}
    return sorted(inert(host)[:_SHOWN] for host in hosts)[:_MOST]
