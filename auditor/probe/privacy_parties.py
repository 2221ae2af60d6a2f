"""Whom a site brings into its pages: other holders' services, what they do, from which country."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from auditor.model.base import Value
from auditor.probe.base import Record
from auditor.probe.crawl import Link, Sheet
from auditor.probe.privacy_asked import plain
from auditor.probe.privacy_forms import Entry
from auditor.probe.privacy_loads import Loads, Resource
from auditor.probe.privacy_pages import shown, shown_place
from auditor.probe.privacy_trackers import Known, Service, Use
from auditor.probe.site_url import Reference, foreign, registrable

_NAME = 100
_MOST_PARTIES = 1_000
_FORM_LINK = re.compile(
    r"formulir|\bform\b|\bisi\b|daftar|registrasi|survei|survey|kuesioner|pengaduan|aduan|lapor"
    r"|permohonan|permintaan|pengajuan"
)


class Party(Value, frozen=True):
    """A domain of others and the service that is known there, None where none is."""

    domain: str
    service: Service | None

    @property
    def name(self) -> str:
        """The service's name, "" where it is not known."""
        return self.service.name if self.service else ""

    @property
    def use(self) -> Use:
        """What it does in a page."""
        return self.service.kind if self.service else Use.OTHER

    @property
    def tracks(self) -> bool:
        """It follows visitors."""
        return self.service is not None and self.service.tracks

    def record(self) -> Record:
        """Return what is known of it; a country that is not known is left out."""
        known = self.service
        told: Record = {
            "domain": self.domain,
            "service": self.name,
            "use": self.use.value,
            "tracks": self.tracks,
            "known": bool(known and known.country),
        }
        if known and known.country:
            told |= {"operator": known.operator, "country": known.country}
        return told


class _Seen(msgspec.Struct):
    page: str
    pages: int = 0
    resources: set[str] = set()


def party_of(site: str, reference: Reference, known: Known) -> Party | None:
    """Return whose an address is, None where it is the site's own holder's."""
    if not foreign(site, reference.host):
        return None
    domain = registrable(reference.host) or reference.host
    return Party(domain=shown(domain, _NAME), service=known.of(reference))


def parties_of(site: str, loads: Loads, known: Known) -> dict[Party, set[Resource]]:
    """Return the others that a page loads from; of what scripts name, known trackers alone."""
    found: dict[Party, set[Resource]] = {}
    for load in loads.every:
        party = party_of(site, load.reference, known)
        if party is None or (load.resource is Resource.INLINE and not party.tracks):
            continue
        found.setdefault(party, set()).add(load.resource)
    return found


class Parties:
    """Takes in page after page who is brought in."""

    def __init__(self) -> None:
        self._seen: dict[Party, _Seen] = {}

    def add(self, page: str, parties: dict[Party, set[Resource]]) -> None:
        """Take in a page."""
        for party, resources in parties.items():
            if party not in self._seen and len(self._seen) >= _MOST_PARTIES:
                continue
            seen = self._seen.setdefault(party, _Seen(page=page))
            seen.pages += 1
            seen.resources |= {resource.value for resource in resources}

    @property
    def track(self) -> bool:
        """One of them follows visitors."""
        return any(party.tracks for party in self._seen)

    def rows(self) -> list[Record]:
        """Return the table `third_parties`, those first that follow visitors."""
        order = sorted(self._seen.items(), key=lambda one: _rank(one[0]))
        return [
            party.record()
            | {"resources": sorted(seen.resources), "pages": seen.pages, "page": seen.page}
            for party, seen in order
        ]


def _rank(party: Party) -> tuple[bool, bool, str, str]:
    return not party.tracks, party.service is None, party.domain, party.name


def embeds_of(page: str, parties: dict[Party, set[Resource]]) -> Iterator[Record]:
    """Yield who is brought into a page that collects data; the government's own names are not."""
    for party in sorted(parties, key=_rank):
        if party.use is not Use.GOVERNMENT:
            told = party.record()
            resources = sorted(resource.value for resource in parties[party])
            yield {"page": page, **told, "resources": resources}


def foreign_forms(
    site: str, sheet: Sheet, loads: Loads, entries: Iterable[Entry], known: Known
) -> Iterator[Record]:
    """Yield the forms of others that a page embeds, sends to or leads to."""
    page = shown_place(sheet.place)
    for load in loads.every:
        if load.resource is Resource.FRAME:
            yield from _form(site, page, load.reference, "embed", known)
    for entry in entries:
        if entry.personal:
            for goal in entry.goals:
                yield from _form(site, page, goal, "action", known)
    for link in sheet.links:
        how = "link" if not _hides(link, known) else "short_link"
        yield from _form(site, page, link.reference, how, known)


def _hides(link: Link, known: Known) -> bool:
    """Tell whether a short address speaks of a form; where it leads is not asked."""
    service = known.of(link.reference)
    short = service is not None and service.kind is Use.SHORT_LINK
    return short and _FORM_LINK.search(plain(link.text)) is not None


def _form(site: str, page: str, reference: Reference, how: str, known: Known) -> Iterator[Record]:
    party = party_of(site, reference, known)
    if party is None or party.service is None:
        return
    if party.use is Use.FORM or how == "short_link":
        told = {"country": party.service.country} if party.service.country else {}
        yield {"page": page, "service": party.name, "how": [how], **told}
