import pytest

from auditor.model.fact import Why
from auditor.probe import database
from auditor.probe.addresses import is_loopback
from tests.unit.probe.asking import frame, parse, text_files, why

MY = "/etc/mysql/my.cnf"
PG = "/etc/postgresql/15/main/postgresql.conf"
HBA = "/etc/postgresql/15/main/pg_hba.conf"
REDIS = "/etc/redis/redis.conf"
MONGO = "/etc/mongod.conf"
MEMCACHED = "/etc/memcached.conf"


def asked(engine, files, programs=None):
    args = database.DatabaseArgs(engine=engine)
    there = "".join(f"{name} /x\n" for name in programs or [engine])
    frames = {**text_files(files), **frame("database_programs", there)}
    return parse(database, None, args=args, frames=frames)


@pytest.mark.parametrize("engine", ["mysql", "postgresql", "redis", "mongodb", "memcached"])
def test_what_is_not_installed_is_a_fact(engine):
    assert asked(engine, {}, ["other"]) == {"installed": False}
    assert asked(engine, {})["installed"] is True
    assert database.PROBE.reads([database.DatabaseArgs(engine=engine)])


def test_defaults_of_mysql_and_mariadb_differ():
    mysql = asked("mysql", {})
    mariadb = asked("mysql", {}, ["mysql", "mariadb"])

    assert (mysql["exposed"], mysql["authentication"], mysql["tls_required"]) == (True, True, False)
    assert (mysql["local_infile"], mysql["file_folder"]) == (False, "NULL")
    assert (mariadb["local_infile"], mariadb["file_folder"]) == (True, "")
    assert mysql["places"]["exposed"] == "default"


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("[mysqld]\nbind-address = 127.0.0.1 # local", "exposed", False),
        ("[mysqld]\nbind_address=127.0.0.1,10.0.0.1", "exposed", True),
        ("[mysqld]\nbind-address=127.0.0.1\nbind-address=*", "exposed", True),
        ("[client]\nbind-address=127.0.0.1", "exposed", True),
        ("[mariadb-10.11]\nbind-address=::1", "exposed", False),
        ("[mysqld]\nskip-networking", "exposed", False),
        ("[mysqld]\nskip-networking=0", "exposed", True),
        ("[mysqld]\nskip-grant-tables", "authentication", False),
        ("[mysqld]\nskip-grant-tables = OFF", "authentication", True),
        ("[mysqld]\nloose-local-infile = 1", "local_infile", True),
        ("[mysqld]\nlocal_infile\ndisable-local-infile", "local_infile", False),
        ("[mysqld]\nenable-local-infile", "local_infile", True),
        ("[mysqld]\nrequire_secure_transport = ON", "tls_required", True),
        ('[mysqld]\nsecure_file_priv = "/x"', "file_folder", "/x"),
        ("[mysqld]\nlog_error = /dev/null", "errors_logged", False),
        ("[mysqld]\nuser = root\n???", "user", "root"),
    ],
)
def test_options_of_mysql_are_read_as_the_server_does(text, fact, value):
    assert asked("mysql", {MY: text})[fact] == value


def test_includes_of_mysql_are_followed():
    main = f"!includedir /etc/mysql/conf.d/\n!include {MY}\n[mysqld]\nuser = mysql"
    files = {MY: main, "/etc/mysql/conf.d/x.cnf": "[mysqld]\nbind-address = 127.0.0.1"}
    found = asked("mysql", files)
    assert found["places"]["exposed"] == "/etc/mysql/conf.d/x.cnf:2"
    assert "gap" not in found

    found = asked("mysql", {**files, MY: f"{main}\n!include /opt/x.cnf"})
    assert found["gap"]["why"] is Why.UNREADABLE
    assert "exposed" not in found


DATA = "data_directory = '/var/lib/postgresql/15/main'\n"


def test_defaults_of_postgresql():
    found = asked("postgresql", {PG: DATA, HBA: ""})

    assert (
        found
        | {
            "exposed": False,
            "tls": False,
            "password_scheme": "scram-sha-256",
            "logins_logged": False,
            "rules": [],
        }
        == found
    )
    old = asked("postgresql", {PG.replace("15", "13"): DATA})
    assert old["password_scheme"] == "md5"
    assert "exposed" not in asked("postgresql", {})


def test_of_several_clusters_the_worst_counts():
    found = asked(
        "postgresql",
        {
            PG: "listen_addresses = 'localhost' # x\nssl on\nlog_connections = yes",
            PG.replace(
                "main", "b"
            ): "listen_addresses = '*'\nssl = off\ninclude 'x.conf'\n=\n???\n",
            "/var/lib/pgsql/data/postgresql.conf": "include_dir = 'conf.d'",
            "/var/lib/pgsql/data/conf.d/a.conf": "password_encryption = md5",
            "/var/lib/pgsql/data/postgresql.auto.conf": "include = 'postgresql.auto.conf'",
        },
    )

    assert (found["tls"], found["logins_logged"]) == (False, False)
    assert found["exposed"] is True
    assert found["places"]["exposed"] == "/etc/postgresql/15/b/postgresql.conf:1"
    assert found["password_scheme"] == "md5"
    assert found["places"]["password_scheme"] == "/var/lib/pgsql/data/conf.d/a.conf:1"


def test_what_postgresql_changed_itself_has_the_last_word():
    auto = "/var/lib/postgresql/15/main/postgresql.auto.conf"
    found = asked(
        "postgresql", {PG: f"{DATA}listen_addresses = 'localhost'", auto: "listen_addresses = '*'"}
    )
    assert found["places"]["exposed"] == f"{auto}:1"

    found = asked("postgresql", {PG: "data_directory = '/data'\nlisten_addresses = 'localhost'"})
    assert found["gap"]["detail"].startswith("/data/postgresql.auto.conf")
    assert "exposed" not in found


def test_rules_of_postgresql():
    lines = [
        "local all all peer",
        "local all",
        "host all all 127.0.0.1/32 trust",
        "host all all 10.0.0.0 255.0.0.0 md5 x=y",
        "hostssl all all all scram-sha-256 clientcert=1 # x",
        "host all all",
        "include_if_exists other.conf",
        "nonsense a b c d",
    ]
    found = asked("postgresql", {PG: DATA, HBA: "\n".join(lines)})

    assert [(r["type"], r["remote"], r["method"]) for r in found["rules"]] == [
        ("local", False, "peer"),
        ("host", False, "trust"),
        ("host", True, "md5"),
        ("hostssl", True, "scram-sha-256"),
    ]
    assert found["gap"]["detail"].startswith("other.conf")


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("", "exposed", True),
        ("bind 127.0.0.1 -::1", "exposed", False),
        ("bind 127.0.0.1\nport 0", "exposed", False),
        ("bind *\nport 0", "exposed", False),
        ("port 0\ntls-port 6380", "exposed", True),
        ("tls-port 6380", "tls", True),
        ("", "authentication", False),
        ('requirepass "rahasia"', "authentication", True),
        ('requirepass ""', "authentication", False),
        ("user default on >x ~*", "authentication", True),
        ("user default off", "authentication", True),
        ("user default on nopass ~*", "authentication", False),
        ("user other on >x", "authentication", False),
        ("aclfile /etc/redis/users.acl", "authentication", True),
        ("aclfile /etc/redis/none.acl\naclfile", "authentication", False),
        ("protected-mode no", "protected", False),
        ("", "protected", True),
        ("", "dangerous", ["CONFIG", "DEBUG", "FLUSHALL", "MODULE"]),
        ('rename-command config ""\nrename-command', "dangerous", ["DEBUG", "FLUSHALL", "MODULE"]),
        ("include /etc/redis/local.conf", "protected", False),
    ],
)
def test_settings_of_redis(text, fact, value):
    files = {
        REDIS: text,
        "/etc/redis/users.acl": "user default on #abc ~*",
        "/etc/redis/local.conf": "protected-mode no\ninclude /etc/redis/local.conf",
    }
    assert asked("redis", files)[fact] == value
    assert "rahasia" not in str(asked("redis", files))


def test_an_include_of_redis_that_is_not_read_hides_what_is_good():
    found = asked("redis", {REDIS: "bind 127.0.0.1\ninclude /opt/x.conf"})

    assert "exposed" not in found
    assert found["gap"]["why"] is Why.UNREADABLE


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("", "exposed", False),
        ("net:\n  port: 27017\n  bindIp: 127.0.0.1,10.0.0.1 # x", "exposed", True),
        ("net:\n  bindIpAll: true", "exposed", True),
        ("net:\n  bindIp: 127.0.0.1\nsecurity:\n  authorization: enabled", "authentication", True),
        ("security:\n  authorization: disabled", "authentication", False),
        ("auth = true\nbind_ip = 127.0.0.1\n???", "authentication", True),
        ("net:\n  tls:\n    mode: requireTLS", "tls_required", True),
        ("net:\n  tls:\n    mode: allowTLS", "tls", True),
        ("", "tls", False),
    ],
)
def test_settings_of_mongodb(text, fact, value):
    assert asked("mongodb", {MONGO: text})[fact] == value


@pytest.mark.parametrize(
    ("files", "facts"),
    [
        ({}, (True, False, False)),
        ({MEMCACHED: "-l 127.0.0.1\n-U 0"}, (False, False, False)),
        ({MEMCACHED: "-l127.0.0.1,10.0.0.1\n-U11211\n-S"}, (True, True, True)),
        ({MEMCACHED: "--listen=127.0.0.1\n-m 64"}, (False, False, False)),
        ({"/etc/sysconfig/memcached": 'OPTIONS="-l 127.0.0.1"'}, (False, False, False)),
    ],
)
def test_options_of_memcached(files, facts):
    found = asked("memcached", files)

    assert (found["exposed"], found["udp"], found["authentication"]) == facts


@pytest.mark.parametrize("address", ["localhost", "127.3.2.1", "[::1]", "/run/x.sock", "samehost"])
def test_addresses_that_stay_at_home(address):
    assert is_loopback(address)


@pytest.mark.parametrize("address", ["*", "0.0.0.0", "::", "db.batu.lab", "10.1.1.1", ""])
def test_addresses_that_do_not(address):
    assert not is_loopback(address)


def test_without_an_answer_nothing_is_known():
    args = database.DatabaseArgs(engine="redis")

    assert why(database, None, args=args, frames={}) is Why.INTERRUPTED
