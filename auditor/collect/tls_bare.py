"""Which certificate an address shows to those who name no site: one hello for each kind of key."""

from collections.abc import Sequence

import msgspec

from auditor.collect import Settings
from auditor.collect.dial import Unreached
from auditor.collect.tls_line import Line
from auditor.collect.tls_roots import trusted_roots
from auditor.model.fact import GAP
from auditor.probe.base import Record
from auditor.probe.tls_certificate import judge
from auditor.probe.tls_certificate_worst import worst
from auditor.probe.tls_suites import by_key
from auditor.probe.tls_survey import Seen, shows_certificate

_TRIES = 2


def without_name(line: Line, seen: Sequence[Seen], settings: Settings) -> Record:
    """Ask a bare endpoint for what a site at its port speaks (`seen`).

    What speaks TLS to a site's name and not without it refuses, in words or by ending.
    """
    view = shows_certificate(seen)
    if view is None:
        return {"asked": False}
    told: Record = {"asked": True, "endpoint": line.point.key}
    nameless = msgspec.structs.replace(view, named=False)
    try:
        chains = [_chain(line, nameless, suites) for suites in by_key(view.suites)]
    except Unreached as error:
        return {**told, GAP: {"why": error.why, "detail": error.detail}}
    roots = trusted_roots(settings.inventory.ca_file)
    judged = [judge(chain, (), roots, settings.now()) for chain in chains if chain]
    if not judged:
        return {**told, "offered": False}
    return {**told, "offered": True, "cert": worst(judged)}


def _chain(line: Line, view: Seen, suites: tuple[int, ...]) -> tuple[bytes, ...]:
    """Return the certificates, () where the server refuses again."""
    for _ in range(_TRIES):
        try:
            if chain := line.chain(view, suites):
                return chain
        except Unreached as error:
            if not error.closed:
                raise
    return ()
