"""The collector for each way of asking, its libraries imported only when it is wanted."""

from importlib import import_module

from auditor.collect import Collector
from auditor.probe.base import Via

_PLACES = {
    Via.SSH: ("ssh", "SshCollector"),
    Via.PORTS: ("ports", "PortsCollector"),
    Via.TLS: ("tls", "TlsCollector"),
    Via.HTTP: ("http", "HttpCollector"),
    Via.SSH_SERVER: ("ssh_server", "SshServerCollector"),
    Via.DNS: ("dns", "DnsCollector"),
    Via.PAGES: ("pages", "PagesCollector"),
    Via.BROWSER: ("browser", "BrowserCollector"),
    Via.ATTEST: ("attest", "AttestCollector"),
}
_LOCAL = ("local", "LocalCollector")


def open_collector(via: Via, *, local: bool = False) -> Collector:
    """Return the collector for `via`, importing its libraries only now.

    Raises KeyError for what is joined, not collected.
    """
    module, name = _LOCAL if local and via is Via.SSH else _PLACES[via]
    opened: Collector = getattr(import_module(f"auditor.collect.{module}"), name)()
    return opened
