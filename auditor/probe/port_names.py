"""Ports that need no guess: services that speak in clear, databases."""

from collections.abc import Mapping

CLEAR_TEXT: Mapping[str, str] = {
    "21/tcp": "FTP",
    "23/tcp": "Telnet",
    "69/udp": "TFTP",
    "79/tcp": "Finger",
    "110/tcp": "POP3",
    "143/tcp": "IMAP",
    "389/tcp": "LDAP",
    "512/tcp": "rexec",
    "513/tcp": "rlogin",
    "514/tcp": "rsh",
    "873/tcp": "rsync",
    "1099/tcp": "Java RMI",
    "5900/tcp": "VNC",
}
"""Passwords or content travel readable; where TLS is spoken on such a port nmap says so."""

DATABASES: Mapping[str, str] = {
    "1433/tcp": "Microsoft SQL Server",
    "1521/tcp": "Oracle",
    "3306/tcp": "MySQL/MariaDB",
    "5432/tcp": "PostgreSQL",
    "5984/tcp": "CouchDB",
    "6379/tcp": "Redis",
    "9042/tcp": "Cassandra",
    "9200/tcp": "Elasticsearch",
    "11211/tcp": "memcached",
    "27017/tcp": "MongoDB",
}
CLEAR_SERVICES = frozenset(
    {"ftp", "telnet", "login", "shell", "exec", "finger", "tftp", "pop3", "imap", "ldap", "vnc"}
)
"""nmap's names of clear-text services, wherever they listen."""
DATABASE_SERVICES = frozenset(
    {"mysql", "postgresql", "ms-sql-s", "oracle-tns", "redis", "mongodb", "memcached", "couchdb"}
)
