"""What the domains of a target publish about their mail, and how their mail servers encrypt."""

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import leaf, record
from auditor.probe.mail_fields import DOMAINS


class MailArgs(Args, frozen=True):
    """Takes no arguments: the inventory names the domains and DKIM selectors."""


PROBE = ProbeType(
    name="mail",
    via=Via.DNS,
    args=MailArgs,
    gives=record(
        "Surel domain",
        "Mail of domains",
        {
            "exists": leaf(Kind.BOOL, "Inventaris mencatat domain", "The inventory names domains"),
            "domains": DOMAINS,
        },
    ),
    doc=Text(
        id="Catatan surel setiap domain target (MX, SPF, DMARC, DKIM, MTA-STS, TLS-RPT, DANE); "
        "server surel dan kebijakan MTA-STS hanya dihubungi dalam lingkup surat tugas.",
        en="The mail records of each domain of a target (MX, SPF, DMARC, DKIM, MTA-STS, TLS-RPT, "
        "DANE); mail servers and the MTA-STS policy are contacted only in the authority's scope.",
    ),
)
