"""Alerts: how a TLS server refuses or warns (RFC 8446, 6; RFC 7507)."""

from auditor.model.base import Value


class Alert(Value, frozen=True):
    """A server's refusal or warning."""

    code: int
    warning: bool = False

    @property
    def name(self) -> str:
        """Its registered name, or the number."""
        return _ALERTS.get(self.code, str(self.code))


HANDSHAKE_FAILURE, PROTOCOL_VERSION, INSUFFICIENT_SECURITY = 40, 70, 71
INAPPROPRIATE_FALLBACK = 86
UNRECOGNIZED_NAME = 112
REFUSALS = frozenset({HANDSHAKE_FAILURE, PROTOCOL_VERSION, INSUFFICIENT_SECURITY})
"""Alerts that say: nothing of what was offered."""
_ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    HANDSHAKE_FAILURE: "handshake_failure",
    47: "illegal_parameter",
    50: "decode_error",
    51: "decrypt_error",
    PROTOCOL_VERSION: "protocol_version",
    INSUFFICIENT_SECURITY: "insufficient_security",
    80: "internal_error",
    INAPPROPRIATE_FALLBACK: "inappropriate_fallback",
    109: "missing_extension",
    110: "unsupported_extension",
    UNRECOGNIZED_NAME: "unrecognized_name",
    116: "certificate_required",
    120: "no_application_protocol",
}
