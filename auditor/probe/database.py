"""A database server as its files configure it: who reaches it, who must log in, what it logs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe import database_sql, database_stores
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record, table
from auditor.probe.texts import Texts, texts

Engine = Literal["mysql", "postgresql", "redis", "mongodb", "memcached"]


class DatabaseArgs(Args, frozen=True):
    """Which database; mysql is MariaDB too, redis is Valkey too."""

    engine: Engine


_PROGRAMS: Mapping[str, str] = {
    "mysql": "/usr/sbin/mysqld /usr/libexec/mysqld /opt/lampp/sbin/mysqld",
    "mariadb": "/usr/sbin/mariadbd /usr/libexec/mariadbd /opt/lampp/bin/mariadbd",
    "postgresql": "/usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres /usr/bin/postgres",
    "redis": "/usr/bin/redis-server /usr/bin/valkey-server",
    "mongodb": "/usr/bin/mongod",
    "memcached": "/usr/bin/memcached",
}
_LOOPS = "\n".join(
    f'for p in {paths}; do [ -x "$p" ] && printf "{name} %s\\n" "$p"; done'
    for name, paths in _PROGRAMS.items()
)
SECTION = Section(
    key="database_programs",
    text=f"{_LOOPS}\nreturn 0",
    shown=f"ls {' '.join(_PROGRAMS.values())}",
    bounded=True,
)

_FACTS: Mapping[str, tuple[tuple[str, ...], Callable[[Texts, frozenset[str]], Record]]] = {
    "mysql": (database_sql.MYSQL_READS, database_sql.mysql),
    "postgresql": (database_sql.POSTGRESQL_READS, database_sql.postgresql),
    "redis": (database_stores.REDIS_READS, database_stores.redis),
    "mongodb": (database_stores.MONGODB_READS, database_stores.mongodb),
    "memcached": (database_stores.MEMCACHED_READS, database_stores.memcached),
}


def _reads(many: Sequence[DatabaseArgs]) -> tuple[str, ...]:
    return tuple(path for engine in sorted({a.engine for a in many}) for path in _FACTS[engine][0])


def _parse(args: DatabaseArgs, frames: Frames) -> Record:
    names = frozenset(
        line.partition(" ")[0] for line in answer(frames, SECTION.key).split("\n") if line
    )
    if names.isdisjoint((args.engine, "mariadb" if args.engine == "mysql" else args.engine)):
        return {"installed": False}
    return {"installed": True, **_FACTS[args.engine][1](texts(frames), names)}


PROBE = ProbeType(
    name="database",
    via=Via.SSH,
    args=DatabaseArgs,
    doc=Text(
        id="Alamat dengar, keharusan masuk, TLS dan log suatu server basis data menurut berkasnya "
        "dan bawaan programnya; tanpa masuk ke basis data",
        en="Addresses, authentication, TLS and logs of a database server by its files and the "
        "program's own defaults; nobody logs in",
    ),
    gives=record(
        "Basis data",
        "Database",
        {
            "installed": leaf(Kind.BOOL, "Terpasang", "Installed"),
            "addresses": leaf(Kind.TEXTS, "Alamat dengar", "Addresses", may_be_empty=True),
            "exposed": leaf(Kind.BOOL, "Terjangkau dari jaringan", "Reachable from the network"),
            "authentication": leaf(Kind.BOOL, "Wajib masuk", "Must log in"),
            "protected": leaf(Kind.BOOL, "Mode terlindung", "Protected mode"),
            "tls": leaf(Kind.BOOL, "TLS tersedia", "Has TLS"),
            "tls_required": leaf(Kind.BOOL, "TLS wajib", "TLS is required"),
            "local_infile": leaf(Kind.BOOL, "LOAD DATA LOCAL", "LOAD DATA LOCAL"),
            "file_folder": leaf(
                Kind.TEXT, "Folder berkas basis data", "Folder of files", may_be_empty=True
            ),
            "user": leaf(Kind.TEXT, "Akun server", "Account of the server"),
            "errors_logged": leaf(Kind.BOOL, "Galat dicatat", "Errors are logged"),
            "logins_logged": leaf(Kind.BOOL, "Sambungan dicatat", "Connections are logged"),
            "password_scheme": leaf(Kind.TEXT, "Skema sandi", "Password scheme"),
            "rules": table(
                "Aturan masuk",
                "Log-in rules",
                "place",
                {
                    "place": leaf(Kind.TEXT, "Letak", "Place"),
                    "type": leaf(Kind.TEXT, "Jenis sambungan", "Connection type"),
                    "remote": leaf(Kind.BOOL, "Dari komputer lain", "From other machines"),
                    "method": leaf(Kind.TEXT, "Cara masuk", "Method"),
                },
                may_be_empty=True,
            ),
            "udp": leaf(Kind.BOOL, "UDP dilayani", "Serves UDP"),
            "dangerous": leaf(
                Kind.TEXTS, "Perintah bahaya terbuka", "Open commands", may_be_empty=True
            ),
        },
    ),
    sections=lambda _args: (SECTION,),
    reads=_reads,
    parse=_parse,
)
