"""What a store remembers for a run: the statements of offices, and what the run before saw."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from auditor.model.base import ProbeKey, TargetId
from auditor.model.fact import Fact, Json
from auditor.model.inventory import LEAD, Target, TargetKind

if TYPE_CHECKING:
    from auditor.audit import Request
    from auditor.model.result import Run
    from auditor.store import Store


def remembering(request: "Request", store: "Store", resumed: "Run | None" = None) -> "Request":
    """Return the request with what the store remembers; the store stays open while it runs.

    Of statements that came in after a run began, the run knows nothing when it is resumed.
    """
    settings = msgspec.structs.replace(
        request.settings,
        attested=_statements(request, store, resumed),
        before=_before(request.scope, store),
    )
    return msgspec.structs.replace(request, settings=settings)


def _statements(
    request: "Request", store: "Store", resumed: "Run | None"
) -> Callable[[Target], Mapping[str, Json]] | None:
    """Return what gives the record of an office; nothing where no office is asked."""
    offices = {t.opd for t in request.targets if t.kind is TargetKind.OPD}
    if not offices:
        return None
    from auditor.load.questionnaires import load_questionnaires
    from auditor.model.attest import concerns, latest
    from auditor.probe.attestation import attested

    questions = [q for one in load_questionnaires() for q in one.questions]
    answers = {
        opd: latest(
            one
            for one in store.statements(opd)
            if resumed is None or one.imported <= resumed.started
        )
        for opd in offices
    }
    zone = ZoneInfo(request.settings.inventory.city.tz)

    def record(target: Target) -> Mapping[str, Json]:
        leads = LEAD in target.roles
        asked = [q for q in questions if concerns(q, leads=leads)]
        now = request.settings.now().astimezone(zone)
        return attested(asked, answers[target.opd], now)

    return record


def _before(scope: str, store: "Store") -> Callable[[TargetId, ProbeKey], Fact | None]:
    """Return what gives a probe's fact of the last run of the scope that ended by itself.

    The observations of one target are read when it is asked for, and not kept.
    """
    run = store.ended(scope)
    if run is None:
        return lambda _target, _probe: None
    visited = store.visited(run.id)

    def before(target: TargetId, probe: ProbeKey) -> Fact | None:
        seen = store.observations(run.id, target) if target in visited else ()
        return next((o for o in seen if isinstance(o, Fact) and o.probe == probe), None)

    return before
