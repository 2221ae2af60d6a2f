"""Fetch each site of a target once, and have every probe of pages read what was fetched."""

import logging
import time
from collections.abc import Iterator, Mapping

from auditor.collect import Limit, Settings
from auditor.collect.dial import Unreached
from auditor.collect.drive import drive
from auditor.collect.guide import Guide, noted, site_address, user_agent
from auditor.collect.http_client import Client, Manners
from auditor.model.base import TargetId
from auditor.model.fact import GAP, Evidence, Fact, Gap, Json, Observation, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe import crawl_survey
from auditor.probe.base import Probe, Record, Unseen
from auditor.probe.crawl import Crawl
from auditor.probe.crawl_visit import MOST_REQUESTS
from auditor.probe.http_talk import Mute

logging.getLogger("pypdf").addHandler(logging.NullHandler())
logging.getLogger("pypdf").propagate = False  # it quotes the documents that it finds odd
_EXCERPT_LIMIT = 4000


class PagesCollector:
    """Answers the probes of pages; `pause` is the least time between two requests, in seconds.

    Ports other than the usual ones serve the tests.
    """

    def __init__(self, clear: int = 80, secure: int = 443, pause: float = 0.1) -> None:
        self._clear = clear
        self._secure = secure
        self._pause = pause

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:
        """Yield one observation for each probe of the task on each of its targets."""
        for target in task.targets:
            yield from self._visit(target, task.probes, settings, limit)

    def _visit(
        self, target: Target, probes: tuple[Probe, ...], settings: Settings, limit: Limit
    ) -> Iterator[Observation]:
        id_ = TargetId(target.id)
        try:
            ip = site_address(target, settings, limit)
        except Unreached as error:
            for probe in probes:
                yield Gap(target=id_, probe=probe.key, why=error.why, detail=error.detail)
            return
        manners = Manners(
            agent=user_agent(settings.inventory.city),
            seconds=settings.connect_timeout,
            pause=self._pause,
            clear=self._clear,
            secure=self._secure,
            requests=MOST_REQUESTS,
        )
        notes: list[str] = []
        records: dict[str, list[Record]] = {probe.key: [] for probe in probes}
        sites = tuple(dict.fromkeys(name.lower() for name in target.sites))
        guide = Guide(target, ip, settings)
        for at, site in enumerate(sites):
            share = Share(limit, len(sites) - at)
            before = _before(target, site, probes, settings)
            with Client(guide, manners, share) as client:
                talk = crawl_survey.survey(site, frozenset(sites), settings.now(), before)
                seen = drive(talk, noted(client, notes))
            for probe in probes:
                records[probe.key].append({"site": site, **_record(probe, seen)})
        source = (
            f"GET at {ip}, ports {self._clear} and {self._secure}, "
            f"seen from {settings.inventory.seen_from(target)}"
        )
        excerpt = "\n".join(notes)[:_EXCERPT_LIMIT]
        evidence = Evidence(source=source, excerpt=excerpt, seen_at=settings.now())
        for probe in probes:
            value = {"sites": records[probe.key]}
            yield Fact(target=id_, probe=probe.key, value=value, evidence=evidence)


class Share(Limit):
    """A site's part of the time that is left, so that a slow site leaves some to the next."""

    def __init__(self, whole: Limit, sites: int) -> None:
        self._whole = whole
        self._ends = time.monotonic() + whole.left / sites

    @property
    def left(self) -> float:
        """Seconds left of the part, never more than of the whole."""
        return max(0.0, min(self._whole.left, self._ends - time.monotonic()))

    @property
    def stopped(self) -> bool:
        """Whether the run was stopped from outside."""
        return self._whole.stopped


def _record(probe: Probe, seen: Crawl | Mute) -> Record:
    if isinstance(seen, Mute):
        return {GAP: {"why": seen.why, "detail": seen.detail}}
    read = probe.type.read
    if read is None:
        return {GAP: {"why": Why.UNSUPPORTED, "detail": "this probe reads no pages"}}
    try:
        return read(probe.args, seen)
    except Unseen as unseen:
        return {GAP: {"why": unseen.why, "detail": unseen.detail}}


def _before(
    target: Target, site: str, probes: tuple[Probe, ...], settings: Settings
) -> Mapping[str, Mapping[str, Json]]:
    """Return what each probe said of the site in the run before, by the probe's name."""
    found: dict[str, Mapping[str, Json]] = {}
    for probe in probes:
        fact = settings.before(TargetId(target.id), probe.key)
        sites = fact.value.get("sites") if fact is not None else None
        for record in sites if isinstance(sites, list) else ():
            if isinstance(record, Mapping) and record.get("site") == site:
                found[probe.type.name] = record
    return found
