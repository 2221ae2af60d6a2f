"""Every probe type by name: what checks may ask."""

from collections.abc import Mapping
from types import MappingProxyType

from auditor.probe import (
    accounts,
    apt,
    clock,
    exposure,
    file,
    files,
    http,
    lifecycle,
    listening,
    log_daemons,
    modules,
    mounts,
    os_release,
    package,
    packages,
    patches,
    ports,
    reboot,
    session,
    sshd,
    sudoers,
    sysctl,
    tls,
    walk,
)
from auditor.probe.base import ProbeType

_MODULES = (
    accounts,
    apt,
    clock,
    exposure,
    file,
    files,
    http,
    lifecycle,
    listening,
    log_daemons,
    modules,
    mounts,
    os_release,
    package,
    packages,
    patches,
    ports,
    reboot,
    session,
    sshd,
    sudoers,
    sysctl,
    tls,
    walk,
)

CATALOGUE: Mapping[str, ProbeType] = MappingProxyType(
    {module.PROBE.name: module.PROBE for module in _MODULES}
)
