"""Ask the DNS for what it says of domains, and their servers where the authority allows it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from auditor.collect import Limit, Settings
from auditor.collect.dial import Unreached
from auditor.collect.dns_countries import countries_of
from auditor.collect.dns_doors import knock
from auditor.collect.dns_guarded import fetch, transfer
from auditor.collect.dns_resolver import Resolver, system_resolvers
from auditor.collect.drive import drive
from auditor.collect.guard import must_cover
from auditor.model.base import TargetId
from auditor.model.fact import GAP, Evidence, Fact, Gap, Observation, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe import dns_survey, hosting_survey, mail_survey
from auditor.probe.base import Record, Unseen
from auditor.probe.dns_anchors import ROOT, Anchors, read_anchors
from auditor.probe.dns_answer import Answer
from auditor.probe.dns_names import plain
from auditor.probe.dns_talk import Fetch, Heard, Knock, Mute, Request, Talk, Transfer, gap

T = TypeVar("T")
EXCERPT_LIMIT = 4000
MAX_DOMAINS = 200
"""Domains of one target."""


class DnsCollector:
    """Answers the `dns`, `mail` and `hosting` probes. Unusual ports serve the tests."""

    def __init__(self, port: int = 53, https: int = 443, smtp: int = 25) -> None:
        self._port = port
        self._https = https
        self._smtp = smtp

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:
        """Yield one observation for each probe of the task on each of its targets."""
        for target in task.targets:
            addresses = settings.inventory.resolvers or system_resolvers()
            resolver = Resolver(addresses, self._port, settings.connect_timeout, limit)
            visit = Visit(resolver, settings, limit, (self._port, self._https, self._smtp))
            for probe in task.probes:
                notes: list[str] = []
                try:
                    value = visit.survey(target, probe.type.name, notes)
                except Unseen as error:
                    yield Gap(
                        target=TargetId(target.id),
                        probe=probe.key,
                        why=error.why,
                        detail=error.detail,
                    )
                    continue
                evidence = Evidence(
                    source=f"DNS questions to {', '.join(addresses) or 'nobody'}, "
                    f"seen from {settings.inventory.seen_from(target)}",
                    excerpt="\n".join(notes)[:EXCERPT_LIMIT],
                    seen_at=settings.now(),
                )
                yield Fact(
                    target=TargetId(target.id), probe=probe.key, value=value, evidence=evidence
                )


class Visit:
    """The conversations about the domains of one target."""

    def __init__(
        self, resolver: Resolver, settings: Settings, limit: Limit, ports: tuple[int, int, int]
    ) -> None:
        self._resolver = resolver
        self._settings = settings
        self._limit = limit
        self._port, self._https, self._smtp = ports

    def survey(self, target: Target, kind: str, notes: list[str]) -> Record:
        """Return the record of one probe; every question is noted.

        Raises `Unseen` where the auditor lacks what it takes.
        """
        if kind == "hosting":
            return self._places(target, notes)
        domains = list(dict.fromkeys(plain(domain) for domain in target.domains))[:MAX_DOMAINS]
        begin = self._zones() if kind == "dns" else self._mail(target)
        rows = [self._about(domain, begin, notes) for domain in domains]
        return {"exists": bool(rows), "domains": rows}

    def _about(self, domain: str, begin: Callable[[str], Talk[Record]], notes: list[str]) -> Record:
        self._resolver.begin()
        try:
            must_cover(domain, self._settings)
            self._drive(dns_survey.honest(domain), notes)
            row = self._drive(begin(domain), notes)
        except Unreached as error:
            return {"domain": domain, GAP: {"why": error.why, "detail": error.detail}}
        except Unseen as error:
            return {"domain": domain, GAP: gap(error)}
        return {**row, "questions": self._resolver.questions}

    def _places(self, target: Target, notes: list[str]) -> Record:
        table = countries_of(self._settings.inventory.countries)
        names: list[tuple[str, tuple[str, ...]]] = [
            (plain(name), ("ns", "mail")) for name in target.domains[:MAX_DOMAINS]
        ]
        names += [(plain(site), ("site",)) for site in target.sites[:MAX_DOMAINS]]
        rows: list[Record] = []
        for name, roles in dict.fromkeys(names):
            survey = hosting_survey.site_places if "site" in roles else hosting_survey.domain_places
            self._resolver.begin()
            try:
                must_cover(name, self._settings)
                self._drive(dns_survey.honest(name), notes)
                rows += self._drive(survey(name, table), notes)
            except Unreached as error:
                unseen: Record = {"why": error.why, "detail": error.detail}
                rows += hosting_survey.unseen_places(name, roles, unseen)
            except Unseen as error:
                rows += hosting_survey.unseen_places(name, roles, gap(error))
        return {"exists": bool(names), "places": rows}

    def _zones(self) -> Callable[[str], Talk[Record]]:
        sites = [
            plain(site) for target in self._settings.inventory.targets for site in target.sites
        ]
        view = dns_survey.View(
            anchors=trusted_anchors(self._settings.inventory.trust_anchors),
            now=self._settings.now(),
            covers=self._settings.inventory.authority.scope.covers,
            sites=tuple(dict.fromkeys(sites)),
        )
        return lambda domain: dns_survey.survey(domain, view)

    def _mail(self, target: Target) -> Callable[[str], Talk[Record]]:
        view = mail_survey.Mail(selectors=target.dkim)
        return lambda domain: mail_survey.survey(domain, view)

    def _drive(self, talk: Talk[T], notes: list[str]) -> T:
        def hear(request: Request) -> Heard:
            heard = self._hear(request)
            notes.append(_note(request, heard))
            return heard

        return drive(talk, hear)

    def _hear(self, request: Request) -> Heard:
        try:
            return self._ask(request)
        except Unreached as error:
            return Mute(why=error.why, detail=error.detail)

    def _ask(self, request: Request) -> Heard:
        settings, limit = self._settings, self._limit
        match request:
            case Transfer():
                return transfer(request, settings, limit, self._port)
            case Fetch():
                return fetch(request, settings, limit, self._https)
            case Knock():
                return knock(request, settings, limit, self._smtp)
            case _:
                if request.server:
                    must_cover(request.server, settings)
                return self._resolver.ask(request)


def trusted_anchors(path: str | None) -> Anchors | Unseen:
    """Return the DS records that are trusted: of a file, else the root's."""
    try:
        return read_anchors(Path(path).expanduser().read_text() if path else ROOT)
    except (OSError, ValueError) as error:
        return Unseen(Why.UNREADABLE, f"trust_anchors {path}: {error}")


def _note(request: Request, heard: Heard) -> str:
    match request:
        case Transfer():
            what = f"{request.zone} AXFR @{request.server}"
        case Fetch():
            what = f"https://{request.host}{request.path}"
        case Knock():
            what = f"SMTP {request.host}"
        case _:
            what = f"{request.name or '.'} {request.kind}"
            what += f" @{request.server}" if request.server else ""
    return f"{what}: {_said(heard)}"


def _said(heard: Heard) -> str:
    match heard:
        case Mute():
            return heard.detail
        case Answer():
            via = f"{' → '.join(heard.chain)} " if heard.chain else ""
            return via + (f"{len(heard.records)}" if heard.exists else "NXDOMAIN")
        case _:
            return "answered"
