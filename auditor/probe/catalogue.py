"""Every probe type by name: what checks may ask."""

from collections.abc import Mapping
from types import MappingProxyType

from auditor.probe import (
    accounts,
    apt,
    banner,
    clock,
    exposure,
    file,
    files,
    http,
    lifecycle,
    listening,
    log_daemons,
    login_defs,
    modules,
    mounts,
    os_release,
    package,
    packages,
    pam,
    patches,
    ports,
    reboot,
    session,
    shell_profile,
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
    banner,
    clock,
    exposure,
    file,
    files,
    http,
    lifecycle,
    listening,
    log_daemons,
    login_defs,
    modules,
    mounts,
    os_release,
    package,
    packages,
    pam,
    patches,
    ports,
    reboot,
    session,
    shell_profile,
    sshd,
    sudoers,
    sysctl,
    tls,
    walk,
)

CATALOGUE: Mapping[str, ProbeType] = MappingProxyType(
    {module.PROBE.name: module.PROBE for module in _MODULES}
)
