"""Whose host a page names: the site's own, an institution's, one that all use, a stranger's."""

from functools import lru_cache
from ipaddress import ip_address

from auditor.probe.integrity_lexicon import lexicon
from auditor.probe.site_url import foreign, registrable


@lru_cache(maxsize=8_192)
def stranger(site: str, host: str) -> bool:
    """Tell whether a host has nothing to do with a government's site.

    Names inside a network (localhost, private addresses) are mistakes, not strangers.
    """
    if not foreign(site, host) or _local(host):
        return False
    return not any(_under(host, known) for known in (*lexicon().kin, *lexicon().acquainted))


@lru_cache(maxsize=8_192)
def kin(site: str, host: str) -> bool:
    """Tell whether a host is the site's or another Indonesian institution's."""
    return not foreign(site, host) or any(_under(host, known) for known in lexicon().kin)


def domain(host: str) -> str:
    """Return whose host it is, the host itself where that is not known."""
    return registrable(host) or host


def _under(host: str, known: str) -> bool:
    return host == known or host.endswith(f".{known}")


def _local(host: str) -> bool:
    try:
        return not ip_address(host.strip("[]")).is_global
    except ValueError:
        return not registrable(host) or host.endswith((".local", ".lan", ".internal", ".test"))
