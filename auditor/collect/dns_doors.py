"""Ask a mail server for TLS, where the authority letter covers it."""

from concurrent.futures import ThreadPoolExecutor

from auditor.collect import Limit, Settings
from auditor.collect.dial import Unreached
from auditor.collect.dns_guarded import within
from auditor.collect.starttls import NotOffered
from auditor.collect.tls_line import Line, look
from auditor.model.fact import GAP, Why
from auditor.probe.base import Record
from auditor.probe.dns_talk import Door, Knock
from auditor.probe.tls import Endpoint, StartTls

CONNECTIONS = 5
"""Connections to a mail server at a time."""
_CERTIFICATE = ("trusted", "trust_message", "name_matches", "valid_now", "days_left", GAP)


def knock(wanted: Knock, settings: Settings, limit: Limit, port: int) -> Door:
    """Return whether a server offers TLS, and its certificate as it is judged for its name."""
    ip = within(wanted.host, wanted.addresses, settings)
    point = Endpoint(name=wanted.host, port=port, starttls=StartTls.SMTP)
    try:
        Line(ip, point, settings.connect_timeout, limit).greet()
    except NotOffered:
        return Door(encrypts=False)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        record = look(ip, point, settings, limit, pool)
    if "offered" not in record:
        raise Unreached(Why(record[GAP]["why"]), record[GAP]["detail"])
    return Door(encrypts=True, lowest=record.get("lowest", ""), certificate=_chosen(record["cert"]))


def _chosen(certificate: Record) -> Record:
    return {name: certificate[name] for name in _CERTIFICATE if name in certificate}
