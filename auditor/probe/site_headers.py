"""What the header fields of a page tell browsers, and what they tell about the server."""

import re
from collections.abc import Iterable, Sequence

from auditor.model.text import inert
from auditor.probe.base import Record
from auditor.probe.http import hsts_max_age
from auditor.probe.http_talk import Answer
from auditor.probe.site_csp import framed_by

_SHOWN = 200
_REFERRER = frozenset(
    {
        "no-referrer",
        "no-referrer-when-downgrade",
        "same-origin",
        "origin",
        "strict-origin",
        "origin-when-cross-origin",
        "strict-origin-when-cross-origin",
        "unsafe-url",
    }
)
_OLD_REFERRER = {
    "never": "no-referrer",
    "default": "strict-origin-when-cross-origin",
    "always": "unsafe-url",
    "origin-when-crossorigin": "origin-when-cross-origin",
}
"""What browsers take for a policy in a meta element only."""
_FRAME_WORDS = frozenset({"deny", "sameorigin", "allowall"})
_TELLING = ("server", "x-generator", "x-runtime-version", "x-drupal-cache-version", "via")
_POWER = ("x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-powered-cms")
_VERSION = re.compile(r"\d+\.\d|/\s*v?\d|\bOpenSSL\b|\((?:Debian|Ubuntu|CentOS|Red Hat|Win)")
_VIA = re.compile(r"^\s*(?:https?/)?\d(?:\.\d)?\s+", re.IGNORECASE)
_METHOD = re.compile(r"[A-Z][A-Z-]{1,20}")
_OPENERS = {"same-origin", "same-origin-allow-popups", "noopener-allow-popups", "unsafe-none"}
_RESOURCES = {"same-site", "same-origin", "cross-origin"}
_EMBEDDERS = {"require-corp", "credentialless", "unsafe-none"}
_FEATURE = re.compile(r"\s*([a-z][a-z0-9-]*)=(\([^()]*\)|[^,\s]*)\s*")
_GUARDED = ("camera", "microphone", "geolocation")


def hsts_record(answer: Answer) -> Record:
    """Return the `hsts` record of an answer over HTTPS (RFC 6797)."""
    fields = answer.values("strict-transport-security")
    seconds = hsts_max_age(fields)
    said = {part.strip().lower() for part in (fields[0] if fields else "").split(";")}
    return {
        "max_age": seconds,
        "include_subdomains": seconds > 0 and "includesubdomains" in said,
        "preload": seconds > 0 and "preload" in said,
    }


def headers_record(answer: Answer, referrer_metas: Iterable[str] = ()) -> Record:
    """Return the `headers` record of a page."""
    return {
        "framing": framing(answer),
        "nosniff": _parts(answer, "x-content-type-options")[:1] == ["nosniff"],
        "referrer_policy": referrer_policy(answer.values("referrer-policy"), referrer_metas),
        "permissions_policy": limits_features(answer.values("permissions-policy")),
        "coop": _word(answer, "cross-origin-opener-policy", _OPENERS),
        "corp": _word(answer, "cross-origin-resource-policy", _RESOURCES),
        "coep": _word(answer, "cross-origin-embedder-policy", _EMBEDDERS),
        "xss_protection": inert(answer.value("x-xss-protection"))[:_SHOWN],
    }


def framing(answer: Answer) -> str:
    """Say what keeps others from framing a page: "csp", "header", or "none".

    A frame-ancestors directive makes browsers ignore X-Frame-Options; ALLOW-FROM protects nobody.
    """
    by_policy = framed_by(answer.values("content-security-policy"))
    if by_policy is not None:
        return "csp" if by_policy else "none"
    words = set(_parts(answer, "x-frame-options"))
    if len(words) > 1:
        return "header" if words & _FRAME_WORDS else "none"
    return "header" if words & {"deny", "sameorigin"} else "none"


def limits_features(fields: Iterable[str]) -> bool:
    """Tell whether camera, microphone and location are limited, each named and not to anyone."""
    limits: dict[str, str] = {}
    for part in ",".join(fields).split(","):
        if feature := _FEATURE.fullmatch(part.partition(";")[0]):
            limits[feature[1]] = feature[2]
    return all("*" not in limits.get(name, "*") for name in _GUARDED)


def referrer_policy(fields: Iterable[str], metas: Iterable[str] = ()) -> str:
    """Return the policy in force: the last known word, the page's own over the header's.

    "" leaves it to the browser (strict-origin-when-cross-origin), as does "invalid", by mistake.
    """
    words = [word.strip().lower() for field in fields for word in field.split(",")]
    metas = [word.strip().lower() for word in metas]
    known = [word for word in words if word in _REFERRER]
    known += [_OLD_REFERRER.get(w, w) for w in metas if w in _REFERRER or w in _OLD_REFERRER]
    if known:
        return known[-1]
    return "invalid" if any(words) or any(metas) else ""


def versions_record(answers: Sequence[Answer]) -> Record:
    """Return the `versions` record: what the header fields of all answers tell about programs."""
    telling = [
        (name, value)
        for answer in answers
        for name, value in answer.fields
        if name in _TELLING and _VERSION.search(_VIA.sub("", value[:_SHOWN]))
    ]
    power = [(n, value) for answer in answers for n, value in answer.fields if n in _POWER]
    return {"server": _told(telling), "powered_by": _told(power)}


def methods(answers: Iterable[Answer]) -> list[str]:
    """Return the methods that answers announce, sorted; "DAV" for WebDAV."""
    found: set[str] = set()
    for answer in answers:
        for name in ("allow", "public", "access-control-allow-methods"):
            for value in answer.values(name):
                found.update(_METHOD.findall(value.upper()[:_SHOWN]))
        if any(name == "dav" for name, _ in answer.fields):
            found.add("DAV")
    return sorted(found)[:50]


def _told(fields: Iterable[tuple[str, str]]) -> str:
    lines = dict.fromkeys(f"{name}: {' '.join(inert(value).split())}" for name, value in fields)
    return "; ".join(lines)[:_SHOWN]


def _parts(answer: Answer, name: str) -> list[str]:
    values = answer.values(name)
    return [part.strip().lower() for value in values for part in value.split(",") if part.strip()]


def _word(answer: Answer, name: str, known: set[str]) -> str:
    """Return a field's word without its parameters, "" where it is missing, or "invalid"."""
    values = answer.values(name)
    if not values:
        return ""
    word = ",".join(values).partition(";")[0].strip().lower()
    return word if word in known else "invalid"
