"""Mask secrets and personal data once, before anything is stored; every format profits."""

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from auditor.model.fact import Evidence, Fact, Json, Observation

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
_NIK = re.compile(r"(?<![\w.-])(\d{6})(\d{6})(\d{4})(?![\w-])")
_HINT = re.compile(r"(?i)\d{16}|PRIVATE KEY|\$\w{1,4}\$|pass|pwd|secret|token|api|sandi|auth|://")

_PROVINCES = frozenset(
    (
        *(11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53),
        *(61, 62, 63, 64, 65, 71, 72, 73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96, 97),
    )
)
_WOMEN = 40
"""Is added to the day of birth."""
T = TypeVar("T", bound=Observation)


def redact(observation: T) -> T:
    """Return the observation with all its text masked; nothing else changes."""
    if isinstance(observation, Fact):
        value = {name: _value(part) for name, part in observation.value.items()}
        seen = _evidence(observation.evidence)
        return msgspec.structs.replace(observation, value=value, evidence=seen)
    evidence = _evidence(observation.evidence) if observation.evidence else None
    return msgspec.structs.replace(observation, detail=mask(observation.detail), evidence=evidence)


def _evidence(evidence: Evidence) -> Evidence:
    return msgspec.structs.replace(evidence, excerpt=mask(evidence.excerpt))


def _value(value: Json) -> Json:
    match value:
        case str():
            return mask(value)
        case list() | tuple():
            return [_value(part) for part in value]
        case Mapping():
            return {name: _value(part) for name, part in value.items()}
    return value


def mask(text: str) -> str:
    """Mask private keys, password hashes, secrets behind their names, log-ins in URLs and NIK.

    Masking twice changes nothing. Of a NIK the six digits of the region stay.
    """
    if not _HINT.search(text):
        return text
    text = _KEY_BLOCK.sub(MASK, text)
    text = _CRYPT_HASH.sub(MASK, text)
    text = _AUTHORIZATION.sub(rf"\g<1>{MASK}", text)
    text = _USER_INFO.sub(rf"\g<1>{MASK}@", text)
    text = _SECRET.sub(_mask_secret, text)
    return _NIK.sub(_mask_nik, text)


def _mask_secret(match: re.Match[str]) -> str:
    """Mask a value, but not a yes or no: settings such as PasswordAuthentication stay readable."""
    if match[2].lower() in ("yes", "no", "true", "false", "none", "null", "x", "*", "!"):
        return match[0]
    return match[1] + MASK


def _mask_nik(match: re.Match[str]) -> str:
    region, birth = match[1], match[2]
    day, month = int(birth[:2]), int(birth[2:4])
    day -= _WOMEN if day > _WOMEN else 0
    plausible = int(region[:2]) in _PROVINCES and 1 <= day <= 31 and 1 <= month <= 12  # noqa: PLR2004
    return f"{region}xxxxxxxxxx" if plausible else match[0]
