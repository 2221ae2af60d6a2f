"""The collector for each way of asking, its libraries imported only when it is wanted."""

from auditor.collect import Collector
from auditor.probe.base import Via


def open_collector(via: Via, *, local: bool = False) -> Collector:
    """Return the collector for `via`, importing its libraries only now."""
    match via:
        case Via.SSH if local:
            from auditor.collect.local import LocalCollector

            return LocalCollector()
        case Via.SSH:
            from auditor.collect.ssh import SshCollector

            return SshCollector()
        case Via.PORTS:
            from auditor.collect.ports import PortsCollector

            return PortsCollector()
        case Via.TLS:
            from auditor.collect.tls import TlsCollector

            return TlsCollector()
        case Via.HTTP:
            from auditor.collect.http import HttpCollector

            return HttpCollector()
        case Via.SSH_SERVER:
            from auditor.collect.ssh_server import SshServerCollector

            return SshServerCollector()
        case Via.DNS:
            from auditor.collect.dns import DnsCollector

            return DnsCollector()
        case Via.DERIVED | Via.FLEET:
            msg = "derived probes are joined, not collected"
            raise ValueError(msg)
