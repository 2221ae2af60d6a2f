"""Which certificate an address shows to those who name no site: one hello for each kind of key."""

from collections.abc import Mapping, Sequence

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


def without_name(
    line: Line,
    seen: Sequence[Seen],
    known: Mapping[tuple[bytes, ...], Record],
    settings: Settings,
) -> Record:
    """Ask a bare endpoint for what a site at its port speaks (`seen`).

    `known` are the chains that the site showed, judged: to judge one again costs more than to ask.
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
    judged = [known.get(chain) or _judge(chain, settings) for chain in chains if chain]
    if not judged:
        return {**told, "offered": False}
    certificate = {**worst(judged)}
    certificate.pop("name_matches", None)
    return {**told, "offered": True, "cert": certificate}


def _judge(chain: tuple[bytes, ...], settings: Settings) -> Record:
    return judge(chain, (), trusted_roots(settings.inventory.ca_file), settings.now())


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
