"""What a Content Security Policy really forbids (CSP level 3), over all policies of a page."""

import re
from collections.abc import Iterable, Iterator, Mapping

from auditor.model.base import Value
from auditor.model.text import inert
from auditor.probe.base import Record
from auditor.probe.site_url import registrable

MOST_POLICIES = 100
"""Policies that are read; more of them could only forbid more."""
_MOST_SOURCES = 30
_SHOWN = 120
_PROOF = re.compile(r"'(?:nonce|sha256|sha384|sha512)-[a-z0-9+/_-]+={0,2}'")
_NONCE = re.compile(r"'nonce-[a-z0-9+/_-]+={0,2}'", re.IGNORECASE)
_ANYWHERE = re.compile(r"\*(:(\*|\d+))?|(https?|ftp|wss?):(//\*(\.\*)?(:(\*|\d+))?/?)?")
_MADE_UP = frozenset({"data:", "filesystem:"})
"""Schemes whose content the page or its attacker writes."""
_SCRIPT = ("script-src", "default-src")
_ELEMENT = ("script-src-elem", *_SCRIPT)
_ATTRIBUTE = ("script-src-attr", *_SCRIPT)
_PASSIVE = frozenset({"img-src", "media-src", "report-uri", "report-to", "referrer"})
_NOT_IN_META = frozenset({"frame-ancestors", "report-uri", "sandbox"})


class Policy(Value, frozen=True):
    """One policy: directive → sources, all in lower case; of a repeated one the first counts."""

    directives: Mapping[str, tuple[str, ...]]

    def sources(self, *names: str) -> tuple[str, ...] | None:
        """Return the sources of the first directive that stands there, None without limit."""
        return next((self.directives[n] for n in names if n in self.directives), None)


def read_policies(fields: Iterable[str], metas: Iterable[str] = ()) -> tuple[Policy, ...]:
    """Return the policies of header fields, then those of meta elements; empty ones are none."""
    found = (*_of_fields(fields), *(_policy(text, _NOT_IN_META) for text in metas))
    return tuple(policy for policy in found if policy.directives)[:MOST_POLICIES]


def _of_fields(fields: Iterable[str]) -> Iterator[Policy]:
    for field in fields:
        for text in field.split(",", MOST_POLICIES)[:MOST_POLICIES]:
            yield _policy(text, frozenset())


def _policy(text: str, barred: frozenset[str]) -> Policy:
    directives: dict[str, tuple[str, ...]] = {}
    for part in text.lower().split(";"):
        name, *sources = part.split() or [""]
        if name and name not in barred:
            directives.setdefault(name, tuple(sources))
    return Policy(directives=directives)


def csp_record(fields: Iterable[str], report_only: bool, metas: Iterable[str] = ()) -> Record:  # noqa: FBT001 - a header that is there or not
    """Return the `csp` record. What one policy forbids is forbidden, whatever others allow."""
    policies = read_policies(fields, metas)
    if not policies:
        return {"present": False, "report_only": report_only}
    return {
        "present": True,
        "report_only": report_only,
        "unsafe_inline": all(map(_inline, policies)),
        "unsafe_eval": all(map(_eval, policies)),
        "broad": _shared(_broad_scripts(policy) for policy in policies),
        "clear": _shared(_clear(policy) for policy in policies),
        "object_src": _narrow(policies, "object-src", "default-src"),
        "base_uri": _narrow(policies, "base-uri"),
        "form_action": _narrow(policies, "form-action"),
    }


def framed_by(fields: Iterable[str]) -> bool | None:
    """Tell whether policies limit who may frame the page; None where none speaks of it."""
    policies = [p for p in read_policies(fields) if "frame-ancestors" in p.directives]
    return _narrow(policies, "frame-ancestors") if policies else None


def upgrades(policies: Iterable[Policy]) -> bool:
    """Tell whether browsers fetch everything of the page over HTTPS."""
    return any("upgrade-insecure-requests" in policy.directives for policy in policies)


def nonces(fields: Iterable[str]) -> frozenset[str]:
    """Return the nonces of header fields: they must differ from answer to answer."""
    return frozenset(match[0] for field in fields for match in _NONCE.finditer(field))


def _inline(policy: Policy) -> bool:
    """Script written into the page runs, as an element or as an attribute."""
    return any(_lets_inline(policy.sources(*names)) for names in (_ELEMENT, _ATTRIBUTE))


def _lets_inline(sources: tuple[str, ...] | None) -> bool:
    if sources is None:
        return True
    return "'unsafe-inline'" in sources and not _proven(sources) and not _dynamic(sources)


def _eval(policy: Policy) -> bool:
    sources = policy.sources(*_SCRIPT)
    return sources is None or "'unsafe-eval'" in sources


def _proven(sources: tuple[str, ...]) -> bool:
    return any(_PROOF.fullmatch(source) for source in sources)


def _dynamic(sources: tuple[str, ...]) -> bool:
    return "'strict-dynamic'" in sources


def _broad_scripts(policy: Policy) -> list[str]:
    """Return the sources by which nearly any script may be loaded."""
    sources = policy.sources(*_ELEMENT)
    if sources is None:
        return ["script-src"]
    return [] if _dynamic(sources) else [s for s in sources if _broad(s) or s in _MADE_UP]


def _broad(source: str) -> bool:
    """Tell whether a source names everyone: a scheme, a star, a star below a public suffix."""
    if _ANYWHERE.fullmatch(source):
        return True
    host = source.rpartition("//")[2].partition("/")[0].partition(":")[0]
    return host.startswith("*.") and not registrable(host.removeprefix("*."))


def _clear(policy: Policy) -> list[str]:
    """Return what may be loaded without encryption, images and the like aside."""
    return [
        source
        for name, sources in policy.directives.items()
        if name not in _PASSIVE and not (name in _ELEMENT and _dynamic(sources))
        for source in sources
        if source.startswith(("http:", "ftp:", "ws:"))
    ]


def _shared(lists: Iterable[list[str]]) -> list[str]:
    """Return what is wrong, where it is wrong in every policy."""
    found = list(lists)
    if not all(found):
        return []
    told = dict.fromkeys(inert(source)[:_SHOWN] for sources in found for source in sources)
    return sorted(told)[:_MOST_SOURCES]


def _narrow(policies: Iterable[Policy], *names: str) -> bool:
    """Tell whether a policy limits what a directive speaks of."""
    lists = [sources for policy in policies if (sources := policy.sources(*names)) is not None]
    return any(not any(map(_broad, sources)) for sources in lists)
