"""Deep tests of TLS: known holes of implementations, read from a report of sslyze."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from auditor.model.base import Text
from auditor.model.fact import GAP, Json, Kind, Why
from auditor.model.inventory import Target
from auditor.probe.base import Args, ProbeType, Record, Unseen, Via
from auditor.probe.fields import leaf, record, table
from auditor.probe.tls import HTTPS, Endpoint, endpoints


class TlsDeepArgs(Args, frozen=True):
    """Takes no arguments: the inventory names the sites and ports."""


COMMANDS = ("heartbleed", "openssl_ccs", "robot", "reneg", "compression", "early_data")
"""Options of sslyze, one for each test."""
_ALTERNATIVE_HTTPS = 8443
_TESTS: Mapping[str, tuple[str, str]] = {
    "heartbleed": ("heartbleed", "is_vulnerable_to_heartbleed"),
    "ccs": ("openssl_ccs_injection", "is_vulnerable_to_ccs_injection"),
    "robot": ("robot", "robot_result"),
    "client_renegotiation": ("session_renegotiation", "is_vulnerable_to_client_renegotiation_dos"),
    "compression": ("tls_compression", "supports_compression"),
    "early_data": ("tls_1_3_early_data", "supports_early_data"),
}
_ROBOT: Mapping[str, bool] = {
    "VULNERABLE_WEAK_ORACLE": True,
    "VULNERABLE_STRONG_ORACLE": True,
    "NOT_VULNERABLE_NO_ORACLE": False,
    "NOT_VULNERABLE_RSA_NOT_SUPPORTED": False,
}
_WHY = {
    "CLIENT_CERTIFICATE_NEEDED": Why.DENIED,
    "CONNECTIVITY_ISSUE": Why.UNREACHABLE,
}


def points(target: Target, https: int = HTTPS) -> tuple[Endpoint, ...]:
    """Return the endpoints that speak TLS from the first byte and that the inventory names."""
    return tuple(point for point in endpoints(target, https) if point.starttls is None)


def place(point: Endpoint, ip: str) -> str:
    """Return how sslyze is told of an endpoint; it connects to `ip` and looks no name up."""
    name = f"[{point.name}]" if ":" in point.name else point.name
    return f"{name}:{point.port}{{{ip}}}"


def read(report: bytes, asked: Sequence[Endpoint], https: int = HTTPS) -> list[Record]:
    """Read sslyze's report in JSON: a record for each endpoint, in the order asked."""
    try:
        results = _records(msgspec.json.decode(report)["server_scan_results"])
        found = {_place(result): result for result in results}
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise Unseen(Why.UNREADABLE, "sslyze's report cannot be read") from error
    return [_item(point, found.get(_key(point)), https) for point in asked]


def _records(value: Json) -> Iterable[Mapping[str, Json]]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _place(result: Mapping[str, Json]) -> tuple[str, int]:
    location = result["server_location"]
    return location["hostname"], location["port"]


def _key(point: Endpoint) -> tuple[str, int]:
    """Return the name as sslyze repeats it: in the form of the DNS."""
    try:
        return point.name.encode("idna").decode(), point.port
    except UnicodeError:
        return point.name, point.port


def _item(point: Endpoint, result: Mapping[str, Json] | None, https: int) -> Record:
    item: Record = {
        "endpoint": point.key,
        "name": point.name,
        "https": point.port in {https, HTTPS, _ALTERNATIVE_HTTPS},
    }
    attempts = result.get("scan_result") if result else None
    if not isinstance(attempts, dict):
        return {**item, GAP: {"why": Why.UNREACHABLE, "detail": "sslyze met no TLS there"}}
    failed: dict[str, Why] = {}
    for name, (command, field) in _TESTS.items():
        answer = _answer(attempts.get(command), field)
        if isinstance(answer, Why):
            failed[name] = answer
        else:
            item[name] = answer
    if failed:
        detail = f"sslyze could not finish: {', '.join(failed)}"
        item[GAP] = {"why": next(iter(failed.values())), "detail": detail}
    return item


def _answer(attempt: Json, field: str) -> bool | Why:
    """Return what a test found, or why it found nothing."""
    if not isinstance(attempt, dict):
        return Why.UNREADABLE
    if attempt.get("status") != "COMPLETED" or not isinstance(attempt.get("result"), dict):
        return _WHY.get(str(attempt.get("error_reason")), Why.UNREADABLE)
    value = attempt["result"].get(field)
    found = _ROBOT.get(value) if isinstance(value, str) else value
    return found if isinstance(found, bool) else Why.UNREADABLE


_FIELDS = {
    "endpoint": leaf(Kind.TEXT, "Titik layanan", "Endpoint"),
    "name": leaf(Kind.TEXT, "Nama yang diminta", "Name asked for"),
    "https": leaf(Kind.BOOL, "Titik layanan situs web", "Endpoint of a web site"),
    "heartbleed": leaf(Kind.BOOL, "Celah Heartbleed terbuka", "Open to Heartbleed"),
    "ccs": leaf(
        Kind.BOOL, "Celah CCS injection OpenSSL terbuka", "Open to OpenSSL's CCS injection"
    ),
    "robot": leaf(Kind.BOOL, "Celah ROBOT terbuka", "Open to ROBOT"),
    "client_renegotiation": leaf(
        Kind.BOOL,
        "Klien dapat menegosiasi ulang tanpa batas",
        "Clients may renegotiate without limit",
    ),
    "compression": leaf(Kind.BOOL, "Kompresi TLS aktif (CRIME)", "TLS compression is on (CRIME)"),
    "early_data": leaf(
        Kind.BOOL, "Data awal TLS 1.3 (0-RTT) diterima", "TLS 1.3 early data (0-RTT) is accepted"
    ),
}

PROBE = ProbeType(
    name="tls_deep",
    via=Via.TLS,
    args=TlsDeepArgs,
    gives=record(
        "Uji mendalam TLS",
        "Deep tests of TLS",
        {
            "exists": leaf(Kind.BOOL, "Ada layanan TLS", "There is a TLS service"),
            "endpoints": table(
                "Titik layanan TLS", "TLS endpoints", "endpoint", _FIELDS, may_be_empty=True
            ),
        },
    ),
    doc=Text(
        id="Celah TLS yang dikenal pada setiap layanan, diuji dengan sslyze",
        en="Known holes of TLS at each service, tested with sslyze",
    ),
)
