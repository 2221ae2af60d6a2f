"""MySQL, MariaDB and PostgreSQL: their option files, in the order in which they are read."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from auditor.model.fact import Json
from auditor.probe.addresses import is_loopback
from auditor.probe.base import Record
from auditor.probe.config_tree import included, without_innocence
from auditor.probe.texts import TextFile, Texts

MYSQL_READS = (
    "/etc/my.cnf",
    "/etc/mysql/my.cnf",
    "/etc/mysql/mariadb.cnf",
    "/etc/mysql/conf.d/*.cnf",
    "/etc/mysql/mariadb.conf.d/*.cnf",
    "/etc/mysql/mysql.conf.d/*.cnf",
    "/etc/my.cnf.d/*.cnf",
    "/opt/lampp/etc/my.cnf",
)
_MAINS = ("/etc/my.cnf", "/etc/mysql/my.cnf", "/opt/lampp/etc/my.cnf")
POSTGRESQL_READS = (
    "/etc/postgresql/*/*/postgresql.conf",
    "/etc/postgresql/*/*/conf.d/*.conf",
    "/etc/postgresql/*/*/pg_hba.conf",
    "/var/lib/postgresql/*/*/postgresql.auto.conf",
    "/var/lib/pgsql/data/postgresql.conf",
    "/var/lib/pgsql/data/postgresql.auto.conf",
    "/var/lib/pgsql/data/conf.d/*.conf",
    "/var/lib/pgsql/data/pg_hba.conf",
    "/var/lib/pgsql/*/data/postgresql.conf",
    "/var/lib/pgsql/*/data/postgresql.auto.conf",
    "/var/lib/pgsql/*/data/conf.d/*.conf",
    "/var/lib/pgsql/*/data/pg_hba.conf",
)
_GROUPS = re.compile(r"(mysqld|server|mariadb|mariadbd|client-server)(-[0-9.]+)?")
_HEADER = re.compile(r"\s*\[([^\]]{1,60})\]")
_OPTION = re.compile(r"\s*([\w-]{1,80})\s*(?:=\s*(.*?))?\s*")
_SETTING = re.compile(r"\s*([\w.]{1,80})\s*=?\s*(.*?)\s*")
_VERSION = re.compile(r"/(?:postgresql|pgsql)/([0-9]{1,3})")
_SCRAM_SINCE = 14
"""The first version that stores passwords as scram-sha-256 by default."""
_ON = ("1", "on", "true", "yes", "")
_DEEPEST = 10


class _Value(NamedTuple):
    text: str
    place: str


_MYSQL_INNOCENT: Mapping[str, Json] = {
    "exposed": False,
    "authentication": True,
    "local_infile": False,
}


def mysql(seen: Texts, programs: frozenset[str]) -> Record:
    """Return the facts of MySQL or MariaDB; `programs` tells which, for their defaults differ."""
    values: dict[str, _Value] = {}
    unread: list[str] = []
    for path in _MAINS:
        if main := seen.file(path):
            _read_mysql(seen, main, values, unread, _DEEPEST)
    is_mariadb = "mariadb" in programs
    places: dict[str, str] = {}

    def told(fact: str, name: str, default: str) -> str:
        value = values.get(name, _Value(default, "default"))
        places[fact] = value.place
        return value.text

    addresses = [a.strip() for a in told("exposed", "bind_address", "*").split(",") if a.strip()]
    if told("", "skip_networking", "0").lower() in _ON:
        addresses, places["exposed"] = [], places[""]
    log = told("errors_logged", "log_error", "")
    found: Record = {
        "addresses": addresses,
        "exposed": any(not is_loopback(address) for address in addresses),
        "authentication": told("authentication", "skip_grant_tables", "0").lower() not in _ON,
        "tls_required": told("tls_required", "require_secure_transport", "0").lower() in _ON,
        "local_infile": told("local_infile", "local_infile", "1" if is_mariadb else "0").lower()
        in _ON,
        "file_folder": told("file_folder", "secure_file_priv", "" if is_mariadb else "NULL"),
        "errors_logged": log != "/dev/null",
        "user": told("user", "user", "mysql"),
        "places": {name: place for name, place in places.items() if name},
    }
    return without_innocence(found, _MYSQL_INNOCENT, unread)


def _read_mysql(
    seen: Texts, file: TextFile, values: dict[str, _Value], unread: list[str], depth: int
) -> None:
    mine = False
    for number, line in file.lines:
        text = line.strip()
        if text.startswith(("!include ", "!includedir ")):
            word, _, path = text.partition(" ")
            pattern = f"{path.strip().rstrip('/')}/*.cnf" if word == "!includedir" else path.strip()
            files, outside = included(seen, pattern, MYSQL_READS)
            unread.extend(filter(None, [outside]))
            for one in files if depth else []:
                _read_mysql(seen, one, values, unread, depth - 1)
        elif header := _HEADER.match(line):
            mine = _GROUPS.fullmatch(header[1].strip()) is not None
        elif mine and (match := _OPTION.fullmatch(text.partition(" #")[0])):
            name, value = match[1].lower().replace("-", "_"), (match[2] or "").strip("\"'")
            for prefix, instead in (("loose_", value), ("disable_", "0"), ("enable_", "1")):
                if name.startswith(prefix):
                    name, value = name.removeprefix(prefix), instead
            values[name] = _Value(value, f"{file.path}:{number}")


_POSTGRESQL_INNOCENT: Mapping[str, Json] = {"exposed": False, "rules": []}


def postgresql(seen: Texts, _programs: frozenset[str]) -> Record:
    """Return the facts of PostgreSQL; of several clusters the worst value of each counts."""
    unread: list[str] = []
    mains = [
        file
        for pattern in POSTGRESQL_READS
        if pattern.endswith("/postgresql.conf")
        for file in seen.glob(pattern)
    ]
    clusters = [_cluster(seen, main, unread) for main in mains]
    places: dict[str, str] = {}
    found: Record = {
        "rules": [
            rule
            for pattern in POSTGRESQL_READS
            if pattern.endswith("/pg_hba.conf")
            for file in seen.glob(pattern)
            for rule in _rules(file, unread)
        ],
        "places": places,
    }
    if not clusters:
        return found
    listens = _worst(clusters, "listen_addresses", "localhost", "exposed", places, _reaches)
    addresses = [part.strip() for part in listens.split(",") if part.strip()]
    found |= {
        "addresses": addresses,
        "exposed": _reaches(listens),
        "tls": not _is_off(_worst(clusters, "ssl", "off", "tls", places, _is_off)),
        "password_scheme": _worst(
            clusters,
            "password_encryption",
            "scram-sha-256",
            "password_scheme",
            places,
            lambda value: value != "scram-sha-256",
        ),
        "logins_logged": not _is_off(
            _worst(clusters, "log_connections", "off", "logins_logged", places, _is_off)
        ),
    }
    return without_innocence(found, _POSTGRESQL_INNOCENT, unread)


def _reaches(listens: str) -> bool:
    return any(not is_loopback(part.strip()) for part in listens.split(",") if part.strip())


def _is_off(value: str) -> bool:
    return value.lower() in ("off", "0", "false", "no", "")


def _worst(
    clusters: Sequence[Mapping[str, _Value]],
    name: str,
    default: str,
    fact: str,
    places: dict[str, str],
    is_bad: Callable[[str], bool],
) -> str:
    values = [cluster.get(name, _Value(default, "default")) for cluster in clusters]
    worst = next((value for value in values if is_bad(value.text)), values[0])
    places[fact] = worst.place
    return worst.text


def _cluster(seen: Texts, main: TextFile, unread: list[str]) -> Mapping[str, _Value]:
    values: dict[str, _Value] = {}
    _read_postgresql(seen, main, values, unread, _DEEPEST)
    folder = main.path.rpartition("/")[0]
    old = _VERSION.search(folder)
    if old and int(old[1]) < _SCRAM_SINCE:
        values.setdefault("password_encryption", _Value("md5", "default"))
    data = values.get("data_directory", _Value(folder, "")).text
    auto = f"{data}/postgresql.auto.conf"
    files, outside = included(seen, auto, POSTGRESQL_READS)
    unread.extend(filter(None, [outside]))
    for file in files:
        _read_postgresql(seen, file, values, unread, 0)
    return values


def _read_postgresql(
    seen: Texts, file: TextFile, values: dict[str, _Value], unread: list[str], depth: int
) -> None:
    folder = file.path.rpartition("/")[0]
    for number, line in file.lines:
        match = _SETTING.fullmatch(line)
        if match is None:
            continue
        name, value = match[1].lower(), _plain(match[2])
        if name in ("include", "include_if_exists", "include_dir"):
            path = value if value.startswith("/") else f"{folder}/{value}"
            pattern = f"{path}/*.conf" if name == "include_dir" else path
            files, outside = included(seen, pattern, POSTGRESQL_READS)
            unread.extend(filter(None, [outside]))
            for one in files if depth else []:
                _read_postgresql(seen, one, values, unread, depth - 1)
        else:
            values[name] = _Value(value, f"{file.path}:{number}")


def _plain(text: str) -> str:
    """Strip quotes and a comment behind the value."""
    if text.startswith("'"):
        return text[1:].partition("'")[0]
    return text.partition("#")[0].strip()


def _rules(file: TextFile, unread: list[str]) -> Iterator[Record]:
    """Yield the rules of pg_hba.conf; a file that it includes is not read."""
    for number, line in file.lines:
        words = line.partition("#")[0].split()
        if words[0].startswith(("include", "@")):
            unread.append(words[-1])
            continue
        method, address = _method(words)
        if method:
            yield {
                "place": f"{file.path}:{number}",
                "type": words[0],
                "remote": words[0] != "local" and not is_loopback(address.partition("/")[0]),
                "method": method,
            }


_LOCAL, _HOST = 4, 5


def _method(words: Sequence[str]) -> tuple[str, str]:
    """Return method and address: after them may stand a mask, and options behind the method."""
    if words[0] == "local":
        return (words[_LOCAL - 1] if len(words) >= _LOCAL else "", "")
    if not words[0].startswith("host") or len(words) < _HOST:
        return "", ""
    address = words[3]
    has_mask = "/" not in address and words[4][:1].isdigit() and len(words) > _HOST
    return words[5 if has_mask else 4], address
