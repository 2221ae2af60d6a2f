"""Have a real browser look at each site of a target; bring home what only it sees."""

import time
from collections.abc import Iterator, Mapping

from auditor.collect import Limit, Settings
from auditor.collect.browser_order import Order, Patience
from auditor.collect.browser_process import Showing, home, show
from auditor.collect.browser_relay import Relay
from auditor.collect.browser_tools import Tools, find_tools
from auditor.collect.dial import Deadline, Unreached
from auditor.collect.guard import must_cover, reach
from auditor.collect.guide import Guide, user_agent
from auditor.model.base import TargetId
from auditor.model.fact import Evidence, Fact, Gap, Observation, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe.base import Probe, Record, Unseen
from auditor.probe.browser_record import record, said
from auditor.probe.browser_seen import Visit
from auditor.probe.privacy_trackers import known

SITE_SECONDS = 60.0
_EXCERPT_LIMIT = 4000


class BrowserCollector:
    """Answers the probe `browser_view`.

    Ports other than the usual ones, `names` that lead elsewhere than the resolver says, and short
    waits serve the tests; the authority letter covers those names like any other.
    """

    def __init__(
        self,
        clear: int = 80,
        secure: int = 443,
        names: Mapping[str, str] | None = None,
        patience: Patience | None = None,
        seconds: float = SITE_SECONDS,
    ) -> None:
        self._ports = {80: clear, 443: secure}
        self._names = dict(names or {})
        self._patience = patience or Patience()
        self._seconds = seconds

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:
        """Yield one observation for each probe of the task on each of its targets."""
        for target in task.targets:
            for probe in task.probes:
                try:
                    yield self._visit(target, probe, settings, limit)
                except (Unreached, Unseen) as error:
                    id_ = TargetId(target.id)
                    yield Gap(target=id_, probe=probe.key, why=error.why, detail=error.detail)

    def _visit(self, target: Target, probe: Probe, settings: Settings, limit: Limit) -> Observation:
        tools = find_tools()
        if not target.sites:
            raise Unreached(Why.NO_DATA, "the inventory names no site")
        deadline = Deadline(limit, settings.connect_timeout)
        ip = reach(target.address, settings, deadline, local=target.local)
        records: list[Record] = []
        notes: list[str] = []
        for site in dict.fromkeys(target.sites):
            showing, relay = self._show(target, site, ip, tools, settings, limit)
            records.append(
                {"site": site, **record(site, showing.parts, _end(site, showing, relay), known())}
            )
            notes.extend(said(site, showing.parts))
        source = (
            f"Chromium, fresh profiles, at {ip}, seen from {settings.inventory.seen_from(target)}; "
            "certificates are judged elsewhere"
        )
        evidence = Evidence(
            source=source, excerpt="\n".join(notes)[:_EXCERPT_LIMIT], seen_at=settings.now()
        )
        return Fact(
            target=TargetId(target.id), probe=probe.key, value={"sites": records}, evidence=evidence
        )

    def _show(
        self, target: Target, site: str, ip: str, tools: Tools, settings: Settings, limit: Limit
    ) -> tuple[Showing, Relay]:
        own = Guide(target, ip, settings)

        def guide(name: str, deadline: Deadline) -> str:
            if name not in self._names:
                return own(name, deadline)
            must_cover(name, settings)
            return reach(self._names[name], settings, deadline)

        share = _Share(limit, self._seconds)
        with (
            home(tools.user) as folder,
            Relay(guide, share, settings.connect_timeout, self._ports) as relay,
        ):
            order = Order(
                site=site,
                names=tuple(name.lower() for name in (*target.sites, ip)),
                scope=settings.inventory.authority.scope,
                relay=relay.port,
                chromium=tools.chromium,
                folder=str(folder),
                agent=user_agent(settings.inventory.city),
                user=tools.user,
                patience=self._patience,
            )
            return show(order, share), relay


class _Share(Limit):
    """The part of a task's time that one site gets."""

    def __init__(self, whole: Limit, seconds: float) -> None:
        self._whole = whole
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds left, 0 when over or stopped."""
        return max(0.0, min(self._whole.left, self._end - time.monotonic()))

    @property
    def stopped(self) -> bool:
        """Whether the run was stopped from outside."""
        return self._whole.stopped


def _end(site: str, showing: Showing, relay: Relay) -> tuple[Why, str] | None:
    """Return why a site was not looked at to the end; the relay knows best what kept it away."""
    if relay.full:
        return Why.CUT, "the site sends too much"
    if showing.end is not None or any(isinstance(part, Visit) for part in showing.parts):
        return showing.end
    return relay.refused.get(site.lower())
