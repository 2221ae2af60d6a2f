"""Mask secrets and personal data once, before anything is stored; every format profits."""

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from auditor.model.fact import Evidence, Fact, Json, Observation
from auditor.probe.personal_numbers import hide

MASK = "[disamarkan]"

_KEY_BLOCK = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)
_CRYPT_HASH = re.compile(r"\$(?:1|2[abxy]?|5|6|7|y|gy|apr1)\$[./A-Za-z0-9$=,]{8,}")
_SECRET = re.compile(
    r"(?i)(?<![a-z])((?:pass(?:word|wd|phrase)|pwd|secret|token|api[_-]?key|kata[_ -]?sandi)\w*"
    r"[\"']?\s*[:=]\s*)(?!\s)(\"[^\"\n]*\"|'[^'\n]*'|[^\s,;&\"']+)"
)
_AUTHORIZATION = re.compile(
    r"(?i)\b(authorization\s*:\s*)(?:(?:basic|bearer|digest|negotiate)\s+)?\S+"
)
_USER_INFO = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@:]+(?::[^\s/@]*)?@")
_HINT = re.compile(r"(?i)PRIVATE KEY|\$\w{1,4}\$|pass|pwd|secret|token|api|sandi|auth|://")
T = TypeVar("T", bound=Observation)


def redact(observation: T) -> T:
    """Return the observation with all its text masked; nothing else changes."""
    if isinstance(observation, Fact):
        value = {hide(name): _value(part) for name, part in observation.value.items()}
        seen = _evidence(observation.evidence)
        return msgspec.structs.replace(observation, value=value, evidence=seen)
    evidence = _evidence(observation.evidence) if observation.evidence else None
    return msgspec.structs.replace(observation, detail=mask(observation.detail), evidence=evidence)


def _evidence(evidence: Evidence) -> Evidence:
    masked = {"source": mask(evidence.source), "excerpt": mask(evidence.excerpt)}
    return msgspec.structs.replace(evidence, **masked)


def _value(value: Json) -> Json:
    match value:
        case str():
            return mask(value)
        case list() | tuple():
            return [_value(part) for part in value]
        case Mapping():
            return {hide(name): _value(part) for name, part in value.items()}
    return value


def mask(text: str) -> str:
    """Mask private keys, password hashes, secrets behind their names, log-ins in URLs and NIK.

    Masking twice changes nothing. Of a NIK or KK the six digits of the region stay, of an NPWP the
    two of its kind; numbers are masked last, so that none is left beside a secret.
    """
    if _HINT.search(text):
        text = _KEY_BLOCK.sub(MASK, text)
        text = _CRYPT_HASH.sub(MASK, text)
        text = _AUTHORIZATION.sub(rf"\g<1>{MASK}", text)
        text = _USER_INFO.sub(rf"\g<1>{MASK}@", text)
        text = _SECRET.sub(_mask_secret, text)
    return hide(text)


def _mask_secret(match: re.Match[str]) -> str:
    """Mask a value, but not a yes or no: settings such as PasswordAuthentication stay readable."""
    if match[2].lower() in ("yes", "no", "true", "false", "none", "null", "x", "*", "!"):
        return match[0]
    return match[1] + MASK
