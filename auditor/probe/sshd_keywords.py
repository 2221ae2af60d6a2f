"""The keywords of sshd_config(5): their documented spelling and the type of their values.

`sshd -T` writes them in lower case. Sources: the manual pages of OpenSSH 8.0 to 10.0 and Debian's
GSSAPI additions.
"""

from collections.abc import Mapping

from auditor.model.base import Text
from auditor.model.fact import Field, Kind

_TEXT = """
AddressFamily AllowAgentForwarding AllowStreamLocalForwarding AllowTcpForwarding
AuthorizedKeysCommand AuthorizedKeysCommandUser AuthorizedPrincipalsCommand
AuthorizedPrincipalsCommandUser AuthorizedPrincipalsFile Banner ChannelTimeout
ChallengeResponseAuthentication ChrootDirectory Compression DebianBanner DisableForwarding
ExposeAuthInfo FingerprintHash ForceCommand GatewayPorts GSSAPIAuthentication
GSSAPICleanupCredentials GSSAPIKeyExchange GSSAPIStoreCredentialsOnRekey
GSSAPIStrictAcceptorCheck HostbasedAuthentication HostbasedUsesNameFromPacketOnly HostKeyAgent
IgnoreRhosts IgnoreUserKnownHosts IPQoS KbdInteractiveAuthentication KerberosAuthentication
KerberosGetAFSToken KerberosOrLocalPasswd KerberosTicketCleanup LogLevel LogVerbose MaxStartups
ModuliFile PAMServiceName PasswordAuthentication PermitEmptyPasswords PermitRootLogin PermitTTY
PermitTunnel PermitUserEnvironment PermitUserRC PerSourceMaxStartups PerSourceNetBlockSize
PerSourcePenalties PerSourcePenaltyExemptList PidFile PrintLastLog PrintMotd PubkeyAuthentication
PubkeyAuthOptions RDomain RefuseConnection RekeyLimit RevokedKeys SecurityKeyProvider
SshdAuthPath SshdSessionPath StreamLocalBindMask StreamLocalBindUnlink StrictModes
SyslogFacility TCPKeepAlive TrustedUserCAKeys UnusedConnectionTimeout UseDNS UsePAM
UsePrivilegeSeparation VersionAddendum X11Forwarding X11UseLocalhost XAuthLocation
""".split()  # noqa: SIM905 - names read better in lines

_INTS = """
ClientAliveCountMax ClientAliveInterval LoginGraceTime MaxAuthTries MaxSessions RequiredRSASize
X11DisplayOffset
""".split()  # noqa: SIM905 - names read better in lines

_BY_COMMA = """
CASignatureAlgorithms Ciphers GSSAPIKexAlgorithms HostbasedAcceptedAlgorithms
HostbasedAcceptedKeyTypes HostKeyAlgorithms KexAlgorithms MACs PubkeyAcceptedAlgorithms
PubkeyAcceptedKeyTypes
""".split()  # noqa: SIM905 - names read better in lines

_BY_SPACE = """
AcceptEnv AllowGroups AllowUsers AuthenticationMethods AuthorizedKeysFile DenyGroups DenyUsers
HostCertificate HostKey ListenAddress PermitListen PermitOpen Port SetEnv Subsystem
""".split()  # noqa: SIM905 - names read better in lines

OPTIONAL = tuple(
    name.lower() for name in ("AcceptEnv", "AllowGroups", "AllowUsers", "DenyGroups", "DenyUsers")
)
"""Lists that `sshd -T` leaves out when they are empty."""

SEPARATORS: Mapping[str, str | None] = {
    **{name.lower(): "," for name in _BY_COMMA},
    **{name.lower(): None for name in _BY_SPACE},
}
"""Keyword → what parts its values (None: white space); such a keyword may also come repeatedly."""

NUMBERS = frozenset(name.lower() for name in _INTS)


def _field(name: str, kind: Kind) -> Field:
    optional = kind is Kind.TEXTS and name.lower() in OPTIONAL
    return Field(kind=kind, label=Text(id=name, en=name), may_be_empty=optional)


FIELDS: Mapping[str, Field] = {
    **{name.lower(): _field(name, Kind.TEXT) for name in _TEXT},
    **{name.lower(): _field(name, Kind.INT) for name in _INTS},
    **{name.lower(): _field(name, Kind.TEXTS) for name in (*_BY_COMMA, *_BY_SPACE)},
}
