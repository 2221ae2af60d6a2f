"""Deep tests of TLS."""

from auditor.model.base import Text
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import record


class TlsDeepArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="tls_deep",
    via=Via.TLS,
    args=TlsDeepArgs,
    gives=record("Uji mendalam TLS", "Deep tests of TLS", {}),
    doc=Text(id="Uji mendalam TLS", en="Deep tests of TLS"),
)
