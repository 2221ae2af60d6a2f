"""Talk with each site of a target as the surveys of its probes want to; bring home the facts."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from auditor.collect import Limit, Settings
from auditor.collect.dial import Unreached
from auditor.collect.drive import drive
from auditor.collect.guide import Guide, noted, site_address, user_agent
from auditor.collect.http_client import Client, Manners
from auditor.model.base import TargetId
from auditor.model.fact import Evidence, Fact, Gap, Observation
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe import exposed_survey, http, site_survey
from auditor.probe.base import Probe, Record
from auditor.probe.cms_lifespans import Lifespans, read_lifespans
from auditor.probe.http_talk import Talk
from auditor.resources import shipped

_EXCERPT_LIMIT = 4000
_ORDER = ("site", "http", "exposed")
"""What asks for the whole front page begins; what may wake a firewall comes last."""


class HttpCollector:
    """Answers the probes of web sites; `pause` is the least time between two requests, in seconds.

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
        )
        talks = _talks(target, ip, probes, settings)
        talks.hold(manners, limit)
        where = f"{ip}, ports {self._clear} and {self._secure}"
        for probe in probes:
            evidence = Evidence(
                source=f"GET and HEAD at {where}, seen from {settings.inventory.seen_from(target)}",
                excerpt="\n".join(talks.notes[probe.type.name])[:_EXCERPT_LIMIT],
                seen_at=settings.now(),
            )
            value = {"sites": talks.records[probe.type.name]}
            yield Fact(target=id_, probe=probe.key, value=value, evidence=evidence)


class Talks:
    """All conversations with the sites of one target: for each site one client and its memory."""

    def __init__(
        self, sites: tuple[str, ...], surveys: Mapping[str, Callable[[str], Talk]], guide: Guide
    ) -> None:
        self.records: dict[str, list[Record]] = {name: [] for name in surveys}
        self.notes: dict[str, list[str]] = {name: [] for name in surveys}
        self._sites = sites
        self._surveys = surveys
        self._guide = guide

    def hold(self, manners: Manners, limit: Limit) -> None:
        """Talk with one site after the other."""
        for name in self._sites:
            with Client(self._guide, manners, limit) as client:
                for kind, survey in self._surveys.items():
                    record = drive(survey(name), noted(client, self.notes[kind]))
                    self.records[kind].append({"site": name, **record})


def _talks(target: Target, ip: str, probes: tuple[Probe, ...], settings: Settings) -> Talks:
    known = _lifespans()
    now = settings.now()
    surveys: dict[str, Callable[[str], Talk]] = {
        "site": lambda name: site_survey.survey(name, now),
        "http": http.survey,
        "exposed": lambda name: exposed_survey.survey(name, known, now.date()),
    }
    wanted = {probe.type.name for probe in probes}
    chosen = {name: surveys[name] for name in _ORDER if name in wanted}
    return Talks(tuple(dict.fromkeys(target.sites)), chosen, Guide(target, ip, settings))


@lru_cache(maxsize=1)
def _lifespans() -> Lifespans:
    return read_lifespans((shipped("policies") / "data" / "web-eol.json").read_bytes())
