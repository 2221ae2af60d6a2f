"""A mail server of the lab: Postfix and Dovecot, with the certificate of the target's site."""

from pathlib import Path

from tests.lab.files import write
from tests.lab.spec import TargetSpec

POSTFIX = """\
compatibility_level = 3.6
myhostname = {name}
mydestination = {name}
inet_interfaces = all
inet_protocols = ipv4
maillog_file = /var/log/postfix.log
smtpd_tls_cert_file = /etc/ssl/lab/{name}.pem
smtpd_tls_key_file = /etc/ssl/lab/{name}.key
smtpd_tls_security_level = may
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_tls_protocols = >=TLSv1.2
smtpd_tls_mandatory_ciphers = high
tls_preempt_cipherlist = yes
alias_maps =
"""
SERVICES = """\
smtp inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
"""
DOVECOT = """\
protocols = imap
log_path = /var/log/dovecot.log
ssl = required
ssl_min_protocol = TLSv1.2
ssl_cert = </etc/ssl/lab/{name}.pem
ssl_key = </etc/ssl/lab/{name}.key
passdb {{
  driver = static
  args = nopassword=n password=tidak-dipakai
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home=/tmp
}}
"""
BOOT = """\
postfix start >/dev/null 2>&1
dovecot -c /etc/dovecot/lab.conf >/dev/null 2>&1
"""


def write_mail(root: Path, spec: TargetSpec) -> None:
    """Write the configuration of both servers for the first site of a target."""
    name = spec.sites[0]
    write(root / "etc/postfix/main.cf", POSTFIX.format(name=name))
    write(root / "etc/postfix/master.cf", SERVICES)
    write(root / "etc/dovecot/lab.conf", DOVECOT.format(name=name))
