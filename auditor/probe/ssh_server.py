"""What an SSH server offers."""

from auditor.model.base import Text
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import record


class SshServerArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="ssh_server",
    via=Via.SSH_SERVER,
    args=SshServerArgs,
    gives=record("Yang ditawarkan server SSH", "What an SSH server offers", {}),
    doc=Text(id="Yang ditawarkan server SSH", en="What an SSH server offers"),
)
